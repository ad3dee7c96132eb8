"""A payment that comes back opens again what it had paid, with the bank's reason; where that is unclear it asks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bank_files import DAY, Pay
from cast import LATE
from desk import Desk, open_desk
from kvit.banking import queries as banking
from kvit.banking.commands import returning
from kvit.banking.domain.returns import Return
from kvit.banking.events import StatementBooked
from kvit.banking.queries import returns as of_returns
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.flows import matching as flow
from kvit.matching import commands as matching
from receivables import books, every, open_minor, problems

NEXT = DAY + timedelta(days=1)
WAITING = "SELECT subject_id, reason_code FROM work_item WHERE state = 'open' ORDER BY 1"


@pytest.fixture
def desk(anna: Ctx) -> Desk:
    return open_desk(anna)


def flowed(desk: Desk, *pays: Pay) -> list[int]:
    """Book the movements and do what follows a booked statement."""
    lines = desk.bank(*pays)
    ((statement_id, account_id),) = every(
        desk.ctx, "SELECT id, account_id FROM banking_statement ORDER BY id DESC LIMIT 1"
    )
    ctx = replace(desk.ctx, key=f"{statement_id}:flow")
    flow.match_statement(ctx, StatementBooked(statement_id, account_id, len(lines)))
    return lines


class TestAReturnedPayment:
    PAID = Pay(500, "70010", end_to_end_id="E1")
    BACK = Pay(-500, end_to_end_id="E1", returned="AC04", day=NEXT)

    def test_opens_again_what_it_had_paid(self, desk: Desk) -> None:
        invoice = desk.invoice(500, reference="70010")
        before = books(desk.ctx)
        (paid,) = flowed(desk, self.PAID)
        assert open_minor(desk.ctx, invoice) == 0
        (back,) = flowed(desk, self.BACK)
        assert open_minor(desk.ctx, invoice) == 500
        assert every(desk.ctx, WAITING) == []
        with tenant.scope(desk.ctx.tenant_id):
            assert banking.return_of(paid) == banking.return_of(back) == (back, paid, "AC04")
        assert books(desk.ctx).items == before.items
        assert problems(desk.ctx) == ()
        assert every(desk.ctx, "SELECT state FROM matching_link") == [("undone",)]

    def test_is_taken_back_on_the_day_where_the_company_is(self, desk: Desk) -> None:
        late = replace(desk, ctx=replace(desk.ctx, now=LATE))
        late.invoice(500, reference="70010")
        flowed(late, self.PAID)
        flowed(late, self.BACK)
        undone = "SELECT entry_date FROM ledger_entry WHERE reverses_id IS NOT NULL"
        assert every(desk.ctx, undone) == [(date(2026, 3, 3),)]

    def test_that_was_not_linked_waits_no_more(self, desk: Desk) -> None:
        (paid,) = flowed(desk, Pay(500, end_to_end_id="E1"))
        assert every(desk.ctx, WAITING) == [(paid, "matching.no_reference")]
        flowed(desk, self.BACK)
        assert every(desk.ctx, WAITING) == []

    def test_is_found_by_its_reversal_mark_too(self, desk: Desk) -> None:
        invoice = desk.invoice(500, reference="70010")
        flowed(desk, self.PAID)
        flowed(desk, Pay(-500, "70010", is_reversal=True, day=NEXT))
        assert open_minor(desk.ctx, invoice) == 500

    def test_is_found_by_the_banks_code_alone(self, desk: Desk) -> None:
        invoice = desk.invoice(500, reference="70010")
        flowed(desk, self.PAID)
        flowed(desk, replace(self.BACK, returned="", transaction_code="PMNT-RCDT-RRTN"))
        assert open_minor(desk.ctx, invoice) == 500

    def test_would_be_missed_if_the_database_did_not_know_the_code(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        invoice = desk.invoice(500, reference="70010")
        flowed(desk, self.PAID)
        monkeypatch.setattr(of_returns, "RETURNING", frozenset({"UPDD"}))
        flowed(desk, replace(self.BACK, returned="", transaction_code="PMNT-RCDT-RRTN"))
        assert open_minor(desk.ctx, invoice) == 0

    def test_leaves_the_invoice_to_the_payment_that_follows(self, desk: Desk) -> None:
        invoice = desk.invoice(500, reference="70010")
        flowed(desk, self.PAID)
        flowed(desk, self.BACK, Pay(500, "70010", end_to_end_id="E2", day=NEXT))
        assert open_minor(desk.ctx, invoice) == 0
        assert every(desk.ctx, WAITING) == []

    def test_is_taken_back_once(self, desk: Desk) -> None:
        flowed(desk, self.PAID)
        flowed(desk, self.BACK)
        (again,) = flowed(desk, replace(self.BACK, bank_id="B9"))
        assert every(desk.ctx, WAITING) == [(again, "matching.returned")]

    def test_asks_where_two_could_be_meant(self, desk: Desk) -> None:
        invoices = [desk.invoice(500, reference=reference) for reference in ("70010", "70028")]
        flowed(desk, Pay(500, "70010", bank_id="1"), Pay(500, "70028", bank_id="2"))
        (back,) = flowed(desk, Pay(-500, returned="MD06", day=NEXT))
        assert [open_minor(desk.ctx, one) for one in invoices] == [0, 0]
        assert every(desk.ctx, WAITING) == [(back, "matching.returned")]

    def test_would_undo_a_wrong_one_if_it_guessed(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault."""
        invoices = [desk.invoice(500, reference=reference) for reference in ("70010", "70028")]
        flowed(desk, Pay(500, "70010", bank_id="1"), Pay(500, "70028", bank_id="2"))
        monkeypatch.setattr(
            returning, "taken_back", lambda line, earlier: Return(line.id, earlier[0].id, "the first one")
        )
        flowed(desk, Pay(-500, returned="MD06", day=NEXT))
        assert sorted(open_minor(desk.ctx, one) for one in invoices) == [0, 500]

    def test_is_not_matched_again(self, desk: Desk) -> None:
        desk.invoice(500, reference="70010")
        lines = flowed(desk, self.PAID) + flowed(desk, self.BACK)
        assert matching.match_lines(desk.ctx, line_ids=lines) == matching.Matched(0, 0, 2)

    def test_is_linked_to_nothing_by_hand(self, desk: Desk) -> None:
        (paid,) = flowed(desk, Pay(500, end_to_end_id="E1"))
        flowed(desk, self.BACK)
        with pytest.raises(matching.NotLinkable, match="took the payment"):
            desk.link(paid, (desk.invoice(500), 500))

    def test_that_went_out_is_linked_back_as_well(self, desk: Desk) -> None:
        (sent,) = flowed(desk, Pay(-900, end_to_end_id="K1P7"))
        (back,) = flowed(desk, Pay(900, end_to_end_id="K1P7", returned="AC01", day=NEXT))
        with tenant.scope(desk.ctx.tenant_id):
            assert banking.return_of(sent) == (back, sent, "AC01")
        assert every(desk.ctx, WAITING) == []


class TestAnOrdinaryOutgoingPayment:
    def test_takes_nothing_back(self, desk: Desk) -> None:
        invoice = desk.invoice(500, reference="70010")
        flowed(desk, Pay(500, "70010", end_to_end_id="E1"))
        (out,) = flowed(desk, Pay(-500, end_to_end_id="E1", day=NEXT))
        assert open_minor(desk.ctx, invoice) == 0
        assert every(desk.ctx, WAITING) == [(out, "matching.outgoing")]
