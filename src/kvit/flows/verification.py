"""When a register doubts a payer's number, or what is known is out of date, it waits for a person."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kvit.base import job, login, tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries as invoicing
from kvit.parties import queries as parties
from kvit.parties.domain.registers import Reason
from kvit.parties.events import KnowledgeLookedOver, NumberDecided, RegisterAnswered
from kvit.work import commands as work
from kvit.work import queries as waiting
from kvit.work.domain.items import NewItem

CHECK, RENEW, CUSTOMER = "parties.check", "parties.renew", "customer"
_WORDS: Final = {
    Reason.DENIED: "a register denies the number",
    Reason.NAME_DIFFERS: "a register gives the number's holder another name",
    Reason.TAKEN: "the number was verified for another customer",
    Reason.REFUSED: "a register does not take the number as it is",
    Reason.NO_ANSWER: "a register has not answered for a week",
}


@job.on(RegisterAnswered, "work.look_at_register_answer")
def look_at_register_answer(ctx: Ctx, event: RegisterAnswered) -> None:
    """Let a person look where the answer raises a doubt; where none is left, nobody has to any more."""
    _look_at(ctx, event.party_id)


@job.on(NumberDecided, "work.number_was_decided")
def number_was_decided(ctx: Ctx, event: NumberDecided) -> None:
    """A person has looked: what waited for that is done, unless another number is still in doubt."""
    _look_at(ctx, event.party_id)


@job.on(KnowledgeLookedOver, "work.ask_for_renewal")
def ask_for_renewal(ctx: Ctx, event: KnowledgeLookedOver) -> None:
    """Ask a person to renew what no register does; what is fresh again need not be looked at any more."""
    with tenant.scope(ctx.tenant_id):
        customers = invoicing.customers_of(event.party_ids)
        live = waiting.live_subjects(RENEW, CUSTOMER)
    stale = sorted(customer.id for customer in customers.values())
    items = [
        NewItem(RENEW, CUSTOMER, customer_id, "parties.out_of_date", "what is known of the customer is out of date")
        for customer_id in stale
    ]
    if items:
        work.open_items(replace(ctx, key=f"{ctx.key}:open"), items=items)
    if event.is_whole and (fresh := sorted(set(live) - set(stale))):
        _close(replace(ctx, key=f"{ctx.key}:close"), RENEW, fresh, "renewed")


def _look_at(ctx: Ctx, party_id: int) -> None:
    with tenant.scope(ctx.tenant_id):
        customer = invoicing.customers_of([party_id]).get(party_id)
        today = login.own_day(ctx.now)
        numbers = parties.checked_numbers(party_id, today=today)
        is_stale = bool(parties.out_of_date(today=today, limit=1, party_id=party_id))
    if customer is None:
        return
    doubtful = [number for number in numbers if number.is_in_doubt]
    unkeyed = replace(ctx, key=None)  # by what stands now: to do it twice changes nothing
    if doubtful:
        asked = doubtful[0].inquiry
        reason = asked.reason if asked is not None and asked.reason in _WORDS else Reason.DENIED
        item = NewItem(CHECK, CUSTOMER, customer.id, f"parties.{reason.value}", _WORDS[reason])
        work.open_item(unkeyed, item=item)
    else:
        _close(unkeyed, CHECK, [customer.id], "looked_at")
    if not is_stale:
        _close(unkeyed, RENEW, [customer.id], "renewed")


def _close(ctx: Ctx, kind: str, customer_ids: Sequence[int], outcome: str) -> None:
    work.close_items(ctx, kind=kind, subject_kind=CUSTOMER, subject_ids=customer_ids, outcome=outcome)
