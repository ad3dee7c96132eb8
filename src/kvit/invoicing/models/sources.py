"""What leads to documents (rates, money on estimates, agreements, contracts, orders), and the invoices that come in."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


class ExchangeRate(OfTenant):
    """Units of a national currency for one of another, as a central bank said on a day."""

    currency = models.CharField(max_length=3)
    national = models.CharField(max_length=3)
    rate_date = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=60)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "currency", "national", "rate_date"], name="invoicing_exchangerate_one"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="invoicing_exchangerate_above_zero"),
        ]


class EstimatePayment(OfTenant):
    """Money that came on an estimate: an advance until the supply is invoiced. `item` is its credit in the ledger."""

    estimate = TenantKey("invoicing.Invoice")
    invoice = TenantKey("invoicing.Invoice")
    item = TenantKey("ledger.OpenItem")
    amount_minor = models.BigIntegerField()
    received_date = models.DateField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "item"], name="invoicing_estimatepayment_item"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="invoicing_estimatepayment_above_zero"),
        ]
        indexes = [models.Index(fields=["tenant", "estimate", "id"], name="invoicing_estimatepayment_of")]


class Agreement(OfTenant):
    """An agreement by which we make out a supplier's invoices to ourselves, under a series prefix of its own."""

    supplier = TenantKey("parties.Party")
    prefix = models.CharField(max_length=20)
    from_date = models.DateField()
    to_date = models.DateField(null=True)
    acceptance = models.CharField(max_length=300)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "supplier"], condition=Q(to_date__isnull=True), name="invoicing_agreement_live"
            ),
        ]


class Contract(OfTenant):
    """What is invoiced to a customer again and again: lines, from when to when, how often, by which index."""

    customer = TenantKey("invoicing.Customer")
    number = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    start_date = models.DateField()
    end_date = models.DateField(null=True)
    every_months = models.SmallIntegerField()
    notice_days = models.SmallIntegerField()
    is_in_advance = models.BooleanField()
    terms = models.JSONField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="invoicing_contract_number"),
            models.CheckConstraint(condition=Q(every_months__gte=1), name="invoicing_contract_every"),
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=models.F("start_date")),
                name="invoicing_contract_ends",
            ),
        ]


class ContractPeriod(OfTenant):
    """A period of a contract that has a document; a discarded draft gives it free again."""

    contract = TenantKey("invoicing.Contract")
    start_date = models.DateField()
    end_date = models.DateField()
    invoice = TenantKey("invoicing.Invoice")
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "contract", "start_date", "invoice"], name="invoicing_contractperiod_one"
            )
        ]


class ContractIndex(OfTenant):
    """By how much a contract's prices change from a day on, in percent of those before."""

    contract = TenantKey("invoicing.Contract")
    from_date = models.DateField()
    percent = models.DecimalField(max_digits=9, decimal_places=4)
    reason = models.CharField(max_length=200)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "contract", "from_date"], name="invoicing_contractindex_one"),
            models.CheckConstraint(condition=Q(percent__gt=-100), name="invoicing_contractindex_above"),
        ]


class Order(OfTenant):
    """What a customer ordered or got: invoiced once, alone by way of an estimate or with others of a period."""

    customer = TenantKey("invoicing.Customer")
    number = models.CharField(max_length=60)
    order_date = models.DateField()
    lines = models.JSONField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "customer", "number"], name="invoicing_order_number")]


class OrderBilling(OfTenant):
    """Which document an order stands on; a discarded draft gives it free again."""

    order = TenantKey("invoicing.Order")
    invoice = TenantKey("invoicing.Invoice")
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "invoice"], name="invoicing_orderbilling_one")
        ]
        indexes = [models.Index(fields=["tenant", "invoice"], name="invoicing_orderbilling_of")]


class IncomingInvoice(OfTenant):
    """An e-invoice of a supplier that was taken in, whole, and became a payable."""

    supplier = TenantKey("parties.Party")
    number = models.CharField(max_length=200)
    kind = models.CharField(max_length=6)
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    payable_minor = models.BigIntegerField()
    issue_date = models.DateField()
    due_date = models.DateField(null=True)
    payment_reference = models.CharField(max_length=140)
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "supplier", "number"], name="invoicing_incominginvoice_number")
        ]
