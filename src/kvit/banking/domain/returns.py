"""Which earlier movement a returned, reversed or charged-back one takes back: certain, or nobody's guess."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

RETURNING: Final = frozenset({"RRTN", "UPDD", "PRDD", "RPCR", "ARET", "UPCQ"})
"""ISO 20022 external bank transaction codes, the four letters at the end of a line's code: reimbursement; unpaid and
reversed direct debits; cancelled payments."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A booked line with what identifies it; texts the bank did not give are "". `amount_minor` is signed."""

    id: int
    amount_minor: int
    currency: str
    bank_id: str
    end_to_end_id: str
    transaction_id: str
    reference: str
    counterparty: str


@dataclass(frozen=True, slots=True)
class Return:
    """What a line takes back; None where that is not certain. `how` names the evidence."""

    line_id: int
    returned_line_id: int | None
    how: str


def is_return(amount_minor: int, details: Mapping[str, Any]) -> bool:
    """Whether the bank says that this movement takes an earlier one back: reversal, return reason, or its code."""
    if details.get("is_reversal") or details.get("reason_code"):
        return amount_minor != 0
    return str(details.get("transaction_code", "")).rpartition("-")[2] in RETURNING


def taken_back(line: Movement, earlier: Sequence[Movement]) -> Return:
    """The one earlier movement of the opposite amount that shares an id, or else reference and other party.

    An id of the payment's (end-to-end, transaction) says more than the bank's own number, and that more than a
    reference. Two that fit equally well: none.
    """
    fits = [one for one in earlier if (one.amount_minor, one.currency) == (-line.amount_minor, line.currency)]
    for how in ("end_to_end_id", "transaction_id", "bank_id", "reference"):
        wanted = getattr(line, how)
        if not wanted:
            continue
        found = [one for one in fits if getattr(one, how) == wanted]
        if how == "reference":
            found = [one for one in found if line.counterparty and one.counterparty == line.counterparty]
        if len(found) == 1:
            return Return(line.id, found[0].id, how)
        if found:
            break
    return Return(line.id, None, "")
