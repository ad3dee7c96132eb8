"""Another tenant asks for everything: each public command and query, with Anna's ids, in Cilla's name.

RELIABILITY scorecard, row 7, below the routes. A command or query without a row in `access_matrix` fails here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from access_matrix import MATRIX, Asks, Reads, public_names
from kvit.base import tenant
from kvit.ledger import queries as ledger_queries
from tables import contents
from two_companies import Two, build

COMMANDS = {name: row for name, row in MATRIX.items() if isinstance(row, Asks)}
QUERIES = {name: row for name, row in MATRIX.items() if isinstance(row, Reads)}


@pytest.fixture(scope="module")
def unblocked(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits for this module: both companies stand in the database at once."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture(scope="module")
def two(unblocked: None) -> Two:
    return build()


@pytest.fixture(scope="module")
def annas(two: Two) -> dict[str, list[str]]:
    """Every row that Anna can read, before Cilla asked for anything."""
    return contents(two.anna)


def as_anna(two: Two, row: Asks) -> object:
    """What Anna herself gets from it; undone afterwards."""
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]  # lets a command open its own transaction inside
    with outer:
        answer = row.run(two.anna, two)
        transaction.set_rollback(True)
    return answer


class TestTheMatrix:
    def test_has_a_row_for_each_public_command_and_query_and_for_nothing_else(self) -> None:
        assert set(MATRIX) == public_names()

    def test_would_miss_one_that_is_new(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: a query that nobody has thought of."""

        def everything() -> tuple[int, ...]:
            return ()

        everything.__module__ = ledger_queries.__name__
        monkeypatch.setattr(ledger_queries, "everything", everything, raising=False)
        assert public_names() - set(MATRIX) == {"ledger.queries.everything"}


class TestACommandWithTheIdsOfAnother:
    @pytest.mark.parametrize("name", COMMANDS)
    def test_is_refused_or_finds_nothing_and_changes_nothing(
        self, two: Two, annas: dict[str, list[str]], name: str
    ) -> None:
        row = COMMANDS[name]
        if isinstance(row.gets, type) and issubclass(row.gets, Exception):
            with pytest.raises(row.gets):
                row.run(two.cilla, two)
        else:
            answer = row.run(two.cilla, two)
            assert row.own or answer == row.gets
        assert contents(two.anna) == annas

    @pytest.mark.parametrize("name", COMMANDS)
    def test_is_done_for_her_to_whom_they_belong(self, two: Two, annas: dict[str, list[str]], name: str) -> None:
        """Else the refusal above would say nothing about tenants."""
        row = COMMANDS[name]
        answer = as_anna(two, row)
        assert row.own or answer != row.gets
        assert contents(two.anna) == annas


class TestAQueryWithTheIdsOfAnother:
    @pytest.mark.parametrize("name", QUERIES)
    def test_finds_nothing(self, two: Two, name: str) -> None:
        with tenant.scope(two.cilla.tenant_id):
            assert QUERIES[name].run(two) == QUERIES[name].gets

    @pytest.mark.parametrize("name", QUERIES)
    def test_finds_it_for_her_to_whom_they_belong(self, two: Two, name: str) -> None:
        with tenant.scope(two.anna.tenant_id):
            found = QUERIES[name].run(two)
        assert (found == QUERIES[name].gets) == QUERIES[name].alike

    @pytest.mark.parametrize("name", QUERIES)
    def test_finds_nothing_outside_of_any_tenant(self, two: Two, name: str) -> None:
        assert QUERIES[name].run(two) == QUERIES[name].gets


class TestARowThatPolicyDoesNotGuard:
    def test_would_be_seen(self, two: Two) -> None:
        """Planted fault: the policy of one table lets everybody read; the check above must turn red."""
        import psycopg

        from owner import parameters

        row = QUERIES["banking.queries.line_ids_of"]
        with psycopg.connect(**parameters("owner"), autocommit=True) as owner:
            owner.execute("CREATE POLICY everybody ON banking_line FOR SELECT USING (true)")
            try:
                with tenant.scope(two.cilla.tenant_id):
                    assert row.run(two) != row.gets
            finally:
                owner.execute("DROP POLICY everybody ON banking_line")
