"""A statement as a table for other programs: CSV and XLSX, in the language of the statement."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from kvit.base.texts import N_
from kvit.formats.books import csv_table, workbook
from kvit.formats.books.journal.rows import quoted
from kvit.formats.books.workbook import Value
from kvit.invoicing.domain.statements import Happened, Statement, StatementForm
from kvit.kernel.money import Money

Say = Callable[[str], str]
"""The text in the reader's language."""

WORDS: Final = {
    Happened.INVOICE: N_("Invoice"),
    Happened.CREDIT_NOTE: N_("Credit note"),
    Happened.PAYMENT: N_("Payment"),
    Happened.REFUND: N_("Refund"),
    Happened.WRITE_OFF: N_("Write-off"),
    Happened.TAKEN_BACK: N_("Taken back"),
    Happened.OTHER: N_("Adjustment"),
}
_RUNNING: Final = (
    N_("Date"),
    N_("Description"),
    N_("Document"),
    N_("Due"),
    N_("Raises"),
    N_("Lowers"),
    N_("Balance"),
    N_("Currency"),
    N_("Settles"),
)
_OPEN: Final = (
    N_("Document"),
    N_("Description"),
    N_("Date"),
    N_("Due"),
    N_("Days late"),
    N_("Amount"),
    N_("Left to pay"),
    N_("Currency"),
)
_WIDTHS: Final = {
    StatementForm.RUNNING: (12, 24, 24, 12, 14, 14, 14, 9, 40),
    StatementForm.OPEN_ITEMS: (24, 24, 12, 12, 10, 14, 14, 9),
}


def head(statement: Statement, say: Say) -> tuple[str, ...]:
    """The names of the columns."""
    names = _RUNNING if statement.form is StatementForm.RUNNING else _OPEN
    return tuple(say(name) for name in names)


def rows(statement: Statement, say: Say) -> Iterator[tuple[Value, ...]]:
    """Opening balance, movements, closing balance; or what is open and its sum."""
    currency = statement.currency
    if statement.form is StatementForm.OPEN_ITEMS:
        for item in statement.items:
            amounts = (Money(item.amount_minor, currency), Money(item.open_minor, currency))
            late = item.days_overdue if item.days_overdue > 0 else None
            yield (item.number, say(WORDS[item.what]), item.day, item.due_date, late, *amounts, currency)
        closing = Money(statement.closing_minor, currency)
        yield ("", say(N_("Balance")), statement.to_date, None, None, None, closing, currency)
        return
    opening = Money(statement.opening_minor, currency)
    yield (statement.from_date, say(N_("Opening balance")), "", None, None, None, opening, currency, "")
    for line in statement.lines:
        amount = Money(line.amount_minor, currency)
        sides = (amount, None) if line.amount_minor > 0 else (None, -amount)
        settles = ", ".join(
            f"{each.number} {Money(each.amount_minor, currency).to_decimal():f}" for each in line.settles
        )
        balance = Money(line.balance_minor, currency)
        what = say(WORDS[line.what])
        yield (line.day, what, line.number, line.due_date, *sides, balance, currency, settles)
    closing = Money(statement.closing_minor, currency)
    yield (statement.to_date, say(N_("Closing balance")), "", None, None, None, closing, currency, "")


def as_csv(statement: Statement, say: Say) -> bytes:
    """UTF-8 with a byte order mark, comma, days as 2026-03-31, decimal point; no cell is a formula."""
    out = io.BytesIO()
    csv_table.write(out, head=head(statement, say), rows=(_spelled(row) for row in rows(statement, say)))
    return out.getvalue()


def as_xlsx(statement: Statement, say: Say) -> bytes:
    """One sheet; amounts are numbers, days are days."""
    out = io.BytesIO()
    table, widths = rows(statement, say), _WIDTHS[statement.form]
    workbook.write(out, name=statement.number[:31], head=head(statement, say), rows=table, widths=widths)
    return out.getvalue()


def _spelled(row: Sequence[Value]) -> tuple[str, ...]:
    return tuple(_cell(value) for value in row)


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.to_decimal():f}"  # a number below zero is no formula; a text that begins so might be
    return value.isoformat() if isinstance(value, date) else quoted(str(value))
