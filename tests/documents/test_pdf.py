"""Documents drawn: what a reader finds in the PDF, in every language, and what an archive and a machine find."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

import document_samples as samples
import scanning
from document_cast import LANGUAGES
from document_logo import LOGO, PNG
from documents import reading
from kvit.base import texts
from kvit.documents.adapters.typst import TypstRenderer, codes, facturx, logos
from kvit.documents.domain import tables
from kvit.documents.domain.face import faced
from kvit.documents.domain.kinds import SectionName, Stamp, TotalName, Wording
from kvit.documents.domain.ports import Attached
from kvit.documents.domain.refusals import NotRenderable, UnreadableLogo
from kvit.documents.domain.sheet import LawText, Line, Link, LinkName, Section, Sheet, Side, Total
from kvit.invoicing.domain import taxes
from kvit.kernel import figures

RENDERER = TypstRenderer()
XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<Invoice>Zażółć gęślą jaźń, åäö, ăâîșț &amp; so on</Invoice>\n'.encode()
)
LETTERS = {
    "en": "The quick brown fox jumps over the lazy dog & Sons’ “Ltd”",
    "pl": "Zażółć gęślą jaźń ZAŻÓŁĆ GĘŚLĄ JAŹŃ",
    "sv": "Flygande bäckasiner söka hwila på mjuka tuvor ÅÄÖ",
    "ro": "Muzicologă în bej vând whisky și tequila, preț fix, ĂÂÎȘȚ",
}
LONG_NAME = "Przedsiębiorstwo Wielobranżowe Źródełko Żółwia Spółka z ograniczoną odpowiedzialnością"


def drawn(sheet: Sheet, **given: bytes) -> bytes:
    return RENDERER.pdf(sheet, logo=given.get("logo"))


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestAPdf:
    @pytest.mark.parametrize("make", samples.SAMPLES.values(), ids=samples.SAMPLES.keys())
    def test_holds_every_word_and_number_of_the_document(self, make: Callable[[str], Sheet], language: str) -> None:
        sheet = make(language)
        face = faced(sheet, words=texts.catalogue(language))
        text = reading.dense(reading.text(drawn(sheet)))
        for row in (*face.totals, *face.ages, *(row for way in face.ways[:1] for row in way.rows)):
            assert reading.dense(row.label) in text
            assert reading.dense(row.value) in text
        for table in face.tables:
            for row_of in table.rows:
                for cell in row_of:
                    for part in (cell,) if isinstance(cell, str) else cell:
                        assert reading.dense(part) in text
        assert reading.dense(face.headline.major + face.headline.cents) in text
        assert all(reading.dense(each) in text for each in (face.heading, face.number, face.foot, *face.notes))

    def test_shows_all_letters_of_the_language(self, language: str) -> None:
        base = samples.invoice(language)
        sheet = replace(base, notes=(LETTERS[language],), buyer=Side(LETTERS[language]))
        text = reading.dense(reading.text(drawn(sheet)))
        assert text.count(reading.dense(LETTERS[language])) >= 1

    def test_breaks_a_name_of_sixty_letters_and_more_between_its_words(self, language: str) -> None:
        sheet = replace(samples.invoice(language), buyer=Side(LONG_NAME), look=samples.Look())
        text = reading.text(drawn(sheet))
        assert all(word in text for word in LONG_NAME.split())

    def test_breaks_a_word_that_no_line_holds(self) -> None:
        word = "X" * 25 + "Y" * 25 + "Z" * 25
        base = samples.invoice("sv")
        sheet = replace(base, buyer=Side(word), look=samples.Look())
        found = "".join(line.strip() for line in reading.text(drawn(sheet)).splitlines())
        assert all(letter * 10 in found for letter in "XYZ")
        assert word not in reading.text(drawn(sheet))

    @pytest.mark.parametrize("make", samples.SAMPLES.values(), ids=samples.SAMPLES.keys())
    def test_keeps_to_pdf_a_and_pdf_ua(self, make: Callable[[str], Sheet], language: str) -> None:
        pdf = drawn(make(language), logo=LOGO)
        assert reading.failures(pdf, "3a") == []
        assert reading.failures(pdf, "ua1") == []

    def test_says_its_language_and_title(self, language: str) -> None:
        with pikepdf.open(io.BytesIO(drawn(samples.invoice(language)))) as pdf:
            assert str(pdf.Root.Lang) == language
            assert "F2026-000017" in str(pdf.docinfo["/Title"])

    def test_of_the_same_data_is_the_same_bytes(self, language: str) -> None:
        sheet = samples.invoice(language)
        attached = Attached(XML)
        assert RENDERER.pdf(sheet, logo=PNG, attached=attached) == RENDERER.pdf(sheet, logo=PNG, attached=attached)
        assert RENDERER.pdf(sheet) != RENDERER.pdf(replace(sheet, number="F2026-000018"))

    def test_does_not_change_with_what_was_drawn_before(self) -> None:
        first = drawn(samples.invoice("sv"))
        drawn(samples.reminder("pl"))
        assert drawn(samples.invoice("sv")) == first

    @pytest.mark.parametrize("stamp", Stamp)
    def test_carries_its_stamp(self, stamp: Stamp) -> None:
        text = reading.text(drawn(replace(samples.invoice("en"), stamp=stamp)))
        assert {"copy": "COPY", "paid": "PAID", "draft": "DRAFT", "cancelled": "CANCELLED"}[stamp] in text

    def test_takes_nothing_in_the_data_for_instructions(self) -> None:
        evil = '#panic("x") $x^2$ *bold* <b> \\ " ] } #sys.inputs @ref'
        base = samples.invoice("en")
        sheet = replace(
            base, notes=(evil,), seller=Side(evil), sections=(Section((Line(evil, base.totals[0].amount_minor),)),)
        )
        assert reading.dense(reading.text(drawn(sheet))).count(reading.dense(evil)) >= 2


def _rows(long: Line, sheet: Sheet) -> tuple[float, float]:
    """Where the last words of a row end, and where those of the next begin, of two rows of which the first is long."""
    net = sheet.totals[0].amount_minor
    pdf = drawn(replace(sheet, sections=(Section((long, Line("Next", net - long.net_minor))),)))
    return reading.height_of(pdf, "last word")[0], reading.height_of(pdf, "Next")[1]


class TestARow:
    @pytest.mark.parametrize(
        "long",
        [
            Line("much to say " * 20 + "last word", 100),
            Line("Short", 100, detail="much to say " * 20 + "last word"),
            Line("описание " * 30 + "last word", 100),
            Line("one\ntwo\nthree last word", 100),
            Line("Short", 100, detail="last word"),
            Line("last word", 100),
        ],
        ids=["description", "detail", "letters unknown", "lines", "two", "one"],
    )
    def test_is_as_tall_as_what_stands_in_it(self, long: Line) -> None:
        above, below = _rows(long, samples.invoice("en"))
        assert above > below

    def test_of_several_lines_taken_for_one_would_run_into_the_next(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: whatever stands in a row is taken to fit."""
        monkeypatch.setattr(tables, "surely_fits", lambda text, width: True)
        above, below = _rows(Line("much to say " * 20 + "last word", 100), samples.invoice("en"))
        assert above < below


class TestALongPdf:
    @pytest.fixture(scope="class")
    @classmethod
    def pdf(cls) -> bytes:
        return drawn(samples.invoice("sv", lines=300))

    def test_carries_sums_that_add_up_from_page_to_page(self, pdf: bytes) -> None:
        pages = [reading.text(pdf, page_number=n) for n in range(1, reading.page_count(pdf) + 1)]
        assert len(pages) > 6
        total, seen = 0, 0
        for place, text in enumerate(pages):
            brought = re.search(r"föregående sida\s+([\d ]+,\d\d) kr", text)
            assert (_minor(brought[1]) if brought else 0) == total, f"page {place + 1}"
            amounts = re.findall(r"25 %\s+([\d ]+,\d\d)\n", text)
            seen += len(amounts)
            total += sum(map(_minor, amounts))
            carried = re.search(r"nästa sida\s+([\d ]+,\d\d) kr", text)
            if place < len(pages) - 1:
                assert carried is not None
                assert _minor(carried[1]) == total
            else:
                assert carried is None
        net = samples.invoice("sv", lines=300).totals[0].amount_minor
        assert (total, seen) == (net, 300)

    def test_repeats_heads_and_numbers_its_pages(self, pdf: bytes) -> None:
        count = reading.page_count(pdf)
        for n in range(1, count + 1):
            text = reading.text(pdf, page_number=n)
            assert f"Sida {n} av {count}" in text
            assert "Beskrivning" in text
        assert reading.text(pdf, page_number=2).lstrip().startswith("Faktura F2026-000017")

    def test_keeps_to_the_standards(self, pdf: bytes) -> None:
        assert reading.failures(pdf, "3a") + reading.failures(pdf, "ua1") == []

    def test_of_a_statement_carries_its_balance(self) -> None:
        sheet = samples.statement("en", entries=120)
        text = reading.text(drawn(sheet), page_number=1)
        carried = re.search(r"Carried forward\s+([\d,]+\.\d\d) EUR", text)
        assert carried is not None
        balances = [figures.money_text(each.balance_minor, "EUR", "en", bare=True) for each in sheet.entries]
        assert carried[1] in balances


def _minor(text: str) -> int:
    return int(text.replace(" ", "").replace(",", ""))


class TestAnEInvoiceInside:
    def test_comes_out_byte_for_byte(self, language: str) -> None:
        pdf = RENDERER.pdf(samples.invoice(language), attached=Attached(XML))
        assert reading.attachments(pdf) == {"factur-x.xml": XML}

    @pytest.mark.parametrize("lines", [1, 4, 60])
    def test_leaves_the_pdf_sound_and_within_the_standards(self, lines: int) -> None:
        pdf = RENDERER.pdf(samples.invoice("pl", lines=lines), attached=Attached(XML))
        with pikepdf.open(io.BytesIO(pdf)) as found:
            assert found.check_pdf_syntax() == []
        assert reading.failures(pdf, "3a") + reading.failures(pdf, "ua1") == []

    def test_is_announced_in_the_metadata(self) -> None:
        pdf = RENDERER.pdf(samples.invoice("ro"), attached=Attached(XML, "EXTENDED", "xrechnung.xml"))
        with pikepdf.open(io.BytesIO(pdf)) as found, found.open_metadata() as said:
            space = f"{{{facturx.NAMESPACE}}}"
            assert said[f"{space}ConformanceLevel"] == "EXTENDED"
            assert said[f"{space}DocumentFileName"] == "xrechnung.xml"
            assert said[f"{space}DocumentType"] == "INVOICE"
            (file,) = found.Root.AF
            assert str(file.AFRelationship) == "/Alternative"

    def test_that_no_text_can_be_is_refused_in_words(self) -> None:
        with pytest.raises(NotRenderable, match=r"factur-x\.xml is not UTF-8"):
            RENDERER.pdf(samples.invoice("sv"), attached=Attached(b"\xff\xfe<"))

    def test_is_refused_where_the_pdf_is_written_in_another_way(self) -> None:
        with pytest.raises(facturx.StrangePdf):
            facturx.announced(b"%PDF-1.7\n", name="factur-x.xml", profile="EN 16931")

    def test_would_be_out_of_step_without_the_table_of_offsets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: offsets are left as they were."""
        monkeypatch.setattr(facturx, "_moved", lambda table, *, behind, by, at: table)
        pdf = RENDERER.pdf(samples.invoice("sv"), attached=Attached(XML))
        try:
            with pikepdf.open(io.BytesIO(pdf)) as found:
                wrong = bool(found.check_pdf_syntax())
        except pikepdf.PdfError:
            wrong = True
        assert wrong


class TestALogo:
    @pytest.mark.parametrize("content", [LOGO, PNG], ids=["svg", "png"])
    def test_is_drawn_with_words_for_who_cannot_see_it(self, content: bytes) -> None:
        sheet = samples.invoice("en")
        with_logo, without = drawn(sheet, logo=content), drawn(sheet)
        assert with_logo != without
        assert reading.failures(with_logo, "ua1") == []

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"MZ\x90", "neither PNG nor JPEG nor SVG"),
            (PNG[:20], "breaks off"),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", "without a picture"),
            (b"<svg xmlns='x'><image href='file:///etc/passwd'/></svg>", "outside of itself"),
            (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", "outside of itself"),
            (b"<svg><script>x</script></svg>", "outside of itself"),
            (b"<svg>" + b" " * 1_000_001, "at most"),
            (PNG[:16] + b"\x00\x00\xff\xff\x00\x00\xff\xff" + PNG[24:], "measures 65535 by 65535"),
        ],
        ids=["program", "cut png", "cut jpeg", "file", "entity", "script", "large", "huge"],
    )  # fmt: skip
    def test_that_is_none_is_refused_in_words(self, content: bytes, words: str) -> None:
        with pytest.raises(UnreadableLogo, match=words):
            drawn(samples.invoice("sv"), logo=content)

    def test_whose_picture_is_damaged_is_refused(self) -> None:
        with pytest.raises(NotRenderable):
            drawn(samples.invoice("sv"), logo=b"<svg xmlns='http://www.w3.org/2000/svg'")

    def test_that_runs_things_would_be_drawn_without_the_check(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: whatever is an SVG passes. Files are refused by Typst itself even then."""
        monkeypatch.setattr(logos, "_REACHES_OUT", re.compile(rb"(?!)"))
        logos.svg.cache_clear()
        start = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'>"
        assert drawn(samples.invoice("sv"), logo=start + b"<script>x</script></svg>").startswith(b"%PDF")
        with pytest.raises(NotRenderable):
            drawn(samples.invoice("sv"), logo=start + b"<image href='file:///etc/passwd'/></svg>")
        logos.svg.cache_clear()


class TestACode:
    @pytest.mark.parametrize("content", ["1", "BCD\n002\n1\nSCT", '{"uqr":1,"nme":"Åäö"}', "Żółć ăș", "x" * 300])
    def test_is_read_as_what_was_written(self, content: str) -> None:
        assert scanning.in_svg(codes.svg(content)) == [content]

    def test_is_read_from_the_page(self, language: str) -> None:
        sheet = samples.invoice(language)
        assert sheet.payment is not None
        wanted = [way.code for way in sheet.payment.ways[:1] if way.code]
        assert scanning.in_pdf(drawn(sheet)) == wanted
        assert wanted or language == "ro"

    def test_of_the_tax_office_is_read_from_the_page(self, language: str) -> None:
        sheet = samples.correction(language)
        assert scanning.in_pdf(drawn(sheet)) == [sheet.links[0].url]

    def test_is_one_shape_without_seams_between_neighbours(self) -> None:
        """A square of dark modules, as each of its three marks has one, has four corners."""
        assert "M2 2H5V5H2z" in codes.svg("1")

    def test_is_not_read_when_a_part_of_it_is_wrong(self) -> None:
        """The planted fault: the camera that the tests use does not make up what is not there."""
        right = codes.svg("x" * 300)
        wrong = right.replace('z"/>', 'zM20 20H60V50H20z"/>')
        assert scanning.in_svg(right) == ["x" * 300]
        assert scanning.in_svg(wrong) != ["x" * 300]


class TestTheWordsOfTheLaw:
    def test_stand_in_the_country_s_language_and_the_reader_s(self) -> None:
        law = LawText(Wording.SPLIT_PAYMENT, "mechanizm podzielonej płatności")
        sheet = replace(samples.invoice("en"), country="PL", by_law=(law,), wordings=(Wording.NO_INVOICE,))
        text = reading.dense(reading.text(drawn(sheet)))
        assert reading.dense("mechanizm podzielonej płatności (Split payment mechanism)") in text
        assert reading.dense("This is not a tax invoice") in text

    @pytest.mark.parametrize(
        ("country", "said"),
        [("PL", "samofakturowanie"), ("SE", "Självfakturering"), ("RO", "autofactură")],
    )
    def test_name_self_billing_as_each_country_does(self, country: str, said: str) -> None:
        """Directive 2006/112/EC, art. 226 (10a), in the words of the national laws."""
        law = LawText(Wording.SELF_BILLING, taxes.law_words("self_billing", country, samples.DAY))
        sheet = replace(samples.self_billed("en"), country=country, by_law=(law,))
        assert said in reading.text(drawn(sheet))

    def test_of_a_self_billed_invoice_stand_under_the_head_of_who_wrote_it(self) -> None:
        sheet = samples.self_billed("sv")
        assert reading.text(drawn(sheet)).lstrip().startswith(sheet.buyer.name)


class TestLinks:
    def test_can_be_clicked_and_read(self) -> None:
        url = "https://kvit.example/i/abc"
        sheet = replace(
            samples.credit_note("sv"), links=(Link(LinkName.LIVE_PAGE, url), Link(LinkName.KSEF, url, True, "OFFLINE"))
        )
        pdf = drawn(sheet)
        with pikepdf.open(io.BytesIO(pdf)) as found:
            uris = [str(each.A.URI) for each in found.pages[0].Annots]
        assert uris == [url, url]
        assert "OFFLINE" in reading.text(pdf)


class TestACorrection:
    def test_shows_what_was_and_what_is(self) -> None:
        sheet = samples.correction("pl")
        text = reading.text(drawn(sheet))
        before, after = text.index("Przed korektą"), text.index("Po korekcie")
        assert before < after
        for section in sheet.sections:
            total = sum(line.net_minor for line in section.lines)
            assert reading.plain(figures.money_text(total, sheet.currency, "pl")) in text
        assert [section.name for section in sheet.sections] == [SectionName.BEFORE, SectionName.AFTER]

    def test_states_vat_in_the_national_currency_by_its_rate(self) -> None:
        sheet = samples.correction("pl")
        text = reading.dense(reading.text(drawn(sheet)))
        assert reading.dense("1 EUR = 4,2675 PLN, NBP 041/A/NBP/2026 z dnia 27 lut 2026") in text
        assert reading.dense("VAT w PLN") in text


class TestATotal:
    def test_names_what_it_is_of(self) -> None:
        base = samples.invoice("en")
        gross = base.headline.amount_minor
        sheet = replace(
            base,
            headline=Total(TotalName.TO_PAY, gross - 1000),
            totals=(
                *base.totals,
                Total(TotalName.PREPAID, -1000, "A2026-000001"),
                Total(TotalName.TO_PAY, gross - 1000),
            ),
        )
        text = reading.dense(reading.text(drawn(sheet)))
        assert reading.dense("Already paid A2026-000001 −10.00 EUR") in text

    def test_of_nothing_is_a_document_too(self) -> None:
        base = samples.invoice("sv")
        sheet = replace(
            base,
            headline=Total(TotalName.TO_PAY, 0),
            sections=(Section((Line("Gåva", 0, Decimal(1), "st", Decimal(0)),)),),
            vat=(),
            totals=(Total(TotalName.GROSS, 0),),
            payment=None,
        )
        assert "0,00 kr" in reading.text(drawn(sheet))
