"""What the company lets the robot do, and how sure the robot has to be now."""

from dataclasses import dataclass
from datetime import date, datetime

from kvit.base import rows
from kvit.matching.domain.precision import Measured
from kvit.matching.domain.rule import SHIPPED_RULE, Mode, RobotRule


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule with since when it has been in force, who set it, and why."""

    rule: RobotRule
    since_at: datetime
    set_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RobotState:
    """How sure the robot has to be, in millionths: `target_ppm` is the company's, `in_force_ppm` what it aims at.

    `measured` is the window of the last review, from `from_date` on; None before there was one. `is_stricter` says
    that people undid more as wrong than the target allows, so that the robot asks more.
    """

    rule: RobotRule
    in_force_ppm: int
    measured: Measured | None
    from_date: date | None
    since_at: datetime | None

    @property
    def is_stricter(self) -> bool:
        """Whether the robot asks more than the company's target alone would have it ask."""
        return self.in_force_ppm > self.rule.target_ppm


_RULE = """
    SELECT r.mode, r.target_ppm, r.short_minor, r.short_permille, r.reminder_fee_minor, r.rounds_up_to_minor,
           r.most_items, r.write_off_up_to_minor, r.since_at, c.actor, r.reason
    FROM matching_rule r JOIN base_command c ON c.id = r.command_id ORDER BY r.id DESC
"""


def rule() -> RobotRule:
    """What is in force; the shipped rule before anybody has set one. Needs the tenant's scope."""
    found = rule_history(limit=1)
    return found[0].rule if found else SHIPPED_RULE


def rule_history(*, limit: int = 50) -> tuple[RuleChange, ...]:
    """The rules that were set, the newest first. Needs the tenant's scope."""
    return tuple(
        RuleChange(RobotRule(Mode(row[0]), *row[1:8]), *row[8:]) for row in rows.select(_RULE + "LIMIT %s", [limit])
    )


def state_of_the_robot() -> RobotState:
    """Target, measured precision, what is in force, and since when. Needs the tenant's scope."""
    now = rule()
    found = rows.select(
        """
        SELECT in_force_ppm, linked_count, wrong_count, from_date, at, target_ppm FROM matching_review
        ORDER BY id DESC LIMIT 1
        """
    )
    if not found:
        return RobotState(now, now.target_ppm, None, None, None)
    in_force, linked, wrong, from_date, at, target = found[0]
    in_force = in_force if target == now.target_ppm else max(in_force if in_force > target else 0, now.target_ppm)
    return RobotState(now, in_force, Measured(linked, wrong), from_date, at)


def robot_links_since(since_at: datetime) -> Measured:
    """The robot's links from an instant on, and how many of them people undid as wrong. Needs the tenant's scope."""
    ((linked, wrong),) = rows.select(
        """
        SELECT count(*), count(*) FILTER (WHERE undone_as = 'wrong') FROM matching_link
        WHERE by_robot AND made_at >= %s AND undone_as <> 'returned'
        """,
        [since_at],
    )
    return Measured(int(linked), int(wrong))
