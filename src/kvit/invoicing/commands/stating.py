"""What every fact about a claim has in common: the claim is held, the words are kept, it is written and announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.invoicing.domain import FACTS, FactKind, FactState, InvoiceState, Side, side_of_actor
from kvit.invoicing.domain.facts import MOST_A_DAY, tidied_words
from kvit.invoicing.events import FactsMoved, FactStated, RemarkMade
from kvit.invoicing.queries.claims import LedgerClaim, ledger_claims
from kvit.invoicing.queries.facts import said_by_customer
from kvit.kernel.refusals import DomainError
from kvit.work import commands as work
from kvit.work.domain.items import NewItem, Params

INVOICE: Final = "invoice"


class NoSuchClaim(DomainError):
    """The tenant has no issued invoice with this id that is owed."""

    code: ClassVar[str] = "invoicing.no_such_claim"


class NoSuchFact(DomainError):
    """There is no such fact about this claim, or it was not said by who wants to change it."""

    code: ClassVar[str] = "invoicing.no_such_fact"


class TooMuchSaid(DomainError):
    """The customer's side has said as much about this invoice today as is taken in."""

    code: ClassVar[str] = "invoicing.too_much_said"


class FactStandsAlready(DomainError):
    """There is an open promise, or an open request for time, about this claim already; withdraw it first."""

    code: ClassVar[str] = "invoicing.fact_stands_already"


@dataclass(frozen=True)
class Stated:
    """The fact, and where it stands."""

    fact_id: int
    state: FactState


@dataclass(frozen=True, slots=True)
class Claim:
    """An issued invoice that is owed, held by this transaction."""

    invoice_id: int
    supplier_id: int
    currency: str
    issue_date: date
    due_date: date
    ledger: LedgerClaim


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact that is to be written."""

    kind: FactKind
    amount_minor: int | None = None
    target_minor: int | None = None
    on_date: date | None = None
    last_date: date | None = None
    reason: str = ""
    bank: str = ""
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class HeldFact:
    """A fact, held by this transaction together with its claim."""

    id: int
    invoice_id: int
    kind: FactKind
    state: FactState
    side: Side
    on_date: date | None


@command
def withdraw_fact(ctx: Ctx, *, invoice_id: int, fact_id: int, words: Personal[str] = "") -> Stated:
    """Take back what one's own side has said: customers their word, the company what it has noted.

    Refuses `NoSuchFact`, `NotMovable` for what was decided, `BadFact`, `TooMuchSaid`.
    """
    held = hold_fact(fact_id, invoice_id=invoice_id)
    if held.side is not side_of_actor(ctx.actor):
        raise NoSuchFact(f"fact {fact_id} was said by the other side")
    require_room(ctx, held.invoice_id)
    move_facts(ctx, held.kind, [(held.id, held.invoice_id)], to=FactState.WITHDRAWN)
    write_words(ctx, held.invoice_id, words, fact_id=held.id)
    close_when_none_waits(ctx, held.kind, held.invoice_id)
    return Stated(held.id, FactState.WITHDRAWN)


def hold_claim(invoice_id: int) -> Claim:
    """Lock an issued invoice that is owed. Refuses `NoSuchClaim`."""
    found = rows.select(
        """
        SELECT id, supplier_id, currency, issue_date, due_date FROM invoicing_invoice WHERE id = %s AND state = %s
        FOR NO KEY UPDATE
        """,
        [invoice_id, InvoiceState.ISSUED.value],
    )
    owed = ledger_claims([invoice_id]) if found else {}
    if invoice_id not in owed:
        raise NoSuchClaim(f"there is no issued invoice {invoice_id} that is owed")
    return Claim(*[*found[0], owed[invoice_id]])


def hold_fact(fact_id: int, *, invoice_id: int | None = None, kind: FactKind | None = None) -> HeldFact:
    """Lock a fact's claim, then the fact. Refuses `NoSuchFact` where it is another claim's, or of another kind."""
    known = rows.select("SELECT invoice_id FROM invoicing_claimfact WHERE id = %s", [fact_id])
    if known and invoice_id in (None, known[0][0]):
        rows.select("SELECT id FROM invoicing_invoice WHERE id = %s FOR NO KEY UPDATE", [known[0][0]])
        ((_, owner, of, state, side, on_date),) = rows.select(
            """
            SELECT id, invoice_id, kind, state, side, on_date FROM invoicing_claimfact WHERE id = %s
            FOR NO KEY UPDATE
            """,
            [fact_id],
        )
        if kind in (None, FactKind(of)):
            return HeldFact(fact_id, owner, FactKind(of), FactState(state), Side(side), on_date)
    raise NoSuchFact(f"there is no such fact {fact_id} about this claim")


def require_company(ctx: Ctx) -> None:
    """Refuses `NoSuchFact` to the customer's side: what is answered and decided is the company's to do."""
    if side_of_actor(ctx.actor) is not Side.COMPANY:
        raise NoSuchFact("only the company answers and decides")


def require_room(ctx: Ctx, invoice_id: int) -> None:
    """Refuses `TooMuchSaid`; asked after the claim is locked, so that many at once are counted one by one."""
    if side_of_actor(ctx.actor) is Side.CUSTOMER and said_by_customer(invoice_id, now=ctx.now) >= MOST_A_DAY:
        raise TooMuchSaid(f"{MOST_A_DAY} facts and remarks a day are taken in for one invoice")


def state_fact(ctx: Ctx, claim: Claim, new: NewFact, words: str, *, needs_words: bool = False) -> int:
    """Write a fact and its words, and announce it; its id. Refuses `TooMuchSaid`, `BadFact`, `FactStandsAlready`."""
    require_room(ctx, claim.invoice_id)
    tidied_words(words, required=needs_words)
    written = rows.select(
        """
        INSERT INTO invoicing_claimfact (tenant_id, invoice_id, kind, state, side, amount_minor, target_minor, on_date,
                                         last_date, reason, bank, file_id, stated_at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (tenant_id, invoice_id, kind) WHERE kind IN ('promise', 'extension') AND state = 'open' DO NOTHING
        RETURNING id
        """,
        [
            ctx.tenant_id,
            claim.invoice_id,
            new.kind.value,
            FactState.OPEN.value,
            side_of_actor(ctx.actor).value,
            new.amount_minor,
            new.target_minor,
            new.on_date,
            new.last_date,
            new.reason,
            new.bank,
            new.file_id,
            ctx.now,
            ctx.command_id,
        ],
    )
    if not written:
        raise FactStandsAlready(f"there is an open {new.kind.value} about invoice {claim.invoice_id} already")
    fact_id = int(written[0][0])
    write_words(ctx, claim.invoice_id, words, fact_id=fact_id, announced=False)
    ctx.emit(FactStated(fact_id=fact_id, invoice_id=claim.invoice_id, kind=new.kind.value))
    return fact_id


def write_words(
    ctx: Ctx, invoice_id: int, words: str, *, fact_id: int | None = None, announced: bool = True
) -> int | None:
    """Keep words that both sides see; the remark's id, or None where nothing was said. Refuses `BadFact`."""
    tidy = tidied_words(words)
    if not tidy:
        return None
    ((remark_id,),) = rows.select(
        """
        INSERT INTO invoicing_remark (tenant_id, invoice_id, fact_id, side, words, at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [ctx.tenant_id, invoice_id, fact_id, side_of_actor(ctx.actor).value, tidy, ctx.now, ctx.command_id],
    )
    if announced:
        ctx.emit(RemarkMade(remark_id=int(remark_id), invoice_id=invoice_id))
    return int(remark_id)


def move_facts(ctx: Ctx, kind: FactKind, facts: Sequence[tuple[int, int]], *, to: FactState) -> None:
    """Move facts, given as (fact, invoice), and announce it once. Refuses `NotMovable`."""
    move(ctx, FACTS[kind], [fact_id for fact_id, _ in facts], to=to)
    ctx.emit(
        FactsMoved(
            fact_ids=tuple(sorted(fact_id for fact_id, _ in facts)),
            invoice_ids=tuple(sorted({invoice_id for _, invoice_id in facts})),
        )
    )


WAITING: Final = {
    FactKind.DISPUTE: "invoicing.answer_dispute",
    FactKind.REMITTANCE: "invoicing.look_for_payment",
    FactKind.PROMISE: "invoicing.ask_about_promise",
    FactKind.EXTENSION: "invoicing.decide_extension",
}
"""What a person does about facts of each kind."""
_WAITS: Final = {
    FactKind.DISPUTE: FactState.OPEN,
    FactKind.REMITTANCE: FactState.STALE,
    FactKind.PROMISE: FactState.BROKEN,
    FactKind.EXTENSION: FactState.OPEN,
}
"""In which state that is."""


def let_wait(kind: FactKind, invoice_id: int, reason_code: str, reason: str, params: Params) -> NewItem:
    """The work item about facts of a kind on one claim."""
    return NewItem(
        kind=WAITING[kind],
        subject_kind=INVOICE,
        subject_id=invoice_id,
        reason_code=reason_code,
        reason=reason,
        reason_params=params,
    )


def close_when_none_waits(ctx: Ctx, kind: FactKind, *invoice_ids: int, outcome: str = "settled") -> None:
    """Nobody needs to look any more at claims none of whose facts of this kind still waits for a person."""
    waiting = {
        row[0]
        for row in rows.select(
            "SELECT i.invoice_id "
            + rows.looked_up(
                "invoicing_claimfact", "invoice_id = wanted.value AND kind = %(kind)s AND state = %(state)s"
            ),
            {"wanted": list(invoice_ids), "kind": kind.value, "state": _WAITS[kind].value},
        )
    }
    if done := sorted(set(invoice_ids) - waiting):
        work.close_items(ctx, kind=WAITING[kind], subject_kind=INVOICE, subject_ids=done, outcome=outcome)
