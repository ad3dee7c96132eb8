"""Make statements of account: frozen as they are known, for some customers or for all in chunks."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kvit.base import login, rows
from kvit.base.command import Ctx, command
from kvit.invoicing import queries
from kvit.invoicing.commands.drafting import UnknownCustomer
from kvit.invoicing.commands.letters import Wish, due_customers, opened_run, record_chunk
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.domain.statements import BadStatement, StatementForm, require_period
from kvit.invoicing.events import StatementsMade
from kvit.invoicing.queries.composing import Asked, Composed, compose


@dataclass(frozen=True)
class Statements:
    """The statements that were made, by customer in the order given and by currency."""

    statement_ids: tuple[int, ...]


@dataclass(frozen=True)
class RunOpened:
    """The run, and for how many customers it is."""

    run_id: int
    customer_count: int


@dataclass(frozen=True)
class ChunkMade:
    """How many customers this chunk took, how many letters it made, and whether the run is at its end."""

    customers: int
    made: int
    is_finished: bool


@command
def make_statements(
    ctx: Ctx,
    *,
    customer_ids: tuple[int, ...],
    form: StatementForm,
    from_date: date,
    to_date: date,
    known_at: datetime | None = None,
) -> Statements:
    """State the accounts of customers over a period, as known at an instant (now, if none is given), for good.

    One statement per customer and currency. What is booked later, on whatever day, changes none of them. Refuses
    `UnknownCustomer`, `BadStatement`.
    """
    asked = _asked(ctx, form, from_date, to_date, known_at)
    known = queries.customers_by_id(customer_ids)
    if missing := [i for i in customer_ids if i not in known]:
        raise UnknownCustomer(f"there is no customer {missing[0]}")
    made = compose([known[i] for i in dict.fromkeys(customer_ids)], asked)
    return Statements(_write(ctx, made, run_id=None))


@command
def open_statement_run(
    ctx: Ctx, *, form: StatementForm, from_date: date, to_date: date, only_owing: bool = True
) -> RunOpened:
    """Have statements made for all customers in the background; `only_owing` leaves out accounts without anything.

    As known at this instant, however long it takes. Refuses `BadStatement`.
    """
    _asked(ctx, form, from_date, to_date, None)
    run_id, count = opened_run(ctx, Wish(RunKind.STATEMENTS, form, from_date, to_date, only_owing))
    return RunOpened(run_id, count)


@command
def make_statement_chunk(ctx: Ctx, *, run_id: int) -> ChunkMade:
    """Make the next chunk of a run; who comes second waits and takes the one after. Refuses `NoSuchRun`."""
    run, customers = due_customers(run_id, RunKind.STATEMENTS)
    asked = Asked(StatementForm(run.form), run.from_date, run.to_date, run.known_at)
    made = compose(customers, asked) if customers else ()
    kept = [each for each in made if each.says_something or not run.only_owing]
    _write(ctx, kept, run_id=run_id)
    return ChunkMade(len(customers), len(kept), record_chunk(ctx, run_id, customers, made=len(kept)))


def _asked(ctx: Ctx, form: StatementForm, from_date: date, to_date: date, known_at: datetime | None) -> Asked:
    require_period(from_date, to_date, today=login.own_day(ctx.now))
    if known_at is not None and known_at > ctx.now:
        raise BadStatement(f"nothing is known at {known_at} yet")
    return Asked(form, from_date, to_date, known_at or ctx.now)


def _write(ctx: Ctx, made: Sequence[Composed], *, run_id: int | None) -> tuple[int, ...]:
    if not made:
        return ()
    spelled = [each.statement.canonical() for each in made]
    count = len(made)
    found = rows.insert(
        "invoicing_statement",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "number": ("text", [each.statement.number for each in made]),
            "customer_id": ("bigint", [each.customer_id for each in made]),
            "currency": ("text", [each.statement.currency for each in made]),
            "form": ("text", [each.statement.form.value for each in made]),
            "from_date": ("date", [each.statement.from_date for each in made]),
            "to_date": ("date", [each.statement.to_date for each in made]),
            "known_at": ("timestamptz", [each.statement.known_at for each in made]),
            "closing_minor": ("bigint", [each.statement.closing_minor for each in made]),
            "sha256": ("text", [hashlib.sha256(each).hexdigest() for each in spelled]),
            "body": ("text", [each.decode() for each in spelled]),
            "run_id": ("bigint", [run_id] * count),
            "at": ("timestamptz", [ctx.now] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="RETURNING id",
    )
    ids = tuple(sorted(int(row[0]) for row in found))
    ctx.emit(StatementsMade(ids))
    return ids
