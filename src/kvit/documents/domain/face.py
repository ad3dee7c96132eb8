"""A document written out: every text, number and day of a sheet as its reader reads it, ready to be placed.

Nothing but placing is left to the templates; tests compare what stands here with what stands in the PDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.documents.domain import wording
from kvit.documents.domain.kinds import SheetKind, TotalName, WayKind
from kvit.documents.domain.pieces import Writer, breakable
from kvit.documents.domain.sheet import Fact, Payment, Sheet, Side, Way
from kvit.documents.domain.tables import Table, tables, vat_table
from kvit.documents.domain.wording import Words
from kvit.kernel import figures
from kvit.kernel.identifiers import iban, rf, se_bankgiro, se_plusgiro

_TEMPLATES: Final = {
    SheetKind.ADVANCE_INVOICE: "invoice",
    SheetKind.FINAL_INVOICE: "invoice",
    SheetKind.FEE_NOTE: "invoice",
    SheetKind.SELF_BILLED_CREDIT: "self_billed",
    SheetKind.CORRECTION: "credit_note",
    SheetKind.OPEN_ITEMS: "statement",
}
_STRONG: Final = frozenset(
    {
        TotalName.TO_PAY,
        TotalName.TO_PAY_OUT,
        TotalName.CREDITED,
        TotalName.ESTIMATED,
        TotalName.DIFFERENCE,
        TotalName.BALANCE,
        TotalName.RECEIVED,
    }
)
_SELF_BILLED: Final = frozenset({SheetKind.SELF_BILLED, SheetKind.SELF_BILLED_CREDIT})
_LETTERS: Final = frozenset(
    {
        SheetKind.STATEMENT,
        SheetKind.OPEN_ITEMS,
        SheetKind.CONFIRMATION,
        SheetKind.RECEIPT,
        SheetKind.REMINDER,
        SheetKind.SETTLEMENT,
    }
)
"""Documents between the same two, about sales but not one: they have a sender and a recipient."""
_PAID_OUT: Final = frozenset({SheetKind.SELF_BILLED, SheetKind.SELF_BILLED_CREDIT, SheetKind.SETTLEMENT})


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in its parts, for the large one: the decimals and the currency are set smaller."""

    label: str
    major: str
    cents: str
    currency: str
    note: str


@dataclass(frozen=True, slots=True)
class Party:
    """A side: its role, its name, the lines below, its numbers as `label value`."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its value; `strong` sets it as the sum that counts."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class WayToPay:
    """What a payer copies or scans; `code` is the text of the code, "" for none."""

    rows: tuple[Row, ...]
    code: str
    alt: str
    caption: str


@dataclass(frozen=True, slots=True)
class LinkShown:
    """An address with its name; `code` is drawn where it is not empty."""

    label: str
    url: str
    code: str
    caption: str


@dataclass(frozen=True, slots=True)
class Face:
    """All that stands on the pages."""

    template: str
    language: str
    title: str
    author: str
    issuer: str
    day: tuple[int, int, int]
    heading: str
    number: str
    stamp: str
    colour: str
    seller: Party
    buyer: Party
    facts: tuple[Row, ...]
    headline: Amount
    tables: tuple[Table, ...]
    vat: Table | None
    national: str
    totals: tuple[Row, ...]
    ages: tuple[Row, ...]
    pay_heading: str
    ways: tuple[WayToPay, ...]
    other_ways: str
    answers: tuple[str, ...]
    notes: tuple[str, ...]
    links: tuple[LinkShown, ...]
    foot: str
    carried: str
    brought: str
    page_of: tuple[str, ...]
    logo_alt: str


def faced(sheet: Sheet, *, words: Words) -> Face:
    """The sheet in the language of `words`."""
    w = Writer(words, sheet.language, sheet.currency)
    _ = words.gettext
    heading = w.said(wording.KINDS[sheet.kind])
    issuer = sheet.buyer if sheet.kind in _SELF_BILLED else sheet.seller
    roles = (_("Sender"), _("Recipient")) if sheet.kind in _LETTERS else (_("Seller"), _("Buyer"))
    page, rest = _("Page %(page)s of %(pages)s").split("%(page)s")
    return Face(
        template=_TEMPLATES.get(sheet.kind, sheet.kind.value),
        language=sheet.language,
        title=f"{heading} {sheet.number} · {issuer.name}",
        author=issuer.name,
        issuer=breakable(issuer.name),
        day=(sheet.issue_date.year, sheet.issue_date.month, sheet.issue_date.day),
        heading=heading,
        number=breakable(sheet.number),
        stamp=wording.stamped(sheet.stamp, words) if sheet.stamp else "",
        colour=sheet.look.colour,
        seller=_side(sheet.seller, roles[0]),
        buyer=_side(sheet.buyer, roles[1]),
        facts=tuple(_fact(w, fact) for fact in sheet.facts),
        headline=_headline(w, sheet),
        tables=tables(w, sheet),
        vat=vat_table(w, sheet),
        national=_rate(w, sheet),
        totals=tuple(
            Row(
                f"{w.said(wording.TOTALS[total.name])} {breakable(total.number)}".rstrip(),
                w.money(total.amount_minor),
                total.name in _STRONG or (total is sheet.totals[-1]),
            )
            for total in sheet.totals
        ),
        ages=tuple(Row(w.said(wording.AGES[each.age]), w.money(each.amount_minor)) for each in sheet.ages),
        pay_heading=_("We pay to your account") if sheet.kind in _PAID_OUT else _("How to pay"),
        ways=tuple(_way(w, sheet.payment, way) for way in sheet.payment.ways) if sheet.payment else (),
        other_ways=_("Or to"),
        answers=_answers(w, sheet),
        notes=(*_said(sheet, words), *(breakable(note) for note in sheet.notes)),
        links=tuple(
            LinkShown(w.said(wording.LINKS[link.name]), link.url, link.url if link.is_code else "", link.caption)
            for link in sheet.links
        ),
        foot=" · ".join((issuer.name, *issuer.lines, *(f"{each.label} {each.value}" for each in issuer.numbers))),
        carried=_("Carried forward"),
        brought=_("Brought forward"),
        page_of=(page, *rest.split("%(pages)s")),
        logo_alt=_("Logo of %(name)s") % {"name": issuer.name},
    )


def _side(side: Side, role: str) -> Party:
    numbers = tuple(f"{number.label} {number.value}" for number in side.numbers)
    return Party(role, breakable(side.name), tuple(breakable(line) for line in (*side.lines, *numbers)))


def _fact(w: Writer, fact: Fact) -> Row:
    value = fact.text
    if fact.day is not None:
        value = w.day(fact.day) if fact.until is None else f"{w.day(fact.day)} – {w.day(fact.until)}"
    return Row(w.said(wording.FACTS[fact.name]), breakable(value))


def _headline(w: Writer, sheet: Sheet) -> Amount:
    sign, major, cents = figures.amount_parts(sheet.headline.amount_minor, sheet.currency, sheet.language)
    note = ""
    if sheet.payment is not None and sheet.kind not in _PAID_OUT:
        note = w.words.gettext("Due on %(day)s") % {"day": w.day(sheet.payment.due_date)}
    elif sheet.payment is not None:
        note = w.words.gettext("On %(day)s at the latest") % {"day": w.day(sheet.payment.due_date)}
    return Amount(
        w.said(wording.TOTALS[sheet.headline.name]),
        f"{sign}{major}",
        cents,
        figures.currency_sign(sheet.currency, sheet.language),
        note,
    )


def _rate(w: Writer, sheet: Sheet) -> str:
    national = sheet.national
    if national is None:
        return ""
    by = w.words.gettext("1 %(currency)s = %(rate)s %(national)s, %(source)s of %(day)s") % {
        "currency": sheet.currency,
        "rate": w.number(national.rate),
        "national": national.currency,
        "source": national.source,
        "day": w.day(national.rate_date),
    }
    if national.vat_minor is None:
        return by
    vat = figures.money_text(national.vat_minor, national.currency, w.language)
    return f"{w.words.gettext('VAT')} {vat}. {by}"


def _way(w: Writer, payment: Payment, way: Way) -> WayToPay:
    _ = w.words.gettext
    names = {WayKind.IBAN: "IBAN", WayKind.BANKGIRO: "Bankgiro", WayKind.PLUSGIRO: "Plusgiro"}
    is_giro = way.kind in (WayKind.BANKGIRO, WayKind.PLUSGIRO)
    rows = [Row(names.get(way.kind, _("Account number")), _account(way))]
    rows += [Row(_("Bank"), way.bank)] if way.bank else []
    rows += [Row("OCR" if is_giro else _("Reference"), breakable(_reference(way)))] if way.reference else []
    rows += [Row(_("Amount"), w.money(payment.amount_minor)), Row(_("Payee"), breakable(way.payee))]
    return WayToPay(
        rows=tuple(rows),
        code=way.code,
        alt=_("Payment code: scan it with your bank's app"),
        caption=_("Scan with your bank's app"),
    )


def _account(way: Way) -> str:
    if way.kind is WayKind.BANKGIRO and se_bankgiro.is_valid(way.account):
        return se_bankgiro.format(way.account)
    if way.kind is WayKind.PLUSGIRO and se_plusgiro.is_valid(way.account):
        return se_plusgiro.format(way.account)
    return iban.format(way.account) if way.kind is WayKind.IBAN and iban.is_valid(way.account) else way.account


def _reference(way: Way) -> str:
    return rf.format(way.reference) if rf.is_valid(way.reference) else way.reference


def _said(sheet: Sheet, words: Words) -> Sequence[str]:
    """The words of the law, with a translation where the reader's language is not the country's, and our own."""
    is_theirs = sheet.language == wording.LANGUAGE_OF.get(sheet.country)
    said = []
    for law in sheet.by_law:
        text = words.gettext(wording.WORDINGS[law.wording])
        is_one = is_theirs or text.casefold() == law.words.casefold()
        said.append(law.words if is_one else f"{law.words} ({text})")
    return [*said, *(words.gettext(wording.WORDINGS[each]) for each in sheet.wordings)]


def _answers(w: Writer, sheet: Sheet) -> tuple[str, ...]:
    """What a balance confirmation asks to be ticked, filled in and signed."""
    if sheet.kind is not SheetKind.CONFIRMATION:
        return ()
    _ = w.words.gettext
    return (
        _("Your answer"),
        _("The balance agrees with our books."),
        _("The balance differs. By our books it is:"),
        _("Explanation:"),
        _("Place and date"),
        _("Name and signature"),
    )
