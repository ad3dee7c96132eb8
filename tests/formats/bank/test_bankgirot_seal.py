"""Bankgirot's HMAC seal, against the clearing house's test key and example files."""

import contextlib
import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.bank.bankgirot import seal
from kvit.kernel.results import Problem
from shared_folder import SHARED, needs_shared

# The manual's test key, known to everybody.
KEY = seal.key_of("12345678 90ABCDEF 12345678 90ABCDEF")
DAY = datetime.date(2024, 4, 29)
FILES = SHARED / "conformance/bankgirot/hmac-seal" if SHARED is not None else Path()
NORMALISED = sorted((FILES / "normalization").glob("*-expected.txt")) if SHARED is not None else []
PLAIN = b"0120240416AUTOGIRO\r\n82\xc5\xc4\xd6 \r\n\r\n09\r\n"


@needs_shared
class TestASealedFile:
    @pytest.mark.parametrize("name", ["basic", "blank-rows"])
    def test_is_sealed_as_the_example_is(self, name: str) -> None:
        given_file = (FILES / f"sealFile/{name}.txt").read_bytes()
        assert seal.seal(given_file, key=KEY, day=DAY) == (FILES / f"sealFile/{name}-signed.txt").read_bytes()

    @pytest.mark.parametrize("name", ["basic", "blank-rows"])
    def test_of_the_examples_is_whole(self, name: str) -> None:
        assert seal.verify((FILES / f"sealFile/{name}-signed.txt").read_bytes(), key=KEY) == ()

    def test_is_compared_with_at_least_ten_examples_of_normalising(self) -> None:
        assert len(NORMALISED) >= 10

    @pytest.mark.parametrize("expected", NORMALISED, ids=lambda path: path.stem)
    def test_is_computed_over_text_normalised_as_in_the_examples(self, expected: Path) -> None:
        """The examples come in UTF-8 where they hold letters beyond ASCII; Bankgirot's own are ISO 8859-1."""
        data = expected.with_name(expected.name.replace("-expected", "")).read_bytes()
        with contextlib.suppress(UnicodeDecodeError):
            data = data.decode().encode("iso-8859-1")
        assert seal.normalise(data).decode("iso-8859-1") == expected.read_bytes().decode()


class TestASeal:
    def test_says_which_key_made_it(self) -> None:
        assert seal.check_value(KEY) == "FF365893D899291C3BF505FB3175E880"

    @given(content=st.binary(max_size=300), at=st.integers(0, 299), flip=st.integers(1, 255))
    def test_fits_the_file_it_was_made_for_and_no_changed_one(self, content: bytes, at: int, flip: int) -> None:
        if content.startswith(b"00"):
            return
        sealed = seal.seal(content, key=KEY, day=DAY)
        assert seal.verify(sealed, key=KEY) == ()
        at %= len(sealed)
        changed = bytearray(sealed)
        changed[at] ^= flip
        if seal.normalise(bytes(changed)) != seal.normalise(sealed):
            assert seal.verify(bytes(changed), key=KEY) != ()

    def test_says_one_day_at_both_ends(self) -> None:
        """The closing record is not sealed itself."""
        sealed = seal.seal(PLAIN, key=KEY, day=DAY)
        changed = sealed.replace(b"99240429", b"99240428")
        assert seal.verify(changed, key=KEY) == (Problem("line 5", "the days of the seal's two records differ"),)

    def test_of_another_key_is_told_apart(self) -> None:
        sealed = seal.seal(PLAIN, key=KEY, day=DAY)
        assert seal.verify(sealed, key=bytes(16)) == (Problem("line 5", "is sealed with another key"),)

    def test_that_is_missing_is_said(self) -> None:
        assert seal.verify(PLAIN, key=KEY) == (Problem("file", "is not sealed with HMAC"),)
        assert seal.verify(b"", key=KEY) == (Problem("file", "is not sealed with HMAC"),)

    def test_is_put_on_once(self) -> None:
        with pytest.raises(seal.AlreadySealed):
            seal.seal(seal.seal(PLAIN, key=KEY, day=DAY), key=KEY, day=DAY)

    def test_would_fit_a_changed_amount_if_digits_did_not_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: normalising leaves out the digits."""
        whole = seal.normalise
        monkeypatch.setattr(seal, "normalise", lambda content: whole(content).translate(None, b"0123456789"))
        sealed = seal.seal(PLAIN, key=KEY, day=DAY)
        assert seal.verify(sealed.replace(b"20240416", b"20240417"), key=KEY) == ()

    @pytest.mark.parametrize("key", ["", "12", "X" * 32, "1" * 33])
    def test_needs_a_key_of_32_hexadecimal_digits(self, key: str) -> None:
        with pytest.raises(seal.BadSealKey):
            seal.key_of(key)

    def test_needs_a_key_of_16_bytes(self) -> None:
        with pytest.raises(seal.BadSealKey):
            seal.seal(PLAIN, key=b"short", day=DAY)
