"""Turn plain values into an answer: a whole page, or a fragment of one."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from markupsafe import Markup
from typing_extensions import override

from kvit.pages import visitor
from kvit.pages.visitor import Visitor


class _Once:
    """The hidden field against forged forms: made when it is first asked for, and the same in every form of a page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._made: Markup | None = None

    def __html__(self) -> Markup:
        if self._made is None:
            field = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">')
            self._made = field.format(get_token(self._request))
        return self._made

    @override
    def __str__(self) -> str:
        return self.__html__()


def once_per_page(request: HttpRequest) -> _Once:
    """What templates know as `csrf_input`: Django's own is made anew at every use, in a list for every row."""
    return _Once(request)


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """What the layout of every page needs, those of libraries included."""
    return {
        "csrf_input": once_per_page(request),
        "theme": visitor.theme_of(request),
        "test_mode": settings.KVIT_TEST_MODE,
        "toasts": messages.get_messages(request),
        "path": request.path,
        "person": visitor.signed_in(request),
        "test_tools": getattr(request, "test_tools", None),
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
