"""Who looks at a page: a person, the company they act for, their language, and the instant of the request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from kvit.base import clock, login, tenant
from kvit.base.command import Ctx
from kvit.base.login import Place, Role
from kvit.pages import figures, words
from kvit.parties import queries as parties
from kvit.parties.queries import PortalPlace

KEY_FIELD: Final = "idempotency_key"
TENANT_IN_SESSION: Final = "kvit_tenant"
PLACE_IN_SESSION: Final = "kvit_place"
TEST_SESSION: Final = "kvit_test_session"
"""In the session of who signed in by one click in test mode; without test mode such a session is none."""
LANGUAGE_COOKIE: Final = "kvit_language"
THEME_COOKIE: Final = "kvit_theme"
THEMES: Final = ("auto", "light", "dark")
LONGEST_KEY: Final = 64


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has signed in."""

    id: int
    email: str
    full_name: str
    language: str

    @property
    def name(self) -> str:
        """The full name, or the address where there is none."""
        return self.full_name or self.email


@dataclass(frozen=True, slots=True)
class Visitor:
    """Anybody who looks at a page."""

    person: Person | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Staff(Visitor):
    """One of the company's own people, at work for one of their companies.

    `key` is the idempotency key that the form carried, bound to the person who sent it.
    """

    place: Place
    places: tuple[Place, ...]
    key: str | None

    @property
    def tenant_id(self) -> int:
        """The company they act for."""
        return self.place.tenant_id

    @property
    def role(self) -> Role:
        """What they may do there."""
        return self.place.role

    @property
    def zone(self) -> ZoneInfo:
        """The time of day where the company is."""
        return figures.zone_of(self.place.country)

    @property
    def today(self) -> date:
        """The day where the company is."""
        return self.now.astimezone(self.zone).date()

    @property
    def user_id(self) -> int:
        """The person's login."""
        return person_of(self).id

    @property
    def ctx(self) -> Ctx:
        """What a command is handed: the only place where a page makes one."""
        return Ctx(tenant_id=self.tenant_id, actor=f"user:{self.user_id}", now=self.now, key=self.key)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Queries of the company inside, in a transaction that cannot write; for what follows a command."""
        with tenant.reading(self.tenant_id):
            yield


@dataclass(frozen=True, slots=True)
class Customer(Visitor):
    """Somebody who signs in for a customer; what they see is that party's, at that company."""

    place: PortalPlace
    places: tuple[PortalPlace, ...]
    key: str | None

    @property
    def tenant_id(self) -> int:
        """The company whose customer they are."""
        return self.place.tenant_id

    @property
    def party_id(self) -> int:
        """For whom they look."""
        return self.place.party_id

    @property
    def zone(self) -> ZoneInfo:
        """The time of day where the company is."""
        return figures.zone_of(self.place.country)

    @property
    def today(self) -> date:
        """The day where the company is."""
        return self.now.astimezone(self.zone).date()

    @property
    def ctx(self) -> Ctx:
        """What a command is handed: the only place where a page of the portal makes one."""
        actor = f"customer:{person_of(self).id}"
        return Ctx(tenant_id=self.tenant_id, actor=actor, now=self.now, key=self.key)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Queries of the company inside, in a transaction that cannot write."""
        with tenant.reading(self.tenant_id):
            yield


def person_of(visitor: Visitor) -> Person:
    """The person; asking it of an anonymous visitor is a bug."""
    if visitor.person is None:
        raise RuntimeError("nobody has signed in")
    return visitor.person


def signed_in(request: HttpRequest) -> Person | None:
    """The person of the session."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Person(int(user.pk), user.email, user.full_name, user.language)


def anybody(request: HttpRequest) -> Visitor:
    """Whoever it is."""
    return Visitor(signed_in(request), clock.current().now())


def staff(request: HttpRequest, person: Person) -> Staff | None:
    """The person at the company they chose, else at the first of theirs; None if they have none."""
    places = _companies(request, person)
    if not places:
        return None
    wanted = request.session.get(TENANT_IN_SESSION)
    place = next((p for p in places if p.tenant_id == wanted), places[0])
    return Staff(person, clock.current().now(), place, places, _key(request, person))


def _companies(request: HttpRequest, person: Person) -> tuple[login.Place, ...]:
    """The person's companies, looked up once per request."""
    known: dict[int, tuple[login.Place, ...]] = vars(request).setdefault("kvit_companies", {})
    if person.id not in known:
        known[person.id] = login.places(person.id)
    return known[person.id]


def customer(request: HttpRequest, person: Person) -> Customer | None:
    """The person for the party they chose, else for the first of theirs; None if they sign in for nobody."""
    places = parties.portal_places(person.id)
    if not places:
        return None
    wanted = request.session.get(PLACE_IN_SESSION)
    place = next((p for p in places if [p.tenant_id, p.party_id] == wanted), places[0])
    return Customer(person, clock.current().now(), place, places, _key(request, person))


def _key(request: HttpRequest, person: Person) -> str | None:
    if request.method != "POST":
        return None
    given = request.POST.get(KEY_FIELD, "")[:LONGEST_KEY]
    return f"{person.id}:{given}" if given else None


def language_of(request: HttpRequest) -> str:
    """The person's choice, else the browser's cookie, else what the browser accepts, else the company's country's."""
    person = signed_in(request)
    wishes = (
        person.language if person else None,
        request.COOKIES.get(LANGUAGE_COOKIE),
        words.accepted(request.headers.get("Accept-Language", "")),
    )
    if person is None or any(wish in words.NAMES for wish in wishes):
        return words.chosen(*wishes)
    places = _companies(request, person)
    return words.chosen(*(words.OF_COUNTRY.get(place.country) for place in places[:1]))


def theme_of(request: HttpRequest) -> Literal["auto", "light", "dark"]:
    """Light, dark, or as the system is set; chosen once per browser."""
    wish = request.COOKIES.get(THEME_COOKIE)
    return wish if wish in ("light", "dark") else "auto"  # type: ignore[return-value]
