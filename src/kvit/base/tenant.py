"""One tenant at a time: the scope in which the database shows a tenant's rows and no other's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_current: ContextVar[int | None] = ContextVar("kvit_tenant", default=None)


class TenantMixedError(RuntimeError):
    """Code inside one tenant's scope tried to open another tenant's: a bug, never a refusal."""


@contextmanager
def scope(tenant_id: int, *, durable: bool = False, announced: bool = True) -> Iterator[None]:
    """Open (or join) a transaction in which row-level security lets through this tenant's rows only.

    The setting is local to the transaction, so that a pooled connection never carries it further
    (RELIABILITY 11). Nesting the same tenant is free; nesting another one is a bug.
    With `announced=False` the first statement inside tells the database the tenant itself (a command does).
    """
    inside = _current.get()
    if inside is not None:
        if inside != tenant_id:
            raise TenantMixedError(f"tenant {tenant_id} inside the scope of tenant {inside}")
        if durable:
            raise RuntimeError("a command opens its own transaction; call it outside of any reading scope")
        yield
        return
    token = _current.set(tenant_id)
    try:
        with transaction.atomic(durable=durable):
            if announced:
                _set(str(tenant_id))
            yield
            if connection.savepoint_ids:
                _set("")  # somebody else's transaction goes on: leave it as found
    finally:
        _current.reset(token)


@contextmanager
def statement(tenant_id: int) -> Iterator[None]:
    """The tenant's scope for one statement that is its own transaction and tells the database the tenant itself.

    Inside somebody else's transaction it is an ordinary scope.
    """
    if _current.get() is not None or connection.in_atomic_block:
        with scope(tenant_id, durable=True, announced=False):
            yield
        return
    token = _current.set(tenant_id)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def reading(tenant_id: int) -> Iterator[None]:
    """The tenant's scope in a transaction in which nothing can be written (RELIABILITY 21); joins a scope it is in.

    Inside somebody else's transaction it is an ordinary scope: read-only could not be taken back there.
    """
    if _current.get() is not None or connection.in_atomic_block:
        with scope(tenant_id):
            yield
        return
    with scope(tenant_id, announced=False):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.tenant', %s, true), set_config('transaction_read_only', 'on', true)",
                [str(tenant_id)],
            )
        yield


def _set(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.tenant', %s, true), set_config('plan_cache_mode', 'force_custom_plan', true)",
            [value],
        )
