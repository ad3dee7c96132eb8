"""A command does its work once per key, in one transaction, and leaves one row of audit that nobody changes."""

import itertools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connection

import patience
from architecture.catalogue import tenant_tables
from cast import NOW, in_threads, keyed
from kvit.base import codec, rows, tenant
from kvit.base import command as commands
from kvit.base.codec import Bulk, Personal, Secret
from kvit.base.command import Ctx, KeyReused, KeyTooLong, command
from kvit.base.recording import Row
from kvit.kernel.refusals import DomainError
from owner import Owner, as_tenant


class TooBig(DomainError):
    code: ClassVar[str] = "base.too_big"


@dataclass(frozen=True)
class Stepped:
    step: int


@dataclass(frozen=True)
class Total:
    steps: int


@command
def step(ctx: Ctx, *, by: int) -> Total:
    """Emit an event, which is the effect that is counted."""
    ctx.emit(Stepped(by))
    if by > 100:
        raise TooBig(str(by))
    return Total(rows.select("SELECT count(*) FROM base_event")[0][0])


@command
def walk(ctx: Ctx, *, steps: tuple[int, ...]) -> Total:
    total = Total(0)
    for number in steps:
        total = step(ctx, by=number)
    return total


def seen(ctx: Ctx, query: Any) -> list[Any]:
    with tenant.scope(ctx.tenant_id):
        return rows.select(query)


def steps(ctx: Ctx) -> int:
    return int(seen(ctx, "SELECT count(*) FROM base_event")[0][0])


class TestACommand:
    def test_does_it_and_says_who_asked_for_what_when_and_what_came_out(self, anna: Ctx) -> None:
        assert step(keyed(anna, "k1"), by=5) == Total(1)
        ((name, key, given, actor, at, result, parent),) = seen(
            anna,
            "SELECT name, key, input::text, actor, at, result::text, parent_id FROM base_command WHERE key = 'k1'",
        )
        assert (name, key, given, actor) == ("base.step", "k1", '{"by": 5}', "user:anna")
        assert (at, result, parent) == (NOW, '{"steps": 1}', None)

    def test_is_done_again_without_a_key(self, anna: Ctx) -> None:
        assert [step(anna, by=5), step(anna, by=5)] == [Total(1), Total(2)]

    def test_records_what_it_calls_as_its_children(self, anna: Ctx) -> None:
        assert walk(keyed(anna, "walk"), steps=(1, 2)) == Total(2)
        found = seen(anna, "SELECT name, key, parent_id FROM base_command WHERE name <> 'base.open_tenant' ORDER BY id")
        ((parent_id,),) = seen(anna, "SELECT id FROM base_command WHERE key = 'walk'")
        assert found == [("base.walk", "walk", None), ("base.step", None, parent_id), ("base.step", None, parent_id)]

    def test_takes_nothing_but_keywords(self) -> None:
        with pytest.raises(TypeError, match="keyword-only"):

            @command
            def positional(ctx: Ctx, by: int) -> Total:
                return Total(by)

    def test_cannot_be_called_inside_a_reading_scope(self, anna: Ctx) -> None:
        with pytest.raises(RuntimeError, match="reading scope"), tenant.scope(anna.tenant_id):
            step(anna, by=1)
        assert steps(anna) == 0

    def test_has_a_row_of_its_own_only_while_it_runs(self, anna: Ctx) -> None:
        with pytest.raises(RuntimeError, match="outside a command"):
            _ = anna.command_id


class TestARefusal:
    def test_leaves_neither_effect_nor_row(self, anna: Ctx) -> None:
        with pytest.raises(TooBig):
            step(keyed(anna, "big"), by=101)
        assert seen(anna, "SELECT 1 FROM base_command WHERE name = 'base.step'") == []
        assert steps(anna) == 0

    def test_of_a_child_undoes_the_whole(self, anna: Ctx) -> None:
        with pytest.raises(TooBig):
            walk(anna, steps=(1, 101))
        assert seen(anna, "SELECT 1 FROM base_command WHERE name <> 'base.open_tenant'") == []
        assert steps(anna) == 0

    def test_leaves_its_key_free(self, anna: Ctx) -> None:
        with pytest.raises(TooBig):
            step(keyed(anna, "k"), by=101)
        assert step(keyed(anna, "k"), by=1) == Total(1)


class TestAKey:
    def test_with_the_same_input_gives_the_stored_answer_and_one_effect(self, anna: Ctx) -> None:
        first = step(keyed(anna, "k"), by=5)
        step(anna, by=6)
        assert step(keyed(anna, "k"), by=5) == first == Total(1)
        assert steps(anna) == 2

    def test_with_other_input_is_refused(self, anna: Ctx) -> None:
        step(keyed(anna, "k"), by=5)
        with pytest.raises(KeyReused):
            step(keyed(anna, "k"), by=6)
        assert steps(anna) == 1

    def test_of_two_hundred_characters_is_kept_and_a_longer_one_refused(self, anna: Ctx) -> None:
        assert step(keyed(anna, "k" * 200), by=5) == step(keyed(anna, "k" * 200), by=5)
        with pytest.raises(KeyTooLong, match="at most 200 characters, this one 201"):
            step(keyed(anna, "k" * 201), by=5)
        assert steps(anna) == 1

    def test_belongs_to_one_tenant_and_one_command(self, anna: Ctx, cilla: Ctx) -> None:
        for ctx in (anna, cilla):
            assert step(keyed(ctx, "k"), by=5) == Total(1)
        assert walk(keyed(anna, "k"), steps=(1,)) == Total(2)
        assert (steps(anna), steps(cilla)) == (2, 1)

    def test_does_not_go_down_to_the_children(self, anna: Ctx) -> None:
        walk(keyed(anna, "k"), steps=(7, 7))
        assert steps(anna) == 2

    @pytest.mark.race
    def test_used_by_sixteen_at_once_has_one_effect_and_one_answer(self, anna_live: Ctx) -> None:
        answers = in_threads(16, lambda _: step(keyed(anna_live, "twin"), by=5))
        assert answers == [Total(1)] * 16
        assert steps(anna_live) == 1

    @pytest.mark.race
    def test_that_is_looked_up_before_it_is_written_doubles_the_effect(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: read, check, insert, with nothing unique underneath."""
        everyone_has_looked = threading.Barrier(4)
        record = commands._record

        def look_first(row: Row, personal: list[Any]) -> Any:
            tenant_id, name, key, *rest = row
            found = rows.select("SELECT id, result FROM base_command WHERE name = %s AND key = %s", [name, key])
            everyone_has_looked.wait(timeout=patience.SECONDS)
            return found[0] if found else record((tenant_id, name, None, *rest), personal)

        monkeypatch.setattr(commands, "_record", look_first)
        in_threads(4, lambda _: step(keyed(anna_live, "twin"), by=5))
        assert steps(anna_live) == 4


class Crossing:
    """Two commands that take the same two locks in opposite order, and wait for each other the first time."""

    def __init__(self) -> None:
        self.both_hold_one = threading.Barrier(2)
        self.tries = itertools.count(1)


CROSSINGS: dict[int, Crossing] = {}


@command
def take(ctx: Ctx, *, lock: int) -> Total:
    rows.select("SELECT pg_advisory_xact_lock(%s)", [lock])
    return Total(lock)


@command
def cross(ctx: Ctx, *, first: int, second: int) -> Total:
    """Take one lock, and the other one through a child."""
    ctx.emit(Stepped(first))
    take(ctx, lock=first)
    crossing = CROSSINGS[ctx.tenant_id]
    if next(crossing.tries) <= 2:
        crossing.both_hold_one.wait(timeout=patience.SECONDS)
    return take(ctx, lock=second)


@pytest.mark.race
class TestADeadlock:
    @pytest.fixture
    def locks(self, anna_live: Ctx) -> Iterator[tuple[int, int]]:
        CROSSINGS[anna_live.tenant_id] = Crossing()
        yield anna_live.tenant_id * 10 + 1, anna_live.tenant_id * 10 + 2
        del CROSSINGS[anna_live.tenant_id]

    def test_is_repeated_as_a_whole_and_both_are_done_once(self, anna_live: Ctx, locks: tuple[int, int]) -> None:
        answers = in_threads(2, lambda n: cross(anna_live, first=locks[n], second=locks[1 - n]))
        assert answers == [Total(locks[1]), Total(locks[0])]
        assert next(CROSSINGS[anna_live.tenant_id].tries) == 4, "nobody had to try again: there was no deadlock"
        assert steps(anna_live) == 2

    def test_fails_one_of_them_when_it_is_not_repeated(
        self, anna_live: Ctx, locks: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(commands, "ATTEMPTS", 1)
        answers = in_threads(2, lambda n: cross(anna_live, first=locks[n], second=locks[1 - n]))
        assert [type(answer) for answer in answers if isinstance(answer, Exception)] == [OperationalError]
        assert steps(anna_live) == 1

    def test_that_goes_on_and_on_is_given_up_after_some_tries(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tries = itertools.count(1)

        def fail(*_: Any) -> Any:
            next(tries)
            raise OperationalError from psycopg.errors.SerializationFailure()

        monkeypatch.setattr(commands, "_record", fail)
        with pytest.raises(OperationalError):
            step(anna_live, by=1)
        assert next(tries) == commands.ATTEMPTS + 1

    def test_is_not_what_a_lost_connection_is(self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        """The commit may have been done: only the caller's key says whether to try again."""
        tries = itertools.count(1)

        def fail(*_: Any) -> Any:
            next(tries)
            raise OperationalError from psycopg.errors.AdminShutdown()

        monkeypatch.setattr(commands, "_record", fail)
        with pytest.raises(OperationalError):
            step(anna_live, by=1)
        assert next(tries) == 2


@dataclass(frozen=True)
class Contact:
    name: Personal[str]
    role: str


@dataclass(frozen=True)
class Noted:
    count: int


@command
def note(
    ctx: Ctx,
    *,
    email: Personal[str],
    nickname: Personal[str | None],
    contacts: tuple[Contact, ...],
    password: Secret[str],
    lines: Bulk[tuple[int, ...]],
    language: str,
) -> Noted:
    return Noted(len(lines))


class TestPersonalData:
    GIVEN: ClassVar[dict[str, Any]] = {
        "email": "bo@bengtsson.example",
        "nickname": None,
        "contacts": (Contact("Bo Bengtsson", "owner"), Contact("Britta Bengtsson", "books")),
        "password": "hunter2hunter2",
        "lines": tuple(range(1000)),
        "language": "sv",
    }

    def test_are_kept_apart_from_the_audit(self, anna: Ctx) -> None:
        note(anna, **self.GIVEN)
        ((given,),) = seen(anna, "SELECT input FROM base_command WHERE name = 'base.note'")
        assert "bengtsson" not in given.lower()
        assert '"language": "sv"' in given
        assert '"role": "books"' in given
        assert seen(anna, "SELECT path, value::text FROM base_personalvalue ORDER BY path") == [
            ("contacts[0].name", '"Bo Bengtsson"'),
            ("contacts[1].name", '"Britta Bengtsson"'),
            ("email", '"bo@bengtsson.example"'),
        ]

    def test_can_be_erased_while_the_audit_still_says_whether_they_were_these(self, anna: Ctx) -> None:
        note(keyed(anna, "k"), **self.GIVEN)
        with tenant.scope(anna.tenant_id):
            ((digest,),) = rows.select("SELECT hash FROM base_personalvalue WHERE path = 'email'")
            assert rows.run("DELETE FROM base_personalvalue") == 3
        ((given,),) = seen(anna, "SELECT input FROM base_command WHERE name = 'base.note'")
        assert digest in given
        assert note(keyed(anna, "k"), **self.GIVEN) == Noted(1000)
        with pytest.raises(KeyReused):
            note(keyed(anna, "k"), **{**self.GIVEN, "email": "other@bengtsson.example"})

    def test_include_no_secret_at_all(self, anna: Ctx) -> None:
        note(keyed(anna, "k"), **self.GIVEN)
        kept = seen(anna, "SELECT to_jsonb(c)::text FROM base_command c")
        kept += seen(anna, "SELECT to_jsonb(p)::text FROM base_personalvalue p")
        assert "hunter2" not in str(kept)
        with pytest.raises(KeyReused):
            note(keyed(anna, "k"), **{**self.GIVEN, "password": "hunter3hunter3"})

    def test_of_bulk_are_a_count_and_a_hash(self, anna: Ctx) -> None:
        note(anna, **self.GIVEN)
        ((lines,),) = seen(anna, "SELECT input->'lines' FROM base_command WHERE name = 'base.note'")
        assert '"count": 1000' in lines
        assert len(lines) < 120

    def test_would_stand_in_the_audit_without_their_mark(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: nothing is redacted."""
        monkeypatch.setattr(codec, "redact", lambda given, plan, secret: (given, []))
        note(anna, **self.GIVEN)
        ((given,),) = seen(anna, "SELECT input FROM base_command WHERE name = 'base.note'")
        assert "Bengtsson" in given
        assert "hunter2" in given


ANSWERS = {
    "answered again": "UPDATE base_command SET result = '{}'",
    "taken back": "UPDATE base_command SET result = NULL",
}
CHANGES = {
    "changed": "UPDATE base_command SET actor = 'nobody'",
    "moved in time": "UPDATE base_command SET at = '2020-01-01'",
    "deleted": "DELETE FROM base_command",
    "emptied": "TRUNCATE base_command CASCADE",
}


class TestTheAudit:
    @pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
    def test_cannot_be_touched_by_the_application(self, statement: str, anna_live: Ctx) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"), tenant.scope(anna_live.tenant_id):
            rows.run(statement)

    @pytest.mark.parametrize("statement", ANSWERS.values(), ids=ANSWERS)
    def test_is_answered_once(self, statement: str, anna_live: Ctx) -> None:
        with pytest.raises(IntegrityError, match="answered once"), tenant.scope(anna_live.tenant_id):
            rows.run(statement)

    @pytest.mark.parametrize("statement", [*ANSWERS.values(), *CHANGES.values()], ids=[*ANSWERS, *CHANGES])
    def test_cannot_be_touched_by_the_owner_either(self, statement: str, anna_live: Ctx, owner: Owner) -> None:
        with pytest.raises(psycopg.errors.RestrictViolation):
            as_tenant(owner, anna_live.tenant_id).execute(statement)

    @pytest.mark.parametrize("statement", [*ANSWERS.values(), *CHANGES.values()], ids=[*ANSWERS, *CHANGES])
    def test_could_be_touched_without_its_triggers(self, statement: str, anna_live: Ctx, owner: Owner) -> None:
        """The planted fault: the owner drops the guards."""
        for _, table in tenant_tables(owner):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        touched = as_tenant(owner, anna_live.tenant_id).execute(statement)
        assert touched.rowcount != 0

    @pytest.mark.parametrize("table", ["base_event", "base_statechange", "base_file", "base_filepart"])
    def test_has_company_in_tables_that_are_never_emptied(self, table: str, owner: Owner) -> None:
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(f"TRUNCATE {table} CASCADE")

    @pytest.mark.parametrize("table", ["base_event", "base_statechange", "base_file"])
    def test_has_company_in_tables_that_only_grow(self, table: str, anna: Ctx) -> None:
        """Parts of a file that is erased do go, and of no other: see the tests of erasing."""
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")
