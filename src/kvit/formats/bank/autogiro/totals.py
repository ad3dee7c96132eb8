"""The closing records of Autogiro files (TK09, TK59) and deposits, compared with the records before them."""

from collections.abc import Iterator, Sequence
from typing import Final

from kvit.formats.bank.autogiro.records import AutogiroFile, Deposit, Direction, Kind, Transfer
from kvit.formats.bank.autogiro.records import Change as Changed
from kvit.formats.bank.columns import Row
from kvit.formats.bank.fields import Unreadable, decimal_text
from kvit.kernel.results import Problem

_PAID: Final = ("", "0")
_NAMES: Final = {Direction.DEBIT: "withdrawals", Direction.CREDIT: "credits", Direction.REFUND: "refunds"}

# One check: what is counted, the columns that declare it, what was found.
_Check = tuple[str, int, int, int, bool]


def closing(row: Row, file: AutogiroFile, record_count: int) -> Iterator[Problem]:
    """What a closing record declares and the section does not hold; `record_count` is of all its records."""
    for name, first, last, found, is_amount in _checks(file, record_count):
        try:
            declared = row.amount_minor(first, last) if is_amount else row.count(first, last)
        except Unreadable as refusal:
            yield Problem(row.place, f"the {name} cannot be checked: {refusal}")
            continue
        if declared != found:
            told, made = (decimal_text(n, "SEK") if is_amount else str(n) for n in (declared, found))
            yield Problem(row.place, f"{told} is declared as the {name}, the records make {made}")


def _checks(file: AutogiroFile, record_count: int) -> tuple[_Check, ...]:
    if file.kind in (Kind.MANDATE_ADVICE, Kind.E_MANDATES):
        return (("number of records", 15, 21, record_count, False),)
    if file.kind is Kind.PAYMENT_SPECIFICATION and file.is_new_layout:
        deposits = [entry for entry in file.entries if isinstance(entry, Deposit)]
        found: list[_Check] = []
        for at, direction in ((15, Direction.DEBIT), (33, Direction.CREDIT), (51, Direction.REFUND)):
            name = _NAMES[direction]
            sections = sum(one.direction is direction for one in deposits)
            paid = _count(file.entries, direction, paid_only=direction is not Direction.REFUND)
            found += [
                (f"number of sections of {name}", at, at + 5, sections, False),
                (f"number of {name} that were paid", at + 6, at + 17, paid, False),
            ]
        return tuple(found)
    debits, credits_ = (_totals(file.entries, direction) for direction in (Direction.DEBIT, Direction.CREDIT))
    if file.kind is Kind.REJECTED_ORDERS:
        return (
            ("number of credits", 15, 20, credits_[0], False),
            ("sum of credits", 21, 32, credits_[1], True),
            ("number of withdrawals", 33, 38, debits[0], False),
            ("sum of withdrawals", 39, 50, debits[1], True),
        )
    return (
        ("sum of credits", 29, 40, credits_[1], True),
        ("number of credits", 41, 46, credits_[0], False),
        ("number of withdrawals", 47, 52, debits[0], False),
        ("sum of withdrawals", 57, 68, debits[1], True),
    )


def deposits(file: AutogiroFile) -> Iterator[Problem]:
    """Deposits (TK15 to TK17) whose count or sum is not that of the paid transfers below them."""
    for deposit, transfers in _sections(file):
        paid = [one for one in transfers if deposit.direction is Direction.REFUND or one.code in _PAID]
        total = sum(one.amount_minor for one in paid)
        if len(paid) != deposit.count:
            yield Problem(deposit.place, f"the deposit declares {deposit.count} payments, {len(paid)} stand below it")
        if total != deposit.amount_minor:
            told, made = decimal_text(deposit.amount_minor, "SEK"), decimal_text(total, "SEK")
            yield Problem(deposit.place, f"the deposit is {told}, the payments below it make {made}")


def _sections(file: AutogiroFile) -> Iterator[tuple[Deposit, list[Transfer]]]:
    deposit: Deposit | None = None
    transfers: list[Transfer] = []
    for one in file.entries:
        if isinstance(one, Deposit):
            if deposit is not None:
                yield deposit, transfers
            deposit, transfers = one, []
        elif isinstance(one, Transfer):
            transfers.append(one)
    if deposit is not None:
        yield deposit, transfers


def _count(entries: Sequence[object], direction: Direction, *, paid_only: bool) -> int:
    return sum(
        isinstance(one, Transfer) and one.direction is direction and (not paid_only or one.code in _PAID)
        for one in entries
    )


def _totals(entries: Sequence[object], direction: Direction) -> tuple[int, int]:
    own = [one for one in entries if isinstance(one, Transfer | Changed) and one.direction is direction]
    return len(own), sum(one.amount_minor or 0 for one in own)
