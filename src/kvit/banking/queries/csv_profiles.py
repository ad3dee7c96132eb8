"""How the company reads CSV files: its own profiles, then those that come with Kvit."""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from kvit.base import rows
from kvit.formats.bank.tabular.profile import Profile, from_plain
from kvit.formats.bank.tabular.shipped import SHIPPED


@dataclass(frozen=True, slots=True)
class KeptProfile:
    """A profile the company keeps: who kept it, and when it was."""

    id: int
    profile: Profile
    at: datetime
    actor: str


def kept_profiles() -> tuple[KeptProfile, ...]:
    """The profiles in use, the newest first; the key of each says which it is. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT p.id, p.profile::text, c.at, c.actor FROM banking_csvprofile p JOIN base_command c ON c.id = p.command_id
        WHERE p.retired_by_id IS NULL ORDER BY p.id DESC
        """
    )
    return tuple(
        KeptProfile(row[0], replace(from_plain(json.loads(row[1])), key=f"own:{row[0]}"), row[2], row[3])
        for row in found
    )


def csv_profiles() -> tuple[Profile, ...]:
    """All profiles by which a file may be read, the company's own before the shipped. Needs the tenant's scope."""
    return (*(kept.profile for kept in kept_profiles()), *SHIPPED)
