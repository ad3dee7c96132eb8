"""Say what the robot may do, and have it ask more while people find it wrong more often than it may be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kvit.base import login, rows
from kvit.base.command import Ctx, command
from kvit.matching import queries
from kvit.matching.domain.precision import WINDOW_DAYS, Measured, in_force_ppm
from kvit.matching.domain.rule import WHOLE_PPM, RobotRule, require_sound
from kvit.matching.events import RobotReviewed, RuleChanged
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

LESS_RIGHT: Final = "matching.robot_less_right"
"""Work: the robot was wrong more often than it may be and asks more; look at what people undid."""
ROBOT: Final = "robot"
_FIRST: Final = 1


@dataclass(frozen=True)
class RuleSet:
    """The rule in force from now on."""

    rule_id: int


@dataclass(frozen=True)
class Reviewed:
    """What the robot aims at now, in millionths, and whether that is another than before."""

    in_force_ppm: int
    is_changed: bool


@command
def set_rule(ctx: Ctx, *, rule: RobotRule, reason: str) -> RuleSet:
    """Put a rule in force from now on; what was linked stays. Refuses `BadRule`."""
    require_sound(rule)
    ((rule_id,),) = rows.insert(
        "matching_rule",
        {
            "tenant_id": ("int", [ctx.tenant_id]),
            "mode": ("text", [rule.mode.value]),
            "target_ppm": ("int", [rule.target_ppm]),
            "short_minor": ("bigint", [rule.short_minor]),
            "short_permille": ("int", [rule.short_permille]),
            "reminder_fee_minor": ("bigint", [rule.reminder_fee_minor]),
            "rounds_up_to_minor": ("bigint", [rule.rounds_up_to_minor]),
            "most_items": ("smallint", [rule.most_items]),
            "write_off_up_to_minor": ("bigint", [rule.write_off_up_to_minor]),
            "reason": ("text", [reason.strip()[:300]]),
            "since_at": ("timestamptz", [ctx.now]),
            "command_id": ("bigint", [ctx.command_id]),
        },
        tail="RETURNING id",
    )
    ctx.emit(RuleChanged(rule_id))
    return RuleSet(rule_id)


@command
def review_robot(ctx: Ctx) -> Reviewed:
    """Measure how right the robot's links of the last 90 days are, and aim higher while it is below the target.

    Only what people undid as wrong counts, not what the bank took back. A change is kept with its figures and said by
    a work item; once the window is clean again the target itself is in force.
    """
    target = queries.rule().target_ppm
    measured = queries.robot_links_since(ctx.now - timedelta(days=WINDOW_DAYS))
    before = queries.state_of_the_robot().in_force_ppm
    now = in_force_ppm(measured, target)
    if now == before:
        return Reviewed(now, is_changed=False)
    ((review_id,),) = rows.insert(
        "matching_review",
        {
            "tenant_id": ("int", [ctx.tenant_id]),
            "from_date": ("date", [login.own_day(ctx.now) - timedelta(days=WINDOW_DAYS)]),
            "linked_count": ("int", [measured.linked]),
            "wrong_count": ("int", [measured.wrong]),
            "target_ppm": ("int", [target]),
            "in_force_ppm": ("int", [now]),
            "at": ("timestamptz", [ctx.now]),
            "command_id": ("bigint", [ctx.command_id]),
        },
        tail="RETURNING id",
    )
    _say(ctx, measured, target, now)
    ctx.emit(RobotReviewed(review_id))
    return Reviewed(now, is_changed=True)


def _say(ctx: Ctx, measured: Measured, target: int, now: int) -> None:
    if now == target:
        work.close_items(ctx, kind=LESS_RIGHT, subject_kind=ROBOT, subject_ids=[_FIRST], outcome="clean_again")
        return
    wrong, linked = measured.wrong, measured.linked
    work.open_item(
        ctx,
        item=NewItem(
            kind=LESS_RIGHT,
            subject_kind=ROBOT,
            subject_id=_FIRST,
            reason_code="matching.robot_less_right",
            reason=f"{wrong} of {linked} automatic links were undone as wrong, more than {WHOLE_PPM - target} in a "
            "million; the robot asks more until that is better",
            reason_params={"wrong": wrong, "linked": linked, "target_ppm": target, "in_force_ppm": now},
        ),
    )
