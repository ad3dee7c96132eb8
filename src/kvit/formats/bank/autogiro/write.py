"""Writes Autogiro files to Bankgirot: mandates, transfers and changes, each section behind its opening record.

Source: Bankgirot, Bg Autogiro, technical manual, chapter 7 (files to Bankgirot: TK01, TK03 to TK05, TK23 to TK29,
TK32, TK82). The file is sealed by `bankgirot.seal` on its way out.
"""

import datetime
from collections.abc import Sequence
from typing import Final

from kvit.formats.bank.autogiro.records import AutogiroFile, Change, Direction, Entry, Kind, Mandate, Transfer
from kvit.formats.bank.autogiro.records import MandateAction as Action
from kvit.formats.bank.bankgirot.columns import Columns, file, record
from kvit.formats.writing import BANKGIROT, Checks, Written, assert_totals, totals
from kvit.kernel.identifiers import se_orgnr, se_personnummer
from kvit.kernel.money import Money

_AT_ONCE: Final = "GENAST  "
_PAYER: Final = 16
_REFERENCE: Final = 16
_ACCOUNT: Final = 16
_IDENTITY: Final = 12
_MOST_TIMES: Final = 999
_ONCE: Final = "0"
_PERIODS: Final = frozenset("012345678")
_DIRECTIONS: Final = {Direction.DEBIT: "82", Direction.CREDIT: "32"}
_ORDERS: Final = {Action.REGISTER: "04", Action.REJECT: "04", Action.CANCEL: "03", Action.RENUMBER: "05"}
# What each kind of change names of the transfers it is about: payer, day, and one of them by its amount.
_CHANGES: Final = {
    "23": (True, False, False),
    "24": (True, True, False),
    "25": (True, True, True),
    "26": (False, False, False),
    "27": (False, True, False),
    "28": (True, True, False),
    "29": (True, True, True),
}
_MOVES: Final = frozenset({"26", "27", "28", "29"})


def write(sections: Sequence[AutogiroFile]) -> Written:
    """The file, not yet sealed. A section holds mandates, transfers or changes, in the order given, and no two kinds.

    `totals` add both directions. Refuses `Unwritable` with every problem and its place ("sections[0]/entries[3]/…").
    """
    checks = Checks(BANKGIROT)
    columns = Columns(checks)
    lines = [line for number, one in enumerate(sections) for line in _section(columns, f"sections[{number}]", one)]
    checks.require(bool(lines), "file", "there is nothing to ask for")
    checks.refuse_problems()
    content = file(lines)
    amounts = [
        Money(entry.amount_minor, "SEK") for one in sections for entry in one.entries if isinstance(entry, Transfer)
    ]
    assert_totals(written=_written(content), given=(len(amounts), sum(amount.minor for amount in amounts)))
    return Written(content, tuple(checks.notes), len(amounts), totals(amounts))


def _written(content: bytes) -> tuple[int, int]:
    """How many transfer records stand in the file, and the sum of their amount columns."""
    lines = content.decode("iso-8859-1").splitlines()
    found = [line[31:43] for line in lines if line[:2] in _DIRECTIONS.values()]
    return len(found), sum(map(int, found))


def _section(columns: Columns, place: str, section: AutogiroFile) -> list[str]:
    checks = columns.checks
    checks.require(section.kind is Kind.ORDERS, place, f"{section.kind.value} come from Bankgirot")
    checks.require(bool(section.entries), place, "there is nothing to ask for")
    checks.require(section.date is not None, f"{place}/date", "is missing")
    checks.require(len({type(entry) for entry in section.entries}) <= 1, place, "holds more than one kind of record")
    bankgiro = columns.bankgiro(f"{place}/payee_bankgiro", section.payee_bankgiro)
    customer = columns.number(f"{place}/customer_number", section.customer_number, width=6)
    opening = record("01", _day(section.date), "AUTOGIRO", " " * 44, customer, bankgiro)
    entries = [
        _entry(columns, f"{place}/entries[{number}]", entry, section) for number, entry in enumerate(section.entries)
    ]
    return [opening, *entries]


def _entry(columns: Columns, place: str, entry: Entry, section: AutogiroFile) -> str:
    match entry:
        case Mandate():
            return _mandate(columns, place, entry)
        case Transfer():
            return _transfer(columns, place, entry, section)
        case Change():
            return _change(columns, place, entry)
        case _:
            columns.checks.problem(place, "comes from Bankgirot")
            return ""


def _day(day: datetime.date | None) -> str:
    return day.strftime("%Y%m%d") if day is not None else " " * 8


def _mandate(columns: Columns, place: str, mandate: Mandate) -> str:
    if mandate.action not in _ORDERS:
        columns.checks.problem(f"{place}/action", f"{mandate.action.value} comes from Bankgirot")
        return ""
    bankgiro = columns.bankgiro(f"{place}/payee_bankgiro", mandate.payee_bankgiro)
    head = (
        _ORDERS[mandate.action] + bankgiro + columns.number(f"{place}/payer_number", mandate.payer_number, width=_PAYER)
    )
    match mandate.action:
        case Action.CANCEL:
            return record(head)
        case Action.RENUMBER:
            new_bankgiro = columns.bankgiro(f"{place}/new_payee_bankgiro", mandate.new_payee_bankgiro)
            new = columns.number(f"{place}/new_payer_number", mandate.new_payer_number, width=_PAYER)
            return record(head, new_bankgiro, new)
        case _:
            refused = "AV" if mandate.action is Action.REJECT else ""
            return record(head, _payer_account(columns, place, mandate), " " * 20, refused)


def _payer_account(columns: Columns, place: str, mandate: Mandate) -> str:
    """Clearing and account number (16), civic or company number (12); both blank for a payer by bankgiro."""
    if not (mandate.account or mandate.person_id):
        return " " * (_ACCOUNT + _IDENTITY)
    checks = columns.checks
    checks.require(
        len(mandate.account) == _ACCOUNT, f"{place}/account", "has 16 digits: clearing number, zeros, account number"
    )
    identity = mandate.person_id
    is_person = len(identity) == _IDENTITY and se_personnummer.is_valid(identity)
    is_company = len(identity) == _IDENTITY and identity.startswith("00") and se_orgnr.is_valid(identity[2:])
    checks.require(
        is_person or is_company, f"{place}/person_id", "is no civic number of 12 digits, nor 00 and a company number"
    )
    return columns.number(f"{place}/account", mandate.account, width=_ACCOUNT) + columns.number(
        f"{place}/person_id", identity, width=_IDENTITY
    )


def _transfer(columns: Columns, place: str, transfer: Transfer, section: AutogiroFile) -> str:
    _check_repetition(columns.checks, place, transfer)
    bankgiro = transfer.payee_bankgiro or section.payee_bankgiro
    repetitions = transfer.repetitions
    return record(
        _direction(columns, place, transfer.direction),
        _AT_ONCE if transfer.at_once else _day(transfer.date),
        transfer.period[:1],
        f"{repetitions:03d}"[:3] if repetitions is not None else " " * 3,
        " ",
        columns.number(f"{place}/payer_number", transfer.payer_number, width=_PAYER),
        columns.amount(f"{place}/amount_minor", Money(transfer.amount_minor, "SEK")),
        columns.bankgiro(f"{place}/payee_bankgiro", bankgiro),
        columns.exact(f"{place}/reference", transfer.reference, width=_REFERENCE),
    )


def _check_repetition(checks: Checks, place: str, transfer: Transfer) -> None:
    repeats, times = transfer.period != _ONCE, transfer.repetitions
    checks.require(transfer.period in _PERIODS, f"{place}/period", f"{transfer.period!r} is no period code (0 to 8)")
    checks.require(times is None or repeats, f"{place}/repetitions", "a transfer made once is not repeated")
    checks.require(times is None or 1 <= times <= _MOST_TIMES, f"{place}/repetitions", f"is 1 to {_MOST_TIMES}")
    checks.require(
        transfer.at_once == (transfer.date is None), f"{place}/date", "is a day, or left out for at once (GENAST)"
    )
    checks.require(not (transfer.at_once and repeats), f"{place}/date", "a repeated transfer has a first day")


def _direction(columns: Columns, place: str, direction: Direction | None) -> str:
    known = direction is not None and direction in _DIRECTIONS
    columns.checks.require(known, f"{place}/direction", "is debit or credit")
    return _DIRECTIONS[direction] if direction is not None and direction in _DIRECTIONS else "  "


def _change(columns: Columns, place: str, change: Change) -> str:
    checks = columns.checks
    if change.code not in _CHANGES:
        checks.problem(f"{place}/code", f"{change.code!r} is none of {', '.join(_CHANGES)}")
        return ""
    by_payer, by_day, is_one = _CHANGES[change.code]
    checks.require(bool(change.payer_number) == by_payer, f"{place}/payer_number", _wanted(by_payer))
    checks.require((change.date is not None) == by_day, f"{place}/date", _wanted(by_day))
    checks.require((change.amount_minor is not None) == is_one, f"{place}/amount_minor", _wanted(is_one))
    checks.require((change.direction is not None) == is_one, f"{place}/direction", _wanted(is_one))
    checks.require(is_one or not change.reference, f"{place}/reference", _wanted(False))
    moves = change.code in _MOVES
    checks.require((change.new_date is not None) == moves, f"{place}/new_date", _wanted(moves))
    payer = columns.number(f"{place}/payer_number", change.payer_number, width=_PAYER) if by_payer else " " * _PAYER
    head = change.code + columns.bankgiro(f"{place}/payee_bankgiro", change.payee_bankgiro) + payer + _day(change.date)
    if not is_one:
        return record(head, " " * 14, _day(change.new_date))
    return record(
        head,
        columns.amount(f"{place}/amount_minor", Money(change.amount_minor or 0, "SEK")),
        _direction(columns, place, change.direction),
        _day(change.new_date),
        columns.exact(f"{place}/reference", change.reference, width=_REFERENCE),
    )


def _wanted(is_wanted: bool) -> str:
    return "is missing" if is_wanted else "does not belong to this kind of change"
