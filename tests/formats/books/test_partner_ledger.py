"""A customer's ledger as CSV and XLSX: read in four languages, every row accounted for, nothing of it dangerous."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.books import partner_ledger, sheet_read, workbook
from kvit.kernel.money import Money

DAY = datetime.date(2026, 3, 2)


def xlsx(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
FIRST = "xl/worksheets/sheet1.xml"
DTD = '<!DOCTYPE x [<!ENTITY a "7">]>'
ROW = '<row><c t="str"><v>&a;</v></c></row>'
WITH_ENTITY = DTD + SHEET.decode() % ROW


def planted(content: bytes, part: str = FIRST, *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A genuine workbook with one part of somebody else's making."""
    genuine, kept = zipfile.ZipFile(io.BytesIO(xlsx([]))), io.BytesIO()
    with zipfile.ZipFile(kept, "w", packed) as archive:
        for name in set(genuine.namelist()) - {part}:
            archive.writestr(name, genuine.read(name))
        archive.writestr(part, content)
    return kept.getvalue()


def without_a_workbook() -> bytes:
    """An archive that is no workbook."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("xl/other.xml", b"x")
    return kept.getvalue()


class TestAPartnersLedger:
    @pytest.mark.parametrize(
        "head",
        ["Invoice no;Date;Amount", "Fakturanr;Datum;Belopp", "Nr faktury;Data wystawienia;Kwota",
         "Număr factură;Data;Valoare", "Dokument;Datum;Summa;Saldo"],
    )  # fmt: skip
    def test_is_read_by_the_names_of_its_columns(self, head: str) -> None:
        text = f"{head}\nF2026-000001;2026-03-02;1 250,50;1 250,50\n"
        read = partner_ledger.read(text.encode(), currency="SEK")
        assert read.problems == ()
        assert [(i.number, i.amount_minor, i.day) for i in read.records] == [("F2026-000001", 125_050, DAY)]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250"])
    def test_is_read_in_any_code_page_below_any_title(self, encoding: str) -> None:
        text = "Księga Źródło Sp. z o.o.\r\n\r\nNr dokumentu;Wn;Ma\r\nF1;;100,00\r\nF2;40,00;\r\n"
        read = partner_ledger.read(text.encode(encoding), currency="PLN")
        assert [(i.number, i.amount_minor) for i in read.records] == [("F1", -10_000), ("F2", 4_000)]

    @pytest.mark.parametrize(
        ("written", "minor"),
        [("1250.50", 125_050), ("1.250,50", 125_050), ("1,250.50", 125_050), ("-50", -5_000), ("50,00-", -5_000),
         ("1 250,5 kr", 125_050), ("SEK 1250", 125_000), ("1.250.000", 125_000_000), ("+7", 700), ("\u22127,00", -700)],
    )  # fmt: skip
    def test_has_amounts_as_people_write_them(self, written: str, minor: int) -> None:
        read = partner_ledger.read(f"invoice;amount\nF1;{written}\n".encode(), currency="SEK")
        assert [i.amount_minor for i in read.records] == [minor]

    @pytest.mark.parametrize("written", ["1.250", "1,250", "x", "1.2.3", "12,345", ""])
    def test_guesses_no_amount(self, written: str) -> None:
        read = partner_ledger.read(f"invoice;amount\nF1;{written}\n".encode(), currency="SEK")
        assert (read.records, len(read.problems)) == ((), 1)
        assert read.problems[0].place == "row 2"

    def test_in_xlsx_has_exact_amounts_and_days(self) -> None:
        data = xlsx(
            ["Kundbok 2026"], [], ["Faktura", "Datum", "Belopp"], ["F1", DAY, 0.1 + 0.2], [1002, "2026-03-02", 7]
        )
        read = partner_ledger.read(data, currency="SEK")
        assert [(i.place, i.number, i.amount_minor, i.day) for i in read.records] == [
            ("row 4", "F1", 30, DAY),
            ("row 5", "1002", 700, DAY),
        ]

    def test_reads_what_we_write(self) -> None:
        kept = io.BytesIO()
        workbook.write(kept, name="x", head=("Document", "Amount", "Date"), rows=[("=F1", Money(-150, "SEK"), DAY)])
        read = partner_ledger.read(kept.getvalue(), currency="SEK")
        assert [(i.number, i.amount_minor, i.day) for i in read.records] == [("=F1", -150, DAY)]

    @given(rows=st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=12))
    def test_loses_no_row(self, rows: list[list[str]]) -> None:
        import csv

        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows([["invoice", "amount", "date", "x"], *rows])
        read = partner_ledger.read(text.getvalue().encode("utf-8", "replace"), currency="SEK")
        if not any(problem.place == "file" for problem in read.problems):
            filled = [row for row in csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=";") if any(row)]
            assert len(read.records) + len(read.problems) == len(filled) - 1

    @given(data=st.binary(max_size=400))
    def test_never_raises_on_what_is_read(self, data: bytes) -> None:
        for one in (data, b"PK" + data, b"PK\x03\x04" + data, planted(SHEET % data), planted(data)):
            partner_ledger.read(one, currency="SEK")

    def test_without_names_of_columns_says_what_is_needed(self) -> None:
        read = partner_ledger.read(b"1;2;3\n", currency="SEK")
        assert "no row names its columns" in read.problems[0].reason


STORED = zipfile.ZIP_STORED
HOSTILE = {
    "an entity": (planted(WITH_ENTITY.encode()), "DTD"),
    "an entity in UTF-16": (planted(WITH_ENTITY.encode("utf-16")), "DTD"),
    "an entity after a mark": (planted(WITH_ENTITY.encode("utf-8-sig")), "DTD"),
    "an entity in the texts": (planted(WITH_ENTITY.encode(), "xl/sharedStrings.xml"), "DTD"),
    "an entity in the list of parts": (planted(WITH_ENTITY.encode(), "[Content_Types].xml"), "DTD"),
    "a hidden entity": (planted(b'<?xml version="1.0" encoding="UTF-7"?>' + SHEET % b""), "UTF-7"),
    "a code page of mainframes": (planted(WITH_ENTITY.encode("cp500")), "code page"),
    "a bomb": (planted(b" " * 70_000_000), "100 times its size"),
    "a bomb in a part that is not read": (planted(b" " * 70_000_000, "xl/media/x.png"), "100 times its size"),
    "an archive inside": (planted(b"PK", "xl/x.zip"), "archive inside"),
    "too many bytes": (planted(b" " * 6_000_000, packed=STORED), "more than 5000000 bytes"),
    "too many rows": (planted(SHEET % (b"<row/>" * 60_000)), "more than 50000 rows"),
    "a row far away": (planted(SHEET % b'<row r="9999999"/>'), "more than 50000 rows"),
    "too many cells": (planted(SHEET % (b"<row>%s</row>" % (b"<c/>" * 1_000_001)), packed=STORED), "elements"),
    "too many styles": (planted(b"<styleSheet>%s</styleSheet>" % (b"<xf/>" * 50_000), "xl/styles.xml"), "elements"),
    "a number without an end": (planted(SHEET % b"<row><c><v>%s</v></c></row>" % (b"9" * 5000)), "limit"),
    "a text that is not there": (planted(SHEET % b'<row><c t="s"><v>9</v></c></row>'), "not as they should be"),
    "a broken part": (planted(b"<worksheet"), "not as they should be"),
    "no workbook": (without_a_workbook(), "not as they should be"),
}


class TestAHostileSheet:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_is_refused_in_words(self, name: str) -> None:
        data, said = HOSTILE[name]
        read = sheet_read.read(data)
        assert (read.records, len(read.problems)) == ((), 1)
        assert said in read.problems[0].reason

    def test_would_unfold_its_entities_if_dtds_were_not_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: without the look at the parts the library replaces the entity by its text."""
        monkeypatch.setattr(sheet_read, "_require_harmless", lambda part: 0)
        assert sheet_read.read(HOSTILE["an entity"][0]).records == (("7",),)
        assert sheet_read.read(HOSTILE["an entity in UTF-16"][0]).records == (("7",),)

    def test_would_unfold_if_nobody_watched_the_budget(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the archive is unfolded whatever it grows to, and the whole bomb is looked at."""
        seen: list[int] = []
        monkeypatch.setattr(sheet_read.archive, "MAX_RATIO", 10**9)
        monkeypatch.setattr(sheet_read, "MAX_UNFOLDED", 10**9)
        monkeypatch.setattr(sheet_read, "_require_harmless", lambda part: seen.append(len(part)) or 0)
        sheet_read.read(HOSTILE["a bomb"][0])
        assert max(seen) == 70_000_000

    def test_cannot_show_the_library_another_archive_than_was_looked_at(self) -> None:
        """Two parts of one name: what was looked at last is what is read, and it is all that is read."""
        kept = io.BytesIO(planted(WITH_ENTITY.encode()))
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(kept, "a") as archive:
            archive.writestr(FIRST, SHEET % b'<row><c t="str"><v>8</v></c></row>')
        assert sheet_read.read(kept.getvalue()).records == (("8",),)

    def test_has_cells_where_they_say_they_stand(self) -> None:
        row = b'<row r="2"><c r="B2"><v>1.10</v></c><c r="ZZZ2"><v>5</v></c></row>'
        assert sheet_read.read(planted(SHEET % row)).records == ((), (None, Decimal("1.1")))

    def test_has_texts_without_what_they_spell(self) -> None:
        row = b'<row><c t="str"><v>a_x000D_b_x0001_</v></c></row>'
        assert sheet_read.read(planted(SHEET % row)).records == (("a\rb\ufffd",),)
