"""Balance confirmations: asked, answered on a link, chased, expired; both sides sign what they have seen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cast import keyed
from invoicing.company import DAY, Company, days, line
from invoicing.test_statements import later
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands, jobs, queries
from kvit.invoicing.domain.confirmations import (
    BadAnswer,
    BadConfirmation,
    ConfirmationState,
    Difference,
    DifferenceKind,
    NoSuchConfirmation,
    StaleAnswer,
    reply_by,
    year_end_warning,
)
from kvit.invoicing.domain.links import LinkState
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.events import LetterRunOpened
from kvit.invoicing.queries import ConfirmationRow

TOKEN, OTHER = "t" * 32, "u" * 32
LESS = Difference(DifferenceKind.AMOUNT, "F2026-000001", 12_500, 10_000)


def asked(shop: Company, **given: Any) -> int:
    """Bo is asked on day 2 for his balance of day 1."""
    on_day_2 = later(shop, 2)
    known = {"as_of_date": days(1), "reply_by_date": days(16), "signed_by": "Anna Berg"} | given
    return commands.ask_confirmations(on_day_2.ctx, customer_ids=(shop.bo,), **known).confirmation_ids[0]


def look(shop: Company, confirmation_id: int) -> ConfirmationRow:
    with tenant.scope(shop.ctx.tenant_id):
        found = queries.confirmation(confirmation_id)
    assert found is not None
    return found


def answer(shop: Company, confirmation_id: int, **given: Any) -> commands.Answered:
    said = {name: given.pop(name) for name in ("differences", "explanation", "file_id") if name in given}
    known = {"name": "Bo Ek", "role": "Owner", "seen_sha256": look(shop, confirmation_id).sha256} | given
    signature, reply = commands.Signature(**known), commands.Reply(**said)
    return commands.answer_confirmation(shop.ctx, confirmation_id=confirmation_id, signature=signature, reply=reply)


@pytest.fixture
def owing(shop: Company) -> Company:
    """Bo owes 125 kronor."""
    shop.invoice(line("100"))
    return shop


class TestAsking:
    def test_freezes_what_is_open_on_the_day(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        later(owing, 3).books.item(-1_000, on=days(1))
        row = look(owing, confirmation_id)
        assert (row.balance_minor, row.state, row.signed_by) == (12_500, ConfirmationState.OPEN, "Anna Berg")
        with tenant.scope(owing.ctx.tenant_id):
            letter = queries.confirmation_contents([confirmation_id])[confirmation_id]
        assert [(item.number, item.open_minor) for item in letter.items] == [("F2026-000001", 12_500)]
        assert owing.problems() == []

    def test_cannot_be_changed_afterwards(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        for change in ("signed_by = 'Eva'", "body = '{}'", "balance_minor = 0"):
            with (
                pytest.raises(Exception, match=r"permission denied|frozen"),
                tenant.scope(owing.ctx.tenant_id, durable=False),
            ):
                rows.run("UPDATE invoicing_confirmation SET " + change + " WHERE id = %s", [confirmation_id])

    @pytest.mark.parametrize(
        "given", [{"as_of_date": days(9)}, {"reply_by_date": days(0)}, {"signed_by": " "}, {"signed_by": "x" * 301}]
    )
    def test_refuses_days_that_cannot_be_and_nobodys_signature(self, owing: Company, given: dict[str, Any]) -> None:
        with pytest.raises(BadConfirmation):
            asked(owing, **given)

    def test_of_another_tenants_customer_is_refused(self, owing: Company, cilla: Ctx) -> None:
        with pytest.raises(commands.UnknownCustomer):
            commands.ask_confirmations(
                cilla, customer_ids=(owing.bo,), as_of_date=DAY, reply_by_date=days(9), signed_by="Cilla"
            )

    def test_twice_under_one_key_is_done_once(self, owing: Company) -> None:
        given: dict[str, Any] = {"customer_ids": (owing.bo,), "as_of_date": DAY, "signed_by": "Anna"}
        first, again = (
            commands.ask_confirmations(keyed(owing.ctx, "k"), reply_by_date=days(9), **given) for _ in range(2)
        )
        assert first == again
        with pytest.raises(KeyReused):
            commands.ask_confirmations(keyed(owing.ctx, "k"), reply_by_date=days(8), **given)


class TestAnAnswer:
    def test_that_agrees_confirms(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        assert answer(owing, confirmation_id).state is ConfirmationState.CONFIRMED
        with tenant.scope(owing.ctx.tenant_id):
            (found,) = queries.answers_of(confirmation_id)
        assert (found.agrees, found.name, found.role, found.their_balance_minor) == (True, "Bo Ek", "Owner", 12_500)
        assert found.seen_sha256 == look(owing, confirmation_id).sha256

    def test_that_differs_says_in_what(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        extra = Difference(DifferenceKind.NOT_OURS, "X9", None, 700, days(0), "paid in cash")
        assert answer(owing, confirmation_id, differences=(LESS, extra)).state is ConfirmationState.DIFFERS
        with tenant.scope(owing.ctx.tenant_id):
            (found,) = queries.answers_of(confirmation_id)
        assert (found.differences, found.their_balance_minor) == ((LESS, extra), 10_700)

    def test_may_be_given_anew_until_it_agrees(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        answer(owing, confirmation_id, differences=(LESS,))
        answer(owing, confirmation_id, differences=(replace(LESS, their_minor=11_000),))
        assert answer(owing, confirmation_id).state is ConfirmationState.CONFIRMED
        with pytest.raises(StaleAnswer):
            answer(owing, confirmation_id, differences=(LESS,))
        with tenant.scope(owing.ctx.tenant_id):
            assert len(queries.answers_of(confirmation_id)) == 3

    def test_about_another_letter_is_refused(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        with pytest.raises(StaleAnswer):
            answer(owing, confirmation_id, seen_sha256="0" * 64)
        assert look(owing, confirmation_id).state is ConfirmationState.OPEN

    @pytest.mark.parametrize(
        "given",
        [
            {"name": " "},
            {"name": "x" * 201},
            {"explanation": "x" * 2001},
            {"differences": (replace(LESS, their_minor=12_500),)},
        ],
    )
    def test_without_a_name_or_sense_is_refused(self, owing: Company, given: dict[str, Any]) -> None:
        with pytest.raises(BadAnswer):
            answer(owing, asked(owing), **given)

    def test_to_another_tenants_letter_is_refused(self, owing: Company, cilla: Ctx) -> None:
        confirmation_id = asked(owing)
        with pytest.raises(NoSuchConfirmation):
            commands.answer_confirmation(
                cilla,
                confirmation_id=confirmation_id,
                signature=commands.Signature("C", "", ""),
                reply=commands.Reply(),
            )

    def test_twice_under_one_key_is_one(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        shop = owing.at(keyed(owing.ctx, "k"))
        assert answer(shop, confirmation_id) == answer(shop, confirmation_id)

    def test_cannot_be_changed_afterwards(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        answer(owing, confirmation_id, differences=(LESS,))
        changed = pytest.raises(Exception, match=r"permission denied|stays as it was given")
        with changed, tenant.scope(owing.ctx.tenant_id, durable=False):
            rows.run("UPDATE invoicing_confirmationanswer SET name = 'Eva'")

    def test_of_a_letter_that_was_changed_is_reported(self, owing: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the comparison of hashes is taken away, and the answer is about nothing we sent."""
        confirmation_id = asked(owing)
        real = rows.select

        def blind(query: Any, params: Any = ()) -> list[Any]:
            found = real(query, params)
            return [(found[0][0], "0" * 64)] if "SELECT state, sha256" in str(query) else found

        monkeypatch.setattr("kvit.invoicing.commands.answering.rows.select", blind)
        answer(owing, confirmation_id, seen_sha256="0" * 64)
        monkeypatch.undo()
        assert any("another letter" in problem for problem in owing.problems())


class TestALinkToALetter:
    def test_opens_it_and_no_invoice(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        opened = commands.open_confirmation_links(owing.ctx, confirmation_ids=(confirmation_id,), tokens=(TOKEN,))
        found = queries.find_link(TOKEN)
        assert found is not None
        with tenant.scope(owing.ctx.tenant_id):
            letter = queries.letter_link(found.link_id, now=owing.ctx.now)
            assert queries.link(found.link_id, now=owing.ctx.now) is None
        assert letter is not None
        assert (letter.confirmation_id, letter.state, letter.id) == (
            confirmation_id,
            LinkState.OPEN,
            opened.link_ids[0],
        )
        with pytest.raises(commands.NoSuchLink):
            commands.record_view(owing.ctx, link_id=found.link_id)

    def test_is_kept_as_a_hash_only(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        commands.open_confirmation_links(owing.ctx, confirmation_ids=(confirmation_id,), tokens=(TOKEN,))
        kept = owing.rows("SELECT input::text || coalesce(result::text, '') FROM base_command")
        kept += owing.rows("SELECT token_hash FROM invoicing_link")
        assert not [row for row in kept if TOKEN in row[0]]

    def test_of_an_invoice_opens_no_letter(self, owing: Company) -> None:
        (invoice_id,) = (row[0] for row in owing.rows("SELECT id FROM invoicing_invoice"))
        link = commands.open_link(owing.ctx, invoice_id=invoice_id, token=TOKEN)
        with tenant.scope(owing.ctx.tenant_id):
            assert queries.letter_link(link.link_id, now=owing.ctx.now) is None

    def test_is_revoked_and_expires(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        (link_id,) = commands.open_confirmation_links(
            owing.ctx, confirmation_ids=(confirmation_id,), tokens=(TOKEN,), valid_days=1
        ).link_ids
        with tenant.scope(owing.ctx.tenant_id):
            expired = queries.letter_link(link_id, now=owing.ctx.now + timedelta(days=1))
        assert expired is not None
        assert expired.state is LinkState.EXPIRED
        commands.revoke_link(owing.ctx, link_id=link_id)
        with tenant.scope(owing.ctx.tenant_id):
            revoked = queries.letter_link(link_id, now=owing.ctx.now)
        assert revoked is not None
        assert revoked.state is LinkState.REVOKED

    def test_is_refused_for_weak_tokens_and_answered_letters(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        for tokens in (("short",), (TOKEN, OTHER)):
            with pytest.raises(BadConfirmation):
                commands.open_confirmation_links(owing.ctx, confirmation_ids=(confirmation_id,), tokens=tokens)
        answer(owing, confirmation_id)
        with pytest.raises(NoSuchConfirmation):
            commands.open_confirmation_links(owing.ctx, confirmation_ids=(confirmation_id,), tokens=(TOKEN,))


class TestSilence:
    def test_confirms_nothing_and_expires(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        assert commands.expire_confirmations(owing.ctx, day=days(16)).count == 0
        assert commands.expire_confirmations(owing.ctx, day=days(17)).count == 1
        assert look(owing, confirmation_id).state is ConfirmationState.EXPIRED

    def test_may_be_broken_late(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        commands.expire_confirmations(owing.ctx, day=days(17))
        assert answer(owing, confirmation_id).state is ConfirmationState.CONFIRMED

    def test_is_chased_and_counted(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        for _ in range(2):
            assert commands.chase_confirmations(owing.ctx, confirmation_ids=(confirmation_id,)).count == 1
        row = look(owing, confirmation_id)
        assert (row.reminder_count, row.reminded_at) == (2, owing.ctx.now)
        answer(owing, confirmation_id)
        assert commands.chase_confirmations(owing.ctx, confirmation_ids=(confirmation_id,)).count == 0


class TestADifference:
    def test_is_settled_with_a_reason(self, owing: Company) -> None:
        confirmation_id = asked(owing)
        answer(owing, confirmation_id, differences=(LESS,))
        with pytest.raises(BadConfirmation):
            commands.settle_confirmation(owing.ctx, confirmation_id=confirmation_id, reason=" ")
        commands.settle_confirmation(owing.ctx, confirmation_id=confirmation_id, reason="paid on 2 January")
        row = look(owing, confirmation_id)
        assert (row.state, row.settled_reason) == (ConfirmationState.SETTLED, "paid on 2 January")
        with pytest.raises(StaleAnswer):
            answer(owing, confirmation_id)

    def test_that_nobody_has_cannot_be_settled(self, owing: Company) -> None:
        with pytest.raises(NoSuchConfirmation):
            commands.settle_confirmation(owing.ctx, confirmation_id=asked(owing), reason="x")

    def test_goes_no_way_that_the_table_does_not_have(self, owing: Company) -> None:
        from kvit.base.command import command
        from kvit.base.lifecycle import move
        from kvit.invoicing.domain.confirmations import CONFIRMATION

        confirmation_id = asked(owing)
        answer(owing, confirmation_id)

        @command
        def reopen(ctx: Ctx) -> commands.Settled:
            move(ctx, CONFIRMATION, [confirmation_id], to=ConfirmationState.EXPIRED)
            return commands.Settled(confirmation_id)

        with pytest.raises(NotMovable):
            reopen(owing.ctx)


class TestAYearEndRun:
    def test_asks_everybody_who_has_something_open(self, owing: Company) -> None:
        opened = commands.open_confirmation_run(
            owing.ctx, as_of_date=DAY, reply_by_date=days(14), signed_by="Ewa the accountant"
        )
        jobs.make_letters(owing.ctx, LetterRunOpened(opened.run_id, RunKind.CONFIRMATIONS))
        with tenant.scope(owing.ctx.tenant_id):
            listed = queries.confirmations_listed(run_id=opened.run_id, limit=9)
            counts = queries.confirmation_counts(opened.run_id)
            run = queries.letter_run(opened.run_id)
        assert [(row.customer_id, row.signed_by) for row in listed] == [(owing.bo, "Ewa the accountant")]
        assert counts == {ConfirmationState.OPEN: 1}
        assert run is not None
        assert (run.customer_count, run.done_count, run.made_count) == (2, 2, 1)

    def test_asks_nobody_twice(self, owing: Company) -> None:
        opened = commands.open_confirmation_run(owing.ctx, as_of_date=DAY, reply_by_date=days(14), signed_by="Ewa")
        for _ in range(2):
            commands.ask_confirmation_chunk(owing.ctx, run_id=opened.run_id)
        assert len(owing.rows("SELECT id FROM invoicing_confirmation")) == 1

    def test_is_no_run_of_statements(self, owing: Company) -> None:
        from kvit.invoicing.domain.runs import NoSuchRun

        opened = commands.open_confirmation_run(owing.ctx, as_of_date=DAY, reply_by_date=days(14), signed_by="Ewa")
        with pytest.raises(NoSuchRun):
            commands.make_statement_chunk(owing.ctx, run_id=opened.run_id)


class TestTheDayOfReply:
    def test_is_by_country(self) -> None:
        from datetime import date

        end, new_year = date(2025, 12, 31), date(2026, 1, 2)
        assert reply_by("PL", as_of=end, today=new_year) == date(2026, 1, 15)
        assert reply_by("PL", as_of=end, today=date(2026, 1, 12)) == date(2026, 1, 26)
        assert reply_by("RO", as_of=end, today=new_year) == date(2026, 1, 9)
        assert reply_by("SE", as_of=end, today=new_year) == date(2026, 1, 16)

    def test_is_warned_of_where_polish_law_has_none(self) -> None:
        from datetime import date

        assert year_end_warning("PL", as_of=date(2025, 12, 31), today=date(2026, 1, 10)) == ""
        assert year_end_warning("PL", as_of=date(2025, 10, 1), today=date(2025, 10, 5)) == ""
        assert year_end_warning("PL", as_of=date(2025, 12, 31), today=date(2026, 1, 16)) == "outside_year_end"
        assert year_end_warning("PL", as_of=date(2025, 9, 30), today=date(2025, 10, 5)) == "outside_year_end"
        assert year_end_warning("SE", as_of=date(2025, 6, 30), today=date(2025, 9, 5)) == ""
