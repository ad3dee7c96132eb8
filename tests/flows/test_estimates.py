"""Money that quotes an estimate is an advance of its customer and is invoiced by itself, in part or whole, once."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bank_files import Pay
from desk import Desk, open_desk
from kvit.banking import queries as banking
from kvit.base import event, rows, tenant
from kvit.base.command import Ctx
from kvit.flows import estimates as flow
from kvit.flows import matching as after
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import Draft, DraftLine, Kind
from kvit.invoicing.queries import InvoiceRow
from kvit.matching import commands as matching
from receivables import ISSUED, new_customer, problems


@pytest.fixture
def desk(anna: Ctx) -> Desk:
    return open_desk(anna)


def estimate(desk: Desk, amount_minor: int = 90_000, reference: str = "70090") -> InvoiceRow:
    """An issued estimate of Bo's, without VAT."""
    line = DraftLine("Work", Decimal(1), Decimal(amount_minor).scaleb(-2), Decimal(0))
    draft = Draft(desk.bo.id, (line,), kind=Kind.ESTIMATE, payment_reference=reference)
    ids = invoicing.draft_invoices(desk.ctx, drafts=(draft,), day=ISSUED).invoice_ids
    invoicing.issue_invoices(desk.ctx, invoice_ids=ids, issue_date=ISSUED)
    with tenant.scope(desk.ctx.tenant_id):
        return queries.invoices(ids)[0]


def hear(desk: Desk, type_of: str, handler: Callable[[Ctx, Any], None]) -> None:
    """Hand the latest event of a type to a handler, twice, as a queue may."""
    with tenant.scope(desk.ctx.tenant_id):
        ((event_id,),) = rows.select("SELECT max(id) FROM base_event WHERE type = %s", [type_of])
        body = event.read(event_id)
    for _ in range(2):
        handler(replace(desk.ctx, key=f"{event_id}:x", actor="robot:x"), body)


def booked(desk: Desk) -> None:
    """The bank's lines are there: the robot looks at them, then what was linked is heard of."""
    hear(desk, "banking.StatementBooked", after.match_statement)


def linked(desk: Desk) -> None:
    hear(desk, "matching.PaymentsLinked", flow.bill)


def documents(desk: Desk, of: InvoiceRow) -> list[tuple[str, str, int]]:
    with tenant.scope(desk.ctx.tenant_id):
        return [(one.kind, one.number or "", one.gross_minor) for one in queries.documents_of_estimate(of.id)]


class TestMoneyOnAnEstimate:
    def test_that_quotes_it_whole_becomes_its_invoice_once(self, desk: Desk) -> None:
        of = estimate(desk)
        (line,) = desk.bank(Pay(90_000, "70090"))
        booked(desk)
        linked(desk)
        assert documents(desk, of) == [("invoice", "F2026-000001", 90_000)]
        assert desk.advance() == 0
        assert desk.waits(line) == []
        assert problems(desk.ctx) == ()

    def test_in_parts_becomes_advance_invoices_and_a_final_one(self, desk: Desk) -> None:
        of = estimate(desk)
        for amount in (30_000, 20_000, 40_000):
            desk.bank(Pay(amount, "70090", bank_id=str(amount)))
            booked(desk)
            linked(desk)
        assert [kind for kind, _, _ in documents(desk, of)] == ["advance_invoice", "advance_invoice", "final_invoice"]
        assert desk.advance() == 0
        assert problems(desk.ctx) == ()

    def test_that_came_before_it_is_found_when_it_is_issued(self, desk: Desk) -> None:
        (line,) = desk.bank(Pay(90_000, "70090"))
        booked(desk)
        assert desk.links(line) == ()
        of = estimate(desk)
        hear(desk, "invoicing.InvoicesIssued", flow.take_waiting)
        linked(desk)
        assert documents(desk, of) == [("invoice", "F2026-000001", 90_000)]

    def test_beyond_it_stays_the_customer_s(self, desk: Desk) -> None:
        estimate(desk)
        desk.bank(Pay(95_000, "70090"))
        booked(desk)
        linked(desk)
        assert desk.advance() == 5_000

    def test_that_was_invoiced_by_hand_meanwhile_waits_as_any_advance(self, desk: Desk) -> None:
        of = estimate(desk)
        desk.bank(Pay(90_000, "70090"))
        booked(desk)
        invoicing.invoice_estimate(desk.ctx, estimate_id=of.id, issue_date=ISSUED)
        linked(desk)
        assert [kind for kind, _, _ in documents(desk, of)] == ["invoice"]
        assert desk.advance() == 90_000


class TestMoneyThatIsNot:
    @pytest.mark.parametrize("pay", [Pay(90_000, "12345"), Pay(-90_000, "70090"), Pay(90_000)])
    def test_of_an_estimate_is_left_alone(self, desk: Desk, pay: Pay) -> None:
        of = estimate(desk)
        (line,) = desk.bank(pay)
        flow.take(replace(desk.ctx, key="x"), [line])
        assert desk.links(line) == ()
        assert documents(desk, of) == []

    def test_clear_which_of_two_it_is_for_is_left_alone(self, desk: Desk) -> None:
        first, second = estimate(desk), estimate(desk, reference="70091")
        (line,) = desk.bank(Pay(90_000, "", text=f"{first.number} {second.number}"))
        with tenant.scope(desk.ctx.tenant_id):
            (found,) = banking.lines([line])
            assert flow.quoted([found]) == {}

    def test_of_an_estimate_is_told_from_many_by_one_question(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        of, asked = estimate(desk), []
        monkeypatch.setattr(flow.invoices, "open_estimates", lambda *, quoted: asked.append(quoted) or (of,))
        ids = desk.bank(Pay(90_000, "70090"), Pay(80_000, "88888"), Pay(90_000, "99999"))
        with tenant.scope(desk.ctx.tenant_id):
            lines = banking.lines(ids)
            assert flow.quoted(lines) == {lines[0].id: of}
        assert len(asked) == 1

    def test_linked_as_the_advance_of_another_customer_is_not_taken(self, desk: Desk) -> None:
        of = estimate(desk)
        (line,) = desk.bank(Pay(90_000, "70090"))
        eva = new_customer(desk.ctx, "Eva Lund")
        terms = matching.Terms(advance_party_id=eva.party_id, learn=False)
        matching.link_payment(desk.ctx, line_id=line, targets=(), terms=terms)
        linked(desk)
        assert documents(desk, of) == []
        assert desk.advance() == 90_000
