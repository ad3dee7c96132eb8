"""Romanian identifiers: CUI or CIF, CNP."""

import pytest

from kvit.kernel.identifiers import invalid, ro_cnp, ro_cui


class TestACui:
    def test_with_the_prefix_is_registered_for_vat(self) -> None:
        assert ro_cui.has_vat_prefix(" ro 14399840")
        assert not ro_cui.has_vat_prefix("14399840")

    def test_keeps_the_prefix_when_written(self) -> None:
        assert ro_cui.format("ro 14399840") == "RO14399840"
        assert ro_cui.format("14399840") == "14399840"

    @pytest.mark.parametrize("number", ["19", "18547290", "RO18547290"])
    def test_has_2_to_10_digits(self, number: str) -> None:
        assert ro_cui.is_valid(number)

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("1", invalid.WrongLength),
            ("12345678901", invalid.WrongLength),
            ("01854729", invalid.WrongPart),
            ("1854729O", invalid.WrongCharacters),
            ("18547291", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            ro_cui.validate(number)


class TestACnp:
    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("163061512345", invalid.WrongLength),
            ("163061512345X", invalid.WrongCharacters),
            ("1632215123457", invalid.WrongPart),
            ("1630615993454", invalid.WrongPart),
            ("0800101221142", invalid.WrongPart),
            ("1630615123458", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            ro_cnp.validate(number)
