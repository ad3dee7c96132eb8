"""A connection as the owner of the tables, in a transaction of its own that is always rolled back."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest


@pytest.fixture
def owner(live: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables; whatever is planted is gone afterwards."""
    from architecture.filling import parameters

    with psycopg.connect(**parameters("owner")) as connection:
        yield connection
        connection.rollback()
