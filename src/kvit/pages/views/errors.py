"""Pages that say what went wrong, that nothing was lost, and what to do next."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from kvit.pages import rendering
from kvit.pages.words import gettext as _


def _error(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        body = rendering.text(request, "pages/error_part.html", title=title, text=text)
    else:
        body = rendering.text(request, "pages/error.html", title=title, text=text, status=status)
    return HttpResponse(body, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: what is not there and what is another company's look the same."""
    return _error(
        request,
        404,
        _("There is nothing here"),
        _("The address may be mistyped, or what stood here is not yours to see."),
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not for this."""
    return _error(
        request, 403, _("This is not open to you"), _("Ask an owner of the company for the right to do this.")
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's protection against forged requests has run out."""
    return _error(
        request, 403, _("This form is too old"), _("Nothing was changed. Go back, reload the page and send it again.")
    )


def only_takes_forms(request: HttpRequest) -> HttpResponse:
    """405: an address that changes something was gone to; one comes there by reloading what a form has answered."""
    return _error(
        request,
        405,
        _("There is no page at this address"),
        _("It only takes what a form sends. Nothing was changed; go back to the page where the form stands."),
    )


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than a bank file may be, or more than somebody who has not signed in may send."""
    return _error(
        request,
        413,
        _("This is too large"),
        _("Nothing was taken in. A file may have 200 MB; ask the bank for smaller ones."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500: a bug; what a command did not finish was rolled back."""
    return _error(
        request,
        500,
        _("Something broke on our side"),
        _("Nothing was half done. It has been noted; try again in a while."),
    )


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """429: too many wrong passwords (RELIABILITY, scorecard 12)."""
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"code": "locked_out"}, status=429)
    answer = _error(
        request,
        429,
        _("Too many tries"),
        _("Signing in with this address is closed for 15 minutes. Your password has not been found out."),
    )
    answer["Retry-After"] = "900"
    return answer
