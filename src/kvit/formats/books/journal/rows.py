"""One line of a journal, and how a text is kept from being taken as a formula."""

import datetime
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kvit.formats.writing import Unwritable
from kvit.kernel.money import Money
from kvit.kernel.results import Problem

HEAD: Final = (
    "entry",
    "date",
    "account",
    "account_name",
    "debit",
    "credit",
    "currency",
    "text",
    "document",
    "party",
)

# OWASP, CSV injection: = + - @ tab and carriage return at the front of a cell begin a formula or move to another
# cell; line feeds do so in some programs, and the wide forms of the signs in East Asian ones. An apostrophe in
# front takes that power away; one that a text has by itself before such a sign is doubled, so that unquoting is exact.
_MOST_PROBLEMS: Final = 20
_DANGEROUS: Final = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")
_QUOTED: Final = re.compile(r"''*\s*[=+\-@＝＋－＠]|''*[\t\r\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """One side of a posting: `amount` is debited where above zero, credited where below.

    Rows with the same `entry` belong together and add up to zero per currency.
    """

    entry: str
    date: datetime.date
    account: str
    account_name: str
    amount: Money
    text: str = ""
    document: str = ""
    party: str = ""


def quoted(text: str) -> str:
    """The text as it may stand in a cell of a CSV file (RELIABILITY 18)."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unquoted(text: str) -> str:
    """The text that `quoted` was given."""
    return text[1:] if _QUOTED.match(text) else text


def balanced(rows: Iterable[JournalRow]) -> Iterator[JournalRow]:
    """The same rows as they come; rows of one entry stand together.

    Refuses `Unwritable`, naming the first entries whose rows do not add up to zero in each currency.
    """
    problems: list[Problem] = []
    for entry, together in itertools.groupby(rows, key=lambda row: row.entry):
        sums: dict[str, int] = {}
        for row in together:
            sums[row.amount.currency] = sums.get(row.amount.currency, 0) + row.amount.minor
            yield row
        problems += [
            Problem(f"entry {entry}", f"does not balance: {minor} minor units of {currency} too much in debit")
            for currency, minor in sums.items()
            if minor
        ]
        if len(problems) >= _MOST_PROBLEMS:
            break
    if problems:
        raise Unwritable(problems)


def sides(amount: Money) -> tuple[str, str]:
    """Debit and credit as decimals without a sign; the other side is empty."""
    number = f"{abs(amount).to_decimal():f}"
    return (number, "") if amount.minor >= 0 else ("", number)
