"""How the simulated customers pay."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.kernel.calendars import is_working_day
from kvit.world import habits, slips
from kvit.world.bank_days import Sort
from kvit.world.bills import Bill, Intention
from kvit.world.chance import lots
from kvit.world.companies import COMPANIES, Company
from kvit.world.habits import Delay, Manner, Objection
from kvit.world.people import Person, Temper, population
from simulated import SEED, bills_of, booked

EACH = pytest.mark.parametrize("company", COMPANIES.values(), ids=COMPANIES)
DAYS = 150


def paid(company: Company, person: Person, bills: list[Bill]) -> list[Intention]:
    return list(habits.intentions(company, person, bills, seed=SEED))


def of_each(company: Company, count: int = 150) -> list[tuple[Person, list[Bill]]]:
    people = population(company, seed=SEED, count=count)
    found: dict[int, list[Bill]] = defaultdict(list)
    for bill in bills_of(company, people, days=DAYS):
        found[bill.ordinal].append(bill)
    return [(people[ordinal], bills) for ordinal, bills in found.items()]


@EACH
class TestPayments:
    def test_come_on_bank_days_after_their_bills_and_never_too_late(self, company: Company) -> None:
        for person, bills in of_each(company):
            issued = {bill.number: bill.issue_date for bill in bills}
            for intention in paid(company, person, bills):
                assert is_working_day(intention.day, company.country)
                assert intention.amount_minor > 0
                for meant in intention.meant:
                    assert 0 < (intention.day - issued[meant.number]).days < habits.LONGEST_DAYS

    def test_are_never_meant_for_more_than_they_are_or_than_is_owed(self, company: Company) -> None:
        for person, bills in of_each(company):
            meant: Counter[str] = Counter()
            for intention in paid(company, person, bills):
                assert sum(m.amount_minor for m in intention.meant) <= intention.amount_minor
                meant.update({m.number: m.amount_minor for m in intention.meant})
            assert all(meant[bill.number] <= bill.gross_minor for bill in bills)

    def test_have_keys_of_their_own(self, company: Company) -> None:
        keys = [i.key for person, bills in of_each(company) for i in paid(company, person, bills)]
        assert len(set(keys)) == len(keys)

    def test_are_decided_the_same_way_each_time_and_whatever_comes_later(self, company: Company) -> None:
        """A payment of an earlier month stays as it is when bills of later months are there."""
        until = date(2026, 5, 1)
        for person, bills in of_each(company, 60):
            early = [bill for bill in bills if bill.issue_date < until]
            known = {i.key: i for i in paid(company, person, early)}
            later = {i.key: i for i in paid(company, person, bills)}
            assert known.items() <= later.items()

    def test_take_less_where_something_was_credited_before(self, company: Company) -> None:
        for person, bills in of_each(company, 40):
            halved = [replace(b, credits=((b.issue_date, b.gross_minor // 2),)) for b in bills]
            whole, half = paid(company, person, bills), paid(company, person, halved)
            assert {i.key for i in half} <= {i.key for i in whole}
            assert sum(i.amount_minor for i in half) < sum(i.amount_minor for i in whole) or not whole
            settled = [replace(b, credits=((b.issue_date, b.gross_minor),)) for b in bills]
            assert paid(company, person, settled) == []


class TestACredit:
    def test_of_the_day_itself_comes_too_late_for_the_payment(self) -> None:
        bill = Bill(1, 0, "F1", "1", 1000, date(2026, 3, 2), credits=((date(2026, 3, 9), 400),))
        assert bill.owed_minor(date(2026, 3, 9)) == 1000
        assert bill.owed_minor(date(2026, 3, 10)) == 600


AllPaid = list[tuple[Person, Bill, list[Intention], Manner]]


@pytest.fixture(scope="module")
def all_paid() -> AllPaid:
    """Bills of the telecom that are paid one by one, with their payments and how they are paid."""
    company = COMPANIES["nordljus"]
    return [
        (person, bill, paid(company, person, [bill]), habits._Habits(company, person, bill, SEED).manner)
        for person, bills in of_each(company, 400)
        if person.temper is not Temper.GATHERING
        for bill in bills
    ]


class TestHabits:
    def test_are_all_there(self, all_paid: AllPaid) -> None:
        assert {manner for *_, manner in all_paid} == set(Manner)

    def test_are_mostly_good(self, all_paid: AllPaid) -> None:
        right = sum(manner is Manner.RIGHT for *_, manner in all_paid)
        assert 60 < 100 * right // len(all_paid) < 90

    @pytest.mark.parametrize("manner", Manner)
    def test_are_what_they_are_called(self, all_paid: AllPaid, manner: Manner) -> None:
        of_manner = [(person, bill, payments) for person, bill, payments, found in all_paid if found is manner]
        assert of_manner
        for person, bill, payments in of_manner:
            assert LOOKS[manner](person, bill, payments)

    def test_ask_something_of_the_company_before_they_pay(self, all_paid: AllPaid) -> None:
        kinds: dict[Manner, list[type]] = {Manner.DISPUTED: [Objection], Manner.ASKS_FOR_TIME: [Delay]}
        for person, bill, payments, manner in all_paid:
            reactions = list(habits.reactions(COMPANIES["nordljus"], person, [bill], seed=SEED))
            assert [type(reaction) for reaction in reactions] == kinds.get(manner, [])
            for reaction in reactions:
                assert reaction.day > bill.issue_date
                assert all(i.day > reaction.day for i in payments)


def quotes(bill: Bill, payments: list[Intention]) -> bool:
    return all(bill.reference in f"{i.reference} {i.text}" for i in payments)


def amounts(payments: list[Intention]) -> list[int]:
    return [i.amount_minor for i in payments]


Look = Callable[[Person, Bill, list[Intention]], bool]
LOOKS: Mapping[Manner, Look] = {
    Manner.RIGHT: lambda _, bill, paid: amounts(paid) == [bill.gross_minor] and quotes(bill, paid),
    Manner.MISTYPED: lambda _, bill, paid: len(paid) == 1 and not quotes(bill, paid),
    Manner.NO_REFERENCE: lambda _, bill, paid: len(paid) == 1 and paid[0].reference == "" and not quotes(bill, paid),
    Manner.BY_NUMBER: lambda _, bill, paid: (
        len(paid) == 1 and str(int(bill.number[-6:])) in paid[0].text and not quotes(bill, paid)
    ),
    Manner.OTHER_PAYER: lambda person, _, paid: [i.payer for i in paid] == [person.other] != [person.own],
    Manner.IN_PART: lambda _, bill, paid: (
        amounts(paid)[0] < bill.gross_minor and sum(amounts(paid)) in (amounts(paid)[0], bill.gross_minor)
    ),
    Manner.TOO_LITTLE: lambda _, bill, paid: 0 < paid[0].amount_minor < bill.gross_minor and len(paid) == 1,
    Manner.ROUNDED_UP: lambda _, bill, paid: paid[0].amount_minor > paid[0].meant[0].amount_minor == bill.gross_minor,
    Manner.TWICE: lambda _, bill, paid: (
        amounts(paid) == [bill.gross_minor] * 2 and [bool(i.meant) for i in paid] == [True, False]
    ),
    Manner.DISPUTED: lambda _, bill, paid: len(paid) == 1,
    Manner.ASKS_FOR_TIME: lambda _, bill, paid: amounts(paid) == [bill.gross_minor],
    Manner.NEVER: lambda _, bill, paid: not paid,
}


class TestAFirmThatGathers:
    def test_pays_a_months_bills_at_once_and_says_which(self) -> None:
        company = COMPANIES["nordljus"]
        gathering = [(p, bills) for p, bills in of_each(company, 400) if p.temper is Temper.GATHERING]
        several = 0
        for person, bills in gathering:
            numbers = {bill.number: bill for bill in bills}
            for intention in paid(company, person, bills):
                months = {numbers[m.number].issue_date.month for m in intention.meant}
                assert len(months) == 1
                assert intention.day.month != months.pop()
                assert sum(m.amount_minor for m in intention.meant) == intention.amount_minor
                assert not intention.parts or sum(a for _, a in intention.parts) == intention.amount_minor
                several += len(intention.meant) > 1
        assert several > 10


class TestASlip:
    @given(st.integers(0, 10**6), st.from_regex(r"[1-9][0-9]{11}|RF[0-9]{13}", fullmatch=True))
    def test_changes_the_reference_a_little(self, seed: int, reference: str) -> None:
        slipped = slips.mistyped(reference, lots(seed))
        assert slipped != reference or set(reference[2:]) == {reference[2]}
        assert abs(len(slipped) - len(reference)) <= 3
        assert slipped[:4] == reference[:4] or not reference.startswith("RF")

    def test_of_each_kind_happens(self) -> None:
        lengths = Counter(len(slips.mistyped("123456789012", lots(n))) for n in range(400))
        assert set(lengths) == {9, 11, 12, 13}


class TestTheOtherMovements:
    @EACH
    def test_are_what_companies_have_and_meant_for_no_invoice(self, company: Company) -> None:
        _, movements = booked(company, customers=1, days=200)
        others = [m for m in movements if m.customer is None]
        assert {m.sort for m in others} == set(Sort) - {Sort.PAYMENT, Sort.STRAY}
        assert all(m.meant == () and is_working_day(m.day, company.country) for m in others)
        assert all((m.amount_minor > 0) == (m.sort is Sort.TAX_REFUND) for m in others)
        wages = [m.day for m in others if m.sort is Sort.WAGES]
        assert len(wages) == len({(day.year, day.month) for day in wages}) == 6

    @EACH
    def test_have_bank_numbers_of_their_own(self, company: Company) -> None:
        _, movements = booked(company, customers=100, days=200)
        assert len({m.bank_id for m in movements}) == len(movements)
        assert all(m.day - movements[0].day < timedelta(days=200) for m in movements)
