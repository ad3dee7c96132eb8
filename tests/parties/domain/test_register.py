"""Parties before the database knows them."""

from dataclasses import replace

import pytest

from kvit.kernel.refusals import DomainError
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import (
    BadAddress,
    NewContact,
    NewIdentity,
    NewParty,
    PartyKind,
    PostalAddress,
    problems,
    tidied,
    tidy_address,
)

GOOD = NewParty(
    kind=PartyKind.COMPANY,
    name=" Łódzkie  Zakłady ",
    country="pl",
    address=PostalAddress("ul.  Długa 1", "90-001", "Łódź", "pl"),
    identities=(NewIdentity(IdentityKind.NIP, "526-025-02-74"), NewIdentity(IdentityKind.NIP, "5260250274")),
    contacts=(NewContact(Purpose.INVOICES, Channel.SMS, "600 123 456"),),
)
BAD_NIP = NewIdentity(IdentityKind.NIP, "526-025-02-75")
BAD_EMAIL = NewContact(Purpose.INVOICES, Channel.EMAIL, "jan")


class TestANewParty:
    def test_is_tidied(self) -> None:
        tidy = tidied(GOOD)
        assert (tidy.name, tidy.country) == ("Łódzkie Zakłady", "PL")
        assert tidy.identities == (NewIdentity(IdentityKind.NIP, "5260250274"),)
        assert tidy.contacts == (NewContact(Purpose.INVOICES, Channel.SMS, "+48600123456"),)
        assert tidy.address == PostalAddress("ul. Długa 1", "90-001", "Łódź", "PL")

    def test_that_is_tidy_stays_as_it_is(self) -> None:
        assert tidied(tidied(GOOD)) == tidied(GOOD)

    def test_without_fault_has_no_problems(self) -> None:
        assert problems(GOOD) == ()

    def test_has_all_its_problems_named_at_once(self) -> None:
        bad = replace(GOOD, name="", country="Poland", identities=(BAD_NIP,), contacts=(BAD_EMAIL,), address=None)
        assert len(problems(bad)) == 4

    @pytest.mark.parametrize(
        "bad",
        [
            replace(GOOD, name=""),
            replace(GOOD, country="Poland"),
            replace(GOOD, identities=(BAD_NIP,)),
            replace(GOOD, contacts=(BAD_EMAIL,)),
            replace(GOOD, address=PostalAddress("", "", "", "PL")),
        ],
    )
    def test_is_refused_with_the_first_problem_that_is_named(self, bad: NewParty) -> None:
        with pytest.raises(DomainError) as refusal:
            tidied(bad)
        assert problems(bad)[0] == str(refusal.value)


class TestAnAddress:
    @pytest.mark.parametrize(
        "address",
        [
            PostalAddress("", " ", "", "PL"),
            PostalAddress("x" * 201, "", "", "PL"),
            PostalAddress("a\x00", "", "", "PL"),
            PostalAddress("Storgatan 1", "111 22", "Stockholm", "Sweden"),
        ],
    )
    def test_is_refused(self, address: PostalAddress) -> None:
        with pytest.raises(BadAddress):
            tidy_address(address)
