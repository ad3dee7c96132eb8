"""Orders, estimates, contracts, self-billing and corrections of the world: every kind of document, sound books."""

from collections import Counter
from datetime import timedelta

import pytest

from cast import NOW
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries
from kvit.invoicing.domain import Kind
from kvit.pages.read import estimates
from kvit.pages.read.estimates import Stage
from kvit.world import dealings, founding, playing
from kvit.world.commands import Founding
from kvit.world.companies import COMPANIES
from kvit.world.founding import Simulated
from receivables import problems

EVERY = {
    Kind.ESTIMATE: 5,
    Kind.INVOICE: 5,
    Kind.ADVANCE_INVOICE: 2,
    Kind.FINAL_INVOICE: 1,
    Kind.SELF_BILLED: 2,
    Kind.SELF_BILLED_CREDIT: 1,
}


def opened(code: str) -> tuple[Ctx, Simulated]:
    wanted = Founding(code, 7, 3, NOW.date() - timedelta(days=1), NOW.date())
    simulated = founding.open_company(wanted, actor="world:test", now=NOW)
    return Ctx(tenant_id=simulated.tenant_id, actor="world:test", now=NOW), simulated


def crash(*_given: object) -> None:
    raise ConnectionError("the line broke")


class TestTheDealingsOfACompany:
    @pytest.mark.parametrize("code", COMPANIES)
    def test_are_of_every_kind_and_its_books_are_sound(self, db: None, code: str) -> None:
        ctx, simulated = opened(code)
        assert dealings.deal(ctx, simulated)
        with tenant.scope(ctx.tenant_id):
            kinds = Counter(Kind(row.kind) for row in queries.listed(limit=100))
            board = estimates.board(today=NOW.date())
            contracts, agreements = queries.contracts(), queries.agreements()
        assert kinds == EVERY | ({Kind.CORRECTION: 2} if code == "promien" else {})
        assert {stage: len(board.cards[stage]) for stage in Stage} == dict.fromkeys(Stage, 1)
        assert len(board.orders) == 3
        assert [(each.number, each.end_date is not None) for each in contracts] == [
            *(("K-1", False), ("K-2", False), ("K-3", True)),
        ]
        assert len(agreements) == 1
        assert problems(ctx) == ()

    def test_are_there_once(self, db: None) -> None:
        ctx, simulated = opened("traseu")
        assert [dealings.deal(ctx, simulated) for _ in range(2)] == [True, False]

    @pytest.mark.parametrize("step", ["_bill_orders", "_sign", "_correct", "_bill_oneself"])
    def test_are_finished_after_a_crash(self, db: None, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        ctx, simulated = opened("promien")
        with monkeypatch.context() as broken:
            broken.setattr(dealings, step, crash)
            with pytest.raises(ConnectionError):
                dealings.deal(ctx, simulated)
        assert dealings.deal(ctx, simulated)
        with tenant.scope(ctx.tenant_id):
            assert Counter(Kind(row.kind) for row in queries.listed(limit=100)) == EVERY | {Kind.CORRECTION: 2}

    def test_are_none_of_the_payers(self, db: None) -> None:
        ctx, simulated = opened("nordljus")
        dealings.deal(ctx, simulated)
        assert playing.bills(simulated, since=NOW.date() - timedelta(days=90)) == ()
