"""Ways to reach a party, and consents."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from cast import in_threads
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.parties import commands, queries
from kvit.parties.domain.consents import ConsentKind, ConsentMeans
from kvit.parties.domain.contacts import BadContact, Channel, Purpose
from tables import as_owner, run_twice

DAY = timedelta(days=1)


def add(ctx: Ctx, party_id: int, value: str, purpose: Purpose = Purpose.INVOICES) -> commands.ContactAdded:
    return commands.add_contact(ctx, party_id=party_id, purpose=purpose, channel=Channel.EMAIL, value=value)


def addresses(ctx: Ctx, party_id: int, purpose: Purpose, days: int = 0) -> list[str]:
    with tenant.scope(ctx.tenant_id):
        return [contact.value for contact in queries.contacts_for(party_id, purpose, at=ctx.now + days * DAY)]


class TestAContact:
    def test_is_added_for_its_purpose(self, anna: Ctx, jan: int) -> None:
        added = run_twice(
            commands.add_contact,
            anna,
            party_id=jan,
            purpose=Purpose.REMINDERS,
            channel=Channel.SMS,
            value="600 123 456",
        )
        with tenant.scope(anna.tenant_id):
            (contact,) = queries.contacts_for(jan, Purpose.REMINDERS, at=anna.now)
            assert queries.contacts_for(jan, Purpose.INVOICES, at=anna.now) == ()
        assert (contact.id, contact.value, contact.added_by) == (added.contact_id, "+48600123456", "user:anna")

    def test_that_is_open_already_is_found_again(self, anna: Ctx, jan: int) -> None:
        first = add(anna, jan, "jan@firma.pl")
        again = add(anna, jan, " jan@FIRMA.pl")
        assert (again.contact_id, first.is_new, again.is_new) == (first.contact_id, True, False)

    def test_general_stands_in_only_where_nothing_was_given_for_a_purpose(self, anna: Ctx, jan: int) -> None:
        add(anna, jan, "all@firma.pl", Purpose.GENERAL)
        assert addresses(anna, jan, Purpose.INVOICES) == ["all@firma.pl"]
        add(anna, jan, "one@firma.pl")
        add(anna, jan, "two@firma.pl")
        assert addresses(anna, jan, Purpose.INVOICES) == ["one@firma.pl", "two@firma.pl"]

    def test_is_open_from_its_instant_until_it_is_closed(self, anna: Ctx, jan: int) -> None:
        added = add(anna, jan, "jan@firma.pl")
        closed = run_twice(commands.close_contact, replace(anna, now=anna.now + DAY), contact_id=added.contact_id)
        assert closed.was_open
        found = [addresses(anna, jan, Purpose.INVOICES, days) for days in (-1, 0, 1)]
        assert found == [[], ["jan@firma.pl"], []]

    def test_that_is_closed_stays_closed_and_may_be_given_anew(self, anna: Ctx, jan: int) -> None:
        added = add(anna, jan, "jan@firma.pl")
        commands.close_contact(anna, contact_id=added.contact_id)
        assert not commands.close_contact(anna, contact_id=added.contact_id).was_open
        assert add(anna, jan, "jan@firma.pl").is_new

    def test_is_refused(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        with pytest.raises(BadContact):
            add(anna, jan, "jan")
        with pytest.raises(commands.NoSuchParty):
            add(cilla, jan, "jan@firma.pl")
        with pytest.raises(commands.NoSuchContact):
            commands.close_contact(anna, contact_id=0)

    def test_of_another_tenant_is_neither_seen_nor_closed(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        added = add(anna, jan, "jan@firma.pl")
        assert addresses(cilla, jan, Purpose.INVOICES) == []
        with pytest.raises(commands.NoSuchContact):
            commands.close_contact(cilla, contact_id=added.contact_id)

    @pytest.mark.race
    def test_given_by_eight_at_once_is_one(self, anna_live: Ctx, register_jan: Callable[[Ctx], int]) -> None:
        jan = register_jan(anna_live)
        answers = in_threads(8, lambda _: add(anna_live, jan, "jan@firma.pl"))
        added = [answer for answer in answers if isinstance(answer, commands.ContactAdded)]
        assert len(added) == 8
        assert len({answer.contact_id for answer in added}) == 1
        assert sum(answer.is_new for answer in added) == 1


class TestAConsent:
    def test_stands_from_the_day_it_was_given_until_it_is_withdrawn(self, anna: Ctx, jan: int) -> None:
        run_twice(
            commands.give_consent,
            anna,
            party_id=jan,
            kind=ConsentKind.SMS,
            means=ConsentMeans.WEB_FORM,
            evidence="form 7 of 27 February, box 2",
            stated_at=anna.now - 3 * DAY,
        )
        later = replace(anna, now=anna.now + 2 * DAY)
        run_twice(
            commands.withdraw_consent,
            later,
            party_id=jan,
            kind=ConsentKind.SMS,
            means=ConsentMeans.EMAIL,
            evidence="message 12",
        )
        with tenant.scope(anna.tenant_id):
            found = [
                queries.has_consent(jan, ConsentKind.SMS, at=anna.now + days * DAY) for days in (-4, -3, 0, 1, 2, 3)
            ]
            assert not queries.has_consent(jan, ConsentKind.MARKETING, at=anna.now)
            ((consent),) = queries.consents(jan, at=later.now)
        assert found == [False, True, True, True, False, False]
        assert (consent.is_given, consent.means, consent.evidence) == (False, ConsentMeans.EMAIL, "message 12")

    def test_said_twice_at_one_instant_is_as_it_was_said_last(self, anna: Ctx, jan: int) -> None:
        for command in (commands.give_consent, commands.withdraw_consent, commands.give_consent):
            command(anna, party_id=jan, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence="call 3")
        with tenant.scope(anna.tenant_id):
            assert queries.has_consent(jan, ConsentKind.SMS, at=anna.now)
            assert rows.select("SELECT count(*) FROM parties_consent") == [(3,)]

    @pytest.mark.parametrize("command", [commands.give_consent, commands.withdraw_consent])
    def test_is_refused(
        self, anna: Ctx, cilla: Ctx, jan: int, command: Callable[..., commands.ConsentRecorded]
    ) -> None:
        with pytest.raises(commands.BadConsent):
            command(anna, party_id=jan, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence=" ")
        with pytest.raises(commands.BadConsent):
            command(
                anna,
                party_id=jan,
                kind=ConsentKind.SMS,
                means=ConsentMeans.PHONE,
                evidence="call 3",
                stated_at=anna.now + DAY,
            )
        with pytest.raises(commands.NoSuchParty):
            command(cilla, party_id=jan, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence="call 3")

    def test_is_not_seen_by_another_tenant(self, anna: Ctx, cilla: Ctx, jan: int) -> None:
        commands.give_consent(anna, party_id=jan, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence="call 3")
        with tenant.scope(cilla.tenant_id):
            assert not queries.has_consent(jan, ConsentKind.SMS, at=anna.now)


class TestEvidence:
    """Rows that prove something are kept by the database, whoever asks."""

    CHANGES = [
        "UPDATE parties_consent SET is_given = NOT is_given",
        "UPDATE parties_consent SET evidence = 'another'",
        "UPDATE parties_consent SET stated_at = stated_at - interval '1 day'",
        "DELETE FROM parties_consent",
        "TRUNCATE parties_consent",
        "UPDATE parties_contact SET value = 'other@firma.pl'",
        "UPDATE parties_contact SET since_at = since_at - interval '1 day'",
        "DELETE FROM parties_contact",
    ]

    @pytest.mark.parametrize("change", CHANGES)
    def test_is_not_rewritten(self, anna_live: Ctx, register_jan: Callable[[Ctx], int], change: str) -> None:
        from django.db.utils import DatabaseError

        self._prove(anna_live, register_jan(anna_live))
        with (
            pytest.raises(DatabaseError, match=r"refused|rewritten|permission denied"),
            tenant.scope(anna_live.tenant_id),
        ):
            rows.run(change)
        with as_owner(anna_live) as cursor, pytest.raises(DatabaseError, match=r"refused|rewritten"):
            cursor.execute(change)

    @pytest.mark.parametrize("change", [change for change in CHANGES if "TRUNCATE" not in change])
    def test_would_be_rewritten_but_for_the_guard(
        self, anna_live: Ctx, register_jan: Callable[[Ctx], int], change: str
    ) -> None:
        self._prove(anna_live, register_jan(anna_live))
        with as_owner(anna_live) as cursor:
            for table in ("parties_consent", "parties_contact"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER kept")
            cursor.execute(change)
            assert cursor.rowcount == 1

    def _prove(self, ctx: Ctx, party_id: int) -> None:
        add(ctx, party_id, "jan@firma.pl")
        commands.give_consent(ctx, party_id=party_id, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence="call 3")
