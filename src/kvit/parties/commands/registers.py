"""Ask public registers about parties' numbers: record the intent, and what came of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final, LiteralString

from kvit.base import lifecycle, rows
from kvit.base.command import Ctx, command
from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.refusals import DomainError
from kvit.parties import events, queries
from kvit.parties.commands.hold import hold
from kvit.parties.commands.identities import NoSuchIdentity
from kvit.parties.domain.lifecycle import INQUIRY_MOVES, InquiryState
from kvit.parties.domain.registers import Register

INQUIRY: Final = Lifecycle(kind="parties.inquiry", table="parties_inquiry", moves=INQUIRY_MOVES)
STUCK_AFTER: Final = timedelta(hours=1)
"""So long after a question was put without an outcome its asker was lost; to ask a register twice does no harm."""
AT_ONCE: Final = 10
"""How many questions one job puts, so that it never holds up the others for long."""


class RegisterOff(DomainError):
    """The company has not switched this register on; nothing is sent to it."""

    code: ClassVar[str] = "parties.register_off"


class NoRegister(DomainError):
    """No register can be asked about this number, or it needs another number of the party's to be asked."""

    code: ClassVar[str] = "parties.no_register"


@dataclass(frozen=True)
class RegisterSet:
    """Whether it is asked from now on, and how many questions were dropped."""

    register: Register
    is_on: bool
    dropped_count: int


@dataclass(frozen=True)
class Asked:
    """The live question; `is_new` is False where one waited already, which is put now."""

    inquiry_id: int
    is_new: bool


@dataclass(frozen=True)
class DueAsked:
    """How many questions are put now."""

    count: int


@command
def switch_register(ctx: Ctx, *, register: Register, is_on: bool) -> RegisterSet:
    """Let a register be asked about the numbers of parties, or stop it; off, what waits to be asked is dropped."""
    rows.run(
        """
        INSERT INTO parties_registerswitch (tenant_id, register, is_on, changed_at, command_id)
        VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (tenant_id, register) DO UPDATE
        SET is_on = excluded.is_on, changed_at = excluded.changed_at, command_id = excluded.command_id
        """,
        [ctx.tenant_id, register.value, is_on, ctx.now, ctx.command_id],
    )
    dropped = 0 if is_on else _drop(ctx, "q.register = %s", [register.value])
    ctx.emit(events.RegisterSwitched(register, is_on))
    return RegisterSet(register, is_on, dropped)


@command
def ask_register(ctx: Ctx, *, identity_id: int) -> Asked:
    """Ask the register that knows a number, now; a question that waits for its time is put at once instead.

    Refuses `NoSuchIdentity`, `PartyErased`, `NoRegister`, `RegisterOff`.
    """
    found = rows.select("SELECT party_id FROM parties_identity WHERE id = %s", [identity_id])
    if not found:
        raise NoSuchIdentity(f"there is no identity {identity_id}")
    hold(found[0][0])
    question = queries.question_about(identity_id)
    if question is None:
        raise NoRegister(f"no register can be asked about number {identity_id}")
    _require_on(question.register)
    live = rows.select(
        "SELECT id, state FROM parties_inquiry WHERE identity_id = %s AND state IN ('waiting', 'asked')", [identity_id]
    )
    if live:
        if live[0][1] == InquiryState.WAITING:
            _put(ctx, (int(live[0][0]),))
        return Asked(int(live[0][0]), is_new=False)
    (inquiry_id,) = begin(ctx, ((identity_id, question.register),))
    _put(ctx, (inquiry_id,))
    return Asked(inquiry_id, is_new=True)


@command
def ask_due(ctx: Ctx, *, limit: int = AT_ONCE) -> DueAsked:
    """Put the questions whose time has come, and again those whose asker was lost; the longest due first."""
    found = rows.select(
        """
        SELECT id, state FROM parties_inquiry WHERE state IN ('waiting', 'asked') AND ask_again_at <= %s
        ORDER BY ask_again_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
        """,
        [ctx.now, limit],
    )
    if found:
        _put(ctx, tuple(sorted(int(inquiry_id) for inquiry_id, _ in found)))
    return DueAsked(len(found))


def begin(ctx: Ctx, wanted: tuple[tuple[int, Register], ...]) -> tuple[int, ...]:
    """Questions about (identity, register) that wait to be put from now on; within a command."""
    inserted = rows.insert(
        "parties_inquiry",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(wanted)),
            "identity_id": ("bigint", [identity_id for identity_id, _ in wanted]),
            "register": ("text", [register.value for _, register in wanted]),
            "state": ("text", [InquiryState.WAITING.value] * len(wanted)),
            "attempts": ("int", [0] * len(wanted)),
            "begun_at": ("timestamptz", [ctx.now] * len(wanted)),
            "ask_again_at": ("timestamptz", [ctx.now] * len(wanted)),
            "reason": ("text", [""] * len(wanted)),
            "evidence": ("text", [""] * len(wanted)),
            "command_id": ("bigint", [ctx.command_id] * len(wanted)),
        },
        tail="ON CONFLICT (tenant_id, identity_id) WHERE state IN ('waiting', 'asked') DO NOTHING RETURNING id",
    )
    return tuple(int(row[0]) for row in inserted)


def drop_about(ctx: Ctx, party_id: int) -> None:
    """No register is asked about this party any more; within a command."""
    _drop(
        ctx,
        "EXISTS (SELECT FROM parties_identity i WHERE i.tenant_id = q.tenant_id AND i.id = q.identity_id "
        "AND i.party_id = %s)",
        [party_id],
    )


def _put(ctx: Ctx, inquiry_ids: tuple[int, ...]) -> None:
    """Count an attempt of each; a job talks to the registers when this has been committed."""
    waiting = rows.select(
        "SELECT id FROM parties_inquiry WHERE id = ANY(%s) AND state = 'waiting' ORDER BY id", [list(inquiry_ids)]
    )
    lifecycle.move(ctx, INQUIRY, [row[0] for row in waiting], to=InquiryState.ASKED)
    rows.run(
        "UPDATE parties_inquiry SET attempts = attempts + 1, asked_at = %s, ask_again_at = %s WHERE id = ANY(%s)",
        [ctx.now, ctx.now + STUCK_AFTER, list(inquiry_ids)],
    )
    ctx.emit(events.RegistersAsked(inquiry_ids))


def _drop(ctx: Ctx, condition: LiteralString, params: list[object]) -> int:
    live = rows.select(
        "SELECT q.id FROM parties_inquiry q WHERE q.state IN ('waiting', 'asked') AND " + condition + " ORDER BY q.id",
        params,
    )
    lifecycle.move(ctx, INQUIRY, [row[0] for row in live], to=InquiryState.DROPPED)
    return len(live)


def _require_on(register: Register) -> None:
    if not queries.register_switches()[register].is_on:
        raise RegisterOff(f"{register.value} is not switched on; the settings of the company say what is sent to it")
