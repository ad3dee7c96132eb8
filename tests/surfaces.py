"""Visit pages as the cast does: fixtures for who is signed in, and for the stylesheets to be there."""

import functools
import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from kvit.base.command import Ctx
    from kvit.base.login import Role

PASSWORD = "correct horse battery staple"
_people = itertools.count(1)


@functools.cache
def _prepare() -> None:
    from kvit.pages import assets as files

    files.prepare()


@pytest.fixture(scope="session")
def assets() -> None:
    """The files every page asks for."""
    _prepare()


@pytest.fixture
def anonymous(db: None, assets: None) -> "Client":
    """A browser of nobody's, which reads English."""
    from django.test import Client

    return Client(headers={"accept-language": "en"})


SignIn = Callable[..., "Client"]


@pytest.fixture
def sign_in(db: None, assets: None) -> SignIn:
    """`sign_in(ctx, role=Role.CLERK, language="en")`: a browser in which one of the company's people has signed in."""
    from kvit.base.login import Role

    def run(ctx: "Ctx", *, role: "Role" = Role.CLERK, language: str = "en") -> "Client":
        return client_of(add_person(ctx, role=role), language=language)

    return run


def add_person(ctx: "Ctx", *, role: "Role", email: str | None = None) -> int:
    """Somebody who works for the company; the login's id."""
    from kvit.base import login

    address = email or f"person{next(_people)}@nordvik.example"
    added = login.add_member(ctx, email=address, full_name="Anna Berg", role=role, password=None)
    return added.user_id


def client_of(user_id: int, *, language: str = "en") -> "Client":
    """A browser in which this login has signed in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    _prepare()
    client = Client(headers={"accept-language": language})
    client.force_login(get_user_model().objects.get(pk=user_id), backend="kvit.pages.session.Backend")
    return client
