"""The journal as CSV (RFC 4180, UTF-8): written so that no cell is a formula, and read back."""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import BinaryIO, Final

from kvit.formats.books import csv_table
from kvit.formats.books.journal.rows import HEAD, JournalRow, balanced, quoted, sides, unquoted
from kvit.formats.writing import Written, totals
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem, Read

MAX_BYTES: Final = 200_000_000


def write(rows: Sequence[JournalRow]) -> Written:
    """UTF-8 with a byte order mark (Excel needs it), comma, decimal point, CRLF; `totals` are the debits.

    Refuses `Unwritable` where an entry does not balance.
    """
    kept = io.BytesIO()
    count = write_to(kept, rows)
    return Written(kept.getvalue(), (), count, totals(row.amount for row in rows if row.amount.minor > 0))


def write_to(out: BinaryIO, rows: Iterable[JournalRow]) -> int:
    """The same as rows come, entry by entry, into a file: how many. Refuses as `write` does."""
    return csv_table.write(out, head=HEAD, rows=_cells(balanced(rows)))


def _cells(rows: Iterable[JournalRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        debit, credit = sides(row.amount)
        yield (
            quoted(row.entry),
            row.date.isoformat(),
            quoted(row.account),
            quoted(row.account_name),
            debit,
            credit,
            row.amount.currency,
            quoted(row.text),
            quoted(row.document),
            quoted(row.party),
        )


def read(data: bytes) -> Read[JournalRow]:
    """The rows of a journal that `write` has written; a line that is no row is a problem with its number."""
    if len(data) > MAX_BYTES:
        return Read((), (Problem("file", f"more than {MAX_BYTES} bytes"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Read((), (Problem(f"byte {error.start}", "the file is not UTF-8"),))
    found: list[JournalRow] = []
    problems: list[Problem] = []
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(table, [])
        if tuple(head) != HEAD:
            return Read((), (Problem("line 1", f"a journal begins with the columns {', '.join(HEAD)}"),))
        for cells in table:
            try:
                found.append(_row(cells))
            except (DomainError, ValueError, InvalidOperation) as error:
                problems.append(Problem(f"line {table.line_num}", f"is no row of a journal: {error}"))
    except csv.Error as error:
        problems.append(Problem(f"line {table.line_num}", f"not a CSV file: {error}"))
    return Read(tuple(found), tuple(problems))


def _row(cells: list[str]) -> JournalRow:
    entry, day, account, account_name, debit, credit, currency, *texts = cells
    if bool(debit) == bool(credit):
        raise ValueError("either debit or credit is filled")
    text, document, party = (unquoted(one) for one in texts)
    amount = Money.from_decimal(Decimal(debit or credit), currency)
    return JournalRow(
        entry=unquoted(entry),
        date=datetime.date.fromisoformat(day),
        account=unquoted(account),
        account_name=unquoted(account_name),
        amount=amount if debit else -amount,
        text=text,
        document=document,
        party=party,
    )
