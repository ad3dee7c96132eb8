"""Turn plain values into an answer: a whole page, or a fragment of one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import engines

from kvit.pages import visitor
from kvit.pages.visitor import Visitor


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What the layout of every page needs, those of libraries included."""
    return {
        "theme": visitor.theme_of(request),
        "test_mode": settings.KVIT_TEST_MODE,
        "toasts": messages.get_messages(request),
        "path": request.path,
        "person": visitor.signed_in(request),
    }


def page(request: HttpRequest, who: Visitor, template: str, /, *, status: int = 200, **given: Any) -> HttpResponse:
    """The template with these values and `who`, as a whole page."""
    return HttpResponse(text(request, template, who=who, **given), status=status)


def text(request: HttpRequest | None, template: str, /, **given: Any) -> str:
    """The template as text; without a request for what no request asked for (a live event)."""
    return str(engines["jinja2"].get_template(template).render(given, request))


def say(request: HttpRequest, message: str) -> None:
    """Show this on the next page: what was done, in one sentence."""
    messages.success(request, message)


def complain(request: HttpRequest, message: str) -> None:
    """Show this on the next page: what was refused and why."""
    messages.error(request, message)
