"""Dispute a claim, wholly or by line, and answer, accept or reject what is disputed; the document stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.stating import (
    Claim,
    NewFact,
    Stated,
    close_when_none_waits,
    hold_claim,
    hold_fact,
    let_wait,
    move_facts,
    require_company,
    state_fact,
    write_words,
)
from kvit.invoicing.domain import DisputeReason, FactKind, FactState, LineInDispute, line_gross
from kvit.invoicing.domain.facts import BadFact, tidied_words
from kvit.invoicing.queries.claims import undisputed
from kvit.kernel.refusals import DomainError
from kvit.work import commands as work
from kvit.work.domain.items import NewItem


class NothingToDispute(DomainError):
    """Nothing is open of the claim that is not disputed already."""

    code: ClassVar[str] = "invoicing.nothing_to_dispute"


@dataclass(frozen=True, slots=True)
class _Line:
    line_id: int
    amount_minor: int


@command
def open_dispute(
    ctx: Ctx,
    *,
    invoice_id: int,
    reason: DisputeReason,
    words: Personal[str],
    lines: tuple[LineInDispute, ...] = (),
    amount_minor: int | None = None,
) -> Stated:
    """Say that a claim, or so much of it, or these lines of it, is not owed, and why; it waits for an answer.

    Without `lines` and `amount_minor` all that is undisputed is disputed. With lines, what they cost, VAT included, as
    far as that is undisputed. Refuses `NoSuchClaim`, `NothingToDispute`, `BadFact`, `TooMuchSaid`.
    """
    claim = hold_claim(invoice_id)
    left = undisputed([invoice_id])[invoice_id].undisputed_minor
    if left <= 0:
        raise NothingToDispute(f"nothing is open of invoice {invoice_id} that is not disputed already")
    if lines and amount_minor is not None:
        raise BadFact("dispute lines, or an amount of the whole, and not both")
    disputed = _lines(claim, lines)
    if disputed:
        amount = min(sum(each.amount_minor for each in disputed), left)
    else:
        amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise BadFact(f"{amount} minor units are disputed, {left} are open and undisputed")
    new = NewFact(FactKind.DISPUTE, amount_minor=amount, reason=reason.value)
    fact_id = state_fact(ctx, claim, new, words, needs_words=True)
    _write_lines(ctx, fact_id, disputed)
    work.open_item(ctx, item=_waiting(invoice_id, amount))
    return Stated(fact_id, FactState.OPEN)


@command
def answer_dispute(ctx: Ctx, *, fact_id: int, words: Personal[str]) -> Stated:
    """Answer a dispute without deciding it; the customer may ask back.

    Refuses `NoSuchFact`, `NotMovable`, `BadFact`.
    """
    return _decide(ctx, fact_id, FactState.ANSWERED, tidied_words(words, required=True), outcome="answered")


@command
def accept_dispute(ctx: Ctx, *, fact_id: int, words: Personal[str] = "") -> Stated:
    """Agree that it is not owed. What is disputed stays so until credit notes have made it good.

    Refuses `NoSuchFact`, `NotMovable`, `BadFact`.
    """
    return _decide(ctx, fact_id, FactState.ACCEPTED, words, outcome="accepted")


@command
def reject_dispute(ctx: Ctx, *, fact_id: int, words: Personal[str]) -> Stated:
    """Maintain the claim, and say why. Refuses `NoSuchFact`, `NotMovable`, `BadFact`."""
    return _decide(ctx, fact_id, FactState.REJECTED, tidied_words(words, required=True), outcome="rejected")


def reopen(ctx: Ctx, fact_id: int, invoice_id: int) -> None:
    """The customer has asked back: the dispute waits for the company again."""
    move_facts(ctx, FactKind.DISPUTE, [(fact_id, invoice_id)], to=FactState.OPEN)
    ((amount,),) = rows.select("SELECT amount_minor FROM invoicing_claimfact WHERE id = %s", [fact_id])
    work.open_item(ctx, item=_waiting(invoice_id, amount))


def _decide(ctx: Ctx, fact_id: int, to: FactState, words: str, *, outcome: str) -> Stated:
    require_company(ctx)
    held = hold_fact(fact_id, kind=FactKind.DISPUTE)
    move_facts(ctx, FactKind.DISPUTE, [(held.id, held.invoice_id)], to=to)
    write_words(ctx, held.invoice_id, words, fact_id=held.id)
    close_when_none_waits(ctx, FactKind.DISPUTE, held.invoice_id, outcome=outcome)
    return Stated(held.id, to)


def _waiting(invoice_id: int, amount_minor: int) -> NewItem:
    return let_wait(
        FactKind.DISPUTE,
        invoice_id,
        "invoicing.disputed",
        "the customer disputes a part of the claim; answer, accept or reject it",
        {"amount_minor": amount_minor},
    )


def _lines(claim: Claim, lines: Sequence[LineInDispute]) -> list[_Line]:
    """The lines that are disputed, each with its amount. Refuses `BadFact`."""
    if not lines:
        return []
    known = {
        position: (line_id, line_gross(net_minor, vat_rate))
        for line_id, position, net_minor, vat_rate in rows.select(
            "SELECT id, position, net_minor, vat_rate FROM invoicing_invoiceline WHERE invoice_id = %s",
            [claim.invoice_id],
        )
    }
    if len({line.position for line in lines}) < len(lines):
        raise BadFact("a line is disputed once")
    found = []
    for line in lines:
        line_id, gross = known.get(line.position, (0, 0))
        amount = gross if line.amount_minor is None else line.amount_minor
        if not line_id or not 0 < amount <= gross:
            raise BadFact(f"line {line.position}: at most the {gross} minor units that it costs can be disputed")
        found.append(_Line(line_id, amount))
    return found


def _write_lines(ctx: Ctx, fact_id: int, disputed: Sequence[_Line]) -> None:
    count = len(disputed)
    if count:
        rows.insert(
            "invoicing_disputedline",
            {
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "fact_id": ("bigint", [fact_id] * count),
                "line_id": ("bigint", [each.line_id for each in disputed]),
                "amount_minor": ("bigint", [each.amount_minor for each in disputed]),
            },
        )
