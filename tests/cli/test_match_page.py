"""The examples of docs/matching.md say what the command really writes."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kvit.cli.main import app

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLES = REPOSITORY / "docs" / "examples" / "matching"

pytestmark = pytest.mark.timeout(900)  # the first run compiles the engine


def _shown() -> dict[int, tuple[str, str]]:
    """Invoices and evidence by payment, from the page's table."""
    page = (REPOSITORY / "docs" / "matching.md").read_text("utf-8")
    rows = (line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| "))
    return {int(cells[0]): (cells[2], cells[3]) for cells in rows if cells[0].isdigit()}


class TestThePageOnMatching:
    def test_shows_the_evidence_that_the_command_writes(self, tmp_path: Path) -> None:
        out = tmp_path / "decisions.csv"
        done = CliRunner().invoke(app, ["match", "files", str(EXAMPLES), "--out", str(out), "--explain"])
        assert done.exit_code == 0, done.output
        invoices: dict[int, list[str]] = defaultdict(list)
        evidence: dict[int, str] = {}
        with out.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                invoices[int(row["payment_id"])].append(row["invoice_id"])
                evidence[int(row["payment_id"])] = row["evidence"]
        assert _shown() == {number: (", ".join(invoices[number]), words) for number, words in evidence.items()}
        assert ["paid", "twice", "1"] in [line.split()[:3] for line in done.output.splitlines()]
