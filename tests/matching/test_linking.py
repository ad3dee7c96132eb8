"""A person says what a payment pays."""

import pytest

from bank_files import Pay
from cast import keyed
from desk import Desk
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.ledger.commands import OverAllocated
from kvit.ledger.domain import Accounts
from kvit.matching import commands
from kvit.matching.commands import Target
from receivables import balance, every, new_customer, problems, unallocated
from tables import contents, run_twice


class TestLinkingAPayment:
    def test_pays_an_invoice(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000, text="for March", name="Nils Berg"))
        desk.match([line])
        linked = run_twice(commands.link_payment, desk.ctx, line_id=line, targets=(Target(invoice.id, 1000),))
        assert linked.advance_minor == 0
        assert desk.open(invoice) == 0
        (link,) = desk.links(line)
        assert (link.id, link.by_robot, link.evidence_code) == (linked.link_id, False, "by_hand")
        assert desk.waits(line) == []
        assert every(desk.ctx, "SELECT outcome FROM work_item") == [("linked",)]
        assert problems(desk.ctx) == ()

    def test_pays_a_part_of_it(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(400))
        desk.link(line, (invoice, 400))
        assert desk.open(invoice) == 600
        assert balance(desk.ctx, Accounts.RECEIVABLE) == 600
        assert problems(desk.ctx) == ()

    def test_pays_several_at_once(self, desk: Desk) -> None:
        one, two, three = (desk.invoice(amount) for amount in (500, 300, 900))
        (line,) = desk.bank(Pay(1000))
        assert desk.link(line, (one, 500), (two, 300), (three, 200)).advance_minor == 0
        assert [desk.open(invoice) for invoice in (one, two, three)] == [0, 0, 700]
        assert every(desk.ctx, "SELECT count(*) FROM ledger_allocation") == [(3,)]
        assert problems(desk.ctx) == ()

    def test_leaves_the_rest_as_the_customers_advance(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1500))
        assert desk.link(line, (invoice, 1000)).advance_minor == 500
        assert every(desk.ctx, "SELECT side, amount_minor, open_minor, party_id FROM ledger_openitem ORDER BY id") == [
            ("debit", 1000, 0, desk.bo.party_id),
            ("credit", 1500, 500, desk.bo.party_id),
        ]
        assert (balance(desk.ctx, Accounts.RECEIVABLE), unallocated(desk.ctx)) == (-500, 0)
        assert problems(desk.ctx) == ()

    def test_may_give_one_invoice_less_than_the_payment_is(self, desk: Desk) -> None:
        """The clerk knows that the rest is for the next invoice."""
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000))
        assert desk.link(line, (invoice, 1)).advance_minor == 999
        assert desk.open(invoice) == 999

    def test_works_on_a_line_that_nobody_has_matched_yet(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000, "99999"))
        desk.link(line, (invoice, 1000))
        assert desk.match([line]) == commands.Matched(linked=0, waiting=0, known=1)

    def test_is_refused_for_a_line_that_is_linked(self, desk: Desk) -> None:
        one, two = desk.invoice(1000), desk.invoice(1000)
        (line,) = desk.bank(Pay(1000))
        desk.link(line, (one, 1000))
        before = contents(desk.ctx)
        with pytest.raises(commands.AlreadyLinked, match="undo the link first"):
            desk.link(line, (two, 1000))
        assert contents(desk.ctx) == before

    def test_is_refused_for_more_than_the_payment_is(self, desk: Desk) -> None:
        one, two = desk.invoice(1000), desk.invoice(1000)
        (line,) = desk.bank(Pay(1500))
        with pytest.raises(commands.NotLinkable, match="500 minor units more"):
            desk.link(line, (one, 1000), (two, 1000))

    def test_is_refused_for_more_than_is_open(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        first, second = desk.bank(Pay(700), Pay(700, bank_id="2"))
        desk.link(first, (invoice, 700))
        before = contents(desk.ctx)
        with pytest.raises(OverAllocated):
            desk.link(second, (invoice, 700))
        assert contents(desk.ctx) == before

    def test_is_refused_for_invoices_of_several_customers(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        (line,) = desk.bank(Pay(1000))
        with pytest.raises(commands.SeveralCustomers, match="several customers"):
            desk.link(line, (desk.invoice(500), 500), (desk.invoice(500, of=eva), 500))

    def test_is_refused_for_an_invoice_in_another_currency(self, desk: Desk) -> None:
        euro = new_customer(desk.ctx, "Eva Lind", currency="EUR")
        (line,) = desk.bank(Pay(1000))
        with pytest.raises(commands.NotLinkable, match="the payment is in SEK"):
            desk.link(line, (desk.invoice(1000, of=euro), 1000))

    def test_is_refused_for_money_that_went_out_or_a_line_that_is_not_there(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(-1000))
        for wrong in (line, line + 1):
            with pytest.raises(commands.NotLinkable, match=r"no payment that came in|no booked line"):
                desk.link(wrong, (invoice, 1000))

    @pytest.mark.parametrize("amounts", [(), (0,), (-5,), (1000, 0)])
    def test_is_refused_without_invoices_or_amounts(self, desk: Desk, amounts: tuple[int, ...]) -> None:
        (line,) = desk.bank(Pay(1000))
        targets = [(desk.invoice(1000), amount) for amount in amounts]
        with pytest.raises(commands.NotLinkable, match="an amount above zero"):
            desk.link(line, *targets)

    def test_is_refused_for_an_invoice_named_twice(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000))
        with pytest.raises(commands.NotLinkable, match="twice"):
            desk.link(line, (invoice, 500), (invoice, 500))

    def test_is_refused_for_what_is_no_issued_invoice(self, desk: Desk) -> None:
        from decimal import Decimal

        from kvit.invoicing import commands as invoicing
        from kvit.invoicing.domain import Draft, DraftLine
        from receivables import ISSUED

        goods = (DraftLine("Goods", Decimal(1), Decimal(10), Decimal(0)),)
        draft = invoicing.draft_invoices(desk.ctx, drafts=(Draft(desk.bo.id, goods),), day=ISSUED).invoice_ids[0]
        invoice = desk.invoice(1000)
        credit = invoicing.draft_credit_note(desk.ctx, invoice_id=invoice.id, reason="returned").invoice_id
        invoicing.issue_invoices(desk.ctx, invoice_ids=(credit,), issue_date=ISSUED)
        (line,) = desk.bank(Pay(1000))
        for wrong in (draft, credit, invoice.id + 100):
            with pytest.raises(commands.NotLinkable, match=f"document {wrong} is no invoice that can be paid"):
                commands.link_payment(desk.ctx, line_id=line, targets=(Target(wrong, 1000),))

    def test_is_refused_to_another_tenant_for_line_and_invoice(self, desk: Desk, cilla: Ctx) -> None:
        from desk import open_desk

        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000))
        hers = open_desk(cilla)
        her_invoice = hers.invoice(1000)
        (her_line,) = hers.bank(Pay(1000))
        before = contents(desk.ctx)
        for wrong_line, wrong_invoice in ((line, her_invoice), (her_line, invoice), (line, invoice)):
            with pytest.raises(commands.NotLinkable):
                desk.link(wrong_line, (wrong_invoice, 1000), ctx=cilla)
        assert contents(desk.ctx) == before

    def test_is_refused_under_a_used_key_with_other_targets(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000))
        desk.link(line, (invoice, 1000), ctx=keyed(desk.ctx, "k"))
        with pytest.raises(KeyReused):
            desk.link(line, (invoice, 900), ctx=keyed(desk.ctx, "k"))


class TestALinkedStatement:
    def test_can_no_longer_be_rejected(self, desk: Desk) -> None:
        from kvit.banking import commands as banking

        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(1000))
        desk.link(line, (invoice, 1000))
        ((statement_id,),) = every(desk.ctx, "SELECT statement_id FROM banking_line")
        with pytest.raises(NotMovable):
            banking.reject_statement(desk.ctx, statement_id=statement_id, reason="wrong")
