"""Until when documents are kept, by the laws of the three countries; and what files are called."""

import re
from datetime import date

import pytest

from kvit.documents.domain.files import LONGEST_NAME, file_name
from kvit.documents.domain.pieces import BREAK, KNOWN, breakable, surely_fits, width_of
from kvit.documents.domain.retention import RetentionClass, keep_until

ACCOUNTING, CLAIM = RetentionClass.ACCOUNTING, RetentionClass.CLAIM


class TestATerm:
    @pytest.mark.parametrize(
        ("country", "kind", "day", "until"),
        [
            # Tax on income of 2026 falls due in 2027, and is barred five years after the end of that year.
            ("PL", ACCOUNTING, date(2026, 3, 2), date(2032, 12, 31)),
            # Seven years after the calendar year in which a broken financial year ends.
            ("SE", ACCOUNTING, date(2026, 3, 2), date(2034, 12, 31)),
            # Five years from 1 July of the year after.
            ("RO", ACCOUNTING, date(2026, 12, 31), date(2032, 6, 30)),
            ("SE", CLAIM, date(2026, 3, 2), date(2036, 3, 2)),
            ("SE", CLAIM, date(2028, 2, 29), date(2038, 3, 1)),
            ("PL", CLAIM, date(2026, 3, 2), date(2032, 12, 31)),
            ("DE", ACCOUNTING, date(2026, 3, 2), date(2036, 12, 31)),
        ],
    )
    def test_ends_when_the_country_s_law_lets_it(
        self, country: str, kind: RetentionClass, day: date, until: date
    ) -> None:
        assert keep_until(kind, country=country, day=day) == until


class TestAFileName:
    @pytest.mark.parametrize(
        ("parts", "name"),
        [
            (("Faktura", "F2026-000001", "Åkeri Öst AB"), "Faktura-F2026-000001-Åkeri-Öst-AB.pdf"),
            (("Faktura", "FV/2026/01", 'A "B" <C>'), "Faktura-FV-2026-01-A-B-C.pdf"),
            (("../../etc", "passwd\n", ""), "etc-passwd.pdf"),
        ],
    )
    def test_is_one_that_every_system_takes(self, parts: tuple[str, ...], name: str) -> None:
        assert file_name(*parts, suffix="pdf") == name

    def test_is_never_too_long(self) -> None:
        assert len(file_name("x" * 400, suffix="pdf")) <= LONGEST_NAME


class TestALongWord:
    def test_may_break_where_no_line_would_hold_it(self) -> None:
        assert BREAK in breakable("x" * 40)
        assert breakable("x" * 40).replace(BREAK, "") == "x" * 40

    def test_with_hyphens_breaks_there_and_nowhere_else(self) -> None:
        assert breakable("Produkcyjno-Usługowo-Handlowe Spółka") == "Produkcyjno-Usługowo-Handlowe Spółka"


class TestAWidth:
    def test_is_never_less_than_the_letters_need(self) -> None:
        """Against the advance widths of the font itself, in both weights."""
        import font_source_sans_pro
        from fontTools.ttLib import TTFont

        for weight in ("Regular", "Semibold"):
            font = TTFont(f"{font_source_sans_pro.font_directory}/SourceSansPro-{weight}.ttf")
            glyphs, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
            for text in (
                "1 234 567,89",
                "−12.50",
                "25 %",
                "2026-03-02 – 2026-04-01",
                "kWh",
                "Zażółć gęślą jaźń ĂÂÎȘȚ ÅÄÖ",
            ):
                need = sum(widths[glyphs[ord(letter)]][0] for letter in text) * 100 / em
                assert width_of(text) >= need, text
            known = re.compile(f"[{KNOWN}]")
            for letter in filter(known.fullmatch, map(chr, range(0x3000))):
                assert width_of(letter) >= widths[glyphs[ord(letter)]][0] * 100 / em, letter

    def test_fits_where_that_is_sure(self) -> None:
        text = "Zażółć gęślą jaźń 1/2"
        assert surely_fits(text, width_of(text))
        assert not surely_fits(text, width_of(text) - 1)
        for unsure in ("one\ntwo", "日本", "a\u200bb", "a\u00adb"):
            assert not surely_fits(unsure, 10_000), unsure
