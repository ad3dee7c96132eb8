"""What a draft would say if it were written now, by the calculation that it will be issued with."""

from dataclasses import dataclass
from datetime import date

from kvit.invoicing.domain import Draft, tidied
from kvit.invoicing.domain.paper import Paper, Sides
from kvit.invoicing.domain.preparing import Circumstances, Prepared, paper_of, prepared
from kvit.invoicing.queries.customers import customers_by_id
from kvit.invoicing.queries.papers import known
from kvit.invoicing.queries.rates import exchanges
from kvit.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A draft with its figures, and the document that it would be; nothing was written."""

    prepared: Prepared
    paper: Paper
    sides: Sides
    supplier_id: int
    party_id: int
    customer_number: str


def reckoned(draft: Draft, *, day: date, supplier_id: int | None = None) -> Reckoned | None:
    """The draft as `draft_invoices` would write it on a day, or None where there is no such customer or supplier.

    `supplier_id` is who bills, where it is not the company itself. Refuses `BadLine`, `BadDraft`, `NoVatRates`,
    `UnknownCurrency`. Needs the tenant's scope.
    """
    customer = customers_by_id([draft.customer_id]).get(draft.customer_id)
    supplier_id = supplier_id or next(iter(parties.own_parties()), None)
    people = parties.parties([one for one in (supplier_id, customer.party_id if customer else None) if one is not None])
    if customer is None or supplier_id not in people or customer.party_id not in people:
        return None
    supplier, draft = people[supplier_id], tidied(draft)
    currency = draft.currency or customer.currency
    (exchange,) = exchanges([draft], [currency], supplier.country, day)
    by = Circumstances(
        country=supplier.country,
        tax_point=draft.tax_point_date or day,
        currency=currency,
        exchange=exchange,
        sides=Sides(known(supplier), known(people[customer.party_id])),
    )
    made = prepared(draft, by)
    return Reckoned(made, paper_of(made, by), by.sides, supplier_id, customer.party_id, customer.number)
