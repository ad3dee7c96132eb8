"""Claims as the ledger has them: what is open of each, what has settled it, and how much of it nobody disputes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.base import rows
from kvit.invoicing.domain.facts import Credited, Disputed, Settled, disputed_minor
from kvit.invoicing.domain.lifecycle import FactState
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Allocated

DOCUMENT: Final = "invoice"


@dataclass(frozen=True, slots=True)
class LedgerClaim:
    """The receivable of an issued document; minor units. `settled` are the allocations that were not taken back."""

    open_minor: int
    settled: tuple[Settled, ...]

    @property
    def settled_minor(self) -> int:
        """What has been paid, credited or written off."""
        return sum(each.amount_minor for each in self.settled)

    @property
    def paid_minor(self) -> int:
        """What has been paid."""
        return sum(each.amount_minor for each in self.settled if each.is_payment)


@dataclass(frozen=True, slots=True)
class Undisputed:
    """What is open of a claim, how much of that is disputed and how much is not; minor units, the two add up."""

    open_minor: int
    disputed_minor: int

    @property
    def undisputed_minor(self) -> int:
        """What nobody says is not owed."""
        return self.open_minor - self.disputed_minor


def ledger_claims(invoice_ids: Sequence[int]) -> dict[int, LedgerClaim]:
    """The receivables of documents by id, in two statements; what made none is left out. Needs the tenant's scope."""
    items = _receivables(invoice_ids)
    settled: dict[int, list[Settled]] = defaultdict(list)
    for each in ledger.allocations_of([item_id for item_id, _ in items.values()]):
        if each.is_live:
            settled[each.debit_item_id].append(Settled(each.allocation_date, each.amount_minor, _is_payment(each)))
    return {
        invoice_id: LedgerClaim(open_minor, tuple(settled[item_id]))
        for invoice_id, (item_id, open_minor) in items.items()
    }


def has_facts_to_measure() -> bool:
    """Whether anybody has said anything that money bears out: a payment, a promise. Needs the tenant's scope."""
    found = rows.select(
        "SELECT EXISTS (SELECT FROM invoicing_claimfact WHERE kind IN ('remittance', 'promise')"
        " AND state <> 'withdrawn')"
    )
    return bool(found[0][0])


def undisputed(invoice_ids: Sequence[int]) -> dict[int, Undisputed]:
    """What of each claim is undisputed now; set-based. Documents that are no claim are left out. Needs the scope.

    An accepted dispute goes on counting until credit notes have made it good.
    """
    items = _receivables(invoice_ids)
    disputes: dict[int, list[Disputed]] = defaultdict(list)
    for invoice_id, amount_minor, state, order in rows.select(
        "SELECT i.invoice_id, i.amount_minor, i.state, i.command_id "
        + rows.looked_up(
            "invoicing_claimfact",
            "invoice_id = wanted.value AND kind = 'dispute' AND state IN ('open', 'answered', 'accepted')",
        )
        + "ORDER BY i.id",
        {"wanted": list(items)},
    ):
        disputes[invoice_id].append(Disputed(amount_minor, FactState(state), order))
    accepted = [i for i, told in disputes.items() if any(each.state is FactState.ACCEPTED for each in told)]
    credits = _credits(accepted, {items[i][0]: i for i in accepted})
    return {
        invoice_id: Undisputed(open_minor, disputed_minor(open_minor, disputes[invoice_id], credits[invoice_id]))
        for invoice_id, (_, open_minor) in items.items()
    }


def _receivables(invoice_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The item that each document opened when it was issued, and what is left of it."""
    found: dict[int, tuple[int, int]] = {}
    for item in ledger.items_of_subjects(DOCUMENT, list(invoice_ids)):
        if item.side == "debit" and item.account == Accounts.RECEIVABLE:
            found.setdefault(item.subject_id, (item.id, item.open_minor))
    return found


def _credits(invoice_ids: Sequence[int], items: dict[int, int]) -> dict[int, list[Credited]]:
    """How much of each claim its own credit notes have settled, in the order of the commands that did it."""
    found: dict[int, list[Credited]] = defaultdict(list)
    if not invoice_ids:
        return found
    allocated = [
        each
        for each in ledger.allocations_of(list(items))
        if each.is_live and each.debit_item_id in items and each.credit_subject[0] == DOCUMENT
    ]
    notes = {
        row[0]: row[1]
        for row in rows.select(
            "SELECT i.id, i.credits_id " + rows.looked_up("invoicing_invoice", "id = wanted.value"),
            {"wanted": [each.credit_subject[1] for each in allocated]},
        )
    }
    for each in allocated:
        invoice_id = items[each.debit_item_id]
        if notes.get(each.credit_subject[1]) == invoice_id:
            found[invoice_id].append(Credited(each.amount_minor, each.command_id))
    return found


def _is_payment(each: Allocated) -> bool:
    """What settles a claim and is no document of ours: credit notes and write-offs are."""
    return each.credit_subject[0] != DOCUMENT
