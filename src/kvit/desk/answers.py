"""What every page of the desk does alike: show itself with the menu, run one command, say what was done or refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse

from kvit.desk import roles
from kvit.kernel.refusals import DomainError
from kvit.pages import refusals, rendering
from kvit.pages.visitor import Staff

T = TypeVar("T")


def page(request: HttpRequest, who: Staff, template: str, /, *, status: int = 200, **given: Any) -> HttpResponse:
    """A page of the desk; `may_work` and `may_run` say which buttons it has."""
    return rendering.page(
        request,
        who,
        f"desk/{template}.html",
        status=status,
        may_work=roles.may_work(who),
        may_run=roles.may_run(who),
        may_own=roles.may_own(who),
        **given,
    )


def act(request: HttpRequest, run: Callable[[], T], said: Callable[[T], str]) -> T | None:
    """Run one command; what it did, or why it was refused, stands on the next page. None where it was refused."""
    try:
        done = run()
    except DomainError as refusal:
        rendering.complain(request, refusals.text(refusal))
        return None
    rendering.say(request, said(done))
    return done


def back(request: HttpRequest, name: str, **given: int) -> HttpResponseRedirect:
    """To where the form says it came from, if that is a page of the desk; else to this route."""
    wanted = request.POST.get("next", "")
    return HttpResponseRedirect(wanted if wanted.startswith("/desk/") else reverse(name, kwargs=given or None))


def refused(form: forms.BaseForm, refusal: DomainError) -> None:
    """Put a refusal on top of the form it is about."""
    form.add_error(None, refusals.text(refusal))


def number(text: str | None) -> int | None:
    """An id from an address; None where there is none or it is none."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else None


def typed(text: str | None, longest: int = 100) -> str:
    """What was typed into a search, without what no text holds: control characters, blanks at the ends."""
    return "".join(letter if letter.isprintable() else " " for letter in text or "").strip()[:longest]
