"""`kvit einvoice write` and `take-in`, `kvit books`: documents to another company, entries to the accountant."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kvit.formats import einvoice
from kvit.formats.books.journal import csv_file

pytestmark = pytest.mark.database

SETTING = """
from datetime import date
from decimal import Decimal
from kvit.cli import boot
SIDES = {"warta": ("Warta S.A.", "5260250274", "Prosta 1"), "odra": ("Odra S.A.", "5250008353", "Cicha 2")}
with boot.installation():
    from kvit.cli.actions import companies
    from kvit.invoicing import commands as invoicing
    from kvit.invoicing.domain import Draft, DraftLine
    from kvit.parties import commands as parties, queries
    from kvit.parties.domain.identities import IdentityKind
    from kvit.parties.domain.register import PartyKind, PostalAddress
    from kvit.base import tenant
    for own, other in (("warta", "odra"), ("odra", "warta")):
        ctx = companies.open_company(own, name=SIDES[own][0], country="PL", currency="PLN")
        with tenant.scope(ctx.tenant_id):
            (us,) = queries.own_parties()
        them = parties.register_party(ctx, kind=PartyKind.COMPANY, name=SIDES[other][0], country="PL").party_id
        for code, party_id in ((own, us), (other, them)):
            parties.add_identity(ctx, party_id=party_id, kind=IdentityKind.NIP, value=SIDES[code][1])
            address = PostalAddress(SIDES[code][2], "00-001", "Warszawa", "PL")
            parties.set_address(ctx, party_id=party_id, address=address)
        if own == "warta":
            (buyer,) = invoicing.register_customers(
                ctx, customers=(invoicing.NewCustomer(them, "1", "PLN"),)
            ).customer_ids
            day = date(2026, 3, 2)
            lines = (DraftLine("Projekt", Decimal(2), Decimal("500"), Decimal(23)),)
            drafts = invoicing.draft_invoices(ctx, drafts=(Draft(buyer, lines), Draft(buyer, lines)), day=day)
            invoicing.issue_invoices(ctx, invoice_ids=drafts.invoice_ids, issue_date=day)
"""


@pytest.fixture(scope="module")
def warta(installation: Any) -> Any:
    """A seller with two invoices of 1 230.00 PLN to Odra, which keeps its books here too."""
    installation.python(SETTING)
    return replace(installation, company="warta")


@pytest.fixture(scope="module")
def odra(warta: Any) -> Any:
    return replace(warta, company="odra")


class TestAnInvoiceOnItsWay:
    def test_is_written_and_taken_in_by_the_other_company_once(self, warta: Any, odra: Any, tmp_path: Path) -> None:
        file = tmp_path / "invoice.xml"
        said = warta.ok("einvoice", "write", "F2026-000001", "--format", "peppol", "-o", str(file)).out
        assert "F2026-000001 as peppol" in said
        written = einvoice.read(file.read_bytes()).reading.invoice
        assert written is not None
        assert (written.number, written.totals.due_minor) == ("F2026-000001", 123_000)

        said = odra.ok("einvoice", "take-in", str(file)).out
        assert "F2026-000001: 1230.00 PLN owed, due 2026-04-01" in said
        again = odra.kvit("einvoice", "take-in", str(file))
        assert (again.code, "[invoicing.taken_in_before]" in again.err) == (1, True)
        assert "Traceback" not in again.err
        assert odra.ok("verify", "--json").json == {"sound": True, "differences": []}

    def test_goes_to_standard_output_as_nothing_but_the_file(self, warta: Any) -> None:
        answer = warta.ok("einvoice", "write", "F2026-000002", "--format", "ksef")
        written = einvoice.read(answer.out.encode()).reading.invoice
        assert written is not None
        assert (written.number, written.totals.gross_minor) == ("F2026-000002", 123_000)

    def test_is_not_written_where_a_rule_of_the_format_is_broken(self, warta: Any, tmp_path: Path) -> None:
        file = tmp_path / "invoice.xml"
        answer = warta.kvit("einvoice", "write", "F2026-000001", "--format", "cius-ro", "-o", str(file))
        assert answer.code == 1
        assert "BR-RO-" in answer.err
        assert "may not be sent as cius-ro; nothing was written" in answer.err
        assert not file.exists()

    def test_that_does_not_exist_is_refused(self, warta: Any) -> None:
        answer = warta.kvit("einvoice", "write", "F1")
        assert (answer.code, "[cli.no_such_number]" in answer.err) == (1, True)

    def test_that_is_none_is_not_taken_in(self, odra: Any, tmp_path: Path) -> None:
        file = tmp_path / "letter.xml"
        file.write_text("<letter/>")
        answer = odra.kvit("einvoice", "take-in", str(file))
        assert (answer.code, "[invoicing.unreadable_invoice]" in answer.err) == (1, True)


class TestInterest:
    def test_is_told_with_its_source_and_drafted_once(self, warta: Any) -> None:
        """1 230.00 due on 1 April 2026, until 30 June: 90 days of 14 % (NBP 4 % on 1 January and 10 points)."""
        until = ("F2026-000002", "--through", "2026-06-30")
        seen = warta.ok("invoice", "interest", *until, "--dry-run").out
        for shown in ("NBP 4 % on 2026-01-01 + 10", "42.46", "rates verified through 2026-06-30", "art. 7"):
            assert shown in " ".join(seen.split())
        refused = warta.kvit("invoice", "interest", *until)
        assert (refused.code, "[invoicing.no_rate_for_compensation]" in refused.err) == (1, True)
        assert "draft" in warta.ok("invoice", "interest", *until, "--no-flat-sum").out
        again = warta.kvit("invoice", "interest", *until)
        assert (again.code, "[invoicing.not_late]" in again.err) == (1, True)


class TestTheBooks:
    """What is exported once stays so."""

    PERIOD = ("--from", "2026-03-01", "--to", "2026-03-31")

    def test_go_out_once_whole_and_the_same_again_and_are_acknowledged(self, warta: Any, tmp_path: Path) -> None:
        seen = warta.ok("books", "preview", *self.PERIOD, "--json").json
        assert (seen["entry_count"], seen["line_count"], seen["exported_count"]) == (2, 6, 0)

        first = tmp_path / "first"
        done = warta.ok("books", "export", *self.PERIOD, "--out", str(first), "--json", *_formats("csv", "xlsx")).json
        assert (done["export"], done["entries"], done["troubles"]) == (1, 2, [])
        kept = {path.suffix: path.read_bytes() for path in map(Path, done["files"])}
        rows = csv_file.read(kept[".csv"]).records
        assert sum(row.amount.minor for row in rows if row.amount.minor > 0) == 2 * 123_000
        sheet = openpyxl.load_workbook(io.BytesIO(kept[".xlsx"])).active
        assert sheet is not None
        assert sheet.max_row == len(rows) + 1

        twice = warta.kvit("books", "export", *self.PERIOD)
        assert (twice.code, "[ledger.nothing_to_export]" in twice.err) == (1, True)

        second = tmp_path / "second"
        warta.ok("books", "files", "1", "--out", str(second))
        assert {path.suffix: path.read_bytes() for path in second.iterdir()} == kept

        assert [row["state"] for row in warta.ok("books", "list", "--json").json] == ["made"]
        warta.ok("books", "acknowledge", "1", "--by", "Ewa", "--note", "A17")
        (row,) = warta.ok("books", "list", "--json").json
        assert (row["state"], row["answered_by"], row["answer"]) == ("acknowledged", "Ewa", "A17")

    def test_that_cannot_be_put_where_they_shall_be_are_kept_and_written_elsewhere(
        self, odra: Any, tmp_path: Path
    ) -> None:
        """Odra's company has the usual formats of Poland; its purchase of the other test may be there or not."""
        odra.python(_ONE_ENTRY)
        (tmp_path / "file").touch()
        refused = odra.kvit("books", "export", *self.PERIOD, "--out", str(tmp_path / "file" / "below"))
        assert (refused.code, "[cli.not_writable]" in refused.err) == (1, True)
        written = odra.ok("books", "files", "1", "--out", str(tmp_path)).out
        kinds = {each for each in ("jpk_kr", "jpk_v7", "xlsx") if f"-{each}." in written}
        assert kinds == {"jpk_kr", "jpk_v7", "xlsx"}
        (journal,) = tmp_path.glob("*jpk_kr*")
        lines = list(csv.DictReader(io.StringIO(journal.read_text("utf-8-sig"), newline=""), delimiter=";"))
        assert "7,00" in [line["KwotaMa"] for line in lines]


def _formats(*names: str) -> list[str]:
    return [word for name in names for word in ("-f", name)]


_ONE_ENTRY = """
from datetime import date
from kvit.cli import boot
with boot.company("odra") as edge:
    from kvit.ledger import commands
    from kvit.ledger.domain.posting import Posting, PostingLine
    lines = (PostingLine("purchases", 700, "PLN"), PostingLine("sales", -700, "PLN"))
    commands.post(edge.ctx(), postings=(Posting(date(2026, 3, 3), "other", "test", 1, lines),))
"""
