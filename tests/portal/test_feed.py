"""The live channel of an invoice: who may listen, which events change which page, and that one drawing serves all."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from bank_files import Pay
from cast import NOW
from desk import open_desk
from kvit.base import event, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.pages import words
from kvit.pages.live import Subject
from kvit.parties import commands as parties
from kvit.portal import feeds
from portal.buyer import Buyer, buyer_of
from receivables import every, new_customer


def asked(user: object = None) -> HttpRequest:
    """A request of nobody, or of somebody who has signed in."""
    request = RequestFactory().get("/events/invoice/")
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    request.session = {}  # type: ignore[assignment]
    return request


def customer(ctx: Ctx, party_id: int) -> HttpRequest:
    """A request of somebody who signs in for the party."""
    from django.contrib.auth import get_user_model

    opened = parties.open_login(ctx, party_id=party_id, email=f"p{party_id}@kund.example", full_name="Somebody")
    return asked(get_user_model().objects.get(pk=opened.user_id))


def touched(ctx: Ctx, type_of: str) -> list[set[int]]:
    """The invoices that each event of a type changes, as the hub asks for them."""
    ids = every(ctx, "SELECT id FROM base_event WHERE type = %s ORDER BY id", [type_of])
    with tenant.scope(ctx.tenant_id):
        return [set(feeds.INVOICE.touched_by(event.read(event_id))) for (event_id,) in ids]


class TestALink:
    def test_admits_whoever_holds_it(self, bo: Buyer) -> None:
        assert feeds.admit(asked(), bo.token) == Subject(bo.ctx.tenant_id, bo.invoice.id)

    def test_admits_nobody_once_it_opens_nothing(self, bo: Buyer) -> None:
        assert feeds.admit(asked(), "x" * 32) is None
        bo.clock.forward(days=365)
        assert feeds.admit(asked(), bo.token) is None
        bo.clock.at = NOW
        invoicing.revoke_link(bo.ctx, link_id=bo.link_id)
        assert feeds.admit(asked(), bo.token) is None


class TestWhoHasSignedIn:
    def test_listens_to_their_own_invoices(self, bo: Buyer) -> None:
        request = customer(bo.ctx, bo.desk.bo.party_id)
        assert feeds.admit(request, f"own-{bo.invoice.id}") == Subject(bo.ctx.tenant_id, bo.invoice.id)

    def test_listens_to_nobody_elses(self, bo: Buyer, cilla: Ctx) -> None:
        other = new_customer(bo.ctx, "Eva")
        hers = buyer_of(open_desk(cilla), bo.clock)
        for request in (asked(), customer(bo.ctx, other.party_id), customer(cilla, hers.desk.bo.party_id)):
            assert feeds.admit(request, f"own-{bo.invoice.id}") is None

    @pytest.mark.parametrize("digits", ["", "x", "-1", "9" * 30, "²"])
    def test_listens_to_nothing_that_is_no_number(self, bo: Buyer, digits: str) -> None:
        assert feeds.admit(customer(bo.ctx, bo.desk.bo.party_id), f"own-{digits}") is None


class TestAnEvent:
    def test_changes_the_invoices_it_speaks_of(self, bo: Buyer) -> None:
        invoice_id = bo.invoice.id
        invoicing.move_due_date(bo.ctx, invoice_id=invoice_id, due_date=date(2026, 4, 1), reason="asked")
        assert touched(bo.ctx, "invoicing.DueDateMoved") == [{invoice_id}]
        link_id = bo.pays(30_000)
        assert touched(bo.ctx, "matching.PaymentsLinked") == [{invoice_id}]
        bo.undo(link_id)
        assert touched(bo.ctx, "matching.LinkUndone") == [{invoice_id}]

    def test_of_a_credit_note_changes_what_it_credits(self, bo: Buyer) -> None:
        note = invoicing.draft_credit_note(bo.ctx, invoice_id=bo.invoice.id, reason="returned").invoice_id
        invoicing.issue_invoices(bo.ctx, invoice_ids=(note,), issue_date=NOW.date())
        assert touched(bo.ctx, "invoicing.InvoicesIssued")[-1] == {note, bo.invoice.id}

    def test_changes_every_invoice_that_one_payment_settled(self, bo: Buyer) -> None:
        second = bo.desk.invoice(5_000)
        (line_id,) = bo.desk.bank(Pay(95_000))
        bo.desk.link(line_id, (bo.invoice, 90_000), (second, 5_000))
        assert touched(bo.ctx, "matching.PaymentsLinked") == [{bo.invoice.id, second.id}]


class TestTheFragment:
    def test_is_what_stands_on_the_page_without_marks_for_anybody(self, bo: Buyer) -> None:
        bo.pays(30_000)
        with words.reading("sv"), tenant.scope(bo.ctx.tenant_id):
            drawn = feeds.render(bo.ctx.tenant_id, [bo.invoice.id], NOW)
        assert set(drawn) == {bo.invoice.id}
        assert "Betalning mottagen" in drawn[bo.invoice.id]
        assert ">Nytt<" not in drawn[bo.invoice.id]
        assert bo.token not in drawn[bo.invoice.id]

    def test_is_drawn_for_many_by_as_many_statements_as_for_one(self, bo: Buyer) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        more = [bo.desk.invoice(1_000 + n).id for n in range(5)]
        counts = []
        for ids in ([bo.invoice.id], [bo.invoice.id, *more]):
            with tenant.scope(bo.ctx.tenant_id), CaptureQueriesContext(connection) as asked_for:
                feeds.render(bo.ctx.tenant_id, ids, NOW)
            counts.append(len(asked_for))
        assert counts[0] == counts[1]

    def test_leaves_out_what_is_another_tenants(self, bo: Buyer, cilla: Ctx) -> None:
        with tenant.scope(cilla.tenant_id):
            assert feeds.render(cilla.tenant_id, [bo.invoice.id], NOW) == {}
