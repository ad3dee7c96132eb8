"""A company, its debtor Bo with an invoice and a link to it, and a clock that stands until a story moves it."""

import pytest

from desk import Desk, open_desk
from kvit.base import clock
from kvit.base.command import Ctx
from portal.buyer import Buyer, Standing, buyer_of


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Standing:
    made = Standing()
    monkeypatch.setattr(clock, "current", lambda: made)
    return made


@pytest.fixture
def desk(anna: Ctx) -> Desk:
    return open_desk(anna)


@pytest.fixture
def bo(desk: Desk, standing: Standing) -> Buyer:
    return buyer_of(desk, standing)
