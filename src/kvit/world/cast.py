"""Who works in each simulated company: people anybody may sign in as, in test mode only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kvit.base.login import Role


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works for a simulated company; nobody has a password there."""

    role: Role
    full_name: str


def _staff(owner: str, clerk: str, accountant: str) -> tuple[Worker, ...]:
    return Worker(Role.OWNER, owner), Worker(Role.CLERK, clerk), Worker(Role.ACCOUNTANT, accountant)


CAST: Final[Mapping[str, tuple[Worker, ...]]] = {
    "nordljus": _staff("Karin Wallin", "Anna Berg", "Mikael Norén"),
    "linden": _staff("Eva Linden", "Johan Falk", "Sara Östlund"),
    "promien": _staff("Dariusz Wolski", "Ewa Zielińska", "Tomasz Król"),
    "traseu": _staff("Andrei Munteanu", "Ioana Rusu", "Mihai Dobre"),
}
"""The people of each company by its code."""


def email(company: str, who: str) -> str:
    """An address that can never get mail (RFC 2606)."""
    return f"{who}@{company}.example"
