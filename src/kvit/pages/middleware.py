"""What happens around every page: the reader's language is set, and a view that says not who may see it is refused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from kvit.pages import access, visitor, words

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
