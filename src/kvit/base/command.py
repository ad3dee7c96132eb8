"""Run a command: once per key, in one transaction, with its audit row and its events."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Concatenate, Generic, ParamSpec, Protocol, TypeVar, get_type_hints

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError, OperationalError

from kvit.base import codec, event, rows, tenant
from kvit.base.recording import Row
from kvit.kernel.refusals import DomainError

P = ParamSpec("P")
ATTEMPTS = 6
MAX_KEY = 200
_RETRIED = ("40001", "40P01")  # serialization failure, deadlock: RELIABILITY 4


class Record(Protocol):
    """A frozen dataclass of plain fields."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


R = TypeVar("R", bound=Record)


class KeyReused(DomainError):
    """The same idempotency key came with other input."""

    code = "base.key_reused"


class KeyTooLong(DomainError):
    """An idempotency key is longer than 200 characters."""

    code = "base.key_too_long"


@dataclass(frozen=True, slots=True)
class Ctx:
    """Who asks, when, for which tenant, and under which idempotency key. Built at the edge, never inside.

    `now` is an aware UTC instant; nobody below reads a clock. `key` is honoured by the outermost command.
    """

    tenant_id: int
    actor: str
    now: datetime
    key: str | None = None
    _command_id: int | None = field(default=None, repr=False)
    _row: Row | None = field(default=None, repr=False)

    @property
    def command_id(self) -> int:
        """The audit row of the running command; rows that a command writes carry it."""
        if self._command_id is None:
            raise RuntimeError("outside a command")
        return self._command_id

    @property
    def row(self) -> Row:
        """What the audit row of a command that records itself is to hold, for `recording.PLACES`."""
        if self._row is None:
            raise RuntimeError("only a command that records itself writes its own row")
        return self._row

    def emit(self, body: Record) -> None:
        """Write an event, and a job for each subscriber, in the command's transaction."""
        event.write(tenant_id=self.tenant_id, command_id=self.command_id, body=body, at=self.now)


def records_itself(func: Callable[Concatenate[Ctx, P], R]) -> Callable[Concatenate[Ctx, P], R]:
    """Mark a command that is one call of a function of the database, which writes the audit row with its answer.

    Such a command asks the database once, and where it is the outermost one, that statement is its transaction.
    For the one that everything waits for (docs/decisions/0048). It has no child and takes nothing personal.
    Stands below `@command`.
    """
    func.__kvit_records__ = True  # type: ignore[attr-defined]
    return func


def command(func: Callable[Concatenate[Ctx, P], R]) -> Callable[Concatenate[Ctx, P], R]:
    """Turn `def issue_invoices(ctx, *, ...) -> Result` into a command.

    Outermost: opens the transaction in the tenant's scope, honours `ctx.key`, and repeats the whole
    transaction after a deadlock. Inside another command: joins, and is recorded as its child.
    The audit row is inserted first, so that a concurrent twin waits on its key and then finds the answer.
    Same key and same input gives the stored answer; same key and other input is refused (`KeyReused`).
    Everything after `ctx` is keyword-only and plain; the answer is one flat frozen dataclass.
    """
    runner = _Runner(func)

    @functools.wraps(func)
    def run(ctx: Ctx, /, *args: P.args, **kwargs: P.kwargs) -> R:
        given = codec.given(kwargs, runner.plan())
        if ctx._command_id is not None:
            with transaction.atomic(savepoint=False):
                return runner.once(ctx, given, *args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return runner.outermost(ctx, given, *args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not _may_repeat(error):
                    raise
        raise AssertionError("unreachable")

    run.__kvit_command__ = runner.name  # type: ignore[attr-defined]
    return run


class _Runner(Generic[P, R]):
    """A command's function, and how it is run and recorded."""

    def __init__(self, func: Callable[Concatenate[Ctx, P], R]) -> None:
        parameters = list(inspect.signature(func).parameters.values())
        if any(p.kind is not p.KEYWORD_ONLY for p in parameters[1:]):
            raise TypeError(f"{func.__qualname__}: everything after ctx must be keyword-only")
        self.func = func
        self.name = f"{func.__module__.split('.')[1]}.{func.__name__}"
        self.itself = hasattr(func, "__kvit_records__")
        self.plan = functools.cache(lambda: codec.plan_of(func))
        self._answer_type = functools.cache(lambda: get_type_hints(func)["return"])

    def outermost(self, ctx: Ctx, given: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it in a transaction of its own, or give the answer that stands under its key."""
        if not self.itself:
            with tenant.scope(ctx.tenant_id, durable=True, announced=False):
                return self.once(ctx, given, *args, **kwargs)
        try:
            with tenant.statement(ctx.tenant_id):
                return self.once(ctx, given, *args, **kwargs)
        except OperationalError:
            raise
        except (DatabaseError, DomainError):  # what was done under this key may be what stands in its own way
            if ctx.key is None or (stored := self._stored(ctx, given)) is None:
                raise
            return self._restored(stored)

    def once(self, ctx: Ctx, given: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run and record it in the transaction there is."""
        row, personal = _row(ctx, self.name, given, self.plan())
        if self.itself:
            if personal:
                raise TypeError(f"{self.name} records itself and can keep nothing personal")
            return self.func(replace(ctx, key=None, _row=row), *args, **kwargs)
        command_id, stored = _record(row, personal)
        if stored is not None:
            return self._restored(stored)
        answer = self.func(replace(ctx, key=None, _command_id=command_id), *args, **kwargs)
        spelled = codec.canonical(answer).decode()
        rows.run("UPDATE base_command SET result = %s::jsonb WHERE id = %s", [spelled, command_id])
        return answer

    def _stored(self, ctx: Ctx, given: Any) -> str | None:
        row, _ = _row(ctx, self.name, given, self.plan())
        with tenant.scope(ctx.tenant_id):
            found = _stored(row)
        return None if found is None else found[1]

    def _restored(self, stored: str) -> R:
        return codec.restore(stored, self._answer_type())  # type: ignore[no-any-return]


def _may_repeat(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _RETRIED and not connection.in_atomic_block


def _row(ctx: Ctx, name: str, given: Any, plan: codec.Plan) -> tuple[Row, list[tuple[str, str, Any]]]:
    """What the audit row is to hold, and the personal values that it must not."""
    if ctx.key is not None and len(ctx.key) > MAX_KEY:
        raise KeyTooLong(f"an idempotency key has at most {MAX_KEY} characters, this one {len(ctx.key)}")
    kept, personal = codec.redact(given, plan, settings.KVIT_HASH_KEY)
    spelled = codec.storable(kept).decode()
    return (ctx.tenant_id, name, ctx.key, spelled, ctx.actor, ctx._command_id, ctx.now), personal


def _record(row: Row, personal: list[tuple[str, str, Any]]) -> tuple[int, Any]:
    """Insert the audit row, or find the one its key belongs to: (command id, stored answer or None).

    Statements are planned anew each time from here on: a plan made while a table is small must not be kept while it
    grows a thousandfold.
    """
    tenant_id, *others = row
    inserted = rows.select(
        """
        WITH scope AS MATERIALIZED (
            SELECT set_config('app.tenant', %s, true) AS tenant,
                   set_config('plan_cache_mode', 'force_custom_plan', true)
        )
        INSERT INTO base_command (tenant_id, name, key, input, actor, parent_id, at)
        SELECT tenant::int, %s, %s, %s::jsonb, %s, %s, %s FROM scope
        ON CONFLICT (tenant_id, name, key) WHERE key IS NOT NULL DO NOTHING RETURNING id
        """,
        [str(tenant_id), *others],
    )
    if not inserted:
        if (found := _stored(row)) is None:
            raise RuntimeError(f"{row[1]} {row[2]} is in the way and cannot be seen")
        return found
    command_id = int(inserted[0][0])
    if personal:
        _keep_personal(tenant_id, command_id, personal)
    return command_id, None


def _stored(row: Row) -> tuple[int, Any] | None:
    """The command that stands under a row's key, with its answer; None if there is none."""
    tenant_id, name, key, spelled, *_ = row
    stored = rows.select(
        "SELECT id, input = %s::jsonb, result FROM base_command WHERE tenant_id = %s AND name = %s AND key = %s",
        [spelled, tenant_id, name, key],
    )
    if not stored:
        return None
    ((command_id, same, result),) = stored
    if not same:
        raise KeyReused(f"{name} {key}")
    if result is None:
        raise RuntimeError(f"{name} {key} was run and not answered; it is not run again")
    return int(command_id), result


def _keep_personal(tenant_id: int, command_id: int, personal: list[tuple[str, str, Any]]) -> None:
    rows.insert(
        "base_personalvalue",
        {
            "tenant_id": ("int", [tenant_id] * len(personal)),
            "command_id": ("bigint", [command_id] * len(personal)),
            "path": ("text", [path for path, _, _ in personal]),
            "hash": ("text", [digest for _, digest, _ in personal]),
            "value": ("jsonb", [codec.canonical(value).decode() for _, _, value in personal]),
        },
    )
