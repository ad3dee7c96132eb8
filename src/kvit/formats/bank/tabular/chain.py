"""The balance column of a CSV: which way the rows run, what opens and closes them, and where one is missing."""

from dataclasses import dataclass, field

from kvit.formats.bank import sentences
from kvit.kernel.results import Problem


@dataclass(slots=True)
class _Way:
    """One way the rows may run. `key` is the balance before the oldest row as each stated balance gives it."""

    first: int | None = None
    last: int | None = None
    breaks: int = 0
    broken_at: str = ""

    def add(self, key: int, place: str) -> None:
        if self.last is not None and key != self.last:
            self.breaks += 1
            self.broken_at = self.broken_at or place
        self.first = key if self.first is None else self.first
        self.last = key


@dataclass(slots=True)
class Chain:
    """Takes every booked row in the order of the file; a balance of None is one the bank does not state.

    Oldest first, each balance less all amounts so far is the opening balance; newest first, each balance and
    all amounts before it is the closing one. The way with fewer breaks is the file's.
    """

    total: int = 0
    _down: _Way = field(default_factory=_Way)
    _up: _Way = field(default_factory=_Way)

    def add(self, amount_minor: int, balance_minor: int | None, place: str) -> None:
        """One more row."""
        if balance_minor is not None:
            self._up.add(balance_minor + self.total, place)
            self._down.add(balance_minor - self.total - amount_minor, place)
        self.total += amount_minor

    def balances(self) -> tuple[int | None, int | None]:
        """Opening and closing balance; None where no row states one."""
        if self._down.first is None or self._down.last is None or self._up.first is None or self._up.last is None:
            return None, None
        if self._down.breaks <= self._up.breaks:
            return self._down.first, self._down.last + self.total
        return self._up.last - self.total, self._up.first

    def problem(self, place: str) -> Problem | None:
        """Where the balances do not follow from the amounts: a row is missing there, or came twice."""
        way = self._down if self._down.breaks <= self._up.breaks else self._up
        if not way.breaks:
            return None
        return sentences.problem(place, "balance_breaks", place=way.broken_at, times=str(way.breaks))
