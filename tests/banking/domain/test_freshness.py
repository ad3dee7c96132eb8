"""How far behind an account is, in the days on which its bank works."""

from datetime import date

import pytest

from kvit.banking.domain import AccountKind
from kvit.banking.domain.freshness import bank_country, freshness

FRIDAY = date(2026, 3, 6)


class TestFreshness:
    @pytest.mark.parametrize(
        ("known_until", "today", "missing"),
        [
            (FRIDAY, date(2026, 3, 7), 0),
            (FRIDAY, date(2026, 3, 9), 0),  # Monday morning: Monday is not over
            (FRIDAY, date(2026, 3, 10), 1),
            (date(2026, 3, 5), date(2026, 3, 9), 1),
            (date(2026, 3, 9), date(2026, 3, 9), 0),
            (date(2026, 4, 2), date(2026, 4, 7), 0),  # Good Friday to Easter Monday
            (date(2026, 4, 2), date(2026, 4, 8), 1),
        ],
    )
    def test_counts_bank_days_that_are_over(self, known_until: date, today: date, missing: int) -> None:
        found = freshness(known_until, today=today, country="SE")
        assert (found.missing_days, found.covers_the_last_bank_day) == (missing, missing == 0)

    def test_keeps_the_free_days_of_the_banks_country(self) -> None:
        whole_poland, romania = (freshness(date(2026, 4, 30), today=date(2026, 5, 5), country=c) for c in ("PL", "RO"))
        assert (whole_poland.missing_days, romania.missing_days) == (1, 1)
        assert freshness(date(2026, 11, 10), today=date(2026, 11, 12), country="PL").missing_days == 0
        assert freshness(date(2026, 11, 10), today=date(2026, 11, 12), country="SE").missing_days == 1

    def test_knows_nothing_of_an_account_without_statements(self) -> None:
        assert freshness(None, today=FRIDAY, country="SE").missing_days is None
        assert not freshness(None, today=FRIDAY, country="SE").covers_the_last_bank_day


class TestTheBanksCountry:
    @pytest.mark.parametrize(
        ("number", "kind", "country"),
        [
            ("PL61109010140000071219812874", AccountKind.IBAN, "PL"),
            ("61109010140000071219812874", AccountKind.IBAN, "PL"),
            ("9912346", AccountKind.BANKGIRO, "SE"),
            ("2865434", AccountKind.PLUSGIRO, "SE"),
            ("DE89370400440532013000", AccountKind.IBAN, "RO"),
            ("600012345", AccountKind.NATIONAL, "RO"),
        ],
    )
    def test_is_that_of_the_number_or_the_companys(self, number: str, kind: AccountKind, country: str) -> None:
        assert bank_country(number, kind, company="RO") == country
