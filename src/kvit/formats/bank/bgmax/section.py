"""One section of a BgMax file (TK05 to TK15) as a statement: the payments of one deposit."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from kvit.formats.bank.bgmax import records
from kvit.formats.bank.bgmax.records import Payment, Record
from kvit.formats.bank.fields import Unreadable, decimal_text, doubt
from kvit.formats.bank.pieces import MAX_PROBLEMS
from kvit.formats.bank.statement import Event, Line, Part, Statement, StatementClosed, StatementOpened, Totals
from kvit.kernel.results import Problem

_PAYMENTS: Final = frozenset({"20", "21"})
_FOLLOWING: Final = frozenset({"22", "23", "25", "26", "27", "28", "29"})


@dataclass(slots=True)
class Section:
    """What is known about a section before its payments are read.

    `deposit` is TK15, which alone gives the day; None where the file does not get to it.
    """

    opening: Record
    deposit: Record | None
    message_id: str
    is_test: bool
    booking_date: datetime.date | None = None
    payment_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    def events(self, body: Iterable[Record]) -> Iterator[Event]:
        """The statement of this section with the payments in `body`, the records between TK05 and TK15."""
        statement = self._statement()
        yield StatementOpened(statement)
        yield from self.problems
        total = problem_count = 0
        for event in self._read(body, statement.currency):
            if isinstance(event, Line):
                total += event.amount_minor
            problem_count += isinstance(event, Problem)
            yield event
            if problem_count > MAX_PROBLEMS:
                yield Problem(self.opening.place, f"more than {MAX_PROBLEMS} problems; the rest was not read")
                break
        yield from _compared(statement, self.deposit, self.payment_count, total)
        yield StatementClosed(statement)

    def _read(self, body: Iterable[Record], currency: str) -> Iterator[Line | Problem]:
        for payment in _payments(body):
            if isinstance(payment, Problem):
                yield payment
            else:
                self.payment_count += 1
                yield from self._payment(payment, currency)

    def _statement(self) -> Statement:
        opening, deposit = self.opening, self.deposit
        account = _digits(opening.columns(3, 12)) or _digits(opening.columns(13, 22))
        currency = opening.columns(23, 25)
        if not account:
            self._problem(opening, "the section states no bankgiro number")
        if deposit is None:
            self._problem(opening, "the section has no deposit record (TK15), which would give the day")
            return self._made(account, currency, Totals())
        try:
            self.booking_date = records.day(deposit.columns(38, 45))
            if reason := doubt(self.booking_date):
                self._problem(deposit, reason)
        except Unreadable as refusal:
            self._problem(deposit, f"the day of the deposit: {refusal}")
        if deposit.columns(69, 71) != currency:
            self._problem(deposit, f"the deposit is in {deposit.columns(69, 71)}, its section in {currency}")
        return self._made(account, currency, self._totals(deposit, currency))

    def _made(self, account: str, currency: str, totals: Totals) -> Statement:
        deposit = self.deposit
        return Statement(
            place=self.opening.place,
            account=account,
            currency=currency,
            statement_id=deposit.columns(46, 50) if deposit else "",
            message_id=self.message_id,
            from_date=self.booking_date,
            to_date=self.booking_date,
            deposit_account=_digits(deposit.columns(3, 37)) if deposit else "",
            is_test=self.is_test,
            declared=totals,
        )

    def _totals(self, deposit: Record, currency: str) -> Totals:
        amount = number = None
        try:
            amount = records.amount_minor(deposit.columns(51, 68), currency)
            number = records.count(deposit.columns(72, 79))
        except Unreadable as refusal:
            self._problem(deposit, f"the deposit cannot be checked: {refusal}")
        return Totals(count=number, net_minor=amount)

    def _problem(self, at: Record, reason: str) -> None:
        self.problems.append(Problem(at.place, reason))

    def _payment(self, payment: Payment, currency: str) -> Iterator[Line | Problem]:
        main = payment.main
        try:
            if self.booking_date is None:
                raise Unreadable("the day of this payment is not known: its section has no readable deposit")
            records.check_tail(main)
            amount_minor = records.amount_minor(main.columns(38, 55), currency)
        except Unreadable as refusal:
            yield Problem(main.place, str(refusal))
            return
        if payment.is_deduction:
            amount_minor = -amount_minor
        parts, problems = _parts(payment, amount_minor, currency)
        yield _line(payment, self.booking_date, amount_minor, currency, parts)
        yield from problems


def _parts(payment: Payment, amount_minor: int, currency: str) -> tuple[tuple[Part, ...], list[Problem]]:
    """All references of a payment. Amounts stated for extra ones must add up to the payment."""
    extra: list[Part] = []
    problems: list[Problem] = []
    for record in payment.extra:
        try:
            extra.append(records.extra_part(record, currency))
        except Unreadable as refusal:
            extra.append(records.bare_part(record))
            problems.append(Problem(record.place, f"the extra reference stands without an amount: {refusal}"))
    stated = sum(part.amount_minor or 0 for part in extra)
    if payment.is_deduction and stated == -amount_minor:  # a deduction whose references carry no sign
        extra = [Part(part.reference, -(part.amount_minor or 0) or None) for part in extra]
    elif any(part.amount_minor for part in extra) and stated != amount_minor:
        told, made = decimal_text(stated, currency), decimal_text(amount_minor, currency)
        reason = f"the extra references add up to {told}, the payment is {made}"
        problems.append(Problem(f"{payment.main.place}, extra references", reason))
    listed = {part.reference for part in extra} | {""}
    own = [Part(reference) for reference in payment.own_references() if reference not in listed]
    return (*own, *extra), problems


def _line(
    payment: Payment, booking_date: datetime.date, amount_minor: int, currency: str, parts: tuple[Part, ...]
) -> Line:
    main = payment.main
    reference, reference_type = payment.reference()
    name, *other_names = payment.names or [""]
    return Line(
        place=main.place,
        booking_date=booking_date,
        value_date=None,
        amount_minor=amount_minor,
        currency=currency,
        counterparty_name=name,
        counterparty_account=_digits(main.columns(3, 12)),
        counterparty_id=payment.payer_id,
        counterparty_address=tuple(filter(None, [*other_names, *payment.address])),
        reference=reference,
        reference_type=reference_type,
        parts=parts,
        text=payment.text(),
        bank_id=main.columns(58, 69),
        transaction_code=f"BGMAX-{main.columns(57, 57)}",
        reason_code=main.columns(71, 71) if payment.is_deduction else "",
        has_image=main.columns(70, 70) == "1",
    )


def _payments(body: Iterable[Record]) -> Iterator[Payment | Problem]:
    """The payments of a section, each with the records that follow it, and what is no part of one."""
    payment: Payment | None = None
    for record in body:
        if record.damage:
            yield Problem(f"{record.place}, characters", record.damage)
        if record.code in _PAYMENTS:
            if payment is not None:
                yield payment
            payment = Payment(record)
        elif record.code not in _FOLLOWING:
            yield Problem(record.place, "no record of a BgMax section")
        elif payment is None:
            yield Problem(record.place, f"a record TK{record.code} with no payment before it")
        elif not payment.add(record):
            yield Problem(record.place, f"more than {records.MAX_FOLLOWING} records follow one payment; not read")
    if payment is not None:
        yield payment


def _compared(statement: Statement, deposit: Record | None, count: int, total: int) -> Iterator[Problem]:
    if deposit is None:
        return
    declared, place = statement.declared, deposit.place
    if declared.count is not None and declared.count != count:
        yield Problem(place, f"the deposit declares {declared.count} payments, {count} stand in the section")
    if declared.net_minor is not None and declared.net_minor != total:
        told = decimal_text(declared.net_minor, statement.currency)
        made = decimal_text(total, statement.currency)
        yield Problem(place, f"the deposit is {told}, the payments read make {made}")


def _digits(text: str) -> str:
    """A number without its leading zeros; "" for none."""
    return text.lstrip("0")
