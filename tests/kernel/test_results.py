"""The shape of a reader's answer, on which every reader and every caller relies."""

import dataclasses

import pytest

from kvit.kernel.results import Problem, Read


class TestAReadersAnswer:
    def test_keeps_records_and_problems_apart(self) -> None:
        read = Read(records=(1, 2), problems=(Problem(place="line 3", reason="the amount is missing"),))
        assert read.records == (1, 2)
        assert read.problems[0].place == "line 3"

    def test_cannot_be_changed(self) -> None:
        read: Read[int] = Read((), ())
        with pytest.raises(dataclasses.FrozenInstanceError):
            read.records = (1,)  # type: ignore[misc]
        with pytest.raises(dataclasses.FrozenInstanceError):
            Problem("a", "b").reason = "c"  # type: ignore[misc]

    def test_equals_another_with_the_same_content(self) -> None:
        assert Read((1,), (Problem("a", "b"),)) == Read((1,), (Problem("a", "b"),))
