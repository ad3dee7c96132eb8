"""Every worked identifier of the rules, and the rules' own words on each kind."""

from collections.abc import Callable

import pytest

import shared_folder
from kvit.kernel.identifiers import (
    iban,
    pl_ksef_number,
    pl_nip,
    pl_nrb,
    pl_pesel,
    pl_regon,
    pl_virtual_account,
    rf,
    ro_cnp,
    ro_cui,
    se_bankgiro,
    se_ocr,
    se_orgnr,
    se_plusgiro,
)
from kvit.kernel.identifiers.invalid import InvalidIdentifier
from shared_folder import needs_shared

# The mask the rules' note on these made-up accounts names.
MASK = pl_virtual_account.VirtualAccountMask(bank="11402004", client="9900")
LENGTH_DIGIT = se_ocr.OcrControl(se_ocr.OcrControlKind.LENGTH_DIGIT)


def is_under_the_mask(number: str) -> bool:
    payer = pl_virtual_account.payer_number(MASK, number)
    return pl_virtual_account.make(MASK, payer) == number


def has_length_digit(reference: str) -> bool:
    try:
        return se_ocr.check(reference, LENGTH_DIGIT) == reference
    except InvalidIdentifier:
        return False


CHECKS: dict[str, Callable[[str], bool]] = {
    "PL NIP": pl_nip.is_valid,
    "PL REGON": pl_regon.is_valid,
    "PL PESEL": pl_pesel.is_valid,
    "RO CUI/CIF": ro_cui.is_valid,
    "RO CNP": ro_cnp.is_valid,
    "SE organisationsnummer": se_orgnr.is_valid,
    "PL NRB (26)": pl_nrb.is_valid,
    "PL mass-payment virtual account (synthetic)": is_under_the_mask,
    "IBAN": iban.is_valid,
    "ISO 11649": rf.is_valid,
    "SE OCR (Luhn)": se_ocr.is_valid,
    "SE OCR (length digit + Luhn)": has_length_digit,
    "SE bankgiro (Luhn, 7-8 digits)": se_bankgiro.is_valid,
    "SE plusgiro (Luhn, 2-8 digits)": se_plusgiro.is_valid,
    "KSeF number": pl_ksef_number.is_valid,
}

ROWS = shared_folder.rows("rules/worked_identifiers.csv")


def wrongly_answered(check: Callable[[str], bool], row: dict[str, str]) -> bool:
    return check(row["value"]) is not {"valid": True, "invalid": False}[row["expected"]]


class TestAWorkedIdentifier:
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']} {row['value']}")
    @needs_shared
    def test_is_answered_as_worked(self, row: dict[str, str]) -> None:
        assert row["kind"] in CHECKS, "a kind without a check: add the module"
        assert not wrongly_answered(CHECKS[row["kind"]], row)

    @needs_shared
    def test_of_every_kind_turns_red_under_a_check_that_always_or_never_agrees(self) -> None:
        assert {row["kind"] for row in ROWS} == set(CHECKS)
        for kind in CHECKS:
            of_the_kind = [row for row in ROWS if row["kind"] == kind]
            assert any(wrongly_answered(lambda _: False, row) for row in of_the_kind), kind
        assert sum(wrongly_answered(lambda _: True, row) for row in ROWS) >= 10

    @pytest.mark.parametrize("row", [r for r in ROWS if r["note"].startswith("base ")], ids=lambda row: row["value"])
    @needs_shared
    def test_ocr_is_made_from_its_base(self, row: dict[str, str]) -> None:
        base = row["note"].removeprefix("base ").split(";")[0]
        assert se_ocr.make(base, length_digit="length digit" in row["kind"]) == row["value"]

    @pytest.mark.parametrize(
        "row", [r for r in ROWS if r["note"].startswith("made from ")], ids=lambda row: row["value"]
    )
    @needs_shared
    def test_rf_is_made_from_its_body(self, row: dict[str, str]) -> None:
        assert rf.make(row["note"].removeprefix("made from ")) == row["value"]
