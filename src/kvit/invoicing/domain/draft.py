"""An invoice before it is one."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from kvit.invoicing.domain import taxes
from kvit.invoicing.domain.content import NO_CONTENT, NO_LINE_CONTENT, Content, LineContent
from kvit.invoicing.domain.kinds import Kind
from kvit.kernel import units
from kvit.kernel.money import round_half_up
from kvit.kernel.refusals import DomainError

DECIMALS: Final = 6
LARGEST: Final = Decimal(10**12)
LONGEST_DESCRIPTION: Final = 500
LONGEST_UNIT: Final = 20
LONGEST_REFERENCE: Final = 35
LONGEST_TERMS: Final = 3650
LONGEST_OTHER_REFERENCE: Final = 200


class BadLine(DomainError):
    """A line cannot stand on an invoice; the text names it and what is wrong. `position` is from 1, 0 for none."""

    code: ClassVar[str] = "invoicing.bad_line"

    def __init__(self, text: str, *, position: int = 0) -> None:
        super().__init__(text)
        self.position = position


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line: `quantity` units at `unit_price` in whole units of the currency; `vat_rate` in percent.

    `unit` is a code of UN/ECE Recommendation 20 or a word for one. `vat_category` is one of UNTDID 5305; where it is
    not given, a rate above zero is S and zero is Z.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    unit: str = "pc"
    vat_category: str = ""
    content: LineContent | None = None

    @property
    def more(self) -> LineContent:
        """What it says beyond its columns."""
        return self.content or NO_LINE_CONTENT

    @property
    def category(self) -> str:
        """The VAT category, told or by the rate."""
        return taxes.category_of(self.vat_category, self.vat_rate)


@dataclass(frozen=True, slots=True)
class Exchange:
    """Units of the national currency for one of the document's, as who publishes it (`source`) said on a day."""

    rate: Decimal
    rate_date: datetime.date
    source: str


@dataclass(frozen=True, slots=True)
class References:
    """What the buyer knows the matter by (BT-10, BT-13, BT-12, BT-11)."""

    buyer: str = ""
    order: str = ""
    contract: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be invoiced to a customer.

    Currency and terms (days from issue) are the customer's where they are None. `payment_reference` is
    given only for documents that already carry one, such as those of the system Kvit replaces; it is kept
    in capitals and without blanks, as payments are compared with it.

    `kind` is an invoice, an estimate or a fee note. `tax_point_date` is the day on which the tax falls due where that
    is not the day of issue (BT-7). `exchange` is given where the VAT is stated in the national currency too and the
    rate is not the published one that is kept. `prepaid_minor` (BT-113) is settled with the customer's advances at
    issue. `rounds_cash` asks for whole kronor. `period` has its first and its last day.
    """

    customer_id: int
    lines: tuple[DraftLine, ...]
    currency: str | None = None
    terms_days: int | None = None
    payment_reference: str = ""
    kind: Kind = Kind.INVOICE
    tax_point_date: datetime.date | None = None
    exchange: Exchange | None = None
    prepaid_minor: int = 0
    rounds_cash: bool = False
    references: References | None = None
    period: tuple[datetime.date, datetime.date] | None = None
    content: Content | None = None

    @property
    def more(self) -> Content:
        """What it says beyond its columns."""
        return self.content or NO_CONTENT


class BadDraft(DomainError):
    """Terms, references, days or contents that no document can carry; the text names the rule that has a number.

    `rule` is that number and `place` where it is broken ("line 3", "seller"), as `formats.einvoice` names them.
    """

    code: ClassVar[str] = "invoicing.bad_draft"

    def __init__(self, text: str, *, rule: str = "", place: str = "") -> None:
        super().__init__(text)
        self.rule, self.place = rule, place


def tidied(draft: Draft) -> Draft:
    """The draft in plain form: its payment reference in capitals and without blanks, units as codes.

    Refuses `BadDraft`, `BadLine`.
    """
    reference = "".join(draft.payment_reference.split()).upper()
    if len(reference) > LONGEST_REFERENCE:
        raise BadDraft(f"a payment reference has at most {LONGEST_REFERENCE} characters, not {len(reference)}")
    if draft.terms_days is not None and not 0 <= draft.terms_days <= LONGEST_TERMS:
        raise BadDraft(f"{draft.terms_days} days are no terms of payment; 0 to {LONGEST_TERMS} are")
    if draft.period is not None and draft.period[0] > draft.period[1]:
        raise BadDraft(f"the period begins on {draft.period[0]}, after its end on {draft.period[1]}")
    if draft.prepaid_minor < 0:
        raise BadDraft("what was paid before is an amount above zero")
    told = draft.references or References()
    if max(map(len, (told.buyer, told.order, told.contract, told.project))) > LONGEST_OTHER_REFERENCE:
        raise BadDraft(f"a reference has at most {LONGEST_OTHER_REFERENCE} characters")
    lines = plain_lines(draft.lines)
    if reference == draft.payment_reference and lines == draft.lines:
        return draft
    return replace(draft, payment_reference=reference, lines=lines)


def plain_lines(lines: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """The lines with their units as codes. Refuses `BadLine`."""
    known: dict[str, str] = {}
    found = []
    for position, line in enumerate(lines, 1):
        if len(line.unit) > LONGEST_UNIT:
            raise BadLine(f"line {position}: a unit has at most {LONGEST_UNIT} characters", position=position)
        if line.unit not in known:
            try:
                known[line.unit] = units.code_of(line.unit)
            except units.UnknownUnit as refusal:
                raise BadLine(f"line {position}: {refusal}", position=position) from refusal
        code = known[line.unit]
        found.append(line if code == line.unit else replace(line, unit=code))
    return tuple(found)


def check_lines(lines: Sequence[DraftLine], *, rates: Collection[Decimal], of: str) -> None:
    """Refuse `BadLine`: no lines at all, an empty description, a VAT rate that is not one of the `rates` (percent).

    `of` says whose rates they are. Quantities and prices are kept with six decimals: with more, a document could not
    be recalculated from its lines.
    """
    if not lines:
        raise BadLine("an invoice has at least one line")
    for position, line in enumerate(lines, 1):
        if not line.description.strip():
            raise BadLine(f"line {position}: say what is invoiced", position=position)
        if len(line.description) > LONGEST_DESCRIPTION:
            raise BadLine(
                f"line {position}: a description has at most {LONGEST_DESCRIPTION} characters", position=position
            )
        for number in (line.quantity, line.unit_price):
            if round_half_up(number, DECIMALS) != number or abs(number) >= LARGEST:
                raise BadLine(
                    f"line {position}: {number} has more than 6 decimals or 12 digits before them", position=position
                )
        if line.vat_rate not in rates:
            known = ", ".join(f"{rate.normalize():f}" for rate in sorted(rates, reverse=True))
            raise BadLine(
                f"line {position}: {line.vat_rate}% is no VAT rate of {of}; there is {known}", position=position
            )
        if line.vat_category and (wrong := taxes.wrong_rate(line.vat_category, line.vat_rate)):
            raise BadLine(f"line {position}: {wrong}", position=position)
