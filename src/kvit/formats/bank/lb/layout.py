"""The records of Leverantörsbetalningar: which columns hold what.

Source: Bankgirot, Leverantörsbetalningar, technical manual, chapters on the files to and from Bankgirot.
"""

import re
from typing import Final

from kvit.formats.bank.columns import Row
from kvit.formats.bank.fields import Unreadable
from kvit.formats.bank.lb.records import Kind, LbFile, Payment, PaymentKind, Remark, Watched

PAYMENTS: Final = {
    "14": PaymentKind.PAYMENT,
    "15": PaymentKind.DEDUCTION,
    "16": PaymentKind.CREDIT_WATCHED,
    "17": PaymentKind.CREDIT_REST,
    "54": PaymentKind.PAYMENT,
}
_REPORTS: Final = {"2": Kind.WATCHED, "6": Kind.REJECTED}
# The columns around the amount, so that a line with a character lost or doubled is not taken for another amount.
_PAYMENT: Final = re.compile(r".{37}\d{12}(?:\d{6}|GENAST| {6}) {5}.*", re.ASCII | re.DOTALL)
_SUMS: Final = re.compile(r"4[012](?:\d{13}[ -]){4} *", re.ASCII)
_DAY: Final = re.compile(r"43\d{12}\d{13}[ -]\d{13}[ -]\d\d *", re.ASCII)


def opening(row: Row) -> LbFile | None:
    """The section a TK11 begins; None for any other line. Refuses Unreadable.

    A file to Bankgirot states no day of the report (columns 41 to 46); column 47 says which report it is.
    """
    if row.code != "11" or not row.raw(19, 40).startswith("LEVERANT"):
        return None
    reported = row.day(41, 46)
    kind = Kind.ORDERS if reported is None else _REPORTS.get(row.columns(47, 47), Kind.SPECIFICATION)
    return LbFile(
        place=row.place,
        kind=kind,
        payer_bankgiro=row.number_at(3, 12),
        date=row.day(13, 18),
        pay_date=reported,
        currency=row.columns(60, 62) or "SEK",
    )


def payment(row: Row) -> Payment:
    """A TK14 to TK17 or TK54. Refuses Unreadable."""
    if not _PAYMENT.fullmatch(row.text.ljust(60)):
        raise Unreadable("columns 38 to 60 do not hold an amount and a day; a shifted line?")
    return Payment(
        place=row.place,
        kind=PAYMENTS[row.code],
        payee=row.number_at(3, 12),
        is_plusgiro=row.code == "54",
        reference=row.columns(13, 37),
        amount_minor=row.amount_minor(38, 49),
        date=None if row.columns(50, 55) == "GENAST" else row.day(50, 55),
        own_note=row.columns(61, 80),
    )


def remark(row: Row) -> Remark:
    """A TK49: the code with the program that gave it, and the text."""
    code = row.columns(7, 10)
    return Remark(place=row.place, code=code if code.strip("0") else "", text=row.columns(11, 80))


def watched(row: Row) -> Watched | None:
    """A TK40 to TK43 of the report on what waits; None for another record. Refuses Unreadable."""
    if row.code in ("40", "41", "42"):
        if not _SUMS.fullmatch(row.text):
            raise Unreadable("this record does not hold four sums with their signs")
        return Watched(
            place=row.place,
            code=row.code,
            date=None,
            payments_minor=row.amount_minor(3, 15),
            deductions_minor=row.amount_minor(17, 29),
            rest_minor=row.amount_minor(31, 43),
            rest_deductions_minor=row.amount_minor(45, 57),
        )
    if row.code != "43":
        return None
    if not _DAY.fullmatch(row.text):
        raise Unreadable("this record does not hold a day and two sums")
    return Watched(
        place=row.place,
        code=row.code,
        date=row.day(3, 8),
        payments_minor=row.amount_minor(15, 27),
        deductions_minor=row.amount_minor(29, 41),
        note=row.columns(43, 44),
    )
