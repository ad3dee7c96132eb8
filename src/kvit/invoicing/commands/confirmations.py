"""Ask customers to confirm their balance: letters that are frozen and signed, links to them, reminders, the end."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kvit.base import login, rows
from kvit.base.codec import Bulk, Secret
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.invoicing import queries
from kvit.invoicing.commands.drafting import UnknownCustomer
from kvit.invoicing.commands.letters import Wish, due_customers, opened_run, record_chunk
from kvit.invoicing.commands.statements import ChunkMade, RunOpened
from kvit.invoicing.domain.confirmations import (
    ANSWERABLE,
    CONFIRMATION,
    BadConfirmation,
    ConfirmationState,
    NoSuchConfirmation,
)
from kvit.invoicing.domain.links import LIFETIME_DAYS, is_token, token_hash
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.domain.statements import StatementForm
from kvit.invoicing.events import ConfirmationsAsked, ConfirmationsChased, ConfirmationSettled, ConfirmationsExpired
from kvit.invoicing.queries.composing import Asked, Composed, compose

LONGEST_SIGNATURE = 300


@dataclass(frozen=True)
class Confirmations:
    """The confirmations that were asked for."""

    confirmation_ids: tuple[int, ...]


@dataclass(frozen=True)
class LinksOpened:
    """The links, in the order given; from `expires_at` on they open nothing."""

    link_ids: tuple[int, ...]
    expires_at: datetime


@dataclass(frozen=True)
class Chased:
    """How many customers are reminded; those who have answered are not."""

    count: int


@dataclass(frozen=True)
class Expired:
    """How many were not answered in time."""

    count: int


@dataclass(frozen=True)
class Settled:
    """The confirmation whose difference is explained."""

    confirmation_id: int


@command
def ask_confirmations(
    ctx: Ctx,
    *,
    customer_ids: tuple[int, ...],
    as_of_date: date,
    reply_by_date: date,
    signed_by: str,
    known_at: datetime | None = None,
) -> Confirmations:
    """Ask customers whether their balance at the end of a day agrees: one letter per customer and currency.

    The letter is frozen; `signed_by` signs its hash for the company. Refuses `UnknownCustomer`, `BadConfirmation`.
    """
    _require_sound(ctx, as_of_date, reply_by_date, signed_by)
    if known_at is not None and known_at > ctx.now:
        raise BadConfirmation(f"nothing is known at {known_at} yet")
    known = queries.customers_by_id(customer_ids)
    if missing := [i for i in customer_ids if i not in known]:
        raise UnknownCustomer(f"there is no customer {missing[0]}")
    asked = Asked(StatementForm.OPEN_ITEMS, as_of_date, as_of_date, known_at or ctx.now)
    made = compose([known[i] for i in dict.fromkeys(customer_ids)], asked)
    return Confirmations(_write(ctx, made, reply_by_date=reply_by_date, signed_by=signed_by.strip(), run_id=None))


@command
def open_confirmation_run(
    ctx: Ctx, *, as_of_date: date, reply_by_date: date, signed_by: str, only_owing: bool = True
) -> RunOpened:
    """Ask all customers in the background, as known at this instant; `only_owing` leaves out who has nothing open.

    Refuses `BadConfirmation`.
    """
    _require_sound(ctx, as_of_date, reply_by_date, signed_by)
    form, signed = StatementForm.OPEN_ITEMS, signed_by.strip()
    wish = Wish(RunKind.CONFIRMATIONS, form, as_of_date, as_of_date, only_owing, reply_by_date, signed)
    run_id, count = opened_run(ctx, wish)
    return RunOpened(run_id, count)


@command
def ask_confirmation_chunk(ctx: Ctx, *, run_id: int) -> ChunkMade:
    """Ask the next chunk of a run's customers. Refuses `NoSuchRun`."""
    run, customers = due_customers(run_id, RunKind.CONFIRMATIONS)
    asked = Asked(StatementForm.OPEN_ITEMS, run.to_date, run.to_date, run.known_at)
    made = compose(customers, asked) if customers else ()
    kept = [each for each in made if each.says_something or not run.only_owing]
    _write(ctx, kept, reply_by_date=run.reply_by_date or run.to_date, signed_by=run.signed_by, run_id=run_id)
    return ChunkMade(len(customers), len(kept), record_chunk(ctx, run_id, customers, made=len(kept)))


@command
def open_confirmation_links(
    ctx: Ctx,
    *,
    confirmation_ids: tuple[int, ...],
    tokens: Secret[tuple[str, ...]],
    valid_days: int = LIFETIME_DAYS,
) -> LinksOpened:
    """From now on who holds one of these tokens may answer; the caller draws them, only their hashes are kept.

    One token per confirmation. Refuses `NoSuchConfirmation` where one may not be answered any more, `BadConfirmation`
    for tokens of less than 128 bits.
    """
    if len(tokens) != len(confirmation_ids) or not all(is_token(token) for token in tokens):
        raise BadConfirmation("each confirmation gets a token of 128 bits or more")
    _require_state(confirmation_ids, ANSWERABLE)
    expires_at = ctx.now + timedelta(days=valid_days)
    count = len(tokens)
    ids = rows.next_ids("invoicing_link", count)
    rows.insert(
        "invoicing_link",
        {
            "id": ("bigint", ids),
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "confirmation_id": ("bigint", confirmation_ids),
            "token_hash": ("text", [token_hash(token) for token in tokens]),
            "opened_at": ("timestamptz", [ctx.now] * count),
            "expires_at": ("timestamptz", [expires_at] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )
    return LinksOpened(tuple(ids), expires_at)


@command
def chase_confirmations(ctx: Ctx, *, confirmation_ids: Bulk[tuple[int, ...]]) -> Chased:
    """Remind who has not answered; who has, in the meantime, is passed over."""
    found = rows.select(
        """
        UPDATE invoicing_confirmation SET reminder_count = reminder_count + 1, reminded_at = %s
        WHERE id IN (SELECT unnest(%s::bigint[])) AND state IN ('open', 'expired') RETURNING id
        """,
        [ctx.now, list(confirmation_ids)],
    )
    if found:
        ctx.emit(ConfirmationsChased(tuple(sorted(row[0] for row in found))))
    return Chased(len(found))


@command
def expire_confirmations(ctx: Ctx, *, day: date, limit: int = 1000) -> Expired:
    """End the waiting for answers that were asked for before a day: silence is not a confirmation."""
    ids = queries.overdue_confirmations(day, limit=limit)
    if ids:
        move(ctx, CONFIRMATION, ids, to=ConfirmationState.EXPIRED)
        ctx.emit(ConfirmationsExpired(ids))
    return Expired(len(ids))


@command
def settle_confirmation(ctx: Ctx, *, confirmation_id: int, reason: str) -> Settled:
    """A difference is explained, and how; both sides' figures stay as they were given. Refuses `NoSuchConfirmation`,
    `BadConfirmation` without a reason.
    """
    if not reason.strip():
        raise BadConfirmation("say how the difference was explained")
    _require_state((confirmation_id,), (ConfirmationState.DIFFERS,))
    rows.run(
        "UPDATE invoicing_confirmation SET settled_reason = %s WHERE id = %s", [reason.strip()[:300], confirmation_id]
    )
    move(ctx, CONFIRMATION, [confirmation_id], to=ConfirmationState.SETTLED)
    ctx.emit(ConfirmationSettled(confirmation_id))
    return Settled(confirmation_id)


def _require_sound(ctx: Ctx, as_of_date: date, reply_by_date: date, signed_by: str) -> None:
    today = login.own_day(ctx.now)
    if as_of_date > today:
        raise BadConfirmation(f"{as_of_date} is still to come")
    if reply_by_date < today:
        raise BadConfirmation(f"an answer by {reply_by_date} is asked for too late")
    if not signed_by.strip() or len(signed_by) > LONGEST_SIGNATURE:
        raise BadConfirmation("somebody signs the letter by name")


def _require_state(confirmation_ids: Sequence[int], states: Sequence[ConfirmationState]) -> None:
    """Lock them in id order. Refuses `NoSuchConfirmation`."""
    found = rows.select(
        """
        SELECT id FROM invoicing_confirmation WHERE id IN (SELECT unnest(%s::bigint[])) AND state = ANY(%s)
        ORDER BY id FOR NO KEY UPDATE
        """,
        [list(confirmation_ids), [state.value for state in states]],
    )
    if missing := sorted(set(confirmation_ids) - {row[0] for row in found}):
        raise NoSuchConfirmation(f"there is no confirmation {missing[0]} for this")


def _write(
    ctx: Ctx, made: Sequence[Composed], *, reply_by_date: date, signed_by: str, run_id: int | None
) -> tuple[int, ...]:
    if not made:
        return ()
    letters = [each.statement for each in made]
    spelled = [letter.canonical() for letter in letters]
    count = len(made)
    found = rows.insert(
        "invoicing_confirmation",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "number": ("text", [letter.number for letter in letters]),
            "customer_id": ("bigint", [each.customer_id for each in made]),
            "currency": ("text", [letter.currency for letter in letters]),
            "as_of_date": ("date", [letter.to_date for letter in letters]),
            "known_at": ("timestamptz", [letter.known_at for letter in letters]),
            "balance_minor": ("bigint", [letter.closing_minor for letter in letters]),
            "reply_by_date": ("date", [reply_by_date] * count),
            "signed_by": ("text", [signed_by] * count),
            "state": ("text", [ConfirmationState.OPEN.value] * count),
            "sha256": ("text", [hashlib.sha256(each).hexdigest() for each in spelled]),
            "body": ("text", [each.decode() for each in spelled]),
            "reminder_count": ("smallint", [0] * count),
            "settled_reason": ("text", [""] * count),
            "run_id": ("bigint", [run_id] * count),
            "at": ("timestamptz", [ctx.now] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="RETURNING id",
    )
    ids = tuple(sorted(int(row[0]) for row in found))
    ctx.emit(ConfirmationsAsked(ids))
    return ids
