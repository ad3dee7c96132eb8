"""Swedish identifiers: organisationsnummer, personnummer, bankgiro, plusgiro, OCR."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.se import personnummer as stdnum_personnummer

from kvit.kernel.identifiers import (
    eu_vat,
    invalid,
    se_bankgiro,
    se_ocr,
    se_orgnr,
    se_personnummer,
    se_plusgiro,
)
from kvit.kernel.identifiers.se_ocr import OcrControl, OcrControlKind

bodies = st.text(alphabet="0123456789", min_size=1, max_size=23)


class TestAnOrganisationsnummer:
    def test_may_carry_the_century_of_firms(self) -> None:
        assert se_orgnr.validate("16556036-0793") == "5560360793"
        assert se_orgnr.format("165560360793") == "556036-0793"

    def test_makes_a_vat_number(self) -> None:
        assert se_orgnr.vat_number("556036-0793") == "SE556036079301"
        assert eu_vat.is_valid(se_orgnr.vat_number("556036-0793"))

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("556036-079", invalid.WrongLength),
            ("556036-O793", invalid.WrongCharacters),
            ("556036-0794", invalid.WrongCheckDigit),
            ("880320-0016", invalid.WrongPart),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            se_orgnr.validate(number)


class TestAPersonnummer:
    @pytest.mark.parametrize(
        ("number", "compact", "written"),
        [
            ("880320-0016", "8803200016", "880320-0016"),
            ("19880320 0016", "198803200016", "19880320-0016"),
            ("121212+1212", "121212+1212", "121212+1212"),
            ("19121212+1212", "191212121212", "19121212-1212"),
        ],
    )
    def test_is_kept_short_or_long(self, number: str, compact: str, written: str) -> None:
        assert se_personnummer.validate(number) == compact
        assert se_personnummer.format(number) == written

    def test_may_be_a_samordningsnummer(self) -> None:
        assert se_personnummer.is_valid("880380-0013")
        assert se_personnummer.is_valid("19701063-2391")

    def test_of_that_kind_would_be_refused_by_the_library(self) -> None:
        assert not stdnum_personnummer.is_valid("880380-0013")

    def test_may_be_of_a_29_february(self) -> None:
        assert se_personnummer.is_valid("000229-0013")
        assert not se_personnummer.is_valid("010229-0012")

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("880320001", invalid.WrongLength),
            ("98803200016", invalid.WrongLength),
            ("88O320-0016", invalid.WrongCharacters),
            ("+880320-0016", invalid.WrongCharacters),
            ("881320-0016", invalid.WrongPart),
            ("880300-0016", invalid.WrongPart),
            ("880392-0016", invalid.WrongPart),
            ("00000320-0016", invalid.WrongPart),
            ("880320-0017", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            se_personnummer.validate(number)

    def test_makes_the_vat_number_of_a_sole_trader(self) -> None:
        for number in ("880320-0016", "19880320-0016"):
            assert se_personnummer.vat_number(number) == "SE880320001601"
        assert se_personnummer.vat_number("121212+1212") == "SE121212121201"
        assert eu_vat.is_valid("SE880320001601")


class TestABankgiro:
    @pytest.mark.parametrize(("number", "written"), [("9912346", "991-2346"), ("58056201", "5805-6201")])
    def test_is_written_with_a_hyphen_before_the_last_four(self, number: str, written: str) -> None:
        assert se_bankgiro.format(number) == written

    def test_loses_the_zeros_of_bankgirots_files(self) -> None:
        assert se_bankgiro.validate("0009912346") == "9912346"

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("991-234", invalid.WrongLength),
            ("123456789", invalid.WrongLength),
            ("991-234X", invalid.WrongCharacters),
            ("991-2345", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            se_bankgiro.validate(number)


class TestAPlusgiro:
    @pytest.mark.parametrize(
        ("number", "written"), [("2865434", "28 65 43-4"), ("412345", "4 12 34-5"), ("18", "1-8"), ("47891", "47 89-1")]
    )
    def test_is_written_in_pairs(self, number: str, written: str) -> None:
        assert se_plusgiro.format(number) == written

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("8", invalid.WrongLength),
            ("123456789", invalid.WrongLength),
            ("4789-X", invalid.WrongCharacters),
            ("4789-2", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            se_plusgiro.validate(number)


SOFT = OcrControl(OcrControlKind.SOFT)
CHECK_DIGIT = OcrControl(OcrControlKind.CHECK_DIGIT)
LENGTH_DIGIT = OcrControl(OcrControlKind.LENGTH_DIGIT)
SIX_OR_EIGHT = OcrControl(OcrControlKind.FIXED_LENGTHS, (6, 8))


class TestAnOcrReference:
    @given(bodies, st.booleans())
    def test_is_valid_as_made(self, body: str, length_digit: bool) -> None:
        reference = se_ocr.make(body, length_digit)
        assert se_ocr.validate(reference) == reference
        assert reference.startswith(body)
        if length_digit:
            assert se_ocr.check(reference, LENGTH_DIGIT) == reference

    @pytest.mark.parametrize(
        ("body", "length_digit"), [("", False), ("1" * 25, False), ("1" * 24, True), ("12A", False), ("12 3", False)]
    )
    def test_is_not_made_from_anything_else(self, body: str, length_digit: bool) -> None:
        with pytest.raises(invalid.InvalidIdentifier):
            se_ocr.make(body, length_digit)

    @pytest.mark.parametrize(
        ("reference", "refusal"),
        [
            ("0", invalid.WrongLength),
            ("0" * 26, invalid.WrongLength),
            ("FAKTURA 123", invalid.WrongCharacters),
            ("123456", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, reference: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            se_ocr.validate(reference)

    def test_keeps_its_leading_zeros(self) -> None:
        assert se_ocr.validate("00 1230") == "001230"


class TestAnAgreedControl:
    def test_that_is_soft_lets_any_text_through(self) -> None:
        assert se_ocr.check("123456", SOFT) == "123456"
        assert se_ocr.check(" faktura 12-3 ", SOFT) == "faktura 12-3"
        assert se_ocr.check("1234 55", SOFT) == "123455"

    def test_of_the_check_digit_takes_any_length(self) -> None:
        assert se_ocr.check("123455", CHECK_DIGIT) == "123455"
        with pytest.raises(invalid.WrongCheckDigit):
            se_ocr.check("123456", CHECK_DIGIT)

    def test_of_the_length_digit_finds_a_missing_digit(self) -> None:
        assert se_ocr.check("1234574", LENGTH_DIGIT) == "1234574"
        shorter = se_ocr.make("123" + "7")
        assert se_ocr.check(shorter, CHECK_DIGIT) == shorter
        with pytest.raises(invalid.WrongLength, match="length digit"):
            se_ocr.check(shorter, LENGTH_DIGIT)

    def test_of_fixed_lengths_takes_those_only(self) -> None:
        assert se_ocr.check(se_ocr.make("12345"), SIX_OR_EIGHT)
        assert se_ocr.check(se_ocr.make("1234567"), SIX_OR_EIGHT)
        with pytest.raises(invalid.WrongLength, match="6 or 8"):
            se_ocr.check(se_ocr.make("123456"), SIX_OR_EIGHT)

    @pytest.mark.parametrize("control", [CHECK_DIGIT, LENGTH_DIGIT, SIX_OR_EIGHT])
    def test_that_is_hard_needs_the_check_digit(self, control: OcrControl) -> None:
        with pytest.raises(invalid.WrongCheckDigit):
            se_ocr.check("123456", control)

    @pytest.mark.parametrize(
        ("kind", "lengths"),
        [
            (OcrControlKind.FIXED_LENGTHS, ()),
            (OcrControlKind.FIXED_LENGTHS, (6, 7, 8)),
            (OcrControlKind.FIXED_LENGTHS, (6, 6)),
            (OcrControlKind.FIXED_LENGTHS, (1,)),
            (OcrControlKind.FIXED_LENGTHS, (26,)),
            (OcrControlKind.SOFT, (6,)),
            (OcrControlKind.LENGTH_DIGIT, (6,)),
        ],
    )
    def test_has_lengths_if_and_only_if_they_are_fixed(self, kind: OcrControlKind, lengths: tuple[int, ...]) -> None:
        with pytest.raises(se_ocr.InvalidOcrControl):
            OcrControl(kind, lengths)
