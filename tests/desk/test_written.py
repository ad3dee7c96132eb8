"""A document says the same at the desk, on its live page and in its PDF: every line, sum, reason and note."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from desk import Desk
from documents import reading
from drafted import LINE, new, saved
from invoicing.issued_cases import CASES, Firm, open_firm
from kvit.base import tenant, texts
from kvit.base.command import Ctx
from kvit.documents.adapters.typst import TypstRenderer
from kvit.documents.domain.face import Face, faced
from kvit.documents.domain.sheet import Sheet
from kvit.flows import documents as flow
from kvit.invoicing import commands
from kvit.pages.buyers import sheets, tokens
from kvit.pages.read import document as reads
from kvit.parties import commands as parties
from kvit.parties.domain.register import Language
from surfaces import SignIn

RENDERER = TypstRenderer()
KINDS = [
    ("SE", "everything"),
    ("SE", "rounded to kronor"),
    ("SE", "final"),
    ("SE", "credit note"),
    ("SE", "fee note"),
    ("PL", "correction of a correction"),
    ("PL", "correction to nothing"),
    ("PL", "foreign currency"),
    ("PL", "self-billed"),
    ("PL", "prepaid"),
    ("RO", "exempt"),
    ("RO", "advance"),
    ("RO", "reverse charge"),
]


def on(page: str) -> str:
    """What a page says, without its marks and spaces."""
    return reading.dense(html.unescape(re.sub(r"<[^>]*>", "", page.partition("<main")[2])))


def told(face: Face) -> Iterator[str]:
    """Everything below the head of a document."""
    for row in face.totals:
        yield row.label
        yield row.value
    for table in (*face.tables, *((face.vat,) if len(face.vat.rows) > 1 or face.national else ())) if face.vat else ():
        for cell in (cell for cells in table.rows for cell in cells):
            yield from (cell,) if isinstance(cell, str) else cell
    for table in face.tables if face.vat is None else ():
        yield from (cell if isinstance(cell, str) else cell[0] for cells in table.rows for cell in cells)
    yield from (face.national, *face.notes)


def missing(face: Face, said: str) -> list[str]:
    """What of a document is not said there."""
    return [part for part in told(face) if reading.dense(part) not in said]


def sheet_of(firm: Firm, document_id: int) -> Sheet:
    with tenant.scope(firm.shop.ctx.tenant_id):
        (made,) = flow._made([document_id])
    return made.sheet.sheet


def english(ctx: Ctx, country: str) -> Firm:
    """A firm whose customer and supplier read what the clerk reads."""
    firm = open_firm(ctx, country)
    for party_id in (firm.shop.books.bo, firm.supplier):
        parties.change_language(ctx, party_id=party_id, language=Language.ENGLISH)
    return firm


class TestADocumentThatIsIssued:
    @pytest.mark.parametrize(("country", "name"), KINDS)
    def test_says_the_same_at_the_desk_on_its_live_page_and_on_paper(
        self, anna: Ctx, sign_in: SignIn, country: str, name: str
    ) -> None:
        firm = english(anna, country)
        document_id = CASES[name](firm)
        token = tokens.new_token()
        commands.open_link(anna, invoice_id=document_id, token=token)
        sheet = sheet_of(firm, document_id)
        face = faced(sheet, words=texts.catalogue("en"))
        clerk = sign_in(anna)
        desk = clerk.get(f"/desk/invoices/{document_id}/").content.decode()
        live = Client(headers={"accept-language": "en"}).get(f"/i/{token}/").content.decode()
        assert missing(face, on(desk)) == []
        assert missing(face, on(live)) == []
        assert missing(face, reading.dense(reading.text(RENDERER.pdf(sheet)))) == []

    def test_is_seen_to_differ_where_the_desk_makes_sums_of_its_own(
        self, anna: Ctx, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: an öre more at the desk."""
        firm = english(anna, "SE")
        document_id = CASES["ordinary"](firm)

        def wrong(*given: object) -> Sheet:
            sheet = sheets.sheet_of(*given)  # type: ignore[arg-type]
            net, vat, *more = sheet.totals
            return replace(sheet, totals=(net, replace(vat, amount_minor=vat.amount_minor + 1), *more))

        monkeypatch.setattr(reads, "sheet_of", wrong)
        face = faced(sheet_of(firm, document_id), words=texts.catalogue("en"))
        page = sign_in(anna).get(f"/desk/invoices/{document_id}/").content.decode()
        assert missing(face, on(page)) == [face.totals[1].value]

    def test_that_we_made_out_ourselves_names_the_supplier(self, anna: Ctx, sign_in: SignIn) -> None:
        firm = english(anna, "SE")
        page = sign_in(anna).get(f"/desk/invoices/{firm.bill_oneself(firm.line('100'))}/").content.decode()
        assert "<dt>Supplier</dt><dd>Ewa &amp; Söner</dd>" in page
        assert "<dt>Customer</dt>" not in page

    def test_has_its_lines_before_and_after_and_its_facts_at_the_desk(self, anna: Ctx, sign_in: SignIn) -> None:
        firm = english(anna, "PL")
        first = firm.issue(firm.line("100"))
        page = sign_in(anna).get(f"/desk/invoices/{firm.correct(first, firm.line('80'))}/").content.decode()
        for said in ("Before the correction", "After the correction", "The whole document", "Pomyłka"):
            assert said in page
        assert "−24.60" in page  # 20 net and 4.60 VAT less


class TestADraft:
    def test_shows_what_it_says_so_far_and_no_day_of_issue(self, office: Desk, browser: Client) -> None:
        form = LINE | {"note": "Thank you", "rounds_cash": "on"}
        page = on(browser.get(f"/desk/invoices/{saved(browser.post(new(office), form)['Location'])}/").content.decode())
        # 3 × 1 199.50 = 3 598.50, with 25 % 4 498.13, in whole kronor 4 498
        for said in ("3,598.50", "899.63", "4,498.13", "Rounding", "4,498.00", "Thankyou", "Daystopay"):
            assert said in page
        assert "Issuedate" not in page

    def test_of_a_correction_shows_before_and_after(self, anna: Ctx, sign_in: SignIn) -> None:
        firm = english(anna, "PL")
        first = firm.issue(firm.line("100"))
        drafted = commands.draft_correction(
            anna, invoice_id=first, reason="Pomyłka", lines=(firm.line("80", quantity=str(Decimal(2))),)
        )
        page = on(sign_in(anna).get(f"/desk/invoices/{drafted.invoice_id}/").content.decode())
        for said in ("Beforethecorrection", "160.00", "196.80", "73.80"):
            assert said in page
