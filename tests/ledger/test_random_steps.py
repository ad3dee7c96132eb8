"""Scorecard row 1: the books stay balanced and equal to a model of them, whatever is done in whatever order."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.db import connections

from cast import open_company
from ledger.books import open_books
from ledger.random_steps import Walk
from soak import long_form

STEPS = 50


@contextmanager
def without_trigger(table: str, trigger: str) -> Iterator[None]:
    """The database lacks a trigger for everybody while the block lasts."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


class TestRandomSteps:
    @pytest.mark.parametrize("walks", [pytest.param(100, id="quick"), long_form(200)])
    def test_leave_the_books_as_the_model_foretells(self, live: None, walks: int) -> None:
        answers: Counter[str] = Counter()
        for seed in range(walks):
            walk = Walk(open_books(open_company()), Random(seed))
            walk.run(STEPS)
            answers += walk.refusals
        # Every refusal was met, and most steps did something: else the walk would prove little.
        assert {
            *("Unbalanced", "UnknownAccount", "OverAllocated", "AllocationRefused", "NotAllocated"),
            *("AlreadyReversed", "ItemsAllocated", "NothingOpen", "ReasonMissing"),
        } <= answers.keys()
        assert answers["done"] > answers.total() / 2

    @pytest.mark.parametrize(("table", "trigger"), [("ledger_line", "inserted"), ("ledger_allocation", "inserted")])
    def test_turn_red_where_the_database_does_not_do_its_part(self, live: None, table: str, trigger: str) -> None:
        walk = Walk(open_books(open_company()), Random(1))
        with without_trigger(table, trigger), pytest.raises((AssertionError, ValueError)):
            walk.run(STEPS)
