"""A draft of a credit note or of a correction is opened in the form it was made by, and replaced when it is saved."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from desk import Desk
from drafted import LINE, new, plain, saved
from forms_sent import sent
from kvit.base import tenant
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import Kind
from kvit.invoicing.queries import Document

TWO = LINE | {
    "lines-TOTAL_FORMS": "2",
    "lines-1-description": "Router",
    "lines-1-quantity": "1",
    "lines-1-unit_price": "500",
    "lines-1-vat_rate": "25",
}


@pytest.fixture
def issued(office: Desk, browser: Client) -> int:
    """Three months of fibre at 1 199.50, and a router at 500."""
    return saved(browser.post(new(office), TWO | {"issue": "1"})["Location"])


def document(office: Desk, invoice_id: int) -> Document:
    with tenant.scope(office.ctx.tenant_id):
        found = queries.document(invoice_id)
    assert found is not None
    return found


def drafts(office: Desk) -> list[int]:
    with tenant.scope(office.ctx.tenant_id):
        return queries.draft_ids()


class TestADraftOfACreditNote:
    @pytest.fixture
    def draft(self, browser: Client, issued: int) -> int:
        form = {"reason": "One month too many", "quantity-1": "1", "quantity-2": "0"}
        return saved(browser.post(f"/desk/invoices/{issued}/credit/", form)["Location"])

    def test_is_opened_with_what_it_says(self, browser: Client, draft: int) -> None:
        assert f"/desk/invoices/{draft}/edit/" in browser.get(f"/desk/invoices/{draft}/").content.decode()
        form = sent(browser.get(f"/desk/invoices/{draft}/edit/").content.decode(), "crediting")
        assert {name: form[name] for name in ("reason", "quantity-1", "quantity-2")} == {
            "reason": "One month too many",
            "quantity-1": "1",
            "quantity-2": "0",
        }

    def test_is_replaced_by_what_is_saved(self, office: Desk, browser: Client, issued: int, draft: int) -> None:
        edit = f"/desk/invoices/{draft}/edit/"
        form = sent(browser.get(edit).content.decode(), "crediting") | {"quantity-1": "2", "reason": "Two"}
        answer = browser.post(edit, form)
        changed = saved(answer["Location"])
        found = document(office, changed)
        assert (found.row.kind, found.credits_id, found.credit_reason) == (Kind.CREDIT_NOTE, issued, "Two")
        assert found.net_minor == 239900
        assert drafts(office) == [changed]
        again = browser.post(edit, form, follow=True).content
        assert drafts(office) == [changed], "the same form sent twice is one change"
        for page in (again, browser.get(edit, follow=True).content):
            assert b"This draft was changed or discarded in the meantime." in page
            assert b"is final" not in page

    def test_of_the_whole_stays_whole(self, office: Desk, browser: Client, issued: int) -> None:
        draft = commands.draft_credit_note(office.ctx, invoice_id=issued, reason="All").invoice_id
        edit = f"/desk/invoices/{draft}/edit/"
        form = sent(browser.get(edit).content.decode(), "crediting") | {"reason": "All of it"}
        changed = document(office, saved(browser.post(edit, form)["Location"]))
        assert changed.row.gross_minor == document(office, issued).row.gross_minor

    def test_stays_as_it_was_where_the_change_is_refused(self, office: Desk, browser: Client, draft: int) -> None:
        edit = f"/desk/invoices/{draft}/edit/"
        form = sent(browser.get(edit).content.decode(), "crediting") | {"quantity-1": "40"}
        answer = browser.post(edit, form)
        assert answer.status_code == 422
        assert b"Only what is left of an issued invoice can be credited" in answer.content
        assert drafts(office) == [draft]

    def test_that_says_more_than_the_form_shows_is_not_opened(self, office: Desk, browser: Client, issued: int) -> None:
        from decimal import Decimal

        from kvit.invoicing.domain import DraftLine

        odd = (DraftLine("Goodwill", Decimal(1), Decimal(10), Decimal(25)),)
        draft = commands.draft_credit_note(office.ctx, invoice_id=issued, reason="x", lines=odd).invoice_id
        page = browser.get(f"/desk/invoices/{draft}/edit/", follow=True).content
        assert b"This draft says what the form cannot show." in page

    def test_is_ones_own_and_not_issued(self, office: Desk, browser: Client, stranger: Client, draft: int) -> None:
        edit = f"/desk/invoices/{draft}/edit/"
        assert stranger.get(edit).status_code == 404
        commands.issue_invoices(office.ctx, invoice_ids=(draft,), issue_date=datetime.now(tz=UTC).date())
        assert b"An issued invoice is final" in browser.get(edit, follow=True).content


class TestADraftOfACorrection:
    @pytest.fixture
    def draft(self, browser: Client, issued: int) -> int:
        where = f"/desk/invoices/{issued}/correct/"
        form = sent(browser.get(where).content.decode(), "editing")
        form |= {"lines-0-quantity": "2", "reason": "One came back", "effect": "1"}
        return saved(browser.post(where, form)["Location"])

    def test_is_opened_with_all_lines_as_they_become(self, browser: Client, draft: int) -> None:
        page = browser.get(f"/desk/invoices/{draft}/edit/").content.decode()
        form = sent(page, "editing")
        assert (form["lines-0-quantity"], form["lines-1-description"], form["reason"], form["effect"]) == (
            *("2", "Router", "One came back", "1"),
        )
        assert form["draft"] == str(draft)
        assert "−1,499.38" in plain(page)

    def test_is_replaced_by_what_is_saved(self, office: Desk, browser: Client, issued: int, draft: int) -> None:
        edit = f"/desk/invoices/{draft}/edit/"
        form = sent(browser.get(edit).content.decode(), "editing") | {"lines-0-quantity": "1"}
        part = plain(browser.post(f"/desk/invoices/{issued}/correct/change/", form).content.decode())
        assert "−2,998.75" in part
        changed = saved(browser.post(edit, form)["Location"])
        found = document(office, changed)
        assert (found.row.kind, found.credits_id, found.row.gross_minor) == (Kind.CORRECTION, issued, -299875)
        assert drafts(office) == [changed]

    def test_that_changes_nothing_any_more_is_refused_and_stays(
        self, office: Desk, browser: Client, draft: int
    ) -> None:
        edit = f"/desk/invoices/{draft}/edit/"
        form = sent(browser.get(edit).content.decode(), "editing") | {"lines-0-quantity": "3"}
        assert browser.post(edit, form).status_code == 422
        assert drafts(office) == [draft]

    def test_may_have_more_lines(self, browser: Client, draft: int) -> None:
        edit = f"/desk/invoices/{draft}/edit/"
        form = sent(browser.get(edit).content.decode(), "editing") | {"more": "1"}
        page = browser.post(edit, form).content.decode()
        assert "lines-7-description" in page
        assert 'name="draft"' in page

    def test_of_another_document_has_no_change_here(self, office: Desk, browser: Client, draft: int) -> None:
        other = saved(browser.post(new(office), LINE | {"issue": "1"})["Location"])
        form = sent(browser.get(f"/desk/invoices/{draft}/edit/").content.decode(), "editing")
        assert browser.post(f"/desk/invoices/{other}/correct/change/", form).status_code == 404
