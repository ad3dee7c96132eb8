"""A company with books and a bank account."""

from typing import TYPE_CHECKING

import pytest

from owner import owner

if TYPE_CHECKING:
    from kvit.base.command import Ctx

__all__ = ["owner"]


@pytest.fixture
def books_open(anna: "Ctx") -> "Ctx":
    """Anna, with a chart of accounts."""
    from receivables import open_books

    return open_books(anna)


@pytest.fixture
def account(books_open: "Ctx") -> int:
    """Anna's bank account, the one of the test files."""
    from bank_files import IBAN
    from receivables import open_account

    return open_account(books_open, IBAN)
