"""When two lines are one movement, and when two spellings are one account."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.banking.domain import LineKeys, account_key
from kvit.formats.bank.statement import Line

ONE = Line(
    place="Stmt[1]/Ntry[1]",
    booking_date=date(2026, 3, 2),
    value_date=None,
    amount_minor=12_500,
    currency="SEK",
    counterparty_name="Bo Ek",
    counterparty_account="12345",
    reference="7001",
    text="invoice 7001",
    bank_id="B1",
    end_to_end_id="E1",
    transaction_id="T1",
)
texts = st.text(alphabet="ab 1", max_size=3)
lines = st.builds(
    Line,
    place=texts,
    booking_date=st.integers(0, 2).map(lambda days: date(2026, 3, 2) + timedelta(days=days)),
    value_date=st.none(),
    amount_minor=st.integers(-2, 2),
    currency=st.sampled_from(["SEK", "EUR"]),
    counterparty_name=texts,
    reference=texts,
    text=texts,
    bank_id=st.sampled_from(["", "1"]),
)


def keys_of(*of: Line) -> list[str]:
    keys = LineKeys()
    return [keys.key(line) for line in of]


class TestAMovement:
    def test_sent_again_has_the_same_key(self) -> None:
        assert keys_of(ONE) == keys_of(ONE)

    def test_has_the_same_key_wherever_it_stands(self) -> None:
        assert keys_of(replace(ONE, place="line 7")) == keys_of(ONE)

    @pytest.mark.parametrize(
        "other",
        [
            {"booking_date": date(2026, 3, 3)},
            {"amount_minor": -12_500},
            {"currency": "EUR"},
            {"bank_id": "B2"},
            {"end_to_end_id": "E2"},
            {"transaction_id": "T2"},
            {"reference": "7002"},
            {"counterparty_account": "12346"},
            {"counterparty_name": "Bo Eck"},
            {"text": "invoice 7002"},
        ],
        ids=lambda other: next(iter(other)),
    )
    def test_has_another_key_where_anything_the_bank_repeats_differs(self, other: dict[str, object]) -> None:
        assert keys_of(replace(ONE, **other)) != keys_of(ONE)  # type: ignore[arg-type]

    def test_is_not_taken_for_one_whose_texts_run_together(self) -> None:
        one, other = replace(ONE, reference="70", text="01"), replace(ONE, reference="7", text="001")
        assert keys_of(one) != keys_of(other)

    def test_keeps_its_key_over_versions(self) -> None:
        """Keys are stored: a change of the recipe would book every overlapping file twice."""
        assert keys_of(ONE, ONE) == [
            "339e4b53c0af8631286506c4f3d3f7b1",
            "0c31844bb68fcc4526a35da0c725d35b",
        ]


class TestEqualMovements:
    def test_of_one_day_are_as_many_as_stand_there(self) -> None:
        assert len(set(keys_of(ONE, ONE, ONE))) == 3

    def test_are_found_again_in_a_file_with_more_around_them(self) -> None:
        other = replace(ONE, amount_minor=1)
        assert set(keys_of(ONE, ONE)) < set(keys_of(other, ONE, other, ONE, ONE))

    @given(st.lists(lines, max_size=20), st.randoms(use_true_random=False))
    def test_give_the_same_keys_in_any_order(self, of: list[Line], random: object) -> None:
        shuffled = list(of)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        assert set(keys_of(*shuffled)) == set(keys_of(*of))

    @given(st.lists(lines, max_size=20))
    def test_never_share_a_key(self, of: list[Line]) -> None:
        assert len(set(keys_of(*of))) == len(of)

    @given(st.lists(lines, max_size=12), st.lists(lines, max_size=12))
    def test_in_two_files_are_together_as_many_as_in_the_fuller_one(self, one: list[Line], two: list[Line]) -> None:
        """What both files taken in give: of each movement, the larger number of times that it stands in a file."""
        first, second = (Counter(replace(line, place="") for line in of) for of in (one, two))
        assert len(set(keys_of(*one)) | set(keys_of(*two))) == (first | second).total()


class TestAnAccountNumber:
    @pytest.mark.parametrize(
        "written", ["SE45 5000 0000 0583 9825 7466", "se4550000000058398257466", " SE45-5000…058398257466"]
    )
    def test_is_one_however_it_is_written(self, written: str) -> None:
        assert account_key(written.replace("…", "0000")) == "SE4550000000058398257466"

    def test_of_a_bankgiro_loses_its_dash(self) -> None:
        assert account_key("991-2346") == "9912346"

    def test_keeps_its_zeros(self) -> None:
        assert account_key("0012") != account_key("12")

    @given(st.text(max_size=40))
    def test_is_settled_after_one_time(self, written: str) -> None:
        assert account_key(account_key(written)) == account_key(written)

    @given(st.text(alphabet="AB12", min_size=1, max_size=8), st.text(alphabet="AB12", min_size=1, max_size=8))
    def test_is_two_where_letters_or_digits_differ(self, one: str, other: str) -> None:
        assert (account_key(one) == account_key(other)) == (one == other)
