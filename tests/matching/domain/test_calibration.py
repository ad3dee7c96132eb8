"""How much surer the robot has to be, fitted on a company's own payments in bounds."""

from hypothesis import given
from hypothesis import strategies as st

from kvit.matching.domain import calibration
from kvit.matching.domain.calibration import LOOSEST_PPM, SHIPPED_PPM, STRICTEST_PPM, Weighed, asked, fitted

LEAST, TARGET = 985_000, 999_800


def right(confidence: int, many: int) -> list[Weighed]:
    return [Weighed(confidence, is_right=True)] * many


class TestAFit:
    def test_leaves_what_is_shipped_where_nothing_speaks_against_it(self) -> None:
        assert fitted([], least_ppm=LEAST, target_ppm=TARGET) == SHIPPED_PPM
        assert fitted(right(990_000, 100), least_ppm=LEAST, target_ppm=TARGET) == SHIPPED_PPM

    def test_asks_more_where_the_companys_own_payments_were_wrong(self) -> None:
        weighed = [*right(999_900, 800), Weighed(990_000, is_right=False)]
        factor = fitted(weighed, least_ppm=LEAST, target_ppm=TARGET)
        assert STRICTEST_PPM < factor < SHIPPED_PPM
        assert asked(LEAST, factor) > 990_000

    def test_goes_no_further_than_its_bound(self) -> None:
        """What is wrong though it is sure cannot be calibrated away; a person sees it in the report."""
        weighed = [*right(999_900, 800), Weighed(999_999, is_right=False)]
        assert fitted(weighed, least_ppm=LEAST, target_ppm=TARGET) == STRICTEST_PPM

    def test_asks_less_only_where_enough_was_judged(self) -> None:
        few, many = right(999_000, calibration.ENOUGH - 1), right(999_000, 20_000)
        assert fitted(few, least_ppm=LEAST, target_ppm=TARGET) == SHIPPED_PPM
        assert fitted(many, least_ppm=LEAST, target_ppm=TARGET) == LOOSEST_PPM

    @given(
        st.lists(st.tuples(st.integers(0, 1_000_000), st.booleans()), max_size=60),
        st.integers(500_000, 1_000_000),
        st.integers(500_000, 999_999),
    )
    def test_stays_in_its_bounds_and_reaches_the_target_or_is_the_strictest(
        self, found: list[tuple[int, bool]], least: int, target: int
    ) -> None:
        weighed = [Weighed(confidence, is_right) for confidence, is_right in found]
        factor = fitted(weighed, least_ppm=least, target_ppm=target)
        assert STRICTEST_PPM <= factor <= SHIPPED_PPM
        booked = [one.is_right for one in weighed if one.confidence_ppm >= asked(least, factor)]
        assert factor == STRICTEST_PPM or sum(booked) * 1_000_000 >= len(booked) * target


class TestWhatIsAsked:
    def test_lies_in_the_bounds_whatever_factor_is_kept(self) -> None:
        assert asked(LEAST, 1) == asked(LEAST, STRICTEST_PPM) == 997_000
        assert asked(LEAST, 10**9) == asked(LEAST, LOOSEST_PPM) == 970_000
        assert asked(LEAST, SHIPPED_PPM) == LEAST
