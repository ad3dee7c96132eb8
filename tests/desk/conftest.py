"""Anna at her desk, in a browser."""

from datetime import datetime

import pytest
from django.test import Client

from desk import Desk, open_desk
from drafted import this_moment
from kvit.base import clock
from kvit.base.command import Ctx
from surfaces import SignIn


class OneDay:
    """A clock on which the day of the tests never ends."""

    def now(self) -> datetime:
        return this_moment()


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """No midnight falls between what a test was loaded with and what its pages say."""
    monkeypatch.setattr(clock, "current", OneDay)


@pytest.fixture
def office(anna: Ctx) -> Desk:
    """Anna's company with books, a bank account and Bo."""
    return open_desk(anna)


@pytest.fixture
def browser(office: Desk, sign_in: SignIn) -> Client:
    """A clerk of Anna's company."""
    return sign_in(office.ctx)


@pytest.fixture
def stranger(office: Desk, cilla: Ctx, sign_in: SignIn) -> Client:
    """A clerk of another company."""
    return sign_in(cilla)
