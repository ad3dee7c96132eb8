"""What issuing a document does to the books: its entry, and what it settles."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from kvit.base.command import Ctx
from kvit.invoicing.domain import SELF_BILLED, Exchange, Kind, owed_minor
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger import queries as books
from kvit.ledger.domain import Accounts, Pairing, Posting, PostingLine

_ENTRIES: Final = {
    Kind.CREDIT_NOTE: "credit",
    Kind.SELF_BILLED: "purchase",
    Kind.SELF_BILLED_CREDIT: "purchase_credit",
}
"""Kinds of entry in the ledger; every other document is a sale."""
_INCOME: Final = {Kind.ADVANCE_INVOICE: Accounts.ADVANCES, Kind.FEE_NOTE: Accounts.FEES}


class IssueRefused(DomainError):
    """A draft cannot be issued; the text names it and says why."""

    code: ClassVar[str] = "invoicing.issue_refused"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A locked draft as issuing needs it; minor units. `credited_kind` is the kind of what it credits or corrects,
    `deducted_minor` the net amount of the advances that a final invoice leaves out.
    """

    id: int
    kind: Kind
    supplier_id: int
    party_id: int
    currency: str
    terms_days: int
    net_minor: int
    vat_minor: int
    gross_minor: int
    credits_id: int | None
    given_reference: str
    rounding_minor: int
    prepaid_minor: int
    tax_point_date: date | None
    exchange: Exchange | None
    credited_kind: Kind | None
    deducted_minor: int

    @property
    def owed_minor(self) -> int:
        """What it puts on its party's account."""
        return owed_minor(self.kind, gross_minor=self.gross_minor, rounding_minor=self.rounding_minor)


def post(ctx: Ctx, documents: Sequence[Drafted], issue_date: date, due: Mapping[int, date]) -> None:
    """Post the documents; an estimate is no claim and posts nothing."""
    postings = []
    for d in documents:
        if d.kind is Kind.ESTIMATE:
            continue
        lines = _lines(d, due[d.id])
        if lines:
            postings.append(Posting(issue_date, _ENTRIES.get(d.kind, "sale"), "invoice", d.id, lines))
    ledger.post(ctx, postings=tuple(postings))


def _lines(d: Drafted, due_date: date) -> tuple[PostingLine, ...]:
    if d.kind in SELF_BILLED:
        return _purchase(d, due_date)
    sign = -1 if d.kind is Kind.CREDIT_NOTE else 1
    income = _INCOME.get(d.credited_kind or d.kind, Accounts.SALES)
    sides = [
        PostingLine(Accounts.RECEIVABLE, d.owed_minor, d.currency, party_id=d.party_id, due_date=due_date),
        PostingLine(income, -sign * (d.net_minor + d.deducted_minor), d.currency),
        PostingLine(Accounts.OUTPUT_VAT, -sign * d.vat_minor, d.currency),
    ]
    if d.deducted_minor:
        sides.append(PostingLine(Accounts.ADVANCES, d.deducted_minor, d.currency))
    if d.rounding_minor:
        sides.append(PostingLine(Accounts.ROUNDING, -sign * d.rounding_minor, d.currency))
    return tuple([side for side in sides if side.amount_minor])


def _purchase(d: Drafted, due_date: date) -> tuple[PostingLine, ...]:
    """What we made out in the supplier's name, we owe."""
    sign = -1 if d.kind is Kind.SELF_BILLED_CREDIT else 1
    sides = (
        PostingLine(Accounts.PAYABLE, d.owed_minor, d.currency, party_id=d.supplier_id, due_date=due_date),
        PostingLine(Accounts.PURCHASES, sign * d.net_minor, d.currency),
        PostingLine(Accounts.INPUT_VAT, sign * d.vat_minor, d.currency),
        PostingLine(Accounts.ROUNDING, sign * d.rounding_minor, d.currency),
    )
    return tuple(side for side in sides if side.amount_minor)


def settle_changed(ctx: Ctx, documents: Sequence[Drafted], issue_date: date) -> None:
    """Settle what was credited or corrected downwards, as far as it is open; the rest is the party's."""
    changing = [d for d in documents if d.credits_id is not None]
    if not changing:
        return
    subjects = [d.id for d in changing] + [d.credits_id for d in changing if d.credits_id is not None]
    items: dict[tuple[int, str], list[int]] = defaultdict(list)
    for item in books.items_of_subjects("invoice", subjects):
        items[item.subject_id, item.side].append(item.id)
    pairs = []
    for d in changing:
        of = d.credits_id or 0
        pairs += [(debit, credit) for debit in items[of, "debit"] for credit in items[d.id, "credit"]]
        pairs += [(debit, credit) for debit in items[d.id, "debit"] for credit in items[of, "credit"]]
    ledger.settle(ctx, pairs=tuple(pairs), on_date=issue_date)


def settle_prepaid(ctx: Ctx, documents: Sequence[Drafted], issue_date: date) -> None:
    """Settle what a document says was paid before with the customer's advances, the oldest first.

    Refuses `IssueRefused` where there is less of them than the document says.
    """
    for d in documents:
        if not d.prepaid_minor:
            continue
        claim = next((i for i in books.items_of_subjects("invoice", [d.id]) if i.side == "debit"), None)
        left, pairings = d.prepaid_minor, []
        for item in books.open_items(d.party_id):
            is_advance = item.side == "credit" and item.currency == d.currency and item.account == Accounts.RECEIVABLE
            if is_advance and left and claim is not None:
                amount = min(left, item.open_minor)
                left -= amount
                pairings.append(Pairing(claim.id, item.id, amount, issue_date))
        if left or claim is None:
            raise IssueRefused(
                f"document {d.id} says that {d.prepaid_minor} minor units were paid before; "
                f"{d.prepaid_minor - left} of the customer's advances are there"
            )
        ledger.allocate(ctx, pairings=tuple(pairings))
