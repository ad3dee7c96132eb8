"""Any history of matching, linking, splitting, teaching, refunding, setting aside and undoing: the books hold."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_files import Pay
from desk import Desk
from kvit.base import tenant
from kvit.invoicing.queries import InvoiceRow
from kvit.kernel.refusals import DomainError
from kvit.matching import commands, queries
from kvit.matching.commands import Adjustment, Target, Terms
from kvit.matching.domain import RobotRule
from receivables import Customer, books, new_customer, problems

_serials = itertools.count(1)
AMOUNTS = (500, 700, 1200, 480, 500)


@dataclass
class Town:
    """Two customers, their invoices, payments of theirs and of nobody, and two that went out."""

    desk: Desk
    eva: Customer
    invoices: list[InvoiceRow]
    lines: list[int]
    refunds: list[int] = field(default_factory=list)

    def live(self) -> list[int]:
        with tenant.scope(self.desk.ctx.tenant_id):
            return [link.id for link in queries.made_links(self.lines) if link.state == "live"]

    def match(self, at: int, other: int) -> None:
        self.desk.match(self.lines[at % len(self.lines) :])

    def split(self, at: int, other: int) -> None:
        """So much to one invoice, the rest to another one, whosever they are; a fee where it does not go up."""
        line = self.lines[at % 5]
        paid = AMOUNTS[at % 5]
        first, second = (self.invoices[(other + n) % len(self.invoices)] for n in range(2))
        amount = min(self.desk.open(first), paid)
        rest = min(self.desk.open(second), paid - amount)
        targets = tuple(Target(i.id, a) for i, a in ((first, amount), (second, rest)) if a)
        fee = (Adjustment("bank_fees", 5),) if other % 3 == 0 else ()
        terms = Terms(fee, advance_party_id=self.eva.party_id, third_party=True, learn=other % 2 == 0)
        commands.link_payment(self.desk.ctx, line_id=line, targets=targets, terms=terms)

    def confirm(self, at: int, other: int) -> None:
        self.desk.confirm(self.lines[at % 5], rank=1 + other % 2)

    def aside(self, at: int, other: int) -> None:
        commands.set_aside(
            self.desk.ctx, line_id=self.lines[at % len(self.lines)], account="other_costs", reason="no customer's"
        )

    def write_off(self, at: int, other: int) -> None:
        invoice = self.invoices[other % len(self.invoices)]
        gone = self.desk.open(invoice) - AMOUNTS[at % 5]
        terms = Terms((Adjustment("write_off", gone),))
        targets = (Target(invoice.id, self.desk.open(invoice)),)
        commands.link_payment(self.desk.ctx, line_id=self.lines[at % 5], targets=targets, terms=terms)

    def ask_back(self, at: int, other: int) -> None:
        live = self.live()
        if live:
            self.refunds.append(
                commands.ask_refund(
                    self.desk.ctx, link_id=live[at % len(live)], amount_minor=20 + 10 * (other % 2), reason="too much"
                ).refund_id
            )

    def pay_back(self, at: int, other: int) -> None:
        if self.refunds:
            refund = self.refunds[at % len(self.refunds)]
            commands.link_refund(self.desk.ctx, line_id=self.lines[5 + other % 2], refund_id=refund)

    def undo(self, at: int, other: int) -> None:
        if live := self.live():
            self.desk.undo(live[at % len(live)])


MOVES: tuple[Callable[[Town, int, int], None], ...] = (
    Town.match,
    Town.split,
    Town.split,
    Town.confirm,
    Town.aside,
    Town.write_off,
    Town.ask_back,
    Town.pay_back,
    Town.undo,
    Town.undo,
)


@pytest.fixture
def town(desk: Desk) -> Town:
    commands.set_rule(desk.ctx, rule=RobotRule(write_off_up_to_minor=50), reason="small rests")
    eva = new_customer(desk.ctx, "Eva Lind")
    invoices = [
        desk.invoice(500, reference="70010"),
        desk.invoice(500),
        desk.invoice(700, of=eva, reference="70029"),
        desk.invoice(1200, of=eva),
    ]
    return Town(desk, eva, invoices, [])


class TestAnyHistory:
    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 20), st.integers(0, 20)), max_size=12))
    def test_keeps_the_books_and_is_undone_exactly(
        self, town: Town, moves: list[tuple[Callable[[Town, int, int], None], int, int]]
    ) -> None:
        """Every step is done or refused as a whole; no item is paid beyond what is open, nothing is lost."""
        desk = town.desk
        serial = str(next(_serials))
        town.refunds.clear()
        town.lines = desk.bank(
            Pay(500, "70010", bank_id=f"{serial}a"),
            Pay(700, "70092", name="Eva Lind", bank_id=f"{serial}b"),
            Pay(1200, text="for all", name="Eva Lind", bank_id=f"{serial}c"),
            Pay(480, "70010", bank_id=f"{serial}d"),
            Pay(500, text="rent", name="Nils Berg", bank_id=f"{serial}e"),
            Pay(-20, bank_id=f"{serial}f"),
            Pay(-30, bank_id=f"{serial}g"),
        )
        before = books(desk.ctx)
        for move, at, other in moves:
            try:
                move(town, at, other)
            except DomainError:
                assert problems(desk.ctx) == ()
            assert all(0 <= desk.open(one) <= one.gross_minor for one in town.invoices)
        assert problems(desk.ctx) == ()
        while live := town.live():
            desk.undo(live[len(moves) % len(live)])
        assert books(desk.ctx) == before
        assert problems(desk.ctx) == ()
