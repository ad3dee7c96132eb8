"""The time of day of a country: a company's day begins and ends there."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_ZONES: Final = {"SE": "Europe/Stockholm", "PL": "Europe/Warsaw", "RO": "Europe/Bucharest"}


def zone_of(country: str) -> ZoneInfo:
    """The time of day of a company's country."""
    return ZoneInfo(_ZONES.get(country, "UTC"))


def day_in(country: str, at: datetime) -> date:
    """The day that it is in a country at an aware instant."""
    return at.astimezone(zone_of(country)).date()
