"""Facts about a claim as values: what is disputed of what is open, what money makes of a word, what a receipt is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.invoicing.domain import FACTS, FactKind, FactState, NotAReceipt, Side, line_gross, recognised, side_of_actor
from kvit.invoicing.domain.facts import (
    LIVE_DISPUTE,
    Credited,
    Disputed,
    Measured,
    Settled,
    disputed_minor,
    measured,
)

DAY = date(2026, 3, 2)
AMOUNTS = st.integers(1, 10_000)
DISPUTE_STATES = st.sampled_from(sorted(FACTS[FactKind.DISPUTE].moves))
DISPUTES = st.lists(st.builds(Disputed, AMOUNTS, DISPUTE_STATES, st.integers(0, 20)), max_size=6)
CREDITS = st.lists(st.builds(Credited, AMOUNTS, st.integers(0, 20)), max_size=4)
SETTLED = st.lists(st.builds(Settled, st.dates(DAY, DAY + timedelta(days=20)), AMOUNTS, st.booleans()), max_size=5)


@st.composite
def facts(draw: st.DrawFn) -> Measured:
    """A remittance or a promise in any of its states."""
    kind = draw(st.sampled_from([FactKind.REMITTANCE, FactKind.PROMISE]))
    amount = draw(AMOUNTS)
    before = draw(st.integers(0, 10_000))
    last = draw(st.dates(DAY, DAY + timedelta(days=20)))
    return Measured(kind, draw(st.sampled_from(sorted(FACTS[kind].moves))), amount, before + amount, last)


class TestWhatIsDisputed:
    @given(st.integers(0, 20_000), DISPUTES, CREDITS)
    def test_is_never_more_than_is_open_nor_below_zero(
        self, open_minor: int, disputes: list[Disputed], credits: list[Credited]
    ) -> None:
        assert 0 <= disputed_minor(open_minor, disputes, credits) <= open_minor

    @given(st.integers(0, 20_000), DISPUTES, CREDITS)
    def test_counts_what_is_live_whole_and_what_is_decided_against_not_at_all(
        self, open_minor: int, disputes: list[Disputed], credits: list[Credited]
    ) -> None:
        found = disputed_minor(open_minor, disputes, credits)
        live = sum(each.amount_minor for each in disputes if each.state in LIVE_DISPUTE)
        accepted = sum(each.amount_minor for each in disputes if each.state is FactState.ACCEPTED)
        assert min(open_minor, live) <= found <= min(open_minor, live + accepted)

    @given(DISPUTES, CREDITS, st.builds(Credited, AMOUNTS, st.integers(0, 20)))
    def test_grows_by_no_credit_note(
        self, disputes: list[Disputed], credits: list[Credited], further: Credited
    ) -> None:
        assert disputed_minor(10**9, disputes, [*credits, further]) <= disputed_minor(10**9, disputes, credits)

    def test_is_made_good_by_credit_notes_that_came_after_it_the_oldest_first(self) -> None:
        accepted = [Disputed(100, FactState.ACCEPTED, 1), Disputed(50, FactState.ACCEPTED, 5)]
        assert disputed_minor(1_000, accepted, [Credited(80, 0)]) == 150
        assert disputed_minor(1_000, accepted, [Credited(120, 3)]) == 50
        assert disputed_minor(1_000, accepted, [Credited(120, 7)]) == 30


class TestAWordMeasured:
    @given(facts(), SETTLED, st.integers(0, 10_000), st.dates(DAY, DAY + timedelta(days=30)))
    def test_comes_to_stand_where_its_lifecycle_lets_it(
        self, fact: Measured, settled: list[Settled], open_minor: int, today: date
    ) -> None:
        to = measured(fact, settled, open_minor=open_minor, today=today)
        assert to is fact.state or to in FACTS[fact.kind].moves[fact.state]

    @given(facts(), SETTLED, st.integers(0, 10_000), st.dates(DAY, DAY + timedelta(days=30)))
    def test_measured_twice_stays(self, fact: Measured, settled: list[Settled], open_minor: int, today: date) -> None:
        once = measured(fact, settled, open_minor=open_minor, today=today)
        again = Measured(fact.kind, once, fact.amount_minor, fact.target_minor, fact.last_date)
        assert measured(again, settled, open_minor=open_minor, today=today) is once

    @given(facts(), SETTLED, st.builds(Settled, st.just(DAY), AMOUNTS, st.just(True)))
    def test_is_made_worse_by_no_payment(self, fact: Measured, settled: list[Settled], more: Settled) -> None:
        good = {FactState.CONFIRMED, FactState.KEPT}
        if measured(fact, settled, open_minor=5, today=DAY) in good:
            assert measured(fact, [*settled, more], open_minor=5, today=DAY) in good

    @pytest.mark.parametrize(("kind", "late"), [(FactKind.PROMISE, "broken"), (FactKind.REMITTANCE, "stale")])
    def test_is_late_the_day_after_and_not_before(self, kind: FactKind, late: str) -> None:
        fact = Measured(kind, FactState.OPEN, 5, 5, DAY)
        assert measured(fact, (), open_minor=5, today=DAY) is FactState.OPEN
        assert measured(fact, (), open_minor=5, today=DAY + timedelta(days=1)).value == late

    @pytest.mark.parametrize("kind", [FactKind.DISPUTE, FactKind.EXTENSION])
    def test_that_no_money_decides_stays_as_it_is(self, kind: FactKind) -> None:
        fact = Measured(kind, FactState.OPEN, 5, 0, DAY)
        assert measured(fact, (), open_minor=0, today=DAY + timedelta(days=9)) is FactState.OPEN


class TestTheSide:
    @pytest.mark.parametrize(
        ("actor", "side"),
        [
            ("link:7", Side.CUSTOMER),
            ("customer:7", Side.CUSTOMER),
            ("user:7", Side.COMPANY),
            ("robot:invoicing.claims", Side.COMPANY),
            ("world:demo", Side.COMPANY),
            ("linked:7", Side.COMPANY),
        ],
    )
    def test_is_that_of_who_acts(self, actor: str, side: Side) -> None:
        assert side_of_actor(actor) is side


class TestALine:
    @pytest.mark.parametrize(
        ("net", "rate", "gross"), [(10_000, "25", 12_500), (1, "25", 1), (2, "25", 3), (-2, "25", -3)]
    )
    def test_costs_its_net_with_vat_rounded_half_up(self, net: int, rate: str, gross: int) -> None:
        assert line_gross(net, Decimal(rate)) == gross


class TestAFileBroughtAsAReceipt:
    @given(st.binary(max_size=3000))
    def test_is_recognised_or_refused_whatever_it_holds(self, content: bytes) -> None:
        try:
            kind = recognised(content[:1024], content[-2048:], len(content))
        except NotAReceipt:
            return
        assert content[:4] in (b"%PDF", b"\x89PNG") or content[:3] == b"\xff\xd8\xff"
        assert kind.media_type in ("application/pdf", "image/png", "image/jpeg")

    @pytest.mark.parametrize("size", [0, 5_000_001])
    def test_is_refused_by_its_size_alone(self, size: int) -> None:
        with pytest.raises(NotAReceipt):
            recognised(b"%PDF-1.7", b"%%EOF", size)
