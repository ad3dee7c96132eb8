"""A posting before it is written: its lines, and the rules it must keep."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kvit.kernel.refusals import DomainError


class Unbalanced(DomainError):
    """A posting has fewer than two lines, a zero line, or does not sum to zero in each currency."""

    code: ClassVar[str] = "ledger.unbalanced"


@dataclass(slots=True)
class PostingLine:
    """One side: `amount_minor` is debit if positive and credit if negative, in minor units of `currency`.

    A line on a control account names its party and becomes an open item, due on `due_date`.
    """

    account: str
    amount_minor: int
    currency: str
    party_id: int | None = None
    due_date: date | None = None


@dataclass(slots=True)
class Posting:
    """One journal entry about one subject, e.g. kind "sale" about ("invoice", 17); it may reverse another entry."""

    entry_date: date
    kind: str
    subject_kind: str
    subject_id: int
    lines: tuple[PostingLine, ...]
    reverses_id: int | None = None


@dataclass(slots=True)
class Pairing:
    """So much of a credit item settles a debit item, as of a date. Amounts are positive minor units."""

    debit_item_id: int
    credit_item_id: int
    amount_minor: int
    allocation_date: date


def check(postings: Sequence[Posting]) -> None:
    """Refuse `Unbalanced`, naming the first posting that is; the database checks again at commit."""
    for number, posting in enumerate(postings, 1):
        totals: dict[str, int] = defaultdict(int)
        for line in posting.lines:
            if line.amount_minor == 0:
                raise Unbalanced(f"posting {number} ({posting.kind}): a line of zero")
            totals[line.currency] += line.amount_minor
        if len(posting.lines) < 2:
            raise Unbalanced(f"posting {number} ({posting.kind}): fewer than two lines")
        off = [f"{currency} {total}" for currency, total in totals.items() if total]
        if off:
            raise Unbalanced(f"posting {number} ({posting.kind}): off by {', '.join(off)} minor units")
