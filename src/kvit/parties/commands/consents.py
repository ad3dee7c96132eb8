"""Record that a party gave or withdrew a consent; what was said before is never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.parties import events
from kvit.parties.commands.hold import hold
from kvit.parties.domain.consents import ConsentKind, ConsentMeans


class BadConsent(DomainError):
    """A consent without evidence, or from the future."""

    code: ClassVar[str] = "parties.bad_consent"


@dataclass(frozen=True)
class ConsentRecorded:
    """The row that proves it."""

    consent_id: int


@command
def give_consent(
    ctx: Ctx,
    *,
    party_id: int,
    kind: ConsentKind,
    means: ConsentMeans,
    evidence: Personal[str],
    stated_at: datetime | None = None,
) -> ConsentRecorded:
    """Record a consent with its proof (what was read and said, or where the paper lies): GDPR, article 7 (1).

    `stated_at` is when it was given, if that was before now. Refuses `NoSuchParty`, `PartyErased`,
    `BadConsent`.
    """
    return _record(ctx, party_id, (kind, True), means=means, evidence=evidence, stated_at=stated_at)


@command
def withdraw_consent(
    ctx: Ctx,
    *,
    party_id: int,
    kind: ConsentKind,
    means: ConsentMeans,
    evidence: Personal[str],
    stated_at: datetime | None = None,
) -> ConsentRecorded:
    """Record that a consent ends, or was refused from the start: GDPR, article 7 (3).

    `stated_at` is when it was withdrawn, if that was before now. Refuses `NoSuchParty`, `PartyErased`,
    `BadConsent`.
    """
    return _record(ctx, party_id, (kind, False), means=means, evidence=evidence, stated_at=stated_at)


def _record(
    ctx: Ctx,
    party_id: int,
    said: tuple[ConsentKind, bool],
    *,
    means: ConsentMeans,
    evidence: str,
    stated_at: datetime | None,
) -> ConsentRecorded:
    hold(party_id)
    kind, is_given = said
    if not evidence.strip():
        raise BadConsent("a consent needs evidence: what was read and said, or where the paper lies")
    if stated_at is not None and stated_at > ctx.now:
        raise BadConsent("a consent cannot be given or withdrawn in the future")
    ((consent_id,),) = rows.select(
        """
        INSERT INTO parties_consent (tenant_id, party_id, kind, is_given, stated_at, means, evidence, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            ctx.tenant_id,
            party_id,
            kind.value,
            is_given,
            stated_at or ctx.now,
            means.value,
            evidence,
            ctx.command_id,
        ],
    )
    ctx.emit(events.ConsentChanged(party_id, kind, is_given))
    return ConsentRecorded(int(consent_id))
