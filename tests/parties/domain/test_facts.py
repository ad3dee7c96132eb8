"""The age of a fact."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.parties.domain.facts import BadFact, NewFact, age_days, require_sound, stale_from

LEARNT = datetime(2026, 1, 10, 12, tzinfo=UTC)


class TestAFact:
    @pytest.mark.parametrize(
        ("valid_until", "renew_after", "stale"),
        [
            (None, None, None),
            (date(2026, 1, 31), None, date(2026, 2, 1)),
            (None, 30, date(2026, 2, 9)),
            (date(2026, 1, 31), 30, date(2026, 2, 1)),
            (date(2026, 3, 31), 30, date(2026, 2, 9)),
            (date.max, None, None),
        ],
    )
    def test_is_out_of_date_from_the_earlier_limit_on(
        self, valid_until: date | None, renew_after: int | None, stale: date | None
    ) -> None:
        assert stale_from(learnt_at=LEARNT, valid_until_date=valid_until, renew_after_days=renew_after) == stale

    @given(st.integers(0, 10_000), st.integers(1, 10_000))
    def test_is_out_of_date_exactly_when_its_age_reaches_the_days(self, age: int, renew_after: int) -> None:
        today = LEARNT.date() + timedelta(days=age)
        stale = stale_from(learnt_at=LEARNT, valid_until_date=None, renew_after_days=renew_after)
        assert stale is not None
        assert (stale <= today) is (age_days(learnt_at=LEARNT, today=today) >= renew_after)

    def test_is_never_younger_than_new(self) -> None:
        assert age_days(learnt_at=LEARNT, today=date(2025, 1, 1)) == 0

    @pytest.mark.parametrize(
        "fact",
        [
            NewFact(name=" ", value="x", source="VIES"),
            NewFact(name="vat_status", value="x", source=""),
            NewFact(name="vat_status", value="x", source="VIES", learnt_at=LEARNT + timedelta(seconds=1)),
            NewFact(name="vat_status", value="x", source="VIES", renew_after_days=0),
            NewFact(name="vat_status", value="x", source="VIES", renew_after_days=10**9),
            NewFact(name="v" * 61, value="x", source="VIES"),
            NewFact(name="vat_status", value="x", source="V" * 101),
        ],
    )
    def test_is_refused(self, fact: NewFact) -> None:
        with pytest.raises(BadFact):
            require_sound(fact, now=LEARNT)
