"""Faults planted into the readers on purpose: the checks of the other tests must turn red for each."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bank_samples import BGMAX, CAMT, bgmax_complaints, bgmax_losses, camt_complaints, camt_losses, sample
from kvit.formats.bank import fields
from kvit.formats.bank.bgmax import reader as bgmax
from kvit.formats.bank.bgmax import records
from kvit.formats.bank.bgmax.section import Section
from kvit.formats.bank.camt import entry as entries
from kvit.formats.bank.camt import payment as payments
from kvit.formats.bank.camt import reader as camt
from kvit.formats.bank.camt.payment import Entry
from kvit.formats.bank.statement import Event, Line
from kvit.kernel.results import Problem
from shared_folder import needs_shared

pytestmark = needs_shared

MULTI = "iso20022/samples/genkgo/camt053.v2.multi.statement.xml"
FULL = "bankgirot/bgmax/BgMaxfil4.txt"


def _camt_is_red(data: bytes | None = None) -> bool:
    files = [path.read_bytes() for path in CAMT] if data is None else [data]
    return any(camt_complaints(file, camt.read(file)) for file in files)


def _bgmax_is_red(data: bytes | None = None) -> bool:
    files = [path.read_bytes() for path in BGMAX] if data is None else [data]
    return any(bgmax_complaints(file, bgmax.read(file)) for file in files)


def _wrapped(monkeypatch: pytest.MonkeyPatch, change: Callable[[Entry], None]) -> None:
    """Make the camt reader change every entry after it was read."""
    honest = entries.read

    def faulty(*args: Any, **kwargs: Any) -> Entry:
        entry = honest(*args, **kwargs)
        change(entry)
        return entry

    monkeypatch.setattr(entries, "read", faulty)


def _changed(entry: Entry, **changes: object) -> None:
    entry.lines[:] = [dataclasses.replace(line, **changes) for line in entry.lines]  # type: ignore[arg-type]


def _signs_lost(entry: Entry) -> None:
    entry.lines[:] = [dataclasses.replace(line, amount_minor=abs(line.amount_minor)) for line in entry.lines]


def _last_lost(entry: Entry) -> None:
    del entry.lines[1:]


class TestTheCheckOfCamt:
    def test_is_green_without_a_fault(self) -> None:
        assert not _camt_is_red()

    @pytest.mark.parametrize(
        "fault",
        [
            lambda entry: entry.lines.clear(),
            lambda entry: entry.problems.clear(),
            lambda entry: entry.lines.extend(entry.lines[:1]),
            _last_lost,
            _signs_lost,
            lambda entry: _changed(entry, amount_minor=0),
            lambda entry: _changed(entry, currency="USD"),
            lambda entry: _changed(entry, place="Stmt[1]/Ntry[99]"),
        ],
        ids=["line dropped", "refusal dropped", "line doubled", "payment dropped", "sign", "zero", "currency", "place"],
    )
    def test_is_red_for_a_reader_that_changes_an_entry(
        self, fault: Callable[[Entry], None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _wrapped(monkeypatch, fault)
        assert _camt_is_red()

    def test_is_red_for_a_bad_amount_taken_as_zero(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample(MULTI).replace(b">8.85<", b">8.855<")
        assert not _camt_is_red(data)
        honest = fields.amount_minor

        def faulty(text: str, currency: str) -> int:
            try:
                return honest(text, currency)
            except fields.Unreadable:
                return 0

        monkeypatch.setattr(fields, "amount_minor", faulty)
        assert _camt_is_red(data)

    def test_is_red_for_an_amount_that_is_rounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample(MULTI).replace(b">8.85<", b">8.855<")
        honest = fields.amount_minor
        monkeypatch.setattr(fields, "amount_minor", lambda text, currency: honest(text[:4], currency))
        assert _camt_is_red(data)

    def test_is_red_for_a_line_of_what_is_only_announced(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(entries, "_check_booked", lambda *_: None)
        assert _camt_is_red()

    def test_is_red_for_a_split_that_does_not_add_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample("iso20022/samples/oca/test-camt053-txdtls").replace(b">1296.00<", b">1296.01<")
        assert not _camt_is_red(data)
        honest = payments.share
        monkeypatch.setattr(payments, "share", lambda *args: (honest(*args) or 0) // 100 * 100)
        assert _camt_is_red(data)


class TestTheCheckOfDamage:
    def test_is_red_for_a_cut_nobody_mentions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample(MULTI)[:-600]
        assert camt_losses(data, camt.read(data)) == []
        honest = camt._Reader.cut

        def faulty(reader: Any, reason: str) -> Iterator[Event]:
            return (event for event in honest(reader, reason) if not isinstance(event, Problem))

        monkeypatch.setattr(camt._Reader, "cut", faulty)
        assert camt_losses(data, camt.read(data))

    def test_is_red_for_an_invented_amount(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample(MULTI).replace(b">8.85<", b">8.8.5<")
        assert camt_losses(data, camt.read(data)) == []
        monkeypatch.setattr(fields, "amount_minor", lambda text, _: int("".join(filter(str.isdigit, text)) + "7"))
        assert camt_losses(data, camt.read(data))

    def test_is_red_for_an_amount_from_other_columns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample(FULL)
        assert bgmax_losses(data, bgmax.read(data)) == []
        honest = records.Record.columns

        def faulty(record: records.Record, first: int, last: int) -> str:
            return honest(record, first - 1, last - 1) if first == 38 else honest(record, first, last)

        monkeypatch.setattr(records.Record, "columns", faulty)
        monkeypatch.setattr(records, "day", lambda _: datetime.date(2004, 5, 25))
        assert bgmax_losses(data, bgmax.read(data))


class TestTheCheckOfBalances:
    def test_is_red_for_a_line_dropped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert camt.read(sample(MULTI)).problems == ()
        _wrapped(monkeypatch, lambda entry: entry.lines.clear())
        assert [problem.place for problem in camt.read(sample(MULTI)).problems] == ["Stmt[1]", "Stmt[2]"]

    def test_is_red_for_a_sign_lost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        _wrapped(monkeypatch, _signs_lost)
        assert [problem.place for problem in camt.read(sample(MULTI)).problems] == ["Stmt[2]"]


class TestTheCheckOfDays:
    def test_is_red_for_an_invented_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def invented(entry: Entry) -> None:
            entry.booking_date = datetime.date(2026, 1, 1)

        monkeypatch.setattr(entries, "_read_dates", invented)
        undated = sample("iso20022/samples/genkgo/camt052.v2.with-account-name.xml")
        assert len(camt.read(undated).records[0].lines) == 1  # the honest reader gives none: see the golden files


class TestTheCheckOfBgMax:
    def test_is_green_without_a_fault(self) -> None:
        assert not _bgmax_is_red()

    @pytest.mark.parametrize("fault", ["line 3", "line 14", "line 61"])
    def test_is_red_for_a_payment_dropped(self, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
        honest = Section.events

        def faulty(section: Section, body: Any) -> Iterator[Event]:
            return (e for e in honest(section, body) if not (isinstance(e, Line) and e.place == fault))

        monkeypatch.setattr(Section, "events", faulty)
        assert _bgmax_is_red(sample(FULL))

    def test_is_red_for_a_bad_amount_taken_as_zero(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample("bankgirot/bgmax/minimal.txt").replace(b"000000000000110000210", b"00000000000011000X210")
        assert not _bgmax_is_red(data)
        monkeypatch.setattr(records, "amount_minor", lambda text, _: int(text) if text.isdecimal() else 0)
        assert _bgmax_is_red(data)

    def test_is_red_for_a_deduction_taken_as_a_payment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(records.Payment, "is_deduction", False)
        assert _bgmax_is_red()

    def test_of_columns_is_what_keeps_a_shifted_amount_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = sample("bankgirot/bgmax/minimal.txt").replace(b"650861", b"6508611")
        assert bgmax.read(data).records[0].lines == ()
        monkeypatch.setattr(records, "check_tail", lambda _: None)
        assert bgmax.read(data).records[0].lines[0].amount_minor != 110_000

    def test_of_deposits_is_red_for_a_payment_dropped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert bgmax.read(sample(FULL)).problems == ()
        rows = sample(FULL).splitlines(keepends=True)
        assert rows[39].startswith(b"2000000000")
        places = [problem.place for problem in bgmax.read(b"".join(rows[:39] + rows[40:])).problems]
        assert places == ["line 49", "line 49", "line 66"]
