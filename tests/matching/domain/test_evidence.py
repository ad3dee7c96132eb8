"""When money of a payer known as somebody else may be booked without a person."""

import pytest

from kvit.matching.domain import speaks_for_two
from kvit.matching.domain.evidence import Reason

OTHER: Reason = ("payer_known_as_other", 0)


class TestMoneyOfAPayerKnownAsSomebodyElse:
    @pytest.mark.parametrize(
        "reasons",
        [
            (("reference_equal", 1), ("amount_equal", 0)),
            (("invoice_number_equal", 0), ("amount_equal", 0)),
            (("all_quoted", 2), ("sum_equal", 2)),
        ],
    )
    def test_is_booked_where_reference_and_amount_agree_without_a_fault(self, reasons: tuple[Reason, ...]) -> None:
        assert speaks_for_two((*reasons, OTHER))

    @pytest.mark.parametrize(
        "reasons",
        [
            (("amount_equal", 0), ("amount_rare", 1)),
            (("digit_wrong", 3), ("amount_equal", 0)),
            (("reference_equal", 1), ("amount_partial", 500)),
            (("sum_of_items", 1), ("sum_equal", 2)),
            (("all_open", 3), ("sum_equal", 3)),
        ],
    )
    def test_asks_a_person_otherwise(self, reasons: tuple[Reason, ...]) -> None:
        assert not speaks_for_two((*reasons, OTHER))

    def test_is_no_question_where_the_payer_is_nobody_known(self) -> None:
        assert speaks_for_two((("amount_equal", 0), ("payer_unknown", 0)))
