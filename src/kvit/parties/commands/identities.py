"""Add a party's numbers, and record what a source said about them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from django.db.utils import IntegrityError

from kvit.base import lifecycle, login, rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.refusals import DomainError
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.domain.identities import IdentityKind, validated
from kvit.parties.domain.lifecycle import MOVES, IdentityState

IDENTITY: Final = Lifecycle(kind="parties.identity", table="parties_identity", moves=MOVES)
_LONGEST_SOURCE: Final = 100
_ONE_HOLDER: Final = "parties_identity_one_holder"


class IdentityTaken(DomainError):
    """Another party of the tenant has the same number, and it was verified."""

    code: ClassVar[str] = "parties.identity_taken"


class NoSuchIdentity(DomainError):
    """The tenant has no identity with this id."""

    code: ClassVar[str] = "parties.no_such_identity"


class BadVerification(DomainError):
    """A check without a source, or from the future."""

    code: ClassVar[str] = "parties.bad_verification"


class Outcome(StrEnum):
    """What a source said about a number."""

    VERIFIED = "verified"
    REFUTED = "refuted"


@dataclass(frozen=True)
class IdentityKnown:
    """The party's row for this number; an old one keeps the state it had."""

    identity_id: int
    state: IdentityState
    is_new: bool


@dataclass(frozen=True)
class VerificationRecorded:
    """Where the identity stands now."""

    identity_id: int
    state: IdentityState


@dataclass(frozen=True)
class VerificationsExpired:
    """How many may no longer be relied on; `is_done` is False when the limit was reached."""

    count: int
    is_done: bool


@command
def add_identity(ctx: Ctx, *, party_id: int, kind: IdentityKind, value: Personal[str]) -> IdentityKnown:
    """Let a party claim a number; it stays unverified until a source confirms it.

    Refuses `NoSuchParty`, `PartyErased`, `WrongHolder`, the kernel's `InvalidIdentifier` in plain words, and
    `IdentityTaken`.
    """
    held = hold(party_id)
    compact = validated(kind, value, is_person=held.is_person)
    refuse_taken([(party_id, kind, compact)])
    inserted = rows.select(
        """
        INSERT INTO parties_identity (tenant_id, party_id, kind, value, state, source, evidence, command_id)
        VALUES (%s, %s, %s, %s, %s, '', '', %s)
        ON CONFLICT DO NOTHING RETURNING id, state
        """,
        [ctx.tenant_id, party_id, kind.value, compact, IdentityState.UNVERIFIED.value, ctx.command_id],
    )
    if inserted:
        ctx.emit(events.IdentityAdded(party_id, int(inserted[0][0])))
    found = inserted or rows.select(
        "SELECT id, state FROM parties_identity WHERE party_id = %s AND kind = %s AND value = %s",
        [party_id, kind.value, compact],
    )
    return IdentityKnown(int(found[0][0]), IdentityState(found[0][1]), is_new=bool(inserted))


@command
def record_verification(
    ctx: Ctx,
    *,
    identity_id: int,
    outcome: Outcome,
    source: str,
    evidence: Personal[str],
    checked_date: date | None = None,
) -> VerificationRecorded:
    """Record what a source (VIES, the white list, a bank, a clerk with a paper) said, and on which day.

    A new check of a verified identity makes it young again. `source` never names a person. Refuses
    `NoSuchIdentity`, `PartyErased`, `BadVerification`, `IdentityTaken`.
    """
    today = login.own_day(ctx.now)
    on = checked_date or today
    if not 1 <= len(source.strip()) <= _LONGEST_SOURCE or on > today:
        raise BadVerification(
            f"a check has a source of at most {_LONGEST_SOURCE} characters and a day that is not in the future"
        )
    party_id, state = _held_identity(identity_id)
    to = IdentityState(outcome.value)
    if to is IdentityState.VERIFIED:
        _refuse_other_holder(identity_id)
    rows.run(
        "UPDATE parties_identity SET source = %s, evidence = %s, checked_date = %s WHERE id = %s",
        [source.strip(), evidence, on, identity_id],
    )
    if state is not to:
        with _one_holder():
            lifecycle.move(ctx, IDENTITY, [identity_id], to=to)
    kind = events.IdentityVerified if to is IdentityState.VERIFIED else events.IdentityRefuted
    ctx.emit(kind(party_id, identity_id))
    return VerificationRecorded(identity_id, to)


@command
def expire_verifications(ctx: Ctx, *, checked_before_date: date, limit: int = 1000) -> VerificationsExpired:
    """Stop relying on a chunk of checks older than a day; they ask to be renewed. Oldest first."""
    found = rows.select(
        """
        SELECT id, party_id FROM parties_identity WHERE state = 'verified' AND checked_date < %s
        ORDER BY checked_date, id LIMIT %s
        """,
        [checked_before_date, limit],
    )
    # Parties before their identities, as everywhere: a check being recorded meanwhile is waited for.
    rows.select(
        "SELECT id FROM parties_party WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [sorted({party_id for _, party_id in found})],
    )
    still = rows.select(
        "SELECT id FROM parties_identity WHERE id = ANY(%s) AND state = 'verified' AND checked_date < %s ORDER BY id",
        [[identity_id for identity_id, _ in found], checked_before_date],
    )
    ids = tuple(int(identity_id) for (identity_id,) in still)
    if ids:
        lifecycle.move(ctx, IDENTITY, ids, to=IdentityState.EXPIRED)
        ctx.emit(events.IdentitiesExpired(ids))
    return VerificationsExpired(len(ids), is_done=len(found) < limit)


def refuse_taken(claims: Sequence[tuple[int, IdentityKind, str]]) -> None:
    """Refuses `IdentityTaken` if any (party_id, kind, compact value) was verified for another party."""
    taken = rows.select(
        """
        SELECT c.kind, min(c.position), count(*)
        FROM unnest(%s::bigint[], %s::text[], %s::text[]) WITH ORDINALITY AS c (party_id, kind, value, position)
        JOIN parties_identity i ON i.kind = c.kind AND i.value = c.value AND i.state = 'verified'
        WHERE i.party_id <> c.party_id GROUP BY c.kind ORDER BY 2 LIMIT 1
        """,
        [
            [party_id for party_id, _, _ in claims],
            [kind.value for _, kind, _ in claims],
            [value for _, _, value in claims],
        ],
    )
    if taken:
        raise _taken(taken[0][0])


def _held_identity(identity_id: int) -> tuple[int, IdentityState]:
    found = rows.select("SELECT party_id FROM parties_identity WHERE id = %s", [identity_id])
    if not found:
        raise NoSuchIdentity(f"there is no identity {identity_id}")
    hold(found[0][0])
    ((party_id, state),) = rows.select("SELECT party_id, state FROM parties_identity WHERE id = %s", [identity_id])
    return int(party_id), IdentityState(state)


def _refuse_other_holder(identity_id: int) -> None:
    ((party_id, kind, value),) = rows.select(
        "SELECT party_id, kind, value FROM parties_identity WHERE id = %s", [identity_id]
    )
    refuse_taken([(party_id, IdentityKind(kind), value)])


@contextmanager
def _one_holder() -> Iterator[None]:
    """Two parties verified at the same instant meet at the unique index; the later one is refused."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if diagnosis is None or diagnosis.constraint_name != _ONE_HOLDER:
            raise
        raise _taken("number") from error


def _taken(kind: str) -> IdentityTaken:
    return IdentityTaken(f"this {kind} was verified for another party here; it names one holder")
