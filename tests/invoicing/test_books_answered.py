"""Books out: the company's own chart, the accountant's answer, files that cannot be made."""

import pytest

from invoicing.company import DAY, Company, days, line
from invoicing.test_books_out import ANSWER, export, look, made, story
from kvit.base import files, tenant
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.formats.books.journal import csv_file
from kvit.ledger import commands, jobs, queries
from kvit.ledger.domain.exports import (
    BadExport,
    BadMapping,
    ExportFormat,
    ExportState,
    NoSuchExport,
    NotMapped,
)
from kvit.ledger.domain.national import usual
from kvit.ledger.domain.posting import Posting, PostingLine

__all__ = ["story"]


class TestTheCompanysChart:
    def test_is_what_is_usual_in_the_country_until_something_is_said(self, story: Company) -> None:
        with tenant.scope(story.ctx.tenant_id):
            before = {each.code: each for each in queries.mapped_accounts()}
        assert (before["receivable"].mapped, before["receivable"].is_usual) == (usual("SE", "receivable"), True)
        commands.map_accounts(story.ctx, numbers=(commands.AccountNumber("receivable", "1511", "Kunder"),))
        commands.map_accounts(story.ctx, numbers=(commands.AccountNumber("receivable", "1512", "Kunder II"),))
        content = made(story, export(story).export_id)[ExportFormat.CSV, ""]
        found = {(row.account, row.account_name) for row in csv_file.read(content).records}
        assert ("1512", "Kunder II") in found
        assert not [each for each in found if each[0] in ("1510", "1511")]

    @pytest.mark.parametrize(
        "given", [("nothing", "1", "x"), ("sales", "30 01", "x"), ("sales", "", "x"), ("sales", "3001", " ")]
    )
    def test_refuses_what_is_no_account(self, shop: Company, given: tuple[str, str, str]) -> None:
        with pytest.raises(BadMapping):
            commands.map_accounts(shop.ctx, numbers=(commands.AccountNumber(*given),))

    def test_without_a_number_for_what_is_used_lets_nothing_out(self, shop: Company) -> None:
        commands.open_account(shop.ctx, code="odd", name="Odd")
        lines = (PostingLine("odd", 5, "SEK"), PostingLine("sales", -5, "SEK"))
        commands.post(shop.ctx, postings=(Posting(DAY, "other", "test", 1, lines),))
        with pytest.raises(NotMapped, match="odd"):
            export(shop)
        assert shop.rows("SELECT id FROM ledger_export") == []

    def test_has_a_number_for_every_account_of_the_system_in_each_country(self) -> None:
        from kvit.ledger.domain import CHART

        for country in ("SE", "PL", "RO"):
            assert all(usual(country, code) for code, _, _ in CHART)
            assert usual(country, "bank:7")
        assert usual("DE", "sales") is None


class TestTheAccountantsAnswer:
    def test_is_kept(self, story: Company) -> None:
        opened = export(story)
        commands.deliver_export(story.ctx, export_id=opened.export_id)
        commands.acknowledge_export(story.ctx, export_id=opened.export_id, **ANSWER)
        row = look(story, opened.export_id)
        assert (row.state, row.answered_by, row.answer) == (ExportState.ACKNOWLEDGED, "Ewa", "booked as A17")
        with pytest.raises(NotMovable):
            commands.refuse_export(story.ctx, export_id=opened.export_id, **ANSWER)

    def test_that_refuses_has_the_files_made_anew_of_the_same_entries(self, story: Company) -> None:
        opened = export(story)
        commands.refuse_export(story.ctx, export_id=opened.export_id, answered_by="Ewa", answer="sales is 3041")
        story.invoice(line("5"), on=days(2))
        commands.map_accounts(story.ctx, numbers=(commands.AccountNumber("sales", "3041", "Tjänster"),))
        commands.remake_export(story.ctx, export_id=opened.export_id, formats=(ExportFormat.CSV,))
        jobs.make(story.ctx, opened.export_id, 2)
        with tenant.scope(story.ctx.tenant_id):
            second, first = queries.export_files(opened.export_id)
            contents = [b"".join(files.read_parts(row.sha256)) for row in (first, second)]
        assert (second.version, first.version) == (2, 1)
        assert second.name.endswith("-csv-v2.csv")
        assert (b"3041" in contents[0], b"3041" in contents[1]) == (False, True)
        assert look(story, opened.export_id).entry_count == opened.entry_count
        assert look(story, opened.export_id).state is ExportState.MADE

    def test_needs_somebody_and_for_a_refusal_a_reason(self, story: Company) -> None:
        opened = export(story)
        with pytest.raises(BadExport):
            commands.acknowledge_export(story.ctx, export_id=opened.export_id, answered_by=" ")
        with pytest.raises(BadExport):
            commands.refuse_export(story.ctx, export_id=opened.export_id, answered_by="Ewa", answer=" ")
        assert look(story, opened.export_id).state is ExportState.MADE

    def test_to_what_is_not_there_is_refused(self, story: Company, cilla: Ctx) -> None:
        opened = export(story)
        with pytest.raises(NoSuchExport):
            commands.acknowledge_export(cilla, export_id=opened.export_id, **ANSWER)


class TestAFormatThatCannotBeMade:
    def test_says_why_and_the_others_are_made(self, shop: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        shop.invoice(line("100"))
        monkeypatch.setattr("kvit.formats.books.workbook.MOST_ROWS", 1)
        opened = export(shop, ExportFormat.XLSX, ExportFormat.CSV)
        with tenant.scope(shop.ctx.tenant_id):
            (trouble,) = queries.export_troubles(opened.export_id, 1)
        assert (trouble.format, trouble.reason_code) == (ExportFormat.XLSX, "formats.unwritable")
        assert set(made(shop, opened.export_id)) == {(ExportFormat.CSV, "")}
        assert look(shop, opened.export_id).state is ExportState.MADE
