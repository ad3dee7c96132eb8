"""Every foreign MT940, Autogiro and LB sample is read: counted a second time, and held in golden files."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bank_samples import name
from kvit.formats import bank
from kvit.formats.bank import Format
from kvit.formats.bank.autogiro import read as autogiro
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.mt940 import reader as mt940
from kvit.formats.bank.statement import Line
from shared_folder import needs_shared
from text_samples import (
    AUTOGIRO,
    LB,
    MT940,
    autogiro_losses,
    lb_losses,
    mt940_losses,
    second_opinion,
)

pytestmark = needs_shared
GOLDEN = Path(__file__).parents[2] / "golden" / "bank"
CASES = "mt940/samples"

# Where the second library and this reader differ, and why this reader is right.
UNKNOWN_CURRENCY = "no balance stands before it, so its currency is not known and no amount is taken"
NO_DEM = "the statement is in DEM, which no company can have an account in since 2002"
DIFFERENCES = {
    f"{CASES}/jejik/sparkasse3.txt": "RC takes back a credit: it is a debit, the other library adds it",
    f"{CASES}/wolph/betterplace/sepa_mt9401.sta": "two RC of 204.88 are debits; so the balances agree, to the cent",
    f"{CASES}/php-mt940/Rabo/sample": "amounts with a point, of which the other library finds one in 39",
    f"{CASES}/mt940-rs/mt942/full/mBank/mt942.sta": NO_DEM,
    f"{CASES}/wolph/self-provided/raphaelm.sta": NO_DEM,
    f"{CASES}/wolph/betterplace/empty_entry_date.sta": UNKNOWN_CURRENCY,
    f"{CASES}/wolph/cmxl/statement_line.sta": UNKNOWN_CURRENCY,
    f"{CASES}/wolph/self-provided/sparkassen.sta": UNKNOWN_CURRENCY,
}
# What the other library cannot read: count and sum as they stand in the file.
BEYOND = {
    f"{CASES}/jejik/oldenburgischelandesbank2.txt": (1, "230.00"),
    f"{CASES}/php-mt940/Asn/sample": (3, "-2081.78"),
    f"{CASES}/php-mt940/Zetb/sample": (8, "-3743.91"),
    f"{CASES}/wolph/ASNB/mt940.txt": (8, "56.94"),
}


def _lines(path: Path) -> list[Line]:
    return [line for statement in mt940.read(path.read_bytes()).records for line in statement.lines]


def _counted(path: Path) -> tuple[int, Decimal]:
    lines = _lines(path)
    return len(lines), Decimal(sum(line.amount_minor for line in lines)).scaleb(-2)


def _checked(file: str, found: dict[str, Any], refresh: bool) -> None:
    golden = GOLDEN / file
    if refresh:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(golden.read_text(encoding="utf-8")) == found


class TestTheSamples:
    def test_are_all_there(self) -> None:
        assert (len(MT940), len(AUTOGIRO), len(LB)) == (73, 42, 3)

    def test_are_recognised(self) -> None:
        found = {name(path): bank.recognise(path.read_bytes()) for path in [*MT940, *AUTOGIRO, *LB]}
        interim = {f"{CASES}/wolph/mBank/mt942.sta", f"{CASES}/wolph/self-provided/mt942.sta"}
        nothing = {f"{CASES}/wolph/self-provided/invalid_statement.sta"}
        for path in MT940:
            expected = Format.MT942 if name(path) in interim else None if name(path) in nothing else Format.MT940
            assert found[name(path)] is expected, name(path)
        assert {found[name(path)] for path in AUTOGIRO} == {Format.AUTOGIRO}
        assert {found[name(path)] for path in LB} == {Format.LB}


class TestTheSecondOpinion:
    @pytest.mark.parametrize("path", MT940, ids=name)
    def test_agrees_or_the_difference_is_explained(self, path: Path) -> None:
        told, own = second_opinion()[name(path)], _counted(path)
        if "tx" in told:
            agrees = own == (told["tx"], Decimal(told["sum"]))
            assert agrees != (name(path) in DIFFERENCES)
        else:
            assert own == (BEYOND[name(path)][0], Decimal(BEYOND[name(path)][1]))

    def test_covers_every_sample(self) -> None:
        assert set(second_opinion()) == {name(path) for path in MT940}
        assert {*DIFFERENCES, *BEYOND} <= set(second_opinion())

    def test_is_wrong_where_the_balances_say_so(self) -> None:
        path = next(path for path in MT940 if path.name == "sepa_mt9401.sta")
        assert mt940.read(path.read_bytes()).problems == ()


class TestEverySample:
    @pytest.mark.parametrize("path", MT940, ids=name)
    def test_of_mt940_has_each_statement_line(self, path: Path) -> None:
        data = path.read_bytes()
        assert mt940_losses(data, mt940.read(data)) == []

    @pytest.mark.parametrize("path", AUTOGIRO, ids=name)
    def test_of_autogiro_has_each_record_and_agrees_with_its_totals(self, path: Path) -> None:
        data = path.read_bytes()
        read = autogiro.read(data)
        assert autogiro_losses(data, read) == []
        assert [p for p in read.problems if "belongs to no section" not in p.reason] == []

    @pytest.mark.parametrize("path", LB, ids=name)
    def test_of_lb_has_each_payment(self, path: Path) -> None:
        data = path.read_bytes()
        assert lb_losses(data, lb.read(data)) == []

    @pytest.mark.parametrize("path", MT940, ids=name)
    @pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
    def test_of_mt940_reads_the_same_with_other_line_ends(self, path: Path, ends: bytes) -> None:
        data = path.read_bytes().replace(b"\r\n", b"\n").rstrip(b"\n")
        whole = mt940.read(data)
        assert mt940.read(b"\xef\xbb\xbf" + data.replace(b"\n", ends) if data.isascii() else data) == whole
        assert mt940.read(data.replace(b"\n", ends) + ends).records == whole.records


class TestTheGoldenFiles:
    def test_hold_every_problem_of_every_text_sample(self, refresh_golden: bool) -> None:
        found = {}
        for path in [*MT940, *AUTOGIRO, *LB]:
            problems = bank.read(path.read_bytes()).read.problems
            found[name(path)] = [[problem.place, problem.reason] for problem in problems]
        _checked("text_problems.json", found, refresh_golden)

    def test_hold_the_first_lines_of_mt940(self, refresh_golden: bool) -> None:
        _checked(
            "mt940_lines.json",
            {name(path): [_stated(one) for one in _lines(path)[:3]] for path in MT940},
            refresh_golden,
        )

    def test_hold_the_first_records_of_the_files_of_bankgirot(self, refresh_golden: bool) -> None:
        found = {}
        for path in [*AUTOGIRO, *LB]:
            file = bank.read(path.read_bytes())
            plain = bank.plain(file.format, file.read, file.records)
            found[name(path)] = [_short(record) for record in plain.get("records", [])]  # type: ignore[attr-defined]
        _checked("bankgirot_records.json", found, refresh_golden)


def _short(value: Any) -> Any:
    """A plain record without what it leaves empty, the first two of each list."""
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items() if one not in ("", None, [], False)}
    return [_short(one) for one in value[:2]] if isinstance(value, list) else value


def _stated(line: Line) -> dict[str, Any]:
    """What the line says, without what it leaves empty."""
    found: dict[str, Any] = {}
    for field in Line.__dataclass_fields__:
        value = getattr(line, field)
        if value not in ("", (), None, False) and field not in ("batch_size", "batch_position"):
            found[field] = (
                value.isoformat() if field.endswith("_date") else list(value) if isinstance(value, tuple) else value
            )
    return found
