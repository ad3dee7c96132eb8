"""What KSeF's schema does not ask but the law and the form do: rules of our own on FA(3), FA-01 and on.

Sources: ustawa o VAT art. 106a-106q; Ministry of Finance, notes on the structure FA(3). What passes the schema and
breaks these is refused here before it is sent.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.calculation import percentage
from kvit.formats.einvoice.ksef import rates
from kvit.formats.einvoice.ksef.names import CORRECTIONS, SELF_BILLED_CORRECTION
from kvit.formats.einvoice.model import CREDIT_NOTES, FaKind, Invoice, Kind, PolishTerms, VatCategory
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at, lines, money
from kvit.kernel.identifiers import iban, pl_ksef_number, pl_nip, pl_nrb

POLAND: Final = RuleSet("fa3")
_LOCAL_UNIT, _GROUP_MEMBER = "8", "10"
_SPLIT_FROM_MINOR: Final = 1_500_000
_NRB: Final = 26
_MOST_LINES: Final = 10_000
_LENGTHS: Final = {"number": 256, "name": 512}


def _terms(invoice: Invoice) -> PolishTerms:
    return invoice.polish or PolishTerms()


def kind_of(invoice: Invoice) -> FaKind:
    """The kind of FA that the invoice is or will be written as."""
    if _terms(invoice).kind:
        return _terms(invoice).kind or FaKind.ORDINARY
    if invoice.kind in CREDIT_NOTES or invoice.kind in (Kind.CORRECTION, SELF_BILLED_CORRECTION):
        return FaKind.CORRECTION
    return FaKind.ADVANCE if invoice.kind == Kind.ADVANCE else FaKind.ORDINARY


def _roles(invoice: Invoice) -> set[str]:
    return {child.text for party in _terms(invoice).third_parties for child in party.children if child.name == "Rola"}


POLAND.lacks("FA-P-1", "the issue date (P_1) is missing", lambda i: i.issue_date)
POLAND.lacks("FA-P-2", "the number (P_2) is missing", lambda i: i.number)
POLAND.lacks("FA-P-15", "the total (P_15) is missing", lambda i: i.totals.gross_minor is not None, "totals")
POLAND.lacks("FA-22", "the seller's NIP is missing", lambda i: i.seller.vat_number, "seller")


@POLAND.rule(
    "FA-01", "the buyer is a unit of a local government (JST): the unit has to be named as a third party, role 8"
)
def _unit(invoice: Invoice) -> Iterable[Breach]:
    is_missing = _terms(invoice).is_local_government_unit and _LOCAL_UNIT not in _roles(invoice)
    return (at("buyer"),) if is_missing else ()


@POLAND.rule("FA-02", "the buyer is a member of a VAT group (GV): the member has to be named as a third party, role 10")
def _member(invoice: Invoice) -> Iterable[Breach]:
    is_missing = _terms(invoice).is_vat_group_member and _GROUP_MEMBER not in _roles(invoice)
    return (at("buyer"),) if is_missing else ()


def _slack(invoice: Invoice) -> int:
    """How much sums may differ by rounding each line: a minor unit a line."""
    return max(2, len(invoice.lines))


@POLAND.rule("FA-03", "the VAT (P_14_{field}) is {given}; {rate}% of {base} is {found}")
def _vat(invoice: Invoice) -> Iterable[Breach]:
    for one in invoice.vat:
        if one.category != VatCategory.STANDARD or one.rate is None or one.vat_minor is None:
            continue
        found = percentage(one.base_minor or 0, one.rate)
        field = rates.field(one, invoice)
        if field in ("1", "2", "3") and abs(found - one.vat_minor) > _slack(invoice):
            yield at(
                "VAT",
                field=field,
                given=money(one.vat_minor, invoice),
                rate=f"{one.rate:f}",
                base=money(one.base_minor, invoice),
                found=money(found, invoice),
            )


@POLAND.rule("FA-04", "the total (P_15) is {given}; bases and VAT make {found}")
def _total(invoice: Invoice) -> Iterable[Breach]:
    if not invoice.vat or invoice.totals.gross_minor is None:
        return
    found = sum((one.base_minor or 0) + (one.vat_minor or 0) for one in invoice.vat)
    if abs(found - invoice.totals.gross_minor) > _slack(invoice):
        yield at("totals", given=money(invoice.totals.gross_minor, invoice), found=money(found, invoice))


@POLAND.rule("FA-05", "the base (P_13_{field}) is {given}; the lines add up to {found}")
def _bases(invoice: Invoice) -> Iterable[Breach]:
    """Only where the lines tell it: not on final invoices, whose bases leave the advances out."""
    is_told = invoice.lines and all(line.net_minor is not None for line in invoice.lines)
    if kind_of(invoice) not in (FaKind.ORDINARY, FaKind.CORRECTION) or not is_told:
        return
    sums: dict[str, int] = {}
    for line in invoice.lines:
        told = rates.mark(line, invoice)
        if told in rates.MARKS:
            field = rates.MARKS[told][2]
            sums[field] = sums.get(field, 0) + (line.net_minor or 0)
    for one, sign in [(c, 1) for c in invoice.charges] + [(a, -1) for a in invoice.allowances]:
        told = rates.mark_of(one.vat_category, one.vat_rate, invoice)
        if told in rates.MARKS:
            field = rates.MARKS[told][2]
            sums[field] = sums.get(field, 0) + sign * (one.amount_minor or 0)
    for one_vat in invoice.vat:
        field = rates.field(one_vat, invoice)
        found = sums.get(field)
        if found is not None and abs(found - (one_vat.base_minor or 0)) > _slack(invoice):
            yield at("VAT", field=field, given=money(one_vat.base_minor, invoice), found=money(found, invoice))


@POLAND.rule(
    "FA-06", "{number} is no account number: a Polish one has 26 digits with their check digits, another is an IBAN"
)
def _accounts(invoice: Invoice) -> Iterable[Breach]:
    for n, one in enumerate(invoice.payment_means, 1):
        told = "".join(one.account.number.split()) if one.account else ""
        is_fine = (len(told) == _NRB and pl_nrb.is_valid(told)) or iban.is_valid(told)
        if told and not is_fine:
            yield at(f"payment {n}", number=told[:40])


@POLAND.rule("FA-07", "the line number {id} stands twice")
def _numbers(invoice: Invoice) -> Iterable[Breach]:
    """A line before the correction and one after it may share a number."""
    seen: set[tuple[str, bool]] = set()
    for place, line in lines(invoice):
        key = (line.id, bool(line.polish and line.polish.is_before))
        if line.id and key in seen:
            yield at(place, id=line.id)
        seen.add(key)


@POLAND.rule("FA-08", "the quantity (P_8B) is {quantity}; below zero only a correction may have it")
def _quantities(invoice: Invoice) -> Iterable[Breach]:
    if kind_of(invoice) in CORRECTIONS:
        return
    for place, line in lines(invoice):
        if line.quantity is not None and line.quantity < 0:
            yield at(place, quantity=f"{line.quantity:f}")


@POLAND.rule("FA-09", "{number} is no NIP: its check digit is wrong")
def _nips(invoice: Invoice) -> Iterable[Breach]:
    for place, told in (("seller", invoice.seller.vat_number), ("buyer", invoice.buyer.vat_number)):
        if told.startswith("PL") and not pl_nip.is_valid(told):
            yield at(place, number=told[:40])


@POLAND.rule("FA-11", "an invoice in {currency} states the VAT in PLN (P_14_{field}W) too")
def _zloty(invoice: Invoice) -> Iterable[Breach]:
    if invoice.currency in ("", "PLN") or kind_of(invoice) in CORRECTIONS:
        return
    for one in invoice.vat:
        field = rates.field(one, invoice)
        if field in ("1", "2", "3", "4") and one.vat_minor and one.accounting_minor is None:
            yield at("VAT", currency=invoice.currency, field=field)


@POLAND.rule("FA-12", "a correction names the invoice that it corrects, with its issue date")
def _corrected(invoice: Invoice) -> Iterable[Breach]:
    if kind_of(invoice) not in CORRECTIONS or _terms(invoice).corrected:
        return ()
    is_told = invoice.preceding and all(one.number and one.issue_date for one in invoice.preceding)
    return () if is_told else (at("invoice"),)


@POLAND.rule("FA-13", "a final invoice (ROZ) names the advance invoices that it settles")
def _advances(invoice: Invoice) -> Iterable[Breach]:
    return (at("invoice"),) if kind_of(invoice) is FaKind.FINAL and not _terms(invoice).advances else ()


@POLAND.rule(
    "FA-14",
    "an advance invoice (ZAL) tells the order that the advance is paid on (art. 106f ust. 1 pkt 4)",
    severity=Severity.WARNING,
)
def _order(invoice: Invoice) -> Iterable[Breach]:
    return (at("invoice"),) if kind_of(invoice) is FaKind.ADVANCE and not _terms(invoice).order else ()


@POLAND.rule("FA-15", "goods or services of annex 15 above 15 000 PLN are paid in split payment: P_18A is missing")
def _split(invoice: Invoice) -> Iterable[Breach]:
    has_annex = any(line.polish and line.polish.annex_15 for line in invoice.lines)
    is_large = invoice.currency == "PLN" and (invoice.totals.gross_minor or 0) > _SPLIT_FROM_MINOR
    return (at("invoice"),) if has_annex and is_large and not _terms(invoice).split_payment else ()


@POLAND.rule("FA-16", "the reverse charge inside Poland (oo) is for Polish buyers; this one is from {country}")
def _reverse(invoice: Invoice) -> Iterable[Breach]:
    country = invoice.buyer.address.country if invoice.buyer.address else ""
    is_foreign = country not in ("", "PL") and not invoice.buyer.vat_number.startswith("PL")
    for place, line in lines(invoice):
        if is_foreign and line.polish and line.polish.rate == "oo":
            yield at(place, country=country)


@POLAND.rule("FA-17", "what is exempt (zw) names its legal ground (P_19)", severity=Severity.WARNING)
def _exempt(invoice: Invoice) -> Iterable[Breach]:
    terms = _terms(invoice)
    has_ground = terms.exemption_act or terms.exemption_directive or terms.exemption_other
    found = [one for one in invoice.vat if one.category == VatCategory.EXEMPT and rates.field(one, invoice) == "7"]
    return (at("VAT"),) if found and not has_ground and not any(one.exemption_reason for one in found) else ()


@POLAND.rule("FA-18", "{number} is no KSeF number: its check digits are wrong", severity=Severity.WARNING)
def _ksef_numbers(invoice: Invoice) -> Iterable[Breach]:
    told = [one.ksef_number for one in _terms(invoice).corrected] + [
        one.ksef_number for one in _terms(invoice).advances
    ]
    return (at("invoice", number=number) for number in told if number and not pl_ksef_number.is_valid(number))


@POLAND.rule("FA-19", "an FA has {most} lines at most, not {count}")
def _many(invoice: Invoice) -> Iterable[Breach]:
    if len(invoice.lines) > _MOST_LINES:
        yield at("invoice", most=str(_MOST_LINES), count=str(len(invoice.lines)))


@POLAND.rule("FA-20", "{what} has {most} characters at most, not {length}")
def _lengths(invoice: Invoice) -> Iterable[Breach]:
    for place, what, told, most in _texts(invoice):
        length = len(" ".join(told.split()))
        if length > most:
            yield at(place, what=what, most=str(most), length=str(length))


def _texts(invoice: Invoice) -> Iterator[tuple[str, str, str, int]]:
    yield "invoice", "the number (P_2)", invoice.number, _LENGTHS["number"]
    yield "seller", "the name", invoice.seller.name, _LENGTHS["name"]
    yield "buyer", "the name", invoice.buyer.name, _LENGTHS["name"]
    for place, line in lines(invoice):
        yield place, "the name (P_7)", line.name, _LENGTHS["name"]


@POLAND.rule(
    "FA-21", "{rate}% is no rate of the form: 23, 22, 8, 7, 5, 4, 3, or another country's in the one-stop shop"
)
def _rates(invoice: Invoice) -> Iterable[Breach]:
    """A rate that the form does not know is taken for the one-stop shop's; below Europe's lowest it is a slip."""
    for place, line in lines(invoice):
        if line.vat_category == VatCategory.STANDARD and not rates.mark(line, invoice):
            rate = line.vat_rate
            if rate is None or rate < Decimal("2.1") or invoice.buyer.vat_number.startswith("PL"):
                yield at(place, rate=str(rate))
