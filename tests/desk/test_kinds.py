"""The editor writes documents of every kind: what they say beyond their lines, previews, issue, corrections."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from desk import Desk
from drafted import LINE, TODAY, new, plain, saved
from kvit.base import tenant
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import Draft, DraftLine, Kind
from kvit.invoicing.domain import exchange as law
from kvit.invoicing.queries import Document
from kvit.parties import commands as parties
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import PartyKind
from receivables import ISSUED

WHOLE = LINE | {
    "currency": "SEK",
    "lines-0-discount": "10 %",
    "lines-0-discount_reason": "Loyal customer",
    "lines-0-item": "F-100",
    "adjust-TOTAL_FORMS": "2",
    "adjust-INITIAL_FORMS": "0",
    "adjust-0-what": "allowance",
    "adjust-0-value": "100",
    "adjust-0-vat_rate": "25",
    "adjust-1-what": "charge",
    "adjust-1-value": "5 %",
    "adjust-1-vat_rate": "25",
    "adjust-1-reason": "Freight",
    "buyer_reference": "Eva Lund",
    "order_reference": "PO-7",
    "period_start": "2026-02-01",
    "period_end": "2026-02-28",
    "delivery_date": "2026-02-20",
    "delivery_city": "Lund",
    "delivery_country": "SE",
    "note": "First\r\n\r\nSecond",
    "rounds_cash": "on",
}


def document(office: Desk, invoice_id: int) -> Document:
    with tenant.scope(office.ctx.tenant_id):
        found = queries.document(invoice_id)
    assert found is not None
    return found


def kept(office: Desk, invoice_id: int) -> Draft:
    with tenant.scope(office.ctx.tenant_id):
        found = queries.kept_draft(invoice_id)
    assert found is not None
    return found.draft


class TestAWholeDocument:
    def test_is_kept_with_all_that_was_typed(self, office: Desk, browser: Client) -> None:
        invoice_id = saved(browser.post(new(office), WHOLE)["Location"])
        draft, written = kept(office, invoice_id), document(office, invoice_id)
        # 3 x 1 199.50 = 3 598.50, less 10 % = 3 238.65; less 100, and 5 % of the lines on top: 3 300.58
        assert [one.net_minor for one in written.lines] == [323865]
        assert written.net_minor == 323865 - 10000 + 16193
        assert draft.references is not None
        assert (draft.references.buyer, draft.references.order) == ("Eva Lund", "PO-7")
        assert draft.period == (date(2026, 2, 1), date(2026, 2, 28))
        content = draft.more
        assert content.delivery is not None
        assert (content.delivery.date, content.delivery.address.city if content.delivery.address else "") == (
            *(date(2026, 2, 20), "Lund"),
        )
        assert [note.text for note in content.notes] == ["First", "Second"]
        assert draft.rounds_cash
        assert draft.lines[0].more.seller_item == "F-100"
        assert draft.lines[0].more.allowances[0].reason == "Loyal customer"

    def test_is_the_same_after_it_was_opened_and_saved_again(self, office: Desk, browser: Client) -> None:
        first = saved(browser.post(new(office), WHOLE)["Location"])
        page = browser.get(f"/desk/invoices/{first}/edit/")
        second = saved(browser.post(f"/desk/invoices/{first}/edit/", _form_of(page.content.decode()))["Location"])
        assert kept(office, second) == kept(office, first)
        assert document(office, second).row.gross_minor == document(office, first).row.gross_minor

    def test_keeps_what_the_editor_does_not_show(self, office: Desk, browser: Client) -> None:
        from kvit.invoicing.domain import Content, LineContent

        line = DraftLine("Goods", Decimal(1), Decimal(9), Decimal(25), "H87", content=LineContent(buyer_item="B-1"))
        draft = Draft(office.bo.id, (line,), content=Content(tender="T-1"))
        (first,) = commands.draft_invoices(office.ctx, drafts=(draft,), day=ISSUED).invoice_ids
        form = _form_of(browser.get(f"/desk/invoices/{first}/edit/").content.decode()) | {"note": "New"}
        found = kept(office, saved(browser.post(f"/desk/invoices/{first}/edit/", form)["Location"]))
        assert (found.more.tender, found.lines[0].more.buyer_item, found.lines[0].unit) == ("T-1", "B-1", "H87")
        assert [note.text for note in found.more.notes] == ["New"]

    def test_shows_every_sum_while_one_types(self, office: Desk, browser: Client) -> None:
        part = plain(browser.post(f"/desk/invoices/totals/{office.bo.id}/", WHOLE).content.decode())
        for shown in ("3,238.65", "100.00", "161.93", "3,300.58", "825.15", "Rounding", "4,126.00"):
            assert shown in part

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"period_end": "2026-01-01"}, "The period ends before it begins."),
            ({"period_end": ""}, "A period has a first and a last day."),
            ({"lines-0-discount": "ten"}, "Write an amount, or a part of 100"),
            ({"lines-0-discount": "110 %"}, "Write an amount, or a part of 100"),
            ({"lines-0-unit": "furlongs"}, "There is no such unit"),
            ({"lines-0-unit_price": "1,23456789"}, "At most 6 decimals"),
            ({"lines-0-vat_rate": "E"}, "Say why it is exempt"),
            ({"lines-0-vat_rate": "AE"}, "Both sides need a VAT number"),
            ({"currency": "EUR"}, "no rate of that day is kept"),
            ({"currency": "EUR", "exchange_rate": "11,2"}, "A rate has its day"),
        ],
    )
    def test_says_at_the_field_what_is_wrong(
        self, office: Desk, browser: Client, changed: dict[str, str], said: str
    ) -> None:
        form = WHOLE | {"adjust-TOTAL_FORMS": "0"} | changed
        answer = browser.post(new(office), form)
        assert answer.status_code == 422
        assert said in plain(answer.content.decode())
        with tenant.scope(office.ctx.tenant_id):
            assert queries.draft_ids() == []

    def test_has_its_vat_in_the_national_currency_by_the_rate_typed(self, office: Desk, browser: Client) -> None:
        day = law.latest_day("SE", TODAY)
        form = LINE | {
            "currency": "EUR",
            "exchange_rate": "11,2",
            "exchange_date": day.isoformat(),
            "exchange_source": "Riksbanken",
        }
        answer = browser.post(new(office), form)
        assert answer.status_code == 302, answer.content.decode()
        assert document(office, saved(answer["Location"])).vat[0].accounting_minor == 1007586  # 899.63 EUR x 11.2


class TestAPreview:
    def test_shows_the_document_and_saves_nothing(self, office: Desk, browser: Client) -> None:
        page = browser.post(new(office), LINE | {"preview": "1"}).content.decode()
        assert 'src="data:image/png;base64,' in page
        assert 'value="Fibre"' in page
        with tenant.scope(office.ctx.tenant_id):
            assert queries.draft_ids() == []

    def test_of_what_cannot_be_says_why(self, office: Desk, browser: Client) -> None:
        answer = browser.post(new(office), LINE | {"preview": "1", "lines-0-vat_rate": "E"})
        assert answer.status_code == 422
        assert "Say why it is exempt" in answer.content.decode()


class TestIssueFromTheEditor:
    def test_saves_and_issues(self, office: Desk, browser: Client) -> None:
        form = LINE | {"issue": "1", "idempotency_key": "one"}
        answer = browser.post(new(office), form)
        assert document(office, saved(answer["Location"])).row.number
        assert browser.post(new(office), form)["Location"] == answer["Location"]

    def test_that_is_refused_keeps_the_draft(self, office: Desk, browser: Client) -> None:
        form = LINE | {"issue": "1", "lines-0-unit_price": "-1"}
        answer = browser.post(new(office), form, follow=True)
        assert b"This draft cannot be issued" in answer.content
        with tenant.scope(office.ctx.tenant_id):
            assert len(queries.draft_ids()) == 1


class TestTheKinds:
    def test_estimate_and_fee_note_are_written_as_such(self, office: Desk, browser: Client) -> None:
        estimate = saved(browser.post(f"{new(office)}&kind=estimate", LINE)["Location"])
        assert document(office, estimate).row.kind == Kind.ESTIMATE
        form = LINE | {"lines-0-vat_rate": "O"}
        note = document(office, saved(browser.post(f"{new(office)}&kind=fee_note", form)["Location"]))
        assert (note.row.kind, note.vat_minor, note.lines[0].vat_category) == (Kind.FEE_NOTE, 0, "O")

    def test_self_billed_is_made_out_in_the_name_of_who_agreed(self, office: Desk, browser: Client) -> None:
        assert b"Agreed with nobody yet" in browser.get("/desk/invoices/new/?kind=self_billed").content
        supplier = _supplier(office)
        where = f"/desk/invoices/new/?kind=self_billed&supplier={supplier}"
        assert b"Partner AB" in browser.get("/desk/invoices/new/?kind=self_billed").content
        first = saved(browser.post(where, LINE)["Location"])
        found = document(office, first)
        assert (found.row.kind, found.supplier_id) == (Kind.SELF_BILLED, supplier)
        listed = browser.get("/desk/invoices/").content.decode()
        assert '<td data-label="Supplier">Partner AB<' in listed
        assert '<td data-label="Customer">' not in listed
        edit = f"/desk/invoices/{first}/edit/"
        form = _form_of(browser.get(edit).content.decode()) | {"lines-0-quantity": "1"}
        second = saved(browser.post(edit, form)["Location"])
        assert document(office, second).net_minor == 119950
        totals = LINE | {"kind": "self_billed", "supplier": str(supplier)}
        assert "4,498" in browser.post("/desk/invoices/totals/0/", totals).content.decode()

    def test_totals_of_nobody_are_not_found(self, office: Desk, browser: Client, stranger: Client) -> None:
        supplier = _supplier(office)
        totals = LINE | {"kind": "self_billed", "supplier": str(supplier)}
        assert stranger.post("/desk/invoices/totals/0/", totals).status_code == 404
        assert browser.post("/desk/invoices/totals/0/", LINE).status_code == 404


class TestACorrection:
    def test_says_before_and_after_and_drafts_what_changes(self, office: Desk, browser: Client) -> None:
        invoice_id = _issued(browser, office)
        where = f"/desk/invoices/{invoice_id}/correct/"
        form = _form_of(browser.get(where).content.decode()) | {"lines-0-quantity": "2", "reason": "One came back"}
        part = plain(browser.post(f"{where}change/", form).content.decode())
        for shown in ("3,598.50", "2,399.00", "−1,199.50", "−1,499.38"):
            assert shown in part
        page = browser.post(where, form, follow=True).content.decode()
        assert "The correction is drafted" in page
        assert "One came back" in page
        with tenant.scope(office.ctx.tenant_id):
            (draft,) = queries.draft_ids()
        found = document(office, draft)
        assert (found.row.kind, found.row.gross_minor, len(found.lines)) == (Kind.CORRECTION, -149938, 2)

    def test_of_nothing_is_refused(self, office: Desk, browser: Client) -> None:
        """What stays as it was is recognised: unit, discount and item number are sent back as they are shown."""
        invoice_id = _issued(browser, office, WHOLE)
        where = f"/desk/invoices/{invoice_id}/correct/"
        form = _form_of(browser.get(where).content.decode()) | {"reason": "None"}
        assert "Nothing changes yet" in browser.post(f"{where}change/", form).content.decode()
        assert browser.post(where, form).status_code == 422

    def test_is_of_what_is_issued_and_ones_own(self, office: Desk, browser: Client, stranger: Client) -> None:
        draft = saved(browser.post(new(office), LINE)["Location"])
        assert browser.get(f"/desk/invoices/{draft}/correct/").status_code == 404
        issued = _issued(browser, office)
        assert stranger.get(f"/desk/invoices/{issued}/correct/").status_code == 404


class TestAClaimOfAnotherKind:
    def test_may_be_spoken_of_and_made_due_later(self, office: Desk, browser: Client) -> None:
        form = LINE | {"lines-0-vat_rate": "O", "issue": "1"}
        note = saved(browser.post(f"{new(office)}&kind=fee_note", form)["Location"])
        page = browser.get(f"/desk/invoices/{note}/").content.decode()
        assert "What is said about it" in page
        day = TODAY + timedelta(days=90)
        browser.post(f"/desk/invoices/{note}/due-date/", {"due_date": day.isoformat(), "reason": "Asked"})
        assert document(office, note).row.due_date == day
        browser.post(f"/desk/invoices/{note}/say/dispute/", {"whole": "on", "reason": "other", "words": "No"})
        with tenant.scope(office.ctx.tenant_id):
            assert len(queries.facts_of([note]).get(note, ())) == 1

    def test_is_none_where_nothing_is_owed(self, office: Desk, browser: Client) -> None:
        estimate = saved(browser.post(f"{new(office)}&kind=estimate", LINE | {"issue": "1"})["Location"])
        page = browser.get(f"/desk/invoices/{estimate}/").content.decode()
        assert "What is said about it" not in page
        assert "Move due date" not in page


def _issued(browser: Client, office: Desk, form: dict[str, str] = LINE) -> int:
    return saved(browser.post(new(office), form | {"issue": "1"})["Location"])


def _supplier(office: Desk) -> int:
    supplier = parties.register_party(office.ctx, kind=PartyKind.COMPANY, name="Partner AB", country="SE").party_id
    parties.add_identity(office.ctx, party_id=supplier, kind=IdentityKind.ORGNR, value="5560360793")
    commands.agree_on_self_billing(
        replace(office.ctx, key=None),
        supplier_id=supplier,
        prefix="SB-",
        from_date=ISSUED,
        acceptance="silent after 7 days",
    )
    return supplier


def _form_of(page: str) -> dict[str, str]:
    """What a browser would send of the editor's form as it stands."""
    from forms_sent import sent

    return sent(page, "editing")
