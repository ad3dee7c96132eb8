"""Customers' terms, number series, documents with their lines and VAT, moved due dates, links to look at them."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


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


class Invoice(OfTenant):
    """An invoice or a credit note: a draft without a number, then issued and final."""

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

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["invoice", "credit_note"]), name="invoicing_invoice_kind"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "issued", "discarded"]), name="invoicing_invoice_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(number__isnull=False, issue_date__isnull=False, due_date__isnull=False, sequence__isnull=False),
                name="invoicing_invoice_issued_whole",
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", credits__isnull=True) | Q(kind="credit_note", credits__isnull=False),
                name="invoicing_invoice_credits",
            ),
            models.UniqueConstraint(fields=["tenant", "number"], name="invoicing_invoice_number"),
            models.UniqueConstraint(fields=["tenant", "series", "sequence"], name="invoicing_invoice_sequence"),
            models.UniqueConstraint(fields=["tenant", "payment_reference"], name="invoicing_invoice_reference"),
        ]
        indexes = [models.Index(fields=["tenant", "customer", "issue_date"], name="invoicing_invoice_customer")]


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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "invoice", "position"], name="invoicing_line_position")
        ]


class VatTotal(OfTenant):
    """The VAT of one rate on one document."""

    invoice = TenantKey("invoicing.Invoice")
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)
    base_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "invoice", "vat_rate"], name="invoicing_vat_rate")]


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
    """A link that opens one invoice to whoever holds it; of its token only the hash is kept."""

    invoice = TenantKey("invoicing.Invoice")
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
        ]
        indexes = [
            models.Index(fields=["tenant", "invoice", "id"], name="invoicing_link_of"),
            models.Index(fields=["token_hash"], name="invoicing_link_by_token"),
        ]


class View(OfTenant):
    """Somebody looked at an invoice through a link: said by a page that was open in a browser, not by a GET."""

    link = TenantKey("invoicing.Link")
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "link", "at"], name="invoicing_view_of")]
