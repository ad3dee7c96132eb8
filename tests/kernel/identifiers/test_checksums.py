"""The shared check digit rules against published examples and their own promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel.identifiers import checksums

digit_strings = st.text(alphabet="0123456789", min_size=1, max_size=24)


class TestLuhn:
    @pytest.mark.parametrize(("body", "digit"), [("7992739871", "3"), ("12345", "5"), ("0", "0"), ("00000000000", "0")])
    def test_gives_the_published_digit(self, body: str, digit: str) -> None:
        assert checksums.luhn_digit(body) == digit

    @given(digit_strings)
    def test_fits_its_own_digit_and_no_other(self, body: str) -> None:
        fitting = [digit for digit in "0123456789" if checksums.luhn_fits(body + digit)]
        assert fitting == [checksums.luhn_digit(body)]

    @given(digit_strings, st.data())
    def test_finds_every_single_wrong_digit(self, body: str, data: st.DataObject) -> None:
        number = body + checksums.luhn_digit(body)
        place = data.draw(st.integers(min_value=0, max_value=len(number) - 1))
        digit = data.draw(st.sampled_from("0123456789".replace(number[place], "")))
        assert not checksums.luhn_fits(number[:place] + digit + number[place + 1 :])


class TestMod97:
    def test_gives_the_published_digits(self) -> None:
        assert checksums.mod97_digits("539007547034RF") == "18"
        assert checksums.mod97_digits("109010140000071219812874PL") == "61"

    @given(st.text(alphabet="0123456789ABCXYZ", min_size=1, max_size=21))
    def test_fits_its_own_digits(self, text: str) -> None:
        assert checksums.mod97_fits(text + checksums.mod97_digits(text))


class TestCrc8:
    def test_gives_the_published_check_value(self) -> None:
        # The check value of CRC-8/SMBUS, which is this polynomial and start, in the catalogue of CRCs.
        assert checksums.crc8(b"123456789") == 0xF4

    @given(st.binary(max_size=40))
    def test_of_data_with_its_checksum_is_zero(self, data: bytes) -> None:
        assert checksums.crc8(data + bytes([checksums.crc8(data)])) == 0
