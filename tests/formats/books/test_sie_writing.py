"""SIE 4: written in CP437, checked, refused where vouchers or balances do not fit."""

import dataclasses
import datetime

import pytest

from kvit.formats.books.sie import write as sie
from kvit.formats.books.sie.records import (
    Account,
    AccountType,
    Balance,
    Dimension,
    FiscalYear,
    Object,
    ObjectRef,
    SieFile,
    Transaction,
    Voucher,
)
from kvit.formats.writing import Unwritable

DAY = datetime.date(2026, 3, 2)


def row(account: str, amount_minor: int, **given: object) -> Transaction:
    return Transaction(place="", account=account, amount_minor=amount_minor, **given)  # type: ignore[arg-type]


SALE = Voucher(
    place="",
    series="A",
    number="1",
    date=DAY,
    text='Faktura "7"',
    transactions=(row("1510", 12500, objects=(ObjectRef("1", "Nord"),), text="Åsa"), row("3001", -12500)),
)
BOOKS = SieFile(
    sie_type="4",
    program="Kvit",
    program_version="1",
    generated_date=DAY,
    generated_by="Anna",
    company_name="Nordvik AB",
    company_number="556016-0680",
    years=(FiscalYear(index=0, from_date=datetime.date(2026, 1, 1), to_date=datetime.date(2026, 12, 31)),),
    accounts=(
        Account(number="1510", name="Kundfordringar", account_type=AccountType.ASSET, sru_codes=("7251",)),
        Account(number="3001", name="Försäljning", account_type=AccountType.INCOME),
    ),
    dimensions=(Dimension(number="1", name="Kostnadsställe"),),
    objects=(Object(dimension="1", number="Nord", name="Norra"),),
    balances=(
        Balance(place="", label="IB", year=0, account="1510", amount_minor=1000),
        Balance(place="", label="UB", year=0, account="1510", amount_minor=13500),
        Balance(place="", label="RES", year=0, account="3001", amount_minor=-12500),
    ),
    vouchers=(SALE,),
)


def reasons(given: SieFile) -> list[str]:
    with pytest.raises(Unwritable) as refused:
        sie.write(given)
    return [problem.reason for problem in refused.value.problems]


class TestASieFile:
    def test_stands_in_cp437_record_by_record(self) -> None:
        written = sie.write(BOOKS)
        assert (written.count, written.notes) == (1, ())
        assert written.content.decode("cp437").split("\r\n") == [
            "#FLAGGA 0",
            '#PROGRAM "Kvit" "1"',
            "#FORMAT PC8",
            '#GEN 20260302 "Anna"',
            "#SIETYP 4",
            '#ORGNR "556016-0680"',
            '#FNAMN "Nordvik AB"',
            "#RAR 0 20260101 20261231",
            "#VALUTA SEK",
            '#KONTO 1510 "Kundfordringar"',
            "#KTYP 1510 T",
            '#SRU 1510 "7251"',
            '#KONTO 3001 "Försäljning"',
            "#KTYP 3001 I",
            '#DIM 1 "Kostnadsställe"',
            '#OBJEKT 1 "Nord" "Norra"',
            "#IB 0 1510 10.00",
            "#UB 0 1510 135.00",
            "#RES 0 3001 -125.00",
            '#VER "A" "1" 20260302 "Faktura \\"7\\""',
            "{",
            '   #TRANS 1510 {"1" "Nord"} 125.00 "" "Åsa"',
            "   #TRANS 3001 {} -125.00",
            "}",
            "",
        ]

    def test_writes_what_cp437_lacks_by_the_table_with_a_note(self) -> None:
        voucher = dataclasses.replace(SALE, text="Łódź")
        written = sie.write(dataclasses.replace(BOOKS, vouchers=(voucher,)))
        assert "Lódz".encode("cp437") in written.content
        assert [note.place for note in written.notes] == ["vouchers[0]/text"]

    def test_names_a_voucher_that_does_not_balance(self) -> None:
        wrong = dataclasses.replace(SALE, transactions=(row("1510", 12501), row("3001", -12500)))
        assert "voucher A1 does not balance: 0.01 too much in debit" in reasons(
            dataclasses.replace(BOOKS, vouchers=(wrong,), balances=())
        )

    def test_would_write_it_if_nobody_added(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the check is taken away."""
        wrong = dataclasses.replace(SALE, transactions=(row("1510", 12501), row("3001", -12500)))
        monkeypatch.setattr(sie, "_check", lambda checks, given: None)
        assert b"125.01" in sie.write(dataclasses.replace(BOOKS, vouchers=(wrong,))).content

    def test_leaves_struck_and_added_rows_out_of_the_sum(self) -> None:
        rows = (*SALE.transactions, row("1510", 7, label="BTRANS"))
        sie.write(dataclasses.replace(BOOKS, vouchers=(dataclasses.replace(SALE, transactions=rows),)))

    def test_names_a_balance_that_the_vouchers_do_not_explain(self) -> None:
        balances = (*BOOKS.balances[:1], dataclasses.replace(BOOKS.balances[1], amount_minor=13499))
        assert reasons(dataclasses.replace(BOOKS, balances=balances)) == [
            "UB of account 1510 is 134.99; opening balance and vouchers make 135.00"
        ]

    def test_names_a_voucher_outside_of_the_year_and_an_account_that_is_not_there(self) -> None:
        late = dataclasses.replace(SALE, date=datetime.date(2027, 1, 1))
        found = reasons(dataclasses.replace(BOOKS, vouchers=(late,), accounts=BOOKS.accounts[:1], balances=()))
        assert found == [
            "voucher A1 lies outside of the fiscal year",
            "voucher A1 uses account 3001, which is not in the chart",
        ]

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ({"sie_type": "3"}, "is '3'; type 4 is written"),
            ({"flag": "2"}, "is 0, or 1 for a file that was taken in"),
            ({"generated_date": None}, "is missing"),
            ({"company_name": ""}, "is missing"),
            ({"accounts": (*BOOKS.accounts, Account(number="1 2", name=""))}, "'1 2' is no account number"),
            (
                {"balances": (Balance(place="", label="XB", year=0, account="1510", amount_minor=1),)},
                "'XB' is no balance of SIE",
            ),
        ],
    )
    def test_is_refused_where_a_field_cannot_be(self, wrong: dict[str, object], reason: str) -> None:
        assert reasons(dataclasses.replace(BOOKS, **wrong)) == [reason]  # type: ignore[arg-type]
