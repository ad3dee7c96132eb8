"""Pages behind links are shown in the language that is asked for by `?language=`, which the browser then keeps."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from kvit.pages import visitor, words

YEAR_SECONDS: Final = 365 * 24 * 3600


def as_wished(request: HttpRequest, shown: Callable[[], HttpResponse]) -> HttpResponse:
    """The page in the language wished for, else in the reader's."""
    wish = request.GET.get("language")
    if wish not in words.NAMES:
        return shown()
    with words.reading(wish):
        response = shown()
    response.headers["Content-Language"] = wish
    response.set_cookie(visitor.LANGUAGE_COOKIE, wish, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response
