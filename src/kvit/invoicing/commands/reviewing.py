"""Let the ledger decide what was said about claims: payments confirmed, promises kept or broken."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.stating import INVOICE, WAITING, close_when_none_waits, let_wait, move_facts
from kvit.invoicing.domain import FactKind, FactState
from kvit.invoicing.domain.facts import Measured, measured
from kvit.invoicing.queries.claims import LedgerClaim, ledger_claims
from kvit.work import commands as work
from kvit.work.domain.items import NewItem


@dataclass(frozen=True)
class ClaimsReviewed:
    """How many facts stand elsewhere than before."""

    moved: int


@dataclass(frozen=True, slots=True)
class _Held:
    id: int
    invoice_id: int
    on_date: date
    measured: Measured


@command
def review_claims(ctx: Ctx, *, invoice_ids: Bulk[Sequence[int]], today: date | None = None) -> ClaimsReviewed:
    """Measure what was said about these claims against the ledger, as a set; done twice it is done once.

    On the day `today` what has not been borne out in time is stale or broken. Without a day nothing becomes late.
    """
    held = _hold(invoice_ids)
    if not held:
        return ClaimsReviewed(0)
    # Read once the facts are locked: of two reviews at once the second sees what the first one saw, and more.
    claims = ledger_claims(sorted({each.invoice_id for each in held}))
    moving: dict[tuple[FactKind, FactState], list[_Held]] = defaultdict(list)
    for each in held:
        to = _decided(each.measured, claims[each.invoice_id], today)
        if to is not each.measured.state:
            moving[each.measured.kind, to].append(each)
    for (kind, to), facts in sorted(moving.items()):
        move_facts(ctx, kind, [(each.id, each.invoice_id) for each in facts], to=to)
    _let_wait(ctx, moving)
    settled = [invoice_id for invoice_id, claim in claims.items() if claim.open_minor == 0]
    moved_ids = {each.invoice_id for facts in moving.values() for each in facts}
    for kind in (FactKind.REMITTANCE, FactKind.PROMISE):
        close_when_none_waits(ctx, kind, *sorted(moved_ids))
        _close_settled(ctx, kind, settled)
    return ClaimsReviewed(sum(map(len, moving.values())))


def _hold(invoice_ids: Sequence[int]) -> list[_Held]:
    """Lock what the ledger decides of these claims, in id order."""
    found = rows.select(
        """
        SELECT f.id, f.invoice_id, f.on_date, f.kind, f.state, f.amount_minor, f.target_minor, f.last_date
        FROM invoicing_claimfact f
        WHERE f.invoice_id IN (SELECT unnest(%s::bigint[])) AND f.kind IN ('remittance', 'promise')
          AND f.state <> 'withdrawn'
        ORDER BY f.id FOR NO KEY UPDATE
        """,
        [sorted(set(invoice_ids))],
    )
    return [
        _Held(fact_id, invoice_id, on_date, Measured(FactKind(kind), FactState(state), amount, target, last_date))
        for fact_id, invoice_id, on_date, kind, state, amount, target, last_date in found
    ]


def _decided(fact: Measured, claim: LedgerClaim, today: date | None) -> FactState:
    return measured(fact, claim.settled, open_minor=claim.open_minor, today=today or date.min)


def _let_wait(ctx: Ctx, moving: dict[tuple[FactKind, FactState], list[_Held]]) -> None:
    """What the money has not borne out waits for a person, with the reason."""
    items: list[NewItem] = [
        let_wait(
            FactKind.REMITTANCE,
            each.invoice_id,
            "invoicing.payment_not_found",
            "the customer says it was paid, and no such payment has come; ask, or look at the receipt",
            {"amount_minor": each.measured.amount_minor, "paid_date": each.on_date.isoformat()},
        )
        for each in moving.get((FactKind.REMITTANCE, FactState.STALE), ())
    ]
    items += [
        let_wait(
            FactKind.PROMISE,
            each.invoice_id,
            "invoicing.promise_broken",
            "the customer has not paid what was promised; ask",
            {"amount_minor": each.measured.amount_minor, "promised_date": each.on_date.isoformat()},
        )
        for each in moving.get((FactKind.PROMISE, FactState.BROKEN), ())
    ]
    if items:
        work.open_items(ctx, items=items)


def _close_settled(ctx: Ctx, kind: FactKind, invoice_ids: Sequence[int]) -> None:
    """Nobody asks about a promise or a payment for a claim of which nothing is open."""
    if invoice_ids:
        work.close_items(ctx, kind=WAITING[kind], subject_kind=INVOICE, subject_ids=invoice_ids, outcome="settled")
