"""How a party may be reached, and what it has agreed to."""

from dataclasses import dataclass
from datetime import datetime

from kvit.base import rows
from kvit.parties.domain.consents import ConsentKind, ConsentMeans
from kvit.parties.domain.contacts import Channel, Purpose


@dataclass(frozen=True)
class Contact:
    """A way to reach a party; who added it, and when, comes from the command that did."""

    id: int
    purpose: Purpose
    channel: Channel
    value: str
    since_at: datetime
    closed_at: datetime | None
    added_by: str


@dataclass(frozen=True)
class Consent:
    """A consent as it stands: the latest that was said about it."""

    kind: ConsentKind
    is_given: bool
    stated_at: datetime
    means: ConsentMeans
    evidence: str


def contacts_for(party_id: int, purpose: Purpose, *, at: datetime) -> tuple[Contact, ...]:
    """Every address given for a purpose and open at an instant; where there is none, the general ones.

    Needs the tenant's scope.
    """
    open_then = [
        contact
        for contact in contacts_of(party_id)
        if contact.since_at <= at and (contact.closed_at is None or at < contact.closed_at)
    ]
    given = tuple(contact for contact in open_then if contact.purpose is purpose)
    return given or tuple(contact for contact in open_then if contact.purpose is Purpose.GENERAL)


def contacts_of(party_id: int) -> tuple[Contact, ...]:
    """All contacts of a party, closed ones too, in the order in which they came. Needs the tenant's scope."""
    return tuple(
        Contact(contact_id, Purpose(purpose), Channel(channel), value, since_at, closed_at, actor)
        for contact_id, purpose, channel, value, since_at, closed_at, actor in rows.select(
            """
            SELECT k.id, k.purpose, k.channel, k.value, k.since_at, k.closed_at, c.actor
            FROM parties_contact k JOIN base_command c ON c.tenant_id = k.tenant_id AND c.id = k.command_id
            WHERE k.party_id = %s ORDER BY k.id
            """,
            [party_id],
        )
    )


def has_consent(party_id: int, kind: ConsentKind, *, at: datetime) -> bool:
    """Whether a consent stood at an instant; without a word about it, it did not. Needs the tenant's scope."""
    return any(consent.is_given for consent in consents(party_id, at=at) if consent.kind is kind)


def consents(party_id: int, *, at: datetime) -> tuple[Consent, ...]:
    """What a party had agreed to, or refused, at an instant: one of each kind. Needs the tenant's scope."""
    return tuple(
        Consent(ConsentKind(kind), is_given, stated_at, ConsentMeans(means), evidence)
        for kind, is_given, stated_at, means, evidence in rows.select(
            """
            SELECT DISTINCT ON (kind) kind, is_given, stated_at, means, evidence FROM parties_consent
            WHERE party_id = %s AND stated_at <= %s ORDER BY kind, stated_at DESC, id DESC
            """,
            [party_id, at],
        )
    )
