"""Identifiers without a country of their own: EU VAT, IBAN, BIC, RF, LEI."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649 as stdnum_rf
from stdnum import lei as stdnum_lei

from kvit.kernel.identifiers import bic, checksums, eu_vat, iban, invalid, lei, rf


class TestAVatNumber:
    @pytest.mark.parametrize(
        ("number", "compact"),
        [
            ("PL 526-025-02-74", "PL5260250274"),
            ("se 556036-0793 01", "SE556036079301"),
            ("RO 185 472 90", "RO18547290"),
            ("GR094259216", "EL094259216"),
            ("EL 094259216", "EL094259216"),
            ("XI 980780684", "XI980780684"),
            ("ATU 57194903", "ATU57194903"),
            ("BE 0697.449.992", "BE0697449992"),
        ],
    )
    def test_has_its_states_letters(self, number: str, compact: str) -> None:
        assert eu_vat.validate(number) == compact

    @pytest.mark.parametrize(
        "number", ["GB980780684", "NO995525828MVA", "CHE107787577", "5260250274", "US123", "EU372022452"]
    )
    def test_of_no_member_state_is_refused(self, number: str) -> None:
        with pytest.raises(invalid.WrongPart):
            eu_vat.validate(number)

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("PL5260250275", invalid.WrongCheckDigit),
            ("SE556036079302", invalid.WrongCharacters),
            ("RO1", invalid.WrongLength),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            eu_vat.validate(number)

    def test_has_28_possible_prefixes(self) -> None:
        assert len(eu_vat.PREFIXES) == 28
        assert {"PL", "SE", "RO", "EL", "XI"} <= eu_vat.PREFIXES
        assert "GR" not in eu_vat.PREFIXES


class TestAnIban:
    @pytest.mark.parametrize(
        ("country", "length"), [("PL", 28), ("SE", 24), ("RO", 24), ("NO", 15), ("XX", None), ("", None)]
    )
    def test_has_its_countrys_length(self, country: str, length: int | None) -> None:
        assert iban.country_length(country) == length

    def test_is_written_in_groups(self) -> None:
        assert iban.format("pl61109010140000071219812874") == "PL61 1090 1014 0000 0712 1981 2874"

    def test_may_have_the_word_before_it(self) -> None:
        assert iban.validate("IBAN SE45 5000 0000 0583 9825 7466") == "SE4550000000058398257466"

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("PL6110901014000007121981287", invalid.WrongLength),
            ("SE455000000005839825746", invalid.WrongLength),
            ("XX61109010140000071219812874", invalid.WrongPart),
            ("PL61109010140000071219812875", invalid.WrongCheckDigit),
            ("PL61_09010140000071219812874", invalid.WrongCharacters),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            iban.validate(number)

    def test_with_letters_where_the_country_has_digits_is_refused(self) -> None:
        bban = "A" * 24
        check = next(f"{n:02d}" for n in range(2, 99) if checksums.mod97_fits(f"{bban}PL{n:02d}"))
        with pytest.raises(invalid.WrongCharacters):
            iban.validate(f"PL{check}{bban}")


class TestABic:
    @pytest.mark.parametrize(
        ("code", "refusal"),
        [
            ("ESSESES", invalid.WrongLength),
            ("ESSESESS1", invalid.WrongLength),
            ("ESS1SESS", invalid.WrongCharacters),
            ("ESSEQQSS", invalid.WrongPart),
        ],
    )
    def test_is_refused_for_a_reason(self, code: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            bic.validate(code)


class TestAnRfReference:
    @given(st.text(alphabet="0123456789ABCXYZabcxyz", min_size=1, max_size=21))
    def test_is_valid_as_made(self, body: str) -> None:
        reference = rf.make(body)
        assert rf.validate(reference) == reference
        assert reference[4:] == body.upper()

    @pytest.mark.parametrize("body", ["", "1" * 22, "FV_1", "Ż1", "٣"])
    def test_is_not_made_from_anything_else(self, body: str) -> None:
        with pytest.raises(invalid.InvalidIdentifier):
            rf.make(body)

    @pytest.mark.parametrize(
        ("reference", "refusal"),
        [
            ("RF18", invalid.WrongLength),
            ("RF18" + "1" * 22, invalid.WrongLength),
            ("539007547034", invalid.WrongPart),
            ("RFA8539007547034", invalid.WrongCharacters),
            ("RF18539007547035", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, reference: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            rf.validate(reference)

    def test_with_digits_of_another_script_would_pass_without_our_guard(self) -> None:
        foreign = "RF18" + "539007547034".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        assert stdnum_rf.is_valid(foreign)
        assert not rf.is_valid(foreign)


class TestAnLei:
    def test_of_another_length_would_pass_without_our_guard(self) -> None:
        long = "00213800KUD8LAJWSQ9D15"
        assert stdnum_lei.is_valid(long)
        with pytest.raises(invalid.WrongLength):
            lei.validate(long)

    def test_ends_in_two_digits_even_if_letters_would_fit(self) -> None:
        body = "213800KUD8LAJWSQ9D"
        letters = next(x + y for x in "ABCDEFGHIJ" for y in "ABCDEFGHIJ" if checksums.mod97_fits(body + x + y))
        assert stdnum_lei.is_valid(body + letters)
        with pytest.raises(invalid.WrongCharacters):
            lei.validate(body + letters)

    def test_with_a_wrong_character_is_refused(self) -> None:
        with pytest.raises(invalid.WrongCheckDigit):
            lei.validate("213800KUD8LXJWSQ9D15")
