"""Links that open one invoice: opened, revoked, expired, seen, asked for again; the token is kept nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cast import NOW, keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import LinkState, links
from kvit.work import queries as work
from receivables import Customer, every, issue, new_customer, open_books

TOKEN = "t" * 32
OTHER = "u" * 32


@pytest.fixture
def bo(anna: Ctx) -> Customer:
    return new_customer(open_books(anna))


@pytest.fixture
def invoice_id(anna: Ctx, bo: Customer) -> int:
    return issue(anna, bo, 900)[0].id


def later(ctx: Ctx, **by: int) -> Ctx:
    return replace(ctx, now=NOW + timedelta(**by), key=None)


def state(ctx: Ctx, link_id: int) -> LinkState | None:
    with tenant.scope(ctx.tenant_id):
        found = queries.link(link_id, now=ctx.now)
    return found.state if found else None


class TestALink:
    def test_leads_to_its_tenant_and_itself(self, anna: Ctx, invoice_id: int) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN).link_id
        assert queries.find_link(TOKEN) == queries.FoundLink(anna.tenant_id, link_id)
        assert state(anna, link_id) is LinkState.OPEN

    @pytest.mark.parametrize("token", ["", "short", OTHER, TOKEN + "x", "Ω" * 32, "t" * 31 + "'"])
    def test_is_found_by_no_other_token(self, anna: Ctx, invoice_id: int, token: str) -> None:
        commands.open_link(anna, invoice_id=invoice_id, token=TOKEN)
        assert queries.find_link(token) is None

    def test_expires(self, anna: Ctx, invoice_id: int) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN, valid_days=2).link_id
        assert state(later(anna, days=1), link_id) is LinkState.OPEN
        assert state(later(anna, days=2), link_id) is LinkState.EXPIRED

    def test_is_revoked_once_and_for_good(self, anna: Ctx, invoice_id: int) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN).link_id
        assert commands.revoke_link(anna, link_id=link_id).was_open
        assert not commands.revoke_link(anna, link_id=link_id).was_open
        assert state(anna, link_id) is LinkState.REVOKED

    def test_stands_beside_others_of_the_invoice(self, anna: Ctx, invoice_id: int) -> None:
        first = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN).link_id
        second = commands.open_link(anna, invoice_id=invoice_id, token=OTHER).link_id
        commands.revoke_link(anna, link_id=first)
        with tenant.scope(anna.tenant_id):
            found = queries.links_of(invoice_id, now=anna.now)
        assert [(link.id, link.state) for link in found] == [(second, LinkState.OPEN), (first, LinkState.REVOKED)]

    @pytest.mark.parametrize(("token", "days"), [("short", 1), (TOKEN, 0), (TOKEN, 3651), ("t" * 65, 1)])
    def test_is_refused_for_a_weak_token_or_a_strange_time(
        self, anna: Ctx, invoice_id: int, token: str, days: int
    ) -> None:
        with pytest.raises(commands.LinkRefused):
            commands.open_link(anna, invoice_id=invoice_id, token=token, valid_days=days)

    def test_is_refused_for_a_draft_and_for_what_is_another_tenants(
        self, anna: Ctx, cilla: Ctx, bo: Customer, invoice_id: int
    ) -> None:
        from kvit.invoicing.domain import Draft
        from two_companies import GOODS

        draft = commands.draft_invoices(anna, drafts=(Draft(bo.id, GOODS),), day=NOW.date()).invoice_ids[0]
        for ctx, document in ((anna, draft), (cilla, invoice_id)):
            with pytest.raises(commands.LinkRefused):
                commands.open_link(ctx, invoice_id=document, token=TOKEN)
        assert every(anna, "SELECT id FROM invoicing_link") == []

    def test_asked_for_twice_under_one_key_is_one(self, anna: Ctx, invoice_id: int) -> None:
        once, again = (commands.open_link(keyed(anna, "k"), invoice_id=invoice_id, token=TOKEN) for _ in range(2))
        assert once == again
        with pytest.raises(KeyReused):
            commands.open_link(keyed(anna, "k"), invoice_id=invoice_id, token=OTHER)


class TestAToken:
    def test_is_kept_nowhere(self, anna: Ctx, invoice_id: int) -> None:
        commands.open_link(anna, invoice_id=invoice_id, token=TOKEN)
        for table in ("invoicing_link", "base_command", "base_personalvalue", "base_event"):
            ((count,),) = every(anna, f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{TOKEN}%"])
            assert (table, count) == (table, 0)

    def test_would_be_found_if_it_were_kept(self, anna: Ctx, invoice_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the token is stored as it is (in hex, or the table would refuse it)."""
        from kvit.invoicing.commands import links as command

        monkeypatch.setattr(command, "token_hash", lambda token: token)
        commands.open_link(anna, invoice_id=invoice_id, token="a" * 64)
        assert every(anna, "SELECT count(*) FROM invoicing_link t WHERE t::text LIKE %s", [f"%{'a' * 64}%"]) == [(1,)]

    def test_is_hashed_by_sha_256(self) -> None:
        assert links.token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


class TestTheEndOfALink:
    def test_is_all_that_can_be_written_of_it(self, anna: Ctx, invoice_id: int) -> None:
        from django.db import IntegrityError, InternalError, ProgrammingError, transaction

        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN).link_id
        commands.revoke_link(anna, link_id=link_id)
        for statement in (
            "UPDATE invoicing_link SET expires_at = now() + interval '9 years'",
            "UPDATE invoicing_link SET revoked_at = NULL",
            "DELETE FROM invoicing_link",
        ):
            with (
                tenant.scope(anna.tenant_id),
                pytest.raises((IntegrityError, InternalError, ProgrammingError)),
                transaction.atomic(),
            ):
                rows.run(statement)


class TestAView:
    def test_is_recorded_for_an_open_link(self, anna: Ctx, invoice_id: int) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN).link_id
        commands.record_view(anna, link_id=link_id)
        with tenant.scope(anna.tenant_id):
            assert queries.last_view(link_id, before=NOW + timedelta(seconds=1)) == NOW
            assert queries.last_view(link_id, before=NOW) is None

    def test_is_refused_for_one_that_opens_nothing(self, anna: Ctx, cilla: Ctx, invoice_id: int) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN, valid_days=1).link_id
        for ctx in (later(anna, days=1), cilla):
            with pytest.raises(commands.NoSuchLink):
                commands.record_view(ctx, link_id=link_id)
        commands.revoke_link(anna, link_id=link_id)
        with pytest.raises(commands.NoSuchLink):
            commands.record_view(anna, link_id=link_id)


class TestAskingForANewLink:
    def test_waits_for_a_person_once_until_a_new_one_is_opened(self, anna: Ctx, invoice_id: int) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN, valid_days=1).link_id
        after = later(anna, days=1)
        first, second = (commands.ask_for_link(after, link_id=link_id).item_id for _ in range(2))
        assert first == second
        with tenant.scope(anna.tenant_id):
            (item,) = work.items_about("invoice", invoice_id)
        assert (item.reason_code, item.closed_at) == ("invoicing.link_wanted", None)
        commands.open_link(after, invoice_id=invoice_id, token=OTHER)
        with tenant.scope(anna.tenant_id):
            assert work.items_about("invoice", invoice_id)[0].outcome == "opened"

    def test_is_refused_while_the_link_opens_or_after_it_was_revoked(
        self, anna: Ctx, cilla: Ctx, invoice_id: int
    ) -> None:
        link_id = commands.open_link(anna, invoice_id=invoice_id, token=TOKEN, valid_days=1).link_id
        for ctx in (anna, later(cilla, days=1)):
            with pytest.raises(commands.NoSuchLink):
                commands.ask_for_link(ctx, link_id=link_id)
        commands.revoke_link(anna, link_id=link_id)
        with pytest.raises(commands.NoSuchLink):
            commands.ask_for_link(later(anna, days=1), link_id=link_id)
