"""Foreign files cut, doubled, swapped and corrupted: nothing is raised, lost in silence or invented."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bank_samples import BGMAX, CAMT, bgmax_losses, camt_losses, name
from kvit.formats.bank.bgmax import reader as bgmax
from kvit.formats.bank.camt import reader as camt
from shared_folder import needs_shared

pytestmark = needs_shared

Mutation = Callable[[bytes], bytes]


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
    st.binary(min_size=1, max_size=4), st.sampled_from([b"<", b">", b"</Ntry>", b"<Ntry>", b"&", b"0", b"."])
)
MUTATION = st.tuples(
    st.sampled_from([_cut, _lose, _double, _overwrite, _insert, _lose_line, _double_line, _swap_lines]),
    st.integers(0, 40_000),
    st.integers(0, 300),
    JUNK,
)


@st.composite
def _mutated(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    data = draw(st.sampled_from(samples))
    for change, where, length, junk in draw(st.lists(MUTATION, min_size=1, max_size=3)):
        at = where % (len(data) + 1)
        data = change(data, at, at + length, junk)
    return data


CAMT_DATA = [path.read_bytes() for path in CAMT] or [b""]
BGMAX_DATA = [path.read_bytes() for path in BGMAX] or [b""]


class TestADamagedCamtFile:
    @given(data=_mutated(CAMT_DATA))
    @settings(max_examples=300)
    def test_loses_nothing_in_silence_and_invents_nothing(self, data: bytes) -> None:
        assert camt_losses(data, camt.read(data)) == []

    @pytest.mark.parametrize("data", CAMT_DATA, ids=[name(path) for path in CAMT] or None)
    def test_keeps_every_entry_before_a_cut(self, data: bytes) -> None:
        whole = {line.place: line for s in camt.read(data).records for line in s.lines}
        for cut in range(0, len(data), 97):
            read = camt.read(data[:cut])
            lines = [line for statement in read.records for line in statement.lines]
            entries = {place.partition("/TxDtls")[0] for place in (line.place for line in lines)}
            refused = {p.place for p in read.problems if p.place.endswith("]") and "/Ntry[" in p.place}
            begun = data[:cut].count(b"<Ntry>") + data[:cut].count(b"<Ntry ")
            assert len(entries | refused) == begun
            assert not entries & refused
            assert all(line == whole[line.place] for line in lines)
            assert read.problems or data[:cut].split() == data.split()


class TestADamagedBgMaxFile:
    @given(data=_mutated(BGMAX_DATA))
    @settings(max_examples=300)
    def test_loses_nothing_in_silence_and_invents_nothing(self, data: bytes) -> None:
        assert bgmax_losses(data, bgmax.read(data)) == []

    @given(data=_mutated(BGMAX_DATA))
    @settings(max_examples=300)
    def test_reports_any_change_of_the_sum_or_the_count(self, data: bytes) -> None:
        read = bgmax.read(data)
        if read.problems:
            return
        sums = sorted(sum(line.amount_minor for line in statement.lines) for statement in read.records)
        deposits = sorted(int(row[50:68]) for row in data.splitlines() if row[:2] == b"15")
        assert sums == deposits


class TestAnyBytes:
    @given(
        data=st.binary(max_size=300),
        prefix=st.sampled_from([b"", b"<Document><BkToCstmrStmt><Stmt><Ntry>", b"01BGMAX 20\n05\n"]),
    )
    @settings(max_examples=300)
    def test_are_read_without_an_exception(self, data: bytes, prefix: bytes) -> None:
        assert camt.read(prefix + data).problems
        assert bgmax.read(prefix + data).problems
