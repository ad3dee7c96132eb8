"""Sessions beside Kvit's own code: the application's role with SQL of its own, and threads that wait for locks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connections

import patience
from ledger.books import Books

if TYPE_CHECKING:
    from kvit.base.command import Ctx

ACCEPTED = "accepted"


@contextmanager
def app_session(ctx: "Ctx") -> Iterator[Any]:
    """A connection of the application's role outside of Kvit's code, in a transaction with the tenant set."""
    with psycopg.connect(**connections["default"].get_connection_params()) as session:
        session.execute("SELECT set_config('app.tenant', %s, true)", [str(ctx.tenant_id)])
        yield session


def judge(session: Any, names: Mapping[str, Any], statements: Sequence[str], *, last: str) -> str:
    """Run the statements; `accepted`, or the SQLSTATE, constraint and message of the refusal."""
    try:
        for statement in (*statements, last):
            session.execute(statement.format(**names).encode())
    except psycopg.Error as error:
        return f"{error.sqlstate} {error.diag.constraint_name or ''} {error.diag.message_primary}"
    return ACCEPTED


@contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Run it in a thread of its own, which has ended well when the block ends."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        yield
        running.result(timeout=patience.SECONDS)


def waits_for(*, lock: int | None = None, at_most_seconds: float = patience.SECONDS) -> bool:
    """Whether somebody comes to wait for this advisory lock; if none is named, for another's transaction."""
    from kvit.base import rows

    def waiting() -> list[Any]:
        return rows.select(
            """
            SELECT pid FROM pg_locks WHERE NOT granted
            AND CASE WHEN %(lock)s::bigint IS NULL THEN locktype = 'transactionid'
                     ELSE locktype = 'advisory' AND classid = %(lock)s::bigint END
            """,
            {"lock": lock},
        )

    return patience.until(waiting, seconds=at_most_seconds, every_seconds=0.01)


def insert_entry(session: Any, books: Books, *amounts_minor: int) -> int:
    """Write an entry with SQL: its first line on Bo's receivable, the others on sales; its id."""
    ((entry_id,),) = session.execute(
        """
        WITH entry AS (
            INSERT INTO ledger_entry (tenant_id, entry_date, recorded_at, kind, subject_kind, subject_id, line_count,
                                      command_id)
            SELECT %(tenant)s, '2026-03-02', now(), 'raw', 'test', 1, %(count)s, max(id) FROM base_command RETURNING id
        ), lines AS (
            INSERT INTO ledger_line (tenant_id, entry_id, position, account_id, currency, amount_minor, party_id)
            SELECT %(tenant)s, entry.id, l.position, a.id, 'SEK', l.amount, CASE WHEN a.control THEN %(bo)s::bigint END
            FROM entry, unnest(%(amounts)s::bigint[]) WITH ORDINALITY AS l (amount, position), ledger_account a
            WHERE a.code = CASE WHEN l.position = 1 THEN 'receivable' ELSE 'sales' END
        )
        SELECT id FROM entry
        """,
        {
            "tenant": books.ctx.tenant_id,
            "count": len(amounts_minor),
            "bo": books.bo,
            "amounts": list(amounts_minor),
        },
    ).fetchall()
    return int(entry_id)
