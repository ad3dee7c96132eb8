"""Polish identifiers: NIP, REGON, PESEL, NRB, virtual accounts, KSeF numbers."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pl import nip as stdnum_nip

from kvit.kernel.identifiers import (
    checksums,
    iban,
    invalid,
    pl_ksef_number,
    pl_nip,
    pl_nrb,
    pl_pesel,
    pl_regon,
    pl_virtual_account,
)
from kvit.kernel.identifiers.pl_virtual_account import VirtualAccountMask

MASK = VirtualAccountMask(bank="11402004", client="9900")
KSEF = "5265877635-20250826-0100001AF629-AF"


class TestANip:
    def test_is_written_in_groups(self) -> None:
        assert pl_nip.format("PL5260250274") == "526-025-02-74"

    def test_loses_its_vat_prefix(self) -> None:
        assert pl_nip.validate(" pl 526-025-02-74 ") == "5260250274"

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            ("526025027", invalid.WrongLength),
            ("52602502744", invalid.WrongLength),
            ("526025O274", invalid.WrongCharacters),
            ("٥260250274", invalid.WrongCharacters),
            ("5260250275", invalid.WrongCheckDigit),
            ("0000000000", invalid.WrongPart),
            ("5000000005", invalid.WrongPart),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            pl_nip.validate(number)

    def test_of_zeros_would_pass_by_its_check_digit_alone(self) -> None:
        assert stdnum_nip.is_valid("0000000000")


class TestARegon:
    def test_of_a_branch_has_two_check_digits(self) -> None:
        assert pl_regon.is_valid("12345678512347")
        assert not pl_regon.is_valid("12345678612342")

    def test_of_another_length_is_refused(self) -> None:
        with pytest.raises(invalid.WrongLength, match="9 or 14"):
            pl_regon.validate("1234567")


class TestAPesel:
    @pytest.mark.parametrize("number", ["02381307589", "99999999999"])
    def test_needs_a_date_that_was(self, number: str) -> None:
        assert not pl_pesel.is_valid(number)

    def test_of_this_century_has_20_added_to_the_month(self) -> None:
        assert pl_pesel.is_valid("02211307589")


class TestANrb:
    def test_is_written_in_groups(self) -> None:
        assert pl_nrb.format("PL60102010260000042270201111") == "60 1020 1026 0000 0422 7020 1111"

    def test_names_its_bank_and_its_iban(self) -> None:
        assert pl_nrb.bank("60102010260000042270201111") == "10201026"
        assert iban.is_valid(pl_nrb.iban("60102010260000042270201111"))

    def test_is_made_from_bank_and_account(self) -> None:
        assert pl_nrb.make("10201026", "0000042270201111") == "60102010260000042270201111"

    @pytest.mark.parametrize(
        ("bank", "account"),
        [("1020102", "0" * 16), ("10201026", "0" * 15), ("1020102X", "0" * 16), ("10201026", "x" * 16)],
    )
    def test_is_not_made_from_less(self, bank: str, account: str) -> None:
        with pytest.raises(invalid.InvalidIdentifier):
            pl_nrb.make(bank, account)

    @given(st.integers(min_value=0, max_value=10**24 - 1))
    def test_is_valid_as_made(self, number: int) -> None:
        digits = f"{number:024d}"
        nrb = pl_nrb.make(digits[:8], digits[8:])
        assert pl_nrb.validate(nrb) == nrb
        assert iban.validate("PL" + nrb) == "PL" + nrb


class TestAVirtualAccount:
    def test_is_made_for_a_payer(self) -> None:
        assert pl_virtual_account.make(MASK, 123456789) == "83114020049900000123456789"

    @given(st.integers(min_value=0, max_value=10**12 - 1))
    def test_tells_the_payer(self, payer: int) -> None:
        nrb = pl_virtual_account.make(MASK, payer)
        assert pl_virtual_account.payer_number(MASK, pl_virtual_account.format(nrb)) == payer
        assert pl_virtual_account.payer_number(MASK, "PL" + nrb) == payer

    @pytest.mark.parametrize("payer", [-1, 10**12])
    def test_has_no_room_for_more(self, payer: int) -> None:
        with pytest.raises(pl_virtual_account.PayerNumberTooLarge):
            pl_virtual_account.make(MASK, payer)

    def test_of_another_client_or_bank_is_refused(self) -> None:
        nrb = pl_virtual_account.make(MASK, 1)
        for other in (VirtualAccountMask("11402004", "9901"), VirtualAccountMask("10201026", "9900")):
            with pytest.raises(pl_virtual_account.NotUnderMask):
                pl_virtual_account.payer_number(other, nrb)

    def test_of_another_client_would_give_a_wrong_payer_without_that_guard(self) -> None:
        stranger = pl_virtual_account.make(VirtualAccountMask("11402004", "9901"), 7)
        assert int(stranger[14:]) == 7

    def test_with_a_wrong_digit_is_refused(self) -> None:
        with pytest.raises(invalid.WrongCheckDigit):
            pl_virtual_account.payer_number(MASK, "83114020049900000123456788")

    @pytest.mark.parametrize(
        ("bank", "client"),
        [("1140200", "9900"), ("11402004", ""), ("11402004", "9" * 16), ("1140200X", "1"), ("11402004", "A")],
    )
    def test_needs_a_whole_mask(self, bank: str, client: str) -> None:
        with pytest.raises(invalid.InvalidIdentifier):
            VirtualAccountMask(bank, client)


class TestAKsefNumber:
    def test_tells_its_day(self) -> None:
        assert pl_ksef_number.received_on(KSEF) == datetime.date(2025, 8, 26)

    def test_may_have_the_hyphen_of_the_first_ksef(self) -> None:
        assert pl_ksef_number.validate("5265877635-20250826-010000-1AF629-AF") == KSEF

    @pytest.mark.parametrize(
        ("number", "refusal"),
        [
            (KSEF[:-1], invalid.WrongLength),
            (KSEF + "0", invalid.WrongLength),
            ("5265877635-20250826-0100001AF62G-AF", invalid.WrongCharacters),
            ("5265877635 20250826 0100001AF629 AF...", invalid.WrongCharacters),
            ("5265877635-20250230-0100001AF629-AF", invalid.WrongPart),
            ("5265877636-20250826-0100001AF629-AF", invalid.WrongCheckDigit),
        ],
    )
    def test_is_refused_for_a_reason(self, number: str, refusal: type[invalid.InvalidIdentifier]) -> None:
        with pytest.raises(refusal):
            pl_ksef_number.validate(number)

    def test_has_its_hyphens_in_the_checksum(self) -> None:
        without = KSEF[:32].replace("-", "").encode()
        assert f"{checksums.crc8(without):02X}" != KSEF[33:]
        assert f"{checksums.crc8(KSEF[:32].encode()):02X}" == KSEF[33:]
