"""The generator of big camt files writes what it says, and the reader finds it all."""

from pathlib import Path

from benchmarks import camt_file

from kvit.formats import bank


class TestTheGenerator:
    def test_writes_a_statement_that_adds_up(self, tmp_path: Path) -> None:
        path = tmp_path / "statement.xml"
        written = camt_file.write(path, references=(f"{n:012d}" for n in range(1000)))
        file = bank.read(path.read_bytes())
        assert file.format is bank.Format.CAMT_053
        assert file.read.problems == ()
        (statement,) = file.read.records
        assert [line.reference for line in statement.lines] == [f"{n:012d}" for n in range(1000)]
        assert written.entries == len(statement.lines) == statement.declared.credit_count
        assert written.credited_minor == sum(line.amount_minor for line in statement.lines)
        assert written.size == path.stat().st_size

    def test_writes_entries_of_a_banks_size(self, tmp_path: Path) -> None:
        written = camt_file.write(tmp_path / "statement.xml", references=["1"] * 1000)
        assert 600 < written.size / written.entries < 800

    def test_takes_the_amounts_it_is_given(self, tmp_path: Path) -> None:
        path = tmp_path / "statement.xml"
        camt_file.write(path, references=["1", "2"], amount_minor=lambda number: 100 + number)
        (statement,) = bank.read(path.read_bytes()).read.records
        assert [(line.amount_minor, line.currency) for line in statement.lines] == [(100, "SEK"), (101, "SEK")]
