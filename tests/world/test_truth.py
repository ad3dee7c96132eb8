"""The links in the books, judged by what the payers meant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.invoicing import queries as invoices
from kvit.matching import commands as matching
from kvit.matching import queries as matching_queries
from kvit.world import truth
from kvit.world.bank_days import Movement, Sort
from kvit.world.bills import Meant
from kvit.world.founding import Simulated
from kvit.world.truth import Verdict
from simulated_books import TODAY, Desk, ctx_on, opened, play_until


@pytest.fixture
def played(db: None) -> Simulated:
    """A telecom with ten weeks of a past."""
    simulated = opened("nordljus", customers=25, past=70)
    play_until(simulated, TODAY, Desk())
    return simulated


class TestTheReport:
    def test_follows_every_movement_into_the_books(self, played: Simulated) -> None:
        report = truth.report(played)
        assert report.movements == report.lines == len(report.judgements) + report.waiting
        assert (report.lost, report.neither, report.foreign, report.wrong) == ((), (), 0, ())
        assert report.counts[Verdict.RIGHT] > 20
        assert report.waiting > 5

    def test_tells_what_never_came(self, db: None) -> None:
        """Planted fault: a bank's file gets lost."""

        class Careless(Desk):
            def __call__(self, ctx: Any, *, name: str, content: bytes) -> None:
                if "giro" not in name:
                    super().__call__(ctx, name=name, content=content)

        simulated = opened("nordljus", customers=25, past=50)
        play_until(simulated, TODAY, Careless())
        report = truth.report(simulated)
        assert report.lost
        assert {movement.account for movement in report.lost} == {"giro"}

    def test_tells_what_is_neither_linked_nor_asks(self, db: None) -> None:
        """Planted fault: nobody matches."""
        simulated = opened("nordljus", customers=25, past=50)
        play_until(simulated, TODAY, Desk(is_matching=False))
        report = truth.report(simulated)
        assert len(report.neither) == report.lines > 0

    def test_finds_a_payment_that_was_given_to_somebody_else(self, played: Simulated) -> None:
        """Planted fault: a link to another customer's invoice; by hand, and then as if the robot had made it."""
        payment, stranger = self.payment_given_back(played)
        target = matching.Target(stranger, 100)
        day = TODAY + timedelta(days=1)
        matching.link_payment(ctx_on(played, day), line_id=payment, targets=(target,))
        report = truth.report(played)
        (judgement,) = [j for j in report.judgements if j.verdict is not Verdict.RIGHT]
        assert (judgement.line_id, judgement.verdict) == (payment, Verdict.WRONG_CUSTOMER)
        assert report.wrong == ()
        by_robot = replace(judgement, by_robot=True)
        assert replace(report, judgements=(*report.judgements, by_robot)).wrong == (by_robot,)

    @staticmethod
    def payment_given_back(played: Simulated) -> tuple[int, int]:
        """A line that was paid by a customer, its link undone, and an open invoice of another one."""
        true = truth.movements(played)
        with tenant.scope(played.tenant_id):
            accounts = banking.accounts()
            links = {link.line_id: link for link in matching_queries.latest_by_robot(limit=200)}
            lines = banking.lines(list(links))
            documents = [d for d in invoices.all_invoices() if d.kind == "invoice"]
            items = matching_queries.receivables([d.id for d in documents])
        for line in lines:
            movement = true[accounts[line.account_id][0], line.bank_id]
            if movement.customer is not None:
                own = played.party_ids[movement.customer.ordinal]
                ctx = ctx_on(played, TODAY + timedelta(days=1))
                matching.undo_link(ctx, link_id=links[line.id].id, reason="given back", on_date=ctx.now.date())
                return line.id, next(d.id for d in documents if d.party_id != own and items[d.id].open_minor > 100)
        raise AssertionError("the robot has linked no customer's payment")


PAYS = {"F1": 500, "F2": 300}


class TestAVerdict:
    @pytest.mark.parametrize(
        ("settled", "meant", "verdict"),
        [
            (PAYS, PAYS, Verdict.RIGHT),
            ({"F1": 500}, PAYS, Verdict.RIGHT),
            ({"F1": 400}, {"F1": 500}, Verdict.RIGHT),
            ({}, PAYS, Verdict.ON_ACCOUNT),
            ({}, {}, Verdict.ON_ACCOUNT),
            ({"F3": 500}, {"F1": 500}, Verdict.EQUAL_DEBT),
            ({"F3": 500, "F1": 300}, PAYS, Verdict.EQUAL_DEBT),
            ({"F3": 400}, {"F1": 500}, Verdict.OTHER_INVOICE),
            ({"F1": 600}, {"F1": 500}, Verdict.OTHER_INVOICE),
            ({"F1": 500}, {}, Verdict.OTHER_INVOICE),
        ],
    )
    def test_weighs_what_was_settled_against_what_was_meant(
        self, db: None, settled: Mapping[str, int], meant: Mapping[str, int], verdict: Verdict
    ) -> None:
        played = opened("nordljus")
        person = played.people[3]
        movement = Movement(
            account="main",
            day=TODAY,
            amount_minor=800,
            other=person.own,
            bank_id="1" * 12,
            sort=Sort.PAYMENT,
            customer=person,
            meant=tuple(Meant(number, amount) for number, amount in meant.items()),
        )
        own, stranger = played.party_ids[3:5]
        assert truth.verdict_on(played, own, movement, settled, meant) is verdict
        assert truth.verdict_on(played, stranger, movement, settled, meant) is Verdict.WRONG_CUSTOMER
        nobodys = replace(movement, customer=None)
        assert truth.verdict_on(played, own, nobodys, settled, meant) is Verdict.NOT_MEANT
