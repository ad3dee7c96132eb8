"""Whether a statement's lines explain the difference between its balances."""

from collections.abc import Iterator

from kvit.formats.bank import sentences
from kvit.formats.bank.fields import decimal_text
from kvit.formats.bank.statement import Statement
from kvit.kernel.results import Problem


def problems(statement: Statement, booked_minor: int) -> Iterator[Problem]:
    """A Problem at the statement's place where opening balance and lines do not make the closing balance."""
    opening, closing = statement.opening_minor, statement.closing_minor
    if opening is None or closing is None or opening + booked_minor == closing:
        return
    first, lines, made, last, difference = (
        decimal_text(minor, statement.currency)
        for minor in (opening, booked_minor, opening + booked_minor, closing, closing - opening - booked_minor)
    )
    yield sentences.problem(
        statement.place,
        "balances_differ",
        first=first,
        lines=lines,
        made=made,
        last=last,
        difference=difference,
    )
