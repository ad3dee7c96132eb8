"""What Peppol BIS Billing 3.0 and its self-billing sister ask beyond EN 16931: the rules PEPPOL-EN16931 and -COMMON."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.calculation import line_amount, percentage
from kvit.formats.einvoice.model import DIRECT_DEBITS, Adjustment, Invoice, Party
from kvit.formats.einvoice.profile import PEPPOL, PEPPOL_SELF_BILLING
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at, decimals, lines, money, on_document, placed
from kvit.kernel.money import NotRepresentable

PEPPOL_RULES: Final = RuleSet("peppol")
BILLING: Final = RuleSet("peppol-billing")
SELF_BILLING: Final = RuleSet("peppol-self-billing")
_SLACK_MINOR: Final = 2
_INVOICES: Final = frozenset(
    {"71", "80", "82", "84", "102", "218", "219", "326", "331", "380", "382", "383", "384", "386", "388", "393"}
    | {"395", "553", "575", "623", "780", "817", "870", "875", "876", "877"}
)
_CREDIT_NOTES: Final = frozenset({"81", "83", "381", "396", "532"})
_GERMAN_ONLY: Final = frozenset({"326", "384"})
_SELF_BILLED: Final = frozenset({"389", "527", "261"})
_CATEGORY_OF_REASON: Final = {
    "VATEX-EU-G": ("G", "PEPPOL-EN16931-P0104"),
    "VATEX-EU-O": ("O", "PEPPOL-EN16931-P0105"),
    "VATEX-EU-IC": ("K", "PEPPOL-EN16931-P0106"),
    "VATEX-EU-AE": ("AE", "PEPPOL-EN16931-P0107"),
    "VATEX-EU-D": ("E", "PEPPOL-EN16931-P0108"),
    "VATEX-EU-F": ("E", "PEPPOL-EN16931-P0109"),
    "VATEX-EU-I": ("E", "PEPPOL-EN16931-P0110"),
    "VATEX-EU-J": ("E", "PEPPOL-EN16931-P0111"),
}

PEPPOL_RULES.lacks("PEPPOL-EN16931-R001", "the business process (BT-23) is missing", lambda i: i.process)


def _is_german(party: Party) -> bool:
    return party.address is not None and party.address.country == "DE"


def _are_german(invoice: Invoice) -> bool:
    return _is_german(invoice.seller) and _is_german(invoice.buyer)


@PEPPOL_RULES.rule("PEPPOL-EN16931-R002", "there is one note (BG-1) at most, not {count}")
def _notes(invoice: Invoice) -> Iterable[Breach]:
    if len(invoice.notes) > 1 and not _are_german(invoice):
        yield at("notes", count=str(len(invoice.notes)))


PEPPOL_RULES.lacks(
    "PEPPOL-EN16931-R003",
    "the buyer's reference (BT-10) or the order (BT-13) is missing",
    lambda i: i.buyer_reference or i.order or i.sales_order,
)


@PEPPOL_RULES.rule("PEPPOL-EN16931-R005", "the currency of the VAT (BT-6) is another than the invoice's, or not told")
def _accounting(invoice: Invoice) -> Iterable[Breach]:
    return (at("invoice"),) if invoice.accounting_currency and invoice.accounting_currency == invoice.currency else ()


PEPPOL_RULES.lacks(
    "PEPPOL-EN16931-R010",
    "the buyer's electronic address (BT-49) is missing",
    lambda i: i.buyer.electronic_address,
    "buyer",
)
PEPPOL_RULES.lacks(
    "PEPPOL-EN16931-R020",
    "the seller's electronic address (BT-34) is missing",
    lambda i: i.seller.electronic_address,
    "seller",
)


def _adjustments(invoice: Invoice) -> Iterator[tuple[str, Adjustment]]:
    yield from on_document(invoice)
    for place, line in lines(invoice):
        yield from placed("allowance", line.allowances, of=f"{place}, ")
        yield from placed("charge", line.charges, of=f"{place}, ")


@PEPPOL_RULES.rule("PEPPOL-EN16931-R040", "the amount is {given}; {percent}% of {base} is {found}")
def _percents(invoice: Invoice) -> Iterable[Breach]:
    for place, one in _adjustments(invoice):
        if one.percent is None or one.base_minor is None:
            continue
        found = percentage(one.base_minor, one.percent)
        if abs((one.amount_minor or 0) - found) > _SLACK_MINOR:
            yield at(
                place,
                given=money(one.amount_minor, invoice),
                percent=str(one.percent),
                base=money(one.base_minor, invoice),
                found=money(found, invoice),
            )


@PEPPOL_RULES.rule("PEPPOL-EN16931-R041", "a percentage needs the amount that it is of")
def _based(invoice: Invoice) -> Iterable[Breach]:
    return (at(place) for place, one in _adjustments(invoice) if one.percent is not None and one.base_minor is None)


@PEPPOL_RULES.rule("PEPPOL-EN16931-R042", "a base amount needs the percentage of it")
def _baseless(invoice: Invoice) -> Iterable[Breach]:
    return (at(place) for place, one in _adjustments(invoice) if one.percent is None and one.base_minor is not None)


@PEPPOL_RULES.rule("PEPPOL-EN16931-R046", "the net price is {price}; gross price less discount is {found}")
def _prices(invoice: Invoice) -> Iterable[Breach]:
    for place, line in lines(invoice):
        if line.gross_price is None or line.price is None:
            continue
        found = line.gross_price - (line.price_discount or Decimal(0))
        if line.price != found:
            yield at(place, price=f"{line.price:f}", found=f"{found:f}")


@PEPPOL_RULES.rule(
    "PEPPOL-EN16931-R055", "the VAT (BT-110) and the VAT in the accounting currency (BT-111) have the same sign"
)
def _signs(invoice: Invoice) -> Iterable[Breach]:
    own, other = invoice.totals.vat_minor or 0, invoice.totals.vat_accounting_minor or 0
    return (at("totals"),) if own * other < 0 else ()


@PEPPOL_RULES.rule("PEPPOL-EN16931-R061", "a direct debit ({code}) names its mandate (BT-89)")
def _mandates(invoice: Invoice) -> Iterable[Breach]:
    for n, one in enumerate(invoice.payment_means, 1):
        if one.code in DIRECT_DEBITS and not (one.direct_debit and one.direct_debit.mandate):
            yield at(f"payment {n}", code=one.code)


@PEPPOL_RULES.rule("PEPPOL-EN16931-R110", "the line's period begins ({start}) before the invoicing period")
def _starts(invoice: Invoice) -> Iterable[Breach]:
    first = invoice.period.start if invoice.period else None
    for place, line in lines(invoice):
        if first and line.period and line.period.start and line.period.start < first:
            yield at(place, start=line.period.start.isoformat())


@PEPPOL_RULES.rule("PEPPOL-EN16931-R111", "the line's period ends ({end}) after the invoicing period")
def _ends(invoice: Invoice) -> Iterable[Breach]:
    last = invoice.period.end if invoice.period else None
    for place, line in lines(invoice):
        if last and line.period and line.period.end and line.period.end > last:
            yield at(place, end=line.period.end.isoformat())


@PEPPOL_RULES.rule("PEPPOL-EN16931-R120", "the net amount is {given}; quantity, price and adjustments make {found}")
def _nets(invoice: Invoice) -> Iterable[Breach]:
    places = decimals(invoice)
    for place, line in lines(invoice):
        if line.net_minor is None:
            continue
        try:
            found = line_amount(line.quantity, line.price, line.price_quantity, places)
        except NotRepresentable:
            yield at(place, given=money(line.net_minor, invoice), found="more than an amount of money can be")
            continue
        found += sum(one.amount_minor or 0 for one in line.charges)
        found -= sum(one.amount_minor or 0 for one in line.allowances)
        if abs(line.net_minor - found) > _SLACK_MINOR:
            yield at(place, given=money(line.net_minor, invoice), found=money(found, invoice))


@PEPPOL_RULES.rule("PEPPOL-EN16931-R121", "the quantity that the price is for (BT-149) is above zero")
def _base_quantities(invoice: Invoice) -> Iterable[Breach]:
    return (at(place) for place, line in lines(invoice) if line.price_quantity is not None and line.price_quantity <= 0)


@PEPPOL_RULES.rule("PEPPOL-EN16931-R130", "the price is per {price_unit}, the quantity in {unit}")
def _price_units(invoice: Invoice) -> Iterable[Breach]:
    for place, line in lines(invoice):
        if line.price_unit and line.quantity is not None and line.price_unit != line.unit:
            yield at(place, price_unit=line.price_unit, unit=line.unit)


def _reason(code: str, category: str, number: str) -> None:
    def check(invoice: Invoice) -> Iterable[Breach]:
        for n, one in enumerate(invoice.vat, 1):
            if one.exemption_code.upper() == code and one.category != category:
                yield at(f"VAT {n}", category=one.category)

    PEPPOL_RULES.add(number, f"the reason {code} goes with the VAT category {category}, not {{category}}", check)


for _code, (_category, _number) in _CATEGORY_OF_REASON.items():
    _reason(_code, _category, _number)


@BILLING.rule("PEPPOL-EN16931-R004", "the specification (BT-24) is not that of Peppol BIS Billing")
def _specification(invoice: Invoice) -> Iterable[Breach]:
    return () if invoice.specification.startswith(PEPPOL.specification) else (at("invoice"),)


@BILLING.rule("PEPPOL-EN16931-R007", "the business process (BT-23) is none of Peppol's: {process}")
def _process(invoice: Invoice) -> Iterable[Breach]:
    if not invoice.process.startswith("urn:fdc:peppol.eu:2017:poacc:billing:"):
        yield at("invoice", process=invoice.process or "none")


@BILLING.rule("PEPPOL-EN16931-P0100", "a document of the kind {kind} is not sent as an invoice by Peppol")
def _kind(invoice: Invoice) -> Iterable[Breach]:
    is_known = invoice.kind in _INVOICES or invoice.is_credit_note
    return () if is_known else (at("invoice", kind=invoice.kind),)


@BILLING.rule("PEPPOL-EN16931-P0101", "a document of the kind {kind} is not sent as a credit note by Peppol")
def _credit_kind(invoice: Invoice) -> Iterable[Breach]:
    if invoice.is_credit_note and invoice.kind not in _CREDIT_NOTES:
        yield at("invoice", kind=invoice.kind)


@PEPPOL_RULES.rule("PEPPOL-EN16931-P0112", "a document of the kind {kind} is for German parties only: use 380 or 381")
def _german(invoice: Invoice) -> Iterable[Breach]:
    if invoice.kind in _GERMAN_ONLY and not _are_german(invoice):
        yield at("invoice", kind=invoice.kind)


@SELF_BILLING.rule(
    "PEPPOL-EN16931-R004",
    "the specification (BT-24) is not that of Peppol self-billing",
)
def _own_specification(invoice: Invoice) -> Iterable[Breach]:
    return () if invoice.specification.startswith(PEPPOL_SELF_BILLING.specification) else (at("invoice"),)


@SELF_BILLING.rule(
    "PEPPOL-EN16931-R007",
    "the business process (BT-23) is not that of self-billing: {process}",
)
def _own_process(invoice: Invoice) -> Iterable[Breach]:
    if invoice.process != PEPPOL_SELF_BILLING.process:
        yield at("invoice", process=invoice.process or "none")


@SELF_BILLING.rule(
    "PEPPOL-EN16931-P0100",
    "a self-billed document is of the kind 389, 527 or 261, not {kind}",
    also=("PEPPOL-EN16931-P0101",),
)
def _own_kind(invoice: Invoice) -> Iterable[Breach]:
    return () if invoice.kind in _SELF_BILLED else (at("invoice", kind=invoice.kind),)
