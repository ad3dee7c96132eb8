"""The connection that a web process keeps, when the server was started anew between two requests."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection

from kvit.base import rows
from owner import parameters

pytestmark = pytest.mark.race


@pytest.fixture
def broken(live: None) -> Iterator[None]:
    """A connection that worked, and that the server has closed before the request which is now coming."""
    ((process,),) = rows.select("SELECT pg_backend_pid()")
    with psycopg.connect(**parameters("default"), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [process])
    close_old_connections()  # what Django does as a request begins
    yield
    connection.close()


class TestABrokenConnection:
    def test_is_made_anew_before_the_first_statement(self, broken: None) -> None:
        assert rows.select("SELECT 1") == [(1,)]

    def test_would_else_be_an_error_on_the_page(self, broken: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connection, "close_if_health_check_failed", lambda: None)
        with pytest.raises(OperationalError):
            rows.select("SELECT 1")
