"""The table of VAT rates against the rules, and the warning beyond what was verified."""

import dataclasses
import datetime
import itertools
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

import shared_folder
from kvit.kernel import vat
from shared_folder import needs_shared

ROWS = shared_folder.rows("rules/vat_rates.csv")
ONE_DAY = datetime.timedelta(days=1)
# How the rules name a day they give no better.
LOOSE_DAYS = {"1990s": "1996-01-01"}


def rates_of_the_rules(row: dict[str, str], day: date) -> set[Decimal]:
    """The percentages a row of the rules allows on a day within it."""
    rates = {Decimal(0), Decimal(row["standard"])}
    rates |= {Decimal(number) for number in re.findall(r"\d+", row["reduced"])}
    transitional = re.search(r"(\d+) transitional .* until (\S+)", row["zero_or_other"])
    if transitional and day <= date.fromisoformat(transitional[2]):
        rates.add(Decimal(transitional[1]))
    return rates


def differences(rows: Sequence[dict[str, str]]) -> list[str]:
    """Where our table gives other percentages than the rules, looking at every change of either."""
    changes = {period.first_day for period in vat.PERIODS} | {date(2026, 7, 31), date(2026, 11, 21)}
    found = []
    for row in rows:
        first = date.fromisoformat(LOOSE_DAYS.get(row["from"], row["from"]))
        last = date.fromisoformat(row["to"]) if row["to"] else date(2026, 12, 31)
        days = {day + step for day in changes | {first, last} for step in (-ONE_DAY, ONE_DAY * 0, ONE_DAY)}
        for day in sorted(day for day in days if first <= day <= last):
            ours = set(vat.rates_on(row["country"], day))
            if ours != rates_of_the_rules(row, day):
                found.append(f"{row['country']} {day}: {ours}")
    return found


class TestTheTableOfRates:
    @needs_shared
    def test_says_what_the_rules_say(self) -> None:
        assert {row["country"] for row in ROWS} == {"PL", "SE", "RO"}
        assert differences(ROWS) == []

    @needs_shared
    def test_with_one_wrong_rate_is_found_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for index, period in enumerate(vat.PERIODS):
            wrong = dataclasses.replace(period, standard=period.standard + 1)
            monkeypatch.setattr(vat, "PERIODS", (*vat.PERIODS[:index], wrong, *vat.PERIODS[index + 1 :]))
            assert differences(ROWS), period
            monkeypatch.undo()

    @needs_shared
    def test_has_no_confidence_the_rules_lack(self) -> None:
        for period in vat.PERIODS:
            of_the_rules = [
                row["confidence"]
                for row in ROWS
                if row["country"] == period.country
                and LOOSE_DAYS.get(row["from"], row["from"]) <= period.first_day.isoformat()
                and (not row["to"] or period.first_day.isoformat() <= row["to"])
            ]
            assert [confidence.split(" ")[0] for confidence in of_the_rules] == [period.confidence.value]

    @pytest.mark.parametrize("country", ["PL", "SE", "RO"])
    def test_has_no_gap_and_no_overlap(self, country: str) -> None:
        periods = sorted((p for p in vat.PERIODS if p.country == country), key=lambda p: p.first_day)
        for earlier, later in itertools.pairwise(periods):
            assert earlier.last_day is not None
            assert earlier.last_day + ONE_DAY == later.first_day


class TestARate:
    @pytest.mark.parametrize(
        ("country", "rate", "day", "allowed"),
        [
            ("PL", "23", "2026-11-21", True),
            ("PL", "0", "2026-11-21", True),
            ("PL", "8.00", "2026-11-21", True),
            ("PL", "22", "2026-11-21", False),
            ("PL", "0.23", "2026-11-21", False),
            ("RO", "19", "2025-07-31", True),
            ("RO", "19", "2025-08-01", False),
            ("RO", "21", "2025-08-01", True),
            ("RO", "9", "2026-07-31", True),
            ("RO", "9", "2026-08-01", False),
            ("SE", "12", "2026-04-01", True),
            ("SE", "20", "2026-04-01", False),
        ],
    )
    def test_is_allowed_in_its_time(self, country: str, rate: str, day: str, allowed: bool) -> None:
        assert vat.is_allowed(country, Decimal(rate), date.fromisoformat(day)) is allowed

    def test_comes_highest_first(self) -> None:
        assert vat.rates_on("PL", date(2026, 11, 21)) == (Decimal(23), Decimal(8), Decimal(5), Decimal(0))

    @pytest.mark.parametrize(("country", "day"), [("PL", "2010-12-31"), ("DE", "2026-11-21"), ("SE", "1995-12-31")])
    def test_is_refused_where_none_is_known(self, country: str, day: str) -> None:
        with pytest.raises(vat.NoVatRates):
            vat.rates_on(country, date.fromisoformat(day))


class TestBeyondWhatWasVerified:
    @pytest.mark.parametrize("country", ["PL", "SE", "RO"])
    def test_the_last_rates_go_on_with_a_warning(self, country: str) -> None:
        assert vat.is_verified(country, date(2026, 12, 31))
        assert not vat.is_verified(country, date(2027, 1, 1))
        assert vat.rates_on(country, date(2027, 1, 1)) == vat.rates_on(country, date(2026, 12, 31))

    def test_a_row_that_has_ended_is_not_verified_whatever_it_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = tuple(dataclasses.replace(p, verified_through=date(2099, 12, 31)) for p in vat.PERIODS)
        monkeypatch.setattr(vat, "PERIODS", rows)
        assert vat.is_verified("SE", date(2027, 12, 31))
        assert not vat.is_verified("SE", date(2028, 1, 1))
        assert vat.is_verified("PL", date(2028, 1, 1))

    def test_the_past_needs_no_warning(self) -> None:
        assert vat.is_verified("RO", date(2025, 7, 31))
