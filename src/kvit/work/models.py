"""The one table of work items that wait for a person."""

from django.db import models
from django.db.models import DO_NOTHING, Q

from kvit.base.models import OfTenant, TenantKey, User

_LIVE = Q(state__in=["open", "snoozed"])


class Item(OfTenant):
    """Something that waits for a person; one live item for each kind and subject."""

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    reason_code = models.CharField(max_length=60)
    reason_params = models.JSONField()
    reason = models.TextField()
    state = models.CharField(max_length=10)
    priority = models.IntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    snoozed_until_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    assigned_to = models.ForeignKey(User, on_delete=DO_NOTHING, db_index=False, null=True, related_name="+")
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "snoozed", "done", "dropped"]), name="work_item_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until_at__isnull=False), name="work_item_sleeps_until"
            ),
            models.UniqueConstraint(
                fields=["tenant", "kind", "subject_kind", "subject_id"], condition=_LIVE, name="work_item_one_live"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-priority", "due_at", "opened_at", "id"], condition=_LIVE, name="work_item_waiting"
            ),
            models.Index(fields=["tenant", "subject_kind", "subject_id"], name="work_item_about"),
        ]
