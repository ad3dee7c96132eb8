"""Titles of Polish transfers: split payment, and the number from KSeF that 2027 demands."""

import dataclasses
import re
from datetime import date

import pytest

from kvit.formats.bank.pain import credit, order, scheme
from kvit.formats.bank.pain.order import Scheme, Transfer
from kvit.formats.writing import Checks, Unwritable, Written
from kvit.kernel.money import Money
from payment_orders import KSEF, NIP, batch, message, polish

EVE, FIRST_DAY = date(2026, 12, 31), date(2027, 1, 1)
SPLIT = order.SplitPayment(Money(2300, "PLN"), NIP, "FV/1/2027", "za usługi")
COLLECTIVE = order.KsefCollective("ZB-2027-000017")


def written(given: Transfer, day: date = FIRST_DAY) -> Written:
    return credit.write(message(batch(given, scheme=Scheme.POLAND, day=day)))


def title(given: Transfer, day: date = FIRST_DAY) -> str:
    (found,) = re.findall("<Ustrd>(.*)</Ustrd>", written(given, day).content.decode())
    return str(found)


def refusal(given: Transfer, day: date = FIRST_DAY) -> str:
    with pytest.raises(Unwritable) as refused:
        written(given, day)
    (found,) = refused.value.problems
    return f"{found.place.removeprefix('batches[0]/transfers[0]/')}: {found.reason}"


class TestATransferFrom2027:
    def test_is_refused_without_a_number_from_ksef(self) -> None:
        assert refusal(polish()).startswith("ksef: from 2027-01-01 a transfer carries the KSeF number")

    def test_would_be_written_without_one_if_nobody_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the duty begins a century later."""
        monkeypatch.setattr(scheme, "KSEF_FROM", date(2127, 1, 1))
        assert title(polish()) == "invoice 1"

    def test_needed_none_the_day_before(self) -> None:
        assert title(polish(), EVE) == "invoice 1"

    def test_says_the_number_before_the_words_and_never_cuts_it(self) -> None:
        paid = polish(ksef=order.KsefNumber(KSEF), remittance=order.Message("x" * 140))
        assert title(paid) == f"{KSEF} " + "x" * 104

    def test_says_the_collective_identifier_where_several_invoices_are_paid(self) -> None:
        assert title(polish(ksef=COLLECTIVE)) == "ZB-2027-000017 invoice 1"

    @pytest.mark.parametrize("reason", order.KsefExemption)
    def test_may_say_why_there_is_none(self, reason: order.KsefExemption) -> None:
        assert title(polish(ksef=reason)) == "invoice 1"

    def test_takes_no_number_with_a_wrong_checksum(self) -> None:
        assert "check digit" in refusal(polish(ksef=order.KsefNumber(KSEF[:-1] + "0")))

    def test_takes_no_structured_reference_beside_a_number(self) -> None:
        paid = polish(ksef=order.KsefNumber(KSEF), remittance=order.CreditorReference("RF18539007547034"))
        assert refusal(paid).startswith("remittance: a number from KSeF goes into words")


class TestASplitPayment:
    def test_says_vat_seller_and_invoice(self) -> None:
        assert title(polish(remittance=SPLIT), EVE) == f"/VAT/23,00/IDC/{NIP}/INV/FV/1/2027/TXT/za usługi"

    def test_is_marked_for_the_bank(self) -> None:
        content = written(polish(remittance=SPLIT), EVE).content
        assert b"<LclInstrm><Prtry>53</Prtry></LclInstrm>" in content
        assert b"LclInstrm" not in written(polish(), EVE).content

    def test_has_the_number_from_ksef_for_the_invoice_and_the_invoice_in_words(self) -> None:
        paid = polish(remittance=SPLIT, ksef=order.KsefNumber(KSEF))
        assert title(paid) == f"/VAT/23,00/IDC/{NIP}/INV/{KSEF}/TXT/FV/1/2027 za usługi"

    def test_without_words_ends_with_the_invoice(self) -> None:
        assert title(polish(remittance=dataclasses.replace(SPLIT, text="")), EVE).endswith("/INV/FV/1/2027")

    def test_cuts_words_with_a_note_and_never_the_invoice(self) -> None:
        found = written(polish(remittance=dataclasses.replace(SPLIT, text="x" * 40)), EVE)
        assert f"/TXT/{'x' * 33}<".encode() in found.content
        assert "is cut to 33 characters" in found.notes[0].text
        long = dataclasses.replace(SPLIT, invoice_number="F" * 36)
        assert "has more than 35 characters" in refusal(polish(remittance=long), EVE)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"vat": Money(12301, "PLN")}, "remittance/vat: 12301 minor units; the most is 12300"),
            ({"vat": Money(0, "PLN")}, "remittance/vat: must be more than zero"),
            ({"vat": Money(100, "EUR")}, "remittance/vat: EUR; this kind of payment is in PLN"),
            ({"seller_nip": "5265877636"}, "remittance/seller_nip: the check digit"),
            ({"invoice_number": " "}, "remittance/invoice_number: is missing"),
            ({"invoice_number": "A/TXT/B"}, "remittance/invoice_number: holds /TXT/"),
        ],
    )
    def test_is_refused_where_it_cannot_be_right(self, wrong: dict[str, object], said: str) -> None:
        split = dataclasses.replace(SPLIT, **wrong)  # type: ignore[arg-type]
        assert refusal(polish(remittance=split), EVE).startswith(said)

    def test_of_more_vat_than_the_field_holds_is_refused(self) -> None:
        checks = Checks(scheme.RULES[Scheme.POLAND].charset)
        huge = Money(10**10, "PLN")
        paid = polish(amount=huge, remittance=dataclasses.replace(SPLIT, vat=huge))
        scheme.title(checks, "t", paid, Scheme.POLAND, EVE)
        assert [one.reason for one in checks.problems] == ["100000000,00 has more than 10 characters"]
