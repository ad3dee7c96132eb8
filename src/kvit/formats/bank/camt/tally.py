"""Adds up a camt statement's entries and compares them with its balances and declared totals."""

from collections.abc import Iterator
from dataclasses import dataclass

from kvit.formats.bank import balance
from kvit.formats.bank.camt.payment import Entry
from kvit.formats.bank.fields import decimal_text
from kvit.formats.bank.statement import Statement
from kvit.kernel.results import Problem


@dataclass(slots=True)
class Tally:
    """Sums over one statement, in minor units of `currency`; entries in another currency are only counted.

    The balance is checked against booked lines, the declared totals against all entries, for a bank's
    totals include what is only announced.
    """

    currency: str = ""
    booked_minor: int = 0
    count: int = 0
    credit_count: int = 0
    credit_minor: int = 0
    debit_count: int = 0
    debit_minor: int = 0

    def add(self, entry: Entry) -> None:
        """Count one entry, whether it gave lines or not."""
        self.count += 1
        if entry.amount_minor is None:
            return
        own = entry.currency == self.currency
        if entry.is_credit:
            self.credit_count += 1
            self.credit_minor += entry.amount_minor if own else 0
        else:
            self.debit_count += 1
            self.debit_minor -= entry.amount_minor if own else 0
        if own:
            for line in entry.lines:
                self.booked_minor += line.amount_minor

    def problems(self, statement: Statement) -> Iterator[Problem]:
        """What does not agree: the balance at the statement's place, totals at its TxsSummry."""
        yield from balance.problems(statement, self.booked_minor)
        place = f"{statement.place}/TxsSummry"
        for name, declared, found in self._counts(statement):
            if declared is not None and declared != found:
                yield Problem(place, f"{declared} {name} are declared, {found} stand in the statement")
        for name, declared, found in self._sums(statement):
            if declared is not None and declared != found:
                told, added = self._shown(declared), self._shown(found)
                yield Problem(place, f"{told} is declared as the {name}, the entries make {added}")

    def _counts(self, statement: Statement) -> tuple[tuple[str, int | None, int], ...]:
        declared = statement.declared
        return (
            ("entries", declared.count, self.count),
            ("credits", declared.credit_count, self.credit_count),
            ("debits", declared.debit_count, self.debit_count),
        )

    def _sums(self, statement: Statement) -> tuple[tuple[str, int | None, int], ...]:
        declared = statement.declared
        return (
            ("sum of all entries", declared.sum_minor, self.credit_minor + self.debit_minor),
            ("net of all entries", declared.net_minor, self.credit_minor - self.debit_minor),
            ("sum of credits", declared.credit_minor, self.credit_minor),
            ("sum of debits", declared.debit_minor, self.debit_minor),
        )

    def _shown(self, minor: int) -> str:
        return decimal_text(minor, self.currency)
