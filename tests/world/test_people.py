"""Who the customers of the simulated companies are."""

import pytest

from kvit.kernel.identifiers import iban, pl_virtual_account, se_bankgiro
from kvit.parties.domain import register
from kvit.parties.domain.register import NewIdentity, NewParty, PartyKind, PostalAddress
from kvit.world import names
from kvit.world.companies import COMPANIES, Company
from kvit.world.people import Temper, population

EACH = pytest.mark.parametrize("company", COMPANIES.values(), ids=COMPANIES)


@EACH
class TestAPopulation:
    def test_is_the_same_for_the_same_seed(self, company: Company) -> None:
        first = population(company, seed=5, count=40)
        population.cache_clear()
        assert population(company, seed=5, count=40) == first

    def test_is_another_one_for_another_seed(self, company: Company) -> None:
        assert population(company, seed=5, count=40) != population(company, seed=6, count=40)

    def test_begins_with_the_same_people_however_many_are_asked_for(self, company: Company) -> None:
        assert population(company, seed=5, count=200)[:40] == population(company, seed=5, count=40)

    def test_shares_no_account_and_no_number(self, company: Company) -> None:
        people = population(company, seed=5, count=400)
        accounts = [payer.account for person in people for payer in (person.own, person.other)]
        assert len(set(accounts)) == len(accounts)
        assert len({person.number for person in people}) == len(people)
        taxed = [person.tax_number for person in people if person.tax_number]
        assert len(set(taxed)) > 9 * len(taxed) // 10

    def test_has_valid_numbers_and_can_be_registered(self, company: Company) -> None:
        for person in population(company, seed=5, count=120):
            assert iban.is_valid(person.own.account)
            assert not person.own.giro or se_bankgiro.is_valid(person.own.giro)
            if company.mask:
                assert pl_virtual_account.payer_number(company.mask, person.virtual_account) == int(person.number)
            street, postal_code, city = person.address
            new = NewParty(
                kind=PartyKind.COMPANY if person.is_firm else PartyKind.PERSON,
                name=person.name,
                country=company.country,
                address=PostalAddress(street, postal_code, city, company.country),
                identities=(NewIdentity(*person.tax_number),) if person.tax_number else (),
            )
            assert register.problems(new) == ()

    def test_has_firms_and_persons_of_every_temper(self, company: Company) -> None:
        people = population(company, seed=5, count=500)
        firms = sum(person.is_firm for person in people)
        assert abs(firms - company.firms * 5) < 60
        assert {person.temper for person in people} == set(Temper)
        assert all(person.is_firm for person in people if person.temper is Temper.GATHERING)
        assert {person.route for person in people} == set(company.routes)


class TestAName:
    def test_of_a_polish_woman_takes_her_ending(self) -> None:
        found = {person.name for person in population(COMPANIES["promien"], seed=5, count=500) if not person.is_firm}
        women, men = set(names.NAMES["PL"].women), set(names.NAMES["PL"].men)
        for name in found:
            given, family = name.split()
            assert not (given in women and family.endswith(("ski", "cki")))
            assert not (given in men and family.endswith(("ska", "cka")))

    def test_without_marks_is_ascii(self) -> None:
        assert names.without_marks("Łódź, Åkesson, Șerban, Źródlana") == "Lodz, Akesson, Serban, Zrodlana"
