"""Scorecard row 4: an item is never settled beyond its amount, whoever races for it."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import connections

from cast import in_threads, open_company
from kvit.base import rows, tenant
from kvit.base.command import Ctx, command
from kvit.ledger import commands, queries
from kvit.ledger.domain import Pairing, Posting, PostingLine
from ledger.books import DAY, Books, open_books
from ledger.sessions import app_session
from soak import long_form

OWED = 100
ROUNDS = pytest.mark.parametrize(("rounds", "clients"), [pytest.param(20, 16, id="quick"), long_form(200, 32)])


@dataclass(frozen=True)
class Paid:
    """The payment's allocation."""

    allocation_id: int


@command
def pay(ctx: Ctx, *, item_id: int, party_id: int, amount_minor: int) -> Paid:
    """Book a payment and settle an item with it, in one transaction."""
    lines = (
        PostingLine("unallocated", amount_minor, "SEK"),
        PostingLine("receivable", -amount_minor, "SEK", party_id=party_id),
    )
    entry_ids = commands.post(ctx, postings=(Posting(DAY, "payment", "test", 1, lines),)).entry_ids
    (credit,) = queries.items_of_entries(entry_ids)
    return Paid(commands.allocate(ctx, pairings=(Pairing(item_id, credit.id, amount_minor, DAY),)).allocation_ids[0])


def settled(books: Books, item_id: int) -> int:
    """What allocations settle of an item, summed from their rows."""
    with tenant.scope(books.ctx.tenant_id):
        return int(
            rows.select("SELECT sum(amount_minor) FROM ledger_allocation WHERE debit_item_id = %s", [item_id])[0][0]
            or 0
        )


@pytest.fixture
def rivals(live: None) -> Books:
    """Books for a race with real commits."""
    return open_books(open_company())


def many_payments(books: Books, clients: int) -> None:
    """Credits that wait in the books, each allocated to the same item at once."""
    invoice = books.item(OWED)
    postings = tuple(books.posting(-30) for _ in range(clients))
    credits = books.items(*commands.post(books.ctx, postings=postings).entry_ids)
    answers = in_threads(clients, lambda n: books.allocate(invoice, credits[n].id, 30))
    assert Counter(type(a).__name__ for a in answers) == {"int": 3, "OverAllocated": clients - 3}
    assert settled(books, invoice) == 90


def all_kinds(books: Books, clients: int, random: Random) -> None:
    """Payments, a credit that settles what is open, write-offs."""
    invoice, credit = books.item(OWED), books.item(-OWED)
    amounts = [random.choice([40, 60, OWED]) for _ in range(clients)]

    def act(n: int) -> Any:
        if n % 3 == 0:
            return pay(books.ctx, item_id=invoice, party_id=books.bo, amount_minor=amounts[n])
        if n % 3 == 1:
            return commands.settle(books.ctx, pairs=((invoice, credit),), on_date=DAY)
        return commands.write_off(books.ctx, item_id=invoice, amount_minor=amounts[n], reason="lost", on_date=DAY)

    answers = in_threads(clients, act)
    refused = {type(answer) for answer in answers if isinstance(answer, Exception)}
    assert refused <= {commands.OverAllocated, commands.NothingOpen}, answers
    assert settled(books, invoice) == OWED
    assert invoice not in books.open()


def undo_at_once(books: Books, clients: int) -> None:
    """The same allocation taken back, then the same entry reversed."""
    entry_id = books.post(OWED)
    (invoice,), credit = books.items(entry_id), books.item(-OWED)
    allocation_id = books.allocate(invoice.id, credit, OWED)
    answers: list[Any] = in_threads(
        clients, lambda n: commands.take_back(books.ctx, allocation_ids=(allocation_id,), on_date=DAY)
    )
    assert Counter(type(a).__name__ for a in answers) == {"Allocated": 1, "NotAllocated": clients - 1}
    answers = in_threads(clients, lambda n: commands.reverse(books.ctx, entry_ids=(entry_id,), on_date=DAY))
    assert Counter(type(a).__name__ for a in answers) == {"Posted": 1, "AlreadyReversed": clients - 1}


@pytest.mark.race
class TestOneItem:
    @ROUNDS
    def test_is_settled_once_by_many_payments(self, rivals: Books, rounds: int, clients: int) -> None:
        for _ in range(rounds):
            many_payments(rivals, clients)
        assert rivals.problems() == []

    @ROUNDS
    def test_is_settled_once_by_payment_credit_and_write_off(self, rivals: Books, rounds: int, clients: int) -> None:
        for number in range(rounds):
            all_kinds(rivals, clients, Random(number))
        assert rivals.problems() == []

    @ROUNDS
    def test_is_taken_back_and_reversed_once(self, rivals: Books, rounds: int, clients: int) -> None:
        for _ in range(rounds):
            undo_at_once(rivals, clients)
        assert rivals.problems() == []


@pytest.mark.race
class TestTheRace:
    """Planted fault: the same race is lost nearly always where nobody but the program looks at what is open."""

    def test_is_lost_by_who_reads_checks_and_inserts(self, rivals: Books) -> None:
        rounds, clients, lost = 10, 16, 0
        with connections["owner"].cursor() as cursor:
            cursor.execute("CREATE TABLE naive_allocation (round int, amount_minor bigint)")
            cursor.execute("GRANT SELECT, INSERT ON naive_allocation TO PUBLIC")
            try:
                for number in range(rounds):
                    in_threads(clients, partial(allocate_naively, rivals.ctx, number))
                    cursor.execute("SELECT sum(amount_minor) FROM naive_allocation WHERE round = %s", [number])
                    lost += cursor.fetchone()[0] > OWED
            finally:
                cursor.execute("DROP TABLE naive_allocation")
        assert lost > rounds / 2


def allocate_naively(ctx: Ctx, number: int, _: int) -> None:
    """Read what is left, think for a moment, insert."""
    with app_session(ctx) as session:
        ((taken,),) = session.execute(
            "SELECT coalesce(sum(amount_minor), 0) FROM naive_allocation WHERE round = %s", [number]
        ).fetchall()
        session.execute("SELECT pg_sleep(0.05)")
        if taken + 60 <= OWED:
            session.execute("INSERT INTO naive_allocation VALUES (%s, 60)", [number])
