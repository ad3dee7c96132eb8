"""An installation in test mode: its routes, for `ROOT_URLCONF`, and a small demo in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import clear_url_caches, set_urlconf

from cast import NOW
from kvit.banking import jobs as bank_jobs
from kvit.base import clock
from kvit.base.command import Ctx
from kvit.urls import handler403, handler404, handler500, routes
from kvit.world import doors, founding, playing
from kvit.world.commands import Doors, Founding

__all__ = ["World", "handler403", "handler404", "handler500", "open_world", "switched_on", "urlpatterns"]

urlpatterns = routes(test_mode=True)


@dataclass(frozen=True)
class World:
    """Nordljus with a handful of customers and its doors."""

    tenant_id: int
    doors: Doors


def open_world() -> World:
    """Founded forty days ago, and played until the day of the story."""
    wanted = Founding("nordljus", 7, 12, NOW.date() - timedelta(days=40), NOW.date())
    simulated = founding.open_company(wanted, actor="world:test", now=NOW)
    ctx = Ctx(tenant_id=simulated.tenant_id, actor="world:test", now=NOW)

    def take_in(given: Ctx, *, name: str, content: bytes) -> None:
        bank_jobs.import_file(given, BytesIO(content), name=name)

    for stretch in playing.stretches(simulated.founding, after=None, until=NOW.date()):
        playing.play(ctx, simulated, stretch, take_in=take_in)
    opened = doors.open_doors(ctx, simulated)
    assert opened is not None
    assert doors.open_doors(ctx, simulated) == opened
    return World(simulated.tenant_id, opened)


@contextmanager
def switched_on(settings: Any, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Test mode, at the day of the story."""
    settings.KVIT_TEST_MODE = True
    settings.ROOT_URLCONF = "in_test_mode"
    settings.KVIT_HOME = home
    monkeypatch.setattr(clock, "current", lambda: clock.FixedClock(NOW))
    clear_url_caches()
    yield
    set_urlconf(None)
    clear_url_caches()
