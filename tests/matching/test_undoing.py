"""Taking a link back restores the books exactly and keeps the whole history."""

import itertools
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_files import Pay
from cast import keyed
from desk import Desk
from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import commands as ledger
from kvit.ledger import queries as ledger_queries
from kvit.ledger.domain import Pairing
from kvit.matching import commands, queries
from receivables import books, every, problems
from tables import contents, run_twice

TODAY = date(2026, 3, 2)
_serials = itertools.count(1)


@dataclass(frozen=True)
class Case:
    """Three invoices of Bo and one payment."""

    desk: Desk
    invoices: tuple[InvoiceRow, InvoiceRow, InvoiceRow]
    line: int


@pytest.fixture
def case(desk: Desk) -> Case:
    invoices = (desk.invoice(500, reference="70010"), desk.invoice(300), desk.invoice(900))
    (line,) = desk.bank(Pay(1000))
    return Case(desk, invoices, line)


class TestUndoingALink:
    def test_restores_balances_items_and_accounts_exactly(self, case: Case) -> None:
        before = books(case.desk.ctx)
        one, two, _ = case.invoices
        link = case.desk.link(case.line, (one, 500), (two, 200)).link_id
        assert books(case.desk.ctx) != before
        undone = run_twice(commands.undo_link, case.desk.ctx, link_id=link, reason="wrong customer", on_date=TODAY)
        assert undone == commands.Undone(case.line)
        assert books(case.desk.ctx) == before
        assert problems(case.desk.ctx) == ()

    def test_of_the_robots_works_the_same(self, desk: Desk) -> None:
        desk.invoice(500, reference="70010")
        (line,) = desk.bank(Pay(500, "70010"))
        before = books(desk.ctx)
        desk.match([line])
        desk.undo(desk.links(line)[0].id)
        assert books(desk.ctx) == before
        assert problems(desk.ctx) == ()

    def test_keeps_both_entries_and_both_links(self, case: Case) -> None:
        one, two, _ = case.invoices
        first = case.desk.link(case.line, (one, 500)).link_id
        case.desk.undo(first)
        second = case.desk.link(case.line, (two, 300)).link_id
        assert [(link.id, link.state) for link in case.desk.links(case.line)] == [(first, "undone"), (second, "live")]
        assert every(
            case.desk.ctx, "SELECT kind, reverses_id IS NOT NULL FROM ledger_entry WHERE kind = 'payment' ORDER BY id"
        ) == [("payment", False), ("payment", True), ("payment", False)]
        assert every(
            case.desk.ctx, "SELECT amount_minor, reverses_id IS NOT NULL FROM ledger_allocation ORDER BY id"
        ) == [
            (500, False),  # settled by the first link
            (-500, True),  # taken back
            (1000, False),  # the payment's item, settled by its mirror
            (300, False),  # settled by the second link
        ]
        assert every(case.desk.ctx, "SELECT from_state, to_state FROM base_statechange WHERE kind = 'link'") == [
            ("live", "undone")
        ]

    def test_lets_the_payment_wait_again_with_the_reason(self, case: Case) -> None:
        link = case.desk.link(case.line, (case.invoices[0], 500)).link_id
        case.desk.undo(link, "it was Eva's")
        (item,) = case.desk.waits(case.line)
        assert (item.reason_code, item.reason) == ("matching.undone", "its link was undone: it was Eva's")

    def test_without_a_reason_says_so(self, case: Case) -> None:
        case.desk.undo(case.desk.link(case.line, (case.invoices[0], 500)).link_id, " ")
        assert case.desk.waits(case.line)[0].reason == "its link was undone: no reason given"

    def test_lets_it_be_linked_to_another_invoice(self, case: Case) -> None:
        one, two, three = case.invoices
        case.desk.undo(case.desk.link(case.line, (one, 500)).link_id)
        case.desk.link(case.line, (two, 300), (three, 700))
        assert [case.desk.open(invoice) for invoice in case.invoices] == [500, 0, 200]
        assert case.desk.waits(case.line) == []
        assert problems(case.desk.ctx) == ()

    def test_can_be_done_again_and_again(self, case: Case) -> None:
        before = books(case.desk.ctx)
        for _ in range(3):
            case.desk.undo(case.desk.link(case.line, (case.invoices[2], 900)).link_id)
        assert books(case.desk.ctx) == before
        assert len(case.desk.links(case.line)) == 3
        assert problems(case.desk.ctx) == ()

    def test_takes_back_what_its_advance_has_settled_since(self, case: Case) -> None:
        one, two, _ = case.invoices
        before = books(case.desk.ctx)
        link = case.desk.link(case.line, (one, 500)).link_id
        with tenant.scope(case.desk.ctx.tenant_id):
            advance = next(item for item in ledger_queries.open_items(case.desk.bo.party_id) if item.side == "credit")
            owed = queries.receivables([two.id])[two.id]
        ledger.allocate(case.desk.ctx, pairings=(Pairing(owed.id, advance.id, 300, TODAY),))
        assert case.desk.open(two) == 0
        case.desk.undo(link)
        assert case.desk.open(two) == 300
        assert books(case.desk.ctx) == before
        assert problems(case.desk.ctx) == ()

    def test_says_what_was_known_before_it(self, case: Case) -> None:
        """Books as of the day of the link, as known then, stay what they were."""
        link = case.desk.link(case.line, (case.invoices[0], 500)).link_id
        later = replace(case.desk.ctx, now=case.desk.ctx.now.replace(day=9))
        commands.undo_link(later, link_id=link, reason="wrong", on_date=date(2026, 3, 9))
        with tenant.scope(case.desk.ctx.tenant_id):
            then = ledger_queries.open_items(case.desk.bo.party_id, as_of=TODAY, known_at=case.desk.ctx.now)
            now = ledger_queries.open_items(case.desk.bo.party_id)
        one = case.invoices[0]
        assert one.id not in {item.subject_id for item in then if item.side == "debit"}
        assert one.id in {item.subject_id for item in now if item.side == "debit"}

    def test_is_refused_a_second_time(self, case: Case) -> None:
        link = case.desk.link(case.line, (case.invoices[0], 500)).link_id
        case.desk.undo(link)
        before = contents(case.desk.ctx)
        with pytest.raises(commands.NotLinked):
            case.desk.undo(link)
        assert contents(case.desk.ctx) == before

    def test_is_refused_for_a_link_that_is_not_there_and_to_another_tenant(self, case: Case, cilla: Ctx) -> None:
        link = case.desk.link(case.line, (case.invoices[0], 500)).link_id
        before = contents(case.desk.ctx)
        for ctx, wrong in ((case.desk.ctx, link + 1), (cilla, link)):
            with pytest.raises(commands.NotLinked):
                commands.undo_link(ctx, link_id=wrong, reason="wrong", on_date=TODAY)
        assert contents(case.desk.ctx) == before

    def test_is_refused_under_a_used_key_for_another_link(self, case: Case) -> None:
        link = case.desk.link(case.line, (case.invoices[0], 500)).link_id
        given = {"link_id": link, "on_date": TODAY}
        commands.undo_link(keyed(case.desk.ctx, "k"), reason="wrong", **given)  # type: ignore[arg-type]
        with pytest.raises(KeyReused):
            commands.undo_link(keyed(case.desk.ctx, "k"), reason="other", **given)  # type: ignore[arg-type]

    def test_would_leave_the_invoice_paid_if_nothing_were_taken_back(
        self, case: Case, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the allocations stay; the books refuse to reverse the entry beneath them."""
        link = case.desk.link(case.line, (case.invoices[0], 500)).link_id
        monkeypatch.setattr(ledger, "take_back", lambda *_, **__: None)
        with pytest.raises(ledger.ItemsAllocated):
            case.desk.undo(link)


class TestAnyHistoryOfLinks:
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(
        moves=st.lists(
            st.tuples(st.integers(0, 2), st.lists(st.integers(0, 300), min_size=3, max_size=3)), min_size=1, max_size=6
        )
    )
    def test_undone_leaves_the_books_as_they_were(self, case: Case, moves: list[tuple[int, list[int]]]) -> None:
        """Several payments are linked in any way and undone in any order."""
        desk = case.desk
        lines = desk.bank(*(Pay(400, bank_id=str(next(_serials))) for _ in range(3)))
        before = books(desk.ctx)
        live: dict[int, int] = {}
        for which, amounts in moves:
            line = lines[which]
            if line in live:
                desk.undo(live.pop(line))
                continue
            left, targets = 400, []
            for invoice, wish in zip(case.invoices, amounts, strict=True):
                amount = min(wish, left, desk.open(invoice))
                if amount:
                    targets.append((invoice, amount))
                    left -= amount
            if targets:
                live[line] = desk.link(line, *targets).link_id
            assert all(desk.open(invoice) >= 0 for invoice in case.invoices)
        assert problems(desk.ctx) == ()
        for link in live.values():
            desk.undo(link)
        assert books(desk.ctx) == before
        assert problems(desk.ctx) == ()
