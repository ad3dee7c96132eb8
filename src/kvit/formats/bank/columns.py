"""Lines of fixed columns, as Bankgirot writes them: texts, numbers, days and amounts, exact or refused."""

import datetime
from dataclasses import dataclass

from kvit.formats.bank.fields import Unreadable, shown


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number from 1 and its text, tabs expanded, blanks at its end dropped."""

    number: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"line {self.number}"

    @property
    def code(self) -> str:
        """The transaction code in the first two columns."""
        return self.text[:2]

    def columns(self, first: int, last: int) -> str:
        """The text of the columns first to last, counted from 1 as the manuals do, blanks stripped."""
        return self.text[first - 1 : last].strip()

    def raw(self, first: int, last: int) -> str:
        """The same with its blanks, and with blanks for what the line is too short for."""
        return self.text[first - 1 : last].ljust(last - first + 1)

    def number_at(self, first: int, last: int) -> str:
        """Digits without leading zeros, "" for none."""
        return self.columns(first, last).lstrip("0")

    def amount_minor(self, first: int, last: int) -> int:
        """An amount in hundredths. Refuses Unreadable."""
        text = self.text[first - 1 : last]
        if not (text.isascii() and text.isdecimal() and len(text) == last - first + 1):
            raise Unreadable(f"{shown(text)} in columns {first} to {last} is not an amount")
        return int(text)

    def count(self, first: int, last: int) -> int:
        """A count. Refuses Unreadable."""
        text = self.columns(first, last)
        if not (text.isascii() and text.isdecimal()):
            raise Unreadable(f"{shown(text)} in columns {first} to {last} is not a count")
        return int(text)

    def day(self, first: int, last: int) -> datetime.date | None:
        """A day as YYYYMMDD or YYMMDD, None for blanks or zeros. Refuses Unreadable."""
        text = self.columns(first, last)
        if not text.strip("0"):
            return None
        if not (text.isascii() and text.isdecimal() and len(text) == last - first + 1):
            raise Unreadable(f"{shown(text)} in columns {first} to {last} is not a date")
        year = int(text[:-4]) + (2000 if len(text) == 6 else 0)
        try:
            return datetime.date(year, int(text[-4:-2]), int(text[-2:]))
        except ValueError:
            raise Unreadable(f"{shown(text)} is not a day of the calendar") from None


def row(number: int, text: str) -> Row:
    """A line as it stands in the file as a row."""
    return Row(number, text.expandtabs(8).rstrip())
