"""Whether a statement is booked or waits for a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.banking.domain import Header, Sums, judge
from kvit.banking.domain.verdict import MOST_TURNOVER_MINOR
from kvit.formats.bank.statement import Statement
from kvit.kernel.results import Problem

minor = st.integers(-(10**12), 10**12)


def statement(
    opening: int | None = None, closing: int | None = None, *, currency: str = "SEK", is_test: bool = False
) -> Statement:
    return Statement(
        place="Stmt[1]",
        account="SE1",
        currency=currency,
        opening_minor=opening,
        closing_minor=closing,
        is_test=is_test,
    )


def sums(*amounts: int, currencies: tuple[str, ...] = ("SEK",)) -> Sums:
    return Sums(sum(amounts), sum(map(abs, amounts)), frozenset(currencies) if amounts else frozenset())


class TestAStatementWithBalances:
    @given(minor, st.lists(minor, max_size=8))
    def test_is_booked_when_its_lines_explain_the_difference(self, opening: int, amounts: list[int]) -> None:
        whole = statement(opening, opening + sum(amounts))
        assert judge(whole, sums=sums(*amounts), problems=()).hold_code == ""

    @given(minor, st.lists(minor, max_size=8), minor.filter(bool))
    def test_is_held_when_a_single_minor_unit_is_missing(self, opening: int, amounts: list[int], off: int) -> None:
        verdict = judge(statement(opening, opening + sum(amounts) + off), sums=sums(*amounts), problems=())
        assert verdict.hold_code == "balance_differs"
        assert f"by {off} minor units" in verdict.reason
        assert verdict.reason.startswith("Stmt[1]")

    def test_is_booked_all_the_same_beside_an_entry_that_was_only_announced(self) -> None:
        announced = Problem("Stmt[1]/Ntry[2]", "not booked")
        assert judge(statement(0, 5), sums=sums(5), problems=(announced,)).hold_code == ""


class TestAStatementWithoutBalances:
    @pytest.mark.parametrize(("opening", "closing"), [(None, None), (5, None), (None, 5)])
    def test_is_booked_when_all_of_it_could_be_read(self, opening: int | None, closing: int | None) -> None:
        assert judge(statement(opening, closing), sums=sums(5), problems=()).hold_code == ""

    @pytest.mark.parametrize("place", ["Stmt[1]", "Stmt[1]/Ntry[2]", "line 7, byte 300", "file"])
    def test_is_held_for_any_problem_and_says_where(self, place: str) -> None:
        verdict = judge(statement(), sums=sums(5), problems=(Problem(place, "cut off"),))
        assert (verdict.hold_code, verdict.reason) == ("incomplete", f"{place}: cut off")

    def test_names_its_own_problem_before_another_one(self) -> None:
        problems = (Problem("Stmt[10]", "theirs"), Problem("Stmt[1]/Ntry[2]", "own"))
        assert judge(statement(), sums=sums(5), problems=problems).reason == "Stmt[1]/Ntry[2]: own"

    def test_gives_a_reason_that_fits_its_column(self) -> None:
        assert len(judge(statement(), sums=sums(), problems=(Problem("file", "x" * 999),)).reason) == 300


class TestAStatementThatNoBalanceMakesGood:
    def test_is_one_of_a_test_file(self) -> None:
        verdict = judge(statement(0, 5, is_test=True), sums=sums(5), problems=())
        assert verdict.hold_code == "test_file"

    @pytest.mark.parametrize(
        ("currency", "of_lines"), [("SEK", ("EUR",)), ("SEK", ("EUR", "SEK")), ("", ("EUR", "SEK"))]
    )
    def test_is_one_with_lines_in_another_currency(self, currency: str, of_lines: tuple[str, ...]) -> None:
        verdict = judge(statement(0, 5, currency=currency), sums=sums(5, currencies=of_lines), problems=())
        assert verdict.hold_code == "currency_differs"
        assert "EUR" in verdict.reason

    def test_is_not_one_that_names_no_currency_itself(self) -> None:
        assert judge(statement(0, 5, currency=""), sums=sums(5), problems=()).hold_code == ""

    def test_is_one_of_amounts_that_nobody_has(self) -> None:
        most = MOST_TURNOVER_MINOR
        assert judge(statement(0, 0), sums=sums(most, -most), problems=()).hold_code == "absurd_amounts"
        assert judge(statement(0, most), sums=sums(most), problems=()).hold_code == ""


class TestAHead:
    def test_is_cut_to_what_can_be_kept(self) -> None:
        wide = Statement(place="Stmt[1]", account="9" * 99, currency="EURO", statement_id="S" * 99)
        head = Header.of(wide)
        assert (len(head.account_number), len(head.statement_number), head.currency) == (40, 80, "")
