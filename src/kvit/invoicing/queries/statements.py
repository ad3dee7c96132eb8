"""Statements that were made, and runs of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from kvit.base import rows
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.domain.statements import Statement, StatementForm, restored


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in a list; minor units."""

    id: int
    number: str
    customer_id: int
    party_id: int
    currency: str
    form: StatementForm
    from_date: date
    to_date: date
    known_at: datetime
    closing_minor: int
    sha256: str
    run_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run and how far it has come; `made_count` of the customers done had anything to be said."""

    id: int
    kind: RunKind
    form: str
    from_date: date
    to_date: date
    known_at: datetime
    reply_by_date: date | None
    signed_by: str
    only_owing: bool
    customer_count: int
    done_count: int
    made_count: int
    finished_at: datetime | None
    at: datetime


_STATEMENT: LiteralString = """
    SELECT s.id, s.number, s.customer_id, c.party_id, s.currency, s.form, s.from_date, s.to_date, s.known_at,
           s.closing_minor, s.sha256, s.run_id, s.at
    FROM invoicing_statement s JOIN invoicing_customer c ON c.tenant_id = s.tenant_id AND c.id = s.customer_id
"""
_RUN: LiteralString = """
    SELECT id, kind, form, from_date, to_date, known_at, reply_by_date, signed_by, only_owing, customer_count,
           done_count, made_count, finished_at, at FROM invoicing_run
"""


def statement(statement_id: int) -> StatementRow | None:
    """One statement's row, or None. Needs the tenant's scope."""
    found = rows.select(_STATEMENT + "WHERE s.id = %s", [statement_id])
    return _statement(found[0]) if found else None


def statement_content(statement_id: int) -> Statement | None:
    """A statement as it was made, or None. Needs the tenant's scope."""
    found = rows.select("SELECT body FROM invoicing_statement WHERE id = %s", [statement_id])
    return restored(found[0][0]) if found else None


def statement_contents(statement_ids: tuple[int, ...]) -> dict[int, Statement]:
    """These statements as they were made, by id. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id, body FROM invoicing_statement WHERE id IN (SELECT unnest(%s::bigint[])) ORDER BY id",
        [list(statement_ids)],
    )
    return {row[0]: restored(row[1]) for row in found}


def statements_of(customer_id: int, *, limit: int) -> tuple[StatementRow, ...]:
    """A customer's statements, the newest first. Needs the tenant's scope."""
    found = rows.select(_STATEMENT + "WHERE s.customer_id = %s ORDER BY s.id DESC LIMIT %s", [customer_id, limit])
    return tuple(_statement(row) for row in found)


def statements_of_run(run_id: int, *, limit: int, above_id: int = 0) -> tuple[StatementRow, ...]:
    """What a run has made, in the order of making. Needs the tenant's scope."""
    found = rows.select(
        _STATEMENT + "WHERE s.run_id = %s AND s.id > %s ORDER BY s.id LIMIT %s", [run_id, above_id, limit]
    )
    return tuple(_statement(row) for row in found)


def letter_run(run_id: int) -> RunRow | None:
    """A run, or None. Needs the tenant's scope."""
    found = rows.select(_RUN + " WHERE id = %s", [run_id])
    return _run(found[0]) if found else None


def letter_runs(kind: RunKind, *, limit: int) -> tuple[RunRow, ...]:
    """Runs of a kind, the newest first. Needs the tenant's scope."""
    found = rows.select(_RUN + " WHERE kind = %s ORDER BY id DESC LIMIT %s", [kind.value, limit])
    return tuple(_run(row) for row in found)


def _statement(row: Any) -> StatementRow:
    return StatementRow(*(*row[:5], StatementForm(row[5]), *row[6:]))


def _run(row: Any) -> RunRow:
    return RunRow(*(row[0], RunKind(row[1]), *row[2:]))
