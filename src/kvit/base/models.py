"""The tables under everything: tenants, users, commands, events, moves, files, the test clock."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import DO_NOTHING, ForeignKey, Q
from typing_extensions import override


class TenantKey(ForeignKey[Any, Any]):
    """A reference within a tenant. Its constraint is the composite `(tenant_id, x_id)` that `isolation` adds."""

    def __init__(self, to: str, *, null: bool = False, related_name: str = "+") -> None:
        super().__init__(
            to,
            on_delete=DO_NOTHING,
            db_constraint=False,
            db_index=False,
            null=null,
            related_name=related_name,
        )

    @override
    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs


class Tenant(models.Model):
    """A company that runs its invoices here."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)


class OwnTenant(ForeignKey[Any, Any]):
    """The tenant of a row. `isolation` adds a constraint only where no other key implies the tenant already.

    The policy admits rows of the current tenant alone, tenants are never deleted, and checking every row of
    a large insert against the same tenant again is a seventh of the price of a posting.
    """

    def __init__(self) -> None:
        super().__init__("base.Tenant", on_delete=DO_NOTHING, db_constraint=False, db_index=False, related_name="+")

    @override
    def deconstruct(self) -> Any:
        name, path, _, _ = super().deconstruct()
        return name, path, [], {}


class OfTenant(models.Model):
    """What every tenant's table starts with; the primary key in the database is `(tenant_id, id)`."""

    id = models.BigAutoField(primary_key=True)
    tenant = OwnTenant()

    class Meta:
        abstract = True


class User(AbstractBaseUser):
    """A person who signs in; belongs to tenants through memberships. No language: that of the browser or country."""

    email = models.EmailField(max_length=254, unique=True)
    full_name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="", blank=True)
    is_active = models.BooleanField(default=True)

    objects = BaseUserManager()
    USERNAME_FIELD = "email"


class Membership(OfTenant):
    """Which role a user has in a tenant."""

    user = models.ForeignKey(User, on_delete=DO_NOTHING, db_index=False, related_name="+")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="base_membership_one_role")]


class Command(OfTenant):
    """The audit log: who asked for what, when, what came out, which command caused it."""

    name = models.CharField(max_length=100)
    key = models.CharField(max_length=200, null=True)
    input = models.JSONField()
    actor = models.CharField(max_length=100)
    parent = TenantKey("base.Command", null=True)
    at = models.DateTimeField()
    result = models.JSONField(null=True)

    class Meta:
        constraints = [
            # Only where there is a key: an index of equal nothings is so small that commands would be looked up by it.
            models.UniqueConstraint(
                fields=["tenant", "name", "key"], condition=Q(key__isnull=False), name="base_command_once_per_key"
            )
        ]


class PersonalValue(OfTenant):
    """Personal data given to a command; erasable, while the audit row keeps the keyed hash."""

    command = TenantKey("base.Command")
    path = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)
    value = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "hash"], name="base_personal_hash")]


class Event(OfTenant):
    """What happened, in the past tense."""

    command = TenantKey("base.Command")
    type = models.CharField(max_length=100)
    body = models.JSONField()
    at = models.DateTimeField()


class StateChange(OfTenant):
    """One move of one thing through its lifecycle."""

    command = TenantKey("base.Command")
    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "kind", "object_id", "id"], name="base_state_change_of")]


class File(OfTenant):
    """A file as it came, kept whole by content hash; one that was erased has neither hash nor name any more."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "sha256"], name="base_file_once")]


class FilePart(OfTenant):
    """A megabyte of a file, deflated."""

    sha256 = models.CharField(max_length=64)
    position = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "sha256", "position"], name="base_file_part_once")]


class ClockOffset(models.Model):
    """How far test mode has pushed the clock forward; one row."""

    seconds = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="base_clockoffset_one_row"),
            models.CheckConstraint(condition=models.Q(seconds__gte=0), name="base_clockoffset_forward"),
        ]
