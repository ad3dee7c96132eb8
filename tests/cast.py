"""The cast everyone knows: Anna the clerk, Bo the debtor, Cilla of another tenant who must see nothing."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from kvit.base.command import Ctx

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""Where it is Tuesday already in all countries that Kvit is for."""
_codes = itertools.count(1)


def open_company(name: str = "Nordvik AB", *, country: str = "SE", currency: str = "SEK", actor: str = "anna") -> "Ctx":
    """A company of its own and the context of somebody who works there; NOW is Monday 2 March 2026, 8:00 UTC."""
    from kvit.base import login
    from kvit.base.command import Ctx

    ctx = Ctx(tenant_id=login.draw_tenant_id(), actor=f"user:{actor}", now=NOW)
    code = f"{name.split()[0].lower()}-{next(_codes)}-{threading.get_ident()}-{ctx.tenant_id}"[:40]
    login.open_tenant(ctx, code=code, name=name, country=country, currency=currency)
    return ctx


@pytest.fixture
def anna(db: None) -> "Ctx":
    """Anna the clerk of Nordvik AB; everything is rolled back after the test."""
    return open_company()


@pytest.fixture
def cilla(db: None) -> "Ctx":
    """Cilla of another company, who must see nothing of Anna's."""
    return open_company("Cillas Konditori AB", actor="cilla")


@pytest.fixture
def anna_live(live: None) -> "Ctx":
    """Anna with real commits, for races and crashes."""
    return open_company()


def keyed(ctx: "Ctx", key: str) -> "Ctx":
    """The same person asking with an idempotency key."""
    return replace(ctx, key=key)


def in_threads(count: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Run `work(0…count-1)` at once, each on a connection of its own; answers or exceptions in order."""
    from django.db import connections

    barrier = threading.Barrier(count)

    def one(number: int) -> Any:
        try:
            barrier.wait()
            return work(number)
        except Exception as error:  # noqa: BLE001  (handed to the test, which judges it)
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
