"""Settling what is owed with what was paid, and taking it back."""

from dataclasses import replace

import pytest

from cast import keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.ledger import commands, queries
from kvit.ledger.domain import Pairing
from ledger.books import DAY, Books, days
from tables import contents, run_twice


class TestAnAllocation:
    def test_settles_both_items_and_moves_no_balance(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-100)
        owed = books.owed()
        run_twice(commands.allocate, books.ctx, pairings=(Pairing(invoice, paid, 100, DAY),))
        assert books.open() == {}
        assert books.owed() == owed == {}
        assert books.problems() == []

    def test_in_part_leaves_the_rest_open(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-30)
        books.allocate(invoice, paid, 30)
        assert books.open() == {invoice: 70}

    def test_of_a_larger_payment_leaves_an_advance_that_settles_the_next_invoice(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-130)
        books.allocate(invoice, paid, 100)
        assert books.open() == {paid: 30}
        following = books.item(50)
        books.allocate(following, paid, 30)
        assert books.open() == {following: 20}
        assert books.owed() == {("receivable", "SEK"): 20}

    def test_of_one_payment_to_many_and_of_many_to_one_is_one_act(self, books: Books) -> None:
        first, second, third = books.item(40), books.item(60), books.item(50)
        paid, credited = books.item(-120), books.item(-30)
        pairings = (
            Pairing(first, paid, 40, DAY),
            Pairing(second, paid, 60, DAY),
            Pairing(third, paid, 20, DAY),
            Pairing(third, credited, 30, DAY),
        )
        allocated = run_twice(commands.allocate, books.ctx, pairings=pairings)
        assert len(allocated.allocation_ids) == 4
        assert books.open() == {}
        assert books.problems() == []

    def test_works_on_payables_alike(self, books: Books) -> None:
        bill, paid_out = books.item(-80, control="payable"), books.item(80, control="payable")
        books.allocate(paid_out, bill, 80)
        assert books.open() == {}

    def test_of_nothing_does_nothing(self, books: Books) -> None:
        assert run_twice(commands.allocate, books.ctx, pairings=()).allocation_ids == ()


class TestAnAllocationRefused:
    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("beyond the debit", commands.OverAllocated),
            ("beyond the credit", commands.OverAllocated),
            ("beyond in two parts", commands.OverAllocated),
            ("of nothing", commands.AllocationRefused),
            ("of less than nothing", commands.AllocationRefused),
            ("the wrong way round", commands.AllocationRefused),
            ("of an item with itself", commands.AllocationRefused),
            ("to another party", commands.AllocationRefused),
            ("in another currency", commands.AllocationRefused),
            ("on another account", commands.AllocationRefused),
            ("to no item", commands.AllocationRefused),
        ],
    )
    def test_leaves_nothing_of_the_whole_set(
        self, books_live: Books, case: str, refusal: type[commands.OverAllocated]
    ) -> None:
        books = books_live
        invoice, paid = books.item(100), books.item(-90)
        good, poor = books.item(10), books.item(-20)
        pairing = Pairing(invoice, paid, 90, DAY)
        bad = {
            "beyond the debit": (replace(pairing, credit_item_id=books.item(-101), amount_minor=101),),
            "beyond the credit": (replace(pairing, amount_minor=91),),
            "beyond in two parts": (replace(pairing, amount_minor=60), replace(pairing, amount_minor=31)),
            "of nothing": (replace(pairing, amount_minor=0),),
            "of less than nothing": (replace(pairing, amount_minor=-1),),
            "the wrong way round": (Pairing(paid, invoice, 90, DAY),),
            "of an item with itself": (Pairing(invoice, invoice, 1, DAY),),
            "to another party": (replace(pairing, debit_item_id=books.item(100, party_id=books.eva)),),
            "in another currency": (replace(pairing, debit_item_id=books.item(100, currency="PLN")),),
            "on another account": (replace(pairing, debit_item_id=books.item(100, control="payable")),),
            "to no item": (replace(pairing, debit_item_id=10**9),),
        }[case]
        before = contents(books.ctx)
        with pytest.raises(refusal) as refused:
            commands.allocate(books.ctx, pairings=(Pairing(good, poor, 10, DAY), *bad))
        assert refused.value.code == refusal.code
        assert contents(books.ctx) == before

    def test_for_another_tenant(self, books: Books, cilla: Ctx) -> None:
        pairing = Pairing(books.item(100), books.item(-100), 100, DAY)
        with pytest.raises(commands.AllocationRefused):
            commands.allocate(cilla, pairings=(pairing,))

    def test_under_a_used_key_with_another_amount(self, books: Books) -> None:
        pairing = Pairing(books.item(100), books.item(-100), 60, DAY)
        commands.allocate(keyed(books.ctx, "k"), pairings=(pairing,))
        with pytest.raises(KeyReused):
            commands.allocate(keyed(books.ctx, "k"), pairings=(replace(pairing, amount_minor=40),))


class TestSettling:
    def test_goes_as_far_as_both_are_open(self, books: Books) -> None:
        first, second = books.item(100), books.item(100)
        paid, credited = books.item(-130), books.item(-10)
        pairs = ((first, paid), (second, paid), (first, credited), (second, credited))
        settled = run_twice(commands.settle, books.ctx, pairs=pairs, on_date=DAY)
        assert len(settled.allocation_ids) == 3
        assert books.open() == {second: 60}

    def test_of_what_is_settled_does_nothing(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-100)
        books.allocate(invoice, paid, 100)
        assert run_twice(commands.settle, books.ctx, pairs=((invoice, paid),), on_date=DAY).allocation_ids == ()

    def test_is_refused_for_items_that_do_not_belong_together(self, books_live: Books) -> None:
        invoice, paid = books_live.item(100), books_live.item(-100, party_id=books_live.eva)
        for pairs in (((invoice, paid),), ((invoice, 10**9),)):
            with pytest.raises(commands.AllocationRefused):
                commands.settle(books_live.ctx, pairs=pairs, on_date=DAY)

    def test_is_refused_for_another_tenant(self, books: Books, cilla: Ctx) -> None:
        with pytest.raises(commands.AllocationRefused):
            commands.settle(cilla, pairs=((books.item(100), books.item(-100)),), on_date=DAY)


class TestTakingBack:
    def test_opens_the_items_again_and_keeps_both_rows(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-130)
        opened = books.open()
        allocation_id = books.allocate(invoice, paid, 100)
        taken = run_twice(commands.take_back, books.ctx, allocation_ids=(allocation_id,), on_date=days(3))
        assert books.open() == opened
        with tenant.scope(books.ctx.tenant_id):
            kept = rows.select(
                "SELECT id, amount_minor, allocation_date, reverses_id FROM ledger_allocation ORDER BY id"
            )
            assert queries.live_allocations([invoice, paid]) == ()
        assert kept == [(allocation_id, 100, DAY, None), (taken.allocation_ids[0], -100, days(3), allocation_id)]
        assert books.problems() == []

    def test_answers_in_the_order_in_which_they_are_named(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-100)
        ids = [books.allocate(invoice, paid, amount) for amount in (10, 20, 30)]
        taken = commands.take_back(books.ctx, allocation_ids=(ids[2], ids[0], ids[1]), on_date=DAY).allocation_ids
        with tenant.scope(books.ctx.tenant_id):
            undone = dict(rows.select("SELECT id, reverses_id FROM ledger_allocation WHERE reverses_id IS NOT NULL"))
        assert [undone[allocation_id] for allocation_id in taken] == [ids[2], ids[0], ids[1]]

    def test_lets_the_items_be_settled_otherwise(self, books: Books) -> None:
        wrong, right, paid = books.item(100), books.item(100), books.item(-100)
        commands.take_back(books.ctx, allocation_ids=(books.allocate(wrong, paid, 100),), on_date=DAY)
        again = books.allocate(right, paid, 100)
        assert books.open() == {wrong: 100}
        with tenant.scope(books.ctx.tenant_id):
            assert queries.live_allocations([paid]) == (again,)

    def test_is_refused_twice_and_leaves_all_of_the_set(self, books: Books) -> None:
        invoice, paid = books.item(100), books.item(-100)
        first, second = books.allocate(invoice, paid, 10), books.allocate(invoice, paid, 20)
        (undoing,) = commands.take_back(books.ctx, allocation_ids=(first,), on_date=DAY).allocation_ids
        opened = books.open()
        for ids in ((first,), (second, first), (second, undoing), (second, 10**9)):
            with pytest.raises(commands.NotAllocated):
                commands.take_back(books.ctx, allocation_ids=ids, on_date=DAY)
            assert books.open() == opened

    def test_is_refused_for_another_tenant(self, books: Books, cilla: Ctx) -> None:
        allocation_id = books.allocate(books.item(100), books.item(-100), 100)
        with pytest.raises(commands.NotAllocated):
            commands.take_back(cilla, allocation_ids=(allocation_id,), on_date=DAY)
        assert books.open() == {}
