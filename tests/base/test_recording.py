"""A command that is one call of the database: recorded as any other, done once per key, in a transaction of its own."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.utils import DataError

import patience
from cast import in_threads, keyed, open_company
from kvit.base import codec, rows, tenant
from kvit.base import command as commands
from kvit.base.codec import Personal
from kvit.base.command import Ctx, KeyReused, KeyTooLong, command, records_itself
from kvit.base.recording import PLACES, function
from owner import parameters

JUMP = function(
    "base_jump",
    "far integer",
    written="""
        jumped AS (SELECT 100 / far * 0 + far AS steps),
        told AS (INSERT INTO base_event (tenant_id, command_id, type, body, at)
                 SELECT tenant, command, 'base.jumped', '{}', asked_at FROM jumped)
    """,
    answer="jsonb_build_object('steps', jumped.steps)",
    made="jumped",
)


@dataclass(frozen=True)
class Jumped:
    steps: int


def called(ctx: Ctx, far: int) -> Jumped:
    ((answer,),) = rows.select(f"SELECT base_jump({PLACES}, %s)", [*ctx.row, far])
    return codec.restore(answer, Jumped)


@command
@records_itself
def jump(ctx: Ctx, *, far: int) -> Jumped:
    return called(ctx, far)


@command
@records_itself
def greet(ctx: Ctx, *, name: Personal[str]) -> Jumped:
    return called(ctx, len(name))


@command
def hop(ctx: Ctx, *, far: int) -> Jumped:
    """The same in the ordinary way."""
    return Jumped(far)


@command
def travel(ctx: Ctx, *, times: int) -> Jumped:
    return Jumped(sum(jump(ctx, far=far).steps for far in range(1, times + 1)))


@pytest.fixture(scope="module", autouse=True)
def _function(django_db_setup: None) -> Iterator[None]:
    with psycopg.connect(**parameters("owner"), autocommit=True) as owner:
        for operation in JUMP:
            owner.execute(str(operation.sql))
        try:
            yield
        finally:
            owner.execute("DROP FUNCTION base_jump")


def seen(ctx: Ctx, query: Any) -> list[Any]:
    with tenant.scope(ctx.tenant_id):
        return rows.select(query)


def jumps(ctx: Ctx) -> int:
    return int(seen(ctx, "SELECT count(*) FROM base_event")[0][0])


class TestItsRow:
    def test_is_as_any_command_s(self, anna: Ctx) -> None:
        assert jump(keyed(anna, "k"), far=7) == Jumped(7)
        assert hop(keyed(anna, "k"), far=7) == Jumped(7)
        columns = "tenant_id, key, input::text, actor, parent_id, at, result::text"
        mine, ordinary = (
            seen(anna, f"SELECT {columns} FROM base_command WHERE name = '{name}'")
            for name in ("base.jump", "base.hop")
        )
        assert mine == ordinary != []

    def test_is_a_child_s_inside_another_command(self, anna: Ctx) -> None:
        assert travel(keyed(anna, "k"), times=2) == Jumped(3)
        assert seen(
            anna,
            "SELECT c.key, p.key, c.result::text FROM base_command c JOIN base_command p ON p.id = c.parent_id "
            "WHERE c.name = 'base.jump' ORDER BY c.id",
        ) == [(None, "k", '{"steps": 1}'), (None, "k", '{"steps": 2}')]

    def test_is_nobody_else_s_to_ask_for(self, anna: Ctx) -> None:
        with pytest.raises(RuntimeError, match="records itself"):
            _ = anna.row

    def test_can_keep_nothing_personal(self, anna: Ctx) -> None:
        with pytest.raises(TypeError, match=r"base\.greet records itself and can keep nothing personal"):
            greet(anna, name="Bo Bengtsson")
        assert jumps(anna) == 0


class TestItsKey:
    def test_gives_the_stored_answer_and_one_effect(self, anna: Ctx) -> None:
        assert [jump(keyed(anna, "k"), far=7) for _ in range(3)] == [Jumped(7)] * 3
        assert jumps(anna) == 1

    def test_with_other_input_is_refused(self, anna: Ctx) -> None:
        jump(keyed(anna, "k"), far=7)
        with pytest.raises(KeyReused):
            jump(keyed(anna, "k"), far=8)
        assert jumps(anna) == 1

    def test_is_refused_when_it_is_too_long(self, anna: Ctx) -> None:
        with pytest.raises(KeyTooLong):
            jump(keyed(anna, "k" * 201), far=7)

    def test_is_free_again_after_a_refusal(self, anna: Ctx) -> None:
        with pytest.raises(DataError, match="division by zero"):
            jump(keyed(anna, "k"), far=0)
        assert seen(anna, "SELECT FROM base_command WHERE name = 'base.jump'") == []
        assert jump(keyed(anna, "k"), far=7) == Jumped(7)

    @pytest.mark.race
    def test_used_by_sixteen_at_once_has_one_effect_and_one_answer(self, anna_live: Ctx) -> None:
        assert in_threads(16, lambda _: jump(keyed(anna_live, "twin"), far=7)) == [Jumped(7)] * 16
        assert jumps(anna_live) == 1

    @pytest.mark.race
    def test_that_is_looked_up_before_it_is_written_doubles_the_effect(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: read, check, insert, with nothing unique underneath."""
        everyone_has_looked = threading.Barrier(4)
        row = commands._row

        def look_first(ctx: Ctx, *rest: Any) -> Any:
            (tenant_id, name, key, *others), personal = row(ctx, *rest)
            with transaction.atomic():
                rows.select("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
                found = rows.select("SELECT FROM base_command WHERE name = %s AND key = %s", [name, key])
            everyone_has_looked.wait(timeout=patience.SECONDS)
            return (tenant_id, name, key if found else None, *others), personal

        monkeypatch.setattr(commands, "_row", look_first)
        in_threads(4, lambda _: jump(keyed(anna_live, "twin"), far=7))
        assert jumps(anna_live) == 4


class TestItsTransaction:
    def test_is_one_statement(self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        executed = rows._executed

        def counting(query: Any, params: Any, **how: Any) -> Any:
            asked.append((query, connection.in_atomic_block))
            return executed(query, params, **how)

        monkeypatch.setattr(rows, "_executed", counting)
        jump(anna_live, far=7)
        assert [in_block for _, in_block in asked] == [False]
        hop(anna_live, far=7)
        assert [in_block for _, in_block in asked] == [False, True, True]

    def test_leaves_no_tenant_behind(self, anna_live: Ctx) -> None:
        jump(anna_live, far=7)
        assert rows.select("SELECT current_setting('app.tenant', true)") in ([("",)], [(None,)])
        assert rows.select("SELECT FROM base_command") == []

    def test_is_not_opened_inside_a_reading_scope(self, anna: Ctx) -> None:
        with pytest.raises(RuntimeError, match="reading scope"), tenant.scope(anna.tenant_id):
            jump(anna, far=7)
        assert jumps(anna) == 0

    def test_of_one_tenant_does_nothing_for_another(self, anna_live: Ctx) -> None:
        cilla = open_company("Cillas Konditori AB", actor="cilla")
        row = (cilla.tenant_id, "base.jump", None, "{}", "user:eve", None, cilla.now)
        with (
            pytest.raises(ProgrammingError, match=f"of tenant {anna_live.tenant_id} runs no command of tenant"),
            tenant.scope(anna_live.tenant_id),
        ):
            rows.select(f"SELECT base_jump({PLACES}, 7)", row)
        assert jumps(cilla) == 0
