"""A customer's ledger beside a balance letter: every item of either side ends in a pair or a difference, once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.documents.domain.sheet import Side
from kvit.formats.books.partner_ledger import TheirItem
from kvit.invoicing.domain.comparing import MatchedBy, compared
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind, their_balance
from kvit.invoicing.domain.statements import Happened, Statement, StatementForm, StatementItem

DAY = date(2025, 12, 1)


def letter(*items: StatementItem) -> Statement:
    total = sum(item.open_minor for item in items)
    return Statement(
        form=StatementForm.OPEN_ITEMS,
        language="en",
        country="SE",
        currency="SEK",
        customer_number="1001",
        seller=Side("Nordvik AB"),
        buyer=Side("Bo"),
        from_date=DAY,
        to_date=DAY,
        known_at=datetime(2026, 1, 2, tzinfo=UTC),
        opening_minor=total,
        closing_minor=total,
        items=items,
    )


def ours(number: str, minor: int, day: date = DAY) -> StatementItem:
    return StatementItem(Happened.INVOICE if minor > 0 else Happened.CREDIT_NOTE, number, day, minor, minor)


def theirs(number: str, minor: int, day: date | None = None) -> TheirItem:
    return TheirItem("row 2", number, minor, day)


ITEMS = st.lists(
    st.builds(lambda n, minor: (f"F2026-{n:06d}", minor), st.integers(1, 12), st.sampled_from([100, 200, 300, -50])),
    max_size=8,
    unique_by=lambda pair: pair[0],
)


class TestComparing:
    @pytest.mark.parametrize("written", ["F2026-000017", "f2026/17", "F 2026 - 0017", "F2026.17"])
    def test_knows_a_number_however_it_is_written(self, written: str) -> None:
        found = compared(letter(ours("F2026-000017", 500)), [theirs(written, 500)])
        assert (found.pairs[0].by, found.differences) == (MatchedBy.NUMBER, ())

    def test_tells_numbers_apart_that_only_look_alike(self) -> None:
        found = compared(letter(ours("F2026-000017", 500)), [theirs("F2026-000071", 400)])
        assert [each.kind for each in found.differences] == [DifferenceKind.NOT_THEIRS, DifferenceKind.NOT_OURS]

    def test_adds_rows_of_one_number_up(self) -> None:
        found = compared(letter(ours("F1", 300)), [theirs("F1", 500), theirs("F1", -200)])
        assert found.differences == ()

    def test_turns_books_that_have_the_other_sign(self) -> None:
        ledger = [theirs("F1", -500), theirs("F2", -300), theirs("K1", 100)]
        found = compared(letter(ours("F1", 500), ours("F2", 300), ours("K1", -100)), ledger)
        assert found.differences == ()

    def test_pairs_by_amount_and_day_and_by_amount_alone(self) -> None:
        found = compared(
            letter(ours("F1", 500), ours("F2", 300)),
            [theirs("0815", 500, DAY), theirs("4711", 300, date(2025, 12, 9))],
        )
        assert [pair.by for pair in found.pairs] == [MatchedBy.AMOUNT_AND_DAY, MatchedBy.AMOUNT]
        assert found.differences == ()

    def test_guesses_nothing_where_two_have_one_amount(self) -> None:
        found = compared(letter(ours("F1", 500), ours("F2", 500)), [theirs("0815", 500)])
        assert len(found.differences) == 3

    def test_says_each_kind_of_difference(self) -> None:
        found = compared(
            letter(ours("F1", 500), ours("F2", 300)), [theirs("F1", 450), theirs("F9", 70, date(2025, 11, 3))]
        )
        assert found.differences == (
            Difference(DifferenceKind.AMOUNT, "F1", 500, 450),
            Difference(DifferenceKind.NOT_THEIRS, "F2", 300, None, DAY),
            Difference(DifferenceKind.NOT_OURS, "F9", None, 70, date(2025, 11, 3)),
        )

    @given(mine=ITEMS, yours=ITEMS)
    def test_explains_their_balance_to_the_last_unit(
        self, mine: list[tuple[str, int]], yours: list[tuple[str, int]]
    ) -> None:
        made = letter(*(ours(*pair) for pair in mine))
        found = compared(made, [theirs(*pair) for pair in yours])
        turned = {their_balance(made, found.differences), -their_balance(made, found.differences)}
        assert sum(minor for _, minor in yours) in turned

    @given(mine=ITEMS)
    def test_of_a_copy_differs_in_nothing(self, mine: list[tuple[str, int]]) -> None:
        found = compared(letter(*(ours(*pair) for pair in mine)), [theirs(*pair) for pair in mine])
        assert (len(found.pairs), found.differences) == (len(mine), ())

    def test_would_miss_a_difference_if_pairs_were_not_compared(self) -> None:
        """The planted fault: an item of theirs that is changed by one unit must show."""
        made = letter(ours("F1", 500))
        copy = [theirs("F1", 500)]
        assert compared(made, copy).differences == ()
        assert compared(made, [replace(copy[0], amount_minor=501)]).differences != ()
