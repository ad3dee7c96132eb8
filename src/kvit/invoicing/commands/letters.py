"""What runs of statements and of confirmations have in common: opened once, taken on chunk by chunk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvit.base import rows
from kvit.base.command import Ctx
from kvit.invoicing import queries
from kvit.invoicing.domain.runs import CHUNK, NoSuchRun, RunKind
from kvit.invoicing.domain.statements import StatementForm
from kvit.invoicing.events import LetterRunOpened
from kvit.invoicing.queries import CustomerRow, RunRow


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run is to make for each customer; `only_owing` leaves out accounts without anything."""

    kind: RunKind
    form: StatementForm
    from_date: date
    to_date: date
    only_owing: bool
    reply_by_date: date | None = None
    signed_by: str = ""


def opened_run(ctx: Ctx, wish: Wish) -> tuple[int, int]:
    """Write a run over the customers there are now, as known now, and announce it: its id and their number."""
    ((run_id, count),) = rows.select(
        """
        INSERT INTO invoicing_run (tenant_id, kind, form, from_date, to_date, known_at, reply_by_date, signed_by,
            only_owing, customer_count, done_count, made_count, through_customer_id, at, command_id)
        SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, count(*), 0, 0, 0, %s, %s FROM invoicing_customer
        RETURNING id, customer_count
        """,
        [
            *(ctx.tenant_id, wish.kind.value, wish.form.value, wish.from_date, wish.to_date, ctx.now),
            *(wish.reply_by_date, wish.signed_by, wish.only_owing, ctx.now, ctx.command_id),
        ],
    )
    ctx.emit(LetterRunOpened(run_id=run_id, kind=wish.kind))
    return int(run_id), int(count)


def due_customers(run_id: int, kind: RunKind) -> tuple[RunRow, tuple[CustomerRow, ...]]:
    """Lock the run; it, and the customers of its next chunk, none where it is done. Refuses `NoSuchRun`."""
    found = rows.select(
        "SELECT through_customer_id, customer_count - done_count FROM invoicing_run "
        "WHERE id = %s AND kind = %s FOR NO KEY UPDATE",
        [run_id, kind.value],
    )
    run = queries.letter_run(run_id) if found else None
    if run is None:
        raise NoSuchRun(f"there is no run {run_id}")
    through, left = found[0]
    if run.finished_at is not None:
        return run, ()
    # Customers are never removed and ids only rise: those who came after the opening stand behind all of these.
    ids = rows.select(
        "SELECT id FROM invoicing_customer WHERE id > %s ORDER BY id LIMIT %s", [through, min(CHUNK, left)]
    )
    known = queries.customers_by_id([row[0] for row in ids])
    return run, tuple(known[row[0]] for row in ids)


def record_chunk(ctx: Ctx, run_id: int, customers: Sequence[CustomerRow], *, made: int) -> bool:
    """How far the run has come; whether it is at its end."""
    ((is_finished,),) = rows.select(
        """
        UPDATE invoicing_run SET done_count = done_count + %(done)s, made_count = made_count + %(made)s,
            through_customer_id = greatest(through_customer_id, %(through)s),
            finished_at = CASE WHEN done_count + %(done)s = customer_count OR %(done)s = 0
                               THEN coalesce(finished_at, %(now)s) END
        WHERE id = %(run)s RETURNING finished_at IS NOT NULL
        """,
        {
            "done": len(customers),
            "made": made,
            "through": customers[-1].id if customers else 0,
            "now": ctx.now,
            "run": run_id,
        },
    )
    return bool(is_finished)
