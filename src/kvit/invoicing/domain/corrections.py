"""A correction: a document's lines as they were against those as they become, and what they are after several."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from kvit.formats.einvoice.model import PolishLine
from kvit.invoicing.domain.calculation import calculate
from kvit.invoicing.domain.draft import DraftLine


def difference(before: Sequence[DraftLine], after: Sequence[DraftLine]) -> tuple[DraftLine, ...]:
    """What a correction carries: each line that changes as it was, with a quantity against it, then as it becomes.

    Lines are compared by position; a line that goes has no second one, a new one no first. Both together add up to the
    change. Equal lines are left out.
    """
    found: list[DraftLine] = []
    for old, new in zip_longest(before, after):
        if old == new:
            continue
        if old is not None:
            found.append(_as_before(old))
        if new is not None:
            found.append(new)
    return tuple(found)


def _as_before(line: DraftLine) -> DraftLine:
    """Allowances and charges of the line turn with its quantity."""
    more = line.more
    polish = replace(more.polish or PolishLine(), is_before=True)
    turned = replace(
        more,
        polish=polish,
        allowances=tuple(replace(one, amount_minor=-(one.amount_minor or 0)) for one in more.allowances),
        charges=tuple(replace(one, amount_minor=-(one.amount_minor or 0)) for one in more.charges),
    )
    return replace(line, quantity=-line.quantity, content=turned)


def applied(lines: Sequence[DraftLine], corrections: Iterable[Sequence[DraftLine]]) -> tuple[DraftLine, ...]:
    """A document's lines after its corrections, in their order."""
    state = list(lines)
    for correction in corrections:
        place: int | None = None
        for line in correction:
            if line.more.is_before:
                place = _taken_out(state, line)
            elif place is not None:
                state.insert(place, line)
                place = None
            else:
                state.append(line)
    return tuple(state)


def _taken_out(state: list[DraftLine], before: DraftLine) -> int:
    for place, line in enumerate(state):
        if _as_before(line) == before:
            del state[place]
            return place
    raise AssertionError("a correction corrects a line that is not there")


def comparable(lines: Sequence[DraftLine], currency: str) -> tuple[DraftLine, ...]:
    """Lines as they would be read from where they are kept: categories told, amounts of allowances and charges filled.

    So that equal lines are equal. Refuses what `calculate` refuses.
    """
    told = [replace(line, vat_category=line.category) for line in lines]
    contents = calculate(told, currency).line_contents
    if not contents:
        return tuple(told)
    return tuple(
        line if line.content is None else replace(line, content=content)
        for line, content in zip(told, contents, strict=True)
    )
