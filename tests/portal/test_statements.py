"""A customer keeps a statement of its own account and downloads it; nobody else's."""

import io

import openpyxl
import pytest
from django.test import Client

from kvit.base import tenant
from kvit.invoicing import commands, queries
from kvit.invoicing.domain.statements import StatementForm
from kvit.parties import commands as parties
from portal.buyer import Buyer
from portal.test_account import shown
from receivables import ISSUED, new_customer
from surfaces import client_of

PERIOD = {"since": "2026-01-01", "until": "2026-03-01"}


@pytest.fixture
def signed_in(bo: Buyer, assets: None) -> Client:
    opened = parties.open_login(bo.ctx, party_id=bo.desk.bo.party_id, email="bo@kund.example", full_name="Bo Ek")
    return client_of(opened.user_id)


class TestACustomersStatement:
    def test_is_kept_and_downloaded(self, bo: Buyer, signed_in: Client) -> None:
        response = signed_in.post("/portal/statement/keep/", PERIOD | {"form": "running"})
        assert response.status_code == 302
        page = shown(signed_in, response["Location"])
        assert "900.00 SEK" in page
        assert bo.invoice.number in page
        csv = signed_in.get(f"{response['Location']}csv/")
        assert csv["Content-Disposition"].startswith("attachment")
        assert f"{bo.invoice.number},2026-03-03,900.00,,900.00,SEK" in csv.content.decode()
        assert signed_in.get(f"{response['Location']}csv/").content == csv.content
        assert "Statements kept" in shown(signed_in, "/portal/statement/")

    def test_of_open_items_has_what_is_open(self, bo: Buyer, signed_in: Client) -> None:
        response = signed_in.post("/portal/statement/keep/", PERIOD | {"form": "open_items"})
        book = openpyxl.load_workbook(io.BytesIO(signed_in.get(f"{response['Location']}xlsx/").content)).active
        assert book is not None
        assert book.cell(2, 1).value == bo.invoice.number

    def test_has_no_other_kind_and_no_pdf_before_it_is_drawn(self, bo: Buyer, signed_in: Client) -> None:
        at = signed_in.post("/portal/statement/keep/", PERIOD)["Location"]
        assert [signed_in.get(f"{at}{kind}/").status_code for kind in ("pdf", "exe", "csv")] == [404, 404, 200]

    def test_of_another_customer_is_not_there(self, bo: Buyer, signed_in: Client) -> None:
        eva = new_customer(bo.ctx, "Eva")
        (theirs,) = commands.make_statements(
            bo.ctx, customer_ids=(eva.id,), form=StatementForm.RUNNING, from_date=ISSUED, to_date=ISSUED
        ).statement_ids
        for path in ("", "csv/"):
            assert signed_in.get(f"/portal/statements/{theirs}/{path}").status_code == 404

    def test_of_a_strange_period_is_not_made(self, bo: Buyer, signed_in: Client) -> None:
        for period in ({"since": "2026-03-02", "until": "2026-03-01"}, {"since": "x"}, {"until": "2031-01-01"}):
            assert signed_in.post("/portal/statement/keep/", PERIOD | period)["Location"] == "/portal/statement/"
        with tenant.scope(bo.ctx.tenant_id):
            assert queries.statements_of(bo.desk.bo.id, limit=9) == ()
