"""The records of Autogiro files: which columns hold what, for both layouts.

Source: Bankgirot, Autogiro, technical manual, chapters on files to and from Bankgirot, old and new layout.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kvit.formats.bank.autogiro.records import (
    AutogiroFile,
    Change,
    Deposit,
    Direction,
    Entry,
    Kind,
    Mandate,
    MandateAction,
    Transfer,
)
from kvit.formats.bank.columns import Row
from kvit.formats.bank.fields import Unreadable, shown

_DIRECTIONS: Final = {"82": Direction.DEBIT, "32": Direction.CREDIT, "77": Direction.REFUND}
_DEPOSITS: Final = {"15": Direction.DEBIT, "16": Direction.CREDIT, "17": Direction.REFUND}
_OLD_CONTENTS: Final = (
    ("FELLISTA REG.KONTRL", Kind.REJECTED_ORDERS),
    ("MAK/", Kind.CHANGE_ADVICE),
    ("BEVAKNINGSREG", Kind.WATCHED_ORDERS),
    ("", Kind.PAYMENT_SPECIFICATION),
)
_NEW_CONTENTS: Final = (
    ("BET. SPEC & STOPP TK", Kind.PAYMENT_SPECIFICATION),
    ("AVVISADE BET UPPDR", Kind.REJECTED_ORDERS),
    ("AG-MEDAVI", Kind.MANDATE_ADVICE),
    ("MAKULERING/", Kind.CHANGE_ADVICE),
)
# The columns around an amount, so that a line with a character lost or doubled is not taken for another amount.
_ORDER: Final = re.compile(r".{10}[0-9 ](?:\d{3}| {3}) [0-9 ]{15}\d\d{12}[0-9]{10}.{16} {10}[0-9 ] *", re.ASCII)
_REFUND: Final = re.compile(r".{10}[0-9 ](?:\d{3}| {3}) [0-9 ]{15}\d\d{12}[0-9]{10}.{16}\d{8}\d\d *", re.ASCII)
_REJECTED: Final = re.compile(r".{10}[0-9 ](?:\d{3}| {3})[0-9 ]{15}\d\d{12}.{16}\d\d *", re.ASCII)
_WATCHED: Final = re.compile(r".{10}[0-9 ](?:\d{3}| {3}) [0-9 ]{15}\d\d{12} {10}.{0,16} *", re.ASCII)
_CHANGE: Final = re.compile(r"\d{12}[0-9 ]{16}(?:\d{8}| {8})(?:\d{12}| {12})(?:[83]2|  |00)(?:\d{8}| {8}).*", re.ASCII)
_ANSWER: Final = re.compile(r"\d{10}[0-9 ]{16}(?:[83]2|00)\d{12}.{32}\d\d *", re.ASCII)
_REGISTER: Final = re.compile(r"00\d{8}[0-9 ]{12}\d{16}\d", re.ASCII)  # a bankgiro number has 7 or 8 digits
_NEW_REGISTER: Final = re.compile(r".{39}\d\d(?:19|20)\d{6}(?:(?:19|20)\d{6}|0{8}| {8})", re.ASCII)
_AT_ONCE: Final = "GENAST"


def opening(row: Row) -> AutogiroFile | None:
    """The section an opening record (TK01, TK51) begins; None for any other line. Refuses Unreadable."""
    text = row.text
    if text.startswith("01AUTOGIRO"):
        return replace(
            _named(row, _NEW_CONTENTS, row.columns(45, 64)),
            date=row.day(25, 32),
            customer_number=row.number_at(65, 70),
            payee_bankgiro=row.number_at(71, 80),
            is_new_layout=True,
        )
    if text[:2] == "01" and text[10:18] == "AUTOGIRO":
        file = AutogiroFile(place=row.place, kind=Kind.ORDERS)
        if text[18:22] == "9900":
            file = _named(row, _OLD_CONTENTS, row.columns(23, 42))
        return replace(
            file, date=row.day(3, 10), customer_number=row.number_at(63, 68), payee_bankgiro=row.number_at(69, 78)
        )
    if text[:2] in ("01", "51") and text[10:14] == "9900" and text[24:27] == "AG-":
        kind = Kind.E_MANDATES if text[:2] == "51" else Kind.MANDATE_ADVICE
        return AutogiroFile(place=row.place, kind=kind, date=row.day(3, 10), payee_bankgiro=row.number_at(15, 24))
    return None


def _named(row: Row, contents: tuple[tuple[str, Kind], ...], told: str) -> AutogiroFile:
    for name, kind in contents:
        if told == name or (name and told.startswith(name)):
            return AutogiroFile(place=row.place, kind=kind)
    raise Unreadable(f"{shown(told)} is no kind of Autogiro file that is known here")


def is_register_line(text: str) -> bool:
    """Whether a line can be one of an extract from the mandate register, which has no opening record."""
    return bool(_REGISTER.match(text))


def entry(row: Row, file: AutogiroFile) -> Entry | None:
    """The record of a line in a section of this kind; None for a code it cannot have. Refuses Unreadable."""
    if file.kind is Kind.ORDERS:
        return _order(row, file)
    if file.kind is Kind.PAYMENT_SPECIFICATION and row.code in _DEPOSITS:
        return _deposit(row)
    if file.kind in (Kind.PAYMENT_SPECIFICATION, Kind.WATCHED_ORDERS):
        allowed = row.code in ("82", "32") or (row.code == "77" and file.kind is Kind.PAYMENT_SPECIFICATION)
        return _transfer(row, file) if allowed else None
    return _ANSWERS[file.kind](row)


def _order(row: Row, file: AutogiroFile) -> Entry | None:
    code = row.code
    if code in ("82", "32"):
        return _transfer(row, file)
    if code in ("03", "04", "05"):
        return _mandate_order(row, code)
    if code in ("23", "24", "25", "26", "27", "28", "29"):
        return _change(row)
    return None


def _transfer(row: Row, file: AutogiroFile) -> Transfer:
    watched, refund = file.kind is Kind.WATCHED_ORDERS, row.code == "77"
    shape = _REFUND if refund else _WATCHED if watched else _ORDER
    _check(row, shape, 80)
    at_once = row.columns(3, 10) == _AT_ONCE
    payee = row.number_at(44, 53)
    if (file.is_new_layout or file.kind is Kind.ORDERS) and not watched and payee != file.payee_bankgiro:
        raise Unreadable(f"the bankgiro number {shown(payee)} is not that of the file; a shifted line?")
    return Transfer(
        place=row.place,
        direction=_DIRECTIONS[row.code],
        date=None if at_once else row.day(3, 10),
        at_once=at_once,
        period=row.columns(11, 11) or "0",
        repetitions=_repetitions(row),
        payer_number=row.number_at(16, 31),
        amount_minor=row.amount_minor(32, 43),
        payee_bankgiro=payee,
        reference=row.columns(54, 69),
        code=row.columns(78, 79) if refund else row.columns(80, 80),
        refund_date=row.day(70, 77) if refund else None,
    )


def _rejected(row: Row) -> Transfer | None:
    if row.code not in ("82", "32"):
        return None
    _check(row, _REJECTED, 60)
    try:
        date = row.day(3, 10)
    except Unreadable:  # such an order is rejected for just that, and its code says so
        date = None
    return Transfer(
        place=row.place,
        direction=_DIRECTIONS[row.code],
        date=date,
        period=row.columns(11, 11) or "0",
        repetitions=_repetitions(row),
        payer_number=row.number_at(15, 30),
        amount_minor=row.amount_minor(31, 42),
        reference=row.columns(43, 58),
        code=row.columns(59, 60),
    )


def _deposit(row: Row) -> Deposit:
    date = row.day(38, 45)
    if date is None:
        raise Unreadable("the deposit has no day")
    return Deposit(
        place=row.place,
        direction=_DEPOSITS[row.code],
        account=row.number_at(3, 37),
        date=date,
        serial=row.columns(46, 50),
        amount_minor=row.amount_minor(51, 68),
        count=row.count(72, 79),
    )


def _mandate_order(row: Row, code: str) -> Mandate:
    action = {"03": MandateAction.CANCEL, "04": MandateAction.REGISTER, "05": MandateAction.RENUMBER}[code]
    mandate = Mandate(
        place=row.place, action=action, payee_bankgiro=row.number_at(3, 12), payer_number=row.number_at(13, 28)
    )
    if code == "05":
        return replace(mandate, new_payee_bankgiro=row.number_at(29, 38), new_payer_number=row.number_at(39, 54))
    if code == "04":
        if row.columns(77, 78) == "AV":
            mandate = replace(mandate, action=MandateAction.REJECT)
        return replace(mandate, account=row.number_at(29, 44), person_id=_digits(row.columns(45, 56)))
    return mandate


def _advised(row: Row) -> Mandate | None:
    if row.code != "73":
        return None
    return Mandate(
        place=row.place,
        action=MandateAction.ADVISED,
        payee_bankgiro=row.number_at(3, 12),
        payer_number=row.number_at(13, 28),
        account=row.number_at(29, 44),
        person_id=_digits(row.columns(45, 56)),
        information_code=row.columns(62, 63),
        comment_code=row.columns(64, 65),
        date=row.day(66, 73),
        effective_date=row.day(74, 79),
    )


def _applied(row: Row) -> Mandate | None:
    if row.code != "52":
        return None
    return Mandate(
        place=row.place,
        action=MandateAction.APPLIED,
        payee_bankgiro=row.number_at(3, 12),
        payer_number=row.number_at(13, 28),
        account=row.number_at(29, 44),
        person_id=_digits(row.columns(45, 56)),
        information_code=row.columns(62, 62),
    )


def _listed(row: Row) -> Mandate | None:
    if not is_register_line(row.text):
        return None
    at = 42 if _NEW_REGISTER.match(row.text) else 41
    return Mandate(
        place=row.place,
        action=MandateAction.LISTED,
        payee_bankgiro=row.number_at(1, 10),
        person_id=_digits(row.columns(11, 22)),
        payer_number=row.number_at(23, 38),
        information_code=row.columns(39, 39),
        created_date=row.day(at, at + 7),
        date=row.day(at + 8, at + 15),
        status=row.columns(at + 16, at + 16),
        account=row.number_at(at + 23, at + 38),
    )


def _change(row: Row) -> Change:
    _check(row, _CHANGE, 58)
    return Change(
        place=row.place,
        code=row.code,
        payee_bankgiro=row.number_at(3, 12),
        payer_number=row.number_at(13, 28),
        date=row.day(29, 36),
        amount_minor=row.amount_minor(37, 48) if row.columns(37, 48) else None,
        direction=_DIRECTIONS.get(row.columns(49, 50)),
        new_date=row.day(51, 58),
        reference=row.columns(59, 74),
    )


def _answered(row: Row) -> Change | None:
    if not (row.code.isascii() and row.code.isdecimal()):
        return None
    _check(row, _ANSWER, 74)
    reference = " ".join(part for part in (row.columns(41, 56), row.columns(57, 72)) if part.strip("0"))
    return Change(
        place=row.place,
        code=row.code,
        date=row.day(3, 10),
        payer_number=row.number_at(11, 26),
        direction=_DIRECTIONS.get(row.columns(27, 28)),
        amount_minor=row.amount_minor(29, 40),
        reference=reference,
        comment_code=row.columns(73, 74),
    )


def _check(row: Row, shape: re.Pattern[str], width: int) -> None:
    """Refuse Unreadable where the columns around an amount show that the line is shifted or garbled."""
    if not shape.fullmatch(row.text.ljust(width)):
        raise Unreadable(f"the columns of this record (TK{row.code}) do not hold what they should; a shifted line?")


def _repetitions(row: Row) -> int | None:
    text = row.columns(12, 14)
    return int(text) if text.isascii() and text.isdecimal() else None


def _digits(text: str) -> str:
    return "" if not text.strip("0") else text


_ANSWERS: Final[dict[Kind, Callable[[Row], Entry | None]]] = {
    Kind.MANDATE_ADVICE: _advised,
    Kind.E_MANDATES: _applied,
    Kind.REJECTED_ORDERS: _rejected,
    Kind.CHANGE_ADVICE: _answered,
    Kind.MANDATE_REGISTER: _listed,
}
