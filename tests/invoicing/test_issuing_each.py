"""Many drafts of which some are refused: the others are issued without a gap; a rehearsal leaves nothing."""

from dataclasses import replace

from invoicing.company import DAY, Company, line
from kvit.invoicing import commands
from tables import contents, run_twice


def drafts(shop: Company) -> tuple[int, ...]:
    """Five, of which the second and the last are below zero."""
    return tuple(shop.draft(line(price)) for price in ("1", "-1", "2", "3", "-2"))


class TestEachOfMany:
    def test_is_issued_or_told_why_not_without_a_gap(self, shop: Company) -> None:
        ids = drafts(shop)
        done = run_twice(commands.issue_each, shop.ctx, invoice_ids=ids, issue_date=DAY)
        assert done.issued_ids == (ids[0], ids[2], ids[3])
        assert done.numbers == ("F2026-000001", "F2026-000002", "F2026-000003")
        assert done.refused_ids == (ids[1], ids[4])
        assert set(done.codes) == {"invoicing.issue_refused"}
        assert shop.problems() == []

    def test_only_tried_leaves_nothing_but_the_question(self, shop: Company) -> None:
        ids = drafts(shop)
        before = contents(shop.ctx)
        told = commands.issue_each(shop.ctx, invoice_ids=ids, issue_date=DAY, is_rehearsal=True)
        after = contents(shop.ctx)
        changed = {table for table in after if after[table] != before.get(table)}
        assert changed <= {"base_command"}
        done = commands.issue_each(replace(shop.ctx, key=None), invoice_ids=ids, issue_date=DAY)
        assert done == told

    def test_that_was_issued_before_is_refused_and_a_stranger_s_left_out(
        self, shop: Company, her_shop: Company
    ) -> None:
        issued = shop.invoice(line("1"))
        told = commands.issue_each(shop.ctx, invoice_ids=(issued, her_shop.draft()), issue_date=DAY)
        assert (told.issued_ids, told.refused_ids, told.codes) == ((), (issued,), ("base.not_movable",))
