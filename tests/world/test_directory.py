"""The registers of the simulated world, as the worker of a demo asks them; no real one is asked there by itself."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from kvit.base.command import Ctx
from kvit.cli.actions import working
from kvit.parties import commands, jobs
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.domain.register import PartyKind
from kvit.world import directory
from kvit.world.companies import COMPANIES
from kvit.world.days import SEED
from kvit.world.people import Person, population
from simulated_registers import checked, switch_on, work_off

ADDRESSES = "from django.conf import settings as s; print(s.KVIT_VIES_URL, s.KVIT_WHITE_LIST_URL)"


def firms(company: str) -> list[Person]:
    found = population(COMPANIES[company], seed=SEED, count=COMPANIES[company].customers)
    return [person for person in found if person.tax_number is not None]


@pytest.fixture
def worker() -> Iterator[None]:
    with working.simulated_registers():
        yield


def asked(ctx: Ctx, person: Person, kind: IdentityKind, value: str) -> int:
    country = {IdentityKind.NIP: "PL", IdentityKind.CUI: "RO"}.get(kind, "SE")
    party_id = commands.register_party(ctx, kind=PartyKind.COMPANY, name=person.name, country=country).party_id
    number = commands.add_identity(ctx, party_id=party_id, kind=kind, value=value).identity_id
    commands.ask_register(ctx, identity_id=number)
    work_off(ctx)
    return party_id


class TestTheDirectory:
    @pytest.mark.parametrize(("company", "kind"), [("promien", "nip"), ("traseu", "cui"), ("nordljus", "orgnr")])
    def test_knows_most_firms_by_their_names_and_a_few_otherwise(
        self, anna: Ctx, worker: None, company: str, kind: str
    ) -> None:
        switch_on(anna)
        states = []
        for person in firms(company)[:40]:
            assert person.tax_number is not None
            party_id = asked(anna, person, *person.tax_number)
            states.append(checked(anna, party_id, IdentityKind(kind)).state)
        assert states.count(IdentityState.VERIFIED) >= 0.8 * len(states)
        assert IdentityState.REFUTED not in states

    def test_knows_accounts_of_polish_firms(self) -> None:
        known = [directory.taxpayer(person.tax_number[1]) for person in firms("promien") if person.tax_number]
        assert any(found is not None and found.accounts for found in known)
        assert directory.taxpayer("5260250274") is None


class TestAnInstallation:
    @pytest.mark.parametrize(
        ("mode", "said"),
        [("0", "https://ec.europa.eu/taxation_customs/vies/rest-api https://wl-api.mf.gov.pl"), ("1", "")],
    )
    def test_has_addresses_unless_it_is_for_trying_out(self, mode: str, said: str, tmp_path: object) -> None:
        environment = {
            "KVIT_HOME": str(tmp_path),
            "KVIT_TEST_MODE": mode,
            "KVIT_SECRET_KEY": "x",
            "DJANGO_SETTINGS_MODULE": "kvit.settings",
            "PYTHONPATH": ":".join(filter(None, sys.path)),
        }
        done = subprocess.run(
            [sys.executable, "-c", ADDRESSES], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == said

    def test_asks_nobody_without_an_address(self, anna: Ctx) -> None:
        assert jobs.of_the_settings() == {}
        switch_on(anna)
        person = firms("promien")[0]
        assert person.tax_number is not None
        party_id = asked(anna, person, *person.tax_number)
        found = checked(anna, party_id)
        assert (found.state, found.is_in_doubt) == (IdentityState.UNVERIFIED, False)
        assert found.inquiry is not None
        assert found.inquiry.evidence == "unavailable (no_address)"
