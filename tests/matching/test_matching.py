"""The robot: links what is certain, lets the rest wait with its reason."""

from dataclasses import replace
from datetime import date

import pytest

from bank_files import Pay
from cast import keyed
from desk import Desk
from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts
from kvit.matching import commands, queries
from receivables import balance, books, counts, every, new_customer, problems, unallocated
from tables import contents, run_twice


class TestMatchingLines:
    def test_links_what_agrees_and_lets_the_rest_wait(self, desk: Desk) -> None:
        paid = desk.invoice(1000, reference="70010")
        lines = desk.bank(
            Pay(1000, "70010"),
            Pay(500, text="for March", name="Nils Berg"),
            Pay(-300, text="rent"),
            Pay(7, "99999", name="Nils Berg"),
        )
        matched = run_twice(commands.match_lines, desk.ctx, line_ids=tuple(lines))
        assert matched == commands.Matched(linked=1, waiting=3, known=0)
        assert desk.open(paid) == 0
        (link,) = desk.links(lines[0])
        assert (link.by_robot, link.state, link.evidence_code) == (True, "live", "reference_equal")
        assert link.evidence.startswith("reference equal, amount equal")
        assert [desk.waits(line)[0].reason_code for line in lines[1:]] == [
            "matching.no_reference",
            "matching.outgoing",
            "matching.unknown_reference",
        ]
        assert desk.waits(lines[0]) == []
        assert unallocated(desk.ctx) == 500 - 300 + 7
        assert problems(desk.ctx) == ()

    def test_moves_the_money_to_the_customer_on_the_day_it_came(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        desk.match(desk.bank(Pay(1000, "70010", day=date(2026, 3, 5))))
        assert every(desk.ctx, "SELECT entry_date, kind, subject_kind FROM ledger_entry ORDER BY id DESC LIMIT 1") == [
            (date(2026, 3, 5), "payment", "bank_line")
        ]
        assert every(desk.ctx, "SELECT allocation_date, amount_minor FROM ledger_allocation") == [
            (date(2026, 3, 5), 1000)
        ]
        assert balance(desk.ctx, Accounts.RECEIVABLE) == 0

    def test_reads_the_reference_out_of_a_text(self, desk: Desk) -> None:
        invoice = desk.invoice(1000, reference="70010")
        assert desk.match(desk.bank(Pay(1000, text="Invoice 70010, thank you"))).linked == 1
        assert desk.open(invoice) == 0

    def test_finds_the_reference_that_it_gave_itself(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        assert invoice.payment_reference is not None
        assert desk.match(desk.bank(Pay(1000, invoice.payment_reference))).linked == 1

    def test_lets_the_earlier_of_two_payments_pay_whatever_the_order_of_the_lines(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        late, early = desk.bank(Pay(1000, "70010", day=date(2026, 3, 5)), Pay(1000, "70010", day=date(2026, 3, 4)))
        assert desk.match([late, early]) == commands.Matched(linked=2, waiting=0, known=0)
        assert desk.links(early)[0].evidence_code == "reference_equal"
        assert desk.links(late)[0].evidence_code == "paid_twice"
        (item,) = desk.waits(late)
        assert (item.kind, item.reason_code) == (commands.ADVANCE, "matching.paid_twice")
        assert desk.advance() == 1000

    def test_changes_nothing_that_is_linked_when_it_is_repeated(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        lines = desk.bank(Pay(1000, "70010"), Pay(5, "99999"))
        desk.match(lines)
        before, count = books(desk.ctx), counts(desk.ctx)
        assert desk.match(lines) == commands.Matched(linked=0, waiting=1, known=1)
        assert (books(desk.ctx), counts(desk.ctx)) == (before, count)

    def test_links_what_waited_once_its_invoice_is_there(self, desk: Desk) -> None:
        (line,) = desk.bank(Pay(1000, "70010"))
        desk.match([line])
        assert desk.waits(line)[0].reason_code == "matching.unknown_reference"
        desk.invoice(1000, reference="70010")
        assert desk.match([line]).linked == 1
        assert desk.waits(line) == []

    def test_never_pays_a_draft_nor_one_that_is_paid(self, desk: Desk) -> None:
        invoice = desk.invoice(1000, reference="70010")
        lines = desk.bank(Pay(1000, "70010"), Pay(1000, "70010", bank_id="2"))
        assert desk.match(lines[:1]).linked == 1
        assert desk.match(lines[1:]).linked == 1
        (item,) = desk.waits(lines[1])
        assert (item.kind, item.reason_params) == (commands.ADVANCE, {"invoice": invoice.number})
        assert (desk.open(invoice), desk.advance()) == (0, 1000)

    def test_leaves_lines_of_a_held_statement_alone(self, desk: Desk) -> None:
        from bank_files import Stmt, camt, file
        from kvit.banking import jobs
        from kvit.banking import queries as banking

        desk.invoice(1000, reference="70010")
        held = jobs.import_file(
            desk.ctx, file(camt(Stmt([Pay(1000, "70010")], off_minor=1))), name="held.xml"
        ).statements[0]
        with tenant.scope(desk.ctx.tenant_id):
            lines = banking.line_ids_of(held.statement_id)
        assert desk.match(lines) == commands.Matched(linked=0, waiting=0, known=0)

    def test_pays_an_invoice_whose_write_off_was_taken_back(self, desk: Desk) -> None:
        invoice = desk.invoice(1000, reference="70010")
        with tenant.scope(desk.ctx.tenant_id):
            item_id = queries.receivables([invoice.id])[invoice.id].id
        day = date(2026, 3, 1)
        gone = ledger.write_off(desk.ctx, item_id=item_id, amount_minor=1000, reason="bankrupt", on_date=day)
        ledger.take_back(desk.ctx, allocation_ids=(gone.allocation_id,), on_date=day)
        ledger.reverse(desk.ctx, entry_ids=(gone.entry_id,), on_date=day)
        (first, second) = desk.bank(Pay(1000, "70010"), Pay(1000, "70010", bank_id="2"))
        assert desk.match([first]).linked == 1
        assert desk.open(invoice) == 0
        assert desk.match([second]).linked == 1
        assert desk.advance() == 1000
        assert problems(desk.ctx) == ()

    def test_does_nothing_for_another_tenant(self, desk: Desk, cilla: Ctx) -> None:
        desk.invoice(1000, reference="70010")
        lines = desk.bank(Pay(1000, "70010"))
        before = contents(desk.ctx)
        assert commands.match_lines(cilla, line_ids=tuple(lines)) == commands.Matched(0, 0, 0)
        assert contents(desk.ctx) == before

    def test_is_refused_under_a_used_key_with_other_lines(self, desk: Desk) -> None:
        lines = desk.bank(Pay(1, "1"), Pay(2, "2"))
        commands.match_lines(keyed(desk.ctx, "k"), line_ids=(lines[0],))
        with pytest.raises(KeyReused):
            commands.match_lines(keyed(desk.ctx, "k"), line_ids=(lines[1],))

    def test_announces_a_set_of_links_once(self, desk: Desk) -> None:
        for number in range(3):
            desk.invoice(100, reference=f"7001{number}")
        desk.match(desk.bank(*(Pay(100, f"7001{number}") for number in range(3))))
        ((count, body),) = every(
            desk.ctx,
            "SELECT count(*), min(jsonb_array_length(body -> 'link_ids')) FROM base_event "
            "WHERE type = 'matching.PaymentsLinked'",
        )
        assert (count, body) == (1, 3)


class TestVerification:
    """Each fault planted here must be found; none is there in what the commands do."""

    @pytest.fixture
    def linked(self, desk: Desk) -> Desk:
        desk.invoice(1000, reference="70010")
        desk.match(desk.bank(Pay(1000, "70010"), Pay(77)))
        assert problems(desk.ctx) == ()
        return desk

    def verify(self, desk: Desk) -> list[str]:
        with tenant.scope(desk.ctx.tenant_id):
            return [problem.reason for problem in queries.verify()]

    def test_finds_a_link_called_undone_whose_entry_stands(self, linked: Desk) -> None:
        from kvit.base import rows

        with tenant.scope(linked.ctx.tenant_id):
            rows.run("UPDATE matching_link SET state = 'undone'")
        assert len(self.verify(linked)) == 2
        assert any("was undone, its entry says otherwise" in reason for reason in self.verify(linked))

    def test_finds_an_entry_that_was_reversed_behind_a_live_link(self, linked: Desk) -> None:
        with tenant.scope(linked.ctx.tenant_id):
            ((entry_id,),) = every(linked.ctx, "SELECT entry_id FROM matching_link")
            from kvit.ledger import queries as ledger_queries

            allocations = ledger_queries.live_allocations(
                [item.id for item in ledger_queries.items_of_entries([entry_id])]
            )
        ledger.take_back(linked.ctx, allocation_ids=allocations, on_date=date(2026, 3, 3))
        ledger.reverse(linked.ctx, entry_ids=(entry_id,), on_date=date(2026, 3, 3))
        assert any("holds, its entry says otherwise" in reason for reason in self.verify(linked))

    def test_finds_money_that_left_the_bank_movements_without_a_link(self, linked: Desk) -> None:
        from kvit.ledger.domain import Posting, PostingLine

        lines = (PostingLine(Accounts.UNALLOCATED, 77, "SEK"), PostingLine(Accounts.ROUNDING, -77, "SEK"))
        ledger.post(linked.ctx, postings=(Posting(date(2026, 3, 3), "stray", "none", 1, lines),))
        assert self.verify(linked) == ["SEK: 0 not allocated in the books, -77 by lines and links (minor units)"]

    def test_finds_it_in_a_currency_without_an_account(self, linked: Desk) -> None:
        from bank_files import Stmt, camt, file
        from kvit.banking import commands as banking
        from kvit.banking import jobs
        from kvit.ledger.domain import Posting, PostingLine

        mixed = file(camt(Stmt([Pay(5, currency="EUR")])))
        (held,) = jobs.import_file(linked.ctx, mixed, name="mixed.xml").statements
        banking.release_statement(linked.ctx, statement_id=held.statement_id, reason="confirmed")
        assert self.verify(linked) == []
        lines = (PostingLine(Accounts.UNALLOCATED, 5, "EUR"), PostingLine(Accounts.ROUNDING, -5, "EUR"))
        ledger.post(linked.ctx, postings=(Posting(date(2026, 3, 3), "stray", "none", 1, lines),))
        assert len(self.verify(linked)) == 1


class TestWhatIsShown:
    def test_of_waiting_lines_is_the_oldest_first(self, desk: Desk) -> None:
        first, second = desk.bank(Pay(1)), desk.bank(Pay(2))
        desk.match(second)
        commands.match_lines(replace(desk.ctx, now=desk.ctx.now.replace(hour=9)), line_ids=tuple(first))
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.waiting_lines() == [*second, *first]

    def test_of_linked_lines_is_their_number_and_the_latest(self, desk: Desk) -> None:
        desk.invoice(100, reference="70010")
        lines = desk.bank(Pay(100, "70010"), Pay(2))
        desk.match(lines)
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.linked(lines) == {lines[0]}
            assert (queries.count_live(), queries.latest_linked(limit=5)) == (1, [lines[0]])

    def test_of_a_customer_is_nothing_of_others(self, desk: Desk) -> None:
        """Two customers whose invoices are alike: only the one whose reference is quoted is paid."""
        eva = new_customer(desk.ctx, "Eva Lind")
        bos, evas = desk.invoice(1000, reference="70010"), desk.invoice(1000, of=eva, reference="70020")
        desk.match(desk.bank(Pay(1000, "70020", name="Bo Ek")))
        assert (desk.open(bos), desk.open(evas)) == (1000, 0)
