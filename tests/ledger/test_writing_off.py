"""Writing off what will not be paid, and undoing it."""

import pytest

from cast import in_threads, keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.ledger import commands
from ledger.books import DAY, Books, days
from tables import contents, run_twice


def write_off(books: Books, item_id: int, amount_minor: int, *, reason: str = "Bo is bankrupt") -> commands.WrittenOff:
    return commands.write_off(books.ctx, item_id=item_id, amount_minor=amount_minor, reason=reason, on_date=days(90))


class TestAWriteOff:
    def test_takes_the_amount_off_as_a_loss(self, books: Books) -> None:
        invoice = books.item(100)
        run_twice(commands.write_off, books.ctx, item_id=invoice, amount_minor=100, reason="bankrupt", on_date=days(90))
        assert books.open() == {}
        assert (books.owed(), books.balance("write_off")) == ({}, 100)
        assert books.owed(as_of=days(89)) == {("receivable", "SEK"): 100}
        assert books.problems() == []

    def test_in_part_leaves_the_rest_open(self, books: Books) -> None:
        invoice = books.item(100)
        write_off(books, invoice, 1)
        assert books.open() == {invoice: 99}
        write_off(books, invoice, 99)
        assert books.open() == {}

    def test_stands_with_the_document_and_its_reason_in_the_audit(self, books: Books) -> None:
        invoice = books.item(100)
        written = write_off(books, invoice, 100)
        (item,) = books.items(written.entry_id)
        with tenant.scope(books.ctx.tenant_id):
            (subject,) = rows.select("SELECT subject_kind, subject_id FROM ledger_openitem WHERE id = %s", [invoice])
            (audit,) = rows.select("SELECT input->>'reason', actor FROM base_command WHERE name = 'ledger.write_off'")
        assert (item.subject_kind, item.subject_id) == subject
        assert audit == ("Bo is bankrupt", "user:anna")

    def test_is_not_reversed_while_it_settles_the_item(self, books_live: Books) -> None:
        written = write_off(books_live, books_live.item(100), 60)
        with pytest.raises(commands.ItemsAllocated):
            commands.reverse(books_live.ctx, entry_ids=(written.entry_id,), on_date=days(91))

    def test_is_undone_by_taking_back_and_reversing(self, books: Books) -> None:
        invoice = books.item(100)
        before = (books.open(), books.owed(), books.balance("write_off"))
        written = write_off(books, invoice, 60)
        commands.take_back(books.ctx, allocation_ids=(written.allocation_id,), on_date=days(91))
        commands.reverse(books.ctx, entry_ids=(written.entry_id,), on_date=days(91))
        assert (books.open(), books.owed(), books.balance("write_off")) == before
        assert books.problems() == []


class TestAWriteOffRefused:
    @pytest.mark.parametrize("amount_minor", [101, 0, -1])
    def test_beyond_what_is_open(self, books: Books, amount_minor: int) -> None:
        invoice = books.item(100)
        before = contents(books.ctx)
        with pytest.raises(commands.NothingOpen):
            write_off(books, invoice, amount_minor)
        assert contents(books.ctx) == before

    def test_of_a_credit_or_of_nothing(self, books: Books) -> None:
        for item_id in (books.item(-100), 10**9):
            with pytest.raises(commands.NothingOpen):
                write_off(books, item_id, 100)

    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_without_a_reason(self, books: Books, reason: str) -> None:
        with pytest.raises(commands.ReasonMissing):
            write_off(books, books.item(100), 100, reason=reason)

    def test_for_another_tenant(self, books: Books, cilla: Ctx) -> None:
        invoice = books.item(100)
        with pytest.raises(commands.NothingOpen):
            commands.write_off(cilla, item_id=invoice, amount_minor=100, reason="mine now", on_date=DAY)
        assert books.open() == {invoice: 100}

    def test_in_words_of_its_own_when_somebody_settles_the_item_first(
        self, books_live: Books, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        books = books_live
        invoice, paid = books.item(100), books.item(-100)
        posting = commands.post

        def paid_meanwhile(ctx: Ctx, *, postings: tuple[object, ...]) -> commands.Posted:
            posted = posting(ctx, postings=postings)  # type: ignore[arg-type]
            in_threads(1, lambda _: books.allocate(invoice, paid, 100))
            return posted

        monkeypatch.setattr("kvit.ledger.commands.writing_off.post", paid_meanwhile)
        with pytest.raises(commands.NothingOpen, match="first"):
            write_off(books, invoice, 100)
        assert (books.open(), books.owed(), books.balance("write_off")) == ({}, {}, 0)

    def test_under_a_used_key_with_another_amount(self, books: Books) -> None:
        invoice = books.item(100)
        given = {"item_id": invoice, "reason": "bankrupt", "on_date": DAY}
        commands.write_off(keyed(books.ctx, "k"), amount_minor=10, **given)  # type: ignore[arg-type]
        with pytest.raises(KeyReused):
            commands.write_off(keyed(books.ctx, "k"), amount_minor=20, **given)  # type: ignore[arg-type]
