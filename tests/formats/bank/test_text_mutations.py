"""Text files cut, doubled, swapped and corrupted: nothing is raised, lost in silence or invented."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvit.formats import bank
from kvit.formats.bank.autogiro import read as autogiro
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.mt940 import reader as mt940
from kvit.formats.bank.pain import status as pain
from kvit.formats.books.jpk import read as jpk
from kvit.formats.books.rates import read as rates
from kvit.formats.books.sie import read as sie
from shared_folder import needs_shared
from text_samples import AUTOGIRO, JPK, LB, MT940, RATES, SIE, autogiro_losses, lb_losses, mt940_losses, sie_losses

MOST = 60_000


def _cut(data: bytes, at: int, _: int, __: bytes) -> bytes:
    return data[:at]


def _lose(data: bytes, at: int, to: int, _: bytes) -> bytes:
    return data[:at] + data[to:]


def _double(data: bytes, at: int, to: int, _: bytes) -> bytes:
    return data[:to] + data[at:]


def _overwrite(data: bytes, at: int, _: int, junk: bytes) -> bytes:
    return data[:at] + junk + data[at + len(junk) :]


def _insert(data: bytes, at: int, _: int, junk: bytes) -> bytes:
    return data[:at] + junk + data[at:]


def _lose_line(data: bytes, at: int, _: int, __: bytes) -> bytes:
    rows = data.splitlines(keepends=True)
    return b"".join(row for i, row in enumerate(rows) if i != at % max(len(rows), 1))


def _double_line(data: bytes, at: int, _: int, __: bytes) -> bytes:
    rows = data.splitlines(keepends=True)
    at %= max(len(rows), 1)
    return b"".join([*rows[: at + 1], *rows[at:]])


def _swap_lines(data: bytes, at: int, to: int, _: bytes) -> bytes:
    rows = data.splitlines(keepends=True)
    if rows:
        at, to = at % len(rows), to % len(rows)
        rows[at], rows[to] = rows[to], rows[at]
    return b"".join(rows)


JUNK = st.one_of(
    st.binary(min_size=1, max_size=4),
    st.sampled_from([b"0", b"9", b" ", b"\n", b"\t", b'"', b"{", b"}", b":61:", b"?20", b",", b"-", b"\xff", b"#VER"]),
)
CHANGES = [_cut, _lose, _double, _overwrite, _insert, _lose_line, _double_line, _swap_lines]
MUTATION = st.tuples(st.sampled_from(CHANGES), st.integers(0, MOST), st.integers(0, 200), JUNK)


@st.composite
def mutated(draw: st.DrawFn, paths: Sequence[Path]) -> bytes:
    """A sample changed in up to three places."""
    data = draw(st.sampled_from(paths)).read_bytes()[:MOST] if paths else b""
    for change, where, length, junk in draw(st.lists(MUTATION, min_size=1, max_size=3)):
        at = where % (len(data) + 1)
        data = change(data, at, at + length, junk)
    return data


@needs_shared
class TestADamagedFile:
    @given(data=mutated(MT940))
    @settings(max_examples=150)
    def test_of_mt940_loses_nothing_in_silence_and_invents_nothing(self, data: bytes) -> None:
        assert mt940_losses(data, mt940.read(data)) == []

    @given(data=mutated(AUTOGIRO))
    @settings(max_examples=150)
    def test_of_autogiro_loses_nothing_in_silence_and_invents_nothing(self, data: bytes) -> None:
        assert autogiro_losses(data, autogiro.read(data)) == []

    @given(data=mutated(LB))
    @settings(max_examples=100)
    def test_of_lb_loses_nothing_in_silence_and_invents_nothing(self, data: bytes) -> None:
        assert lb_losses(data, lb.read(data)) == []

    @given(data=mutated([path for path in SIE if path.stat().st_size < MOST]))
    @settings(max_examples=80)
    def test_of_sie_loses_no_voucher_in_silence(self, data: bytes) -> None:
        assert sie_losses(data, sie.read(data)) == []

    @given(data=mutated(JPK))
    @settings(max_examples=60)
    def test_of_jpk_is_read_and_says_where_it_stops(self, data: bytes) -> None:
        read = jpk.read(data)
        assert read.records or read.problems

    @given(data=mutated([path for path in RATES if path.suffix != ".zip"]))
    @settings(max_examples=60)
    def test_of_rates_is_read(self, data: bytes) -> None:
        read = rates.read(data)
        assert read.records or read.problems

    @given(data=mutated([*MT940, *AUTOGIRO, *LB]))
    @settings(max_examples=60)
    def test_of_any_kind_is_read_by_the_format_it_seems_to_have(self, data: bytes) -> None:
        file = bank.read(data)
        assert file.read.records or file.records or file.read.problems


Reader = Callable[[bytes], Any]
READERS: dict[str, Reader] = {
    "mt940": mt940.read,
    "autogiro": autogiro.read,
    "lb": lb.read,
    "sie": sie.read,
    "jpk": jpk.read,
    "rates": rates.read,
    "pain.002": pain.read,
}
STARTS = [
    b"",
    b":20:X\n:60F:C240101SEK1,\n:61:",
    b"01AUTOGIRO",
    b"1100",
    b"#FLAGGA 0\n#VER ",
    b"<JPK>",
    b"[{",
    b"Date,USD\n",
]


class TestAnyBytes:
    @pytest.mark.parametrize("name", READERS)
    @given(start=st.sampled_from(STARTS), data=st.binary(max_size=200))
    @settings(max_examples=80)
    def test_are_read_without_an_exception(self, name: str, start: bytes, data: bytes) -> None:
        found = READERS[name](start + data)
        assert found.records or found.problems
