"""Books for every test of the ledger."""

from typing import TYPE_CHECKING

import pytest

from ledger.books import Books, open_books

if TYPE_CHECKING:
    from kvit.base.command import Ctx


@pytest.fixture
def books(anna: "Ctx") -> Books:
    """Anna's books; everything is rolled back after the test."""
    return open_books(anna)


@pytest.fixture
def books_live(anna_live: "Ctx") -> Books:
    """Anna's books with real commits."""
    return open_books(anna_live)
