"""Allowances, charges, VAT and totals in UBL."""

from decimal import Decimal

from kvit.formats.einvoice.markup import amount, each, element, group, number
from kvit.formats.einvoice.model import Adjustment, Invoice, VatBreakdown
from kvit.kernel.currencies import minor_units


def money(name: str, minor: int | None, currency: str, decimals: int) -> str:
    """An amount with its currency, or nothing for None."""
    if minor is None:
        return ""
    return f'<cbc:{name} currencyID="{currency}">{amount(minor, decimals)}</cbc:{name}>'


def tax_category(name: str, category: str, rate: Decimal | None, *, code: str = "", reason: str = "") -> str:
    """A VAT category with its rate and, in the breakdown, why there is no VAT."""
    if not category and rate is None:
        return ""
    return group(
        name,
        element("cbc:ID", category),
        element("cbc:Percent", number(rate)),
        element("cbc:TaxExemptionReasonCode", code),
        element("cbc:TaxExemptionReason", reason),
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>",
    )


def adjustment(one: Adjustment, currency: str, decimals: int, *, is_charge: bool) -> str:
    """`cac:AllowanceCharge` of a document or a line."""
    return group(
        "cac:AllowanceCharge",
        f"<cbc:ChargeIndicator>{'true' if is_charge else 'false'}</cbc:ChargeIndicator>",
        element("cbc:AllowanceChargeReasonCode", one.reason_code),
        element("cbc:AllowanceChargeReason", one.reason),
        element("cbc:MultiplierFactorNumeric", number(one.percent)),
        money("Amount", one.amount_minor, currency, decimals),
        money("BaseAmount", one.base_minor, currency, decimals),
        tax_category("cac:TaxCategory", one.vat_category, one.vat_rate),
    )


def tax_totals(invoice: Invoice, decimals: int) -> str:
    """The VAT with its breakdown, and once more in the accounting currency."""
    own, other = invoice.currency, invoice.accounting_currency
    sums = invoice.totals
    first = group(
        "cac:TaxTotal",
        money("TaxAmount", sums.vat_minor, own, decimals),
        each(_subtotal(one, own, decimals) for one in invoice.vat),
    )
    if not other or sums.vat_accounting_minor is None:
        return first
    second = money("TaxAmount", sums.vat_accounting_minor, other, minor_units(other))
    return first + group("cac:TaxTotal", second)


def _subtotal(one: VatBreakdown, currency: str, decimals: int) -> str:
    return group(
        "cac:TaxSubtotal",
        money("TaxableAmount", one.base_minor, currency, decimals),
        money("TaxAmount", one.vat_minor, currency, decimals),
        tax_category(
            "cac:TaxCategory",
            one.category,
            one.rate,
            code=one.exemption_code,
            reason=one.exemption_reason,
        ),
    )


def totals(invoice: Invoice, decimals: int) -> str:
    """`cac:LegalMonetaryTotal`."""
    sums, own = invoice.totals, invoice.currency
    return group(
        "cac:LegalMonetaryTotal",
        money("LineExtensionAmount", sums.lines_minor, own, decimals),
        money("TaxExclusiveAmount", sums.net_minor, own, decimals),
        money("TaxInclusiveAmount", sums.gross_minor, own, decimals),
        money("AllowanceTotalAmount", sums.allowances_minor, own, decimals),
        money("ChargeTotalAmount", sums.charges_minor, own, decimals),
        money("PrepaidAmount", sums.prepaid_minor, own, decimals),
        money("PayableRoundingAmount", sums.rounding_minor, own, decimals),
        money("PayableAmount", sums.due_minor, own, decimals),
    )
