"""Known payers with the customers they pay for, and who taught them from which payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kvit.invoicing import queries as invoicing
from kvit.matching import queries as matching
from kvit.matching.queries import Taught
from kvit.pages.read import people
from kvit.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Payer:
    """An account and a name that pay for a customer; `line_id` is the payment that taught it."""

    id: int
    account: str
    name: str
    customer: str
    customer_id: int | None
    times: int
    learnt_at: datetime
    learnt_by: str
    last_at: datetime
    line_id: int | None
    shared: int
    """For how many customers the account pays."""


def listed(text: str, *, limit: int, offset: int) -> tuple[Payer, ...]:
    """Known payers by account, name or customer, the last learnt first. Needs the tenant's scope."""
    of_customers = [hit.party_id for hit in parties.search(text, limit=limit)] if text else []
    return _described(matching.taught(text=text, party_ids=of_customers, limit=limit, offset=offset))


def of_customer(party_id: int) -> tuple[Payer, ...]:
    """Who pays for a customer, the most frequent first. Needs the tenant's scope."""
    return _described(matching.taught_of(party_id))


def _described(found: Sequence[Taught]) -> tuple[Payer, ...]:
    party_ids = [one.payer.party_id for one in found]
    names, customers = parties.names(party_ids), invoicing.customers_of(party_ids)
    who = people.names_of(one.payer.learnt_by for one in found)
    alike = matching.payers_by_account([one.payer.account for one in found if one.payer.account])
    shared: dict[str, set[int]] = {}
    for known in alike:
        shared.setdefault(known.account, set()).add(known.party_id)
    return tuple(
        Payer(
            id=one.payer.id,
            account=one.payer.account,
            name=one.payer.name,
            customer=names.get(one.payer.party_id, ""),
            customer_id=customers[one.payer.party_id].id if one.payer.party_id in customers else None,
            times=one.payer.times,
            learnt_at=one.payer.learnt_at,
            learnt_by=who[one.payer.learnt_by],
            last_at=one.payer.last_at,
            line_id=one.line_id,
            shared=len(shared.get(one.payer.account, ())),
        )
        for one in found
    )
