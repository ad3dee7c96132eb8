"""Balances and open items: now, as of a date, as known at an instant."""

from datetime import timedelta
from random import Random

import pytest

from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.ledger import commands, queries
from ledger.books import DAY, Books, days

RECEIVABLE = ("receivable", "SEK")
MINUTE = timedelta(minutes=1)


class TestWhatAPartyOwes:
    def test_is_told_as_of_a_date(self, books: Books) -> None:
        books.post(100, on=days(0))
        books.post(50, on=days(10))
        books.post(-100, on=days(20))
        assert [books.owed(as_of=days(n)).get(RECEIVABLE, 0) for n in (-1, 0, 9, 10, 19, 20, 99)] == [
            *(0, 100, 100, 150, 150, 50, 50)
        ]

    def test_is_told_as_known_at_an_instant_though_it_was_back_dated_later(self, books: Books) -> None:
        books.post(100, on=days(0))
        books.later(day=5).post(70, on=days(-3))
        now, then = books.ctx.now + timedelta(days=5), books.ctx.now + timedelta(days=4)
        assert books.owed(as_of=days(0)) == {RECEIVABLE: 170}
        assert books.owed(as_of=days(0), known_at=now) == {RECEIVABLE: 170}
        assert books.owed(as_of=days(0), known_at=then) == {RECEIVABLE: 100}
        assert books.owed(as_of=days(-1), known_at=then) == {}
        assert books.owed(known_at=then) == {RECEIVABLE: 100}
        assert books.owed(known_at=books.ctx.now - MINUTE) == {}

    def test_is_kept_apart_by_account_currency_and_party(self, books: Books) -> None:
        books.post(100)
        books.post(20, currency="PLN")
        books.post(-5, control="payable")
        books.post(7, party_id=books.eva)
        mine = {RECEIVABLE: 100, ("receivable", "PLN"): 20, ("payable", "SEK"): -5}
        assert books.owed() == books.owed(as_of=DAY) == mine
        assert books.owed(books.eva) == books.owed(books.eva, as_of=DAY) == {RECEIVABLE: 7}

    def test_is_nothing_to_another_tenant(self, books: Books, cilla: Ctx) -> None:
        books.post(100)
        with tenant.scope(cilla.tenant_id):
            assert queries.party_balances(books.bo) == ()
            assert queries.party_balances(books.bo, as_of=DAY) == ()
            assert queries.account_balance("sales", "SEK").balance_minor == 0
            assert queries.open_items() == queries.open_items(as_of=DAY) == ()


class TestWhatIsOpen:
    def test_is_told_as_of_a_date(self, books: Books) -> None:
        invoice, paid = books.item(100, on=days(0)), books.item(-60, on=days(10))
        allocation_id = books.allocate(invoice, paid, 60, on=days(12))
        commands.take_back(books.ctx, allocation_ids=(allocation_id,), on_date=days(15))
        books.allocate(invoice, paid, 20, on=days(20))
        assert books.open(as_of=days(-1)) == {}
        assert books.open(as_of=days(0)) == {invoice: 100}
        assert books.open(as_of=days(11)) == {invoice: 100, paid: 60}
        assert books.open(as_of=days(12)) == {invoice: 40}
        assert books.open(as_of=days(15)) == {invoice: 100, paid: 60}
        assert books.open(as_of=days(20)) == books.open() == {invoice: 80, paid: 40}

    def test_is_told_as_known_at_an_instant(self, books: Books) -> None:
        invoice = books.item(100, on=days(0))
        late = books.later(day=8)
        paid = late.item(-60, on=days(2))
        late.later(minutes=5).allocate(invoice, paid, 60, on=days(2))
        known = books.ctx.now + timedelta(days=8)
        assert books.open(as_of=days(3)) == {invoice: 40}
        assert books.open(as_of=days(3), known_at=known - MINUTE) == {invoice: 100}
        assert books.open(as_of=days(3), known_at=known) == {invoice: 100, paid: 60}
        assert books.open(known_at=known + 5 * MINUTE) == {invoice: 40}

    def test_comes_oldest_due_first_and_of_one_party_if_asked(self, books: Books) -> None:
        late, early = books.item(10, due=days(30)), books.item(20, due=days(10))
        hers, undated = books.item(30, due=days(20), party_id=books.eva), books.item(-5)
        assert list(books.open()) == list(books.open(as_of=DAY)) == [early, hers, late, undated]
        assert list(books.open(party_id=books.eva)) == list(books.open(party_id=books.eva, as_of=DAY)) == [hers]

    def test_adds_up_to_what_the_party_owes_on_any_day(self, books: Books) -> None:
        invoice, paid = books.item(100, on=days(0)), books.item(-60, on=days(10))
        books.allocate(invoice, paid, 60, on=days(12))
        for day in (0, 5, 10, 11, 12, 13):
            with tenant.scope(books.ctx.tenant_id):
                items = queries.open_items(books.bo, as_of=days(day))
            total = sum(i.open_minor if i.side == "debit" else -i.open_minor for i in items)
            assert total == books.owed(as_of=days(day)).get(RECEIVABLE, 0)


class TestWhatDocumentsPosted:
    def test_is_told_by_subject(self, books: Books) -> None:
        sale, payment = books.posting(100), books.posting(-30)
        posted = commands.post(books.ctx, postings=(sale, payment))
        with tenant.scope(books.ctx.tenant_id):
            assert queries.posted_by_subject("test", kinds=("sale",)) == {sale.subject_id: 100}
            assert queries.posted_by_subject("test", kinds=("sale", "payment")) == {
                sale.subject_id: 100,
                payment.subject_id: -30,
            }
            assert queries.posted_by_subject("other", kinds=("sale",)) == {}
            assert [i.amount_minor for i in queries.items_of_subjects("test", [payment.subject_id])] == [30]
            assert [i.amount_minor for i in queries.items_of_entries(posted.entry_ids)] == [100, 30]

    def test_is_nothing_once_it_is_reversed(self, books: Books) -> None:
        sale = books.posting(100)
        entry_ids = commands.post(books.ctx, postings=(sale,)).entry_ids
        commands.reverse(books.ctx, entry_ids=entry_ids, on_date=DAY)
        with tenant.scope(books.ctx.tenant_id):
            assert queries.posted_by_subject("test", kinds=("sale",)) == {sale.subject_id: 0}


class TestTheBalanceOfAnAccount:
    @pytest.mark.parametrize("seed", range(4))
    def test_summed_from_checkpoints_is_the_sum_of_all_lines(self, books: Books, seed: int) -> None:
        random = Random(seed)
        for _ in range(30):
            act = random.choice(["post", "post", "post", "checkpoint", "reverse"])
            if act == "post":
                books.post(
                    random.choice([-1, 1]) * random.randint(1, 10**9),
                    currency=random.choice(["SEK", "PLN"]),
                    on=days(random.randint(-30, 30)),
                )
            elif act == "checkpoint":
                commands.checkpoint(books.ctx)
            else:
                books.post(50)
                with tenant.scope(books.ctx.tenant_id):
                    ((last,),) = rows.select("SELECT max(id) FROM ledger_entry WHERE reverses_id IS NULL")
                commands.reverse(books.ctx, entry_ids=(last,), on_date=DAY)
            for account in ("sales", "unallocated"):
                for currency in ("SEK", "PLN"):
                    assert books.balance(account, currency) == books.balance(account, currency, as_of=days(999))
        assert books.problems() == []

    def test_is_told_as_of_a_date_and_as_known_at_an_instant(self, books: Books) -> None:
        books.post(100, on=days(0))
        commands.checkpoint(books.ctx)
        books.later(day=5).post(70, on=days(-3))
        known = books.ctx.now + timedelta(days=4)
        assert books.balance("sales") == -170
        assert books.balance("sales", as_of=days(-1)) == -70
        assert books.balance("sales", as_of=days(-1), known_at=known) == 0
        assert books.balance("sales", known_at=known) == -100
