"""One message of an MT940 or MT942 file as a statement: its header, its lines, its totals."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from kvit.formats.bank import balance
from kvit.formats.bank.fields import Unreadable, decimal_text, doubt, shown
from kvit.formats.bank.mt940 import details as text86
from kvit.formats.bank.mt940 import entry as entries
from kvit.formats.bank.mt940.entry import Balance, Entry
from kvit.formats.bank.mt940.found import Details, joined, stated
from kvit.formats.bank.statement import Event, Line, Statement, StatementClosed, StatementOpened
from kvit.kernel import currencies
from kvit.kernel.identifiers import iban
from kvit.kernel.identifiers.invalid import InvalidIdentifier
from kvit.kernel.results import Problem

MAX_TEXT: Final = 10_000
MAX_TEXT_LINES: Final = 1_000


@dataclass(slots=True)
class Field:
    """A field: its tag with the colons, the number of its first line, its lines without the tag."""

    tag: str
    number: int
    lines: list[str]


@dataclass(slots=True)
class _Pending:
    """A statement line that may still get its text."""

    number: int
    lines: list[str]
    texts: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)


class Message:
    """Takes the fields of one message in their order and gives its events."""

    def __init__(self, number: int) -> None:
        self.is_closed = False
        self._header = Statement(place=f"line {number}", account="", currency="")
        self._pending: _Pending | None = None
        self._is_announced = False
        self._texts: list[str] = []
        self._booked_minor = 0
        self._counts = {"C": 0, "D": 0}
        self._sums = {"C": 0, "D": 0}

    def take(self, one: Field) -> Iterator[Event]:
        """The events of one more field."""
        tag = one.tag
        if tag == ":61:":
            yield from self._flush()
            self._pending = _Pending(one.number, one.lines)
        elif tag == ":86:":
            yield from _more(self._texts if self._pending is None else self._pending.texts, one)
        elif tag == ":NS:":
            yield from _more(self._texts if self._pending is None else self._pending.numbered, one)
        else:
            yield from self._flush()
            yield from self._take_header(one)

    def end(self) -> Iterator[Event]:
        """The last line and the end of the statement."""
        yield from self._flush()
        yield from self._announce()
        self._header = replace(self._header, text=joined(*self._texts)[:MAX_TEXT])
        yield from balance.problems(self._header, self._booked_minor)
        yield from self._compared()
        yield StatementClosed(self._header)

    def _take_header(self, one: Field) -> Iterator[Problem]:
        value = one.lines[0].strip()
        try:
            if one.tag in (":60F:", ":60M:"):
                self._opening(entries.balance(value))
            elif one.tag in (":62F:", ":62M:"):
                self.is_closed = True
                self._closing(entries.balance(value))
            elif one.tag in (":90C:", ":90D:"):
                self.is_closed = True
                self._declared(one.tag[3], value)
            else:
                self._take_name(one.tag, value)
        except Unreadable as refusal:
            yield Problem(f"line {one.number}", f"{one.tag} {refusal}")
        if any(line.strip() for line in one.lines[1:]):
            yield Problem(f"line {one.number + 1}", f"what stands below {one.tag} was not read: {shown(one.lines[1])}")

    def _take_name(self, tag: str, value: str) -> None:
        if tag == ":20:":
            self._header = replace(self._header, message_id=value)
        elif tag in (":25:", ":25P:"):
            self._account(value)
        elif tag in (":28:", ":28C:"):
            self._header = replace(self._header, sequence_number=value, statement_id=value)
        elif tag == ":34F:":
            currency = entries.floor_currency(value)
            self._header = replace(self._header, currency=self._header.currency or currency)

    def _account(self, value: str) -> None:
        """The account, without a currency behind it; "BIC/number" and "bank code/number" stay as they are."""
        account, currency = value.strip(" /"), ""
        if account[-3:] in currencies.known() and account[-4:-3] in set(" 0123456789") and not _is_iban(account):
            account, currency = account[:-3].rstrip(), account[-3:]
        self._header = replace(self._header, account=account, currency=self._header.currency or currency)

    def _opening(self, found: Balance) -> None:
        self._header = replace(
            self._header, currency=found.currency, opening_minor=found.amount_minor, opening_date=found.date
        )

    def _closing(self, found: Balance) -> None:
        currency = self._header.currency or found.currency
        if found.currency != currency:
            raise Unreadable(f"the balance is in {found.currency}, the account in {currency}; not taken")
        self._header = replace(
            self._header, currency=currency, closing_minor=found.amount_minor, closing_date=found.date
        )

    def _declared(self, mark: str, value: str) -> None:
        count, currency, amount_minor = entries.total(value)
        if currency != (self._header.currency or currency):
            raise Unreadable(f"the total is in {currency}, the account in {self._header.currency}; not taken")
        told = self._header.declared
        if mark == "C":
            told = replace(told, credit_count=count, credit_minor=amount_minor)
        else:
            told = replace(told, debit_count=count, debit_minor=amount_minor)
        self._header = replace(self._header, currency=currency, declared=told)

    def _announce(self) -> Iterator[Event]:
        if not self._is_announced:
            self._is_announced = True
            yield StatementOpened(self._header)

    def _flush(self) -> Iterator[Event]:
        pending, self._pending = self._pending, None
        if pending is None:
            return
        yield from self._announce()
        place = f"line {pending.number}"
        try:
            if not self._header.currency:
                raise Unreadable("its currency is not known: no opening balance (:60F:) stands before it")
            try:
                entry, supplement = entries.read(pending.lines[0], self._header.currency), pending.lines[1:]
            except Unreadable:  # some banks break the line itself
                if len(pending.lines) == 1:
                    raise
                entry, supplement = entries.read("".join(pending.lines[:2]), self._header.currency), pending.lines[2:]
        except Unreadable as refusal:
            yield Problem(place, str(refusal))
            return
        yield self._line(place, entry, pending, joined(*supplement))
        for part, reason in entry.remarks:
            yield Problem(f"{place}, {part}", reason)
        if reason := doubt(entry.booking_date):
            yield Problem(f"{place}, entry date", reason)

    def _line(self, place: str, entry: Entry, pending: _Pending, supplement: str) -> Line:
        self._booked_minor += entry.amount_minor
        mark = "C" if entry.amount_minor >= 0 else "D"
        self._counts[mark] += 1
        self._sums[mark] += abs(entry.amount_minor)
        found = _details(entry, pending, supplement)
        is_party = supplement == found.name or text86.is_account(supplement)
        bank_text = found.bank_text or ("" if is_party else supplement)
        own_reference = entry.customer_reference if entry.customer_reference != found.account else ""
        return Line(
            place=place,
            booking_date=entry.booking_date,
            value_date=entry.value_date,
            amount_minor=entry.amount_minor,
            currency=self._header.currency,
            counterparty_name=found.name or entry.overflow,
            counterparty_account=found.account or (supplement if text86.is_account(supplement) else ""),
            counterparty_id=found.counterparty_id,
            counterparty_address=found.address,
            ultimate_party_name=found.ultimate_party,
            reference=found.structured_reference(),
            text=found.text or bank_text or own_reference,
            bank_text=bank_text,
            bank_id=entry.bank_reference,
            end_to_end_id=found.end_to_end_id,
            transaction_id=found.transaction_id,
            instruction_id=own_reference,
            payment_information_id=found.payment_information_id,
            mandate_id=found.mandate_id,
            transaction_code=f"SWIFT-{entry.type_code}" if entry.type_code else "",
            proprietary_code=found.code,
            reason_code=found.reason_code,
            is_reversal=entry.is_reversal,
        )

    def _compared(self) -> Iterator[Problem]:
        told, place = self._header.declared, self._header.place
        for name, mark, count, amount_minor in (
            ("credits", "C", told.credit_count, told.credit_minor),
            ("debits", "D", told.debit_count, told.debit_minor),
        ):
            found, made = self._counts[mark], self._sums[mark]
            if count is not None and count != found:
                yield Problem(place, f"{count} {name} are declared, {found} stand in the statement")
            if amount_minor is not None and amount_minor != made:
                currency = self._header.currency
                stated_sum, added = decimal_text(amount_minor, currency), decimal_text(made, currency)
                yield Problem(place, f"{stated_sum} is declared as the sum of {name}, the lines make {added}")


def _more(texts: list[str], one: Field) -> Iterator[Problem]:
    """Take in more text about a payment or the statement, up to what anyone can have written."""
    if len(texts) + len(one.lines) > MAX_TEXT_LINES:
        yield Problem(f"line {one.number}", f"more than {MAX_TEXT_LINES} lines of text ({one.tag}); not read")
    else:
        texts.extend(one.lines)


def _is_iban(text: str) -> bool:
    try:
        iban.validate(text)
    except InvalidIdentifier:
        return False
    return True


def _details(entry: Entry, pending: _Pending, supplement: str) -> Details:
    if pending.numbered and not pending.texts:
        return text86.numbered(pending.numbered)
    lines = pending.texts
    around = text86.Around(entry.customer_reference, entry.bank_reference, supplement)
    found = text86.read(lines, around)
    if pending.numbered:
        found.bank_text = joined(found.bank_text, *pending.numbered)
    found.end_to_end_id = stated(found.end_to_end_id)
    return found
