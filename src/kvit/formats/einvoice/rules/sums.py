"""What must add up and go together: the rules BR-CO and BR-DEC of EN 16931-1."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, TypeAlias

from kvit.formats.einvoice.calculation import percentage
from kvit.formats.einvoice.codelists.parties import COUNTRIES
from kvit.formats.einvoice.model import Adjustment, Invoice
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at, decimals, lines, money, one_unit, placed
from kvit.kernel.money import round_half_up

SUMS: Final = RuleSet("sums")
Amounts: TypeAlias = Callable[[Invoice], Iterable[tuple[str, int | None]]]
"""The places of an invoice where amounts of one kind stand, with the amounts."""
_PREFIXES: Final = COUNTRIES | {"EL"}
_MOST_DECIMALS: Final = 2


@SUMS.rule("BR-CO-03", "the day (BT-7) and the event (BT-8) on which VAT falls due exclude each other")
def _tax_point(invoice: Invoice) -> Iterable[Breach]:
    return (at("invoice"),) if invoice.tax_point_date and invoice.tax_point_code else ()


@SUMS.rule("BR-CO-09", "the VAT number {number} does not begin with the letters of a country")
def _prefixes(invoice: Invoice) -> Iterable[Breach]:
    numbers = {"seller": invoice.seller.vat_number, "buyer": invoice.buyer.vat_number}
    if invoice.tax_representative:
        numbers["tax representative"] = invoice.tax_representative.vat_number
    return (at(place, number=told) for place, told in numbers.items() if told and told[:2] not in _PREFIXES)


@SUMS.rule("BR-CO-10", "the sum of the lines (BT-106) is given as {given}; the lines add up to {found}")
def _lines(invoice: Invoice) -> Iterable[Breach]:
    found = sum(line.net_minor or 0 for line in invoice.lines)
    return _differs(invoice, invoice.totals.lines_minor, found)


@SUMS.rule("BR-CO-11", "the allowances (BT-107) are given as {given}; they add up to {found}")
def _allowances(invoice: Invoice) -> Iterable[Breach]:
    return _adjusted(invoice, invoice.totals.allowances_minor, invoice.allowances)


@SUMS.rule("BR-CO-12", "the charges (BT-108) are given as {given}; they add up to {found}")
def _charges(invoice: Invoice) -> Iterable[Breach]:
    return _adjusted(invoice, invoice.totals.charges_minor, invoice.charges)


def _adjusted(invoice: Invoice, given: int | None, adjustments: tuple[Adjustment, ...]) -> Iterable[Breach]:
    if given is None and not adjustments:
        return ()
    found = sum(one.amount_minor or 0 for one in adjustments)
    return () if given == found else (at("totals", given=money(given, invoice), found=money(found, invoice)),)


@SUMS.rule("BR-CO-13", "the total without VAT (BT-109) is given as {given}; lines, allowances and charges make {found}")
def _net(invoice: Invoice) -> Iterable[Breach]:
    sums = invoice.totals
    if sums.lines_minor is None:
        return ()
    return _differs(
        invoice, sums.net_minor, sums.lines_minor - (sums.allowances_minor or 0) + (sums.charges_minor or 0)
    )


@SUMS.rule("BR-CO-14", "the VAT (BT-110) is given as {given}; the categories add up to {found}")
def _vat(invoice: Invoice) -> Iterable[Breach]:
    if not invoice.vat:
        return ()
    return _differs(invoice, invoice.totals.vat_minor, sum(one.vat_minor or 0 for one in invoice.vat))


@SUMS.rule("BR-CO-15", "the total with VAT (BT-112) is given as {given}; total without VAT and VAT make {found}")
def _gross(invoice: Invoice) -> Iterable[Breach]:
    sums = invoice.totals
    if sums.net_minor is None or sums.gross_minor is None:
        return ()
    return _differs(invoice, sums.gross_minor, sums.net_minor + (sums.vat_minor or 0))


@SUMS.rule("BR-CO-16", "the amount due (BT-115) is given as {given}; total, paid and rounding make {found}")
def _due(invoice: Invoice) -> Iterable[Breach]:
    sums = invoice.totals
    if sums.gross_minor is None:
        return ()
    return _differs(invoice, sums.due_minor, sums.gross_minor - (sums.prepaid_minor or 0) + (sums.rounding_minor or 0))


def _differs(invoice: Invoice, given: int | None, found: int) -> Iterable[Breach]:
    if given is None or given == found:
        return ()
    return (at("totals", given=money(given, invoice), found=money(found, invoice)),)


@SUMS.rule("BR-CO-17", "the VAT is {given}; {rate}% of {base} is {found}")
def _rated(invoice: Invoice) -> Iterable[Breach]:
    unit = one_unit(invoice)
    for position, one in enumerate(invoice.vat, 1):
        if one.base_minor is None or one.vat_minor is None:
            continue
        rate = one.rate or Decimal(0)
        found = percentage(abs(one.base_minor), rate)
        difference = abs(abs(one.vat_minor) - found)
        is_near = difference < unit if round_half_up(rate, 0) else abs(one.vat_minor) * 2 < unit
        if not is_near:
            yield at(
                f"VAT {position}",
                given=money(one.vat_minor, invoice),
                base=money(one.base_minor, invoice),
                rate=str(rate),
                found=money(found, invoice),
            )


SUMS.lacks("BR-CO-18", "there is no VAT breakdown (BG-23)", lambda i: i.vat)


@SUMS.rule("BR-CO-19", "the invoicing period (BG-14) has neither a beginning nor an end")
def _period(invoice: Invoice) -> Iterable[Breach]:
    period = invoice.period
    return (at("period"),) if period and not (period.start or period.end) else ()


@SUMS.rule("BR-CO-20", "the line's period (BG-26) has neither a beginning nor an end")
def _line_period(invoice: Invoice) -> Iterable[Breach]:
    return (at(place) for place, line in lines(invoice) if line.period and not (line.period.start or line.period.end))


@SUMS.rule(
    "BR-CO-25",
    "there is something to pay, but neither a due date (BT-9) nor terms of payment (BT-20)",
    severity=Severity.WARNING,
)
def terms(invoice: Invoice) -> Iterable[Breach]:
    """Not in the official rules of EN 16931 since 2023, but still in those of Romania, where it is an error."""
    is_due = (invoice.totals.due_minor or 0) > 0 and not invoice.is_credit_note
    return (at("invoice"),) if is_due and not (invoice.due_date or invoice.payment_terms) else ()


SUMS.lacks(
    "BR-CO-26",
    "the seller has none of an identifier (BT-29), a registration (BT-30) and a VAT number (BT-31)",
    lambda i: i.seller.identifiers or i.seller.registration or i.seller.vat_number,
    "seller",
)


def _fine(number: str, what: str, value: Amounts) -> None:
    """Amounts of currencies with more than two decimals must do with two."""

    def check(invoice: Invoice) -> Iterable[Breach]:
        excess = 10 ** max(0, decimals(invoice) - _MOST_DECIMALS)
        return (at(place) for place, minor in value(invoice) if minor is not None and minor % excess)

    SUMS.add(number, f"{what} has more than two decimals", check)


def _total(number: str, what: str, value: Callable[[Invoice], int | None]) -> None:
    _fine(number, what, lambda invoice: (("totals", value(invoice)),))


_fine("BR-DEC-01", "an allowance", lambda i: ((p, a.amount_minor) for p, a in placed("allowance", i.allowances)))
_fine("BR-DEC-02", "an allowance's base", lambda i: ((p, a.base_minor) for p, a in placed("allowance", i.allowances)))
_fine("BR-DEC-05", "a charge", lambda i: ((p, a.amount_minor) for p, a in placed("charge", i.charges)))
_fine("BR-DEC-06", "a charge's base", lambda i: ((p, a.base_minor) for p, a in placed("charge", i.charges)))
_total("BR-DEC-09", "the sum of the lines (BT-106)", lambda i: i.totals.lines_minor)
_total("BR-DEC-10", "the sum of allowances (BT-107)", lambda i: i.totals.allowances_minor)
_total("BR-DEC-11", "the sum of charges (BT-108)", lambda i: i.totals.charges_minor)
_total("BR-DEC-12", "the total without VAT (BT-109)", lambda i: i.totals.net_minor)
_total("BR-DEC-13", "the VAT (BT-110)", lambda i: i.totals.vat_minor)
_total("BR-DEC-14", "the total with VAT (BT-112)", lambda i: i.totals.gross_minor)
_total("BR-DEC-16", "the amount paid (BT-113)", lambda i: i.totals.prepaid_minor)
_total("BR-DEC-17", "the rounding (BT-114)", lambda i: i.totals.rounding_minor)
_total("BR-DEC-18", "the amount due (BT-115)", lambda i: i.totals.due_minor)
_fine("BR-DEC-19", "a taxable amount (BT-116)", lambda i: ((f"VAT {n}", v.base_minor) for n, v in enumerate(i.vat, 1)))
_fine("BR-DEC-20", "a VAT amount (BT-117)", lambda i: ((f"VAT {n}", v.vat_minor) for n, v in enumerate(i.vat, 1)))
_fine("BR-DEC-23", "a line's net amount (BT-131)", lambda i: ((p, line.net_minor) for p, line in lines(i)))


def _on_lines(
    of: str, value: Callable[[Adjustment], int | None]
) -> Callable[[Invoice], Iterable[tuple[str, int | None]]]:
    return lambda invoice: (
        (place, value(one))
        for line_place, line in lines(invoice)
        for place, one in placed(of, line.allowances if of == "allowance" else line.charges, of=f"{line_place}, ")
    )


_fine("BR-DEC-24", "a line's allowance (BT-136)", _on_lines("allowance", lambda one: one.amount_minor))
_fine("BR-DEC-25", "a line's allowance's base (BT-137)", _on_lines("allowance", lambda one: one.base_minor))
_fine("BR-DEC-27", "a line's charge (BT-141)", _on_lines("charge", lambda one: one.amount_minor))
_fine("BR-DEC-28", "a line's charge's base (BT-142)", _on_lines("charge", lambda one: one.base_minor))


@SUMS.rule("BR-DEC-15", "the VAT in the accounting currency (BT-111) has more than two decimals")
def _accounting(invoice: Invoice) -> Iterable[Breach]:
    excess = 10 ** max(0, decimals(invoice, invoice.accounting_currency) - _MOST_DECIMALS)
    return (at("totals"),) if (invoice.totals.vat_accounting_minor or 0) % excess else ()
