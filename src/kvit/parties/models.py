"""Tables of parties; what may change in a row, and what is only ever added, stands in migration 0002."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey
from kvit.parties.domain.erasure import ERASED

_C = "C"  # compared by code point on every server, so that a range of keys is a range of the index


class Party(OfTenant):
    """A company or a person; the tenant's own companies among them."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    name_key = models.TextField(db_collation=_C)
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=2)
    is_own = models.BooleanField()
    registered_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["company", "person"]), name="parties_party_kind"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="parties_party_country"),
            models.CheckConstraint(condition=~Q(name=""), name="parties_party_named"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(kind="person", name=ERASED), name="parties_party_erased"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "name_key", "id"], name="parties_party_by_name"),
            models.Index(fields=["tenant"], name="parties_party_own", condition=Q(is_own=True)),
        ]


class FormerName(OfTenant):
    """A name a party had; append-only but for erasure."""

    party = TenantKey("parties.Party")
    name = models.CharField(max_length=300)
    until_at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "party"], name="parties_formername_of")]


class NameStart(OfTenant):
    """Where a search by name may begin: a party's names, present and former, turned to each of their words."""

    party = TenantKey("parties.Party")
    key = models.TextField(db_collation=_C)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key", "party"], name="parties_namestart_once")]
        indexes = [models.Index(fields=["tenant", "party"], name="parties_namestart_of")]


class Address(OfTenant):
    """Where a party lives or has its seat; one stands at a time, the former ones are kept."""

    party = TenantKey("parties.Party")
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=200)
    city = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    since_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    command = TenantKey("base.Command")
    closed_by = TenantKey("base.Command", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party"], condition=Q(closed_at=None), name="parties_address_one_stands"
            )
        ]
        indexes = [models.Index(fields=["tenant", "party"], name="parties_address_of")]


class Contact(OfTenant):
    """A way to reach a party for a purpose, from an instant on until it is closed."""

    party = TenantKey("parties.Party")
    purpose = models.CharField(max_length=30)
    channel = models.CharField(max_length=10)
    value = models.CharField(max_length=500)
    since_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    command = TenantKey("base.Command")
    closed_by = TenantKey("base.Command", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party", "purpose", "channel", "value"],
                condition=Q(closed_at=None),
                name="parties_contact_open_once",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "party", "purpose"], name="parties_contact_of")]


class Login(OfTenant):
    """Somebody who may sign in to the portal for a party, from an instant on until it is closed."""

    party = TenantKey("parties.Party")
    user = models.ForeignKey("base.User", on_delete=models.DO_NOTHING, db_index=False, related_name="+")
    since_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    command = TenantKey("base.Command")
    closed_by = TenantKey("base.Command", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user", "party"], condition=Q(closed_at=None), name="parties_login_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "party"], name="parties_login_of"),
            models.Index(fields=["user"], condition=Q(closed_at=None), name="parties_login_by_user"),
        ]


class Consent(OfTenant):
    """A consent as it was given or withdrawn; the latest row counts. Append-only but for erasure."""

    party = TenantKey("parties.Party")
    kind = models.CharField(max_length=30)
    is_given = models.BooleanField()
    stated_at = models.DateTimeField()
    means = models.CharField(max_length=20)
    evidence = models.TextField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "party", "kind", "stated_at", "id"], name="parties_consent_latest")]


class Identity(OfTenant):
    """A number of a party, claimed, verified, refuted or checked too long ago."""

    party = TenantKey("parties.Party")
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=100)
    state = models.CharField(max_length=20)
    source = models.CharField(max_length=100)
    evidence = models.TextField()
    checked_date = models.DateField(null=True)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["unverified", "verified", "refuted", "expired"]), name="parties_identity_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(checked_date__isnull=False), name="parties_identity_checked"
            ),
            models.UniqueConstraint(
                fields=["tenant", "party", "kind", "value"],
                condition=~Q(value=ERASED),
                name="parties_identity_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "kind", "value"], condition=Q(state="verified"), name="parties_identity_one_holder"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "kind", "value"], name="parties_identity_by_value"),
            models.Index(fields=["tenant", "party"], name="parties_identity_of"),
            models.Index(
                fields=["tenant", "checked_date"], condition=Q(state="verified"), name="parties_identity_by_check"
            ),
        ]


class Fact(OfTenant):
    """Something learnt about a party, with its source; the newest of a name counts. Append-only but for erasure."""

    party = TenantKey("parties.Party")
    name = models.CharField(max_length=60)
    value = models.TextField()
    source = models.CharField(max_length=100)
    learnt_at = models.DateTimeField()
    valid_until_date = models.DateField(null=True)
    renew_after_days = models.IntegerField(null=True)
    stale_from_date = models.DateField(null=True)
    command = TenantKey("base.Command")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "party", "name", "learnt_at", "id"], name="parties_fact_newest"),
            models.Index(fields=["tenant", "stale_from_date", "id"], name="parties_fact_stale"),
        ]


class RegisterSwitch(OfTenant):
    """Whether a company asks a register; none is asked until it is switched on. `rests_until_at`: it had enough."""

    register = models.CharField(max_length=20)
    is_on = models.BooleanField()
    rests_until_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(register__in=["vies", "white_list"]), name="parties_registerswitch_register"
            ),
            models.UniqueConstraint(fields=["tenant", "register"], name="parties_registerswitch_once"),
        ]


class Inquiry(OfTenant):
    """A question to a register about a number: the intent, its attempts, and what came of it with the evidence."""

    identity = TenantKey("parties.Identity")
    register = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    attempts = models.IntegerField()
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    ask_again_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, null=True)
    reason = models.CharField(max_length=20)
    evidence = models.CharField(max_length=300)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "asked", "answered", "dropped"]), name="parties_inquiry_state"
            ),
            models.CheckConstraint(condition=Q(register__in=["vies", "white_list"]), name="parties_inquiry_register"),
            models.CheckConstraint(
                condition=Q(outcome=None) | Q(outcome__in=["verified", "refuted", "unknown"]),
                name="parties_inquiry_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(outcome__isnull=False) & Q(answered_at__isnull=False)),
                name="parties_inquiry_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(ask_again_at__isnull=False), name="parties_inquiry_waits_until"
            ),
            models.UniqueConstraint(
                fields=["tenant", "identity"],
                condition=Q(state__in=["waiting", "asked"]),
                name="parties_inquiry_one_live",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "identity", "id"], name="parties_inquiry_of"),
            models.Index(
                fields=["tenant", "ask_again_at", "id"],
                condition=Q(state__in=["waiting", "asked"]),
                name="parties_inquiry_due",
            ),
        ]
