"""What documents of every kind say on paper and on their page: changes, exemptions, the national currency, warnings."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from cast import NOW
from documents import reading
from invoicing.company import DAY
from invoicing.issued_cases import CASES, LANDS, ONLY, Firm, open_firm
from kvit.base import tenant, texts
from kvit.base.command import Ctx
from kvit.documents.adapters.typst import TypstRenderer
from kvit.documents.domain import checks
from kvit.documents.domain.face import Face, faced
from kvit.documents.domain.sheet import Sheet
from kvit.flows import documents as flow
from kvit.formats import einvoice
from kvit.invoicing import queries as invoicing
from kvit.pages import words
from kvit.pages.buyers.invoice import InvoicePage, invoice_pages
from kvit.parties import commands as parties
from kvit.parties.domain.register import Language

RENDERER = TypstRenderer()
TABLE = [(country, name) for country in LANDS for name in CASES if ONLY.get(name, country) == country]


@dataclass(frozen=True)
class Seen:
    """A document as its reader has it: its sheet, the text of its PDF, its page."""

    sheet: Sheet
    text: str
    page: InvoicePage

    def says(self, *parts: str) -> bool:
        """Whether the PDF says all of this, whatever the gaps."""
        return all(reading.dense(part) in self.text for part in parts)


def seen(firm: Firm, document_id: int) -> Seen:
    with tenant.scope(firm.shop.ctx.tenant_id):
        (made,) = flow._made([document_id])
        page = invoice_pages([document_id], now=NOW)[document_id]
    sheet = made.sheet.sheet
    return Seen(sheet, reading.dense(reading.text(RENDERER.pdf(sheet))), page)


def buyer_reads(firm: Firm, language: Language) -> None:
    parties.change_language(firm.shop.ctx, party_id=firm.shop.books.bo, language=language)


@pytest.fixture
def polish(anna: Ctx) -> Firm:
    firm = open_firm(anna, "PL")
    buyer_reads(firm, Language.POLISH)
    return firm


class TestADocumentOfEveryKind:
    @pytest.mark.parametrize(("country", "name"), [case for case in TABLE if case[0] == "PL" or case[1] in ONLY])
    def test_says_on_its_page_what_its_sheet_says(self, anna: Ctx, country: str, name: str) -> None:
        firm = open_firm(anna, country)
        document_id = CASES[name](firm)
        with tenant.scope(anna.tenant_id):
            (made,) = flow._made([document_id])
            page = invoice_pages([document_id], now=NOW)[document_id]
            frozen = invoicing.issued_documents([document_id])[document_id]
        sheet = made.sheet.sheet
        checks.require_sound(sheet)
        with words.reading(sheet.language):
            shown = page.shown
        face = faced(sheet, words=texts.catalogue(sheet.language))
        assert shown.totals == face.totals
        assert [line.amount for group in shown.groups for line in group.lines] == amounts(face, sheet)
        assert sheet.headline.amount_minor == frozen.paper.payable_minor
        if made.einvoice is not None:
            inside = einvoice.read(made.einvoice.content).reading.invoice
            assert inside is not None
            assert inside.totals == frozen.einvoice.totals


def amounts(face: Face, sheet: Sheet) -> list[str]:
    """The last cell of each line in the tables of the PDF."""
    cells = [row[-1] for table in face.tables[: len(sheet.sections)] for row in table.rows]
    return [cell if isinstance(cell, str) else cell[0] for cell in cells]


class TestACorrection:
    def test_says_each_line_and_sum_before_and_after(self, polish: Firm) -> None:
        found = seen(polish, CASES["correction of a correction"](polish))
        # 100 at 23 % and 50 at 8 % became 80 and 50, then 80 alone: what is corrected now are 130 net, 152.40 gross
        assert [(x.name.value, x.before_minor, x.after_minor) for x in found.sheet.changes] == [
            ("net", 13000, 8000),
            ("vat", 2240, 1840),
            ("gross", 15240, 9840),
        ]
        assert [[line.net_minor for line in each.lines] for each in found.sheet.sections] == [[5000], [0]]
        assert found.says(
            "Przed korektą", "Po korekcie", "130,00", "80,00", "-50,00".replace("-", "−"), "152,40", "98,40"
        )
        assert found.says("Pomyłka", "F2026-000001")
        assert found.sheet.headline.amount_minor == -5400

    def test_shows_a_line_that_changed_as_it_was_and_as_it_is(self, polish: Firm) -> None:
        found = seen(polish, CASES["correction down"](polish))
        before, after = found.sheet.sections
        assert [(x.quantity, x.net_minor) for x in (*before.lines, *after.lines)] == [(1, 10000), (1, 8000)]

    def test_whose_sums_do_not_follow_is_not_drawn(self, polish: Firm) -> None:
        """The planted fault: the document after it is over a złoty more."""
        sheet = seen(polish, CASES["correction down"](polish)).sheet
        net = sheet.changes[0]
        wrong = replace(sheet, changes=(replace(net, after_minor=net.after_minor + 100), *sheet.changes[1:]))
        with pytest.raises(checks.BadSheet, match="its net changes by"):
            checks.require_sound(wrong)


class TestADocumentWithoutVat:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("reverse charge", ("oo", "odwrotne obciążenie")),
            ("exempt", ("zw", "art. 43")),
            ("intra-community", ("0%", "Wewnątrzwspólnotowa dostawa towarów, art. 42 ustawy o VAT")),
            ("export", ("0%", "Eksport towarów, art. 41 ust. 4 ustawy o VAT")),
        ],
    )
    def test_says_why(self, polish: Firm, name: str, said: tuple[str, ...]) -> None:
        found = seen(polish, CASES[name](polish))
        assert found.says(*said)
        with words.reading("pl"):
            page = found.page.shown
        written = " ".join((*page.notes, *(group.lines[0].reckoned for group in page.groups), str(page.vat)))
        assert all(reading.dense(part) in reading.dense(written) for part in said)

    def test_says_the_words_of_the_law_and_what_they_mean(self, anna: Ctx) -> None:
        firm = open_firm(anna, "SE")
        buyer_reads(firm, Language.ENGLISH)
        assert seen(firm, CASES["reverse charge"](firm)).says("Omvänd betalningsskyldighet (Reverse charge)")


class TestADocumentInAForeignCurrency:
    @pytest.mark.parametrize(
        ("country", "language", "said"),
        [
            ("PL", Language.POLISH, ("VAT w PLN", "101,56 zł", "1 EUR = 4,2675 PLN", "NBP", "27 lut 2026")),
            ("SE", Language.SWEDISH, ("Moms i SEK", "294,34 kr", "1 EUR = 11,2345 SEK", "ECB", "2 mars 2026")),
            ("RO", Language.ROMANIAN, ("TVA în RON", "112,52 lei", "1 EUR = 5,0912 RON", "BNR", "27 feb. 2026")),
        ],
    )
    def test_says_its_vat_in_the_national_one_by_which_rate(
        self, anna: Ctx, country: str, language: Language, said: tuple[str, ...]
    ) -> None:
        firm = open_firm(anna, country)
        buyer_reads(firm, language)
        found = seen(firm, CASES["foreign currency"](firm))
        assert found.says(*said)
        with words.reading(language.value):
            assert reading.dense(said[2]) in reading.dense(found.page.shown.national)


class TestARateThatNobodyCompared:
    def test_is_said_on_the_document_and_on_its_page(self, polish: Firm) -> None:
        later = polish.shop.draft(polish.line("1"))
        polish.shop.issue(later, on=DAY + timedelta(days=366))
        found = seen(polish, later)
        with words.reading("pl"):
            (said,) = found.page.shown.notes
        assert found.says(said)
        assert "nowsza" in said

    def test_is_not_said_of_one_that_was(self, polish: Firm) -> None:
        found = seen(polish, CASES["ordinary"](polish))
        assert found.sheet.wordings == ()


class TestOtherKinds:
    def test_a_self_billed_invoice_says_whom_it_bills_for_and_where_it_is_paid_to(self, polish: Firm) -> None:
        found = seen(polish, CASES["self-billed"](polish))
        assert found.says("samofakturowanie", "Ewa & Söner", "SB-1-2026-000001")

    def test_a_final_invoice_takes_off_what_its_advances_taxed(self, polish: Firm) -> None:
        found = seen(polish, CASES["final"](polish))
        assert found.says("Faktura zaliczkowa FA2026-000001", "Faktura zaliczkowa FA2026-000002", "−411,06")
        assert found.sheet.headline.amount_minor == 133800 - 70000

    def test_a_fee_note_says_nothing_of_vat(self, polish: Firm) -> None:
        found = seen(polish, CASES["fee note"](polish))
        assert (found.sheet.vat, [line.vat_category for line in found.sheet.sections[0].lines]) == ((), [""])
        assert found.says("Nota", "40,00")

    def test_allowances_stand_where_they_count(self, polish: Firm) -> None:
        found = seen(polish, CASES["everything"](polish))
        assert found.says("Upust", "Opakowanie", "Umowa", "Suma pozycji", "Dziękujemy", "B", "C", "P")

    def test_whole_kronor_are_asked_for(self, anna: Ctx) -> None:
        firm = open_firm(anna, "SE")
        buyer_reads(firm, Language.SWEDISH)
        found = seen(firm, CASES["rounded to kronor"](firm))
        assert found.sheet.headline.amount_minor == 12500
        assert found.says("0,37", "125,00")

    def test_split_payment_is_said(self, polish: Firm) -> None:
        assert seen(polish, CASES["split payment"](polish)).says("mechanizm podzielonej płatności")
