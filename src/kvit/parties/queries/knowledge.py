"""What is known about a party, from whom, how old it is, and what asks to be renewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kvit.base import rows
from kvit.parties.domain import facts as domain


@dataclass(frozen=True)
class Fact:
    """The newest word on something; out of date from `stale_from_date` on."""

    id: int
    party_id: int
    name: str
    value: str
    source: str
    learnt_at: datetime
    age_days: int
    stale_from_date: date | None
    is_out_of_date: bool


def facts(party_id: int, *, today: date) -> tuple[Fact, ...]:
    """The newest fact of each name, with its age on a day. Needs the tenant's scope."""
    return tuple(
        _fact(row, today)
        for row in rows.select(
            """
            SELECT DISTINCT ON (name) id, party_id, name, value, source, learnt_at, stale_from_date
            FROM parties_fact WHERE party_id = %s ORDER BY name, learnt_at DESC, id DESC
            """,
            [party_id],
        )
    )


def stale_facts(*, today: date, limit: int) -> tuple[Fact, ...]:
    """Newest facts that are out of date on a day, the longest stale first; erased persons have none.

    Needs the tenant's scope.
    """
    return tuple(
        _fact(row, today)
        for row in rows.select(
            """
            SELECT f.id, f.party_id, f.name, f.value, f.source, f.learnt_at, f.stale_from_date
            FROM parties_fact f JOIN parties_party p ON p.tenant_id = f.tenant_id AND p.id = f.party_id
            WHERE f.stale_from_date <= %s AND p.erased_at IS NULL AND NOT EXISTS (
                SELECT FROM parties_fact n WHERE n.tenant_id = f.tenant_id AND n.party_id = f.party_id
                AND n.name = f.name AND (n.learnt_at, n.id) > (f.learnt_at, f.id)
            )
            ORDER BY f.stale_from_date, f.id LIMIT %s
            """,
            [today, limit],
        )
    )


def _fact(row: Sequence[Any], today: date) -> Fact:
    fact_id, party_id, name, value, source, learnt_at, stale_from_date = row
    return Fact(
        id=fact_id,
        party_id=party_id,
        name=name,
        value=value,
        source=source,
        learnt_at=learnt_at,
        age_days=domain.age_days(learnt_at=learnt_at, today=today),
        stale_from_date=stale_from_date,
        is_out_of_date=stale_from_date is not None and stale_from_date <= today,
    )
