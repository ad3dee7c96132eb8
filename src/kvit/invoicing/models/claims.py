"""What is said about a claim: facts with the lines they speak of, remarks, the company's rule."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


class ClaimFact(OfTenant):
    """What customer or company says about a claim: a dispute, a remittance ("I have paid"), a promise, an extension.

    `on_date` is the day of the payment, of the promise, or the due date asked for. From the day after `last_date` on,
    what no money has borne out is stale or broken; money has once what was settled reaches `target_minor`.
    """

    invoice = TenantKey("invoicing.Invoice")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    side = models.CharField(max_length=10)
    amount_minor = models.BigIntegerField(null=True)
    target_minor = models.BigIntegerField(null=True)
    on_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    reason = models.CharField(max_length=20)
    bank = models.CharField(max_length=80)
    file = TenantKey("base.File", null=True)
    stated_at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="dispute", state__in=["open", "answered", "accepted", "rejected", "withdrawn"])
                | Q(kind="remittance", state__in=["open", "confirmed", "stale", "withdrawn"])
                | Q(kind="promise", state__in=["open", "kept", "broken", "withdrawn"])
                | Q(kind="extension", state__in=["open", "accepted", "rejected", "withdrawn"]),
                name="invoicing_claimfact_state",
            ),
            models.CheckConstraint(condition=Q(side__in=["customer", "company"]), name="invoicing_claimfact_side"),
            models.CheckConstraint(
                condition=Q(kind="extension", amount_minor__isnull=True, on_date__isnull=False)
                | Q(kind="dispute", amount_minor__gt=0, on_date__isnull=True) & ~Q(reason="")
                | Q(
                    kind__in=["remittance", "promise"],
                    amount_minor__gt=0,
                    on_date__isnull=False,
                    target_minor__isnull=False,
                    last_date__isnull=False,
                ),
                name="invoicing_claimfact_whole",
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True) | Q(kind="remittance"), name="invoicing_claimfact_receipt"
            ),
            models.UniqueConstraint(
                fields=["tenant", "invoice", "kind"],
                condition=Q(kind__in=["promise", "extension"], state="open"),
                name="invoicing_claimfact_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "invoice", "id"], name="invoicing_claimfact_of"),
            models.Index(
                fields=["tenant", "last_date", "id"],
                condition=Q(kind__in=["remittance", "promise"], state="open"),
                name="invoicing_claimfact_lapsing",
            ),
            models.Index(
                fields=["tenant", "kind", "state", "id"],
                condition=Q(state__in=["open", "answered", "stale", "broken"]),
                name="invoicing_claimfact_live",
            ),
        ]


class DisputedLine(OfTenant):
    """So much of one line, VAT included, is disputed."""

    fact = TenantKey("invoicing.ClaimFact")
    line = TenantKey("invoicing.InvoiceLine")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "fact", "line"], name="invoicing_disputedline_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="invoicing_disputedline_amount"),
        ]


class Remark(OfTenant):
    """Words that customer and company both see, on a claim or on one fact about it; None once they were erased."""

    invoice = TenantKey("invoicing.Invoice")
    fact = TenantKey("invoicing.ClaimFact", null=True)
    side = models.CharField(max_length=10)
    words = models.TextField(null=True)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side__in=["customer", "company"]), name="invoicing_remark_side")
        ]
        indexes = [models.Index(fields=["tenant", "invoice", "id"], name="invoicing_remark_of")]


class ClaimRule(OfTenant):
    """What the company lets its customers say and get by themselves; the newest row holds."""

    stale_after_days = models.SmallIntegerField()
    longest_promise_days = models.SmallIntegerField()
    longest_extension_days = models.SmallIntegerField()
    free_extension_days = models.SmallIntegerField()
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    stale_after_days__gte=1,
                    longest_promise_days__gte=0,
                    longest_extension_days__gte=0,
                    free_extension_days__gte=0,
                    free_extension_days__lte=models.F("longest_extension_days"),
                ),
                name="invoicing_claimrule_sound",
            )
        ]
