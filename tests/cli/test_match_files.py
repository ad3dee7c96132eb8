"""`kvit match files`: a firm tries the engine on its own tables; without a database, and nothing half done."""

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from benchmarks.matching.options import Options
from benchmarks.matching.workload import IN_TABLES, Workload, generate
from typer.testing import CliRunner, Result

from kvit.cli.actions import match_files
from kvit.cli.main import app

pytestmark = pytest.mark.timeout(900)  # the first run compiles the engine
COLUMNS = ["payment_id", "invoice_id", "amount", "confidence", "decision", "evidence"]
Edit = Callable[[pa.Table], pa.Table]


@pytest.fixture(scope="module")
def workload() -> Workload:
    """A few hundred payments."""
    return generate(Options(items=2_000, payments=400, seed=5))


@pytest.fixture
def folder(workload: Workload, tmp_path: Path) -> Path:
    """Its tables as Parquet."""
    workload.save(tmp_path / "tables")
    return tmp_path / "tables"


def _match(folder: Path, out: str = "out.parquet", *words: str) -> Result:
    return CliRunner().invoke(app, ["match", "files", str(folder), "--out", str(folder / out), *words])


def _changed(folder: Path, name: str, edit: Edit) -> None:
    file = folder / f"{name}.parquet"
    pyarrow.parquet.write_table(edit(pyarrow.parquet.read_table(file)), file)


def _rows(folder: Path, *words: str) -> list[dict[str, Any]]:
    done = _match(folder, "out.parquet", *words)
    assert done.exit_code == 0, done.output
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(folder / "out.parquet").to_pylist()
    return rows


class TestMatchingFiles:
    def test_writes_a_row_per_link_with_confidence_decision_and_evidence(
        self, folder: Path, workload: Workload
    ) -> None:
        rows = _rows(folder)
        payments = set(workload.column("payments", "payment_id").tolist())
        invoices = set(workload.column("invoices", "invoice_id").tolist())
        assert list(rows[0]) == COLUMNS
        assert {row["decision"] for row in rows} <= {"auto", "suggest"}
        assert all(row["payment_id"] in payments and row["invoice_id"] in invoices for row in rows)
        assert all(0 <= row["confidence"] <= 1 and row["evidence"] for row in rows)

    def test_is_mostly_right(self, folder: Path, workload: Workload) -> None:
        links = {(r["payment_id"], r["invoice_id"]) for r in workload.tables["truth_links"].to_pylist()}
        auto = [row for row in _rows(folder) if row["decision"] == "auto"]
        right = [row for row in auto if (row["payment_id"], row["invoice_id"]) in links]
        assert len(right) >= 0.75 * len(links)
        assert len(right) >= 0.98 * len(auto)

    def test_says_what_became_of_the_payments(self, folder: Path) -> None:
        done = _match(folder)
        assert "400 payments, 2000 open items" in done.output
        assert "automatic" in done.output

    def test_writes_csv_where_the_name_ends_so(self, folder: Path) -> None:
        assert _match(folder, "out.csv").exit_code == 0
        with (folder / "out.csv").open(newline="") as file:
            shown = list(csv.DictReader(file))
        rows = _rows(folder)
        assert [int(row["amount"]) for row in shown] == [row["amount"] for row in rows]
        assert [row["evidence"] for row in shown] == [row["evidence"] for row in rows]

    def test_of_csv_tables_finds_the_same(self, folder: Path, workload: Workload, tmp_path: Path) -> None:
        workload.save(tmp_path / "csv", csv=True)
        assert _rows(tmp_path / "csv") == _rows(folder)

    def test_twice_finds_the_same(self, folder: Path) -> None:
        assert _rows(folder) == _rows(folder)

    def test_with_a_threshold_is_automatic_from_there_on(self, folder: Path) -> None:
        rows = _rows(folder, "--threshold", "0.9")
        assert {row["decision"] for row in rows if row["confidence"] < 0.9} <= {"suggest"}
        strict = _rows(folder, "--threshold", "1")
        assert sum(r["decision"] == "auto" for r in strict) < sum(r["decision"] == "auto" for r in rows)

    def test_explained_gives_words_and_what_would_change_it(self, folder: Path) -> None:
        rows = _rows(folder, "--explain")
        assert list(rows[0]) == [*COLUMNS, "alternative", "would_change"]
        assert all(" " in row["evidence"] for row in rows)
        assert any(row["alternative"] for row in rows)

    def test_without_payer_history_works(self, folder: Path) -> None:
        (folder / "payer_history.parquet").unlink()
        assert _rows(folder)

    def test_of_no_payments_writes_an_empty_table(self, folder: Path) -> None:
        _changed(folder, "payments", lambda table: table.slice(0, 0))
        assert _rows(folder) == []

    def test_needs_neither_a_database_nor_django(self, folder: Path) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KVIT_", "DJANGO_"))}
        code = "import sys; sys.modules['django'] = None; from kvit.cli.main import run; run()"
        words = ("match", "files", str(folder), "--out", str(folder / "out.parquet"))
        done = subprocess.run(
            [sys.executable, "-c", code, *words], env=kept, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr


class TestTablesWithFaults:
    @pytest.mark.parametrize("name", ["customers", "invoices", "payments"])
    def test_because_one_is_missing_are_refused(self, folder: Path, name: str) -> None:
        (folder / f"{name}.parquet").unlink()
        done = _match(folder)
        assert done.exit_code == 2
        assert f"there is no {name}.parquet" in done.output

    def test_because_one_stands_there_twice_are_refused(self, folder: Path) -> None:
        (folder / "invoices.csv").write_text("invoice_id\n")
        assert "there are two of them" in _match(folder).output

    def test_because_a_column_is_missing_are_refused(self, folder: Path) -> None:
        _changed(folder, "invoices", lambda table: table.drop_columns(["due_date"]))
        done = _match(folder)
        assert done.exit_code == 2
        assert "invoices.parquet: these columns are missing: due_date" in done.output

    def test_are_told_row_by_row_and_nothing_is_written(self, folder: Path, workload: Workload) -> None:
        (folder / "payments.parquet").unlink()
        pyarrow.csv.write_csv(workload.tables["payments"], folder / "payments.csv")
        lines = (folder / "payments.csv").read_text().splitlines()
        lines[3] = lines[3].replace(",", ",x", 2)
        (folder / "payments.csv").write_text("\n".join(lines))
        done = _match(folder)
        assert done.exit_code == 2
        assert "payments.csv line 4, amount" in done.output
        assert "nothing was matched and nothing written" in done.output
        assert not (folder / "out.parquet").exists()

    def test_show_the_first_faults_and_count_the_others(self, folder: Path) -> None:
        _changed(
            folder,
            "payments",
            lambda t: t.set_column(t.column_names.index("currency"), "currency", [["?"] * t.num_rows]),
        )
        shown = _match(folder).output
        assert shown.count("payments.parquet row") == match_files.MOST_SHOWN
        assert f"and {400 - match_files.MOST_SHOWN} more" in shown

    def test_because_a_customer_is_unknown_are_refused(self, folder: Path) -> None:
        _changed(folder, "customers", lambda table: table.slice(1))
        assert "no customer has the id 0" in _match(folder).output


class TestTheFileWritten:
    @pytest.mark.parametrize("name", ["out.xlsx", "out", "nowhere/out.csv"])
    def test_must_have_a_known_ending_and_a_folder(self, folder: Path, name: str) -> None:
        done = _match(folder, name)
        assert isinstance(done.exception, match_files.BadOutput)

    def test_is_as_it_was_when_writing_breaks(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (folder / "out.parquet").write_text("from before")

        def broken(table: pa.Table, file: Path) -> None:
            file.write_text("half")
            raise OSError("disk full")

        monkeypatch.setattr(pyarrow.parquet, "write_table", broken)
        assert isinstance(_match(folder).exception, OSError)
        assert (folder / "out.parquet").read_text() == "from before"
        assert {file.stem for file in folder.iterdir()} == {*IN_TABLES, "truth", "truth_links", "out"}
