"""Who may see a page: every view says it by one of these, and a view that says nothing is never called."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, Literal, ParamSpec, Protocol

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kvit.base import tenant
from kvit.base.login import Role
from kvit.pages import entrance, visitor
from kvit.pages.visitor import Customer, Staff, Visitor

P = ParamSpec("P")
MARK: Final = "kvit_access"
_ANY_ROLE: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Access:
    """The rule of one view, as the access matrix of the tests reads it.

    `takes_bytes`: a body may have so many, where that is more than a stranger may send elsewhere.
    """

    kind: Literal["anyone", "person", "staff", "customer"]
    methods: tuple[str, ...]
    roles: frozenset[Role] = frozenset()
    takes_bytes: int = 0


class View(Protocol):
    """What a route calls."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


Anyones = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponseBase]
Customers = Callable[Concatenate[HttpRequest, Customer, P], HttpResponseBase]
Staffs = Callable[Concatenate[HttpRequest, Staff, P], HttpResponseBase]


def of(view: object) -> Access | None:
    """The rule a view carries; None if it carries none."""
    return getattr(view, MARK, None)


def carried_by(view: View, rule: Access) -> View:
    """Mark a view that somebody else wrote (of allauth) and that guards itself, with what it does."""
    setattr(view, MARK, rule)
    return view


def anyone(*methods: str, takes_bytes: int = 0) -> Callable[[Anyones[P]], View]:
    """For everybody, signed in or not: `def view(request, who: Visitor, ...)`."""
    rule = Access("anyone", methods or ("GET",), takes_bytes=takes_bytes)

    def mark(view: Anyones[P]) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return view(request, visitor.anybody(request), *args, **kwargs)

        return _finish(run, rule)

    return mark


def person(*methods: str) -> Callable[[Anyones[P]], View]:
    """For everybody who has signed in, whatever their company: `def view(request, who: Visitor, ...)`."""
    rule = Access("person", methods or ("GET",))

    def mark(view: Anyones[P]) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            who = visitor.anybody(request)
            return _sign_in_first(request) if who.person is None else view(request, who, *args, **kwargs)

        return _finish(run, rule)

    return mark


def staff(*methods: str, roles: frozenset[Role] = _ANY_ROLE) -> Callable[[Staffs[P]], View]:
    """For the company's own people: `def view(request, who: Staff, ...)`.

    GET runs inside the company's scope, in a transaction that cannot write. POST runs outside of any scope, for a
    command opens its own; queries after it stand in `with who.reading():`.
    """
    rule = Access("staff", methods or ("GET",), roles)

    def mark(view: Staffs[P]) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = visitor.signed_in(request)
            if person is None:
                return _sign_in_first(request)
            who = visitor.staff(request, person)
            if who is None:
                return redirect("nowhere")
            if who.role not in roles:
                raise PermissionDenied
            if request.method == "POST":
                return view(request, who, *args, **kwargs)
            with tenant.reading(who.tenant_id):
                return view(request, who, *args, **kwargs)

        return _finish(run, rule)

    return mark


def customer(*methods: str) -> Callable[[Customers[P]], View]:
    """For who signs in for a customer: `def view(request, who: Customer, ...)`; scopes as in `staff`."""
    rule = Access("customer", methods or ("GET",))

    def mark(view: Customers[P]) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            person = visitor.signed_in(request)
            if person is None:
                return _sign_in_first(request)
            who = visitor.customer(request, person)
            if who is None:
                return redirect("nowhere")
            if request.method == "POST":
                return view(request, who, *args, **kwargs)
            with tenant.reading(who.tenant_id):
                return view(request, who, *args, **kwargs)

        return _finish(run, rule)

    return mark


def _finish(view: View, rule: Access) -> View:
    methods = [*rule.methods, "HEAD"] if "GET" in rule.methods else list(rule.methods)
    return carried_by(never_cache(require_http_methods(methods)(view)), rule)


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back again; a POST comes back to where it was sent from, for it cannot be repeated.

    Where nobody can sign in yet, or need not, to what stands before it (`kvit.pages.entrance`).
    """
    if getattr(request, "htmx", False):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = reverse("account_login")
        return answer
    if request.method == "GET" and (elsewhere := entrance.door_of(request)) is not None:
        return redirect(elsewhere)
    back = request.get_full_path() if request.method == "GET" else "/"
    return redirect_to_login(back)
