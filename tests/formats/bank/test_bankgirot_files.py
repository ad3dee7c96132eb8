"""Autogiro and Leverantörsbetalningar: what each record becomes, what is compared, and what a shifted line gives."""

import datetime
import io
import re

import pytest

from kvit.formats import bank
from kvit.formats.bank.autogiro import layout as autogiro_layout
from kvit.formats.bank.autogiro import read as autogiro
from kvit.formats.bank.autogiro.records import (
    AutogiroFile,
    Change,
    Deposit,
    Direction,
    Kind,
    Mandate,
    MandateAction,
    Transfer,
)
from kvit.formats.bank.lb import layout as lb_layout
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.lb.records import LbFile, PaymentKind
from kvit.kernel.results import Problem

BANKGIRO = "0009912346"
ORDERS = f"0120260302AUTOGIRO{'':44}471117{BANKGIRO}"
NEW = f"01AUTOGIRO{'':14}20260302{'':12}{{}}471117{BANKGIRO}"
SPECIFICATION = NEW.format(f"{'BET. SPEC & STOPP TK':<20}")


def _debit(amount: int, code: str = "", day: str = "20260310", tk: str = "82") -> str:
    return f"{tk}{day}0    {101:016d}{amount:012d}{BANKGIRO}{'FAKTURA 7':<16}{'':10}{code}"


def _deposit(amount: int, count: int, tk: str = "15") -> str:
    return f"{tk}{'8901003232323232':0>35}2026031000001{amount:018d}   {count:08d}"


def _closing(debits: int, sections: int = 1) -> str:
    return f"09202603109900{sections:06d}{debits:012d}{0:06d}{0:012d}{0:06d}{0:012d}"


def _autogiro(*rows: str) -> tuple[tuple[AutogiroFile, ...], tuple[Problem, ...]]:
    found = autogiro.read("\r\n".join(rows).encode("iso-8859-1"))
    return found.records, found.problems


class TestAnAutogiroFile:
    def test_of_orders_holds_transfers_mandates_and_changes(self) -> None:
        rows = [
            ORDERS,
            _debit(750_00),
            _debit(10_00, day="GENAST  ", tk="32"),
            f"04{BANKGIRO}{101:016d}3300001212121212191212121212",
            f"03{BANKGIRO}{102:016d}",
            f"05{BANKGIRO}{103:016d}{BANKGIRO}{104:016d}",
            f"29{BANKGIRO}{101:016d}20260310{75000:012d}8220260312{'FAKTURA 7':<16}",
        ]
        (file,), problems = _autogiro(*rows)
        assert problems == ()
        assert (file.kind, file.payee_bankgiro, file.customer_number) == (Kind.ORDERS, "9912346", "471117")
        debit, credit, new, gone, moved, changed = file.entries
        assert isinstance(debit, Transfer)
        assert (debit.amount_minor, debit.direction, debit.reference) == (75000, Direction.DEBIT, "FAKTURA 7")
        assert isinstance(credit, Transfer)
        assert (credit.at_once, credit.date, credit.direction) == (True, None, Direction.CREDIT)
        actions = [one.action for one in (new, gone, moved) if isinstance(one, Mandate)]
        assert actions == [MandateAction.REGISTER, MandateAction.CANCEL, MandateAction.RENUMBER]
        assert isinstance(changed, Change)
        assert (changed.new_date, changed.amount_minor) == (datetime.date(2026, 3, 12), 75000)

    def test_of_payments_is_compared_with_its_deposits_and_totals(self) -> None:
        rows = [SPECIFICATION, _deposit(30000, 1), _debit(30000, "0"), _debit(20000, "1"), _closing(1)]
        (file,), problems = _autogiro(*rows)
        assert problems == ()
        assert isinstance(file.entries[0], Deposit)
        assert [one.code for one in file.entries if isinstance(one, Transfer)] == ["0", "1"]

    @pytest.mark.parametrize(
        ("row", "place", "reason"),
        [
            (_deposit(30001, 1), "line 2", "the deposit is 300.01 SEK, the payments below it make 300.00 SEK"),
            (_deposit(30000, 2), "line 2", "declares 2 payments, 1 stand below it"),
        ],
    )
    def test_whose_deposit_differs_says_so(self, row: str, place: str, reason: str) -> None:
        _, problems = _autogiro(SPECIFICATION, row, _debit(30000, "0"), _closing(1))
        assert [p.place for p in problems] == [place]
        assert reason in problems[0].reason

    def test_whose_totals_differ_says_so(self) -> None:
        _, problems = _autogiro(SPECIFICATION, _deposit(30000, 1), _debit(30000, "0"), _closing(2, sections=2))
        assert [p.place for p in problems] == ["line 4", "line 4"]

    def test_that_is_cut_off_says_so(self) -> None:
        _, problems = _autogiro(SPECIFICATION, _deposit(30000, 1), _debit(30000, "0"))
        assert "cut off" in problems[0].reason

    def test_without_its_totals_would_pass(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = (SPECIFICATION, _deposit(30000, 2), _debit(30000, "0"), _closing(2))
        assert _autogiro(*rows)[1]
        monkeypatch.setattr("kvit.formats.bank.autogiro.totals.closing", lambda *_: iter(()))
        monkeypatch.setattr("kvit.formats.bank.autogiro.totals.deposits", lambda *_: iter(()))
        assert _autogiro(*rows)[1] == ()

    @pytest.mark.parametrize("at", range(16, 44, 3))
    def test_with_a_digit_lost_or_doubled_gives_no_other_amount(self, at: int) -> None:
        row = _debit(750_00)
        for shifted in (row[:at] + row[at + 1 :], row[:at] + row[at] + row[at:]):
            (file,), problems = _autogiro(ORDERS, shifted)
            assert file.entries == ()
            assert [p.place for p in problems] == ["line 2"]

    def test_with_a_digit_lost_would_give_another_amount_without_the_guard(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = _debit(750_00)
        head = ORDERS.replace(BANKGIRO, "0099123460")[:68] + "0099123460"
        shifted = row[:20] + row[21:].replace("FAKTURA 7", "0FAKTURA 7", 1)
        monkeypatch.setattr(autogiro_layout, "_check", lambda *_: None)
        (file,), problems = _autogiro(ORDERS, shifted)
        assert (file.entries, len(problems)) == ((), 1)  # the bankgiro number is a second guard
        (file,), _ = _autogiro(head, shifted)
        assert [one.amount_minor for one in file.entries if isinstance(one, Transfer)] == [75000_0]

    def test_is_no_statement(self) -> None:
        data = ORDERS.encode() + b"\n" + _debit(1).encode()
        opened = bank.open_reader(io.BytesIO(data))
        (problem,) = opened.events
        assert opened.format is bank.Format.AUTOGIRO
        assert isinstance(problem, Problem)
        assert "an Autogiro file" in problem.reason


LB_HEAD = "11" + BANKGIRO + "260302LEVERANTÖRSBETALNINGAR"


def _payment(amount: int, tk: str = "14") -> str:
    return f"{tk}{'5555551':0>10}{'OCR 7':<25}{amount:012d}260310     {'VERIF 1':<20}"


def _lb(*rows: str) -> tuple[tuple[LbFile, ...], tuple[Problem, ...]]:
    found = lb.read("\r\n".join(rows).encode("iso-8859-1"))
    return found.records, found.problems


class TestALbFile:
    def test_is_compared_with_its_count_and_sum(self) -> None:
        trailer = f"29{BANKGIRO}{2:08d}{40000:012d}"
        (file,), problems = _lb(LB_HEAD, _payment(50000), _payment(10000, "16"), trailer)
        assert problems == ()
        assert [one.kind for one in file.payments] == [PaymentKind.PAYMENT, PaymentKind.CREDIT_WATCHED]
        assert (file.payments[0].payee, file.payments[0].own_note) == ("5555551", "VERIF 1")
        _, problems = _lb(LB_HEAD, _payment(50001), trailer)
        assert len(problems) == 2

    def test_without_its_totals_would_pass(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kvit.formats.bank.lb.read._compared", lambda *_: iter(()))
        assert _lb(LB_HEAD, _payment(50001), f"29{BANKGIRO}{2:08d}{40000:012d}")[1] == ()

    @pytest.mark.parametrize("at", range(4, 50, 5))
    def test_with_a_column_lost_gives_no_other_amount(self, at: int) -> None:
        row = _payment(50000)
        (file,), problems = _lb(LB_HEAD, row[:at] + row[at + 1 :], f"29{BANKGIRO}{1:08d}{50000:012d}")
        assert file.payments == ()
        assert "line 2" in [p.place for p in problems]

    def test_with_a_column_lost_would_give_another_amount_without_the_guard(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lb_layout, "_PAYMENT", re.compile(".*"))
        row = _payment(50000).replace("260310     ", "0260310    ")
        (file,), _ = _lb(LB_HEAD, row[:20] + row[21:], f"29{BANKGIRO}{1:08d}{50000:012d}")
        assert [one.amount_minor for one in file.payments] == [500000]
