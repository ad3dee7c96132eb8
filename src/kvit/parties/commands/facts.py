"""Record what was learnt about a party, from whom and for how long it holds."""

from dataclasses import dataclass

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.domain.facts import NewFact, require_sound, stale_from


@dataclass(frozen=True)
class Recorded:
    """The fact's row."""

    fact_id: int


@command
def record_fact(ctx: Ctx, *, party_id: int, fact: NewFact) -> Recorded:
    """Add a fact beside the older ones of its name; the one learnt last counts.

    Refuses `NoSuchParty`, `PartyErased`, `BadFact`.
    """
    hold(party_id)
    require_sound(fact, now=ctx.now)
    learnt_at = fact.learnt_at or ctx.now
    stale_from_date = stale_from(
        learnt_at=learnt_at, valid_until_date=fact.valid_until_date, renew_after_days=fact.renew_after_days
    )
    ((fact_id,),) = rows.select(
        """
        INSERT INTO parties_fact (tenant_id, party_id, name, value, source, learnt_at, valid_until_date,
                                  renew_after_days, stale_from_date, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            ctx.tenant_id,
            party_id,
            fact.name.strip(),
            fact.value,
            fact.source.strip(),
            learnt_at,
            fact.valid_until_date,
            fact.renew_after_days,
            stale_from_date,
            ctx.command_id,
        ],
    )
    ctx.emit(events.FactRecorded(party_id, int(fact_id)))
    return Recorded(int(fact_id))
