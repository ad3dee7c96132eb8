"""An event is written with the command that did it, its jobs and its notification, or not at all."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
import pytest

from kvit.base import event, rows, tenant
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from owner import parameters


@dataclass(frozen=True)
class Rang:
    times: int
    who: str | None = None


@dataclass(frozen=True)
class Done:
    times: int


class Broken(DomainError):
    code: ClassVar[str] = "base.broken"


@command
def ring(ctx: Ctx, *, times: int, broken: bool = False) -> Done:
    ctx.emit(Rang(times))
    if broken:
        raise Broken
    return Done(times)


def events(ctx: Ctx) -> list[Any]:
    with tenant.scope(ctx.tenant_id):
        return rows.select("SELECT type, body::text, at, id FROM base_event ORDER BY id")


def jobs(ctx: Ctx) -> list[Any]:
    """(event id, subscriber, status) of the jobs of this tenant."""
    return rows.select(
        "SELECT (args->>'event_id')::bigint, args->>'subscriber', status::text FROM procrastinate_jobs "
        "WHERE args->>'tenant_id' = %s ORDER BY id",
        [str(ctx.tenant_id)],
    )


@pytest.mark.usefixtures("own_subscriptions")
class TestAnEvent:
    def test_is_written_with_one_job_per_subscriber(self, anna: Ctx) -> None:
        event.subscribe(Rang, "bell.first")
        event.subscribe(Rang, "bell.second")
        event.subscribe(Done, "nobody")
        ring(anna, times=3)
        ((name, body, at, event_id),) = events(anna)
        assert (name, body, at) == ("base.Rang", '{"who": null, "times": 3}', anna.now)
        assert jobs(anna) == [(event_id, "bell.first", "todo"), (event_id, "bell.second", "todo")]

    def test_of_a_refused_command_leaves_neither_row_nor_job(self, anna: Ctx) -> None:
        event.subscribe(Rang, "bell.first")
        with pytest.raises(Broken):
            ring(anna, times=3, broken=True)
        assert events(anna) == []
        assert jobs(anna) == []

    def test_leaves_nothing_when_the_commit_fails(self, anna_live: Ctx) -> None:
        event.subscribe(Rang, "bell.first")
        with suppress(RuntimeError), tenant.scope(anna_live.tenant_id):
            _write(anna_live, Rang(1))
            assert len(jobs(anna_live)) == 1
            raise RuntimeError
        assert events(anna_live) == []
        assert jobs(anna_live) == []

    def test_would_leave_a_job_behind_if_that_were_written_elsewhere(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: the job goes into the queue on another connection."""
        event.subscribe(Rang, "bell.first")

        def elsewhere(tenant_id: int, event_id: int, subscriber: str) -> None:
            with psycopg.connect(**parameters("default")) as other:
                other.execute(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('planted', 'planted', "
                    "jsonb_build_object('tenant_id', %s::int, 'event_id', %s::bigint, 'subscriber', %s::text))",
                    [tenant_id, event_id, subscriber],
                )

        monkeypatch.setattr(event, "_enqueue", [elsewhere])
        with pytest.raises(Broken):
            ring(anna_live, times=3, broken=True)
        assert events(anna_live) == []
        assert len(jobs(anna_live)) == 1

    def test_is_read_back_as_it_was_emitted(self, anna: Ctx) -> None:
        event.subscribe(Rang, "bell.first")
        with tenant.scope(anna.tenant_id):
            event_id = _write(anna, Rang(2, who="Bo"))
            assert event.read(event_id) == Rang(2, who="Bo")

    def test_of_another_tenant_is_not_found(self, anna: Ctx, cilla: Ctx) -> None:
        event.subscribe(Rang, "bell.first")
        with tenant.scope(anna.tenant_id):
            event_id = _write(anna, Rang(2))
        with tenant.scope(cilla.tenant_id), pytest.raises(LookupError):
            event.read(event_id)

    def test_of_a_type_that_nobody_declares_any_more_is_a_bug(self, anna: Ctx) -> None:
        with tenant.scope(anna.tenant_id):
            event_id = _write(anna, Rang(2))
            with pytest.raises(event.UnknownEventError):
                event.read(event_id)

    def test_is_a_dataclass(self, anna: Ctx) -> None:
        for body in ({"times": 1}, Rang, "Rang"):
            with tenant.scope(anna.tenant_id), pytest.raises(TypeError):
                _write(anna, body)

    def test_is_subscribed_to_once_under_a_name(self) -> None:
        event.subscribe(Rang, "bell.first")
        with pytest.raises(RuntimeError, match="twice"):
            event.subscribe(Rang, "bell.first")


def _write(ctx: Ctx, body: Any) -> int:
    ((command_id,),) = rows.select("SELECT max(id) FROM base_command")
    if command_id is None:
        ((command_id,),) = rows.select(
            "INSERT INTO base_command (tenant_id, name, input, actor, at) "
            "VALUES (%s, 'base.test', '{}', 'user:anna', %s) RETURNING id",
            [ctx.tenant_id, ctx.now],
        )
    return event.write(tenant_id=ctx.tenant_id, command_id=command_id, body=body, at=ctx.now)


class TestANotification:
    @pytest.fixture
    def listener(self, live: None) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(**parameters("default"), autocommit=True) as connection:
            connection.execute("LISTEN kvit_event")
            yield connection

    @staticmethod
    def heard(listener: psycopg.Connection[Any], ctx: Ctx, *, seconds: int) -> list[str]:
        """What is said of this tenant until one notification has come or the time is over."""
        found = []
        for notification in listener.notifies(timeout=seconds, stop_after=1):
            if notification.payload.startswith(f"{ctx.tenant_id}:"):
                found.append(notification.payload)
        return found

    def test_arrives_after_the_commit(self, anna_live: Ctx, listener: psycopg.Connection[Any]) -> None:
        ring(anna_live, times=1)
        ((_, _, _, event_id),) = events(anna_live)
        assert self.heard(listener, anna_live, seconds=10) == [f"{anna_live.tenant_id}:base.Rang:{event_id}"]

    def test_does_not_arrive_before_it(self, anna_live: Ctx, listener: psycopg.Connection[Any]) -> None:
        with tenant.scope(anna_live.tenant_id):
            _write(anna_live, Rang(1))
            assert self.heard(listener, anna_live, seconds=1) == []
        assert len(self.heard(listener, anna_live, seconds=10)) == 1

    def test_does_not_arrive_after_a_rollback(self, anna_live: Ctx, listener: psycopg.Connection[Any]) -> None:
        with pytest.raises(Broken):
            ring(anna_live, times=1, broken=True)
        assert self.heard(listener, anna_live, seconds=1) == []
