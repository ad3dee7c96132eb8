"""A company with books, a bank account and Bo, who owes."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from desk import Desk
    from kvit.base.command import Ctx


@pytest.fixture
def desk(anna: "Ctx") -> "Desk":
    """Anna's desk; everything is rolled back after the test."""
    from desk import open_desk

    return open_desk(anna)


@pytest.fixture
def desk_live(anna_live: "Ctx") -> "Desk":
    """Anna's desk with real commits."""
    from desk import open_desk

    return open_desk(anna_live)
