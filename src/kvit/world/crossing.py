"""Evidence that is confident and wrong: for some weeks slips go into the wrong envelopes, and payers quote them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kvit.world.bills import Bill, Intention

Intended = tuple[int, Intention]
"""(the payer's ordinal, what they pay)"""


def crossed(days: tuple[date, date], intended: Sequence[Intended], bills: Sequence[Bill]) -> list[Intended]:
    """The same payments; those of one bill on these days quote an equal bill of another customer, who pays later.

    The other bill is as large, was there when the paid one was issued, is of the last 45 days, and is still unpaid
    that day: so reference and amount agree, and only who pays does not. Each is quoted once.
    """
    first, last = days
    payer_of = {bill.number: bill for bill in bills}
    begun: dict[str, date] = {}
    for _, intention in intended:
        for meant in intention.meant:
            begun[meant.number] = min(begun.get(meant.number, intention.day), intention.day)
    of_amount: dict[int, list[Bill]] = {}
    for bill in sorted(bills, key=lambda b: (b.issue_date, b.number)):
        of_amount.setdefault(bill.gross_minor, []).append(bill)
    taken: set[str] = set()
    found = []
    for ordinal, intention in sorted(intended, key=lambda one: (one[1].day, one[1].key)):
        if first <= intention.day <= last and len(intention.meant) == 1:
            own = payer_of[intention.meant[0].number]
            other = _other(own, intention, of_amount.get(intention.amount_minor, ()), begun, taken)
            if other is not None:
                taken.add(other.number)
                intention = replace(intention, reference=other.reference, text="")
        found.append((ordinal, intention))
    return found


def _other(
    own: Bill, intention: Intention, equal: Sequence[Bill], begun: dict[str, date], taken: set[str]
) -> Bill | None:
    for bill in equal:
        is_there = bill.issue_date <= own.issue_date and (intention.day - bill.issue_date).days <= 45
        unpaid = bill.number not in begun or begun[bill.number] > intention.day
        if bill.ordinal != own.ordinal and is_there and unpaid and bill.number not in taken:
            return bill
    return None
