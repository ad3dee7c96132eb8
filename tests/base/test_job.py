"""A job runs at least once and is effective once, whatever happens to who works on it."""

import functools
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app

import kvit
import patience
from base import rescue
from cast import open_company
from kvit.base import event, job, rows, tenant
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError


@dataclass(frozen=True)
class Rang:
    times: int


@dataclass(frozen=True)
class Heard:
    times: int


@dataclass(frozen=True)
class Done:
    times: int


class Deaf(DomainError):
    code: ClassVar[str] = "base.deaf"


@command
def ring(ctx: Ctx, *, times: int) -> Done:
    ctx.emit(Rang(times))
    return Done(times)


@command
def hear(ctx: Ctx, *, times: int) -> Done:
    ctx.emit(Heard(times))
    return Done(times)


def effects(ctx: Ctx, name: str = "base.Heard") -> int:
    with tenant.scope(ctx.tenant_id):
        return int(rows.select("SELECT count(*) FROM base_event WHERE type = %s", [name])[0][0])


def jobs(ctx: Ctx) -> list[Any]:
    """(status, attempts, whether it waits for later) of this tenant's jobs."""
    return rows.select(
        "SELECT status::text, attempts, scheduled_at > now() FROM procrastinate_jobs "
        "WHERE args->>'tenant_id' = %s ORDER BY id",
        [str(ctx.tenant_id)],
    )


@pytest.mark.usefixtures("own_subscriptions", "own_queue")
class TestAHandler:
    def test_is_handed_the_event_with_a_context_of_its_own(self, anna_live: Ctx) -> None:
        handed: list[tuple[Ctx, Rang]] = []
        job.on(Rang, "base.hear")(lambda ctx, body: handed.append((ctx, body)))
        ring(anna_live, times=2)
        job.run_until_empty()
        ((ctx, body),) = handed
        with tenant.scope(anna_live.tenant_id):
            ((event_id,),) = rows.select("SELECT id FROM base_event")
        assert body == Rang(2)
        assert (ctx.tenant_id, ctx.actor, ctx.key) == (anna_live.tenant_id, "robot:base.hear", f"{event_id}:base.hear")
        assert ctx.now.utcoffset() is not None
        assert jobs(anna_live) == []

    def test_is_effective_once_though_it_runs_twice(self, anna_live: Ctx) -> None:
        runs = itertools.count(1)

        def handler(ctx: Ctx, body: Rang) -> None:
            next(runs)
            hear(ctx, times=body.times)

        job.on(Rang, "base.hear")(handler)
        ring(anna_live, times=2)
        _enqueue_again(anna_live)
        job.run_until_empty()
        assert next(runs) == 3
        assert effects(anna_live) == 1

    def test_that_drops_its_key_is_effective_twice(self, anna_live: Ctx) -> None:
        """The planted fault."""

        def handler(ctx: Ctx, body: Rang) -> None:
            hear(replace(ctx, key=None), times=body.times)

        job.on(Rang, "base.hear")(handler)
        ring(anna_live, times=2)
        _enqueue_again(anna_live)
        job.run_until_empty()
        assert effects(anna_live) == 2

    def test_has_a_job_for_each_of_two_subscribers(self, anna_live: Ctx) -> None:
        def handler(ctx: Ctx, body: Rang) -> None:
            hear(ctx, times=body.times)

        for name in ("base.one", "base.two"):
            job.on(Rang, name)(handler)
        ring(anna_live, times=2)
        job.run_until_empty()
        assert effects(anna_live) == 2


def _enqueue_again(ctx: Ctx) -> None:
    with tenant.scope(ctx.tenant_id):
        ((event_id,),) = rows.select("SELECT id FROM base_event WHERE type = 'base.Rang'")
    job.handle_event.defer(tenant_id=ctx.tenant_id, event_id=event_id, subscriber="base.hear")


@pytest.mark.usefixtures("own_subscriptions", "own_queue")
class TestAnError:
    def test_of_the_world_is_final(self, anna_live: Ctx) -> None:
        def refuse(ctx: Ctx, body: Rang) -> None:
            raise Deaf

        job.on(Rang, "base.hear")(refuse)
        ring(anna_live, times=1)
        job.run_until_empty()
        assert jobs(anna_live) == [("failed", 1, None)]

    def test_of_ours_is_tried_again_later(self, anna_live: Ctx) -> None:
        def crash(ctx: Ctx, body: Rang) -> None:
            raise ZeroDivisionError

        job.on(Rang, "base.hear")(crash)
        ring(anna_live, times=1)
        job.run_until_empty()
        ((state, attempts, waits),) = jobs(anna_live)
        assert (state, waits) == ("todo", True)
        assert attempts >= 1  # on a slow machine its pause may be over before the queue is looked at again

    def test_is_got_over_when_it_passes(self, anna_live: Ctx) -> None:
        tries = itertools.count(1)

        def crash_once(ctx: Ctx, body: Rang) -> None:
            if next(tries) == 1:
                raise ZeroDivisionError
            hear(ctx, times=body.times)

        job.on(Rang, "base.hear")(crash_once)
        ring(anna_live, times=1)
        job.run_until_empty()
        rows.run("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
        job.run_until_empty()
        assert jobs(anna_live) == []
        assert effects(anna_live) == 1

    @pytest.mark.parametrize(
        ("attempts", "error", "pause"),
        [
            (0, ZeroDivisionError(), 1),
            (3, ZeroDivisionError(), 27),
            (7, ZeroDivisionError(), 2187),
            (8, ZeroDivisionError(), None),
            (0, Deaf(), None),
        ],
    )
    def test_is_followed_by_growing_pauses_and_an_end(self, attempts: int, error: Exception, pause: int | None) -> None:
        from procrastinate.jobs import Job

        tried = Job(id=1, queue="events", lock=None, queueing_lock=None, task_name="x", attempts=attempts)
        decision = job._AgainUnlessRefused().get_retry_decision(exception=error, job=tried)
        assert (decision is None) == (pause is None)
        if decision is not None and pause is not None and decision.retry_at is not None:
            from procrastinate import utils

            assert pause - 2 <= (decision.retry_at - utils.utcnow()).total_seconds() <= pause


@pytest.mark.race
class TestAKilledWorker:
    """The way of a lost job: its worker is gone, its heartbeat is old, the rescue of another worker queues it again."""

    @pytest.fixture
    def workers(self, live: None, own_subscriptions: None, own_queue: None) -> Iterator[Any]:
        """Start a worker process that behaves in this way; those still alive are stopped in the end."""
        started: list[subprocess.Popen[bytes]] = []

        def start(how: str) -> subprocess.Popen[bytes]:
            folders = [str(Path(kvit.__file__).parents[1]), str(Path(__file__).parents[1])]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders), "PYTHONDONTWRITEBYTECODE": "1"}
            program = f"from base import rescue; rescue.main({how!r})"
            started.append(subprocess.Popen([sys.executable, "-c", program], env=environment))
            return started[-1]

        yield start
        for worker in started:
            if worker.poll() is None:
                worker.send_signal(signal.SIGTERM)
        for worker in started:
            try:
                worker.wait(timeout=patience.SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()

    @pytest.mark.parametrize(("how", "done_before"), [("die-before", 0), ("die-after", 1)])
    def test_loses_no_job_and_doubles_no_effect(self, how: str, done_before: int, workers: Any) -> None:
        event.subscribe(rescue.Asked, "rescue.answer")
        ctx = open_company()
        rescue.ask(ctx, what="help")
        assert workers(how).wait(timeout=patience.SECONDS) == -signal.SIGKILL
        assert jobs(ctx) == [("doing", 0, None)]
        assert effects(ctx, "rescue.Answered") == done_before
        workers("live")
        assert patience.until(lambda: [row[0] for row in jobs(ctx)] == ["succeeded"])
        assert effects(ctx, "rescue.Answered") == 1

    def test_loses_its_job_when_nobody_rescues(self, workers: Any) -> None:
        """The planted fault: the other worker does not serve the queue of the rescue."""
        event.subscribe(rescue.Asked, "rescue.answer")
        ctx = open_company()
        rescue.ask(ctx, what="help")
        assert workers("die-before").wait(timeout=patience.SECONDS) == -signal.SIGKILL
        workers("careless")
        assert not patience.until(lambda: jobs(ctx) != [("doing", 0, None)], seconds=8)
        assert effects(ctx, "rescue.Answered") == 0


class TestPiecesAbreast:
    def test_are_done_two_at_a_time(self) -> None:
        both = threading.Barrier(2, timeout=patience.SECONDS)
        done: list[int] = []

        def work(piece: int) -> None:
            both.wait()
            done.append(piece)

        job.abreast(work, range(6))
        assert sorted(done) == list(range(6))

    def test_are_all_tried_where_one_fails_and_then_say_so(self) -> None:
        done: list[int] = []

        def work(piece: int) -> None:
            if piece == 1:
                raise Deaf("the second")
            done.append(piece)

        with pytest.raises(Deaf):
            job.abreast(work, range(5))
        assert sorted(done) == [0, 2, 3, 4]

    @pytest.mark.usefixtures("live")
    def test_share_two_connections_and_leave_none(self) -> None:
        used: list[int] = []
        kept: list[Any] = []

        def work(_: int) -> None:
            rows.select("SELECT 1")
            used.append(connection.connection.info.backend_pid)
            kept.append(connection.connection)

        job.abreast(work, range(8))
        assert len(used) == 8
        assert len(set(used)) <= job.ABREAST
        assert all(one.closed for one in kept)

    def test_say_so_where_no_second_thread_can_be_started(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And wait for nobody: each thread waits at the end for the other one, which is not there."""
        start, started = threading.Thread.start, []

        def refuse_the_second(thread: threading.Thread) -> None:
            if thread.name.startswith("kvit-abreast"):
                started.append(thread.name)
                if len(started) > 1:
                    raise RuntimeError("can't start new thread")
            start(thread)

        def is_done(count: int) -> bool:
            return len(done) >= count

        class Slow(list[int]):
            def __iter__(self) -> Iterator[int]:
                for given, piece in enumerate(super().__iter__(), 1):
                    yield piece
                    assert patience.until(functools.partial(is_done, given))
                    time.sleep(0.1)  # the first thread has nothing to do any more, and takes the next piece too

        monkeypatch.setattr(threading.Thread, "start", refuse_the_second)
        done: list[int] = []
        with pytest.raises(RuntimeError, match="can't start"):
            job.abreast(done.append, Slow(range(3)))
        assert done == [0, 1, 2]
        assert len(started) == 2

    def test_of_one_need_no_thread(self) -> None:
        """Inside a transaction there is but its own connection."""
        done: list[int] = []
        job.abreast(lambda _: done.append(threading.get_ident()), [1])
        assert done == [threading.get_ident()]


class TestWorkBehind:
    def test_goes_on_while_its_owner_does_in_the_order_it_came(self) -> None:
        begun, go_on = threading.Event(), threading.Event()
        done: list[int] = []

        def first() -> None:
            begun.set()
            assert go_on.wait(patience.SECONDS)
            done.append(1)

        with job.Behind() as behind:
            behind.do(first)
            assert begun.wait(patience.SECONDS)
            assert done == []
            go_on.set()
            behind.do(lambda: done.append(2))
            behind.wait()
            assert done == [1, 2]

    def test_that_fails_stops_its_owner_before_the_next_piece(self) -> None:
        def fail() -> None:
            raise Deaf("behind")

        done: list[int] = []
        with job.Behind() as behind:
            behind.do(fail)
            with pytest.raises(Deaf, match="behind"):
                behind.do(lambda: done.append(1))
            behind.do(lambda: done.append(2))
        assert done == [2]

    def test_that_fails_last_is_told_at_the_end(self) -> None:
        def fail() -> None:
            raise Deaf("behind")

        def own() -> None:
            with job.Behind() as behind:
                behind.do(fail)

        with pytest.raises(Deaf, match="behind"):
            own()

    @pytest.mark.usefixtures("live")
    def test_has_one_connection_and_leaves_none(self) -> None:
        kept: list[Any] = []

        def work() -> None:
            rows.select("SELECT 1")
            kept.append(connection.connection)

        with job.Behind() as behind:
            for _ in range(3):
                behind.do(work)
        assert len({id(one) for one in kept}) == 1
        assert kept[0].closed
        assert kept[0] is not connection.connection

    @pytest.mark.django_db
    def test_is_done_by_its_owner_inside_a_transaction(self) -> None:
        """Nobody else sees what that has written."""
        done: list[int] = []
        with transaction.atomic(), job.Behind() as behind:
            behind.do(lambda: done.append(threading.get_ident()))
            assert done == [threading.get_ident()]


class TestALivingWorker:
    def test_is_not_taken_for_a_dead_one(self) -> None:
        """Nor by three heartbeats that come late; the library's own 10 s would make 10 s a matter of luck."""
        assert app.worker_defaults["update_heartbeat_interval"] * 3 < job.STALLED_AFTER_SECONDS
