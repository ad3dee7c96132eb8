"""Run a command: once per key, in one transaction, with its audit row and its events."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Concatenate, LiteralString, ParamSpec, Protocol, TypeVar, get_type_hints

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError

from kvit.base import codec, event, rows, tenant
from kvit.kernel.refusals import DomainError

P = ParamSpec("P")
ATTEMPTS = 6
MAX_KEY = 200
_ANEW, _KEPT = ("force_custom_plan", "on"), ("force_generic_plan", "off")
ANSWERING: LiteralString = "UPDATE base_command SET result = {answer} FROM {given} WHERE id = %(command)s"
"""The statement that `answers_itself` speaks of, to be filled in with the answer as jsonb and what it is made from."""
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

    @property
    def command_id(self) -> int:
        """The audit row of the running command; rows that a command writes carry it."""
        if self._command_id is None:
            raise RuntimeError("outside a command")
        return self._command_id

    def emit(self, body: Record) -> None:
        """Write an event, and a job for each subscriber, in the command's transaction."""
        event.write(tenant_id=self.tenant_id, command_id=self.command_id, body=body, at=self.now)


def plans_kept(func: Callable[Concatenate[Ctx, P], R]) -> Callable[Concatenate[Ctx, P], R]:
    """Mark a command whose statements can only be run in one way, so that the database plans them once.

    Other commands are planned anew each time: a plan made while a table is small must not be kept while it
    grows a thousandfold. The mark counts for the outermost command. Stands below `@command`.
    """
    func.__kvit_planning__ = _KEPT  # type: ignore[attr-defined]
    return func


def answers_itself(func: Callable[Concatenate[Ctx, P], R]) -> Callable[Concatenate[Ctx, P], R]:
    """Mark a command whose last statement writes its answer into the audit row, by `ANSWERING`: one statement less.

    For the one that everything waits for (docs/decisions/0014). Stands below `@command`.
    """
    func.__kvit_answers__ = True  # type: ignore[attr-defined]
    return func


def command(func: Callable[Concatenate[Ctx, P], R]) -> Callable[Concatenate[Ctx, P], R]:
    """Turn `def issue_invoices(ctx, *, ...) -> Result` into a command.

    Outermost: opens the transaction in the tenant's scope, honours `ctx.key`, and repeats the whole
    transaction after a deadlock. Inside another command: joins, and is recorded as its child.
    The audit row is inserted first, so that a concurrent twin waits on its key and then finds the answer.
    Same key and same input gives the stored answer; same key and other input is refused (`KeyReused`).
    Everything after `ctx` is keyword-only and plain; the answer is one flat frozen dataclass.
    """
    parameters = list(inspect.signature(func).parameters.values())
    if any(p.kind is not p.KEYWORD_ONLY for p in parameters[1:]):
        raise TypeError(f"{func.__qualname__}: everything after ctx must be keyword-only")
    name = f"{func.__module__.split('.')[1]}.{func.__name__}"
    plan = functools.cache(lambda: codec.plan_of(func))
    planning, answers = getattr(func, "__kvit_planning__", _ANEW), hasattr(func, "__kvit_answers__")
    answer_type = functools.cache(lambda: get_type_hints(func)["return"])

    def once(ctx: Ctx, given: Any, /, *args: P.args, **kwargs: P.kwargs) -> R:
        command_id, stored = _record(ctx, name, given, plan(), planning)
        if stored is not None:
            return codec.restore(stored, answer_type())  # type: ignore[no-any-return]
        answer = func(replace(ctx, key=None, _command_id=command_id), *args, **kwargs)
        if not answers:
            spelled = codec.canonical(answer).decode()
            rows.run("UPDATE base_command SET result = %s::jsonb WHERE id = %s", [spelled, command_id])
        return answer

    @functools.wraps(func)
    def run(ctx: Ctx, /, *args: P.args, **kwargs: P.kwargs) -> R:
        given = codec.plain(kwargs)
        if ctx._command_id is not None:
            with transaction.atomic(savepoint=False):
                return once(ctx, given, *args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with tenant.scope(ctx.tenant_id, durable=True, announced=False):
                    return once(ctx, given, *args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not _may_repeat(error):
                    raise
        raise AssertionError("unreachable")

    run.__kvit_command__ = name  # type: ignore[attr-defined]
    return run


def _may_repeat(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _RETRIED and not connection.in_atomic_block


def _record(ctx: Ctx, name: str, given: Any, plan: codec.Plan, planning: tuple[str, str]) -> tuple[int, Any]:
    """Insert the audit row, or find the one its key belongs to: (command id, stored answer or None)."""
    if ctx.key is not None and len(ctx.key) > MAX_KEY:
        raise KeyTooLong(f"an idempotency key has at most {MAX_KEY} characters, this one {len(ctx.key)}")
    kept, personal = codec.redact(given, plan, settings.KVIT_HASH_KEY)
    spelled = codec.storable(kept).decode()
    inserted = rows.select(
        """
        WITH scope AS MATERIALIZED (
            SELECT set_config('app.tenant', %s, true) AS tenant, set_config('plan_cache_mode', %s, true),
                   set_config('enable_seqscan', %s, true)
        )
        INSERT INTO base_command (tenant_id, name, key, input, actor, parent_id, at)
        SELECT tenant::int, %s, %s, %s::jsonb, %s, %s, %s FROM scope
        ON CONFLICT (tenant_id, name, key) WHERE key IS NOT NULL DO NOTHING RETURNING id
        """,
        [
            str(ctx.tenant_id),
            *(planning if ctx._command_id is None else _ANEW),
            name,
            ctx.key,
            spelled,
            ctx.actor,
            ctx._command_id,
            ctx.now,
        ],
    )
    if not inserted:
        return _stored(ctx, name, spelled)
    command_id = int(inserted[0][0])
    if personal:
        _keep_personal(ctx.tenant_id, command_id, personal)
    return command_id, None


def _stored(ctx: Ctx, name: str, spelled: str) -> tuple[int, Any]:
    ((command_id, same, result),) = rows.select(
        "SELECT id, input = %s::jsonb, result FROM base_command WHERE tenant_id = %s AND name = %s AND key = %s",
        [spelled, ctx.tenant_id, name, ctx.key],
    )
    if not same:
        raise KeyReused(f"{name} {ctx.key}")
    if result is None:
        raise RuntimeError(f"{name} {ctx.key} was run and not answered; it is not run again")
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
