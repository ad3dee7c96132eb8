"""What the world remembers of a company: how it began, and how far it was played. Needs the tenant's scope."""

from datetime import date
from typing import Final

from kvit.base import codec, rows
from kvit.world.commands import DaysPlayed, Doors, Founding

FOUNDED: Final = "world:founded"
DOORS: Final = "world:doors"
_PLAYED: Final = "world:played:"


def key_of(last: date) -> str:
    """The key under which days that end with this one are closed; keys sort like days."""
    return f"{_PLAYED}{last}"


def founding() -> Founding | None:
    """How the company began, or None for one that is not of the world."""
    found = rows.select(
        "SELECT result FROM base_command WHERE name = 'world.found_company' AND key = %s AND result IS NOT NULL",
        [FOUNDED],
    )
    return codec.restore(found[0][0], Founding) if found else None


def played_through() -> date | None:
    """The last day that was played to its end."""
    found = rows.select(
        """
        SELECT result FROM base_command
        WHERE name = 'world.close_days' AND key >= %s AND key < %s AND result IS NOT NULL
        ORDER BY key DESC LIMIT 1
        """,
        [_PLAYED, f"{_PLAYED}~"],
    )
    return codec.restore(found[0][0], DaysPlayed).last if found else None


def played(last: date) -> DaysPlayed | None:
    """What was played in the days that end with this one, or None where they were not played to their end."""
    found = rows.select(
        "SELECT result FROM base_command WHERE name = 'world.close_days' AND key = %s AND result IS NOT NULL",
        [key_of(last)],
    )
    return codec.restore(found[0][0], DaysPlayed) if found else None


def doors() -> Doors | None:
    """By which people come into the company; None where none were opened yet."""
    found = rows.select(
        "SELECT result FROM base_command WHERE name = 'world.open_doors' AND key = %s AND result IS NOT NULL",
        [DOORS],
    )
    return codec.restore(found[0][0], Doors) if found else None
