"""Reversing entries: the only way to correct the books."""

import pytest
from django.db import IntegrityError

from cast import keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.ledger import commands, queries
from kvit.ledger.domain import Posting, PostingLine
from ledger.books import DAY, Books, days
from tables import contents, run_twice

MIXED = (
    ("receivable", 60, "SEK", True),
    ("receivable", -25, "SEK", True),
    ("sales", -35, "SEK", False),
    ("payable", -70, "PLN", True),
    ("purchases", 70, "PLN", False),
)


def mixed(books: Books) -> int:
    """An entry with items on both sides, two control accounts and two currencies."""
    lines = tuple(
        PostingLine(account, minor, currency, party_id=books.bo if has_party else None)
        for account, minor, currency, has_party in MIXED
    )
    return commands.post(books.ctx, postings=(Posting(DAY, "mixed", "test", 1, lines),)).entry_ids[0]


class TestAReversal:
    def test_leaves_balances_and_open_items_as_before_the_entry(self, books: Books) -> None:
        other = books.item(500)
        before = (books.open(), books.owed(), books.balance("sales"), books.balance("purchases", "PLN"))
        entry_id = mixed(books)
        assert (books.open(), books.owed()) != before[:2]
        posted = run_twice(commands.reverse, books.ctx, entry_ids=(entry_id,), on_date=days(2))
        assert (books.open(), books.owed(), books.balance("sales"), books.balance("purchases", "PLN")) == before
        assert books.open() == {other: 500}
        assert books.problems() == []
        with tenant.scope(books.ctx.tenant_id):
            assert queries.reversed_entries([entry_id, *posted.entry_ids]) == {entry_id}

    def test_keeps_both_entries_each_on_its_day(self, books: Books) -> None:
        entry_id = mixed(books)
        (reversal_id,) = commands.reverse(books.ctx, entry_ids=(entry_id,), on_date=days(2)).entry_ids
        with tenant.scope(books.ctx.tenant_id):
            kept = rows.select(
                "SELECT id, entry_date, kind, subject_id, line_count, reverses_id FROM ledger_entry ORDER BY id"
            )
            lines = rows.select("SELECT entry_id, position, amount_minor FROM ledger_line ORDER BY 1, 2")
        assert kept == [(entry_id, DAY, "mixed", 1, 5, None), (reversal_id, days(2), "mixed", 1, 5, entry_id)]
        assert [minor for _, _, minor in lines[5:]] == [-minor for _, _, minor in lines[:5]]

    def test_of_a_set_keeps_its_order(self, books: Books) -> None:
        first, second = books.post(100), books.post(-30)
        posted = commands.reverse(books.ctx, entry_ids=(second, first), on_date=DAY).entry_ids
        assert [item.amount_minor for item in books.items(*posted)] == [30, 100]
        assert books.open() == {}


class TestAReversalRefused:
    def test_while_something_of_it_is_settled(self, books_live: Books) -> None:
        books = books_live
        entry_id, free = books.post(100), books.post(5)
        (item,), paid = books.items(entry_id), books.item(-40)
        allocation_id = books.allocate(item.id, paid, 40)
        before = contents(books.ctx)
        with pytest.raises(commands.ItemsAllocated):
            commands.reverse(books.ctx, entry_ids=(free, entry_id), on_date=DAY)
        assert contents(books.ctx) == before
        commands.take_back(books.ctx, allocation_ids=(allocation_id,), on_date=DAY)
        commands.reverse(books.ctx, entry_ids=(free, entry_id), on_date=DAY)
        assert books.open() == {paid: 40}
        assert books.problems() == []

    def test_the_second_time_and_for_a_reversal(self, books_live: Books) -> None:
        books = books_live
        entry_id, other = books.post(100), books.post(50)
        (reversal_id,) = commands.reverse(books.ctx, entry_ids=(entry_id,), on_date=DAY).entry_ids
        before = contents(books.ctx)
        for ids in ((entry_id,), (reversal_id,), (other, entry_id), (other, other)):
            with pytest.raises(commands.AlreadyReversed):
                commands.reverse(books.ctx, entry_ids=ids, on_date=DAY)
        assert contents(books.ctx) == before

    def test_of_no_entry_or_another_tenant_s(self, books: Books, cilla: Ctx) -> None:
        entry_id = books.post(100)
        commands.open_chart(cilla)
        for ctx, ids in ((books.ctx, (entry_id, 10**9)), (cilla, (entry_id,))):
            with pytest.raises(commands.UnknownEntry):
                commands.reverse(ctx, entry_ids=ids, on_date=DAY)
        assert list(books.open().values()) == [100]

    def test_under_a_used_key_with_another_day(self, books: Books) -> None:
        entry_id = books.post(100)
        commands.reverse(keyed(books.ctx, "k"), entry_ids=(entry_id,), on_date=DAY)
        with pytest.raises(KeyReused):
            commands.reverse(keyed(books.ctx, "k"), entry_ids=(entry_id,), on_date=days(1))


class TestAnEntryThatClaimsToReverse:
    """The database's own guard, whoever posts: `Posting.reverses_id` with lines that are no mirror image."""

    def claim(self, books: Books, case: str) -> Posting:
        entry_id, party = books.post(100), books.bo
        mirror = [PostingLine("receivable", -100, "SEK", party_id=party), PostingLine("sales", 100, "SEK")]
        if case == "a reversal":
            (entry_id,) = commands.reverse(books.ctx, entry_ids=(entry_id,), on_date=DAY).entry_ids
            mirror = [PostingLine("receivable", 100, "SEK", party_id=party), PostingLine("sales", -100, "SEK")]
        lines = {
            "a smaller amount": [
                PostingLine("receivable", -99, "SEK", party_id=party),
                PostingLine("sales", 99, "SEK"),
            ],
            "another party": [PostingLine("receivable", -100, "SEK", party_id=books.eva), mirror[1]],
            "another account": [mirror[0], PostingLine("output_vat", 100, "SEK")],
            "another order": mirror[::-1],
            "more lines": [mirror[0], PostingLine("sales", 60, "SEK"), PostingLine("sales", 40, "SEK")],
        }.get(case, mirror)
        return Posting(DAY, "sale", "test", 1, tuple(lines), reverses_id=entry_id)

    @pytest.mark.parametrize(
        "case", ["a smaller amount", "another party", "another account", "another order", "more lines", "a reversal"]
    )
    def test_is_refused_at_commit(self, books_live: Books, case: str) -> None:
        posting = self.claim(books_live, case)
        before = contents(books_live.ctx)
        with pytest.raises(IntegrityError, match="no mirror image"):
            commands.post(books_live.ctx, postings=(posting,))
        assert contents(books_live.ctx) == before

    def test_is_accepted_where_it_is_the_mirror_image(self, books_live: Books) -> None:
        commands.post(books_live.ctx, postings=(self.claim(books_live, "the mirror image"),))
        assert books_live.problems() == []
