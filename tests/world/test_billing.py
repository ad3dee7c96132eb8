"""What the simulated companies invoice."""

from collections import Counter
from datetime import date, timedelta

import pytest

from kvit.invoicing.domain import calculate, check_lines
from kvit.kernel import vat
from kvit.world import billing
from kvit.world.companies import COMPANIES, Company
from kvit.world.people import population

EACH = pytest.mark.parametrize("company", COMPANIES.values(), ids=COMPANIES)
YEAR = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@EACH
class TestAYearsInvoices:
    def test_are_the_same_each_time_and_others_for_another_seed(self, company: Company) -> None:
        people = population(company, seed=5, count=30)
        first = [billing.orders(company, people, day, seed=5) for day in YEAR[:60]]
        assert [billing.orders(company, people, day, seed=5) for day in YEAR[:60]] == first
        assert [billing.orders(company, people, day, seed=6) for day in YEAR[:60]] != first

    def test_could_all_be_drafted_and_are_worth_something(self, company: Company) -> None:
        people = population(company, seed=5, count=30)
        for day in YEAR:
            for order in billing.orders(company, people, day, seed=5):
                check_lines(order.lines, rates=vat.rates_on(company.country, day), of=company.country)
                assert calculate(order.lines, company.currency).gross_minor > 1000

    def test_reach_every_customer_in_the_rhythm_of_the_trade(self, company: Company) -> None:
        people = population(company, seed=5, count=60)
        counts = Counter(order.ordinal for day in YEAR for order in billing.orders(company, people, day, seed=5))
        assert counts.keys() == {person.ordinal for person in people}
        if company.code in ("nordljus", "promien"):
            assert all(counts[person.ordinal] == 12 * min(person.units, 3) or person.units > 3 for person in people)
        assert 4 * len(people) < counts.total() < 60 * len(people)

    def test_do_not_depend_on_who_else_is_a_customer(self, company: Company) -> None:
        many = population(company, seed=5, count=60)
        for day in YEAR[:40]:
            all_orders = billing.orders(company, many, day, seed=5)
            few = billing.orders(company, many[:20], day, seed=5)
            assert tuple(order for order in all_orders if order.ordinal < 20) == few
