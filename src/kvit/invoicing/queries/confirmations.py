"""Balance confirmations: where each stands, what was answered, who has not answered yet, and what a link opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString

from kvit.base import rows
from kvit.invoicing.domain.confirmations import ConfirmationState, Difference, restored_differences
from kvit.invoicing.domain.links import LinkState
from kvit.invoicing.domain.statements import Statement, restored


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """A confirmation; `signed_by` is who signs the hash for the company. Minor units."""

    id: int
    number: str
    customer_id: int
    party_id: int
    currency: str
    as_of_date: date
    known_at: datetime
    balance_minor: int
    reply_by_date: date
    signed_by: str
    state: ConfirmationState
    sha256: str
    reminder_count: int
    reminded_at: datetime | None
    settled_reason: str
    run_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """What a customer answered: name, role, through which link, having seen the letter of which hash."""

    id: int
    agrees: bool
    name: str
    role: str
    explanation: str
    their_balance_minor: int | None
    differences: tuple[Difference, ...]
    file_id: int | None
    seen_sha256: str
    link_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LetterLink:
    """A link to a confirmation at an instant."""

    id: int
    confirmation_id: int
    state: LinkState
    expires_at: datetime


_ROWS: LiteralString = """
    SELECT s.id, s.number, s.customer_id, c.party_id, s.currency, s.as_of_date, s.known_at, s.balance_minor,
           s.reply_by_date, s.signed_by, s.state, s.sha256, s.reminder_count, s.reminded_at, s.settled_reason,
           s.run_id, s.at
    FROM invoicing_confirmation s JOIN invoicing_customer c ON c.tenant_id = s.tenant_id AND c.id = s.customer_id
"""


def confirmation(confirmation_id: int) -> ConfirmationRow | None:
    """One confirmation, or None. Needs the tenant's scope."""
    return next(iter(_rows("WHERE s.id = %s", [confirmation_id])), None)


def confirmation_contents(confirmation_ids: Sequence[int]) -> dict[int, Statement]:
    """These letters as they were frozen, by id. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id, body FROM invoicing_confirmation WHERE id IN (SELECT unnest(%s::bigint[])) ORDER BY id",
        [list(confirmation_ids)],
    )
    return {row[0]: restored(row[1]) for row in found}


def confirmations_by_id(confirmation_ids: Sequence[int]) -> dict[int, ConfirmationRow]:
    """These confirmations, by id. Needs the tenant's scope."""
    found = _rows("WHERE s.id IN (SELECT unnest(%s::bigint[]))", [list(confirmation_ids)])
    return {row.id: row for row in found}


def confirmations_of(customer_id: int, *, limit: int) -> tuple[ConfirmationRow, ...]:
    """A customer's confirmations, the newest first. Needs the tenant's scope."""
    return _rows("WHERE s.customer_id = %s ORDER BY s.id DESC LIMIT %s", [customer_id, limit])


def confirmations_listed(
    *, run_id: int | None = None, state: ConfirmationState | None = None, limit: int, above_id: int = 0
) -> tuple[ConfirmationRow, ...]:
    """Of a run or of all, in one state or in any, in the order of making. Needs the tenant's scope."""
    return _rows(
        "WHERE s.run_id = coalesce(%s, s.run_id) AND s.state = coalesce(%s, s.state) AND s.id > %s "
        "ORDER BY s.id LIMIT %s"
        if run_id is not None
        else "WHERE %s::bigint IS NULL AND s.state = coalesce(%s, s.state) AND s.id > %s ORDER BY s.id LIMIT %s",
        [run_id, state.value if state else None, above_id, limit],
    )


def confirmation_counts(run_id: int | None = None) -> dict[ConfirmationState, int]:
    """How many stand where, of a run or of all; states with none are left out. Needs the tenant's scope."""
    found = rows.select(
        "SELECT state, count(*) FROM invoicing_confirmation WHERE run_id = %s GROUP BY 1"
        if run_id is not None
        else "SELECT state, count(*) FROM invoicing_confirmation WHERE %s::bigint IS NULL GROUP BY 1",
        [run_id],
    )
    return {ConfirmationState(state): int(count) for state, count in found}


def overdue_confirmations(day: date, *, limit: int) -> tuple[int, ...]:
    """Those open ones whose day of reply is before a day, the oldest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id FROM invoicing_confirmation WHERE state = 'open' AND reply_by_date < %s
        ORDER BY reply_by_date, id LIMIT %s
        """,
        [day, limit],
    )
    return tuple(row[0] for row in found)


def answers_of(confirmation_id: int) -> tuple[AnswerRow, ...]:
    """What was answered, the newest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id, agrees, name, role, explanation, their_balance_minor, differences, file_id, seen_sha256, link_id, at
        FROM invoicing_confirmationanswer WHERE confirmation_id = %s ORDER BY id DESC
        """,
        [confirmation_id],
    )
    return tuple(AnswerRow(*(*row[:6], restored_differences(row[6]), *row[7:])) for row in found)


def letter_link(link_id: int, *, now: datetime) -> LetterLink | None:
    """A link to a confirmation as it stands at an instant; None for one to anything else. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id, confirmation_id, revoked_at, expires_at FROM invoicing_link
        WHERE id = %s AND confirmation_id IS NOT NULL
        """,
        [link_id],
    )
    if not found:
        return None
    ((link, confirmation_id, revoked_at, expires_at),) = found
    state = LinkState.OPEN if expires_at > now else LinkState.EXPIRED
    return LetterLink(link, confirmation_id, LinkState.REVOKED if revoked_at is not None else state, expires_at)


def brought_by(file_id: int, *, actor: str) -> bool:
    """Whether this actor brought a file in, be it that somebody had before. Needs the tenant's scope."""
    found = rows.select(
        "SELECT EXISTS (SELECT FROM base_command WHERE name = 'base.keep_file' AND actor = %s "
        "AND (result ->> 'file_id')::bigint = %s)",
        [actor, file_id],
    )
    return bool(found[0][0])


def brought_count(actor: str) -> int:
    """How many files this actor has brought in. Needs the tenant's scope."""
    ((count,),) = rows.select("SELECT count(*) FROM base_command WHERE name = 'base.keep_file' AND actor = %s", [actor])
    return int(count)


def _rows(condition: LiteralString, params: Sequence[Any]) -> tuple[ConfirmationRow, ...]:
    return tuple(
        ConfirmationRow(*(*row[:10], ConfirmationState(row[10]), *row[11:]))
        for row in rows.select(_ROWS + condition, params)
    )
