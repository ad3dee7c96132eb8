"""Opening accounts, posting entries."""

from dataclasses import replace

import pytest
from django.db import IntegrityError
from django.db.utils import DataError

from cast import keyed
from kvit.base import codec, rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.ledger import commands
from kvit.ledger.domain import CHART, Posting, PostingLine, Unbalanced
from ledger.books import DAY, Books, days
from tables import contents, run_twice


class TestOpeningAccounts:
    def test_opens_the_chart_once(self, anna: Ctx) -> None:
        assert run_twice(commands.open_chart, anna).opened == len(CHART)
        assert commands.open_chart(anna).opened == 0

    def test_opens_one_more(self, books: Books) -> None:
        assert run_twice(commands.open_account, books.ctx, code="bank:1", name="Bankgirot").opened == 1
        assert commands.open_account(books.ctx, code="bank:1", name="Another name").opened == 0
        with tenant.scope(books.ctx.tenant_id):
            assert rows.select("SELECT name, control FROM ledger_account WHERE code = 'bank:1'") == [
                ("Bankgirot", False)
            ]

    def test_opens_them_for_one_tenant_only(self, books: Books, cilla: Ctx) -> None:
        commands.open_account(books.ctx, code="bank:1", name="Bankgirot")
        assert commands.open_account(cilla, code="bank:1", name="Hers").opened == 1


class TestPosting:
    def test_writes_entries_in_order_with_items_and_balances(self, books: Books) -> None:
        postings = (books.posting(100, on=days(1), due=days(31)), books.posting(-30), books.posting(7, currency="PLN"))
        posted = run_twice(commands.post, books.ctx, postings=postings)
        assert list(posted.entry_ids) == sorted(posted.entry_ids)
        items = books.items(*posted.entry_ids)
        assert [(i.entry_id, i.side, i.amount_minor, i.open_minor, i.currency) for i in items] == [
            (posted.entry_ids[0], "debit", 100, 100, "SEK"),
            (posted.entry_ids[1], "credit", 30, 30, "SEK"),
            (posted.entry_ids[2], "debit", 7, 7, "PLN"),
        ]
        assert (items[0].item_date, items[0].due_date, items[1].due_date) == (days(1), days(31), None)
        assert [item.subject_id for item in items] == [posting.subject_id for posting in postings]
        assert books.owed() == {("receivable", "PLN"): 7, ("receivable", "SEK"): 70}
        assert books.balance("sales") == -100
        assert books.problems() == []

    @pytest.mark.parametrize("amounts", [(), (100,), (100, -30, 7)])
    def test_keeps_its_answer_as_any_command_does(self, amounts: tuple[int, ...], books: Books) -> None:
        posted = commands.post(books.ctx, postings=tuple(books.posting(amount) for amount in amounts))
        with tenant.scope(books.ctx.tenant_id):
            ((kept,),) = rows.select(
                "SELECT result::text FROM base_command WHERE name = 'ledger.post' ORDER BY id DESC LIMIT 1"
            )
        assert codec.restore(kept, commands.Posted) == posted

    def test_keeps_who_when_and_what(self, books: Books) -> None:
        (entry_id,) = commands.post(books.ctx, postings=(books.posting(100, on=days(-3)),)).entry_ids
        with tenant.scope(books.ctx.tenant_id):
            (row,) = rows.select(
                """
                SELECT e.entry_date, e.recorded_at, e.kind, e.line_count, e.reverses_id, c.name, c.actor
                FROM ledger_entry e JOIN base_command c ON c.id = e.command_id WHERE e.id = %s
                """,
                [entry_id],
            )
        assert row == (days(-3), books.ctx.now, "sale", 2, None, "ledger.post", "user:anna")

    def test_makes_an_item_of_every_line_on_a_control_account(self, books: Books) -> None:
        lines = (
            PostingLine("receivable", 60, "SEK", party_id=books.bo),
            PostingLine("receivable", 40, "SEK", party_id=books.bo),
            PostingLine("payable", -90, "SEK", party_id=books.eva),
            PostingLine("rounding", -10, "SEK"),
        )
        (entry_id,) = commands.post(books.ctx, postings=(Posting(DAY, "mixed", "test", 1, lines),)).entry_ids
        assert [(i.account, i.party_id, i.side, i.amount_minor) for i in books.items(entry_id)] == [
            ("receivable", books.bo, "debit", 60),
            ("receivable", books.bo, "debit", 40),
            ("payable", books.eva, "credit", 90),
        ]
        assert books.problems() == []

    def test_of_nothing_does_nothing(self, books: Books) -> None:
        assert run_twice(commands.post, books.ctx, postings=()).entry_ids == ()

    def test_of_a_large_set_keeps_the_order(self, books: Books) -> None:
        postings = tuple(books.posting(number) for number in range(1, 501))
        entry_ids = commands.post(books.ctx, postings=postings).entry_ids
        assert [item.amount_minor for item in books.items(*entry_ids)] == list(range(1, 501))


class TestAPostingRefused:
    def bad(self, books: Books, case: str) -> Posting:
        good = books.posting(100)
        party, other = good.lines
        return {
            "unbalanced": replace(good, lines=(party, replace(other, amount_minor=-99))),
            "one line": replace(good, lines=(party,)),
            "no such account": replace(good, lines=(party, replace(other, account="cash"))),
            "no such party": replace(good, lines=(replace(party, party_id=10**9), other)),
            "party on sales": replace(good, lines=(party, replace(other, party_id=books.bo))),
            "nobody on receivable": replace(good, lines=(replace(party, party_id=None), other)),
            "no such entry to reverse": replace(good, reverses_id=10**9),
            "amount beyond a bigint": replace(
                good, lines=(replace(party, amount_minor=2**63), replace(other, amount_minor=-(2**63)))
            ),
        }[case]

    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("unbalanced", Unbalanced),
            ("one line", Unbalanced),
            ("no such account", commands.UnknownAccount),
            ("no such party", commands.UnknownParty),
            ("party on sales", IntegrityError),
            ("nobody on receivable", IntegrityError),
            ("no such entry to reverse", IntegrityError),
            ("amount beyond a bigint", DataError),
        ],
    )
    def test_leaves_nothing_of_the_whole_set(self, books_live: Books, case: str, refusal: type[Exception]) -> None:
        before = contents(books_live.ctx)
        with pytest.raises(refusal):
            commands.post(books_live.ctx, postings=(books_live.posting(5), self.bad(books_live, case)))
        assert contents(books_live.ctx) == before

    def test_for_another_tenant_s_party(self, books: Books, cilla: Ctx) -> None:
        commands.open_chart(cilla)
        with pytest.raises(commands.UnknownParty):
            commands.post(cilla, postings=(books.posting(100),))

    def test_for_accounts_of_another_tenant(self, books: Books, cilla: Ctx) -> None:
        with pytest.raises(commands.UnknownAccount, match="receivable, sales"):
            commands.post(cilla, postings=(books.posting(100),))

    def test_is_not_by_what_itself_has_done_before(self, books: Books) -> None:
        """An entry is reversed once; who asks again under the same key is given the answer, not that refusal."""
        good = books.posting(100)
        (entry_id,) = commands.post(books.ctx, postings=(good,)).entry_ids
        mirrored = tuple(replace(line, amount_minor=-line.amount_minor, due_date=None) for line in good.lines)
        reversal = (replace(good, lines=mirrored, reverses_id=entry_id),)
        first = commands.post(keyed(books.ctx, "back"), postings=reversal)
        assert commands.post(keyed(books.ctx, "back"), postings=reversal) == first
        with pytest.raises(IntegrityError, match="ledger_entry_reversed_once"):
            commands.post(keyed(books.ctx, "again"), postings=reversal)

    def test_under_a_used_key_with_another_amount(self, books: Books) -> None:
        posting = books.posting(100)
        commands.post(keyed(books.ctx, "k"), postings=(posting,))
        with pytest.raises(KeyReused):
            commands.post(keyed(books.ctx, "k"), postings=(replace(posting, kind="other"),))
