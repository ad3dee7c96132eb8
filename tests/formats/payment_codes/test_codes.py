"""Codes that bank apps scan: against worked examples of their standards, and what they refuse."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.payment_codes import DoesNotFit, epc, using_qr, zbp
from kvit.kernel.identifiers.invalid import InvalidIdentifier

NRB = "61109010140000071219812874"
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200)


class TestASepaCode:
    def test_is_the_lines_of_the_guidelines(self) -> None:
        """The example of EPC069-12, in version 002 without BIC."""
        code = epc.text(
            name="Red Cross of Belgium", iban="BE72 0000 0000 1616", amount_minor=100, reference="Urgency fund"
        )
        assert code == "BCD\n002\n1\nSCT\n\nRed Cross of Belgium\nBE72000000001616\nEUR1.00\n\n\nUrgency fund"

    def test_puts_a_creditor_reference_into_its_own_line(self) -> None:
        code = epc.text(name="A", iban="BE72000000001616", amount_minor=12345, reference="RF18 5390 0754 7034")
        assert code.splitlines()[7:] == ["EUR123.45", "", "RF18539007547034"]

    @pytest.mark.parametrize("amount", [0, -1, 100_000_000_000])
    def test_refuses_an_amount_no_transfer_has(self, amount: int) -> None:
        with pytest.raises(DoesNotFit):
            epc.text(name="A", iban="BE72000000001616", amount_minor=amount, reference="")

    def test_refuses_a_mistyped_account(self) -> None:
        with pytest.raises(InvalidIdentifier):
            epc.text(name="A", iban="BE72000000001617", amount_minor=1, reference="")

    @given(TEXTS, TEXTS, st.integers(1, 99_999_999_999))
    def test_never_has_another_number_of_lines_or_more_bytes_than_are_read(
        self, name: str, reference: str, amount: int
    ) -> None:
        try:
            code = epc.text(name=name, iban="BE72000000001616", amount_minor=amount, reference=reference)
        except DoesNotFit:
            return
        assert len(code.split("\n")) <= 11
        assert len(code.encode()) <= 331


class TestAPolishCode:
    def test_is_the_fields_of_the_recommendation(self) -> None:
        code = zbp.text(
            name="Łódzka Energia Sp. z o.o.", account=NRB, amount_minor=12345, title="FV/1/2026", nip="5260250274"
        )
        assert code == f"5260250274|PL|{NRB}|012345|Łódzka Energia Sp. z|FV/1/2026|||"

    def test_takes_the_iban_and_no_nip(self) -> None:
        assert zbp.text(name="A", account=f"PL{NRB}", amount_minor=1, title="").startswith(f"|PL|{NRB}|000001|A||")

    @pytest.mark.parametrize("amount", [0, 1_000_000])
    def test_refuses_what_six_digits_cannot_say(self, amount: int) -> None:
        with pytest.raises(DoesNotFit):
            zbp.text(name="A", account=NRB, amount_minor=amount, title="")

    @given(TEXTS, TEXTS)
    def test_always_has_nine_fields_of_their_length(self, name: str, title: str) -> None:
        try:
            fields = zbp.text(name=name, account=NRB, amount_minor=1, title=title).split("|")
        except DoesNotFit:
            return
        assert len(fields) == 9
        assert (len(fields[4]) <= 20, len(fields[5]) <= 32) == (True, True)


class TestASwedishCode:
    PAYEE = using_qr.Payee("Test company AB", "555555-5555", using_qr.PaysTo.BANKGIRO, "433-8778")

    def test_is_the_example_of_the_specification(self) -> None:
        code = using_qr.text(self.PAYEE, amount_minor=500, reference="52456", due_date=date(2013, 4, 8))
        assert json.loads(code, parse_float=Decimal) == {
            "uqr": 1,
            "tp": 1,
            "nme": "Test company AB",
            "cid": "555555-5555",
            "iref": "52456",
            "ddt": "20130408",
            "due": Decimal("5.00"),
            "pt": "BG",
            "acc": "433-8778",
        }

    def test_leaves_out_a_number_the_company_has_not(self) -> None:
        payee = using_qr.Payee("A", "", using_qr.PaysTo.PLUSGIRO, "28 65 43-4")
        assert "cid" not in json.loads(using_qr.text(payee, amount_minor=1, reference="1", due_date=date(2026, 1, 1)))

    def test_refuses_nothing_to_pay(self) -> None:
        with pytest.raises(DoesNotFit):
            using_qr.text(self.PAYEE, amount_minor=0, reference="1", due_date=date(2026, 1, 1))

    @given(TEXTS, TEXTS, st.integers(1, 99_999_999_999))
    def test_is_always_json_with_the_exact_amount(self, name: str, reference: str, amount: int) -> None:
        payee = using_qr.Payee(name, "", using_qr.PaysTo.IBAN, "SE4550000000058398257466")
        try:
            code = using_qr.text(payee, amount_minor=amount, reference=reference, due_date=date(2026, 1, 1))
        except DoesNotFit:
            return
        read = json.loads(code, parse_float=Decimal)
        assert (read["due"], read["iref"]) == (Decimal(amount).scaleb(-2), reference)
