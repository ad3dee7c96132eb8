"""Whether statements follow each other, and what is said where they do not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.banking.domain import chain
from kvit.banking.domain.chain import Break, BreakKind, Chained, breaks

FIRST = date(2026, 3, 2)


def statement(
    id: int, opening: int, closing: int, *, number: str = "", day: int = 0, until: int | None = None
) -> Chained:
    """A statement of the day `day` after the first, or until another."""
    last = FIRST + timedelta(days=day if until is None else until)
    return Chained(id, number, FIRST + timedelta(days=day), last, opening, closing)


def days(*moved: int, numbered: bool = True) -> list[Chained]:
    """A statement for each day, each moving so much."""
    made, balance = [], 0
    for at, minor in enumerate(moved):
        made.append(statement(at + 1, balance, balance + minor, number=str(at + 11) if numbered else "", day=at))
        balance += minor
    return made


def told(found: tuple[Break, ...]) -> list[str]:
    return [one.words("SEK") for one in found]


class TestAChain:
    @given(moved=st.lists(st.integers(-500, 500), max_size=12), order=st.randoms())
    def test_holds_whatever_order_its_statements_come_in(self, moved: list[int], order: object) -> None:
        made = days(*moved)
        order.shuffle(made)  # type: ignore[attr-defined]
        assert breaks(made) == ()

    @given(moved=st.lists(st.integers(1, 500), min_size=3, max_size=12), data=st.data())
    def test_names_each_statement_that_is_left_out(self, moved: list[int], data: st.DataObject) -> None:
        made = days(*moved)
        at = data.draw(st.integers(1, len(made) - 2))
        (found,) = breaks(made[:at] + made[at + 1 :])
        assert (found.kind, found.first_missing, found.last_missing) == (BreakKind.MISSING, at + 11, at + 11)
        assert found.difference_minor == moved[at]

    def test_says_which_statement_is_missing(self) -> None:
        one, two, three = days(100, 250, 70)
        assert told(breaks([one, three])) == ["statement 12 is missing: 2.50 SEK between 2026-03-02 and 2026-03-04"]
        four = statement(4, 900, 900, number="17", day=8)
        assert told(breaks([two, four])) == [
            "statements 13 to 16 are missing: 5.50 SEK between 2026-03-03 and 2026-03-10"
        ]

    def test_says_what_is_missing_where_the_bank_gives_no_numbers(self) -> None:
        one, _, three = days(100, 250, 70, numbered=False)
        assert told(breaks([one, three])) == [
            "2.50 SEK of movements are missing between 2026-03-02 and 2026-03-04: "
            "from statement of 2026-03-02 to of 2026-03-04"
        ]

    def test_says_which_overlap(self) -> None:
        one, two = statement(1, 0, 50, number="1", day=0, until=5), statement(2, 20, 90, number="2", day=3, until=8)
        (found,) = breaks([one, two])
        assert found.kind is BreakKind.OVERLAP
        assert "statement 2 begins on 2026-03-05, before statement 1 ends on 2026-03-07" in found.words("SEK")

    def test_takes_the_same_statement_twice_as_one(self) -> None:
        one, two, three = days(10, 20, 30)
        again = Chained(9, two.number, two.from_date, two.to_date, two.opening_minor, two.closing_minor)
        assert breaks([one, two, again, three]) == ()

    def test_lets_a_month_stand_beside_its_days(self) -> None:
        made = days(10, 20, 30, 40, numbered=False)
        month = statement(9, 0, 100, day=0, until=3)
        assert breaks([*made, month, statement(10, 100, 120, day=4)]) == ()
        assert breaks([made[0], month]) == ()  # which tells what the missing days would

    def test_orders_two_of_one_day_by_their_balances(self) -> None:
        late, early = statement(1, 60, 10), statement(2, 0, 60)
        before, after = statement(3, 5, 0, day=-1), statement(4, 10, 11, day=1)
        assert breaks([before, late, early, after]) == ()

    def test_finds_what_is_missing_between_two_of_one_day(self) -> None:
        (found,) = breaks([statement(1, 0, 10, number="4"), statement(2, 30, 50, number="6")])
        assert (found.kind, found.first_missing) == (BreakKind.MISSING, 5)

    def test_begins_anew_with_the_year(self) -> None:
        assert breaks([statement(1, 0, 5, number="251"), statement(2, 5, 9, number="1", day=4)]) == ()

    def test_counts_pages_of_one_statement_as_one(self) -> None:
        assert breaks([statement(1, 0, 5, number="7/1"), statement(2, 5, 9, number="7/2")]) == ()

    def test_asks_for_a_number_left_out_though_balances_agree_only_of_a_bank_that_counts_without_gaps(self) -> None:
        made = days(10, 20, 30, 40, 50, 60)
        made[3] = statement(4, 60, 60, number="14", day=3)
        made[4:] = [statement(5 + at, 60, 60, number=str(16 + at), day=4 + at) for at in range(9)]
        assert [(b.kind, b.first_missing) for b in breaks(made)] == [(BreakKind.MISSING, 15)]
        jumping = [statement(at, 0, 0, number=str(3 * at), day=at) for at in range(1, 9)]
        assert breaks(jumping) == ()


class TestPlantedFaults:
    def test_turn_the_checks_red(self, monkeypatch: pytest.MonkeyPatch) -> None:
        one, _, three = days(100, 250, 70)
        monkeypatch.setattr(chain, "_between", lambda *_: None)
        assert breaks([one, three]) == ()
