"""Keep open pages of invoices as they are: by which events they change, who may listen, how the fragment is drawn."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from kvit.base import clock, tenant
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import LinkState
from kvit.invoicing.events import DueDateMoved, FactsMoved, FactStated, InvoicesIssued, RemarkMade
from kvit.matching.events import LinkUndone, PaymentsLinked
from kvit.pages import live, rendering, visitor
from kvit.pages.buyers.invoice import invoice_pages, touched_by_links
from kvit.pages.live import Feed, Subject

OWN: Final = "own-"
"""Before the id of an invoice: the customer who has signed in listens to one of theirs."""


def admit(request: HttpRequest, token: str) -> Subject | None:
    """The invoice that a link opens now, or one of the customer's own."""
    now = clock.current().now()
    if token.startswith(OWN):
        return _own(request, token.removeprefix(OWN))
    found = invoices.find_link(token)
    if found is None:
        return None
    with tenant.reading(found.tenant_id):
        link = invoices.link(found.link_id, now=now)
    if link is None or link.state is not LinkState.OPEN:
        return None
    return Subject(found.tenant_id, link.invoice_id)


def _own(request: HttpRequest, digits: str) -> Subject | None:
    person = visitor.signed_in(request)
    who = visitor.customer(request, person) if person else None
    if who is None or not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        return None
    with who.reading():
        found = [row for row in invoices.invoices([int(digits)]) if row.party_id == who.party_id and row.number]
    return Subject(who.tenant_id, found[0].id) if found else None


def render(tenant_id: int, ids: Collection[int], now: datetime) -> Mapping[int, str]:
    """The fragment of each invoice: the same for everybody who looks at it in this language."""
    return {
        invoice_id: rendering.text(None, "portal/_invoice.html", page=page, seen_at=None)
        for invoice_id, page in invoice_pages(ids, now=now).items()
    }


def _issued(event: InvoicesIssued) -> Iterable[int]:
    """A credit note changes the invoice it credits."""
    return (*event.invoice_ids, *invoices.invoices_credited_by(event.invoice_ids))


INVOICE: Final = Feed(
    name="invoice",
    admit=admit,
    changed={
        InvoicesIssued: _issued,
        DueDateMoved: lambda event: (event.invoice_id,),
        FactStated: lambda event: (event.invoice_id,),
        FactsMoved: lambda event: event.invoice_ids,
        RemarkMade: lambda event: (event.invoice_id,),
        PaymentsLinked: lambda event: touched_by_links(event.link_ids),
        LinkUndone: lambda event: touched_by_links([event.link_id]),
    },
    render=render,
)


def register() -> None:
    """Make it known, once per process."""
    live.register(INVOICE)
