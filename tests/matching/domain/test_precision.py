"""How sure the robot has to be after it was wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.matching.domain.precision import Measured, in_force_ppm, is_below
from kvit.matching.domain.rule import BadRule, Mode, RobotRule, require_sound

TARGET = 999_800


class TestARobotThatIsRightOftenEnough:
    @pytest.mark.parametrize("measured", [Measured(0, 0), Measured(10, 0), Measured(10_000, 2), Measured(5_000, 1)])
    def test_aims_at_the_target(self, measured: Measured) -> None:
        assert not is_below(measured, TARGET)
        assert in_force_ppm(measured, TARGET) == TARGET


class TestARobotThatIsWrongTooOften:
    def test_allows_itself_fewer_errors_the_more_it_made(self) -> None:
        one, three, many = (in_force_ppm(Measured(1000, wrong), TARGET) for wrong in (1, 3, 50))
        assert TARGET < one < three < many < 1_000_000

    def test_is_not_stopped_by_one_error_among_ten_links(self) -> None:
        """(1 + 1) of (10 + 5 000) is 2.0 times what is allowed: half as many errors are allowed from now on."""
        assert in_force_ppm(Measured(10, 1), TARGET) == 999_900

    @given(st.integers(1, 10**6), st.integers(0, 10**4), st.integers(500_000, 999_999))
    def test_never_aims_lower_than_the_target_nor_at_certainty(self, linked: int, wrong: int, target: int) -> None:
        found = in_force_ppm(Measured(linked, min(wrong, linked)), target)
        assert target <= found < 1_000_000

    def test_is_said_in_millionths_rounded_down(self) -> None:
        assert (Measured(3, 1).right_ppm, Measured(0, 0).right_ppm) == (666_666, None)


class TestARule:
    @pytest.mark.parametrize(
        "rule",
        [
            RobotRule(target_ppm=1_000_000),
            RobotRule(target_ppm=499_999),
            RobotRule(short_minor=-1),
            RobotRule(write_off_up_to_minor=-1),
            RobotRule(most_items=0),
            RobotRule(most_items=61),
        ],
    )
    def test_out_of_bounds_is_refused(self, rule: RobotRule) -> None:
        with pytest.raises(BadRule):
            require_sound(rule)

    def test_within_them_is_taken(self) -> None:
        require_sound(RobotRule(mode=Mode.SHADOW, target_ppm=999_999, most_items=60))
