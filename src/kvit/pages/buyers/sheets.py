"""The sheet of an issued document of any kind, from what was frozen at issue: what its PDF and its page both show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.base import texts
from kvit.documents.domain.kinds import FactName, SheetKind, TotalName, WayKind, Wording
from kvit.documents.domain.sheet import Change, Fact, LawText, Look, National, Payment, Sheet, Total, VatRow
from kvit.documents.domain.sheet import Side as SheetSide
from kvit.documents.domain.sheet import Way as SheetWay
from kvit.formats.einvoice.model import Party as Frozen
from kvit.invoicing.domain import SELF_BILLED, Kind, taxes
from kvit.invoicing.domain.paper import Paper
from kvit.invoicing.queries import Issued
from kvit.invoicing.queries.sides import side_of, side_then
from kvit.kernel import figures
from kvit.pages.buyers.paying import Way, is_asking
from kvit.pages.buyers.sheet_lines import sections
from kvit.parties.queries import Party

_KINDS: Final = {
    Kind.ESTIMATE: SheetKind.ESTIMATE,
    Kind.INVOICE: SheetKind.INVOICE,
    Kind.ADVANCE_INVOICE: SheetKind.ADVANCE_INVOICE,
    Kind.FINAL_INVOICE: SheetKind.FINAL_INVOICE,
    Kind.CREDIT_NOTE: SheetKind.CREDIT_NOTE,
    Kind.CORRECTION: SheetKind.CORRECTION,
    Kind.SELF_BILLED: SheetKind.SELF_BILLED,
    Kind.SELF_BILLED_CREDIT: SheetKind.SELF_BILLED_CREDIT,
    Kind.FEE_NOTE: SheetKind.FEE_NOTE,
}
_HEADS: Final = {
    Kind.ESTIMATE: TotalName.ESTIMATED,
    Kind.CREDIT_NOTE: TotalName.CREDITED,
    Kind.CORRECTION: TotalName.DIFFERENCE,
    Kind.SELF_BILLED: TotalName.TO_PAY_OUT,
    Kind.SELF_BILLED_CREDIT: TotalName.CREDITED,
}


@dataclass(frozen=True, slots=True)
class Around:
    """What a sheet takes beside the document: both sides as parties, the ways to pay its whole amount, the look.

    `language` is the reader's where that is not the buyer.
    """

    seller: Party
    buyer: Party
    ways: tuple[Way, ...]
    look: Look | None = None
    language: str = ""


def sheet_of(issued: Issued, around: Around) -> Sheet:
    """The document with the figures, names and words that it was issued with."""
    paper, seller, buyer = issued.paper, around.seller, around.buyer
    language = around.language or buyer.language.value
    abroad = buyer.country != seller.country
    return Sheet(
        kind=_KINDS[paper.kind],
        language=language,
        country=paper.country,
        number=paper.number,
        issue_date=paper.issue_date,
        currency=paper.currency,
        seller=_side(seller, issued.sides.seller, abroad=abroad, language=language),
        buyer=_side(buyer, issued.sides.buyer, abroad=abroad, language=language),
        headline=Total(_HEADS.get(paper.kind, TotalName.TO_PAY), paper.payable_minor),
        facts=_facts(issued, language),
        sections=sections(paper, texts.catalogue(language), language),
        vat=() if paper.kind is Kind.FEE_NOTE else _vat(paper),
        national=_national(paper),
        changes=_changes(paper),
        totals=_totals(paper),
        payment=_payment(issued, around.ways),
        by_law=_by_law(paper),
        wordings=_wordings(paper),
        notes=_notes(paper),
        look=around.look or Look(),
    )


def _side(now: Party, then: Frozen, *, abroad: bool, language: str) -> SheetSide:
    """A party as it stood at issue; of a person who was erased since, nothing is told again."""
    if now.erased_at is not None:
        return side_of(now, abroad=abroad, language=language)
    return side_then(now, then, abroad=abroad, language=language)


def _vat(paper: Paper) -> tuple[VatRow, ...]:
    """VAT by rate; why there is none where the words of the law on the document do not say it already."""
    said = {taxes.text_of(one.category) for one in paper.vat} & set(paper.texts)
    return tuple(
        VatRow(
            one.base_minor,
            one.vat_minor,
            one.vat_rate,
            one.category,
            "" if taxes.text_of(one.category) in said else one.exemption_reason,
            one.accounting_minor,
        )
        for one in paper.vat
    )


def _national(paper: Paper) -> National | None:
    rate = paper.exchange
    if rate is None:
        return None
    return National(paper.accounting_currency, rate.rate, rate.rate_date, rate.source, paper.vat_accounting_minor)


def _changes(paper: Paper) -> tuple[Change, ...]:
    """A corrected document before and after (Directive 2006/112/EC art. 219; ustawa o VAT art. 106j)."""
    before = paper.before
    if before is None:
        return ()
    return (
        Change(TotalName.NET, before.net_minor, before.net_minor + paper.net_minor),
        Change(TotalName.VAT, before.vat_minor, before.vat_minor + paper.vat_minor),
        Change(TotalName.GROSS, before.gross_minor, before.gross_minor + paper.gross_minor),
    )


def _totals(paper: Paper) -> tuple[Total, ...]:
    """The sums from the lines to what is to be paid; what is nothing is left out."""
    if paper.kind is Kind.FEE_NOTE:
        return (Total(TotalName.GROSS, paper.gross_minor),)
    advances = {one.number: one.net_minor for one in paper.content.deductions}
    allowances = [one for one in paper.content.allowances if one.reason.rsplit(" ", 1)[-1] not in advances]
    adjusted = (
        *(_adjusted(TotalName.ALLOWANCES, -(one.amount_minor or 0), one.reason) for one in allowances),
        *(_adjusted(TotalName.CHARGES, one.amount_minor or 0, one.reason) for one in paper.content.charges),
        *(Total(TotalName.ADVANCE, -net, number) for number, net in advances.items()),
    )
    lines = Total(TotalName.LINES, paper.net_minor + paper.allowance_minor - paper.charge_minor)
    between = tuple(
        Total(name, amount)
        for name, amount in ((TotalName.ROUNDING, paper.rounding_minor), (TotalName.PREPAID, -paper.prepaid_minor))
        if amount
    )
    head = Total(_HEADS.get(paper.kind, TotalName.TO_PAY), paper.payable_minor)
    return (
        *((lines, *adjusted) if adjusted else ()),
        Total(TotalName.NET, paper.net_minor),
        Total(TotalName.VAT, paper.vat_minor),
        Total(TotalName.GROSS, paper.gross_minor),
        *((*between, head) if between else ()),
    )


def _adjusted(name: TotalName, amount_minor: int, reason: str) -> Total:
    return Total(name, amount_minor, f"({reason})" if reason else "")


def _payment(issued: Issued, ways: Sequence[Way]) -> Payment | None:
    """How it is paid; a self-billed invoice says to which of the supplier's accounts we pay."""
    paper = issued.paper
    if paper.payable_minor <= 0 or paper.due_date is None:
        return None
    if paper.kind is Kind.SELF_BILLED:
        name = issued.sides.seller.name
        kinds = {"SE:BANKGIRO": WayKind.BANKGIRO, "SE:PLUSGIRO": WayKind.PLUSGIRO}
        paid_to = tuple(
            SheetWay(kinds.get(one.bank, WayKind.IBAN), one.number, one.name or name, paper.number)
            for one in issued.sides.accounts
        )
        return Payment(paper.payable_minor, paper.due_date, paid_to)
    if not is_asking(paper.kind, paper.gross_minor):
        return None
    return Payment(
        paper.payable_minor,
        paper.due_date,
        tuple(SheetWay(WayKind(w.kind.value), w.account, w.payee, w.reference, code=w.code or "") for w in ways),
    )


def _by_law(paper: Paper) -> tuple[LawText, ...]:
    return tuple(
        LawText(Wording(code), taxes.law_words(code, paper.country, paper.issue_date) or taxes.ENGLISH[code])
        for code in paper.texts
        if code != Wording.RATE_UNVERIFIED
    )


def _wordings(paper: Paper) -> tuple[Wording, ...]:
    found = (Wording.NO_INVOICE,) if paper.kind is Kind.ESTIMATE else ()
    return (*found, Wording.RATE_UNVERIFIED) if paper.is_unverified else found


def _notes(paper: Paper) -> tuple[str, ...]:
    return tuple(text for text in (paper.content.payment_terms, *(note.text for note in paper.content.notes)) if text)


def _facts(issued: Issued, language: str) -> tuple[Fact, ...]:
    paper, content = issued.paper, issued.paper.content
    delivery, fiscal = content.delivery, content.tax_representative
    asks = is_asking(paper.kind, paper.gross_minor) or paper.kind in SELF_BILLED
    supplied = (delivery.date if delivery else None) or paper.tax_point_date
    changed = ", ".join(one.number for one in (*paper.changes, *content.preceding))
    until = FactName.VALID_UNTIL if paper.kind is Kind.ESTIMATE else FactName.DUE_DATE
    place = ", ".join(part for part in _delivered_to(issued, language) if part)
    found = (
        Fact(FactName.ISSUE_DATE, day=paper.issue_date),
        Fact(until, day=paper.due_date if asks and paper.payable_minor > 0 else None),
        Fact(FactName.DELIVERY_DATE, day=supplied),
        Fact(FactName.DELIVERED_TO, place),
        Fact(FactName.PERIOD, day=paper.period[0] if paper.period else None, until=(paper.period or (None, None))[1]),
        Fact(FactName.CUSTOMER_NUMBER, "" if paper.kind in SELF_BILLED else issued.customer_number),
        Fact(FactName.YOUR_REFERENCE, paper.references.buyer),
        Fact(FactName.ORDER, paper.references.order),
        Fact(FactName.CONTRACT, paper.references.contract),
        Fact(FactName.PROJECT, paper.references.project),
        Fact(FactName.CREDITED, changed),
        Fact(FactName.REASON, paper.reason),
        Fact(FactName.TAX_REPRESENTATIVE, f"{fiscal.name}, {fiscal.vat_number}" if fiscal else ""),
    )
    return tuple(fact for fact in found if fact.text or fact.day is not None)


def _delivered_to(issued: Issued, language: str) -> tuple[str, ...]:
    delivery = issued.paper.content.delivery
    if delivery is None:
        return ()
    address = delivery.address
    if address is None:
        return (delivery.name,)
    home = issued.paper.country
    return (
        delivery.name,
        address.line1,
        " ".join(part for part in (address.postcode, address.city) if part),
        figures.country_name(address.country, language) if address.country and address.country != home else "",
    )
