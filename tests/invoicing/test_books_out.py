"""Books out: each entry in one export at most, files that read back to the ledger's sums, the same bytes again."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from cast import in_threads, keyed
from invoicing.company import DAY, Company, days, line, open_shop
from kvit.base import files, rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.formats.books.journal import csv_file
from kvit.formats.books.jpk import tables
from kvit.formats.books.sie import read as sie
from kvit.ledger import commands, jobs, queries
from kvit.ledger.commands import exports as exporting
from kvit.ledger.domain.exports import (
    BadExport,
    ExportFormat,
    ExportState,
    NothingToExport,
)
from kvit.parties import commands as parties
from kvit.parties.domain.identities import IdentityKind

ALL = tuple(ExportFormat)
ANSWER: dict[str, Any] = {"answered_by": "Ewa", "answer": "booked as A17"}


@pytest.fixture
def story(shop: Company) -> Company:
    """Three invoices, one credited, one paid in part; a bank fee would be more, but this has every side."""
    first = shop.invoice(line("100"))
    shop.invoice(line("200", vat="12"), on=days(1))
    third = shop.invoice(line("50"), on=days(1))
    shop.issue(shop.credit(third), on=days(2))
    shop.pay(first, 4_000)
    return shop


def export(shop: Company, *formats: ExportFormat, first: date = DAY, last: date = DAY) -> commands.Opened:
    """Export the period and make its files."""
    opened = commands.open_export(
        shop.ctx, from_date=first, to_date=max(last, days(2)), formats=formats or (ExportFormat.CSV,)
    )
    jobs.make(shop.ctx, opened.export_id, 1)
    return opened


def look(shop: Company, export_id: int) -> queries.ExportRow:
    with tenant.scope(shop.ctx.tenant_id):
        found = queries.export(export_id)
    assert found is not None
    return found


def made(shop: Company, export_id: int) -> dict[tuple[ExportFormat, str], bytes]:
    """The files of an export, by format and currency."""
    with tenant.scope(shop.ctx.tenant_id):
        return {
            (row.format, row.currency): b"".join(files.read_parts(row.sha256))
            for row in queries.export_files(export_id)
        }


def ledger_sums(shop: Company) -> dict[tuple[str, str], int]:
    """What the books say of each account, by its number in the chart and currency."""
    with tenant.scope(shop.ctx.tenant_id):
        chart = {each.code: each.mapped for each in queries.mapped_accounts()}
        found: dict[tuple[str, str], int] = {}
        for code, currency, total in rows.select(
            "SELECT a.code, l.currency, sum(l.amount_minor)::bigint FROM ledger_line l "
            "JOIN ledger_account a ON a.id = l.account_id GROUP BY 1, 2"
        ):
            account = chart[code]
            assert account is not None
            key = (account.number, currency)
            found[key] = found.get(key, 0) + total
        return found


class TestAnExport:
    def test_takes_every_entry_once_and_numbers_them_without_gaps(self, story: Company) -> None:
        opened = export(story)
        again = story.invoice(line("7"), on=days(2))
        second = export(story)
        numbers = story.rows("SELECT export_id, number FROM ledger_exportedentry ORDER BY year, number")
        assert [row[1] for row in numbers] == list(range(1, opened.entry_count + 2))
        assert second.entry_count == 1
        assert numbers[-1][0] == second.export_id
        assert story.look(again).number == "F2026-000004"
        assert (opened.sequence, second.sequence) == (1, 2)

    def test_of_what_was_exported_is_refused(self, story: Company) -> None:
        export(story)
        with pytest.raises(NothingToExport):
            export(story)
        assert len(story.rows("SELECT id FROM ledger_export")) == 1

    def test_numbers_each_year_from_one(self, shop: Company) -> None:
        shop.books.post(100, on=date(2025, 12, 30))
        shop.books.post(100, on=date(2026, 1, 2))
        shop.books.post(100, on=date(2025, 12, 29))
        commands.open_export(
            shop.ctx, from_date=date(2025, 12, 1), to_date=date(2026, 1, 31), formats=(ExportFormat.CSV,)
        )
        found = shop.rows(
            "SELECT e.entry_date, x.year, x.number FROM ledger_exportedentry x "
            "JOIN ledger_entry e ON e.id = x.entry_id ORDER BY e.entry_date"
        )
        assert found == [
            (date(2025, 12, 29), 2025, 1),
            (date(2025, 12, 30), 2025, 2),
            (date(2026, 1, 2), 2026, 1),
        ]

    def test_was_seen_before_in_the_preview(self, story: Company) -> None:
        with tenant.scope(story.ctx.tenant_id):
            before = queries.preview_export(from_date=DAY, to_date=days(2))
        opened = export(story)
        with tenant.scope(story.ctx.tenant_id):
            after = queries.preview_export(from_date=DAY, to_date=days(2))
            sums = queries.export_sums(opened.export_id)
        row = look(story, opened.export_id)
        assert (before.entry_count, before.line_count) == (row.entry_count, row.line_count)
        assert before.sums == sums
        assert (after.entry_count, after.exported_count, after.sums) == (0, before.entry_count, ())
        debits = sum(each.debit_minor for each in sums)
        assert debits == sum(each.credit_minor for each in sums) > 0

    @pytest.mark.parametrize(
        "given",
        [
            {"from_date": days(1), "to_date": DAY},
            {"formats": ()},
            {"from_date": date(2025, 12, 31), "formats": (ExportFormat.SIE,)},
        ],
    )
    def test_of_a_strange_period_or_form_is_refused(self, story: Company, given: dict[str, Any]) -> None:
        known: dict[str, Any] = {"from_date": DAY, "to_date": days(2), "formats": (ExportFormat.CSV,)}
        with pytest.raises(BadExport):
            commands.open_export(story.ctx, **(known | given))

    def test_twice_under_one_key_is_one(self, story: Company) -> None:
        known: dict[str, Any] = {"from_date": DAY, "formats": (ExportFormat.CSV,)}
        once, again = (commands.open_export(keyed(story.ctx, "k"), to_date=days(2), **known) for _ in range(2))
        assert once == again
        with pytest.raises(KeyReused):
            commands.open_export(keyed(story.ctx, "k"), to_date=days(1), **known)

    def test_of_another_tenant_holds_nothing_of_this_one(self, story: Company, cilla: Ctx) -> None:
        with pytest.raises(NothingToExport):
            commands.open_export(cilla, from_date=DAY, to_date=days(2), formats=(ExportFormat.CSV,))

    def test_is_kept_as_it_was_taken(self, story: Company) -> None:
        export(story)
        for statement in (
            "UPDATE ledger_exportedentry SET export_id = export_id",
            "DELETE FROM ledger_exportedentry",
            "UPDATE ledger_export SET entry_count = 1",
            "DELETE FROM ledger_export",
            "UPDATE ledger_exportfile SET sha256 = sha256",
        ):
            with pytest.raises(Exception, match="permission denied"), tenant.scope(story.ctx.tenant_id, durable=False):
                rows.run(statement)  # type: ignore[arg-type]


class TestAnEntry:
    def test_is_in_one_export_only_by_the_key_itself(self, story: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the look at what was exported is taken away; the database still lets none in twice."""
        export(story)
        blind = exporting._CLAIM.replace("AND NOT EXISTS", "AND true OR EXISTS")
        assert blind != exporting._CLAIM
        monkeypatch.setattr(exporting, "_CLAIM", blind)
        with pytest.raises(Exception, match="ledger_exportedentry"):
            commands.open_export(story.ctx, from_date=DAY, to_date=days(2), formats=(ExportFormat.CSV,))

    def test_says_in_which_export_it_is_and_whether_that_was_acknowledged(self, story: Company) -> None:
        (entry_id,) = (row[0] for row in story.rows("SELECT min(id) FROM ledger_entry"))
        with tenant.scope(story.ctx.tenant_id):
            assert queries.exported_entries([entry_id]) == {}
        opened = export(story)
        commands.acknowledge_export(story.ctx, export_id=opened.export_id, **ANSWER)
        with tenant.scope(story.ctx.tenant_id):
            found = queries.exported_entries([entry_id])[entry_id]
        assert (found.sequence, found.number, found.state) == (1, "2026-1", ExportState.ACKNOWLEDGED)


@pytest.mark.race
class TestTwoClerksWhoExportAtOnce:
    def test_get_each_entry_once(self, anna_live: Ctx) -> None:
        shop = open_shop(anna_live)
        shop.issue(*[shop.draft(line("10")) for _ in range(40)])

        def one(number: int) -> int:
            ctx = replace(shop.ctx, actor=f"user:{number}")
            return commands.open_export(ctx, from_date=DAY, to_date=DAY, formats=(ExportFormat.CSV,)).entry_count

        answers = in_threads(6, one)
        assert [each for each in answers if not isinstance(each, Exception)] == [40]
        assert all(isinstance(each, NothingToExport) for each in answers if isinstance(each, Exception))
        numbers = shop.rows("SELECT number FROM ledger_exportedentry ORDER BY number")
        assert [row[0] for row in numbers] == list(range(1, 41))


class TestTheFiles:
    def test_have_the_sums_of_the_books_in_csv(self, story: Company) -> None:
        content = made(story, export(story).export_id)[ExportFormat.CSV, ""]
        read = csv_file.read(content)
        assert read.problems == ()
        sums: dict[tuple[str, str], int] = {}
        for row in read.records:
            sums[row.account, row.amount.currency] = sums.get((row.account, row.amount.currency), 0) + row.amount.minor
        assert sums == ledger_sums(story)
        assert {row.document for row in read.records} >= {"F2026-000001", "K2026-000001"}
        assert {row.party for row in read.records if row.account == "1510"} == {"Bo"}

    def test_have_the_sums_of_the_books_in_xlsx(self, story: Company) -> None:
        content = made(story, export(story, ExportFormat.XLSX).export_id)[ExportFormat.XLSX, ""]
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        sums: dict[tuple[str, str], int] = {}
        for row in list(sheet.iter_rows(values_only=True))[1:]:
            key = (str(row[2]), str(row[6]))
            sums[key] = sums.get(key, 0) + round((row[4] or 0) * 100) - round((row[5] or 0) * 100)  # type: ignore[operator,arg-type]
        assert sums == ledger_sums(story)

    def test_are_sie_that_our_reader_takes_without_a_problem(self, story: Company) -> None:
        parties.add_identity(story.ctx, party_id=story.own, kind=IdentityKind.ORGNR, value="556016-0680")
        story.invoice(line("80"), currency="EUR", on=days(2))
        found = made(story, export(story, ExportFormat.SIE).export_id)
        assert set(found) == {(ExportFormat.SIE, "SEK"), (ExportFormat.SIE, "EUR")}
        sums: dict[tuple[str, str], int] = {}
        count = 0
        for (_, currency), content in found.items():
            assert content.startswith(b"#FLAGGA 0\r\n#PROGRAM")
            (file,), problems = sie.read(content).records, sie.read(content).problems
            assert problems == ()
            assert (file.sie_type, file.currency, file.company_name) == ("4", currency, "Nordvik AB")
            assert file.company_number.replace("-", "") == "5560160680"
            assert {one.account for v in file.vouchers for one in v.transactions} <= {a.number for a in file.accounts}
            assert all(voucher.sum_minor == 0 for voucher in file.vouchers)
            for voucher in file.vouchers:
                count += 1
                for one in voucher.transactions:
                    sums[one.account, currency] = sums.get((one.account, currency), 0) + one.amount_minor
        assert sums == ledger_sums(story)
        assert count == look(story, 1 and story.rows("SELECT id FROM ledger_export")[0][0]).entry_count

    def test_are_a_jpk_ready_journal_that_balances(self, story: Company) -> None:
        content = made(story, export(story, ExportFormat.JPK_KR).export_id)[ExportFormat.JPK_KR, ""]
        head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        assert tuple(head) == tables.JOURNAL_HEAD
        debit, credit = (
            sum(Decimal(row[place].replace(",", ".")) for row in lines if row[place]) for place in (10, 12)
        )
        assert debit == credit > 0
        assert [row[0] for row in lines] == [str(n) for n in range(1, len(lines) + 1)]

    def test_give_the_same_bytes_again(self, story: Company) -> None:
        opened = export(story, *ALL)
        before = made(story, opened.export_id)
        commands.map_accounts(story.ctx, numbers=(commands.AccountNumber("sales", "3099", "Other"),))
        jobs.make(story.ctx, opened.export_id, 1)
        assert made(story, opened.export_id) == before
        with tenant.scope(story.ctx.tenant_id):
            for row in queries.export_files(opened.export_id):
                content = before[row.format, row.currency]
                assert (hashlib.sha256(content).hexdigest(), len(content)) == (row.sha256, row.size)

    def test_of_equal_entries_are_equal(self, story: Company) -> None:
        opened = export(story, *ALL)
        with tenant.scope(story.ctx.tenant_id):
            row = queries.export(opened.export_id)
            accounts = {a.account_id: a.mapped for a in queries.mapped_accounts() if a.mapped}
        assert row is not None
        with tenant.scope(story.ctx.tenant_id):
            twice = []
            for _ in range(2):
                for plan in jobs._plans(story.ctx, row, accounts):
                    out = io.BytesIO()
                    plan.write(out)
                    twice.append(out.getvalue())
        half = len(twice) // 2
        assert twice[:half] == twice[half:]

    def test_are_read_in_chunks(self, story: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = made(story, export(story, ExportFormat.CSV).export_id)
        opened = story.rows("SELECT id FROM ledger_export")[0][0]
        monkeypatch.setattr("kvit.ledger.queries.handed_out.CHUNK", 2)
        with tenant.scope(story.ctx.tenant_id):
            accounts = {a.account_id: a.mapped for a in queries.mapped_accounts() if a.mapped}
            chunks = list(queries.export_lines(opened, tenant_id=story.ctx.tenant_id, accounts=accounts))
        assert len(chunks) == 3
        lines = [each for chunk in chunks for each in chunk]
        assert len(lines) == len(csv_file.read(whole[ExportFormat.CSV, ""]).records)
