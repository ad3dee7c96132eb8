"""Which references a bank line quotes."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kvit.matching.domain import reference_keys


class TestAStructuredReference:
    @pytest.mark.parametrize(
        ("written", "key"),
        [("7001", "7001"), ("RF18 5390 0754 7034", "RF18539007547034"), ("rf18539007547034", "RF18539007547034")],
    )
    def test_counts_without_its_blanks_in_capitals(self, written: str, key: str) -> None:
        assert reference_keys(written, "") == (key,)

    def test_stands_above_what_the_payer_wrote(self) -> None:
        assert reference_keys("7001", "invoice 70022") == ("7001",)

    def test_of_blanks_is_none(self) -> None:
        assert reference_keys("  ", "invoice 70022") == reference_keys("", "invoice 70022")


class TestAFreeText:
    @pytest.mark.parametrize(
        ("text", "keys"),
        [
            ("70022", ("70022",)),
            ("invoice 70022, thanks", ("70022", "INVOICE70022THANKS")),
            ("F2026-000017", ("F2026", "000017", "F2026000017")),
            ("RF18 5390 0754 7034", ("RF18539007547034",)),
            ("faktura70022", ("FAKTURA70022",)),
            ("for March", ()),
            ("7002", ()),
            ("", ()),
            ("inv 1234", ("INV1234",)),
        ],
    )
    def test_gives_its_words_with_a_digit_and_all_of_it(self, text: str, keys: tuple[str, ...]) -> None:
        assert reference_keys("", text) == keys

    def test_longer_than_any_reference_is_no_reference_as_a_whole(self) -> None:
        assert reference_keys("", "70022 " + "x" * 40) == ("70022",)

    @given(st.text(alphabet="AB12 -./ö", max_size=40))
    def test_never_gives_a_part_of_a_word(self, text: str) -> None:
        words = re.findall(r"[A-Z0-9]+", text.upper())
        assert set(reference_keys("", text)) <= {*words, "".join(words)}

    @given(st.text(max_size=60))
    def test_gives_each_key_once_with_a_digit_and_nothing_but_letters_and_digits(self, text: str) -> None:
        keys = reference_keys("", text)
        assert len(set(keys)) == len(keys)
        assert all(re.fullmatch(r"[A-Z0-9]+", key) and re.search(r"[0-9]", key) for key in keys)

    @given(st.integers(10_000, 10**20), st.text(alphabet="AB .,", max_size=10), st.text(alphabet="AB .,", max_size=10))
    def test_finds_a_reference_that_stands_apart(self, number: int, before: str, after: str) -> None:
        assert str(number) in reference_keys("", f"{before} {number} {after}")

    @given(st.integers(10_000, 10**12), st.integers(0, 9))
    def test_does_not_find_a_reference_within_a_longer_number(self, number: int, digit: int) -> None:
        assume(str(number) != str(number)[1:] + str(digit))
        assert str(number) not in reference_keys("", f"pays {number}{digit}")
