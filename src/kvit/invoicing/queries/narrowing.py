"""Documents by what people ask for: kinds, state, customer, days of issue, text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from kvit.base import rows
from kvit.invoicing.domain import InvoiceState, Kind
from kvit.invoicing.queries.invoices import COLUMNS, InvoiceRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; nothing narrows where it is empty.

    `text` is a part of a number or a whole payment reference; `named` are customers that have it in their names.
    """

    kinds: tuple[Kind, ...] = ()
    state: InvoiceState | None = None
    customer_id: int | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    named: tuple[int, ...] = ()
    supplier_id: int | None = None


_CONDITIONS: LiteralString = """
    WHERE i.state <> 'discarded'
      AND (%(kinds)s::text[] IS NULL OR i.kind = ANY(%(kinds)s))
      AND (%(drafts)s::boolean IS NULL OR (i.number IS NULL) = %(drafts)s)
      AND (%(customer)s::bigint IS NULL OR i.customer_id = %(customer)s)
      AND (%(supplier)s::bigint IS NULL OR i.supplier_id = %(supplier)s)
      AND (%(since)s::date IS NULL OR i.issue_date >= %(since)s)
      AND (%(until)s::date IS NULL OR i.issue_date <= %(until)s)
      AND (%(text)s::text IS NULL OR position(%(text)s IN upper(i.number)) > 0 OR i.payment_reference = %(text)s
           OR i.customer_id = ANY(%(named)s))
      AND (%(within)s::bigint[] IS NULL OR i.id = ANY(%(within)s))
      AND i.id < coalesce(%(below)s::bigint, 9223372036854775807) AND i.id > coalesce(%(above)s::bigint, 0)
"""


def narrowed(
    wanted: Wanted,
    *,
    limit: int,
    below_id: int | None = None,
    above_id: int | None = None,
    within: Sequence[int] | None = None,
) -> tuple[InvoiceRow, ...]:
    """Documents that fit, the newest first, of those `within` alone where given; cursors as in `listed`.

    Needs the tenant's scope.
    """
    rising = above_id is not None
    text = "".join(wanted.text.split()).upper()
    found = rows.select(
        COLUMNS
        + " FROM invoicing_invoice i"
        + _CONDITIONS
        + ("ORDER BY i.id ASC LIMIT %(limit)s" if rising else "ORDER BY i.id DESC LIMIT %(limit)s"),
        {
            "kinds": [kind.value for kind in wanted.kinds] or None,
            "drafts": None if wanted.state is None else wanted.state is InvoiceState.DRAFT,
            "customer": wanted.customer_id,
            "supplier": wanted.supplier_id,
            "since": wanted.since,
            "until": wanted.until,
            "text": text or None,
            "named": list(wanted.named),
            "within": list(within) if within is not None else None,
            "below": below_id,
            "above": above_id,
            "limit": limit,
        },
    )
    return tuple(InvoiceRow(*row) for row in (reversed(found) if rising else found))
