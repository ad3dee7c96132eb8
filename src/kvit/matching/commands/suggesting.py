"""Let lines wait: with the reason, what they may be, and what the robot left on a customer's account."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvit.banking.queries import BankLine
from kvit.base import codec, rows
from kvit.base.command import Ctx
from kvit.matching import queries
from kvit.matching.commands.writing import ADVANCE, LINE, WAITS
from kvit.matching.events import SuggestionsChanged
from kvit.matching.queries import Suggestion
from kvit.work import commands as work
from kvit.work import queries as work_queries
from kvit.work.domain.items import NewItem, Params
from kvit.work.queries import Item

_DIGITS: Final = re.compile(r"\d{4}")
UNDONE: Final = "matching.undone"
_OF_SUGGESTIONS: Final = frozenset(
    {"matching.amount_differs", "matching.equal_debts", "matching.unsure", "matching.would_book"}
)
"""Reasons that speak of what the line may pay."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a line waits: the code of a reason, its English words, what it speaks of."""

    code: str
    words: str
    params: Params


@dataclass(frozen=True, slots=True)
class Advance:
    """A line that the robot left on its customer's account, and why."""

    line_id: int
    code: str
    words: str
    params: Params


def let_wait(
    ctx: Ctx,
    lines: Sequence[BankLine],
    reasons: Mapping[int, Waiting] | None = None,
    *,
    robot_is_off: bool = False,
) -> None:
    """Open a work item for each line that has none, or that waits for another reason now."""
    given = reasons or {}
    known = {i.subject_id: i for i in work_queries.live_about(WAITS, LINE, [line.id for line in lines])}
    items = []
    for line in lines:
        why = given.get(line.id) or _unexplained(line, robot_is_off=robot_is_off)
        before = known.get(line.id)
        if before is None or _is_news(before, why, is_given=line.id in given):
            items.append(NewItem(WAITS, LINE, line.id, why.code, why.words, why.params))
    if items:
        work.open_items(ctx, items=tuple(items))


def _is_news(before: Item, why: Waiting, *, is_given: bool) -> bool:
    """Whether a line waits for another reason now. That a person took it from the robot stays the reason."""
    if before.reason_code == UNDONE:
        return False
    if not is_given:
        return before.reason_code in _OF_SUGGESTIONS  # what was suggested is gone, and nothing came instead
    return (before.reason_code, dict(before.reason_params)) != (why.code, dict(why.params))


def _unexplained(line: BankLine, *, robot_is_off: bool) -> Waiting:
    if line.amount_minor <= 0:
        return Waiting("matching.outgoing", "money went out; say what for", {})
    if robot_is_off:
        return Waiting("matching.robot_off", "the robot is switched off", {})
    if _DIGITS.search("".join(line.reference.split())) or _DIGITS.search(line.text):
        return Waiting("matching.unknown_reference", "no open invoice explains the reference of the payment", {})
    return Waiting("matching.no_reference", "no reference is given", {})


def tell_advances(ctx: Ctx, advances: Sequence[Advance]) -> None:
    """Let somebody say what becomes of money that the robot left on customers' accounts."""
    if advances:
        items = tuple(NewItem(ADVANCE, LINE, a.line_id, a.code, a.words, a.params) for a in advances)
        work.open_items(ctx, items=items)


def keep_suggestions(ctx: Ctx, line_ids: Sequence[int], suggestions: Sequence[Suggestion]) -> None:
    """Replace what is kept for these lines where it has changed; other lines' suggestions stay."""
    before: dict[int, list[Suggestion]] = {}
    for one in queries.suggestions(line_ids):
        before.setdefault(one.line_id, []).append(one)
    now: dict[int, list[Suggestion]] = {}
    for one in suggestions:
        now.setdefault(one.line_id, []).append(one)
    changed = [line_id for line_id in line_ids if before.get(line_id) != now.get(line_id)]
    if not changed:
        return
    if gone := [line_id for line_id in changed if line_id in before]:
        rows.run("DELETE FROM matching_suggestion WHERE line_id IN (SELECT unnest(%s::bigint[]))", [gone])
    _insert(ctx, [one for line_id in changed for one in now.get(line_id, ())])
    ctx.emit(SuggestionsChanged(tuple(changed)))


def _insert(ctx: Ctx, suggestions: Sequence[Suggestion]) -> None:
    count = len(suggestions)
    if not count:
        return
    rows.insert(
        "matching_suggestion",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "line_id": ("bigint", [one.line_id for one in suggestions]),
            "rank": ("smallint", [one.rank for one in suggestions]),
            "party_id": ("bigint", [one.party_id for one in suggestions]),
            "items": ("jsonb", [codec.canonical(one.items).decode() for one in suggestions]),
            "confidence_ppm": ("int", [one.confidence_ppm for one in suggestions]),
            "evidence": ("jsonb", [_spelled(one) for one in suggestions]),
            "would_book": ("boolean", [one.would_book for one in suggestions]),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )


def _spelled(one: Suggestion) -> str:
    """The evidence, and its kinds alone: what alike suggestions have in common (`queries.equals`)."""
    kinds = sorted({code for code, _ in one.evidence.reasons})
    return codec.canonical({**codec.plain(one.evidence), "kinds": kinds}).decode()
