"""Tables whose columns are the elements of Poland's audit files, to be taken into a program that makes the JPK itself.

The journal: JPK_KR (1), Dziennik and KontoZapis, a row for each line of an entry. The sales register: JPK_V7M (3),
SprzedazWiersz, a row for each document. CSV in UTF-8 with semicolons and a decimal comma, as Polish programs read it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Final

from kvit.formats.books import csv_table
from kvit.formats.books.journal.rows import quoted
from kvit.formats.books.jpk.positions import AMOUNTS, Buyer, CategorySum, positions
from kvit.kernel.money import Money

JOURNAL_HEAD: Final = (
    "LpZapisu",
    "NrZapisuDziennika",
    "OpisDziennika",
    "NrDowoduKsiegowego",
    "RodzajDowodu",
    "DataOperacji",
    "DataDowodu",
    "DataKsiegowania",
    "OpisOperacji",
    "KodKontaWinien",
    "KwotaWinien",
    "KodKontaMa",
    "KwotaMa",
    "KodWaluty",
    "OpisKonta",
    "NazwaKontrahenta",
)
GOODS: Final = tuple(f"GTU_{number:02}" for number in range(1, 14))
"""Groups of goods and services that the register marks."""
SALES_HEAD: Final = (
    "LpSprzedazy",
    "KodKrajuNadaniaTIN",
    "NrKontrahenta",
    "NazwaKontrahenta",
    "DowodSprzedazy",
    "DataWystawienia",
    "DataSprzedazy",
    "NrKSeF",
    "BFK",
    *GOODS,
    *AMOUNTS,
    "Korekta",
    "WalutaDokumentu",
    "KursWaluty",
    "KodWaluty",
    "DoSprawdzenia",
)
"""The elements of SprzedazWiersz in its order, and beside them what a person checks."""
_ZLOTY: Final = "PLN"
_NO_NUMBER: Final = "BRAK"
"""What the register has for a buyer without a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """A line of an entry: `amount` is debited (Winien) above zero, credited (Ma) below."""

    entry: str
    number: int
    text: str
    document: str
    kind: str
    entry_date: date
    booked_date: date
    account: str
    account_name: str
    amount: Money
    party: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesRow:
    """A document of the register; `sums` are in minor units of `currency`, which is the zloty where it could be told.

    `exchange_rate` is that of a document in `document_currency`; `goods` are its groups ("GTU_06").
    """

    number: str
    issue_date: date
    sale_date: date | None
    currency: str
    document_currency: str
    exchange_rate: Decimal | None
    buyer_name: str
    buyer: Buyer
    is_correction: bool
    goods: tuple[str, ...]
    sums: tuple[CategorySum, ...]


def write_journal(out: BinaryIO, lines: Iterable[JournalLine]) -> int:
    """Write the journal as its lines come; how many."""
    return csv_table.write(out, head=JOURNAL_HEAD, rows=_journal(lines), delimiter=";")


def write_sales(out: BinaryIO, rows: Iterable[SalesRow]) -> int:
    """Write the register as its rows come; how many.

    What a position cannot be told of (see `positions`) and what is not in zlotys is said in the last column and stands
    in none: a person decides. BFK says that the invoice has no number of KSeF.
    """
    return csv_table.write(out, head=SALES_HEAD, rows=_sales(rows), delimiter=";")


def _journal(lines: Iterable[JournalLine]) -> Iterator[tuple[str, ...]]:
    for place, line in enumerate(lines, 1):
        amount = _number(abs(line.amount))
        is_debit = line.amount.minor >= 0
        yield (
            str(place),
            line.entry,
            "Kvit",
            quoted(line.document),
            line.kind,
            line.entry_date.isoformat(),
            line.entry_date.isoformat(),
            line.booked_date.isoformat(),
            quoted(line.text),
            quoted(line.account) if is_debit else "",
            amount if is_debit else "",
            "" if is_debit else quoted(line.account),
            "" if is_debit else amount,
            line.amount.currency,
            quoted(line.account_name),
            quoted(line.party),
        )


def _sales(rows: Iterable[SalesRow]) -> Iterator[tuple[str, ...]]:
    for place, row in enumerate(rows, 1):
        sums, doubts = _positions(row)
        is_foreign = row.document_currency != row.currency
        yield (
            str(place),
            row.buyer.vat_country,
            quoted(row.buyer.vat_number or _NO_NUMBER),
            quoted(row.buyer_name),
            quoted(row.number),
            row.issue_date.isoformat(),
            row.sale_date.isoformat() if row.sale_date else "",
            "",
            "1",
            *("1" if group in row.goods else "" for group in GOODS),
            *(_number(Money(sums[name], row.currency)) if name in sums else "" for name in AMOUNTS),
            "1" if row.is_correction else "",
            row.document_currency if is_foreign else "",
            f"{row.exchange_rate.normalize():f}".replace(".", ",") if row.exchange_rate and is_foreign else "",
            row.currency,
            quoted("; ".join(doubts)),
        )


def _positions(row: SalesRow) -> tuple[dict[str, int], list[str]]:
    if row.currency != _ZLOTY:
        told = [_told(one, row.currency) for one in row.sums]
        return {}, [f"kwoty w {row.currency}, brak kursu", *told]
    sums, undecided = positions(row.sums, row.buyer)
    return sums, [_told(one, row.currency) for one in undecided]


def _told(one: CategorySum, currency: str) -> str:
    base, vat = (_number(Money(minor, currency)) for minor in (one.base_minor, one.vat_minor))
    return f"{one.category} {one.vat_rate.normalize():f}%: podstawa {base}, VAT {vat}"


def _number(amount: Money) -> str:
    return f"{amount.to_decimal():f}".replace(".", ",")
