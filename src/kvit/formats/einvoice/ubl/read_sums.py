"""Reads allowances, charges, VAT and totals from UBL."""

from decimal import Decimal

from kvit.formats.einvoice.model import Adjustment, Totals, VatBreakdown
from kvit.formats.einvoice.nodes import Currency, Node

_ON_DOCUMENT = {False: ("BR-DEC-01", "BR-DEC-02"), True: ("BR-DEC-05", "BR-DEC-06")}
_ON_LINE = {False: ("BR-DEC-24", "BR-DEC-25"), True: ("BR-DEC-27", "BR-DEC-28")}


def category(node: Node | None) -> tuple[str, Decimal | None]:
    """Code and rate of a VAT category."""
    if node is None:
        return "", None
    scheme = node.one("TaxScheme")
    if scheme is not None:
        scheme.text("ID")
    return node.text("ID"), node.number("Percent")


def adjustments(
    node: Node, currency: Currency, *, is_line: bool
) -> tuple[tuple[Adjustment, ...], tuple[Adjustment, ...]]:
    """The allowances and the charges."""
    allowances: list[Adjustment] = []
    charges: list[Adjustment] = []
    for one in node.all("AllowanceCharge"):
        told = one.text("ChargeIndicator")
        if told not in ("true", "false", "1", "0"):
            words = f"{told[:20]!r} is neither true (a charge) nor false (an allowance)"
            node.findings.lose("PEPPOL-EN16931-R043", one.place, words)
        is_charge = told in ("true", "1")
        amount_rule, base_rule = (_ON_LINE if is_line else _ON_DOCUMENT)[is_charge]
        code, rate = category(one.one("TaxCategory"))
        adjustment = Adjustment(
            reason_code=one.text("AllowanceChargeReasonCode"),
            reason=one.text("AllowanceChargeReason"),
            percent=one.number("MultiplierFactorNumeric"),
            amount_minor=currency.amount(one, "Amount", amount_rule),
            base_minor=currency.amount(one, "BaseAmount", base_rule),
            vat_category=code,
            vat_rate=rate,
        )
        (charges if is_charge else allowances).append(adjustment)
    return tuple(allowances), tuple(charges)


def vat_and_totals(node: Node, currency: Currency, accounting: str) -> tuple[tuple[VatBreakdown, ...], Totals]:
    """The VAT breakdown and the document's totals."""
    breakdown: list[VatBreakdown] = []
    vat_minor = accounting_minor = None
    for total in node.all("TaxTotal"):
        if _currency_of(total) == accounting != currency.code and accounting:
            accounting_minor = Currency(accounting).amount(total, "TaxAmount", "BR-DEC-15")
        else:
            found = currency.amount(total, "TaxAmount", "BR-DEC-13")
            vat_minor = found if vat_minor is None else vat_minor
        breakdown += [_subtotal(one, currency) for one in total.all("TaxSubtotal")]
    return tuple(breakdown), _totals(node.one("LegalMonetaryTotal"), currency, vat_minor, accounting_minor)


def _currency_of(total: Node) -> str:
    return next((child.get("currencyID") or "" for child in total.element if child.tag.endswith("}TaxAmount")), "")


def _subtotal(node: Node, currency: Currency) -> VatBreakdown:
    of = node.one("TaxCategory")
    code, rate = category(of)
    return VatBreakdown(
        category=code,
        rate=rate,
        base_minor=currency.amount(node, "TaxableAmount", "BR-DEC-19"),
        vat_minor=currency.amount(node, "TaxAmount", "BR-DEC-20"),
        exemption_code=of.text("TaxExemptionReasonCode") if of else "",
        exemption_reason=of.text("TaxExemptionReason") if of else "",
    )


def _totals(node: Node | None, currency: Currency, vat_minor: int | None, accounting_minor: int | None) -> Totals:
    if node is None:
        return Totals(vat_minor=vat_minor, vat_accounting_minor=accounting_minor)
    return Totals(
        lines_minor=currency.amount(node, "LineExtensionAmount", "BR-DEC-09"),
        allowances_minor=currency.amount(node, "AllowanceTotalAmount", "BR-DEC-10"),
        charges_minor=currency.amount(node, "ChargeTotalAmount", "BR-DEC-11"),
        net_minor=currency.amount(node, "TaxExclusiveAmount", "BR-DEC-12"),
        vat_minor=vat_minor,
        vat_accounting_minor=accounting_minor,
        gross_minor=currency.amount(node, "TaxInclusiveAmount", "BR-DEC-14"),
        prepaid_minor=currency.amount(node, "PrepaidAmount", "BR-DEC-16"),
        rounding_minor=currency.amount(node, "PayableRoundingAmount", "BR-DEC-17"),
        due_minor=currency.amount(node, "PayableAmount", "BR-DEC-18"),
    )
