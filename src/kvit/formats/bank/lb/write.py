"""Writes Leverantörsbetalningar (LB) to Bankgirot: payments to bankgiro, plusgiro and bank accounts, with credit notes.

Source: Bankgirot, Leverantörsbetalningar, technical manual, chapter 5 (TK11, TK14 to TK17, TK25 to TK27, TK29, TK40,
TK54, TK65). The file is sealed by `bankgirot.seal` on its way out.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Final

from kvit.formats.bank.bankgirot.columns import MOST_MINOR, Columns, file, record
from kvit.formats.bank.lb.records import Kind, LbFile, Payment, PaymentKind
from kvit.formats.writing import BANKGIROT, Checks, Written, assert_totals, totals
from kvit.kernel.identifiers import checksums, se_plusgiro
from kvit.kernel.money import Money

_CODES: Final = {
    PaymentKind.PAYMENT: "14",
    PaymentKind.DEDUCTION: "15",
    PaymentKind.CREDIT_WATCHED: "16",
    PaymentKind.CREDIT_REST: "17",
}
_PLUSGIRO: Final = "54"
_COUNTED: Final = frozenset({*_CODES.values(), _PLUSGIRO})
_TAKEN_OFF: Final = frozenset({"15", "16", "17"})
_AT_ONCE: Final = "GENAST"
_REFERENCE: Final = 25
_NOTE: Final = 20
_TEXT: Final = 50
_PLUSGIRO_TEXT: Final = 35
_MOST_TEXTS: Final = 90
_PAYMENT_NUMBER: Final = (5, 6)
_CURRENCIES: Final = frozenset({"SEK"})


def write(sections: Sequence[LbFile]) -> Written:
    """The file, not yet sealed; deductions and credit notes count with a minus in `totals` and in TK29.

    A section's `pay_date` goes into each payment without a day of its own, which is the same to Bankgirot.
    Names, addresses and notes are cut with a note; a reference that does not fit is refused, since the payee
    would not find it. Refuses `Unwritable` with every problem and its place ("sections[0]/payments[3]/payee").
    """
    checks = Checks(BANKGIROT)
    columns = Columns(checks)
    checks.require(bool(sections), "file", "there is nothing to pay")
    lines = [line for number, one in enumerate(sections) for line in _section(columns, f"sections[{number}]", one)]
    checks.refuse_problems()
    content = file(lines)
    signed = [_signed(payment) for section in sections for payment in section.payments]
    assert_totals(written=_written(content), given=(len(signed), sum(amount.minor for amount in signed)))
    return Written(content, tuple(checks.notes), len(signed), totals(signed))


def _signed(payment: Payment) -> Money:
    sign = -1 if _code(payment) in _TAKEN_OFF else 1
    return Money(sign * payment.amount_minor, "SEK")


def _code(payment: Payment) -> str:
    return _PLUSGIRO if payment.is_plusgiro else _CODES[payment.kind]


def _written(content: bytes) -> tuple[int, int]:
    """How many payment records the file holds and what they add up to; refuses a TK29 that says otherwise."""
    count = total = all_count = all_total = 0
    for line in content.decode("iso-8859-1").splitlines():
        if line[:2] in _COUNTED:
            amount = int(line[37:49])
            count, total = count + 1, total + (-amount if line[:2] in _TAKEN_OFF else amount)
        elif line[:2] == "29":
            declared = int(line[20:32]) * (-1 if line[32] == "-" else 1)
            assert_totals(written=(int(line[12:20]), declared), given=(count, total))
            all_count, all_total, count, total = all_count + count, all_total + total, 0, 0
    return all_count, all_total


def _section(columns: Columns, place: str, section: LbFile) -> Iterator[str]:
    checks = columns.checks
    checks.require(section.kind is Kind.ORDERS, place, f"{section.kind.value} comes from Bankgirot")
    checks.require(section.currency in _CURRENCIES, f"{place}/currency", "Bankgirot clears kronor only since 2016")
    checks.require(bool(section.payments), f"{place}/payments", "there is nothing to pay")
    checks.require(section.date is not None, f"{place}/date", "is missing")
    payer = columns.bankgiro(f"{place}/payer_bankgiro", section.payer_bankgiro)
    product = "LEVERANTÖRSBETALNINGAR"
    yield record("11", payer, _day(section.date), product)
    explained: set[str] = set()
    for number, payment in enumerate(section.payments):
        where = f"{place}/payments[{number}]"
        if _is_to_account(payment) and payment.payee not in explained:
            explained.add(payment.payee)
            yield from _account(columns, where, payment)
        yield from _payment(columns, where, payment, section.pay_date)
    total = sum(_signed(payment).minor for payment in section.payments)
    checks.require(abs(total) <= MOST_MINOR, f"{place}/payments", "add up to more than 12 digits")
    yield record("29", payer, f"{len(section.payments):08d}", f"{abs(total):012d}"[:12], "-" if total < 0 else " ")


def _day(day: datetime.date | None) -> str:
    return day.strftime("%y%m%d") if day is not None else " " * 6


def _is_to_account(payment: Payment) -> bool:
    return bool(payment.account or payment.clearing or payment.name)


def _payment(columns: Columns, place: str, payment: Payment, pay_date: datetime.date | None) -> Iterator[str]:
    checks = columns.checks
    checks.require(
        not payment.is_plusgiro or payment.kind is PaymentKind.PAYMENT,
        f"{place}/kind",
        "to plusgiro there are payments only, no deductions",
    )
    checks.require(
        payment.date is not None or payment.kind in (PaymentKind.PAYMENT, PaymentKind.DEDUCTION),
        f"{place}/date",
        "is missing: the last day on which a credit note is watched",
    )
    payee = _payee(columns, f"{place}/payee", payment)
    day = payment.date or pay_date
    yield record(
        _code(payment),
        payee,
        columns.exact(f"{place}/reference", payment.reference, width=_REFERENCE),
        columns.amount(f"{place}/amount_minor", Money(payment.amount_minor, "SEK")),
        _day(day) if day is not None else _AT_ONCE,
        " " * 5,
        columns.text(f"{place}/own_note", payment.own_note, width=_NOTE),
    )
    width, code = (_PLUSGIRO_TEXT, "65") if payment.is_plusgiro else (_TEXT, "25")
    checks.require(len(payment.texts) <= _MOST_TEXTS, f"{place}/texts", f"are more than {_MOST_TEXTS} lines")
    for number, text in enumerate(payment.texts):
        yield record(code, payee, columns.text(f"{place}/texts[{number}]", text, width=width, required=True))


def _payee(columns: Columns, place: str, payment: Payment) -> str:
    """A bankgiro or plusgiro number, or the payment number of 5 digits, with or without its check digit."""
    if payment.is_plusgiro:
        return columns.checks.identifier(place, se_plusgiro.validate, payment.payee).zfill(10)
    if not _is_to_account(payment):
        return columns.bankgiro(place, payment.payee)
    number = payment.payee
    fits = number.isascii() and number.isdecimal() and len(number) in _PAYMENT_NUMBER
    checked = fits and (len(number) == min(_PAYMENT_NUMBER) or checksums.luhn_fits(number))
    columns.checks.require(checked, place, "is no payment number: 5 digits, or 6 with the check digit")
    return f"0000{number[:6]}".ljust(10)


def _account(columns: Columns, place: str, payment: Payment) -> Iterator[str]:
    """TK40, TK26 and TK27: where the money goes; without an account it is paid out in cash to name and address."""
    number = _payee(columns, f"{place}/payee", payment)
    if payment.account or payment.clearing:
        clearing = columns.number(f"{place}/clearing", payment.clearing, width=4)
        columns.checks.require(len(payment.clearing) == 4, f"{place}/clearing", "a clearing number has four digits")
        account = columns.number(f"{place}/account", payment.account, width=12)
        code = columns.text(f"{place}/statement_code", payment.statement_code, width=12)
        yield record("40", number, clearing, account, code, "L" if payment.is_salary else "")
    else:
        columns.checks.require(bool(payment.town), f"{place}/town", "is missing: cash goes to an address")
    if payment.name:
        name = columns.text(f"{place}/name", payment.name.upper(), width=35)
        yield record("26", number, name, columns.text(f"{place}/extra_name", payment.extra_name.upper(), width=33))
    if payment.town:
        address = columns.text(f"{place}/address", payment.address.upper(), width=35)
        postcode = columns.number(f"{place}/postcode", payment.postcode.replace(" ", ""), width=5)
        yield record("27", number, address, postcode, columns.text(f"{place}/town", payment.town.upper(), width=20))
