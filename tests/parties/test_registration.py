"""Registering parties, renaming them, their language and address."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cast import keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.parties import commands, events, queries
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.names import BadName
from kvit.parties.domain.register import (
    BadAddress,
    Language,
    NewContact,
    NewIdentity,
    NewParty,
    PartyKind,
    PostalAddress,
)
from tables import contents, find, run_twice

LODZ = PostalAddress("ul. Długa 1", "90-001", "Łódź", "PL")
ZGIERZ = PostalAddress("ul. Krótka 2", "95-100", "Zgierz", "PL")


def new_party(number: int) -> NewParty:
    return NewParty(
        kind=PartyKind.COMPANY,
        name=f"Firma {number} Sp. z o.o.",
        country="PL",
        address=LODZ,
        identities=(NewIdentity(IdentityKind.CUSTOMER_NUMBER, f"K{number}"),),
        contacts=(NewContact(Purpose.INVOICES, Channel.EMAIL, f"biuro{number}@firma.pl"),),
    )


def events_of(ctx: Ctx, name: str) -> int:
    with tenant.scope(ctx.tenant_id):
        return int(rows.select("SELECT count(*) FROM base_event WHERE type = %s", [f"parties.{name}"])[0][0])


class TestRegisteringAParty:
    def test_makes_it_known(self, anna: Ctx) -> None:
        registered = run_twice(
            commands.register_party,
            anna,
            kind=PartyKind.COMPANY,
            name=" Łódzkie  Zakłady Sp. z o.o.",
            country="pl",
            language=Language.POLISH,
        )
        with tenant.scope(anna.tenant_id):
            party = queries.party(registered.party_id)
        assert party is not None
        assert (party.name, party.name_key) == ("Łódzkie Zakłady Sp. z o.o.", "lodzkie zaklady")
        assert (party.country, party.language, party.is_own) == ("PL", Language.POLISH, False)
        assert events_of(anna, events.PartyRegistered.__name__) == 1

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [({"name": " "}, BadName), ({"name": "x" * 301}, BadName), ({"country": "Polska"}, BadAddress)],
    )
    def test_is_refused_and_leaves_nothing(self, anna: Ctx, given: dict[str, str], refusal: type[Exception]) -> None:
        before = contents(anna)
        with pytest.raises(refusal):
            commands.register_party(anna, **{"kind": PartyKind.COMPANY, "name": "A", "country": "PL", **given})  # type: ignore[arg-type]
        assert contents(anna) == before

    def test_under_a_used_key_with_another_name_is_refused(self, anna: Ctx) -> None:
        commands.register_party(keyed(anna, "k"), kind=PartyKind.PERSON, name="Jan", country="PL")
        with pytest.raises(KeyReused):
            commands.register_party(keyed(anna, "k"), kind=PartyKind.PERSON, name="Ola", country="PL")

    def test_tells_another_tenant_nothing(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        with tenant.scope(cilla.tenant_id):
            assert queries.party(jan) is None
            assert queries.search("kowalski") == ()
        assert find(cilla, "kowal") == []
        assert find(anna, "kowal") != []

    def test_lists_the_tenant_s_own_companies(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        own = commands.register_party(
            anna, kind=PartyKind.COMPANY, name="Nordvik AB", country="SE", is_own=True
        ).party_id
        with tenant.scope(anna.tenant_id):
            assert queries.own_parties() == (own,)
        with tenant.scope(cilla.tenant_id):
            assert queries.own_parties() == ()


class TestRegisteringAChunk:
    def test_makes_all_known_in_order_with_all_they_bring(self, anna: Ctx) -> None:
        chunk = [new_party(number) for number in range(50)]
        registered = run_twice(commands.register_parties, anna, parties=chunk)
        assert len(registered.party_ids) == 50
        with tenant.scope(anna.tenant_id):
            found = queries.parties(registered.party_ids)
            contacts = queries.contacts_for(registered.party_ids[7], Purpose.INVOICES, at=anna.now)
        for number, party_id in enumerate(registered.party_ids):
            assert found[party_id].name == f"Firma {number} Sp. z o.o."
            assert found[party_id].address == LODZ
            assert [identity.value for identity in found[party_id].identities] == [f"K{number}"]
        assert [contact.value for contact in contacts] == ["biuro7@firma.pl"]
        assert events_of(anna, events.PartiesRegistered.__name__) == 1

    def test_keeps_their_data_out_of_the_audit(self, anna: Ctx) -> None:
        commands.register_parties(anna, parties=[new_party(1)])
        assert {place.split(".")[0] for place in find(anna, "biuro1@")} == {"parties_contact"}
        assert {place.split("_")[0] for place in find(anna, "firma 1")} == {"parties"}

    def test_registers_none_where_one_is_bad_and_says_which(self, anna: Ctx) -> None:
        bad = replace(new_party(2), identities=(NewIdentity(IdentityKind.NIP, "526-025-02-75"),))
        before = contents(anna)
        with pytest.raises(commands.BadParty, match=r"party 2 of 2.*check digit"):
            commands.register_parties(anna, parties=[new_party(1), bad])
        assert contents(anna) == before

    def test_is_refused_where_a_number_was_verified_for_another(self, anna: Ctx, zaklady: int) -> None:
        known = commands.add_identity(anna, party_id=zaklady, kind=IdentityKind.CUSTOMER_NUMBER, value="K1")
        commands.record_verification(
            anna, identity_id=known.identity_id, outcome=commands.Outcome.VERIFIED, source="own books", evidence="-"
        )
        with pytest.raises(commands.IdentityTaken):
            commands.register_parties(anna, parties=[new_party(1)])

    def test_of_nobody_announces_nothing(self, anna: Ctx) -> None:
        assert commands.register_parties(anna, parties=[]).party_ids == ()
        assert events_of(anna, events.PartiesRegistered.__name__) == 0

    def test_goes_to_its_own_tenant(self, anna: Ctx, cilla: Ctx) -> None:
        ids = commands.register_parties(anna, parties=[new_party(1)]).party_ids
        with tenant.scope(cilla.tenant_id):
            assert queries.parties(ids) == {}


class TestRenamingAParty:
    def test_changes_its_name_and_keeps_the_former_one_findable(self, anna: Ctx, jan: int) -> None:
        assert run_twice(commands.rename_party, anna, party_id=jan, name="Jan Nowak").is_changed
        with tenant.scope(anna.tenant_id):
            assert [hit.name for hit in queries.search("nowak")] == ["Jan Nowak"]
            assert [hit.name for hit in queries.search("kowalski")] == ["Jan Nowak"]
            ((former, until_at),) = rows.select("SELECT name, until_at FROM parties_formername")
        assert (former, until_at) == ("Jan Kowalski", anna.now)
        assert events_of(anna, events.PartyRenamed.__name__) == 1

    def test_to_the_same_name_changes_nothing(self, anna: Ctx, jan: int) -> None:
        assert not commands.rename_party(anna, party_id=jan, name="Jan  Kowalski").is_changed
        assert events_of(anna, events.PartyRenamed.__name__) == 0

    def test_and_back_again_works(self, anna: Ctx, jan: int) -> None:
        commands.rename_party(anna, party_id=jan, name="Jan Nowak")
        assert commands.rename_party(anna, party_id=jan, name="Jan Kowalski").is_changed

    def test_is_refused(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        with pytest.raises(BadName):
            commands.rename_party(anna, party_id=jan, name="")
        with pytest.raises(commands.NoSuchParty):
            commands.rename_party(cilla, party_id=jan, name="Jan Nowak")


class TestALanguage:
    def test_is_changed(self, anna: Ctx, jan: int) -> None:
        assert run_twice(commands.change_language, anna, party_id=jan, language=Language.SWEDISH).is_changed
        assert not commands.change_language(anna, party_id=jan, language=Language.SWEDISH).is_changed
        with tenant.scope(anna.tenant_id):
            party = queries.party(jan)
        assert party is not None
        assert party.language is Language.SWEDISH

    def test_is_not_changed_by_another_tenant(self, cilla: Ctx, jan: int) -> None:
        with pytest.raises(commands.NoSuchParty):
            commands.change_language(cilla, party_id=jan, language=Language.SWEDISH)


class TestAnAddress:
    def test_stands_until_another_one_is_set(self, anna: Ctx, jan: int) -> None:
        run_twice(commands.set_address, anna, party_id=jan, address=LODZ)
        assert commands.set_address(anna, party_id=jan, address=ZGIERZ).is_changed
        with tenant.scope(anna.tenant_id):
            party = queries.party(jan)
            kept = rows.select("SELECT city, closed_at FROM parties_address ORDER BY id")
        assert party is not None
        assert party.address == ZGIERZ
        assert kept == [("Łódź", anna.now), ("Zgierz", None)]

    def test_that_stands_already_changes_nothing(self, anna: Ctx, jan: int) -> None:
        first = commands.set_address(anna, party_id=jan, address=LODZ)
        again = commands.set_address(anna, party_id=jan, address=replace(LODZ, street="ul.  Długa 1 "))
        assert (again.address_id, again.is_changed) == (first.address_id, False)

    def test_is_refused(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        with pytest.raises(BadAddress):
            commands.set_address(anna, party_id=jan, address=replace(LODZ, country="Poland"))
        with pytest.raises(commands.NoSuchParty):
            commands.set_address(cilla, party_id=jan, address=LODZ)


class TestASearch:
    @pytest.mark.parametrize(
        "words", ["kowal", "KOWALSKI jan", "jan kow", "  Jan Kowalski ", "Kowalski", "jan", "Jan Kowalski AB"]
    )
    def test_finds_a_person_by_the_beginning_of_any_word(self, anna: Ctx, jan: int, words: str) -> None:
        with tenant.scope(anna.tenant_id):
            assert [hit.party_id for hit in queries.search(words)] == [jan]

    @pytest.mark.parametrize("words", ["Łódzkie Zakłady Sp. z o.o.", "zaklady", "lodzkie zak", "Zakłady S.A."])
    def test_finds_a_company_with_or_without_its_form(self, anna: Ctx, zaklady: int, words: str) -> None:
        with tenant.scope(anna.tenant_id):
            assert [hit.party_id for hit in queries.search(words)] == [zaklady]

    @pytest.mark.parametrize("words", ["", "—", "owalski", "nowak", "%", "_"])
    def test_finds_nothing_else(self, anna: Ctx, jan: int, words: str) -> None:
        with tenant.scope(anna.tenant_id):
            assert queries.search(words) == ()

    def test_gives_the_first_in_order(self, anna: Ctx) -> None:
        commands.register_parties(anna, parties=[new_party(number) for number in (3, 1, 2)])
        with tenant.scope(anna.tenant_id):
            assert [hit.name for hit in queries.search("firma", limit=2)] == [
                "Firma 1 Sp. z o.o.",
                "Firma 2 Sp. z o.o.",
            ]

    def test_reads_a_range_of_the_index_where_like_would_not(
        self, anna: Ctx, jan: int, register_zaklady: Callable[[Ctx], int]
    ) -> None:
        """In the order of the keys, so that the planner takes their index however little it knows of the table."""
        register_zaklady(anna)
        asked = "EXPLAIN SELECT party_id FROM parties_namestart WHERE {} ORDER BY tenant_id, key"

        def plan(condition: str) -> str:
            with tenant.scope(anna.tenant_id):
                rows.run("SELECT set_config(o, 'off', true) FROM unnest('{enable_seqscan,enable_sort}'::text[]) o")
                lines = rows.select(asked.format(condition))  # type: ignore[arg-type]
            return "\n".join(line for (line,) in lines if "Index Cond" in line)

        assert "key >= 'kow'" in plan("key >= 'kow' AND key < 'kox'")
        assert "key" not in plan("key LIKE 'kow%%'")
