"""Numbers of parties, what sources said about them, and facts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.utils import IntegrityError

from cast import in_threads
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.kernel.identifiers.invalid import WrongCheckDigit
from kvit.parties import commands, events, queries
from kvit.parties.commands import identities as identity_commands
from kvit.parties.domain.facts import BadFact, NewFact
from kvit.parties.domain.identities import IdentityKind, WrongHolder
from kvit.parties.domain.lifecycle import IdentityState
from tables import as_owner, contents, run_twice

NIP = "526-025-02-74"
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def claim(ctx: Ctx, party_id: int) -> int:
    return commands.add_identity(ctx, party_id=party_id, kind=IdentityKind.NIP, value=NIP).identity_id


def check(
    ctx: Ctx, identity_id: int, outcome: commands.Outcome = commands.Outcome.VERIFIED, on: date | None = None
) -> commands.VerificationRecorded:
    return commands.record_verification(
        ctx, identity_id=identity_id, outcome=outcome, source="white list", evidence="request 17", checked_date=on
    )


def states(ctx: Ctx) -> list[tuple[int, str]]:
    with tenant.scope(ctx.tenant_id):
        return [
            (party_id, state)
            for party_id, state in rows.select("SELECT party_id, state FROM parties_identity ORDER BY id")
        ]


def event_types(ctx: Ctx) -> list[str]:
    with tenant.scope(ctx.tenant_id):
        return [row[0].removeprefix("parties.") for row in rows.select("SELECT type FROM base_event ORDER BY id")]


class TestAnIdentity:
    def test_is_claimed_unverified_and_found_however_it_is_written(self, anna: Ctx, zaklady: int) -> None:
        known = run_twice(commands.add_identity, anna, party_id=zaklady, kind=IdentityKind.NIP, value=NIP)
        assert (known.state, known.is_new) == (IdentityState.UNVERIFIED, True)
        with tenant.scope(anna.tenant_id):
            for written in ("5260250274", "PL 526-025-02-74", NIP):
                (holder,) = queries.holders(IdentityKind.NIP, written)
                assert (holder.party_id, holder.identity_id) == (zaklady, known.identity_id)
            assert queries.holders(IdentityKind.NIP, "5260250275") == ()
            assert queries.holders(IdentityKind.VAT, NIP) == ()

    def test_claimed_again_is_the_same(self, anna: Ctx, zaklady: int) -> None:
        first = claim(anna, zaklady)
        check(anna, first)
        again = commands.add_identity(anna, party_id=zaklady, kind=IdentityKind.NIP, value="5260250274")
        assert again == commands.IdentityKnown(first, IdentityState.VERIFIED, is_new=False)

    def test_may_be_claimed_by_two_until_it_is_verified(self, anna: Ctx, zaklady: int, jan: int) -> None:
        first, second = claim(anna, zaklady), claim(anna, jan)
        check(anna, second)
        with tenant.scope(anna.tenant_id):
            assert [holder.party_id for holder in queries.holders(IdentityKind.NIP, NIP)] == [jan, zaklady]
        with pytest.raises(commands.IdentityTaken):
            check(anna, first)
        assert states(anna) == [(zaklady, "unverified"), (jan, "verified")]

    def test_verified_for_another_party_is_taken(self, anna: Ctx, zaklady: int, jan: int) -> None:
        check(anna, claim(anna, zaklady))
        before = contents(anna)
        with pytest.raises(commands.IdentityTaken) as refusal:
            claim(anna, jan)
        assert "5260250274" not in str(refusal.value)
        assert contents(anna) == before

    def test_is_free_again_once_it_is_refuted(self, anna: Ctx, zaklady: int, jan: int) -> None:
        first = claim(anna, zaklady)
        check(anna, first)
        check(anna, first, commands.Outcome.REFUTED)
        check(anna, claim(anna, jan))
        with tenant.scope(anna.tenant_id):
            assert [holder.party_id for holder in queries.holders(IdentityKind.NIP, NIP)] == [jan]

    def test_of_another_tenant_takes_nothing_from_anybody(
        self, anna: Ctx, cilla: Ctx, zaklady: int, register_zaklady: Callable[[Ctx], int]
    ) -> None:
        check(anna, claim(anna, zaklady))
        check(cilla, claim(cilla, register_zaklady(cilla)))
        with pytest.raises(commands.NoSuchParty):
            claim(cilla, zaklady)

    def test_is_refused_in_plain_words(self, anna: Ctx, zaklady: int) -> None:
        with pytest.raises(WrongCheckDigit, match="check digit"):
            commands.add_identity(anna, party_id=zaklady, kind=IdentityKind.NIP, value="526-025-02-75")
        with pytest.raises(WrongHolder, match="belongs to a person"):
            commands.add_identity(anna, party_id=zaklady, kind=IdentityKind.PESEL, value="44051401359")


class TestAVerification:
    def test_moves_the_identity_and_leaves_a_trace(self, anna: Ctx, zaklady: int) -> None:
        identity_id = claim(anna, zaklady)
        recorded = run_twice(
            commands.record_verification,
            anna,
            identity_id=identity_id,
            outcome=commands.Outcome.VERIFIED,
            source="white list",
            evidence="request 17",
        )
        assert recorded == commands.VerificationRecorded(identity_id, IdentityState.VERIFIED)
        with tenant.scope(anna.tenant_id):
            party = queries.party(zaklady)
            moves = rows.select("SELECT kind, object_id, from_state, to_state FROM base_statechange")
        assert party is not None
        (identity,) = party.identities
        assert (identity.state, identity.source, identity.checked_date) == (IdentityState.VERIFIED, "white list", TODAY)
        assert moves == [("parties.identity", identity_id, "unverified", "verified")]
        assert event_types(anna) == ["PartyRegistered", "IdentityAdded", "IdentityVerified"]

    def test_anew_makes_it_young_without_a_move(self, anna: Ctx, zaklady: int) -> None:
        identity_id = claim(anna, zaklady)
        check(anna, identity_id, on=TODAY - 100 * DAY)
        check(anna, identity_id)
        with tenant.scope(anna.tenant_id):
            party = queries.party(zaklady)
            assert len(rows.select("SELECT id FROM base_statechange")) == 1
        assert party is not None
        assert party.identities[0].checked_date == TODAY

    def test_that_denies_it_takes_it_out_of_what_is_found(self, anna: Ctx, zaklady: int) -> None:
        check(anna, claim(anna, zaklady), commands.Outcome.REFUTED)
        assert states(anna) == [(zaklady, "refuted")]
        assert event_types(anna)[-1] == events.IdentityRefuted.__name__
        with tenant.scope(anna.tenant_id):
            assert queries.holders(IdentityKind.NIP, NIP) == ()

    def test_is_refused(self, anna: Ctx, cilla: Ctx, zaklady: int) -> None:
        identity_id = claim(anna, zaklady)
        with pytest.raises(commands.BadVerification):
            check(anna, identity_id, on=TODAY + DAY)
        for source in (" ", "x" * 101):
            with pytest.raises(commands.BadVerification):
                commands.record_verification(
                    anna, identity_id=identity_id, outcome=commands.Outcome.VERIFIED, source=source, evidence="-"
                )
        with pytest.raises(commands.NoSuchIdentity):
            check(anna, 0)
        with pytest.raises(commands.NoSuchIdentity):
            check(cilla, identity_id)

    def test_expires_when_it_is_too_old(self, anna: Ctx, cilla: Ctx, zaklady: int, jan: int) -> None:
        old, young = (
            claim(anna, zaklady),
            commands.add_identity(anna, party_id=jan, kind=IdentityKind.PESEL, value="44051401359").identity_id,
        )
        check(anna, old, on=TODAY - 400 * DAY)
        check(anna, young)
        limit_date = TODAY - 365 * DAY
        assert commands.expire_verifications(cilla, checked_before_date=limit_date).count == 0
        expired = run_twice(commands.expire_verifications, anna, checked_before_date=limit_date)
        assert (expired.count, expired.is_done) == (1, True)
        assert states(anna) == [(zaklady, "expired"), (jan, "verified")]
        check(anna, old)
        assert states(anna) == [(zaklady, "verified"), (jan, "verified")]

    def test_expires_in_chunks_the_oldest_first(self, anna: Ctx, zaklady: int, jan: int) -> None:
        pesel = commands.add_identity(anna, party_id=jan, kind=IdentityKind.PESEL, value="44051401359").identity_id
        check(anna, claim(anna, zaklady), on=TODAY - 500 * DAY)
        check(anna, pesel, on=TODAY - 400 * DAY)
        first = commands.expire_verifications(anna, checked_before_date=TODAY, limit=1)
        assert (first.count, first.is_done) == (1, False)
        assert states(anna) == [(jan, "verified"), (zaklady, "expired")]

    @pytest.mark.race
    def test_for_two_parties_at_once_is_one_s(
        self,
        anna_live: Ctx,
        register_jan: Callable[[Ctx], int],
        register_zaklady: Callable[[Ctx], int],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        claims = [claim(anna_live, register_jan(anna_live)), claim(anna_live, register_zaklady(anna_live))]
        # Nobody looks before: the unique index alone has to hold, as it must for two who look at the same time.
        monkeypatch.setattr(identity_commands, "_refuse_other_holder", lambda identity_id: None)
        answers = in_threads(2, lambda number: check(anna_live, claims[number]))
        assert sorted(type(answer).__name__ for answer in answers) == ["IdentityTaken", "VerificationRecorded"]
        assert sorted(state for _, state in states(anna_live)) == ["unverified", "verified"]

    def test_for_two_parties_would_stand_but_for_the_index(
        self, anna_live: Ctx, register_jan: Callable[[Ctx], int], register_zaklady: Callable[[Ctx], int]
    ) -> None:
        for register in (register_jan, register_zaklady):
            claim(anna_live, register(anna_live))
        both = "UPDATE parties_identity SET state = 'verified', checked_date = '2026-03-02'"
        with as_owner(anna_live) as cursor, pytest.raises(IntegrityError, match="one_holder"):
            cursor.execute(both)
        with as_owner(anna_live) as cursor:
            cursor.execute("DROP INDEX parties_identity_one_holder")
            cursor.execute(both)
            assert cursor.rowcount == 2


class TestAFact:
    def test_is_told_with_its_source_and_age(self, anna: Ctx, zaklady: int) -> None:
        fact = NewFact(name="vat_status", value="active", source="white list", renew_after_days=30)
        recorded = run_twice(commands.record_fact, anna, party_id=zaklady, fact=fact)
        with tenant.scope(anna.tenant_id):
            (young,) = queries.facts(zaklady, today=TODAY)
            (old,) = queries.facts(zaklady, today=TODAY + 30 * DAY)
        assert (young.id, young.value, young.source, young.age_days) == (recorded.fact_id, "active", "white list", 0)
        assert (young.is_out_of_date, old.is_out_of_date, old.age_days) == (False, True, 30)
        assert young.stale_from_date == TODAY + 30 * DAY

    def test_learnt_last_counts_whenever_it_was_recorded(self, anna: Ctx, zaklady: int) -> None:
        for value, ago in (("active", 10), ("exempt", 2), ("none", 5)):
            fact = NewFact(name="vat_status", value=value, source="VIES", learnt_at=anna.now - ago * DAY)
            commands.record_fact(anna, party_id=zaklady, fact=fact)
        with tenant.scope(anna.tenant_id):
            (newest,) = queries.facts(zaklady, today=TODAY)
        assert (newest.value, newest.age_days) == ("exempt", 2)

    def test_that_is_out_of_date_asks_to_be_renewed_until_it_is(self, anna: Ctx, cilla: Ctx, zaklady: int) -> None:
        old = NewFact(name="address", value="seen", source="KRS", valid_until_date=TODAY - DAY)
        commands.record_fact(anna, party_id=zaklady, fact=old)
        with tenant.scope(anna.tenant_id):
            assert queries.stale_facts(today=TODAY - DAY, limit=10) == ()
            assert [fact.name for fact in queries.stale_facts(today=TODAY, limit=10)] == ["address"]
            assert queries.stale_facts(today=TODAY, limit=0) == ()
        with tenant.scope(cilla.tenant_id):
            assert queries.stale_facts(today=TODAY, limit=10) == ()
        commands.record_fact(
            replace(anna, now=anna.now + DAY), party_id=zaklady, fact=replace(old, valid_until_date=None)
        )
        with tenant.scope(anna.tenant_id):
            assert queries.stale_facts(today=TODAY, limit=10) == ()

    def test_is_refused(self, anna: Ctx, cilla: Ctx, zaklady: int) -> None:
        with pytest.raises(BadFact):
            commands.record_fact(anna, party_id=zaklady, fact=NewFact(name="", value="x", source="VIES"))
        with pytest.raises(commands.NoSuchParty):
            commands.record_fact(cilla, party_id=zaklady, fact=NewFact(name="x", value="x", source="VIES"))
        with tenant.scope(cilla.tenant_id):
            assert queries.facts(zaklady, today=TODAY) == ()
