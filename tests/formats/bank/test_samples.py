"""Every foreign sample is read: each entry a line or a problem, checked against a second count and golden files."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bank_samples import BGMAX, CAMT, OTHER, bgmax_complaints, camt_complaints, is_schema_valid, name, namespace, xpath
from kvit.formats import bank
from kvit.formats.bank.statement import Line, Statement
from kvit.kernel import currencies
from shared_folder import needs_shared

pytestmark = needs_shared
GOLDEN = Path(__file__).parents[2] / "golden" / "bank"
VALID_STATEMENTS = [path for path in CAMT if "camt.053" in namespace(path) and is_schema_valid(path)]


def _statements(path: Path) -> tuple[Statement, ...]:
    return bank.read(path.read_bytes()).read.records


def _lines(path: Path) -> list[Line]:
    return [line for statement in _statements(path) for line in statement.lines]


def _checked(file: str, found: dict[str, Any], refresh: bool) -> None:
    golden = GOLDEN / file
    if refresh:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(golden.read_text(encoding="utf-8")) == found


class TestTheSamples:
    def test_are_all_there(self) -> None:
        assert (len(CAMT), len(BGMAX)) == (40, 9)
        assert len(VALID_STATEMENTS) == 10

    def test_of_other_formats_are_not_taken_for_bank_statements(self) -> None:
        assert len(OTHER) > 50
        assert {bank.recognise(path.read_bytes()) for path in OTHER} - bank.REPORTS == {None}


@pytest.mark.parametrize("path", CAMT, ids=name)
class TestEveryCamtSample:
    def test_loses_doubles_and_invents_nothing(self, path: Path) -> None:
        data = path.read_bytes()
        assert camt_complaints(data, bank.read(data).read) == []

    def test_has_as_many_lines_and_problems_as_entries(self, path: Path) -> None:
        tree = etree.parse(str(path)).getroot()
        entries = int(xpath(tree, "count(//*[local-name()='Ntry'])"))
        whole = bank.read(path.read_bytes()).read
        lines = [line for statement in whole.records for line in statement.lines]
        refused = [problem for problem in whole.problems if problem.place.endswith("]") and "/Ntry[" in problem.place]
        details = sum(line.batch_position > 1 for line in lines)
        assert len(lines) + len(refused) == entries + details

    def test_is_read_the_same_in_pieces_of_any_size(self, path: Path) -> None:
        from kvit.formats.bank.camt import reader

        data = path.read_bytes()
        whole = list(reader.events([data]))
        for size in (1, 7, 1000):
            assert list(reader.events(data[i : i + size] for i in range(0, len(data), size))) == whole


@pytest.mark.parametrize("path", VALID_STATEMENTS, ids=name)
class TestEverySchemaValidStatement:
    def test_has_a_line_for_each_entry(self, path: Path) -> None:
        whole = bank.read(path.read_bytes()).read
        assert not [problem for problem in whole.problems if problem.place.endswith("]") and "/Ntry[" in problem.place]

    def test_adds_up_to_what_xpath_adds_up(self, path: Path) -> None:
        tree = etree.parse(str(path)).getroot()
        total = Decimal(0)
        for entry in xpath(tree, "//*[local-name()='Ntry']"):
            amount = Decimal(xpath(entry, "string(*[local-name()='Amt'])"))
            total += amount if xpath(entry, "string(*[local-name()='CdtDbtInd'])") == "CRDT" else -amount
        lines = _lines(path)
        made = sum(Decimal(line.amount_minor).scaleb(-currencies.minor_units(line.currency)) for line in lines)
        assert made == total


@pytest.mark.parametrize("path", BGMAX, ids=name)
class TestEveryBgMaxSample:
    def test_gives_a_line_for_each_payment_and_deduction(self, path: Path) -> None:
        data = path.read_bytes()
        assert bgmax_complaints(data, bank.read(data).read) == []
        payments = [row for row in data.splitlines() if row[:2] in (b"20", b"21")]
        assert len(_lines(path)) == len(payments)

    def test_adds_up_to_its_deposits(self, path: Path) -> None:
        deposits = [row for row in path.read_bytes().splitlines() if row[:2] == b"15"]
        sums = [sum(line.amount_minor for line in statement.lines) for statement in _statements(path)]
        assert sums == [int(row[50:68]) for row in deposits]
        assert [len(statement.lines) for statement in _statements(path)] == [int(row[71:79]) for row in deposits]


class TestTheGoldenFiles:
    def test_hold_every_problem_of_every_sample(self, refresh_golden: bool) -> None:
        found = {}
        for path in CAMT + BGMAX:
            problems = bank.read(path.read_bytes()).read.problems
            found[name(path)] = [[problem.place, problem.reason] for problem in problems]
        _checked("problems.json", found, refresh_golden)

    def test_hold_a_summary_of_every_sample(self, refresh_golden: bool) -> None:
        found = {name(path): _summary(path) for path in CAMT + BGMAX}
        _checked("summaries.json", found, refresh_golden)

    def test_leave_more_than_half_of_the_samples_without_a_problem(self) -> None:
        golden = json.loads((GOLDEN / "problems.json").read_text(encoding="utf-8"))
        assert sum(not problems for problems in golden.values()) > len(golden) / 2


def _summary(path: Path) -> dict[str, Any]:
    file = bank.read(path.read_bytes())
    return {"format": file.format, "statements": [_of(statement) for statement in file.read.records]}


def _of(statement: Statement) -> dict[str, Any]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening_minor": statement.opening_minor,
        "closing_minor": statement.closing_minor,
        "statement_id": statement.statement_id,
        "lines": len(statement.lines),
        "sum_minor": sum(line.amount_minor for line in statement.lines),
        "first": _stated(statement.lines[0]) if statement.lines else None,
    }


def _stated(line: Line) -> dict[str, Any]:
    """What the line says, without what it leaves empty."""
    values = {field: getattr(line, field) for field in Line.__dataclass_fields__}
    stated = {field: value for field, value in values.items() if value not in ("", (), None, False)}
    for field, value in stated.items():
        if field == "parts":
            stated[field] = [[part.reference, part.amount_minor] for part in value]
        elif field == "counterparty_address":
            stated[field] = list(value)
        elif field.endswith("_date"):
            stated[field] = value.isoformat()
    return stated
