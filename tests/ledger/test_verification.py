"""Verification of the books: each check finds the fault that is planted for it, and nothing else."""

import re
from dataclasses import dataclass

import pytest

from kvit.base import rows, tenant
from kvit.ledger import commands, queries
from kvit.ledger.queries import verification
from ledger.books import DAY, Books, days, unguarded


@dataclass(frozen=True)
class Story:
    """Ids of a small company's books in which everything occurs: entries, items, allocations, a checkpoint."""

    bo: int
    sale: int
    invoice: int
    paid: int
    settled: int
    hers: int
    her_settled: int
    old_sale: int
    old_item: int
    reversal: int
    mirror_item: int
    five: int
    five_item: int
    taken: int
    taking: int
    checkpoint: int


@pytest.fixture
def story(books_live: Books) -> Story:
    """Bo paid 40 of 100, Eva paid 40 of 40, an entry was reversed, an allocation taken back, a checkpoint made."""
    books = books_live
    sale, five = books.post(100), books.post(5)
    (invoice,), (five_item,) = books.items(sale), books.items(five)
    paid = books.item(-40)
    settled = books.allocate(invoice.id, paid, 40)
    hers = books.item(40, party_id=books.eva)
    her_settled = books.allocate(hers, books.item(-40, party_id=books.eva), 40)
    old_sale = books.post(70, party_id=books.eva)
    (reversal,) = commands.reverse(books.ctx, entry_ids=(old_sale,), on_date=days(1)).entry_ids
    (old_item,), (mirror_item,) = books.items(old_sale), books.items(reversal)
    taken = books.allocate(five_item.id, books.item(-5), 5)
    (taking,) = commands.take_back(books.ctx, allocation_ids=(taken,), on_date=DAY).allocation_ids
    commands.checkpoint(books.ctx)
    with tenant.scope(books.ctx.tenant_id):
        ((checkpoint,),) = rows.select("SELECT id FROM ledger_checkpoint WHERE balance_minor < 0")
    return Story(
        bo=books.bo,
        sale=sale,
        invoice=invoice.id,
        paid=paid,
        settled=settled,
        hers=hers,
        her_settled=her_settled,
        old_sale=old_sale,
        old_item=old_item.id,
        reversal=reversal,
        mirror_item=mirror_item.id,
        five=five,
        five_item=five_item.id,
        taken=taken,
        taking=taking,
        checkpoint=checkpoint,
    )


ITEM_DIFFERS = "entry {s.sale}, line 1: its open item is missing or differs from the line"

FAULTS = {
    "an entry of other length": (
        ["UPDATE ledger_entry SET line_count = 3 WHERE id = {s.sale}"],
        ["entry {s.sale}: 2 lines instead of 3"],
    ),
    "an unbalanced entry": (
        ["UPDATE ledger_line SET amount_minor = -69 WHERE entry_id = {s.old_sale} AND position = 2",
         "UPDATE ledger_line SET amount_minor = 69 WHERE entry_id = {s.reversal} AND position = 2"],
        ["entry {s.old_sale}: off by 1 in SEK", "entry {s.reversal}: off by -1 in SEK"],
    ),
    "an entry in two currencies": (
        ["UPDATE ledger_line SET currency = 'PLN' WHERE entry_id = {s.sale} AND position = 2",
         "DELETE FROM ledger_checkpoint"],
        ["entry {s.sale}: off by -100 in PLN", "entry {s.sale}: off by 100 in SEK"],
    ),
    "an item of another day": (
        ["UPDATE ledger_openitem SET item_date = '2026-01-01' WHERE id = {s.invoice}"],
        [ITEM_DIFFERS],
    ),
    "an item of another document": (
        ["UPDATE ledger_openitem SET subject_id = 0 WHERE id = {s.invoice}"],
        [ITEM_DIFFERS],
    ),
    "an item of another kind of document": (
        ["UPDATE ledger_openitem SET subject_kind = 'estimate' WHERE id = {s.invoice}"],
        [ITEM_DIFFERS],
    ),
    "an item of another amount": (
        ["UPDATE ledger_openitem SET amount_minor = 101 WHERE id = {s.invoice}"],
        [ITEM_DIFFERS, "party {s.bo}, account receivable: balance 60 SEK kept, 60 by its lines, 61 by its open items"],
    ),
    "no item at all": (
        ["DELETE FROM ledger_openitem WHERE id = {s.five_item}"],
        ["allocation {s.taken}: its items differ in party, account, currency or side",
         "allocation {s.taking}: its items differ in party, account, currency or side",
         "entry {s.five}, line 1: its open item is missing or differs from the line",
         "party {s.bo}, account receivable: balance 60 SEK kept, 60 by its lines, 55 by its open items"],
    ),
    "items without lines": (
        ["DELETE FROM ledger_line WHERE entry_id IN ({s.old_sale}, {s.reversal})",
         "DELETE FROM ledger_entry WHERE id = {s.reversal}", "DELETE FROM ledger_entry WHERE id = {s.old_sale}"],
        ["open item {s.old_item}: line 1 of entry {s.old_sale}, which it is about, is not there",
         "open item {s.mirror_item}: line 1 of entry {s.reversal}, which it is about, is not there"],
    ),
    "more settled than its allocations": (
        ["UPDATE ledger_openitem SET allocated_minor = 39 WHERE id IN ({s.invoice}, {s.paid})"],
        ["open item {s.invoice}: 39 allocated by its row, 40 by its allocations",
         "open item {s.paid}: 39 allocated by its row, 40 by its allocations"],
    ),
    "an allocation of another amount": (
        ["UPDATE ledger_allocation SET amount_minor = 41 WHERE id = {s.settled}"],
        ["open item {s.invoice}: 40 allocated by its row, 41 by its allocations",
         "open item {s.paid}: 40 allocated by its row, 41 by its allocations"],
    ),
    "another balance": (
        ["UPDATE ledger_balance SET balance_minor = 61 WHERE party_id = {s.bo}"],
        ["party {s.bo}, account receivable: balance 61 SEK kept, 60 by its lines, 60 by its open items"],
    ),
    "no balance": (
        ["DELETE FROM ledger_balance WHERE party_id = {s.bo}"],
        ["party {s.bo}, account receivable: balance 0 SEK kept, 60 by its lines, 60 by its open items"],
    ),
    "allocations across parties": (
        ["UPDATE ledger_allocation SET debit_item_id = CASE id WHEN {s.settled} THEN {s.hers} ELSE {s.invoice} END "
         "WHERE id IN ({s.settled}, {s.her_settled})"],
        ["allocation {s.settled}: its items differ in party, account, currency or side",
         "allocation {s.her_settled}: its items differ in party, account, currency or side"],
    ),
    "an entry that reverses another one": (
        ["UPDATE ledger_entry SET reverses_id = {s.sale} WHERE id = {s.reversal}"],
        ["entry {s.reversal}: no mirror image of entry {s.sale}, which it reverses"],
    ),
    "a reversal in another account": (
        ["UPDATE ledger_line SET account_id = (SELECT id FROM ledger_account WHERE code = 'rounding') "
         "WHERE entry_id = {s.reversal} AND position = 2", "DELETE FROM ledger_checkpoint"],
        ["entry {s.reversal}: no mirror image of entry {s.old_sale}, which it reverses"],
    ),
    "an allocation taken back for another": (
        ["UPDATE ledger_allocation SET reverses_id = {s.settled} WHERE id = {s.taking}"],
        ["allocation {s.taking}: not the opposite of allocation {s.settled}, which it takes back"],
    ),
    "another sum in a checkpoint": (
        ["UPDATE ledger_checkpoint SET balance_minor = balance_minor + 1 WHERE balance_minor < 0"],
        ["checkpoint {s.checkpoint}: -144 kept, -145 by the lines"],
    ),
}  # fmt: skip


class TestVerification:
    def test_of_sound_books_finds_nothing(self, books_live: Books, story: Story) -> None:
        assert books_live.problems() == []

    @pytest.mark.parametrize("fault", FAULTS)
    def test_finds(self, books_live: Books, story: Story, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
        statements, expected = FAULTS[fault]
        with unguarded(books_live.ctx, monkeypatch) as cursor:
            for statement in statements:
                cursor.execute(statement.format(s=story))
                assert cursor.rowcount > 0
            found = [problem.reason for problem in queries.verify()]
        assert sorted(found) == sorted(text.format(s=story) for text in expected)
        assert books_live.problems() == []

    def test_has_a_fault_for_each_of_its_checks(self) -> None:
        planted = [text for _, expected in FAULTS.values() for text in expected]
        for template, _ in verification._CHECKS:
            pattern = re.sub(r"\\\{\d\\\}", ".+", re.escape(template))
            assert any(re.fullmatch(pattern, text) for text in planted), template
