"""The kinds of document, and what each puts into the books."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The kinds of document that are issued; each has number series of its own."""

    ESTIMATE = "estimate"
    """Pro forma: it can be paid and is no claim; money on it is an advance."""
    INVOICE = "invoice"
    ADVANCE_INVOICE = "advance_invoice"
    """The tax invoice of money that came before the supply."""
    FINAL_INVOICE = "final_invoice"
    """The supply whole, with what advance invoices have taxed already deducted."""
    CREDIT_NOTE = "credit_note"
    CORRECTION = "correction"
    """What a document was and what it becomes, by their difference: below zero, zero or above (Poland's KOR)."""
    SELF_BILLED = "self_billed"
    """Made out by the buyer in the supplier's name and in the supplier's series."""
    SELF_BILLED_CREDIT = "self_billed_credit"
    FEE_NOTE = "fee_note"
    """Reminder fees and interest, outside the scope of VAT."""


CLAIMS: Final = frozenset({Kind.INVOICE, Kind.ADVANCE_INVOICE, Kind.FINAL_INVOICE, Kind.FEE_NOTE})
"""What the customer owes."""
CHARGED: Final = CLAIMS - {Kind.FEE_NOTE}
"""What bears interest when it is late; interest bears none."""
CREDITS: Final = frozenset({Kind.CREDIT_NOTE, Kind.SELF_BILLED_CREDIT})
"""Written with positive amounts that count against the supplier."""
REFERRING: Final = CREDITS | {Kind.CORRECTION}
"""Kinds that change another document."""
SELF_BILLED: Final = frozenset({Kind.SELF_BILLED, Kind.SELF_BILLED_CREDIT})
CREDITABLE: Final = frozenset({Kind.INVOICE, Kind.ADVANCE_INVOICE, Kind.FINAL_INVOICE, Kind.FEE_NOTE})

CORRECTABLE: Final = frozenset({Kind.INVOICE, Kind.ADVANCE_INVOICE, Kind.FINAL_INVOICE})
"""What a correction may change."""

CREDITED_BY: Final = {**dict.fromkeys(CREDITABLE, Kind.CREDIT_NOTE), Kind.SELF_BILLED: Kind.SELF_BILLED_CREDIT}
"""With which kind a kind is credited."""

_SIGNS: Final = {
    **dict.fromkeys(CLAIMS, 1),
    Kind.CREDIT_NOTE: -1,
    Kind.CORRECTION: 1,
    Kind.SELF_BILLED: -1,
    Kind.SELF_BILLED_CREDIT: 1,
    Kind.ESTIMATE: 0,
}


def is_claim(kind: str, gross_minor: int) -> bool:
    """Whether its customer owes a document: a claim of whatever kind, and a correction upwards."""
    return kind in CLAIMS or (kind == Kind.CORRECTION and gross_minor > 0)


def owed_minor(kind: str, *, gross_minor: int, rounding_minor: int = 0) -> int:
    """What a document puts on its party's account: above zero they owe us, below zero we owe them; minor units."""
    return _SIGNS[Kind(kind)] * (gross_minor + rounding_minor)


def side_of(kind: str, gross_minor: int) -> str:
    """On which side of its party's account a document stands: `debit` or `credit`."""
    return "debit" if _SIGNS[Kind(kind)] * gross_minor >= 0 and kind != Kind.CREDIT_NOTE else "credit"
