"""Payers as untidy as matching is tried with, and slips in the wrong envelopes: straight from the seed."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel.calendars import is_working_day
from kvit.world import bank_days, crossing, habits, slips, untidy
from kvit.world.bank_days import Movement, Sort
from kvit.world.bills import Bill
from kvit.world.chance import lots
from kvit.world.companies import COMPANIES, Company, Payers
from kvit.world.habits import Objection
from kvit.world.people import population
from kvit.world.untidy import Way
from simulated import FIRST, SEED, bills_of

CUSTOMERS, DAYS = 120, 330
EACH = pytest.mark.parametrize("code", COMPANIES)
CROSSED = (FIRST + timedelta(days=200), FIRST + timedelta(days=220))


def company(code: str) -> Company:
    return replace(COMPANIES[code], code=f"untidy-{code}", payers=Payers.UNTIDY)


def credited(of: Company, bills: list[Bill]) -> list[Bill]:
    """The bills with what was credited of them after their payment."""
    people = population(of, seed=SEED, count=CUSTOMERS)
    found = []
    for bill in bills:
        asked = list(habits.reactions(of, people[bill.ordinal], [bill], seed=SEED))
        credits = tuple((r.day, bill.gross_minor * r.percent // 100) for r in asked if isinstance(r, Objection))
        found.append(replace(bill, credits=credits))
    return found


def moved(of: Company, bills: list[Bill], first: date, last: date) -> tuple[Movement, ...]:
    people = population(of, seed=SEED, count=CUSTOMERS)
    return bank_days.movements(of, people, bills, days=(first, last), seed=SEED)


@pytest.fixture(scope="module")
def telecom() -> tuple[Company, list[Bill]]:
    of = company("nordljus")
    people = population(of, seed=SEED, count=CUSTOMERS)
    return of, credited(of, bills_of(of, people, days=DAYS))


class TestUntidyPayments:
    @EACH
    def test_come_on_bank_days_after_their_bills_each_with_a_key_of_its_own(self, code: str) -> None:
        of = company(code)
        bills = credited(of, bills_of(of, population(of, seed=SEED, count=40), days=150))
        issued = {bill.number: bill.issue_date for bill in bills}
        gross = {bill.number: bill.gross_minor for bill in bills}
        found = [m for m in moved(of, bills, FIRST, FIRST + timedelta(days=200)) if m.sort is Sort.PAYMENT]
        assert found
        assert len({m.bank_id for m in found}) == len(found)
        meant: Counter[str] = Counter()
        for movement in found:
            assert is_working_day(movement.day, of.country)
            assert sum(one.amount_minor for one in movement.meant) <= movement.amount_minor
            meant.update({one.number: one.amount_minor for one in movement.meant})
            assert all(0 < (movement.day - issued[one.number]).days < 180 for one in movement.meant)
        assert all(meant[number] <= gross[number] for number in meant)

    def test_of_a_day_are_the_same_whatever_bills_are_known_besides(self, telecom: tuple[Company, list[Bill]]) -> None:
        """What is played from the bills of half a year is the truth that is drawn from all of them later."""
        of, bills = telecom
        for start in range(185, DAYS, 9):
            first = FIRST + timedelta(days=start)
            last = first + timedelta(days=3)
            recent = [
                replace(bill, credits=tuple(c for c in bill.credits if c[0] <= last))
                for bill in bills
                if first - timedelta(days=habits.LONGEST_DAYS) <= bill.issue_date <= last
            ]
            assert moved(of, recent, first, last) == moved(of, bills, first, last)

    def test_are_untidy_in_every_way(self, telecom: tuple[Company, list[Bill]]) -> None:
        of, bills = telecom
        people = population(of, seed=SEED, count=CUSTOMERS)
        ways = Counter(untidy._Habits(of, people[b.ordinal], b, SEED).way for b in bills)
        assert set(ways) == set(Way)
        found = [m for m in moved(of, bills, FIRST, FIRST + timedelta(days=DAYS)) if m.customer is not None]
        assert any(len(m.meant) > 2 for m in found)
        assert any(not m.meant for m in found)
        names = Counter(m.other.name for m in found if m.customer and m.other.name != m.customer.own.name)
        assert len(names) > 50

    def test_deduct_a_credit_note_from_the_next_bill(self, telecom: tuple[Company, list[Bill]]) -> None:
        of, bills = telecom
        without = moved(of, [replace(bill, credits=()) for bill in bills], FIRST, FIRST + timedelta(days=DAYS))
        less = moved(of, bills, FIRST, FIRST + timedelta(days=DAYS))
        whole = {m.bank_id: m.amount_minor for m in without}
        changed = [m for m in less if m.amount_minor < whole.get(m.bank_id, 0)]
        assert len(changed) > 3
        assert all(len(m.meant) == 1 and m.meant[0].amount_minor == m.amount_minor for m in changed)

    def test_bring_money_of_nobody_as_well(self, telecom: tuple[Company, list[Bill]]) -> None:
        of, bills = telecom
        strays = [m for m in moved(of, bills, FIRST, FIRST + timedelta(days=DAYS)) if m.sort is Sort.STRAY]
        assert len(strays) > 50
        assert all(m.customer is None and not m.meant and m.amount_minor > 0 for m in strays)


class TestSlipsInTheWrongEnvelopes:
    def test_quote_an_equal_bill_of_somebody_else_who_has_not_paid(self, telecom: tuple[Company, list[Bill]]) -> None:
        _, bills = telecom
        right = company("nordljus")
        by_reference = {bill.reference: bill for bill in bills}
        quoted = defaultdict(int)
        intended = [
            (o, i)
            for o, own in self.by_customer(bills).items()
            for i in habits.intentions(right, population(right, seed=SEED, count=CUSTOMERS)[o], own, seed=SEED)
        ]
        after = crossing.crossed(CROSSED, intended, bills)
        assert [
            (o, i.key, i.amount_minor, i.meant) for o, i in sorted(intended, key=lambda x: (x[1].day, x[1].key))
        ] == [(o, i.key, i.amount_minor, i.meant) for o, i in after]
        before = {i.key: i for _, i in intended}
        changed = [(o, i) for o, i in after if i.reference != before[i.key].reference]
        assert len(changed) > 3
        booked = {m.reference for m in moved(replace(right, crossed=CROSSED), bills, *CROSSED)}
        for ordinal, intention in changed:
            assert intention.reference in booked
            other = by_reference[intention.reference]
            quoted[other.number] += 1
            assert CROSSED[0] <= intention.day <= CROSSED[1]
            assert other.ordinal != ordinal
            assert other.gross_minor == intention.amount_minor
        assert set(quoted.values()) == {1}

    @staticmethod
    def by_customer(bills: list[Bill]) -> dict[int, list[Bill]]:
        found: dict[int, list[Bill]] = defaultdict(list)
        for bill in bills:
            found[bill.ordinal].append(bill)
        return found


class TestASlipOfAnyKind:
    @given(st.integers(0, 10**6), st.from_regex(r"[1-9][0-9]{11}|RF[0-9]{13}", fullmatch=True))
    def test_changes_the_reference_a_little(self, seed: int, reference: str) -> None:
        slipped = slips.slipped(reference, lots(seed))
        assert abs(len(slipped) - len(reference)) <= 4
        assert slipped.isalnum()

    def test_of_each_kind_happens(self) -> None:
        lengths = Counter(len(slips.slipped("123456789012", lots(n))) for n in range(1000))
        assert set(lengths) == {8, 9, 10, 11, 12, 13}
        assert sum(slips.slipped("602456789012", lots(n)) == "602456789012" for n in range(1000)) < 5

    def test_is_none_where_a_reference_is_written_otherwise(self) -> None:
        for n in range(100):
            shown = slips.rewritten("123456789012", lots(n))
            assert shown.replace(" ", "").lstrip("0") == "123456789012"
