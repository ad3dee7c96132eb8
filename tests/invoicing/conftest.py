"""A company for every test of invoicing."""

from typing import TYPE_CHECKING

import pytest

from invoicing.company import Company, open_shop

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
