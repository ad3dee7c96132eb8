"""A worker in a process of its own, which may kill itself in the middle of a job.

    python -c "from base import rescue; rescue.main('die-before')"

`die-before` kills itself (SIGKILL) when it is handed an event, `die-after` once the command has committed but the
job is not yet ended; `live` works on until it is stopped; `careless` is as `live` but rescues nobody.
"""

import os
import signal
from dataclasses import dataclass

from kvit.base import job, rows
from kvit.base.command import Ctx, command

MODE = ["live"]
HEARTBEAT_SECONDS = 0.2
STALLED_AFTER_SECONDS = 1


@dataclass(frozen=True)
class Asked:
    """Something is to be done."""

    what: str


@dataclass(frozen=True)
class Answered:
    """It was done: the effect that is counted."""

    what: str


@dataclass(frozen=True)
class Done:
    """How many were asked or answered so far."""

    count: int


@command
def ask(ctx: Ctx, *, what: str) -> Done:
    """Emit the event that the job is for."""
    ctx.emit(Asked(what))
    return Done(1)


@command
def answer(ctx: Ctx, *, what: str) -> Done:
    """Leave the effect."""
    ctx.emit(Answered(what))
    return Done(rows.select("SELECT count(*) FROM base_event WHERE type = 'rescue.Answered'")[0][0])


def handle(ctx: Ctx, event: Asked) -> None:
    """Do what was asked, unless it is time to die."""
    if MODE == ["die-before"]:
        os.kill(os.getpid(), signal.SIGKILL)
    answer(ctx, what=event.what)
    if MODE == ["die-after"]:
        os.kill(os.getpid(), signal.SIGKILL)


def main(how: str) -> None:
    """Work in a loop with quick heartbeats."""
    import django

    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    MODE[:] = [how]
    job.on(Asked, "rescue.answer")(handle)
    job.STALLED_AFTER_SECONDS = STALLED_AFTER_SECONDS
    with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
        working.run_worker(
            queues=["events"] if how == "careless" else None,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            fetch_job_polling_interval=HEARTBEAT_SECONDS,
        )
