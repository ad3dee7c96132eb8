"""The spread payment references: the proof by enumeration, and what it is worth on real slips."""

import itertools
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel import payment_reference
from kvit.kernel.identifiers import invalid, rf, se_ocr

MODULUS = 10**11

WRONG_DIGIT = {d * 10**j for d in range(1, 10) for j in range(11)}
NEIGHBOURS_SWAPPED = {9 * d * 10**j for d in range(1, 10) for j in range(10)}
SWAPPED_OVER_ONE = {99 * d * 10**j for d in range(1, 10) for j in range(9)}
SLIPS = WRONG_DIGIT | NEIGHBOURS_SWAPPED | SWAPPED_OVER_ONE

serials = st.integers(min_value=0, max_value=MODULUS - 1)


def distances(multiplier: int) -> set[int]:
    """The distance of serials that each slip amounts to, both directions, 0 to 10^11 - 1."""
    inverse = pow(multiplier, -1, MODULUS)
    return {sign * slip * inverse % MODULUS for slip in SLIPS for sign in (1, -1)}


def round_the_circle(distance: int) -> int:
    """How far apart two serials are, whichever way round."""
    return min(distance % MODULUS, -distance % MODULUS)


def smallest_slip(multiplier: int) -> int:
    """The nearest serials whose bodies one slip takes into one another."""
    return min(round_the_circle(distance) for distance in distances(multiplier))


def smallest_pair_of_slips(multiplier: int) -> int:
    """The nearest serials whose bodies one slip each takes into the same wrong body (or one into the other)."""
    circle = sorted(distances(multiplier) | {0})
    gaps = [later - earlier for earlier, later in itertools.pairwise(circle)]
    return min([*gaps, circle[0] + MODULUS - circle[-1]])


def one_slip_away(body: str) -> set[str]:
    """Every other string that one slip makes of `body`, done on the characters, not by arithmetic."""
    slipped = {body[:i] + digit + body[i + 1 :] for i in range(len(body)) for digit in "0123456789"}
    for apart in (1, 2):
        for i in range(len(body) - apart):
            swapped = list(body)
            swapped[i], swapped[i + apart] = swapped[i + apart], swapped[i]
            slipped.add("".join(swapped))
    return slipped - {body}


def fitting_more_than_one(references: Iterable[str]) -> int:
    """How many strings with one digit missing can come from more than one of the references."""
    origins: Counter[str] = Counter()
    for reference in references:
        origins.update({reference[:i] + reference[i + 1 :] for i in range(len(reference))})
    return sum(count > 1 for count in origins.values())


class TestTheProof:
    def test_covers_every_slip(self) -> None:
        assert len(SLIPS) == 260
        body = payment_reference.body(20_261_121)
        differences = {abs(int(slipped) - int(body)) for slipped in one_slip_away(body)}
        assert differences <= SLIPS

    def test_finds_no_slip_within_the_window(self) -> None:
        assert smallest_slip(payment_reference.MULTIPLIER) == payment_reference.WINDOW >= 10**7

    def test_finds_no_common_wrong_body_within_the_correction_window(self) -> None:
        assert smallest_pair_of_slips(payment_reference.MULTIPLIER) == payment_reference.CORRECTION_WINDOW >= 10**7

    def test_fails_for_consecutive_numbers(self) -> None:
        assert smallest_slip(1) == 1
        assert smallest_pair_of_slips(1) == 1

    def test_fails_for_a_careless_multiplier(self) -> None:
        assert smallest_slip(1_000_000_007) < 10**7

    def test_stands_on_a_permutation(self) -> None:
        assert payment_reference.MULTIPLIER % 2
        assert payment_reference.MULTIPLIER % 5


class TestABody:
    def test_has_11_digits_and_leads_back_to_its_serial(self) -> None:
        assert payment_reference.body(0) == "31415926535"
        assert payment_reference.body(1) == "07995698412"
        assert payment_reference.serial("07995698412") == 1

    @given(serials)
    def test_leads_back_from_anywhere(self, serial: int) -> None:
        body = payment_reference.body(serial)
        assert len(body) == 11
        assert payment_reference.serial(body) == serial

    @given(serials)
    def test_with_a_slip_names_no_serial_within_the_window(self, serial: int) -> None:
        for slipped in one_slip_away(payment_reference.body(serial)):
            other = payment_reference.serial(slipped)
            assert round_the_circle(other - serial) >= payment_reference.WINDOW

    @given(serials, st.data())
    def test_with_a_slip_came_from_one_serial_within_the_correction_window(
        self, serial: int, data: st.DataObject
    ) -> None:
        body = payment_reference.body(serial)
        wrong = data.draw(st.sampled_from(sorted(one_slip_away(body))))
        for candidate in one_slip_away(wrong) - {body}:
            other = payment_reference.serial(candidate)
            assert round_the_circle(other - serial) >= payment_reference.CORRECTION_WINDOW

    def test_would_be_its_neighbour_after_a_slip_without_the_spreading(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(payment_reference, "MULTIPLIER", 1)
        monkeypatch.setattr(payment_reference, "_INVERSE", 1)
        near = {payment_reference.serial(slipped) for slipped in one_slip_away(payment_reference.body(6))}
        assert {5, 7} <= near

    @pytest.mark.parametrize("serial", [-1, 10**11])
    def test_refuses_a_serial_out_of_range(self, serial: int) -> None:
        for make in (payment_reference.body, payment_reference.ocr, payment_reference.rf):
            with pytest.raises(payment_reference.SerialOutOfRange):
                make(serial)

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ("1234567890", invalid.WrongLength),
            ("123456789012", invalid.WrongLength),
            ("1234567890A", invalid.WrongCharacters),
            ("１2345678901", invalid.WrongCharacters),
        ],
    )
    def test_refuses_what_is_no_body(self, body: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            payment_reference.serial(body)


class TestAReference:
    @given(serials)
    def test_is_a_valid_ocr_of_12_digits(self, serial: int) -> None:
        ocr = payment_reference.ocr(serial)
        assert len(se_ocr.validate(ocr)) == 12
        assert payment_reference.serial_of_ocr(ocr) == serial

    @given(serials)
    def test_may_carry_a_length_digit(self, serial: int) -> None:
        ocr = payment_reference.ocr(serial, length_digit=True)
        assert se_ocr.check(ocr, se_ocr.OcrControl(se_ocr.OcrControlKind.LENGTH_DIGIT)) == ocr
        assert ocr[-2] == "3"
        assert payment_reference.serial_of_ocr(ocr, length_digit=True) == serial

    @given(serials)
    def test_is_a_valid_rf(self, serial: int) -> None:
        reference = payment_reference.rf(serial)
        assert len(rf.validate(reference)) == 15
        assert payment_reference.serial_of_rf(rf.format(reference)) == serial

    def test_that_lost_its_leading_zeros_is_still_known(self) -> None:
        assert payment_reference.ocr(1) == "079956984128"
        assert payment_reference.serial_of_ocr("79956984128") == 1
        assert payment_reference.serial_of_ocr(" 799 5698 4128 ") == 1

    def test_with_a_wrong_check_digit_is_refused(self) -> None:
        with pytest.raises(invalid.WrongCheckDigit):
            payment_reference.serial_of_ocr("079956984127")
        with pytest.raises(invalid.WrongCheckDigit):
            payment_reference.serial_of_rf("RF00" + payment_reference.body(1))

    def test_with_a_wrong_length_digit_is_refused(self) -> None:
        wrong = se_ocr.make(payment_reference.body(1) + "4")
        with pytest.raises(invalid.WrongLength):
            payment_reference.serial_of_ocr(wrong, length_digit=True)

    @pytest.mark.parametrize("reference", ["12345678901234567894", "RF18539007547034"])
    def test_of_another_shape_is_refused(self, reference: str) -> None:
        with pytest.raises(invalid.InvalidIdentifier):
            payment_reference.serial_of_ocr(reference)
        with pytest.raises(invalid.InvalidIdentifier):
            payment_reference.serial_of_rf(reference)

    def test_with_a_digit_missing_still_fits_one_of_2000_only(self) -> None:
        assert fitting_more_than_one(payment_reference.ocr(serial) for serial in range(2000)) == 0

    def test_with_a_digit_missing_would_fit_several_consecutive_numbers(self) -> None:
        assert fitting_more_than_one(se_ocr.make(str(2026110001 + i)) for i in range(2000)) > 1900
