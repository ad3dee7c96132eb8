"""Any history of imports, matching, linking, splitting, teaching, writing off, refunding and undoing: the books hold.

After every step: the ledger adds up, a refused step has left nothing, no invoice is paid beyond what was open of it,
and the robot has given no money of a payer known as somebody else to a customer without two evidences. Undoing gives
back exactly the state before the link, and at the end, when all is undone, everything is as it was.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bank_files import Pay
from desk import Desk
from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.invoicing.queries import InvoiceRow
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts, bank_account
from kvit.matching import commands, queries
from kvit.matching.commands import Adjustment, Target, Terms, deciding, undoing
from kvit.matching.domain import RobotRule
from kvit.parties import queries as parties
from kvit.parties.domain.names import fold
from receivables import Books, Customer, balance, books, counts, new_customer, problems

_serials = itertools.count(1)
AMOUNTS = (500, 700, 1200, 480, 500, 700)
WHOLE_REFERENCE = {"reference_equal", "reference_without_check_digits", "invoice_number_equal", "all_quoted"}
WHOLE_AMOUNT = {"amount_equal", "sum_equal"}
ON_ACCOUNT = {"item_closed", "paid_twice"}
"""Money that pays nothing: it stands on the account of whose invoice it quotes, and a person is asked."""


@dataclass
class Town:
    """Two customers, their invoices, payments of theirs, of a neighbour and of nobody, and two that went out."""

    desk: Desk
    eva: Customer
    invoices: list[InvoiceRow]
    lines: list[int] = field(default_factory=list)
    refunds: list[int] = field(default_factory=list)
    came_minor: int = 0

    def live(self) -> list[int]:
        with tenant.scope(self.desk.ctx.tenant_id):
            return [link.id for link in queries.made_links(self.lines) if link.state == "live"]

    def bring(self, *pays: Pay) -> None:
        """The bank tells of these movements."""
        self.lines += self.desk.bank(*pays)
        self.came_minor += sum(pay.amount_minor for pay in pays)

    def take_in(self, at: int, other: int) -> None:
        """Another payment comes in, of anybody, for anybody."""
        name = ("Bo Ek", "Eva Lind", "Nils Berg")[at % 3]
        reference = ("70010", "70029", "70092", "")[other % 4]
        self.bring(Pay(AMOUNTS[at % 6], reference, name=name, bank_id=f"{next(_serials)}n"))

    def match(self, at: int, other: int) -> None:
        self.desk.match(self.lines[at % len(self.lines) :])

    def link(self, at: int, other: int) -> None:
        """A person gives a payment to one invoice, as far as that is open; the rest is its customer's advance."""
        line, invoice = self.lines[at % 6], self.invoices[other % len(self.invoices)]
        self.desk.link(line, (invoice, min(self.desk.open(invoice), AMOUNTS[at % 6])))

    def split(self, at: int, other: int) -> None:
        """So much to one invoice, the rest to another one, whosever they are; a fee where it does not go up."""
        line = self.lines[at % 6]
        paid = AMOUNTS[at % 6]
        first, second = (self.invoices[(other + n) % len(self.invoices)] for n in range(2))
        amount = min(self.desk.open(first), paid)
        rest = min(self.desk.open(second), paid - amount)
        targets = tuple(Target(i.id, a) for i, a in ((first, amount), (second, rest)) if a)
        fee = (Adjustment("bank_fees", 5),) if other % 3 == 0 else ()
        terms = Terms(fee, advance_party_id=self.eva.party_id, third_party=True, learn=other % 2 == 0)
        commands.link_payment(self.desk.ctx, line_id=line, targets=targets, terms=terms)

    def learn(self, at: int, other: int) -> None:
        """Somebody is known to pay for a customer, or that is forgotten again."""
        party = (self.desk.bo, self.eva)[at % 2].party_id
        with tenant.scope(self.desk.ctx.tenant_id):
            known = queries.payers(party)
        if known and other % 3 == 0:
            commands.forget_payer(self.desk.ctx, payer_id=known[0].id, reason="moved")
        else:
            name = ("Nils Berg", "Bo Ek", "Eva Lind")[other % 3]
            commands.learn_payer(self.desk.ctx, party_id=party, account="", name=name)

    def confirm(self, at: int, other: int) -> None:
        self.desk.confirm(self.lines[at % 6], rank=1 + other % 2)

    def aside(self, at: int, other: int) -> None:
        commands.set_aside(
            self.desk.ctx, line_id=self.lines[at % len(self.lines)], account="other_costs", reason="no customer's"
        )

    def write_off(self, at: int, other: int) -> None:
        invoice = self.invoices[other % len(self.invoices)]
        gone = self.desk.open(invoice) - AMOUNTS[at % 6]
        terms = Terms((Adjustment("write_off", gone),))
        targets = (Target(invoice.id, self.desk.open(invoice)),)
        commands.link_payment(self.desk.ctx, line_id=self.lines[at % 6], targets=targets, terms=terms)

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
            commands.link_refund(self.desk.ctx, line_id=self.lines[6 + other % 2], refund_id=refund)

    def undo(self, at: int, other: int) -> None:
        if live := self.live():
            self.desk.undo(live[at % len(live)])

    def link_and_undo(self, at: int, other: int) -> None:
        """What a person has just linked is undone at once: nothing is left of it."""
        before = books(self.desk.ctx)
        known = set(self.live())
        self.split(at, other)
        (new,) = set(self.live()) - known
        self.desk.undo(new)
        assert books(self.desk.ctx) == before


MOVES: tuple[Callable[[Town, int, int], None], ...] = (
    Town.take_in,
    Town.match,
    Town.match,
    Town.link,
    Town.split,
    Town.learn,
    Town.confirm,
    Town.aside,
    Town.write_off,
    Town.ask_back,
    Town.pay_back,
    Town.undo,
    Town.undo,
    Town.link_and_undo,
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
    return Town(desk, eva, invoices)


def first_payments(town: Town) -> None:
    serial = str(next(_serials))
    town.lines, town.refunds, town.came_minor = [], [], 0
    town.bring(
        Pay(500, "70010", bank_id=f"{serial}a"),
        Pay(700, "70092", name="Eva Lind", bank_id=f"{serial}b"),
        Pay(1200, text="for all", name="Eva Lind", bank_id=f"{serial}c"),
        Pay(480, "70010", bank_id=f"{serial}d"),
        Pay(500, text="rent", name="Nils Berg", bank_id=f"{serial}e"),
        Pay(700, "", text="as agreed", name="Bo Ek", bank_id=f"{serial}h"),
        Pay(-20, bank_id=f"{serial}f"),
        Pay(-30, bank_id=f"{serial}g"),
    )


def astray(town: Town, links: Sequence[queries.MadeLink], payer_of: dict[int, str]) -> list[int]:
    """The robot's links of money whose payer is known as another customer, without whole reference and whole amount."""
    found = []
    with tenant.scope(town.desk.ctx.tenant_id):
        names = parties.names([town.desk.bo.party_id, town.eva.party_id])
        taught = {party: {payer.name for payer in queries.payers(party)} for party in names}
    for link in links:
        payer = fold(payer_of[link.line_id])
        known = {party for party, name in names.items() if payer in {fold(n) for n in (name, *taught[party])}}
        codes = {code for code, _ in link.reasons}
        is_strange = bool(known) and link.party_id not in known and link.evidence_code not in ON_ACCOUNT
        if link.by_robot and is_strange and not (codes & WHOLE_REFERENCE and codes & WHOLE_AMOUNT):
            found.append(link.id)
    return found


def overpaid(town: Town, before: dict[int, int], links: Sequence[queries.MadeLink]) -> list[int]:
    """Invoices to which links have given more than was open of them before."""
    with tenant.scope(town.desk.ctx.tenant_id):
        settled = ledger.settled_by([link.entry_id for link in links])
    given: dict[int, int] = {}
    for pays in settled.values():
        for kind, subject_id, amount in pays:
            if kind == "invoice":
                given[subject_id] = given.get(subject_id, 0) + amount
    return [invoice_id for invoice_id, amount in given.items() if amount > before.get(invoice_id, 0)]


def step(town: Town, move: Callable[[Town, int, int], None], at: int, other: int) -> None:
    """One step, and all that must hold after it."""
    desk = town.desk
    known, rows_before = set(town.live()), counts(desk.ctx)
    open_before = {one.id: desk.open(one) for one in town.invoices}
    try:
        move(town, at, other)
    except DomainError:
        assert counts(desk.ctx) == rows_before
    assert problems(desk.ctx) == ()
    assert all(0 <= desk.open(one) <= one.gross_minor for one in town.invoices)
    with tenant.scope(desk.ctx.tenant_id):
        new = [link for link in queries.made_links(town.lines) if link.state == "live" and link.id not in known]
        payer_of = payers_of(town)
    assert overpaid(town, open_before, new) == []
    assert astray(town, new, payer_of) == []


def payers_of(town: Town) -> dict[int, str]:
    """Who sent each line, as the bank says. Needs the tenant's scope."""
    return {line.id: line.counterparty_name for line in banking.lines(town.lines)}


def undone(town: Town, many: int) -> Books:
    """The books after everything was undone, in some order, without the money that came in."""
    while live := town.live():
        town.desk.undo(live[many % len(live)])
    return books(town.desk.ctx)


def only_money_came(town: Town, before: Books, after: Books) -> bool:
    """Whether the books differ by nothing but what the bank told of."""
    return (before.items, before.parties) == (after.items, after.parties)


class TestAnyHistory:
    @settings(
        max_examples=20,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 20), st.integers(0, 20)), max_size=12))
    def test_keeps_the_books_and_is_undone_exactly(
        self, town: Town, moves: list[tuple[Callable[[Town, int, int], None], int, int]]
    ) -> None:
        ctx, bank = town.desk.ctx, bank_account(town.desk.account_id)
        first_payments(town)
        at_first, held = town.came_minor, (balance(ctx, bank), balance(ctx, Accounts.UNALLOCATED))
        before = books(ctx)
        for move, at, other in moves:
            step(town, move, at, other)
        after = undone(town, len(moves))
        later = town.came_minor - at_first
        assert only_money_came(town, before, after)
        assert (balance(ctx, bank), balance(ctx, Accounts.UNALLOCATED)) == (held[0] + later, held[1] - later)
        assert problems(ctx) == ()
        assert later or after == before


class TestTheChecks:
    """Each of them turns red when what it watches over is taken away."""

    def guessed(self, town: Town) -> list[queries.MadeLink]:
        """Eva is known to pay with Nils's name; he pays what Bo alone owes, and quotes nothing."""
        desk = town.desk
        first_payments(town)
        commands.learn_payer(desk.ctx, party_id=town.eva.party_id, account="", name="Nils Berg")
        desk.invoice(123_400)
        town.bring(Pay(123_400, name="Nils Berg", bank_id=f"{next(_serials)}x"))
        desk.match(town.lines[-1:])
        with tenant.scope(desk.ctx.tenant_id):
            return list(queries.made_links(town.lines[-1:]))

    def test_ask_about_another_customers_payer(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(deciding, "_least", lambda _: (0, 1_000_000))
        assert self.guessed(town) == []

    def test_see_money_that_went_astray(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: one evidence is enough for the robot."""
        monkeypatch.setattr(deciding, "_least", lambda _: (0, 1_000_000))
        monkeypatch.setattr("kvit.matching.domain.outcomes.speaks_for_two", lambda _: True)
        links = self.guessed(town)
        with tenant.scope(town.desk.ctx.tenant_id):
            payer_of = payers_of(town)
        assert astray(town, links, payer_of) == [links[0].id]

    def test_see_what_was_paid_though_nothing_was_open(self, town: Town) -> None:
        """The planted fault: the invoice counts as closed before."""
        first_payments(town)
        town.match(0, 0)
        with tenant.scope(town.desk.ctx.tenant_id):
            links = queries.made_links(town.lines)
        assert overpaid(town, {one.id: one.gross_minor for one in town.invoices}, links) == []
        assert town.invoices[0].id in overpaid(town, {}, links)

    def test_see_an_undoing_that_leaves_something(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the entry of an undone link stands."""
        first_payments(town)
        before = books(town.desk.ctx)
        town.link(0, 0)
        monkeypatch.setattr(undoing.ledger, "reverse", lambda *_, **__: None)
        town.undo(0, 0)
        assert books(town.desk.ctx) != before
        assert problems(town.desk.ctx) != ()

    def test_see_a_refusal_that_leaves_something(self, town: Town) -> None:
        """The planted fault: a step does half of its work and then refuses."""

        def half(town: Town, at: int, other: int) -> None:
            town.link(at, other)
            town.link(at, other)

        first_payments(town)
        with pytest.raises(AssertionError):
            step(town, half, 0, 0)
