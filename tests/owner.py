"""The owner of the tables: a connection in a transaction of its own that is always rolled back."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

Owner = psycopg.Connection[Any]


def parameters(alias: str) -> dict[str, Any]:
    """How to connect as Django's alias does: `default` is the application's role, `owner` the owner."""
    from django.db import connections

    given = connections[alias].get_connection_params()
    return {key: given[key] for key in ("host", "port", "user", "password", "dbname") if given.get(key)}


@pytest.fixture
def owner(live: None) -> Iterator[Owner]:
    """The owner's connection; whatever is planted through it is gone after the test."""
    with psycopg.connect(**parameters("owner")) as connection:
        yield connection
        connection.rollback()


def as_tenant(connection: Owner, tenant_id: int) -> Owner:
    """The connection with a tenant set for the rest of its transaction; the owner is under the policies too."""
    connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
    return connection
