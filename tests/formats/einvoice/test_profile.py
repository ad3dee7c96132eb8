"""An invoice under a profile: what is brought into the shape that the profile asks for."""

from dataclasses import replace

import pytest

from einvoice_homes import ROMANIA, SWEDEN, address, invoice, line
from kvit.formats.einvoice import CIUS_RO, EN16931, PEPPOL, PEPPOL_SELF_BILLING, under
from kvit.formats.einvoice.counties import placed
from kvit.formats.einvoice.model import Delivery, Kind, Note
from kvit.formats.einvoice.rules.romania import COUNTIES

SWEDISH = invoice(SWEDEN, line(SWEDEN, "Work", "1", "1"))
ROMANIAN = invoice(ROMANIA, line(ROMANIA, "Work", "1", "1"))


class TestUnderPeppol:
    @pytest.mark.parametrize(("kind", "profile"), [(Kind.INVOICE, PEPPOL), (Kind.SELF_BILLED, PEPPOL_SELF_BILLING)])
    def test_all_notes_are_one(self, kind: Kind, profile: object) -> None:
        notes = (Note(text="a"), Note(text="b"))
        found = under(replace(SWEDISH, kind=kind, notes=notes), PEPPOL)
        assert found.notes == (Note(text="a\nb"),)
        assert under(SWEDISH, EN16931).notes == SWEDISH.notes

    def test_the_number_is_the_buyer_s_reference_where_nothing_else_is_known(self) -> None:
        bare = replace(SWEDISH, buyer_reference="", order="")
        assert under(bare, PEPPOL).buyer_reference == bare.number
        assert under(replace(bare, order="PO-1"), PEPPOL).buyer_reference == ""
        assert under(bare, EN16931).buyer_reference == ""


class TestUnderCiusRo:
    @pytest.mark.parametrize(
        ("code", "city", "told"),
        [
            ("400001", "Cluj-Napoca", ("RO-CJ", "Cluj-Napoca")),
            ("060787", "București", ("RO-B", "SECTOR6")),
            ("077190", "Voluntari", ("RO-IF", "Voluntari")),
            ("900001", "Constanța", ("RO-CT", "Constanța")),
            ("", "Cluj-Napoca", ("", "Cluj-Napoca")),
            ("4000", "Cluj-Napoca", ("", "Cluj-Napoca")),
            ("990001", "Nowhere", ("", "Nowhere")),
        ],
    )
    def test_a_county_is_that_of_the_postal_code(self, code: str, city: str, told: tuple[str, str]) -> None:
        where = address("Strada 1", code, city, "RO")
        found = under(replace(ROMANIAN, buyer=replace(ROMANIAN.buyer, address=where)), CIUS_RO).buyer.address
        assert found is not None
        assert (found.subdivision, found.city) == told

    def test_every_county_has_a_code_and_no_other(self) -> None:
        found = set()
        for code in range(100):
            where = Delivery(address=address("Strada 1", f"{code:02}0001", "Oraș", "RO"))
            delivery = placed(replace(ROMANIAN, delivery=where)).delivery
            assert delivery is not None
            assert delivery.address is not None
            found.add(delivery.address.subdivision)
        assert found == {*COUNTIES, ""}

    def test_a_county_that_is_told_and_an_address_abroad_stay(self) -> None:
        assert placed(SWEDISH) == SWEDISH
        assert placed(ROMANIAN) == ROMANIAN

    @pytest.mark.parametrize("kind", [Kind.ADVANCE, Kind.DEBIT_NOTE])
    def test_a_kind_that_it_does_not_know_is_an_invoice(self, kind: Kind) -> None:
        assert under(replace(ROMANIAN, kind=kind), CIUS_RO).kind == Kind.INVOICE
        assert under(replace(ROMANIAN, kind=kind), EN16931).kind == kind
