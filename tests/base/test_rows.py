"""Sets of values on their way into a statement: whatever they hold, the database reads what was given."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvit.base import rows, tenant
from kvit.base.command import Ctx

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)) | st.sampled_from('\x1f"\\,{} \n'))


def read(kind: str, values: list[Any]) -> Any:
    ((answer,),) = rows.select("SELECT %s::" + kind + "[]", [rows.array(kind, values)])  # type: ignore[arg-type]
    return answer


class TestAnArray:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
    @given(st.lists(TEXTS | st.none(), max_size=6))
    def test_gives_the_texts_as_they_are(self, anna: Ctx, texts: list[str | None]) -> None:
        with tenant.scope(anna.tenant_id):
            assert read("text", texts) == texts

    @pytest.mark.parametrize(
        ("kind", "values"),
        [
            ("text", []),
            ("text", ["NULL", "None", ""]),
            ("bigint", []),
            ("bigint", [1, None, -(2**63)]),
            ("boolean", [True, None, False]),
            ("date", [date(2026, 3, 1), None]),
            ("timestamptz", [datetime(2026, 3, 1, 12, tzinfo=UTC), None]),
            ("timestamptz", [datetime(2026, 3, 1, 12, tzinfo=UTC)] * 3),
            ("text", ['a "b", \\c'] * 3),
            ("text", [None, None]),
            ("bigint", [7] * 3),
            ("bigint", [7, 8, 7]),
            ("bigint", [None, None]),
        ],
    )
    def test_gives_whatever_else_as_it_is(self, anna: Ctx, kind: str, values: list[Any]) -> None:
        with tenant.scope(anna.tenant_id):
            assert read(kind, values) == values

    def test_keeps_the_digits_of_each_of_equal_decimals(self, anna: Ctx) -> None:
        rates = [Decimal("1.0"), Decimal("1.00"), Decimal("1.0")]
        with tenant.scope(anna.tenant_id):
            assert [str(rate) for rate in read("numeric", list(rates))] == [str(rate) for rate in rates]


class TestALongListOfNumbers:
    def test_is_found_by_any_and_by_unnest(self, anna: Ctx) -> None:
        numbers = list(range(1000))
        with tenant.scope(anna.tenant_id):
            assert rows.select("SELECT count(*) FROM generate_series(990, 1005) n WHERE n = ANY(%s)", [numbers]) == [
                (10,)
            ]
            assert rows.select("SELECT sum(n)::bigint FROM unnest(%(n)s::bigint[]) n", {"n": numbers}) == [(499500,)]

    def test_stays_a_list_where_it_holds_something_else(self, anna: Ctx) -> None:
        numbers: list[int | None] = [*range(100), None]
        with tenant.scope(anna.tenant_id):
            assert rows.select("SELECT count(*), count(n) FROM unnest(%s::bigint[]) n", [numbers]) == [(101, 100)]
