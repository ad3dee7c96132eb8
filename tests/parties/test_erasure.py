"""Erasing a person: nothing of them is found afterwards, and the audit is what it was."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import patience
from cast import in_threads
from kvit.base import rows, tenant
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.parties import commands, queries
from kvit.parties.commands import contacts as contact_commands
from kvit.parties.commands import erasure
from kvit.parties.commands.hold import Held
from kvit.parties.domain.consents import ConsentKind, ConsentMeans
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.facts import NewFact
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, PartyKind, PostalAddress
from tables import as_owner, contents, find, run_twice

# Every value by which Ewelina can be known, in the spelling of the one who typed it and in ours.
HERS = (
    "Ewelina",
    "Piotrowska",
    "Zawadzka",
    "Wiśniowa",
    "91-700",
    "Aleksandrów",
    "Akacjowa",
    "ewelina.z@",
    "600 777 888",
    "+48600777888",
    "440514-01359",
    "44051401359",
    "70101808047",
    "her own voice",
    "seen her card",
    "Wisniowa 9",
    "account of E. Z.",
)


@dataclass(frozen=True)
class Noted:
    """What a command of another context answers."""

    count: int


@command
def note_payer(ctx: Ctx, *, payer: Personal[str]) -> Noted:
    """Stands for a command of another context that is given a person's name."""
    return Noted(1)


def know_ewelina(ctx: Ctx) -> int:
    """Fill every column that can hold something personal, by every command that takes it."""
    ewelina = commands.register_party(
        ctx, kind=PartyKind.PERSON, name=" Ewelina  Zawadzka", country="PL", language=Language.POLISH
    ).party_id
    commands.rename_party(ctx, party_id=ewelina, name="Ewelina Piotrowska")
    for street in ("ul. Wiśniowa 9", "ul. Akacjowa 3"):
        commands.set_address(ctx, party_id=ewelina, address=PostalAddress(street, "91-700", "Aleksandrów", "PL"))
    for channel, value in ((Channel.EMAIL, "ewelina.z@Poczta.example"), (Channel.SMS, "600 777 888")):
        commands.add_contact(ctx, party_id=ewelina, purpose=Purpose.GENERAL, channel=channel, value=value)
    commands.add_contact(ctx, party_id=ewelina, purpose=Purpose.GENERAL, channel=Channel.SMS, value="(600) 777 888")
    for give in (commands.give_consent, commands.withdraw_consent):
        give(ctx, party_id=ewelina, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence="her own voice on tape 4")
    for value in ("440514-01359", "70101808047"):
        known = commands.add_identity(ctx, party_id=ewelina, kind=IdentityKind.PESEL, value=value)
        commands.record_verification(
            ctx,
            identity_id=known.identity_id,
            outcome=commands.Outcome.VERIFIED,
            source="identity card",
            evidence="seen her card 44051401359",
        )
    fact = NewFact(name="account_owner", value="account of E. Z., Wisniowa 9", source="bank", renew_after_days=1)
    commands.record_fact(ctx, party_id=ewelina, fact=fact)
    note_payer(ctx, payer="Ewelina Piotrowska")
    return ewelina


def found(ctx: Ctx) -> dict[str, list[str]]:
    return {text: places for text in HERS if (places := find(ctx, text))}


class TestErasingAPerson:
    def test_leaves_none_of_their_values_in_any_table(self, anna: Ctx) -> None:
        ewelina = know_ewelina(anna)
        assert set(found(anna)) == set(HERS)
        erased = run_twice(commands.erase_person, anna, party_id=ewelina, reason="asked for it on 2 March")
        assert found(anna) == {}
        assert erased.values_removed > 10

    def test_leaves_every_row_of_audit_events_and_history_as_it_was(self, anna: Ctx) -> None:
        ewelina = know_ewelina(anna)
        before = contents(anna)
        commands.erase_person(anna, party_id=ewelina, reason="asked for it")
        after = contents(anna)
        for table in ("base_command", "base_event", "base_statechange"):
            assert set(before[table]) <= set(after[table])
        assert {table for table in before if len(after[table]) < len(before[table])} == {
            "base_personalvalue",
            "parties_namestart",
        }

    def test_leaves_a_party_that_says_it_was_erased(self, anna: Ctx) -> None:
        ewelina = know_ewelina(anna)
        commands.erase_person(anna, party_id=ewelina, reason="asked for it")
        with tenant.scope(anna.tenant_id):
            party = queries.party(ewelina)
            assert queries.contacts_for(ewelina, Purpose.GENERAL, at=anna.now) == ()
            assert queries.search("ewelina") == ()
            assert queries.search("erased") == ()
            assert queries.stale_facts(today=anna.now.date().replace(year=2027), limit=10) == ()
            assert not queries.has_consent(ewelina, ConsentKind.SMS, at=anna.now)
        assert party is not None
        assert (party.name, party.country, party.erased_at) == ("[erased]", "PL", anna.now)
        assert {identity.state.value for identity in party.identities} == {"expired"}

    def test_leaves_others_as_they_are_even_with_the_same_name(self, anna: Ctx, cilla: Ctx) -> None:
        ewelina = know_ewelina(anna)
        elsewhere = know_ewelina(cilla)
        namesake = commands.register_party(
            anna, kind=PartyKind.PERSON, name="Ewelina Piotrowska", country="PL"
        ).party_id
        before = contents(cilla)
        commands.erase_person(anna, party_id=ewelina, reason="asked for it")
        assert contents(cilla)["parties_party"] == before["parties_party"]
        assert contents(cilla)["base_personalvalue"] == before["base_personalvalue"]
        with tenant.scope(cilla.tenant_id):
            party = queries.party(elsewhere)
        assert party is not None
        assert party.name == "Ewelina Piotrowska"
        with tenant.scope(anna.tenant_id):
            assert [hit.party_id for hit in queries.search("piotrowska")] == [namesake]
            assert rows.select("SELECT value FROM base_personalvalue") == [('"Ewelina Piotrowska"',)]

    def test_frees_their_numbers(self, anna: Ctx, jan: int) -> None:
        ewelina = know_ewelina(anna)
        commands.erase_person(anna, party_id=ewelina, reason="asked for it")
        assert commands.add_identity(anna, party_id=jan, kind=IdentityKind.PESEL, value="44051401359").is_new

    def test_is_done_for_a_second_person_too(self, anna: Ctx, jan: int) -> None:
        for party_id in (know_ewelina(anna), jan):
            commands.erase_person(anna, party_id=party_id, reason="asked for it")
        assert find(anna, "kowal") == []

    def test_is_refused(self, anna: Ctx, cilla: Ctx, zaklady: int, jan: int) -> None:
        with pytest.raises(commands.NotAPerson):
            commands.erase_person(anna, party_id=zaklady, reason="asked for it")
        with pytest.raises(commands.NoSuchParty):
            commands.erase_person(cilla, party_id=jan, reason="asked for it")
        commands.erase_person(anna, party_id=jan, reason="asked for it")
        with pytest.raises(commands.PartyErased):
            commands.erase_person(anna, party_id=jan, reason="asked again")

    def test_lets_nobody_write_about_them_any_more(self, anna: Ctx) -> None:
        ewelina = know_ewelina(anna)
        with tenant.scope(anna.tenant_id):
            ((identity_id,), *_) = rows.select("SELECT id FROM parties_identity")
        commands.erase_person(anna, party_id=ewelina, reason="asked for it")
        late: list[tuple[Callable[..., Any], dict[str, Any]]] = [
            (commands.rename_party, {"name": "Ewelina"}),
            (commands.change_language, {"language": Language.ENGLISH}),
            (commands.set_address, {"address": PostalAddress("a", "b", "c", "PL")}),
            (commands.add_contact, {"purpose": Purpose.GENERAL, "channel": Channel.POST, "value": "x"}),
            (commands.give_consent, {"kind": ConsentKind.SMS, "means": ConsentMeans.SMS, "evidence": "x"}),
            (commands.add_identity, {"kind": IdentityKind.PESEL, "value": "44051401359"}),
            (commands.record_fact, {"fact": NewFact(name="x", value="x", source="x")}),
        ]
        for run, given in late:
            with pytest.raises(commands.PartyErased):
                run(anna, party_id=ewelina, **given)
        with pytest.raises(commands.PartyErased):
            commands.record_verification(
                anna, identity_id=identity_id, outcome=commands.Outcome.REFUTED, source="x", evidence="x"
            )


class TestAnErasureThatForgetsAStep:
    """Each step taken away leaves something behind, and the search finds it."""

    def erase_without(self, ctx: Ctx, monkeypatch: pytest.MonkeyPatch, step: str) -> set[str]:
        ewelina = know_ewelina(ctx)
        monkeypatch.setattr(erasure, step, lambda *_: 0)
        commands.erase_person(ctx, party_id=ewelina, reason="asked for it")
        return {place for places in found(ctx).values() for place in places}

    def test_leaves_what_was_typed(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.erase_without(anna, monkeypatch, "_forget_given") == {"base_personalvalue.value"}

    def test_leaves_what_other_contexts_were_told(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.erase_without(anna, monkeypatch, "_forget_equal") == {"base_personalvalue.value"}

    def test_leaves_what_is_kept(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        left = self.erase_without(anna, monkeypatch, "_neutralise")
        assert left == {
            "parties_address.city",
            "parties_address.postal_code",
            "parties_address.street",
            "parties_consent.evidence",
            "parties_contact.value",
            "parties_fact.value",
            "parties_formername.name",
            "parties_identity.evidence",
            "parties_identity.value",
            "parties_namestart.key",
            "parties_party.name",
            "parties_party.name_key",
        }


@pytest.mark.race
class TestAnErasureInFlight:
    def outcome(self, ctx: Ctx, jan: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Erase Jan, and give him an address after his data were replaced and before that is committed."""
        replaced, came = threading.Event(), threading.Event()
        neutralise = erasure._neutralise

        def slowly(ctx: Ctx, party_id: int) -> None:
            neutralise(ctx, party_id)
            replaced.set()
            came.wait(1)  # the other one is let in if nothing holds it

        monkeypatch.setattr(erasure, "_neutralise", slowly)

        def work(number: int) -> object:
            if number == 0:
                return commands.erase_person(ctx, party_id=jan, reason="asked for it")
            replaced.wait(patience.SECONDS)
            try:
                return commands.add_contact(
                    ctx, party_id=jan, purpose=Purpose.GENERAL, channel=Channel.EMAIL, value="jan@poczta.example"
                )
            finally:
                came.set()

        return [type(answer).__name__ for answer in in_threads(2, work)]

    def test_holds_back_what_would_be_written_meanwhile(
        self, anna_live: Ctx, register_jan: Callable[[Ctx], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self.outcome(anna_live, register_jan(anna_live), monkeypatch) == ["Erased", "PartyErased"]
        assert find(anna_live, "jan@poczta") == []

    def test_would_miss_it_without_the_lock(
        self, anna_live: Ctx, register_jan: Callable[[Ctx], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        unlocked = lambda party_id: Held(party_id, PartyKind.PERSON, "", "PL", "pl")  # noqa: E731
        monkeypatch.setattr(contact_commands, "hold", unlocked)
        assert self.outcome(anna_live, register_jan(anna_live), monkeypatch) == ["Erased", "ContactAdded"]
        assert "parties_contact.value" in find(anna_live, "jan@poczta")


class TestAnErasedParty:
    def test_cannot_take_a_name_again_whoever_writes_it(
        self, anna_live: Ctx, register_jan: Callable[[Ctx], int]
    ) -> None:
        from django.db.utils import IntegrityError

        jan = register_jan(anna_live)
        commands.erase_person(anna_live, party_id=jan, reason="asked for it")
        with as_owner(anna_live) as cursor, pytest.raises(IntegrityError, match="parties_party_erased"):
            cursor.execute("UPDATE parties_party SET name = 'Jan'")
        with as_owner(anna_live) as cursor:
            cursor.execute("ALTER TABLE parties_party DROP CONSTRAINT parties_party_erased")
            cursor.execute("UPDATE parties_party SET name = 'Jan'")
            assert cursor.rowcount == 1
