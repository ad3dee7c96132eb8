"""What all customers owe together, summed anew only when something was written."""

from datetime import date

from kvit.base import audit
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Owed

_sums: dict[int, tuple[tuple[date, audit.Seen], tuple[Owed, ...]]] = {}


def owed_in_all(tenant_id: int, *, today: date) -> tuple[Owed, ...]:
    """What a company is owed on a day, by currency; as exact as a sum over every open item. Needs the tenant's scope.

    With a hundred thousand open items the sum takes a database longer than all else on the page: each process
    remembers the last one of each company for as long as nothing was committed.
    """
    stands = (today, audit.seen())
    known = _sums.get(tenant_id)
    if known is None or known[0] != stands:
        known = stands, ledger.owed_in_all(today=today)
        _sums[tenant_id] = known
    return known[1]
