"""What goes into the audit and the queue comes back as it was, and without what must not stay."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kvit.base import codec
from kvit.base.codec import Bulk, Personal, Secret

KEY = b"only for tests"


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Inner:
    name: str
    amount: Decimal


@dataclass(frozen=True)
class Outer:
    number: int
    text: str
    maybe: str | None
    count: int | None
    truth: bool
    day: datetime.date
    at: datetime.datetime
    rate: Decimal
    colour: Colour
    raw: bytes
    inner: Inner
    many: tuple[Inner, ...]
    words: tuple[str | None, ...]
    by_name: dict[str, int]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)
inners = st.builds(Inner, texts, decimals)
outers = st.builds(
    Outer,
    number=st.integers(-(2**63), 2**63 - 1),
    text=texts,
    maybe=st.none() | texts | st.sampled_from(["null", "true", "1", ""]),
    count=st.none() | st.integers(-(2**63), 2**63 - 1),
    truth=st.booleans(),
    day=st.dates(),
    at=st.datetimes(timezones=st.just(datetime.UTC)),
    rate=decimals,
    colour=st.sampled_from(Colour),
    raw=st.binary(max_size=20),
    inner=inners,
    many=st.lists(inners, max_size=3).map(tuple),
    words=st.lists(st.none() | texts | st.just("null"), max_size=3).map(tuple),
    by_name=st.dictionaries(texts, st.integers(0, 100), max_size=3),
)


class TestAnAnswer:
    @given(outers)
    def test_comes_back_as_it_was(self, value: Outer) -> None:
        back = codec.restore(codec.canonical(value).decode(), Outer)
        assert back == value
        assert {k: type(v) for k, v in vars(back).items()} == {k: type(v) for k, v in vars(value).items()}

    @given(outers)
    def test_is_spelt_the_same_before_and_after_it_is_made_plain(self, value: Outer) -> None:
        assert codec.canonical(codec.plain(value)) == codec.canonical(value)

    @given(st.dictionaries(texts, st.integers(), max_size=6))
    def test_is_spelt_the_same_in_any_order(self, value: dict[str, int]) -> None:
        assert codec.canonical(dict(reversed(value.items()))) == codec.canonical(value)

    @given(decimals)
    def test_keeps_every_digit_of_a_decimal(self, value: Decimal) -> None:
        back = codec.restore(codec.canonical(Inner("", value)).decode(), Inner)
        assert str(back.amount) == str(value)


class TestAKeyedHash:
    @given(texts, texts)
    def test_is_equal_for_equal_values_only(self, one: str, other: str) -> None:
        hashes = [codec.keyed_hash(KEY, codec.canonical(value)) for value in (one, other)]
        assert (hashes[0] == hashes[1]) == (one == other)

    def test_says_nothing_without_the_key(self) -> None:
        assert codec.keyed_hash(KEY, b"a") != codec.keyed_hash(b"another key", b"a")
        assert len(codec.keyed_hash(KEY, b"a")) == 64


@dataclass(frozen=True)
class Person:
    name: Personal[str]
    language: str


@dataclass(frozen=True)
class Firm:
    title: str
    people: tuple[Person, ...]
    chief: Person | None


def take(
    ctx: Any,
    *,
    email: Personal[str],
    phone: Personal[str | None],
    emails: tuple[Personal[str], ...],
    firm: Firm,
    firms: list[Firm],
    password: Secret[str | None],
    rows: Bulk[tuple[int, ...]],
    plainly: str,
) -> None: ...


def without_marks(*, number: int, person: tuple[str, ...]) -> None: ...


BO = Person("Bo", "sv")
FIRM = Firm("Nordvik", (BO, Person("Britta", "sv")), None)
INPUT = {
    "email": "bo@x.example",
    "phone": None,
    "emails": ["a@x.example", "b@x.example"],
    "firm": FIRM,
    "firms": [FIRM, Firm("Sydvik", (), BO)],
    "password": "hunter2",
    "rows": [1, 2, 3],
    "plainly": "said",
}


class TestInput:
    @given(st.lists(inners, max_size=3).map(tuple), st.lists(outers, max_size=2))
    def test_in_sets_is_kept_by_the_hash_that_it_has_made_plain(self, rows: Any, others: list[Outer]) -> None:
        def take_sets(*, rows: Bulk[tuple[Inner, ...]], others: Bulk[list[Outer]], one: Inner) -> None: ...

        assume("\\u0000" not in codec.canonical([rows, others]).decode())  # which is refused
        plan, values = codec.plan_of(take_sets), {"rows": rows, "others": others, "one": Inner("a", Decimal(1))}
        kept, _ = codec.redact(codec.given(values, plan), plan, KEY)
        assert kept == codec.redact(codec.plain(values), plan, KEY)[0]
        assert kept["rows"] == {"count": len(rows), "hash": codec.keyed_hash(KEY, codec.canonical(rows))}


class TestAPlan:
    def test_finds_marks_in_dataclasses_sequences_and_options(self) -> None:
        plan = codec.plan_of(take)
        assert set(plan) == {"email", "phone", "emails", "firm", "firms", "password", "rows"}
        assert set(plan["firm"]) == {"people", "chief"}
        assert set(plan["firms"]["*"]["people"]["*"]) == {"name"}

    def test_is_empty_without_marks(self) -> None:
        assert codec.plan_of(without_marks) == {}

    def test_redacts_what_is_personal_secret_or_bulk_and_nothing_else(self) -> None:
        kept, personal = codec.redact(codec.plain(INPUT), codec.plan_of(take), KEY)
        text = codec.canonical(kept).decode()
        assert [(path, value) for path, _, value in personal] == [
            ("email", "bo@x.example"),
            ("emails[0]", "a@x.example"),
            ("emails[1]", "b@x.example"),
            ("firm.people[0].name", "Bo"),
            ("firm.people[1].name", "Britta"),
            ("firms[0].people[0].name", "Bo"),
            ("firms[0].people[1].name", "Britta"),
            ("firms[1].chief.name", "Bo"),
        ]
        for gone in ("x.example", "Bo", "Britta", "hunter2"):
            assert gone not in text
        assert kept["plainly"] == "said"
        assert kept["phone"] is None
        assert kept["rows"]["count"] == 3
        assert kept["firm"]["title"] == "Nordvik"
        assert kept["firm"]["people"][0]["language"] == "sv"

    def test_gives_equal_values_equal_hashes_wherever_they_stand(self) -> None:
        _, personal = codec.redact(codec.plain(INPUT), codec.plan_of(take), KEY)
        hashes = {digest for _, digest, value in personal if value == "Bo"}
        assert len(hashes) == 1

    def test_keeps_everything_where_nothing_is_marked(self) -> None:
        """The planted fault: the plan of a function that marks nothing."""
        kept, personal = codec.redact(codec.plain(INPUT), codec.plan_of(without_marks), KEY)
        assert personal == []
        assert "hunter2" in codec.canonical(kept).decode()


class TestWhatIsNotJson:
    @pytest.mark.parametrize("value", [object(), {1, object()}, "\ud800"])
    def test_is_refused_rather_than_guessed(self, value: Any) -> None:
        with pytest.raises((TypeError, UnicodeEncodeError)):
            codec.canonical(codec.plain({"value": value}))
