"""What a camt statement says about itself: account, currency, balances, dates and declared totals."""

import datetime
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank import fields as values
from kvit.formats.bank.camt import entry
from kvit.formats.bank.camt.walk import Fields
from kvit.formats.bank.fields import Unreadable, shown
from kvit.formats.bank.statement import Statement, Totals
from kvit.kernel.results import Problem

# Booked balances only: available, forward and interim balances do not add up with the entries.
_OPENING: Final = ("OPBD", "PRCD")
_CLOSING: Final = ("CLBD",)
_TOTALS: Final = ("count", "sum", "net", "credit_count", "credit_sum", "debit_count", "debit_sum")


@dataclass(frozen=True, slots=True)
class Header:
    """A statement without its lines, and what in its header could not be taken."""

    statement: Statement
    problems: tuple[Problem, ...]


def read(fields: Fields, *, place: str, message_id: str, currency_of_entry: str) -> Header:
    """The header of one statement.

    The currency is the account's (Acct/Ccy), else that of a booked balance, else that of the entries. The
    opening balance is the first OPBD, or the first PRCD (the closing balance of the statement before); the
    closing balance is the last CLBD. A balance in another currency than the account's is a problem and
    not taken.
    """
    return _Reading(fields, place, currency_of_entry).header(message_id)


class _Reading:
    def __init__(self, fields: Fields, place: str, currency_of_entry: str) -> None:
        self.fields = fields
        self.place = place
        self.problems: list[Problem] = []
        self.currency = self._currency() or currency_of_entry

    def header(self, message_id: str) -> Header:
        text = self.fields.get
        if "account" not in self.fields:
            self._problem("Acct", "the account is missing")
        opening, closing = self._balance(_OPENING), self._balance(_CLOSING)
        statement = Statement(
            place=self.place,
            account=text("account", ""),
            currency=self.currency,
            opening_minor=self._minor(opening),
            closing_minor=self._minor(closing),
            opening_date=self._day("Bal", self._balance_text(opening, "date")),
            closing_date=self._day("Bal", self._balance_text(closing, "date")),
            statement_id=text("statement_id", ""),
            message_id=message_id,
            sequence_number=text("sequence_number", ""),
            from_date=self._day("FrToDt", text("from_date", "")),
            to_date=self._day("FrToDt", text("to_date", "")),
            account_owner=text("account_owner", ""),
            copy_code=text("copy_code", ""),
            declared=self._totals(),
        )
        return Header(statement, tuple(self.problems))

    def _problem(self, part: str, reason: str) -> None:
        self.problems.append(Problem(f"{self.place}/{part}", reason))

    def _currency(self) -> str:
        if "currency" in self.fields:
            return str(self.fields["currency"])
        for balance in self.fields.get("balances", ()):
            if balance.get("kind") in (*_OPENING, *_CLOSING):
                return str(balance.get("amount", "").partition(" ")[0])
        return ""

    def _balance(self, kinds: tuple[str, ...]) -> int | None:
        """The index of the balance to take: of the first kind there is, in the account's currency."""
        balances = self.fields.get("balances", ())
        if not balances:
            return None
        for kind in kinds:
            found = [i for i, balance in enumerate(balances) if balance.get("kind") == kind]
            own = [i for i in found if balances[i].get("amount", "").startswith(f"{self.currency} ")]
            if own:
                return own[-1] if kinds is _CLOSING else own[0]
            if found:
                other = balances[found[0]].get("amount", "").partition(" ")[0]
                reason = f"the balance {kind} is in {shown(other)}, the account in {shown(self.currency)}"
                self._problem(f"Bal[{found[0] + 1}]", f"{reason}; not taken")
                return None
        return None

    def _minor(self, index: int | None) -> int | None:
        if index is None:
            return None
        try:
            return entry.signed(self.fields["balances"][index])[0]
        except Unreadable as refusal:
            self._problem(f"Bal[{index + 1}]", f"the balance cannot be read: {refusal}")
            return None

    def _balance_text(self, index: int | None, key: str) -> str:
        return "" if index is None else self.fields["balances"][index].get(key, "")

    def _day(self, part: str, text: str) -> datetime.date | None:
        try:
            return values.day(text) if text else None
        except Unreadable as refusal:
            self._problem(part, str(refusal))
            return None

    def _totals(self) -> Totals:
        if self.fields.keys().isdisjoint(_TOTALS):
            return Totals()
        net_minor = self._sum("net")
        indicator = self.fields.get("net_indicator", "")
        if net_minor is not None and indicator != "CRDT":
            net_minor = -net_minor if indicator == "DBIT" else None
        return Totals(
            count=self._count("count"),
            sum_minor=self._sum("sum"),
            net_minor=net_minor,
            credit_count=self._count("credit_count"),
            credit_minor=self._sum("credit_sum"),
            debit_count=self._count("debit_count"),
            debit_minor=self._sum("debit_sum"),
        )

    def _count(self, key: str) -> int | None:
        text = self.fields.get(key, "")
        if text.isascii() and text.isdecimal() and len(text) <= 15:
            return int(text)
        if text:
            self._problem("TxsSummry", f"{shown(text)} is not a count")
        return None

    def _sum(self, key: str) -> int | None:
        text = self.fields.get(key, "")
        try:
            return values.amount_minor(text, self.currency) if text else None
        except Unreadable as refusal:
            self._problem("TxsSummry", str(refusal))
            return None
