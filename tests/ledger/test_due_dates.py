"""Moving the due date of open items."""

from dataclasses import replace

import pytest

from cast import keyed
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.ledger import commands, queries
from ledger.books import Books, days
from tables import run_twice


def due_dates(books: Books) -> dict[int, object]:
    with tenant.scope(books.ctx.tenant_id):
        return {item.subject_id: item.due_date for item in queries.open_items()}


class TestMovingADueDate:
    def test_moves_the_items_of_one_document_and_leaves_the_entry(self, books: Books) -> None:
        moved, stays = books.posting(100, due=days(30)), books.posting(50, due=days(30))
        commands.post(books.ctx, postings=(moved, stays))
        answer = run_twice(
            commands.move_due_dates,
            books.ctx,
            subject_kind="test",
            subject_id=moved.subject_id,
            due_date=days(60),
        )
        assert answer.moved == 1
        assert due_dates(books) == {moved.subject_id: days(60), stays.subject_id: days(30)}
        with tenant.scope(books.ctx.tenant_id):
            assert rows.select("SELECT DISTINCT due_date FROM ledger_line WHERE due_date IS NOT NULL") == [(days(30),)]
        assert books.problems() == []

    def test_orders_what_is_open_anew(self, books: Books) -> None:
        first, second = books.posting(100, due=days(10)), books.posting(50, due=days(20))
        commands.post(books.ctx, postings=(first, second))
        commands.move_due_dates(books.ctx, subject_kind="test", subject_id=first.subject_id, due_date=days(30))
        assert list(due_dates(books)) == [second.subject_id, first.subject_id]

    def test_of_another_kind_or_tenant_moves_nothing(self, books: Books, cilla: Ctx) -> None:
        posting = books.posting(100, due=days(30))
        commands.post(books.ctx, postings=(posting,))
        given = {"subject_id": posting.subject_id, "due_date": days(60)}
        assert commands.move_due_dates(books.ctx, subject_kind="other", **given).moved == 0  # type: ignore[arg-type]
        assert commands.move_due_dates(cilla, subject_kind="test", **given).moved == 0  # type: ignore[arg-type]
        assert due_dates(books) == {posting.subject_id: days(30)}

    def test_under_a_used_key_to_another_day_is_refused(self, books: Books) -> None:
        ctx = keyed(replace(books.ctx), "k")
        commands.move_due_dates(ctx, subject_kind="test", subject_id=1, due_date=days(1))
        with pytest.raises(KeyReused):
            commands.move_due_dates(ctx, subject_kind="test", subject_id=1, due_date=days(2))
