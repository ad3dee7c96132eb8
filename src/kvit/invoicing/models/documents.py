"""Customers' terms, number series, documents of every kind with their lines and VAT, moved due dates, links."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey
from kvit.invoicing.domain.kinds import REFERRING, Kind

_REFERRING = sorted(kind.value for kind in REFERRING)


class Customer(OfTenant):
    """A party that is invoiced: its number with the company, its currency and its terms."""

    party = TenantKey("parties.Party")
    number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    terms_days = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="invoicing_customer_number"),
            models.UniqueConstraint(fields=["tenant", "party"], name="invoicing_customer_party"),
            models.CheckConstraint(condition=Q(terms_days__gte=0), name="invoicing_customer_terms"),
        ]


class Series(OfTenant):
    """A gapless run of numbers per supplier, kind of document and year; locked last and briefly (RELIABILITY 10)."""

    supplier = TenantKey("parties.Party")
    kind = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    prefix = models.CharField(max_length=20)
    next_sequence = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "supplier", "kind", "year"], name="invoicing_series_one"),
            models.UniqueConstraint(fields=["tenant", "prefix", "year"], name="invoicing_series_prefix"),
            models.CheckConstraint(condition=Q(next_sequence__gte=1), name="invoicing_series_from_one"),
        ]


class PartyCopy(OfTenant):
    """Supplier or customer as they stood on documents when these were issued; `content` is a party of an e-invoice."""

    party = TenantKey("parties.Party")
    digest = models.CharField(max_length=32)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "party", "digest"], name="invoicing_partycopy_one"),
        ]


_ONCE = (
    ("number", ("number",), Q(number__isnull=False)),
    ("sequence", ("series", "sequence"), Q(sequence__isnull=False)),
    ("reference", ("payment_reference",), Q(payment_reference__isnull=False)),
)
"""What no two documents share, of those that have it."""

# Each index but the key has a condition, though all documents fulfil some of them. One in which many rows are equal is
# lower than the key; while little is known of a table the database would look a document up by it, reading all of them.


class Invoice(OfTenant):
    """A document of any kind: a draft without a number, then issued and final.

    `credits` is the document that a credit note or a correction changes, `estimate` the one that an invoice bills.
    What is not asked of often stands in `content`.
    """

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=30)
    supplier = TenantKey("parties.Party")
    customer = TenantKey("invoicing.Customer")
    currency = models.CharField(max_length=3)
    terms_days = models.SmallIntegerField()
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    credits = TenantKey("invoicing.Invoice", null=True)
    credit_reason = models.CharField(max_length=200)
    given_reference = models.CharField(max_length=35)
    series = TenantKey("invoicing.Series", null=True)
    sequence = models.IntegerField(null=True)
    number = models.CharField(max_length=40, null=True)
    payment_reference = models.CharField(max_length=35, null=True)
    issue_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    command = TenantKey("base.Command")
    allowance_minor = models.BigIntegerField(db_default=0)
    charge_minor = models.BigIntegerField(db_default=0)
    prepaid_minor = models.BigIntegerField(db_default=0)
    rounding_minor = models.BigIntegerField(db_default=0)
    accounting_currency = models.CharField(max_length=3, db_default="")
    vat_accounting_minor = models.BigIntegerField(null=True)
    exchange_rate = models.DecimalField(max_digits=18, decimal_places=8, null=True)
    exchange_date = models.DateField(null=True)
    exchange_source = models.CharField(max_length=60, db_default="")
    tax_point_date = models.DateField(null=True)
    buyer_reference = models.CharField(max_length=200, db_default="")
    order_reference = models.CharField(max_length=200, db_default="")
    contract_reference = models.CharField(max_length=200, db_default="")
    project_reference = models.CharField(max_length=200, db_default="")
    period_start_date = models.DateField(null=True)
    period_end_date = models.DateField(null=True)
    splits_payment = models.BooleanField(db_default=False)
    is_unverified = models.BooleanField(db_default=False)
    estimate = TenantKey("invoicing.Invoice", null=True)
    contract = TenantKey("invoicing.Contract", null=True)
    content = models.JSONField(null=True)
    supplier_copy = TenantKey("invoicing.PartyCopy", null=True)
    customer_copy = TenantKey("invoicing.PartyCopy", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="invoicing_invoice_kind"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "issued", "discarded"]), name="invoicing_invoice_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(number__isnull=False, issue_date__isnull=False, due_date__isnull=False, sequence__isnull=False),
                name="invoicing_invoice_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=_REFERRING, credits__isnull=False)
                | (~Q(kind__in=_REFERRING) & Q(credits__isnull=True)),
                name="invoicing_invoice_credits",
            ),
            *(
                models.UniqueConstraint(fields=["tenant", *fields], condition=given, name=f"invoicing_invoice_{name}")
                for name, fields, given in _ONCE
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "customer", "issue_date"],
                condition=Q(customer__isnull=False),
                name="invoicing_invoice_customer",
            ),
            models.Index(
                fields=["tenant", "estimate"], condition=Q(estimate__isnull=False), name="invoicing_invoice_estimate"
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=Q(kind=Kind.ESTIMATE.value, state="issued"),
                name="invoicing_invoice_quoted",
            ),
            models.Index(
                fields=["tenant", "contract"], condition=Q(contract__isnull=False), name="invoicing_invoice_contract"
            ),
        ]


class InvoiceLine(OfTenant):
    """One line; quantity and price are decimals, the net amount is minor units."""

    invoice = TenantKey("invoicing.Invoice")
    position = models.SmallIntegerField()
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=20)
    unit_price = models.DecimalField(max_digits=18, decimal_places=6)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    net_minor = models.BigIntegerField()
    vat_category = models.CharField(max_length=2, db_default="")
    content = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invoice", "position"], name="invoicing_line_position")
        ]


class VatTotal(OfTenant):
    """The VAT of one category and rate on one document; "" is S or Z, by the rate."""

    invoice = TenantKey("invoicing.Invoice")
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    base_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    vat_category = models.CharField(max_length=2, db_default="")
    exemption_code = models.CharField(max_length=40, db_default="")
    exemption_reason = models.CharField(max_length=300, db_default="")
    accounting_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invoice", "vat_category", "vat_rate"], name="invoicing_vat_rate")
        ]


class DueDateMove(OfTenant):
    """A due date that was moved, by whom (the command) and why."""

    invoice = TenantKey("invoicing.Invoice")
    from_date = models.DateField()
    to_date = models.DateField()
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "invoice", "id"], name="invoicing_duedatemove_of")]


class Link(OfTenant):
    """A link that opens one invoice, or the answer to one confirmation, to whoever holds it; only its hash is kept."""

    invoice = TenantKey("invoicing.Invoice", null=True)
    confirmation = TenantKey("invoicing.Confirmation", null=True)
    token_hash = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    command = TenantKey("base.Command")
    revoked_by = TenantKey("base.Command", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "token_hash"], name="invoicing_link_token"),
            models.CheckConstraint(condition=Q(("token_hash__regex", "^[0-9a-f]{64}$")), name="invoicing_link_hashed"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, confirmation__isnull=True)
                | Q(invoice__isnull=True, confirmation__isnull=False),
                name="invoicing_link_of_one",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "invoice", "id"], name="invoicing_link_of"),
            models.Index(fields=["tenant", "confirmation", "id"], name="invoicing_link_of_letter"),
            models.Index(fields=["token_hash"], name="invoicing_link_by_token"),
        ]


class View(OfTenant):
    """Somebody looked at an invoice through a link: said by a page that was open in a browser, not by a GET."""

    link = TenantKey("invoicing.Link")
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "link", "at"], name="invoicing_view_of")]
