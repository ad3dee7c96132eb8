"""Statements of account and balance confirmations, asked for by runs, with the answers."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


class Run(OfTenant):
    """Statements or confirmations for all customers: asked for once, made in chunks; how far it has come."""

    kind = models.CharField(max_length=20)
    form = models.CharField(max_length=20)
    from_date = models.DateField()
    to_date = models.DateField()
    known_at = models.DateTimeField()
    reply_by_date = models.DateField(null=True)
    signed_by = models.CharField(max_length=300)
    only_owing = models.BooleanField()
    customer_count = models.IntegerField()
    done_count = models.IntegerField()
    made_count = models.IntegerField()
    through_customer_id = models.BigIntegerField()
    finished_at = models.DateTimeField(null=True)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["statements", "confirmations"]), name="invoicing_run_kind"),
            models.CheckConstraint(condition=Q(done_count__lte=models.F("customer_count")), name="invoicing_run_done"),
            models.CheckConstraint(condition=Q(from_date__lte=models.F("to_date")), name="invoicing_run_period"),
        ]


class Statement(OfTenant):
    """A statement of account as it was made: frozen as canonical JSON, with its hash."""

    number = models.CharField(max_length=60)
    customer = TenantKey("invoicing.Customer")
    currency = models.CharField(max_length=3)
    form = models.CharField(max_length=20)
    from_date = models.DateField()
    to_date = models.DateField()
    known_at = models.DateTimeField()
    closing_minor = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    run = TenantKey("invoicing.Run", null=True)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=["running", "open_items"]), name="invoicing_statement_form"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="invoicing_statement_hashed"),
            models.UniqueConstraint(
                fields=["tenant", "run", "customer", "currency"],
                name="invoicing_statement_once_per_run",
                condition=Q(run__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "customer", "id"], name="invoicing_statement_of")]


class Confirmation(OfTenant):
    """A letter that asks a customer to confirm its balance at a date: frozen, signed by its hash and a person."""

    number = models.CharField(max_length=60)
    customer = TenantKey("invoicing.Customer")
    currency = models.CharField(max_length=3)
    as_of_date = models.DateField()
    known_at = models.DateTimeField()
    balance_minor = models.BigIntegerField()
    reply_by_date = models.DateField()
    signed_by = models.CharField(max_length=300)
    state = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    reminder_count = models.SmallIntegerField()
    reminded_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=300)
    run = TenantKey("invoicing.Run", null=True)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "confirmed", "differs", "settled", "expired"]),
                name="invoicing_confirmation_state",
            ),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="invoicing_confirmation_hashed"),
            models.UniqueConstraint(
                fields=["tenant", "run", "customer", "currency"],
                name="invoicing_confirmation_once_per_run",
                condition=Q(run__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "customer", "id"], name="invoicing_confirmation_of"),
            models.Index(fields=["tenant", "run", "state", "id"], name="invoicing_confirmation_run"),
            models.Index(fields=["tenant", "state", "reply_by_date"], name="invoicing_confirmation_due"),
        ]


class ConfirmationAnswer(OfTenant):
    """What a customer answered: who, through which link, having seen what; the differences as canonical JSON."""

    confirmation = TenantKey("invoicing.Confirmation")
    link = TenantKey("invoicing.Link", null=True)
    agrees = models.BooleanField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200)
    explanation = models.CharField(max_length=2000)
    their_balance_minor = models.BigIntegerField(null=True)
    differences = models.TextField()
    file = TenantKey("base.File", null=True)
    seen_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "confirmation", "id"], name="invoicing_answer_of")]
