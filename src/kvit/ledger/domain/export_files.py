"""The files of an export, written from its lines as they come: SIE 4, journals as CSV and XLSX, JPK-ready tables."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from kvit.formats.books.journal import csv_file, xlsx_file
from kvit.formats.books.journal.rows import JournalRow
from kvit.formats.books.jpk import tables
from kvit.formats.books.jpk.positions import Buyer, CategorySum
from kvit.formats.books.jpk.tables import JournalLine, SalesRow
from kvit.formats.books.sie import write as sie
from kvit.formats.books.sie.records import Account, FiscalYear, SieFile, Transaction, Voucher
from kvit.kernel.money import Money
from kvit.ledger.domain.exports import ExportFormat, ExportLine
from kvit.ledger.domain.ports import SalesDocument

KINDS: Final = {
    "sale": "Sale",
    "credit": "Credit note",
    "payment": "Payment",
    "bank_statement": "Bank statement",
    "write_off": "Write-off",
}
SUFFIX: Final = {
    ExportFormat.SIE: "se",
    ExportFormat.CSV: "csv",
    ExportFormat.XLSX: "xlsx",
    ExportFormat.JPK_KR: "csv",
    ExportFormat.JPK_V7: "csv",
}
SERIES: Final = "K"


@dataclass(frozen=True, slots=True)
class Company:
    """Whose books they are, for the head of a file."""

    name: str
    number: str


def write_journal(out: BinaryIO, kind: ExportFormat, lines: Iterable[ExportLine]) -> int:
    """CSV, XLSX or JPK_KR; how many rows. Refuses `Unwritable`."""
    if kind is ExportFormat.JPK_KR:
        return tables.write_journal(out, (_jpk(line) for line in lines))
    rows = (_row(line) for line in lines)
    return csv_file.write_to(out, rows) if kind is ExportFormat.CSV else xlsx_file.write_to(out, rows)[0]


def sie_head(
    *, company: Company, currency: str, year: int, made: date, accounts: Sequence[tuple[str, str]], note: str
) -> SieFile:
    """A file for import (type 4I): chart and company, no balances; vouchers have numbers of ours."""
    return SieFile(
        sie_type="4",
        program="Kvit",
        program_version="1",
        generated_date=made,
        company_name=company.name,
        company_number=company.number,
        currency=currency,
        note=note,
        years=(FiscalYear(index=0, from_date=date(year, 1, 1), to_date=date(year, 12, 31)),),
        accounts=tuple(Account(number=number, name=name) for number, name in accounts),
    )


def vouchers(lines: Iterable[ExportLine], currency: str) -> Iterator[Voucher]:
    """The lines in one currency as vouchers; an entry that has none in it is left out."""
    for _, together in itertools.groupby(lines, key=lambda line: (line.year, line.number)):
        own = [line for line in together if line.currency == currency]
        if own:
            first = own[0]
            yield Voucher(
                place="",
                series=SERIES,
                number=str(first.number),
                date=first.entry_date,
                text=_said(first),
                registered_date=first.recorded_date,
                transactions=tuple(
                    Transaction(place="", account=line.account, amount_minor=line.amount_minor, text=line.party)
                    for line in own
                ),
            )


def write_vouchers(out: BinaryIO, head: SieFile, lines: Iterable[ExportLine]) -> tuple[int, str]:
    """The SIE file: how many vouchers, and the first thing that had to be written otherwise."""
    count, notes = sie.write_to(out, head, vouchers(lines, head.currency))
    return count, notes[0].text if notes else ""


def sales_rows(lines: Iterable[ExportLine], documents: Mapping[tuple[str, int], SalesDocument]) -> Iterator[SalesRow]:
    """A row for each entry of a sale, with the sign of a reversal turned."""
    for _, together in itertools.groupby(lines, key=lambda line: (line.year, line.number)):
        first = next(iter(together))
        document = documents.get(first.subject)
        if document is not None and first.kind in ("sale", "credit"):
            yield _sale(document, turned=first.is_reversal)


def _sale(document: SalesDocument, *, turned: bool) -> SalesRow:
    sign = -1 if turned else 1
    return SalesRow(
        number=document.number,
        issue_date=document.issue_date,
        sale_date=document.sale_date,
        currency=document.currency,
        document_currency=document.document_currency,
        exchange_rate=document.exchange_rate,
        buyer_name=document.buyer_name,
        buyer=Buyer(document.buyer_country, document.buyer_vat_country, document.buyer_vat_number),
        is_correction=document.is_correction or turned,
        goods=document.goods,
        sums=tuple(
            CategorySum(one.category, one.vat_rate, one.base_minor * sign, one.vat_minor * sign)
            for one in document.sums
        ),
    )


def _said(line: ExportLine) -> str:
    return f"{KINDS.get(line.kind, line.kind)} {line.document}".strip()


def _row(line: ExportLine) -> JournalRow:
    return JournalRow(
        entry=line.entry,
        date=line.entry_date,
        account=line.account,
        account_name=line.account_name,
        amount=Money(line.amount_minor, line.currency),
        text=KINDS.get(line.kind, line.kind),
        document=line.document,
        party=line.party,
    )


def _jpk(line: ExportLine) -> JournalLine:
    return JournalLine(
        entry=line.entry,
        number=line.number,
        text=_said(line),
        document=line.document or line.entry,
        kind=line.kind,
        entry_date=line.entry_date,
        booked_date=line.recorded_date,
        account=line.account,
        account_name=line.account_name,
        amount=Money(line.amount_minor, line.currency),
        party=line.party,
    )
