"""Writes Autogiro files to Bankgirot: mandates, payments, and amendments, each a section with its opening record.

Source: Bankgirot, Bg Autogiro, technical manual, chapter 7 (files to Bankgirot: TK01, TK03 to TK05, TK23 to TK29,
TK32, TK82). The file is sealed by `bankgirot.seal` on its way out.
"""

import datetime
from collections.abc import Iterator
from typing import Final

from kvit.formats.bank.autogiro import instruction
from kvit.formats.bank.autogiro.instruction import AutogiroOrder, Cancel, Payment, Postpone
from kvit.formats.bank.bankgirot.columns import Columns, file, record
from kvit.formats.bank.writing import BANKGIROT, Checks, Written, assert_totals, totals
from kvit.kernel.identifiers import se_orgnr, se_personnummer
from kvit.kernel.money import Money

_AT_ONCE: Final = "GENAST  "
_PAYER: Final = 16
_REFERENCE: Final = 16
_IDENTITY: Final = 12
_MOST_TIMES: Final = 999
_PAYMENT_CODES: Final = ("82", "32")


def write(given: AutogiroOrder) -> Written:
    """The file, not yet sealed, and a note for each text that was changed; `totals` add both directions.

    Refuses `Unwritable` with every problem and its place ("payments[3]/payer_number").
    """
    checks = Checks(BANKGIROT)
    columns = Columns(checks)
    opening = record(
        "01",
        _day(given.written_date),
        "AUTOGIRO",
        " " * 44,
        columns.number("customer_number", given.customer_number, width=6),
        columns.bankgiro("bankgiro", given.bankgiro),
    )
    bankgiro = opening[68:78]
    sections = (
        [_mandate(columns, f"mandates[{number}]", bankgiro, one) for number, one in enumerate(given.mandates)],
        [_payment(columns, f"payments[{number}]", bankgiro, one) for number, one in enumerate(given.payments)],
        [_amendment(columns, f"amendments[{number}]", bankgiro, one) for number, one in enumerate(given.amendments)],
    )
    checks.require(any(sections), "file", "there is nothing to ask for")
    checks.refuse_problems()
    content = file(line for section in sections if section for line in (opening, *section))
    amounts = [payment.amount for payment in given.payments]
    assert_totals(written=_written(content), given=(len(amounts), sum(amount.minor for amount in amounts)))
    return Written(content, tuple(checks.notes), len(amounts), totals(amounts))


def _written(content: bytes) -> tuple[int, int]:
    """How many payment records stand in the file, and the sum of their amount columns."""
    found = [line[31:43] for line in _lines(content) if line[:2] in _PAYMENT_CODES]
    return len(found), sum(map(int, found))


def _lines(content: bytes) -> Iterator[str]:
    return iter(content.decode("iso-8859-1").splitlines())


def _day(day: datetime.date | None) -> str:
    return day.strftime("%Y%m%d") if day is not None else " " * 8


def _mandate(columns: Columns, place: str, bankgiro: str, given: instruction.MandateRecord) -> str:
    payer = columns.number(f"{place}/payer_number", given.payer_number, width=_PAYER)
    match given:
        case instruction.EndMandate():
            return record("03", bankgiro, payer)
        case instruction.RenumberPayer():
            new = columns.bankgiro(f"{place}/new_bankgiro", given.new_bankgiro) if given.new_bankgiro else bankgiro
            return record(
                "05",
                bankgiro,
                payer,
                new,
                columns.number(f"{place}/new_payer_number", given.new_payer_number, width=16),
            )
        case instruction.NewMandate():
            return record("04", bankgiro, payer, _payer_account(columns, place, given))
        case instruction.MandateAnswer():
            mark = "" if given.accepted else "AV"
            return record("04", bankgiro, payer, _payer_account(columns, place, given), " " * 20, mark)


def _payer_account(columns: Columns, place: str, given: instruction.NewMandate | instruction.MandateAnswer) -> str:
    """Clearing number (4), account (12), civic or company number (12); all blank for a payer by bankgiro."""
    checks = columns.checks
    if not (given.clearing or given.account or given.identity):
        return " " * 28
    clearing = columns.number(f"{place}/clearing", given.clearing, width=4)
    checks.require(len(given.clearing) == 4, f"{place}/clearing", "a clearing number has four digits")
    account = columns.number(f"{place}/account", given.account, width=12)
    digits = given.identity.replace("-", "")
    fits = se_personnummer.is_valid(digits) if len(digits) == _IDENTITY else se_orgnr.is_valid(digits)
    checks.require(fits, f"{place}/identity", "is neither a civic number of 12 digits nor a company number of 10")
    return clearing + account + columns.number(f"{place}/identity", digits, width=_IDENTITY)


def _payment(columns: Columns, place: str, bankgiro: str, given: Payment) -> str:
    checks = columns.checks
    repeats = given.period is not instruction.Period.ONCE
    checks.require(given.times is None or repeats, f"{place}/times", "a payment made once is not repeated")
    checks.require(
        given.times is None or 1 <= given.times <= _MOST_TIMES, f"{place}/times", f"is 1 to {_MOST_TIMES} or not given"
    )
    checks.require(
        given.payment_date is not None or not repeats, f"{place}/payment_date", "a repeated payment has a first day"
    )
    return record(
        given.direction.value,
        _day(given.payment_date) if given.payment_date is not None else _AT_ONCE,
        given.period.value,
        f"{given.times:03d}" if given.times is not None else " " * 3,
        " ",
        columns.number(f"{place}/payer_number", given.payer_number, width=_PAYER),
        columns.amount(f"{place}/amount", given.amount),
        bankgiro,
        columns.exact(f"{place}/reference", given.reference, width=_REFERENCE),
    )


def _amendment(columns: Columns, place: str, bankgiro: str, given: instruction.Amendment) -> str:
    if given.amount is not None:
        return _of_one(columns, place, bankgiro, given)
    columns.checks.require(not given.reference, f"{place}/reference", "names one payment, which needs its amount too")
    payer = columns.number(f"{place}/payer_number", given.payer_number, width=_PAYER) if given.payer_number else ""
    if isinstance(given, Cancel):
        columns.checks.require(payer != "", f"{place}/payer_number", "is missing")
        return record("23" if given.payment_date is None else "24", bankgiro, payer, _day(given.payment_date))
    columns.checks.require(
        given.payment_date is not None or not payer, f"{place}/payment_date", "is missing: the day to be changed"
    )
    code = "28" if payer else "27" if given.payment_date is not None else "26"
    return record(code, bankgiro, payer.ljust(_PAYER), _day(given.payment_date), " " * 14, _day(given.new_date))


def _of_one(columns: Columns, place: str, bankgiro: str, given: Cancel | Postpone) -> str:
    """TK25 and TK29: one payment, by payer, day, amount, direction and reference."""
    columns.checks.require(given.payment_date is not None, f"{place}/payment_date", "is missing")
    amount = given.amount if given.amount is not None else Money.zero("SEK")
    return record(
        "25" if isinstance(given, Cancel) else "29",
        bankgiro,
        columns.number(f"{place}/payer_number", given.payer_number, width=_PAYER),
        _day(given.payment_date),
        columns.amount(f"{place}/amount", amount),
        given.direction.value,
        _day(given.new_date) if isinstance(given, Postpone) else " " * 8,
        columns.exact(f"{place}/reference", given.reference, width=_REFERENCE),
    )
