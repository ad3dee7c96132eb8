"""When money is linked, unlinked or credited, what was said about a claim is measured anew; days pass by a job."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bank_files import Pay
from cast import NOW
from desk import Desk, open_desk
from kvit.base import clock, event, rows, tenant
from kvit.base.command import Ctx
from kvit.flows import claims
from kvit.invoicing import commands as invoicing
from kvit.invoicing import jobs, queries
from kvit.invoicing.domain import Remittance
from kvit.invoicing.queries import InvoiceRow
from kvit.parties import commands as parties

DAY = NOW.date()


@pytest.fixture
def desk(anna: Ctx) -> Desk:
    return open_desk(anna)


@pytest.fixture
def invoice(desk: Desk) -> InvoiceRow:
    return desk.invoice(90_000)


def hear(desk: Desk, type_of: str) -> None:
    """Hand the latest event of a type to its handler, twice, as a queue may."""
    handlers = {
        "matching.PaymentsLinked": claims.review_after_linking,
        "matching.LinkUndone": claims.review_after_undo,
        "invoicing.InvoicesIssued": claims.review_after_credit,
        "parties.PersonErased": claims.erase_words,
    }
    with tenant.scope(desk.ctx.tenant_id):
        ((event_id,),) = rows.select("SELECT max(id) FROM base_event WHERE type = %s", [type_of])
        body = event.read(event_id)
    for _ in range(2):
        handlers[type_of](replace(desk.ctx, key=f"{event_id}:x", actor="robot:x"), body)


def states(desk: Desk, invoice: InvoiceRow) -> list[str]:
    with tenant.scope(desk.ctx.tenant_id):
        return [fact.state.value for fact in queries.facts_of([invoice.id]).get(invoice.id, ())]


def says(desk: Desk, invoice: InvoiceRow) -> None:
    """Bo says that he has paid it all, and promises the same by the tenth."""
    bo = replace(desk.ctx, actor="link:7")
    invoicing.say_paid(bo, invoice_id=invoice.id, payment=Remittance(DAY, 90_000), today=DAY, words="By the app")
    invoicing.promise_payment(
        bo, invoice_id=invoice.id, promised_date=date(2026, 3, 10), amount_minor=90_000, today=DAY
    )


class TestAPaymentLinked:
    def test_confirms_and_keeps_and_its_undoing_takes_both_back(self, desk: Desk, invoice: InvoiceRow) -> None:
        says(desk, invoice)
        (line_id,) = desk.bank(Pay(90_000))
        link_id = desk.link(line_id, (invoice, 90_000)).link_id
        hear(desk, "matching.PaymentsLinked")
        assert states(desk, invoice) == ["confirmed", "kept"]
        desk.undo(link_id)
        hear(desk, "matching.LinkUndone")
        assert states(desk, invoice) == ["open", "open"]

    def test_about_which_nobody_said_anything_moves_nothing(self, desk: Desk, invoice: InvoiceRow) -> None:
        (line_id,) = desk.bank(Pay(90_000))
        desk.link(line_id, (invoice, 90_000))
        hear(desk, "matching.PaymentsLinked")
        assert states(desk, invoice) == []


class TestACreditNote:
    def test_keeps_a_promise_and_confirms_no_payment(self, desk: Desk, invoice: InvoiceRow) -> None:
        says(desk, invoice)
        note = invoicing.draft_credit_note(desk.ctx, invoice_id=invoice.id, reason="returned").invoice_id
        invoicing.issue_invoices(desk.ctx, invoice_ids=(note,), issue_date=DAY)
        hear(desk, "invoicing.InvoicesIssued")
        assert states(desk, invoice) == ["open", "kept"]


class TestAPersonErased:
    def test_takes_their_words_along(self, desk: Desk, invoice: InvoiceRow) -> None:
        says(desk, invoice)
        parties.erase_person(desk.ctx, party_id=desk.bo.party_id, reason="asked")
        hear(desk, "parties.PersonErased")
        with tenant.scope(desk.ctx.tenant_id):
            assert [each.words for each in queries.remarks_of([invoice.id])[invoice.id]] == [None]


class _At:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class TestEachMinute:
    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            (datetime.fromisoformat("2026-03-10T22:59:00+00:00"), ["stale", "open"]),
            (datetime.fromisoformat("2026-03-10T23:01:00+00:00"), ["stale", "broken"]),
        ],
        ids=["a minute before midnight in Stockholm", "a minute after"],
    )
    def test_what_is_over_where_the_company_is_is_late(
        self, desk: Desk, invoice: InvoiceRow, monkeypatch: pytest.MonkeyPatch, at: datetime, expected: list[str]
    ) -> None:
        says(desk, invoice)
        monkeypatch.setattr(clock, "current", lambda: _At(at))
        assert jobs.pass_over(desk.ctx.tenant_id) == len([each for each in expected if each != "open"])
        assert jobs.pass_over(desk.ctx.tenant_id) == 0
        assert states(desk, invoice) == expected

    def test_nothing_is_late_before_its_day(
        self, desk: Desk, invoice: InvoiceRow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        says(desk, invoice)
        monkeypatch.setattr(clock, "current", lambda: _At(NOW + timedelta(days=7)))
        assert jobs.pass_over(desk.ctx.tenant_id) == 0
