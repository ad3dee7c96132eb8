"""What a company lets the robot do, and how sure it has to be; shares are in millionths (ppm)."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

WHOLE_PPM: Final = 1_000_000
SHIPPED_TARGET_PPM: Final = 999_800
_LEAST_TARGET_PPM: Final = 500_000
_MOST_ITEMS: Final = 60


class Mode(StrEnum):
    """Off: everything waits. Shadow: everything waits, with what would have been booked. Live: the robot books."""

    OFF = "off"
    SHADOW = "shadow"
    LIVE = "live"


class BadRule(DomainError):
    """A number of the rule is out of its bounds; the text names it."""

    code: ClassVar[str] = "matching.bad_rule"


@dataclass(frozen=True, slots=True)
class RobotRule:
    """What is in force for a company.

    `target_ppm`: how many in a million automatic links are to be right. What counts as paid though it differs: up to
    `short_minor`, or `short_permille` of the amount due, too little; a reminder fee or rounding up too much, in minor
    units. `most_items` bounds the search for sums among one customer's items. What is short by `write_off_up_to_minor`
    at the most is written off by the robot; people may write off as much by themselves.
    """

    mode: Mode = Mode.LIVE
    target_ppm: int = SHIPPED_TARGET_PPM
    short_minor: int = 3000
    short_permille: int = 20
    reminder_fee_minor: int = 6000
    rounds_up_to_minor: int = 10000
    most_items: int = 20
    write_off_up_to_minor: int = 0


SHIPPED_RULE: Final = RobotRule()


def require_sound(rule: RobotRule) -> None:
    """Refuses `BadRule`."""
    if not _LEAST_TARGET_PPM <= rule.target_ppm < WHOLE_PPM:
        raise BadRule(f"a target precision lies from {_LEAST_TARGET_PPM} to {WHOLE_PPM - 1} in a million")
    for name in ("short_minor", "short_permille", "reminder_fee_minor", "rounds_up_to_minor", "write_off_up_to_minor"):
        if getattr(rule, name) < 0:
            raise BadRule(f"{name} is below zero")
    if not 1 <= rule.most_items <= _MOST_ITEMS:
        raise BadRule(f"most_items lies from 1 to {_MOST_ITEMS}")


def stricter(rule: RobotRule, target_ppm: int) -> RobotRule:
    """The same rule with another precision to aim at."""
    return replace(rule, target_ppm=target_ppm)
