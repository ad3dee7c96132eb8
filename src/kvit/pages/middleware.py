"""What happens around every page: the reader's language, the size of what is sent, and that a view says who may."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from kvit.formats.bank.pieces import MAX_BYTES
from kvit.pages import access, visitor, words
from kvit.pages.views import errors

OF_A_STRANGER: Final = 1_000_000
OF_A_PERSON: Final = MAX_BYTES + OF_A_STRANGER
Answer = Callable[[HttpRequest], HttpResponseBase]


class UnguardedViewError(RuntimeError):
    """A route leads to a view that does not say who may see it: a bug, never a refusal."""


def language_of_the_reader(answer: Answer) -> Answer:
    """Everything below is written in the reader's language; the answer says which, and depends on the header."""

    def run(request: HttpRequest) -> HttpResponseBase:
        with words.reading(visitor.language_of(request)):
            response = answer(request)
            response.headers.setdefault("Content-Language", words.current())
        return response

    return run


def test_sessions_end_with_test_mode(answer: Answer) -> Answer:
    """Who signed in by one click, without password and second factor, is nobody once test mode is off."""

    def run(request: HttpRequest) -> HttpResponseBase:
        if not settings.KVIT_TEST_MODE and request.session.get(visitor.TEST_SESSION):
            logout(request)
        return answer(request)

    return run


def bodies_have_a_size(answer: Answer) -> Answer:
    """Refuse (413) a body that is too large before anything reads it: of a stranger's sooner than of a person's.

    A body that does not say its size is not read at all: WSGI takes it for empty (RELIABILITY 15).
    """

    def run(request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("CONTENT_LENGTH") or "0"
        size = int(given) if given.isdecimal() else 0
        if size > OF_A_STRANGER and size > _taken_from(request):
            return errors.too_large(request)
        return answer(request)

    return run


def _taken_from(request: HttpRequest) -> int:
    """How many bytes are taken from who asks: of a person as a bank file has, of others as the view's own rule says."""
    if visitor.signed_in(request) is not None:
        return OF_A_PERSON
    try:
        rule = access.of(resolve(request.path_info).func)
    except Resolver404:
        return OF_A_STRANGER
    return max(OF_A_STRANGER, rule.takes_bytes if rule is not None else 0)


def addresses_of_forms_have_a_page(answer: Answer) -> Answer:
    """Who goes to an address that only takes forms is told so, instead of looking at an empty window."""

    def run(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            told = errors.only_takes_forms(request)
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    return run


class _SaysWhoMay:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._answer(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Refuse (as a bug) a view without a rule of `kvit.pages.access`."""
        if access.of(view) is None:
            raise UnguardedViewError(f"{request.path}: say by kvit.pages.access who may see it")


def pages_say_who_may(answer: Answer) -> _SaysWhoMay:
    """A new view is closed until somebody says for whom it is."""
    return _SaysWhoMay(answer)
