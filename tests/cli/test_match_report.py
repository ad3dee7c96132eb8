"""`kvit match report`: a firm's own history is tried on the command line, and taught."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import past

pytestmark = [pytest.mark.database, pytest.mark.timeout(600)]  # the first run compiles the engine
DAY = date(2025, 3, 3)
# Of the customers of the history one is in the books: only of that one a payer can be learnt.
INVOICES = """invoice;customer_number;customer_name;country;currency;description;unit_price;vat_rate
a;OLD3;Kund 3;SE;SEK;Plåt;100,00;0
"""


@pytest.fixture(scope="module")
def company(installation: Any) -> Any:
    installation = replace(installation, company="reported")
    installation.ok("company", "open", "reported", "--name", "Nordvik AB", "--country", "SE", "--currency", "SEK")
    listed = Path(installation.home) / "invoices.csv"
    listed.write_text(INVOICES)
    installation.ok("invoice", "import", str(listed), "--day", "2025-01-01")
    return installation


@pytest.fixture(scope="module")
def report(company: Any) -> Any:
    """What is printed of four weeks of two payers, of whom one quotes the other's invoice once."""
    rows = [past.row(n, day=DAY + timedelta(days=7 * (n // 2)), payer=("Eva", "Nils")[n % 2]) for n in range(8)]
    rows[0], rows[1] = rows[0].replace("7000004;;", "7000014;;", 1), rows[1].replace("7000014;;", "7000004;;", 1)
    return write(company, past.csv(rows))


def write(company: Any, content: bytes) -> Path:
    file = Path(company.home) / "history.csv"
    file.write_bytes(content)
    return file


class TestTheReport:
    def test_counts_what_would_have_been_right_wrong_and_asked(self, company: Any, report: Path) -> None:
        found = company.ok("match", "report", str(report), "--json").json
        shipped = found["shipped"]
        assert (found["payments"], found["of_invoices"]) == (8, 8)
        assert (shipped["right"] + shipped["wrong"] + shipped["asked"], shipped["wrong"]) == (8, 2)

    def test_shows_each_wrong_one_with_its_line_and_why(self, company: Any, report: Path) -> None:
        said = company.ok("match", "report", str(report)).out
        assert "8 payments from 2025-03-03 to 2025-03-24" in said
        (first,) = (line for line in said.splitlines() if "H0" in line and line.split()[0] == "2")
        assert first.split()[1] == "2025-03-03"
        assert "reference equal" in first

    def test_teaches_its_payers_only_when_told_to(self, company: Any, report: Path) -> None:
        assert "payers are known" not in company.ok("match", "report", str(report)).out
        said = company.ok("match", "report", str(report), "--learn").out
        assert "calibrated: the factor is" in said
        assert "; 1 payers are known" in said


class TestAFaultyHistory:
    def test_is_told_by_line_and_nothing_is_tried(self, company: Any) -> None:
        good = past.csv([past.row(1, day=DAY), past.row(2, day=DAY)])
        lines = good.decode().splitlines()
        lines[2] = lines[2].replace(DAY.isoformat(), "2025-02-30", 1)
        answer = company.kvit("match", "report", str(write(company, "\n".join(lines).encode())))
        assert answer.code == 2
        assert "history.csv, line 3" in answer.err
        assert "nothing was tried" in answer.err
