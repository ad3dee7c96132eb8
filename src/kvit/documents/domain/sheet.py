"""A document to be rendered, as plain data: what is frozen when it is issued, and all that its PDF is made from.

Amounts are whole minor units of the sheet's currency, quantities, prices and rates decimals, days dates; nothing is
written out yet, since the same data may be asked for in another language. Equal sheets are equal bytes.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kvit.base import codec
from kvit.documents.domain.kinds import (
    Age,
    FactName,
    LinkName,
    SectionName,
    SheetKind,
    Stamp,
    TotalName,
    WayKind,
    Wording,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a party as it is printed: `Number("NIP", "525-000-83-56")`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Side:
    """A party as it stands on the document: its name, the lines of its address, its numbers."""

    name: str
    lines: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts: a text, a day, or the days from `day` to `until`."""

    name: FactName
    text: str = ""
    day: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What is invoiced. `vat_category` (UNTDID 5305) says why there is no rate; `detail` is set small below."""

    description: str
    net_minor: int
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    vat_rate: Decimal | None = None
    vat_category: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one head; their sum is carried from page to page."""

    lines: tuple[Line, ...]
    name: SectionName = SectionName.LINES


@dataclass(frozen=True, slots=True)
class VatRow:
    """The VAT of one rate or category; `national_minor` is it in the national currency."""

    base_minor: int
    vat_minor: int
    vat_rate: Decimal | None = None
    vat_category: str = ""
    reason: str = ""
    national_minor: int | None = None


@dataclass(frozen=True, slots=True)
class National:
    """The national currency VAT is also stated in (Directive 2006/112/EC, art. 230), by which rate of which day.

    `vat_minor` is all of the VAT in it.
    """

    currency: str
    rate: Decimal
    rate_date: date
    source: str
    vat_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A sum of a corrected document as it was and as it becomes."""

    name: TotalName
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True)
class LawText:
    """Words that the law of the country wants, as it has them on the day of the document; their code translates."""

    wording: Wording
    words: str


@dataclass(frozen=True, slots=True)
class Total:
    """A sum with its name; `number` says of what (the advance invoice that was paid)."""

    name: TotalName
    amount_minor: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement with a running balance; what raises the debt stands in `debit_minor`."""

    day: date
    text: str
    number: str
    debit_minor: int
    credit_minor: int
    balance_minor: int
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document that is open: of `amount_minor` there is `open_minor` left; a credit is below zero and not due."""

    number: str
    issue_date: date
    due_date: date | None
    amount_minor: int
    open_minor: int
    days_overdue: int = 0


@dataclass(frozen=True, slots=True)
class AgeSum:
    """What is open of one age."""

    age: Age
    amount_minor: int


@dataclass(frozen=True, slots=True)
class InterestRow:
    """Interest on one document over days of one rate (percent a year)."""

    number: str
    base_minor: int
    percent: Decimal
    from_date: date
    to_date: date
    days: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What of a payment went to a document."""

    number: str
    issue_date: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Way:
    """An account to pay to, as a person reads and types it; `code` is the text of the code a bank app scans."""

    kind: WayKind
    account: str
    payee: str
    reference: str
    bank: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """What is to be paid and when, and every way to do it, the best first."""

    amount_minor: int
    due_date: date
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address; `is_code` has it drawn as a code too, with `caption` below."""

    name: LinkName
    url: str
    is_code: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The company's colour (`#rrggbb`, "" for ink) and its logo, by the content hash under which it is filed."""

    colour: str = ""
    logo_sha256: str = ""


@dataclass(frozen=True, slots=True)
class EInvoice:
    """The e-invoice that goes into the PDF, by its hash in the archive; `profile` is Factur-X's conformance level."""

    sha256: str
    profile: str
    name: str = "factur-x.xml"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document. `language` is the reader's, `country` the one whose law it is written under (the seller's).

    `headline` is the amount that counts. Parts that a kind does not have are empty: `sections`, `vat` and `totals` make
    invoices, estimates and settlements, `changes` a correction; `entries` or `items` with `ages` statements and
    confirmations; `interest` with `items` reminders; `settled` receipts. `notes` are texts in the reader's language.
    """

    kind: SheetKind
    language: str
    country: str
    number: str
    issue_date: date
    currency: str
    seller: Side
    buyer: Side
    headline: Total
    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    vat: tuple[VatRow, ...] = ()
    national: National | None = None
    changes: tuple[Change, ...] = ()
    totals: tuple[Total, ...] = ()
    entries: tuple[Entry, ...] = ()
    items: tuple[OpenItem, ...] = ()
    ages: tuple[AgeSum, ...] = ()
    interest: tuple[InterestRow, ...] = ()
    settled: tuple[Settled, ...] = ()
    payment: Payment | None = None
    by_law: tuple[LawText, ...] = ()
    wordings: tuple[Wording, ...] = ()
    notes: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    look: Look = Look()
    stamp: Stamp | None = None
    einvoice: EInvoice | None = None

    def canonical(self) -> bytes:
        """The one spelling of this data, as JSON."""
        return codec.canonical(self)


def restored(spelled: str) -> Sheet:
    """The sheet back from its JSON."""
    return codec.restore(spelled, Sheet)
