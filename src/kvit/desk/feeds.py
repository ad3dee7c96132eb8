"""Keep a payment that somebody decides as it is: who else decides it, and what the robot sees, is seen at once."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from kvit.banking import queries as banking
from kvit.desk import answers
from kvit.matching import queries as matching
from kvit.matching.events import LinkUndone, PaymentsLinked, SuggestionsChanged
from kvit.pages import live, rendering, visitor
from kvit.pages.live import Feed, Subject
from kvit.pages.read import cash, payment


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


def register() -> None:
    """Make it known, once per process."""
    live.register(CASH)
