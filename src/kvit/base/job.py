"""Background jobs: enqueued in the transaction that wants them, run at least once, effective once.

The queue's table is the outbox (DESIGN "Events, jobs, the outside world"); a job is an event handler or a
chunk of work, never a row.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any, Self, TypeVar

import procrastinate
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from typing_extensions import override

from kvit.base import clock, event, rows, tenant
from kvit.base.command import Ctx
from kvit.kernel.refusals import DomainError

log = logging.getLogger("kvit.jobs")
E = TypeVar("E")
P = TypeVar("P")
Handler = Callable[[Ctx, E], None]

STALLED_AFTER_SECONDS = 10
ABREAST = 2
_handlers: dict[str, Handler[Any]] = {}
_delays: dict[str, int] = {}
_slow: set[str] = set()
EVENTS, SLOW = "events", "slow"
"""Queues of handlers. What is slow waits until nothing else does; nobody looks at a page for it."""


class _AgainUnlessRefused(procrastinate.BaseRetryStrategy):
    """A refusal is final; anything else is tried again with growing pauses, 8 times over about an hour."""

    attempts = 8

    @override
    def get_retry_decision(
        self, *, exception: BaseException, job: procrastinate.jobs.Job
    ) -> procrastinate.RetryDecision | None:
        if isinstance(exception, DomainError) or job.attempts >= self.attempts:
            return None
        return procrastinate.RetryDecision(retry_in={"seconds": 3 ** min(job.attempts, 7)})


def on(
    kind: type[E], name: str, *, after_seconds: int = 0, is_slow: bool = False
) -> Callable[[Handler[E]], Handler[E]]:
    """Register a handler: called with each event of this type, in a job of its own, at least once.

    With `after_seconds` not before so long after the event: to look whether what was begun has come to an end.
    With `is_slow` when nothing else is to be done: drawing documents, which may take minutes for a large set.

    It is handed a `Ctx` whose key is `"{event_id}:{name}"`, and calls one command with it: that makes it
    effective once.
    """

    def register(handler: Handler[E]) -> Handler[E]:
        event.subscribe(kind, name)
        _handlers[name] = handler
        if after_seconds:
            _delays[name] = after_seconds
        if is_slow:
            _slow.add(name)
        return handler

    return register


@app.task(name="kvit.handle_event", queue=EVENTS, retry=_AgainUnlessRefused())
def handle_event(tenant_id: int, event_id: int, subscriber: str) -> None:
    """Load one event and hand it to one subscriber."""
    handler = _handlers[subscriber]
    with tenant.scope(tenant_id):
        body = event.read(event_id)
    ctx = Ctx(
        tenant_id=tenant_id,
        actor=f"robot:{subscriber}",
        now=clock.current().now(),
        key=f"{event_id}:{subscriber}",
    )
    handler(ctx, body)


def _enqueue(tenant_id: int, event_id: int, subscriber: str) -> None:
    wishes: dict[str, Any] = {}
    if delay := _delays.get(subscriber):
        wishes["schedule_in"] = {"seconds": delay}
    if subscriber in _slow:
        wishes |= {"queue": SLOW, "priority": -10}
    task = handle_event.configure(**wishes) if wishes else handle_event
    task.defer(tenant_id=tenant_id, event_id=event_id, subscriber=subscriber)


event.enqueue_with(_enqueue)


def awaits(tenant_id: int, subscriber: str, *, above_event_id: int) -> bool:
    """Whether a job of a later event for this subscriber has not begun: then it can do the work of both."""
    found = rows.select(
        """
        SELECT EXISTS (
            SELECT FROM procrastinate_jobs
            WHERE task_name = %s AND status = 'todo' AND args ->> 'subscriber' = %s
              AND (args ->> 'tenant_id')::int = %s AND (args ->> 'event_id')::bigint > %s)
        """,
        [handle_event.name, subscriber, tenant_id, above_event_id],
    )
    return bool(found[0][0])


@app.periodic(cron="* * * * * */5")
@app.task(name="kvit.rescue_stalled", queue="rescue", queueing_lock="kvit.rescue_stalled", pass_context=True)
async def rescue_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Give the jobs of a killed worker to another one: its heartbeat stopped, the job goes back to the queue."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        log.warning("job %s (%s) of a lost worker is queued again", job.id, job.task_name)
        await manager.retry_job(job)


def abreast(work: Callable[[P], object], pieces: Sequence[P]) -> None:
    """Do one piece after the other, two at a time; all are tried, then an error shows.

    While the database works for one, this process works for the other, each thread on one connection from the first
    piece to the last, since a new one plans every statement anew. For commands with keys of their own, called
    outside any transaction, that bear each other's company: who comes second decides anew.
    """
    if len(pieces) == 1:
        work(pieces[0])
        return
    both = Barrier(ABREAST)

    def leave() -> None:
        try:
            both.wait()  # one in each thread, behind the last piece
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ABREAST, "kvit-abreast") as threads:
        try:
            futures: list[Future[Any]] = [threads.submit(work, piece) for piece in pieces]
            futures += [threads.submit(leave) for _ in range(ABREAST)]
        except RuntimeError:  # the machine starts no further thread: nobody shall wait for it
            both.abort()
            raise
    for future in futures:
        future.result()


class Behind:
    """Does one piece of work after the other in a thread beside its owner, who goes on until the next is to begin.

    The database writes what has been read while more is read. What goes wrong shows where the owner next waits.
    Inside a transaction the owner does it all, since another connection would not see what it has written.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, "kvit-behind")
        self._running: Future[Any] | None = None
        self._has_begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        try:
            if kind is None:
                self.wait()
        finally:
            if self._has_begun:
                self._threads.submit(connections.close_all)
            self._threads.shutdown()

    def do(self, work: Callable[[], object]) -> None:
        """Wait for the piece before, then begin this one."""
        self.wait()
        if connection.in_atomic_block:
            work()
        else:
            self._running, self._has_begun = self._threads.submit(work), True

    def wait(self) -> None:
        """Until what was begun is done."""
        running, self._running = self._running, None
        if running is not None:
            running.result()


def run_until_empty(*, slow_too: bool = True) -> None:
    """Work off what is queued now, in this process, and return; for the command line and the demo.

    Without `slow_too` what nobody waits for is left to the worker.
    """
    queues = None if slow_too else [EVENTS]
    with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
        working.run_worker(
            queues=queues, wait=False, listen_notify=False, install_signal_handlers=False, delete_jobs="successful"
        )


def run() -> None:
    """Work off jobs until a signal stops the process."""
    with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
        working.run_worker(delete_jobs="successful")
