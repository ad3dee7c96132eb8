"""A company for every test of invoicing."""

from typing import TYPE_CHECKING

import pytest

from invoicing.claims import Talk
from invoicing.company import Company, open_shop
from owner import owner

__all__ = ["owner"]

if TYPE_CHECKING:
    from kvit.base.command import Ctx


@pytest.fixture
def shop(anna: "Ctx") -> Company:
    """Anna's company; everything is rolled back after the test."""
    return open_shop(anna)


@pytest.fixture
def shop_live(anna_live: "Ctx") -> Company:
    """Anna's company with real commits."""
    return open_shop(anna_live)


@pytest.fixture
def her_shop(cilla: "Ctx") -> Company:
    """Cilla's company."""
    return open_shop(cilla)


@pytest.fixture
def talk(shop: Company) -> Talk:
    """Anna's company and Bo at the other end of a link; everything is rolled back after the test."""
    return Talk(shop)


@pytest.fixture
def her_talk(her_shop: Company) -> Talk:
    """Cilla's company and whoever holds one of its links."""
    return Talk(her_shop)
