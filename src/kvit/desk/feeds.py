"""Keep open pages as things are: who decides a payment, what the robot sees, what a customer says about a claim."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from kvit.banking import queries as banking
from kvit.desk import answers
from kvit.invoicing import queries as invoicing
from kvit.invoicing.events import FactsMoved, FactStated, RemarkMade
from kvit.matching import queries as matching
from kvit.matching.events import LinkUndone, PaymentsLinked, SuggestionsChanged
from kvit.pages import claims, figures, live, rendering, visitor
from kvit.pages.claims import Talk
from kvit.pages.live import Feed, Subject
from kvit.pages.read import cash, payment
from kvit.parties import queries as parties


def admit(request: HttpRequest, token: str) -> Subject | None:
    """A movement of the company that the person works for."""
    person = visitor.signed_in(request)
    who = visitor.staff(request, person) if person else None
    line_id = answers.number(token)
    if who is None or line_id is None:
        return None
    with who.reading():
        found = banking.lines([line_id])
    return Subject(who.tenant_id, line_id) if found else None


def render(tenant_id: int, ids: Collection[int], now: datetime) -> Mapping[int, str]:
    """Who has decided each movement; for what is still free what the robot suggests."""
    found = {line_id: payment.shown(line_id) for line_id in ids}
    suggested = cash.suggested(ids)
    return {
        line_id: rendering.text(None, "desk/_cash_taken.html", link=shown.live, suggested=suggested.get(line_id, ""))
        for line_id, shown in found.items()
        if shown is not None
    }


def _linked(event: PaymentsLinked) -> Iterable[int]:
    return matching.lines_of_links(event.link_ids)


CASH: Final = Feed(
    name="cash",
    admit=admit,
    changed={
        PaymentsLinked: _linked,
        LinkUndone: lambda event: (event.line_id,),
        SuggestionsChanged: lambda event: event.line_ids,
    },
    render=render,
)


def admit_claim(request: HttpRequest, token: str) -> Subject | None:
    """A document of the company that the person works for."""
    person = visitor.signed_in(request)
    who = visitor.staff(request, person) if person else None
    invoice_id = answers.number(token)
    if who is None or invoice_id is None:
        return None
    with who.reading():
        found = invoicing.invoices([invoice_id])
    return Subject(who.tenant_id, invoice_id) if found else None


def render_claims(tenant_id: int, ids: Collection[int], now: datetime) -> Mapping[int, str]:
    """What was said about each claim, without the forms to answer: those are on the page that somebody opened."""
    copies = invoicing.buyers_copies(list(ids))
    people = parties.parties([p for copy in copies.values() for p in (copy.supplier_id, copy.party_id)])
    talks = claims.talks(list(copies))
    return {
        copy.id: rendering.text(
            None,
            "desk/_claims.html",
            talk=talks.get(copy.id, Talk()),
            invoice_id=copy.id,
            currency=copy.currency,
            zone=figures.zone_of(people[copy.supplier_id].country),
            customer=people[copy.party_id].name,
            seller=people[copy.supplier_id].name,
        )
        for copy in copies.values()
    }


CLAIM: Final = Feed(
    name="claim",
    admit=admit_claim,
    changed={
        FactStated: lambda event: (event.invoice_id,),
        FactsMoved: lambda event: event.invoice_ids,
        RemarkMade: lambda event: (event.invoice_id,),
    },
    render=render_claims,
)


def register() -> None:
    """Make them known, once per process."""
    live.register(CASH)
    live.register(CLAIM)
