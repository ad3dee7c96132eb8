"""Links: which bank line was booked to which customer, why, and whether that still holds."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


class Link(OfTenant):
    """A bank line booked to a customer by one ledger entry; undone links stay, and one line has one live link."""

    line = TenantKey("banking.Line")
    party = TenantKey("parties.Party")
    entry = TenantKey("ledger.Entry")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    by_robot = models.BooleanField()
    evidence = models.JSONField()
    state = models.CharField(max_length=30)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "line"], condition=Q(state="live"), name="matching_link_one_per_line"
            ),
            models.CheckConstraint(condition=Q(state__in=["live", "undone"]), name="matching_link_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="matching_link_amount"),
        ]
        indexes = [models.Index(fields=["tenant", "line", "id"], name="matching_link_of_line")]
