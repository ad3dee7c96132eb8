"""Wipe the demo and start one's own: what would be lost is named first; who supervises the processes does it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kvit.base import login, tenant
from kvit.invoicing import queries as invoices
from kvit.matching import queries as matching
from kvit.pages import access, rendering
from kvit.pages.visitor import Visitor
from kvit.pages.words import gettext as _
from kvit.world import days

WISH: Final = "wipe-the-demo"
"""The file in the home folder by which a page asks the supervising process; the application owns no tables."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What goes with the demo; `others` are companies that were opened beside the simulated ones."""

    companies: tuple[str, ...]
    others: int
    documents: int
    payments: int


def losses() -> Losses:
    """What is there now."""
    documents = payments = 0
    there = days.all_there()
    for simulated in there:
        with tenant.scope(simulated.tenant_id):
            documents += len(invoices.issued_since(simulated.founding.first_day))
            payments += matching.count_live() + len(matching.waiting_lines())
    others = login.count_tenants() - len(there)
    return Losses(tuple(simulated.company.name for simulated in there), others, documents, payments)


def is_offered() -> bool:
    """Whether a page may ask: somebody supervises who can, the server is our own, and only this machine asks."""
    return bool(settings.KVIT_CAN_BE_WIPED) and not settings.KVIT_URL


@access.anyone("GET", "POST")
def wipe(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Ask once, with what is lost; then leave the wish to the supervisor, and wait on the page until it is done."""
    if request.method == "GET" or not is_offered() or request.POST.get("sure") != "yes":
        missing = request.method == "POST" and is_offered()
        return rendering.page(
            request,
            who,
            "world/wipe.html",
            status=422 if missing else 200,
            losses=losses(),
            is_offered=is_offered(),
            problem=_("Tick the box first: what is wiped does not come back.") if missing else "",
        )
    (Path(settings.KVIT_HOME) / WISH).touch()
    return rendering.page(request, who, "world/wiping.html", status=202)
