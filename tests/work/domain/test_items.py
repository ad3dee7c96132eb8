"""What a work item may say."""

from dataclasses import replace

import pytest

from kvit.work.domain.items import BadItem, NewItem, require_code, require_sound
from kvit.work.domain.lifecycle import MOVES, ItemState

GOOD = NewItem(
    kind="matching.decide", subject_kind="banking.line", subject_id=1, reason_code="tie", reason="Two invoices fit."
)


class TestAnItem:
    def test_is_sound(self) -> None:
        require_sound(GOOD)

    @pytest.mark.parametrize(
        "bad",
        [
            replace(GOOD, kind=""),
            replace(GOOD, kind="Decide"),
            replace(GOOD, subject_kind="banking line"),
            replace(GOOD, reason_code="x" * 61),
            replace(GOOD, reason_code="tie\n"),
            replace(GOOD, reason=" "),
            replace(GOOD, priority=2**31),
        ],
    )
    def test_is_refused(self, bad: NewItem) -> None:
        with pytest.raises(BadItem):
            require_sound(bad)


class TestACode:
    @pytest.mark.parametrize("code", ["a", "matching.decide", "a1_b.c2"])
    def test_is_words_joined_by_dots(self, code: str) -> None:
        require_code("kind", code)

    @pytest.mark.parametrize("code", [".a", "a.", "a..b", "1a", "a-b", "ą"])
    def test_is_nothing_else(self, code: str) -> None:
        with pytest.raises(BadItem):
            require_code("kind", code)


class TestAState:
    def test_of_every_kind_has_its_moves(self) -> None:
        assert set(MOVES) == set(ItemState)

    def test_that_is_final_is_left_for_none(self) -> None:
        assert not MOVES[ItemState.DONE]
        assert not MOVES[ItemState.DROPPED]
