"""Say something on a claim that both sides see; take the words out again when a person is erased."""

from dataclasses import dataclass
from typing import Final

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.disputes import reopen
from kvit.invoicing.commands.stating import (
    INVOICE,
    NoSuchClaim,
    NoSuchFact,
    hold_fact,
    require_room,
    write_words,
)
from kvit.invoicing.domain import FactKind, FactState, InvoiceState, Side, side_of_actor
from kvit.invoicing.domain.facts import tidied_words
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

ANSWER: Final = "invoicing.answer_remark"


@dataclass(frozen=True)
class Remarked:
    """The remark."""

    remark_id: int


@dataclass(frozen=True)
class WordsErased:
    """How many remarks have no words any more."""

    count: int


@command
def remark(ctx: Ctx, *, invoice_id: int, words: Personal[str], fact_id: int | None = None) -> Remarked:
    """Say something on an issued document, or on a fact about it. What a customer says waits for an answer.

    A customer who asks back on a dispute that was answered opens it again. Refuses `NoSuchClaim`, `NoSuchFact`,
    `BadFact`, `TooMuchSaid`.
    """
    said = tidied_words(words, required=True)
    found = rows.select(
        "SELECT id FROM invoicing_invoice WHERE id = %s AND state = %s FOR NO KEY UPDATE",
        [invoice_id, InvoiceState.ISSUED.value],
    )
    if not found:
        raise NoSuchClaim(f"there is no issued document {invoice_id}")
    require_room(ctx, invoice_id)
    by_customer = side_of_actor(ctx.actor) is Side.CUSTOMER
    if fact_id is not None:
        held = hold_fact(fact_id, invoice_id=invoice_id)
        if by_customer and (held.kind, held.state) == (FactKind.DISPUTE, FactState.ANSWERED):
            reopen(ctx, fact_id, invoice_id)
    remark_id = write_words(ctx, invoice_id, said, fact_id=fact_id)
    if remark_id is None:
        raise NoSuchFact("nothing was said")
    if by_customer:
        item = NewItem(
            kind=ANSWER,
            subject_kind=INVOICE,
            subject_id=invoice_id,
            reason_code="invoicing.customer_wrote",
            reason="the customer has written on the invoice; answer there",
        )
        work.open_item(ctx, item=item)
    else:
        work.close_items(ctx, kind=ANSWER, subject_kind=INVOICE, subject_ids=[invoice_id], outcome="answered")
    return Remarked(remark_id)


@command
def erase_words(ctx: Ctx, *, party_id: int) -> WordsErased:
    """Take out what was said in words on a person's claims, there and in the audit; facts, days and amounts stay."""
    erased = rows.select(
        """
        UPDATE invoicing_remark r SET words = NULL
        FROM invoicing_customer c JOIN invoicing_invoice i ON i.tenant_id = c.tenant_id AND i.customer_id = c.id
        WHERE c.tenant_id = %(tenant)s AND c.party_id = %(party)s AND r.tenant_id = c.tenant_id
          AND r.invoice_id = i.id AND r.words IS NOT NULL
        RETURNING r.command_id
        """,
        {"tenant": ctx.tenant_id, "party": party_id},
    )
    rows.run(
        "DELETE FROM base_personalvalue WHERE command_id IN (SELECT unnest(%s::bigint[]))",
        [[command_id for (command_id,) in erased]],
    )
    return WordsErased(len(erased))
