"""What the robot has done over a period: linked, undone, straight through, minutes saved, precision by week."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kvit.banking import queries as banking
from kvit.base import rows
from kvit.matching.queries.links import waiting_lines
from kvit.matching.queries.suggestions import suggestions

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
    credited = banking.credits_between(from_date, to_date)
    robot, people, wrong, undone = _links(credited)
    waiting = sorted(set(waiting_lines()).intersection(credited))
    return RobotReport(
        from_date=from_date,
        to_date=to_date,
        credits=len(credited),
        robot_linked=robot,
        person_linked=people,
        waiting=len(waiting),
        wrong=wrong,
        undone=undone,
        would_book=sum(one.would_book for one in suggestions(waiting)),
        minutes_saved=robot * SECONDS_BY_HAND // 60,
        seconds_by_hand=SECONDS_BY_HAND,
        weeks=_weeks(credited),
    )


def _links(line_ids: list[int]) -> tuple[int, int, int, int]:
    """(robot's links that hold, people's, robot's undone as wrong, robot's undone otherwise) of these lines."""
    ((robot, people, wrong, undone),) = rows.select(
        """
        SELECT count(*) FILTER (WHERE by_robot AND state = 'live'),
               count(*) FILTER (WHERE NOT by_robot AND state = 'live'),
               count(*) FILTER (WHERE by_robot AND undone_as = 'wrong'),
               count(*) FILTER (WHERE by_robot AND undone_as NOT IN ('', 'wrong'))
        FROM matching_link WHERE line_id IN (SELECT unnest(%s::bigint[]))
        """,
        [line_ids],
    )
    return int(robot), int(people), int(wrong), int(undone)


def _weeks(line_ids: list[int]) -> tuple[RobotWeek, ...]:
    """The robot's links of these lines by the week in which they were made."""
    found: list[Any] = rows.select(
        """
        SELECT date_trunc('week', made_at)::date, count(*), count(*) FILTER (WHERE undone_as = 'wrong')
        FROM matching_link WHERE by_robot AND line_id IN (SELECT unnest(%s::bigint[])) AND undone_as <> 'returned'
        GROUP BY 1 ORDER BY 1
        """,
        [line_ids],
    )
    return tuple(RobotWeek(week, int(linked), int(wrong)) for week, linked, wrong in found)
