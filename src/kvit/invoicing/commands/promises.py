"""Promise to pay so much by a day; the ledger decides whether it was kept."""

from datetime import date, timedelta

from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.stating import NewFact, Stated, hold_claim, state_fact
from kvit.invoicing.domain import FactKind, FactState
from kvit.invoicing.domain.facts import BadFact
from kvit.invoicing.queries.facts import claim_rule


@command
def promise_payment(
    ctx: Ctx,
    *,
    invoice_id: int,
    promised_date: date,
    amount_minor: int,
    today: date,
    words: Personal[str] = "",
) -> Stated:
    """Promise that so much more of a claim is settled by a day; one open promise at a time.

    Kept once what was settled by that day reaches it, broken the day after. Refuses `NoSuchClaim`, `BadFact`,
    `FactStandsAlready`, `TooMuchSaid`.
    """
    claim = hold_claim(invoice_id)
    if not 0 < amount_minor <= claim.ledger.open_minor:
        raise BadFact(f"{amount_minor} minor units are promised, {claim.ledger.open_minor} are open")
    longest = timedelta(days=claim_rule().longest_promise_days)
    if not today <= promised_date <= today + longest:
        raise BadFact(f"a promise is for {today} to {today + longest}, not for {promised_date}")
    new = NewFact(
        FactKind.PROMISE,
        amount_minor=amount_minor,
        target_minor=claim.ledger.settled_minor + amount_minor,
        on_date=promised_date,
        last_date=promised_date,
    )
    return Stated(state_fact(ctx, claim, new, words), FactState.OPEN)
