"""What test mode adds to every page: the day, the button for the next one, and the tour's next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.response import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from markupsafe import Markup

from kvit.base import clock, tenant
from kvit.kernel.refusals import DomainError
from kvit.pages import access, refusals, rendering
from kvit.pages.visitor import Visitor
from kvit.world import days, jobs, queries
from kvit.world.pages import tour


class Tools:
    """HTML for the strip at the top of each page, and for the tour below it; drawn once, when first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._drawn: tuple[Markup, Markup] | None = None

    def draw(self) -> tuple[Markup, Markup]:
        """Both of them, as they are at the first call."""
        if self._drawn is None:
            step = tour.step_of(self._request)
            texts = (
                rendering.text(self._request, "world/_bar.html", **_day(was_played=False)),
                rendering.text(self._request, "world/_tour.html", step=step) if step else "",
            )
            self._drawn = (Markup(texts[0]), Markup(texts[1]))  # noqa: S704  (our own templates)
        return self._drawn

    @property
    def bar(self) -> Markup:
        """The day, and the button for the next one."""
        return self.draw()[0]

    @property
    def strip(self) -> Markup:
        """The tour's next step; nothing where nobody is on it."""
        return self.draw()[1]


def around(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Give each page its tools: drawn before what only reads, for a page opens one company's scope, and the tour may be
    at another's; after what changes something, which may have been the tour's step."""

    def run(request: HttpRequest) -> HttpResponseBase:
        if request.headers.get("HX-Request") is None and days.is_there():
            tools = Tools(request)
            request.test_tools = tools  # type: ignore[attr-defined]
            if request.method == "GET":
                tools.draw()
        return answer(request)

    return run


@access.anyone("GET", "POST")
def next_day(request: HttpRequest, who: Visitor) -> HttpResponse:
    """GET: how far the next day is, as a fragment. POST: have it played by the worker."""
    if request.method == "GET":
        return rendering.page(request, who, "world/_day.html", **_day(was_played=True))
    try:
        jobs.ask_for_next_day()
    except DomainError as refusal:
        rendering.complain(request, refusals.text(refusal))
    return back(request)


def back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the button stood on; to nowhere else."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return HttpResponseRedirect(wanted if safe else "/demo/")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a day brought to all companies together."""

    issued: int
    movements: int


def _day(*, was_played: bool) -> dict[str, Any]:
    """The clock's day, and what is being played of the next; `was_played`: somebody has just waited for it."""
    today = clock.current().now().date()
    playing = jobs.playing()
    matching = playing is None and was_played and jobs.is_matching()
    return {
        "today": today,
        "playing": playing,
        "is_matching": matching,
        "brought": _brought(today) if was_played and playing is None and not matching else None,
    }


def _brought(day: date) -> Brought:
    issued = movements = 0
    for simulated in days.all_there():
        with tenant.scope(simulated.tenant_id):
            played = queries.played(day)
        if played is not None:
            issued, movements = issued + played.issued, movements + played.movements
    return Brought(issued, movements)
