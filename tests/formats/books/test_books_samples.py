"""Every foreign SIE, JPK and rates sample is read: counted a second time, and its problems held in golden files."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bank_samples import name, xpath
from kvit.formats.books.jpk import read as jpk
from kvit.formats.books.jpk.records import Declaration, Invoice, RegisterRow
from kvit.formats.books.rates import read as rates
from kvit.formats.books.sie import read as sie
from shared_folder import needs_shared
from text_samples import JPK, RATES, SIE, rows, sie_losses

pytestmark = needs_shared
GOLDEN = Path(__file__).parents[2] / "golden" / "books"
ENTRIES = ("Deklaracja", "SprzedazWiersz", "ZakupWiersz", "Faktura", "FakturaWiersz", "Zamowienie")


def _checked(file: str, found: dict[str, Any], refresh: bool) -> None:
    golden = GOLDEN / file
    if refresh:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(golden.read_text(encoding="utf-8")) == found


class TestTheSamples:
    def test_are_all_there(self) -> None:
        assert (len(SIE), len(JPK), len(RATES)) == (81, 23, 5)


@pytest.mark.parametrize("path", SIE, ids=name)
class TestEverySieSample:
    def test_loses_no_voucher_and_no_transaction(self, path: Path) -> None:
        data = path.read_bytes()
        assert sie_losses(data, sie.read(data)) == []

    def test_has_vouchers_that_balance_or_are_named(self, path: Path) -> None:
        read = sie.read(path.read_bytes())
        named = {problem.place for problem in read.problems}
        for file in read.records:
            assert all(voucher.sum_minor == 0 or voucher.place in named for voucher in file.vouchers)

    def test_has_the_sum_of_all_amounts_written(self, path: Path) -> None:
        data = path.read_bytes()
        read = sie.read(data)
        if any("#TRANS" in problem.reason or "transactions" in problem.place for problem in read.problems):
            return
        made = sum(one.amount_minor for f in read.records for v in f.vouchers for one in v.transactions)
        told = Decimal(0)
        for row in rows(data):
            found = re.match(rb"\s*#[BR]?TRANS\s+\S+\s+(?:\{[^}]*\}\s+)?\"?(-?[\d.]+)", row)
            told += Decimal(found[1].decode()) if found else 0
        assert Decimal(made).scaleb(-2) == told


@pytest.mark.parametrize("path", JPK, ids=name)
class TestEveryJpkSample:
    def test_has_a_record_for_each_entry_and_agrees_with_its_totals(self, path: Path) -> None:
        read = jpk.read(path.read_bytes())
        tree = etree.parse(str(path)).getroot()
        entries = sum(int(xpath(tree, f"count(//*[local-name()='{entry}'])")) for entry in ENTRIES)
        assert read.problems == ()
        assert len(read.records) == entries + 1

    def test_has_what_its_declaration_says_is_due(self, path: Path) -> None:
        tree = etree.parse(str(path)).getroot()
        told = [int(due.text or "") * 100 for due in xpath(tree, "//*[local-name()='P_51']")]
        records = jpk.read(path.read_bytes()).records
        assert [one.due_minor for one in records if isinstance(one, Declaration)] == told

    def test_adds_up_to_what_xpath_adds_up(self, path: Path) -> None:
        tree = etree.parse(str(path)).getroot()
        records = jpk.read(path.read_bytes()).records
        gross = sum(one.gross_minor for one in records if isinstance(one, Invoice))
        register = sum(minor for one in records if isinstance(one, RegisterRow) for _, minor in one.amounts)
        for made, wanted in ((gross, "local-name()='P_15'"), (register, "starts-with(local-name(), 'K_')")):
            told = sum(Decimal(amount) for amount in xpath(tree, f"//*[{wanted}]/text()"))
            assert Decimal(made).scaleb(-2) == told


class TestEveryFileOfRates:
    @pytest.mark.parametrize(
        ("file", "count"),
        [
            ("nbrfxrates.xml", 31),
            ("nbrfxrates2024.xml", 465),
            ("eurofxref.csv", 29),
            ("eurofxref-hist.zip", 217555),
            ("tableA-170-A-NBP-2022.json", 34),
        ],
    )
    def test_has_every_rate(self, file: str, count: int) -> None:
        (path,) = [path for path in RATES if path.name == file]
        read = rates.read(path.read_bytes())
        assert (len(read.records), read.problems) == (count, ())


class TestTheGoldenFiles:
    def test_hold_every_problem_of_every_sie_sample(self, refresh_golden: bool) -> None:
        found = {name(path): [[p.place, p.reason] for p in sie.read(path.read_bytes()).problems] for path in SIE}
        _checked("sie_problems.json", found, refresh_golden)

    def test_hold_every_problem_of_every_jpk_sample(self, refresh_golden: bool) -> None:
        found = {name(path): [[p.place, p.reason] for p in jpk.read(path.read_bytes()).problems] for path in JPK}
        _checked("jpk_problems.json", found, refresh_golden)

    def test_leave_most_samples_without_a_problem(self) -> None:
        golden = json.loads((GOLDEN / "sie_problems.json").read_text(encoding="utf-8"))
        assert sum(not problems for problems in golden.values()) > len(golden) / 2
