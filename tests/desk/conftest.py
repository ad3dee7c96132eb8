"""Anna at her desk, in a browser."""

import pytest
from django.test import Client

from desk import Desk, open_desk
from kvit.base.command import Ctx
from surfaces import SignIn


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
