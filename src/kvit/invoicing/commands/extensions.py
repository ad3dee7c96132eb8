"""Ask for a later due date within the company's limit; a rule or a clerk agrees, and the due date moves."""

from datetime import date, timedelta

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.due_dates import move_due_date
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
from kvit.invoicing.domain import FactKind, FactState
from kvit.invoicing.domain.facts import BadFact, tidied_words
from kvit.invoicing.queries.facts import claim_rule
from kvit.work import commands as work

AGREED = "agreed with the customer"


@command
def ask_for_time(ctx: Ctx, *, invoice_id: int, due_date: date, words: Personal[str] = "") -> Stated:
    """Ask that a claim be due on a later day. Within what the rule gives freely it is agreed at once.

    Refuses `NoSuchClaim`, `BadFact` for a day beyond the company's limit, `FactStandsAlready`, `TooMuchSaid`.
    """
    claim = hold_claim(invoice_id)
    rule, first = claim_rule(), _first_due(claim)
    latest = first + timedelta(days=rule.longest_extension_days)
    if not claim.due_date < due_date <= latest or claim.ledger.open_minor == 0:
        raise BadFact(f"what is open and due on {claim.due_date} may be asked to be due until {latest}, not {due_date}")
    fact_id = state_fact(ctx, claim, NewFact(FactKind.EXTENSION, on_date=due_date), words)
    if due_date <= first + timedelta(days=rule.free_extension_days):
        return _agree(ctx, fact_id, invoice_id, due_date)
    item = let_wait(
        FactKind.EXTENSION,
        invoice_id,
        "invoicing.extension_asked",
        "the customer asks for more time; agree to the new due date or refuse it",
        {"due_date": due_date.isoformat()},
    )
    work.open_item(ctx, item=item)
    return Stated(fact_id, FactState.OPEN)


@command
def accept_extension(ctx: Ctx, *, fact_id: int, words: Personal[str] = "") -> Stated:
    """Agree to the due date that was asked for; it moves. Refuses `NoSuchFact`, `NotMovable`, `BadFact`."""
    require_company(ctx)
    held = hold_fact(fact_id, kind=FactKind.EXTENSION)
    if held.on_date is None:
        raise AssertionError("an extension without a day")
    done = _agree(ctx, fact_id, held.invoice_id, held.on_date)
    write_words(ctx, held.invoice_id, words, fact_id=fact_id)
    close_when_none_waits(ctx, FactKind.EXTENSION, held.invoice_id, outcome="accepted")
    return done


@command
def reject_extension(ctx: Ctx, *, fact_id: int, words: Personal[str]) -> Stated:
    """Leave the due date as it is, and say why. Refuses `NoSuchFact`, `NotMovable`, `BadFact`."""
    require_company(ctx)
    said = tidied_words(words, required=True)
    held = hold_fact(fact_id, kind=FactKind.EXTENSION)
    move_facts(ctx, FactKind.EXTENSION, [(fact_id, held.invoice_id)], to=FactState.REJECTED)
    write_words(ctx, held.invoice_id, said, fact_id=fact_id)
    close_when_none_waits(ctx, FactKind.EXTENSION, held.invoice_id, outcome="rejected")
    return Stated(fact_id, FactState.REJECTED)


def _agree(ctx: Ctx, fact_id: int, invoice_id: int, due_date: date) -> Stated:
    move_facts(ctx, FactKind.EXTENSION, [(fact_id, invoice_id)], to=FactState.ACCEPTED)
    move_due_date(ctx, invoice_id=invoice_id, due_date=due_date, reason=AGREED)
    return Stated(fact_id, FactState.ACCEPTED)


def _first_due(claim: Claim) -> date:
    """The due date before any was moved: the limit is counted from there, so that many small steps lead no further."""
    found = rows.select(
        "SELECT from_date FROM invoicing_duedatemove WHERE invoice_id = %s ORDER BY id LIMIT 1", [claim.invoice_id]
    )
    return found[0][0] if found else claim.due_date
