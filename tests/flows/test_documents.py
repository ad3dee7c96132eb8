"""From issuing to the PDF: frozen, drawn, filed, handed out to who may have it, with the numbers of the page."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from archived import new_file
from desk import Desk, open_desk
from documents import reading
from documents.test_drawing import Broken
from kvit.base import job, rows, tenant
from kvit.base.command import Ctx
from kvit.cli.actions import verification
from kvit.documents import commands as documents
from kvit.documents import jobs
from kvit.documents import queries as archive
from kvit.documents.domain.sheet import Sheet
from kvit.documents.queries import FilingRow
from kvit.flows import documents as flow
from kvit.formats import einvoice
from kvit.invoicing import commands as invoicing
from kvit.invoicing.domain import Draft, DraftLine
from kvit.invoicing.events import InvoicesIssued
from kvit.invoicing.queries import issued_documents
from kvit.kernel import figures, units
from kvit.pages.buyers.tokens import new_token
from kvit.parties import commands as parties
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, NewParty, PartyKind, PostalAddress
from kvit.parties.queries import own_parties
from kvit.work import queries as work
from simulated_registers import work_off
from surfaces import SignIn

LINES = (
    DraftLine("Bredband företag åäö", Decimal("2"), Decimal("479.205"), Decimal(25), "st"),
    DraftLine("Böcker", Decimal("1.5"), Decimal("1234.5"), Decimal(6), "h"),
    DraftLine("Rabatt", Decimal("-1"), Decimal("50"), Decimal(25), "st"),
)
DAY = date(2026, 3, 2)


@pytest.fixture
def office(anna: Ctx) -> Desk:
    return open_desk(anna)


def customer(ctx: Ctx, language: Language, country: str = "SE") -> int:
    """A firm that reads this language."""
    names = {"sv": "Åkeri Öst AB", "pl": "Źródło Sp. z o.o.", "ro": "Țesături SRL", "en": "Harrow & Co <Ltd>"}
    party = NewParty(
        PartyKind.COMPANY,
        names[language],
        country,
        language,
        address=PostalAddress("Älvgatan 7", "872 30", "Kramfors", country),
    )
    return invoicing.add_customer(ctx, party=party, number=f"K-{language}", currency="SEK", terms_days=30).customer_id


def issue(ctx: Ctx, customer_id: int, *lines: DraftLine) -> int:
    drafts = (Draft(customer_id, lines or LINES),)
    (invoice_id,) = invoicing.draft_invoices(ctx, drafts=drafts, day=DAY).invoice_ids
    invoicing.issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=DAY)
    return invoice_id


def pdf_of(ctx: Ctx, invoice_id: int) -> tuple[FilingRow, bytes]:
    with tenant.scope(ctx.tenant_id):
        (filing,) = archive.files_of("invoice", invoice_id)
        content = archive.content(filing.file.sha256)
    assert content is not None
    return filing, content


def sheet_of(ctx: Ctx, invoice_id: int) -> Sheet:
    with tenant.scope(ctx.tenant_id):
        found = archive.sheet_of("invoice", invoice_id)
    assert found is not None
    return found


def waits(ctx: Ctx, invoice_id: int) -> list[tuple[str, str]]:
    with tenant.scope(ctx.tenant_id):
        return [(i.kind, i.reason_code) for i in work.items_about("invoice", invoice_id) if i.closed_at is None]


class TestAnIssuedInvoice:
    @pytest.mark.parametrize("language", list(Language))
    def test_has_a_pdf_in_the_buyer_s_language(self, office: Desk, language: Language) -> None:
        invoice_id = issue(office.ctx, customer(office.ctx, language))
        work_off(office.ctx)
        filing, pdf = pdf_of(office.ctx, invoice_id)
        heads = {"sv": "Faktura", "pl": "Faktura", "ro": "Factură", "en": "Invoice"}
        assert (filing.language, filing.kind) == (language.value, "invoice")
        assert filing.name == f"{heads[language]}-F2026-000001-Nordvik-AB.pdf"
        assert heads[language] in reading.text(pdf)
        assert reading.failures(pdf, "3a") + reading.failures(pdf, "ua1") == []

    def test_shows_the_numbers_of_its_page(self, office: Desk, anonymous: Client) -> None:
        """The live page and the PDF say the same amounts, days and references."""
        invoice_id = issue(office.ctx, customer(office.ctx, Language.SWEDISH))
        work_off(office.ctx)
        token = new_token()
        invoicing.open_link(office.ctx, invoice_id=invoice_id, token=token, valid_days=3650)
        html = anonymous.get(f"/i/{token}/?language=sv").content.decode()
        page = reading.dense(re.sub(r"<[^>]+>", "", html.replace("&nbsp;", " ")))
        pdf = reading.dense(reading.text(pdf_of(office.ctx, invoice_id)[1]))
        sheet = sheet_of(office.ctx, invoice_id)
        shown = [line.net_minor for line in sheet.sections[0].lines] + [
            sheet.totals[0].amount_minor,
            sheet.totals[2].amount_minor,
        ]
        shown += [row.vat_minor for row in sheet.vat] + [sheet.headline.amount_minor]
        for minor in shown:
            amount = reading.dense(figures.money_text(minor, "SEK", "sv", bare=True))
            assert amount in page
            assert amount in pdf
        assert sheet.payment is not None
        for text in (sheet.number, sheet.payment.ways[0].reference, figures.day_text(sheet.payment.due_date, "sv")):
            assert reading.dense(text) in page
            assert reading.dense(text) in pdf

    def test_is_frozen_with_all_that_stands_on_it(self, office: Desk) -> None:
        with tenant.scope(office.ctx.tenant_id):
            ((own,),) = rows.select("SELECT id FROM parties_party WHERE is_own")
        parties.add_identity(office.ctx, party_id=own, kind=IdentityKind.ORGNR, value="556036-0793")
        invoice_id = issue(office.ctx, customer(office.ctx, Language.ENGLISH))
        work_off(office.ctx)
        sheet = sheet_of(office.ctx, invoice_id)
        assert (sheet.seller.name, [each.label for each in sheet.seller.numbers]) == ("Nordvik AB", ["Org.nr"])
        assert sheet.buyer.lines == ("Älvgatan 7", "872 30 Kramfors")
        assert [(line.description, line.quantity, line.unit) for line in sheet.sections[0].lines] == [
            (line.description, line.quantity, units.word(units.code_of(line.unit), sheet.language)) for line in LINES
        ]
        assert sheet.payment is not None
        assert sheet.payment.ways[0].account == "SE4550000000058398257466"

    def test_keeps_what_it_said_though_the_customer_is_renamed(self, office: Desk) -> None:
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        before = pdf_of(office.ctx, invoice_id)[1]
        parties.rename_party(office.ctx, party_id=office.bo.party_id, name="Bo Ekström")
        work_off(office.ctx)
        assert pdf_of(office.ctx, invoice_id)[1] == before
        assert jobs._renderer.pdf(sheet_of(office.ctx, invoice_id)) == before

    def test_carries_the_company_s_colour_and_logo(self, office: Desk) -> None:
        from document_logo import LOGO

        logo = new_file(LOGO, subject_kind="company", kind="logo", media_type="image/svg+xml")
        documents.archive(office.ctx, new_files=(logo,))
        documents.choose_look(office.ctx, colour="#0e5a3c", logo_sha256=logo.sha256)
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        sheet = sheet_of(office.ctx, invoice_id)
        assert (sheet.look.colour, sheet.look.logo_sha256) == ("#0e5a3c", logo.sha256)
        assert pdf_of(office.ctx, invoice_id)[1] == jobs._renderer.pdf(sheet, logo=LOGO)

    def test_whose_job_runs_twice_has_one_pdf(self, office: Desk) -> None:
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        first = pdf_of(office.ctx, invoice_id)
        parties.rename_party(office.ctx, party_id=office.bo.party_id, name="Bo Ekström")
        flow.freeze(replace(office.ctx, key="1:documents.freeze"), InvoicesIssued((invoice_id,)))
        work_off(office.ctx)
        assert pdf_of(office.ctx, invoice_id) == first

    def test_among_many_is_frozen_in_chunks(self, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flow, "CHUNK", 2)
        drafts = tuple(Draft(office.bo.id, LINES) for _ in range(5))
        ids = invoicing.draft_invoices(office.ctx, drafts=drafts, day=DAY).invoice_ids
        invoicing.issue_invoices(office.ctx, invoice_ids=ids, issue_date=DAY)
        work_off(office.ctx)
        assert len({pdf_of(office.ctx, each)[0].file.sha256 for each in ids}) == 5
        with tenant.scope(office.ctx.tenant_id):
            ((count,),) = rows.select("SELECT count(*) FROM base_command WHERE name = 'documents.freeze'")
        assert count == 3

    def test_is_drawn_by_the_worker_after_all_else(self, own_queue: None, anna_live: Ctx) -> None:
        office = open_desk(anna_live)
        invoice_id = issue(office.ctx, office.bo.id)
        job.run_until_empty(slow_too=False)
        with tenant.scope(office.ctx.tenant_id):
            assert archive.standing_of("invoice", invoice_id) is None
        job.run_until_empty()
        assert pdf_of(office.ctx, invoice_id)[1].startswith(b"%PDF")


class TestACreditNote:
    def test_has_a_pdf_that_names_its_invoice_and_asks_for_nothing(self, office: Desk) -> None:
        invoice_id = issue(office.ctx, customer(office.ctx, Language.ENGLISH))
        note = invoicing.draft_credit_note(office.ctx, invoice_id=invoice_id, reason="Not delivered").invoice_id
        invoicing.issue_invoices(office.ctx, invoice_ids=(note,), issue_date=DAY)
        work_off(office.ctx)
        text = reading.text(pdf_of(office.ctx, note)[1])
        assert all(word in text for word in ("Credit note", "F2026-000001", "Not delivered", "Credited"))
        assert "How to pay" not in text


class TestTrouble:
    def test_with_the_logo_waits_for_a_person_while_the_document_is_there(self, office: Desk) -> None:
        logo = new_file(b"no picture", subject_kind="company", kind="logo")
        documents.archive(office.ctx, new_files=(logo,))
        documents.choose_look(office.ctx, colour="", logo_sha256=logo.sha256)
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        assert pdf_of(office.ctx, invoice_id)[1].startswith(b"%PDF")
        assert waits(office.ctx, invoice_id) == [("documents.replace_logo", "documents.unreadable_logo")]

    def test_with_drawing_waits_until_it_is_drawn(self, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs.draw_all, "__kwdefaults__", {"renderer": Broken("F2026-000001")})
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        assert waits(office.ctx, invoice_id) == [("documents.draw", "documents.not_renderable")]
        monkeypatch.undo()
        with tenant.scope(office.ctx.tenant_id):
            standing = archive.standing_of("invoice", invoice_id)
        assert standing is not None
        documents.draw_again(office.ctx, rendering_ids=(standing.rendering_id,))
        work_off(office.ctx)
        assert waits(office.ctx, invoice_id) == []
        assert pdf_of(office.ctx, invoice_id)[1].startswith(b"%PDF")


class TestWhoMayHaveIt:
    @pytest.fixture
    def drawn(self, office: Desk) -> int:
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        return invoice_id

    def test_is_a_clerk_at_the_desk(self, office: Desk, drawn: int, sign_in: SignIn, cilla: Ctx) -> None:
        browser = sign_in(office.ctx)
        assert f"/desk/invoices/{drawn}/pdf/" in browser.get(f"/desk/invoices/{drawn}/").content.decode()
        self.handed_out(browser.get(f"/desk/invoices/{drawn}/pdf/"), office, drawn)
        assert sign_in(cilla).get(f"/desk/invoices/{drawn}/pdf/").status_code == 404

    def test_is_who_holds_a_link_while_it_opens(self, office: Desk, drawn: int, anonymous: Client) -> None:
        token = new_token()
        link = invoicing.open_link(office.ctx, invoice_id=drawn, token=token, valid_days=3650)
        assert f"/i/{token}/pdf/" in anonymous.get(f"/i/{token}/").content.decode()
        answer = anonymous.get(f"/i/{token}/pdf/")
        self.handed_out(answer, office, drawn)
        assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
        invoicing.revoke_link(office.ctx, link_id=link.link_id)
        assert anonymous.get(f"/i/{token}/pdf/").status_code == 404
        assert anonymous.get(f"/i/{new_token()}/pdf/").status_code == 404

    def test_has_a_failed_one_made_again(self, office: Desk, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs.draw_all, "__kwdefaults__", {"renderer": Broken("F2026-000001")})
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        monkeypatch.undo()
        browser = sign_in(office.ctx)
        page = browser.get(f"/desk/invoices/{invoice_id}/").content.decode()
        assert "Its PDF could not be made." in page
        assert f"/desk/invoices/{invoice_id}/pdf/again/" in page
        answer = browser.post(f"/desk/invoices/{invoice_id}/pdf/again/", follow=True).content.decode()
        assert "The PDF is being made again." in answer
        work_off(office.ctx)
        assert browser.get(f"/desk/invoices/{invoice_id}/pdf/").status_code == 200

    def test_is_told_while_it_is_being_made(self, office: Desk, sign_in: SignIn) -> None:
        invoice_id = issue(office.ctx, office.bo.id)
        with tenant.scope(office.ctx.tenant_id):
            sheets = tuple(made.sheet for made in flow._made([invoice_id]))
        documents.freeze(office.ctx, sheets=sheets)
        browser = sign_in(office.ctx)
        assert "Its PDF is being made." in browser.get(f"/desk/invoices/{invoice_id}/").content.decode()
        assert browser.get(f"/desk/invoices/{invoice_id}/pdf/").status_code == 404

    @staticmethod
    def handed_out(answer: Any, office: Desk, invoice_id: int) -> None:
        filing, pdf = pdf_of(office.ctx, invoice_id)
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "application/pdf", pdf)
        assert answer["Content-Disposition"] == f'attachment; filename="{filing.name}"'


def known(ctx: Ctx) -> None:
    """What an e-invoice says of its seller."""
    with tenant.scope(ctx.tenant_id):
        (own,) = own_parties()
    parties.add_identity(ctx, party_id=own, kind=IdentityKind.ORGNR, value="556036-0793")
    parties.set_address(ctx, party_id=own, address=PostalAddress("Storgatan 1", "903 26", "Umeå", "SE"))


class TestTheEInvoiceInside:
    @pytest.mark.parametrize("language", list(Language))
    def test_is_valid_and_says_what_the_document_says(self, office: Desk, language: Language) -> None:
        known(office.ctx)
        invoice_id = issue(office.ctx, customer(office.ctx, language))
        work_off(office.ctx)
        with tenant.scope(office.ctx.tenant_id):
            by_kind = {each.kind: each for each in archive.files_of("invoice", invoice_id)}
            pdf = archive.content(by_kind["invoice"].file.sha256)
            xml = archive.content(by_kind["einvoice"].file.sha256)
        assert pdf is not None
        assert xml is not None
        assert reading.attachments(pdf) == {"factur-x.xml": xml}
        opened = einvoice.read(xml)
        assert einvoice.is_clean(einvoice.check(opened))
        found, sheet = opened.reading.invoice, sheet_of(office.ctx, invoice_id)
        assert found is not None
        with tenant.scope(office.ctx.tenant_id):
            frozen = issued_documents([invoice_id])[invoice_id].einvoice
        assert (found.number, found.totals) == (sheet.number, frozen.totals)
        assert found.totals.due_minor == sheet.headline.amount_minor
        assert [line.net_minor for line in found.lines] == [line.net_minor for line in sheet.sections[0].lines]
        assert reading.failures(pdf, "3a") + reading.failures(pdf, "ua1") == []

    def test_is_left_out_where_the_rules_object(self, office: Desk) -> None:
        """A seller without a VAT number cannot charge VAT (BR-S-02); the PDF is made all the same."""
        invoice_id = issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        assert reading.attachments(pdf_of(office.ctx, invoice_id)[1]) == {}

    def test_is_left_out_where_it_would_say_another_sum(self, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the e-invoice has a line more than the document; its own rules find it (BR-CO-10)."""
        known(office.ctx)
        right = einvoice.normalize
        monkeypatch.setattr(
            einvoice, "normalize", lambda i: right(replace(i, lines=(*i.lines, replace(i.lines[0], id="9"))))
        )
        invoice_id = issue(office.ctx, customer(office.ctx, Language.SWEDISH))
        work_off(office.ctx)
        assert reading.attachments(pdf_of(office.ctx, invoice_id)[1]) == {}


class TestWhatIsOlder:
    def test_is_frozen_and_drawn_once(self, office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flow, "CHUNK", 2)
        with monkeypatch.context() as before:
            before.setattr(flow, "_made", lambda ids: ())  # as if there had been no documents yet
            ids = [issue(office.ctx, office.bo.id) for _ in range(5)]
            work_off(office.ctx)
        assert flow.freeze_older(office.ctx) == 5
        work_off(office.ctx)
        assert all(pdf_of(office.ctx, invoice_id)[1].startswith(b"%PDF") for invoice_id in ids)
        assert flow.freeze_older(office.ctx) == 0


class TestVerifying:
    def test_finds_nothing_wrong(self, office: Desk) -> None:
        issue(office.ctx, office.bo.id)
        work_off(office.ctx)
        assert verification.problems_of(office.ctx.tenant_id) == ()

    def test_finds_files_of_documents_that_are_none(self, office: Desk) -> None:
        """The planted fault: a file is filed under an invoice that nobody issued."""
        documents.archive(office.ctx, new_files=(new_file(subject_id=424242),))
        (found,) = verification.problems_of(office.ctx.tenant_id)
        assert found.reason == "the archive has a document 424242 that was never issued"
