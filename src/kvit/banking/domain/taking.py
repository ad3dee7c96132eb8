"""Statements and lines as they are handed to the commands that take them in."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kvit.formats.bank.statement import Line, Statement


@dataclass(frozen=True, slots=True)
class Header:
    """A statement's head: which account, which days, which balances (minor units; None: the file gives none).

    `profile` is that of a file in columns; `is_currency_assumed`: the profile names the currency, the file does not.
    """

    place: str
    account_number: str
    currency: str
    statement_number: str
    from_date: date | None
    to_date: date | None
    opening_minor: int | None
    closing_minor: int | None
    sequence_number: str = ""
    profile: str = ""
    is_currency_assumed: bool = False

    @classmethod
    def of(cls, statement: Statement) -> "Header":
        """The head of a statement as read; what is no currency by its length counts as none given."""
        return cls(
            place=statement.place,
            account_number=statement.account[:40],
            currency=statement.currency if len(statement.currency) <= 3 else "",
            statement_number=statement.statement_id[:80],
            from_date=statement.from_date or statement.opening_date,
            to_date=statement.to_date or statement.closing_date,
            opening_minor=statement.opening_minor,
            closing_minor=statement.closing_minor,
            sequence_number=statement.sequence_number[:40],
            profile=statement.profile[:80],
            is_currency_assumed=statement.is_currency_assumed,
        )


@dataclass(slots=True)
class LineToTake:
    """A line with the key that makes it unique on its account."""

    content_key: str
    line: Line


_COLUMNS: Final = frozenset(
    {
        "place",
        "booking_date",
        "value_date",
        "amount_minor",
        "currency",
        "counterparty_name",
        "counterparty_account",
        "reference",
        "text",
        "bank_id",
    }
)
_DETAILS: Final = tuple(name for name in Line.__dataclass_fields__ if name not in _COLUMNS)


def details(line: Line) -> dict[str, Any]:
    """What a line says beyond its main columns, without what it leaves empty."""
    return {name: value for name in _DETAILS if (value := getattr(line, name))}
