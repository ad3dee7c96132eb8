"""The next day as a background job: asked for on a page, played by the worker, its progress read from the books."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from procrastinate import exceptions
from procrastinate.contrib.django import app

from kvit.base import clock, rows
from kvit.world import days
from kvit.world.days import BankFolder, Importer, Player

TASK: Final = "kvit.world.play_until"
ACTOR: Final = "world:next-day"


_importers: Final[list[Importer]] = []


def import_with(importer: Importer) -> None:
    """Say by what the worker takes bank files in; its process does, once, before it begins."""
    _importers[:] = [importer]


@app.task(name=TASK, queue="world", queueing_lock=TASK)
def play_until(day: str) -> None:
    """Play every company until a day (ISO 8601), the clock with it; once more after a crash changes nothing.

    Matching is left to the jobs that each bank file queues.
    """
    (importer,) = _importers
    folder = BankFolder(Path(settings.KVIT_HOME) / days.FOLDER, importer)
    player = Player(days.all_there(), folder, ACTOR, settle=lambda: None)
    with days.alone():
        player.reach(date.fromisoformat(day))


def ask_for_next_day() -> date | None:
    """Queue the day after today; that which is queued already stays the only one. None where there is no world.

    Refuses `NotInTestMode`, before anything is queued.
    """
    clock.push_forward(timedelta(0))
    if not days.all_there():
        return None
    wanted = clock.current().now().date() + timedelta(days=1)
    try:
        play_until.defer(day=wanted.isoformat())
    except exceptions.AlreadyEnqueued:
        return wanted
    return wanted


@dataclass(frozen=True, slots=True)
class Playing:
    """A day that is asked for: how many companies have reached it; `failed` when the worker gave up on it."""

    day: date
    reached: int
    companies: int
    failed: bool


def playing() -> Playing | None:
    """The day that is being played or matched just now; None when nothing is left to do."""
    found = rows.select(
        """
        SELECT args ->> 'day', status::text FROM procrastinate_jobs
        WHERE task_name = %s AND status IN ('todo', 'doing', 'failed') ORDER BY id DESC LIMIT 1
        """,
        [TASK],
    )
    if not found:
        return None
    day, is_failed = date.fromisoformat(found[0][0]), found[0][1] == "failed"
    there = days.all_there()
    reached = sum(days.played_through(simulated) >= day for simulated in there)
    if is_failed and reached == len(there):
        return None  # an earlier failure that a later run made good
    return Playing(day, reached, len(there), is_failed)


def is_matching() -> bool:
    """Whether jobs of what a day brought still wait."""
    found = rows.select(
        "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queue_name = 'events' AND status IN ('todo', 'doing'))"
    )
    return bool(found[0][0])
