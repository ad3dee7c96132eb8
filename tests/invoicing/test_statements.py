"""Statements of account: what they say, as known when they were made, and the same bytes again later."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from cast import keyed
from invoicing.company import DAY, Company, days, line
from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.invoicing import commands, jobs, queries
from kvit.invoicing.domain import statement_files, statements
from kvit.invoicing.domain.runs import NoSuchRun, RunKind
from kvit.invoicing.domain.statements import BadStatement, Happened, Statement, StatementForm
from kvit.invoicing.events import LetterRunOpened
from kvit.invoicing.queries.composing import Asked, compose
from kvit.ledger import commands as ledger
from kvit.ledger import queries as books
from kvit.ledger.domain import Pairing

RUNNING, OPEN = StatementForm.RUNNING, StatementForm.OPEN_ITEMS


def later(shop: Company, day: int) -> Company:
    """The same company so many days on."""
    ctx = replace(shop.ctx, now=shop.ctx.now + timedelta(days=day))
    return replace(shop, ctx=ctx, books=replace(shop.books, ctx=ctx))


def pay(shop: Company, invoice_id: int, amount_minor: int) -> None:
    """Bo pays on the day of the shop's clock."""
    day = shop.ctx.now.date()
    pairing = Pairing(shop.item(invoice_id), shop.books.item(-amount_minor, on=day), amount_minor, day)
    ledger.allocate(shop.ctx, pairings=(pairing,))


def made(shop: Company, *, form: StatementForm = RUNNING, first: int = 0, last: int = 0, **given: Any) -> Statement:
    """Bo's statement from day to day of the story."""
    (statement_id,) = commands.make_statements(
        shop.ctx, customer_ids=(shop.bo,), form=form, from_date=days(first), to_date=days(last), **given
    ).statement_ids
    return content(shop, statement_id)


def content(shop: Company, statement_id: int) -> Statement:
    with tenant.scope(shop.ctx.tenant_id):
        found = queries.statement_content(statement_id)
    assert found is not None
    return found


@pytest.fixture
def story(shop: Company) -> Company:
    """Day 0: two invoices. Day 3: a payment of a part. Day 5: a credit note."""
    first = shop.invoice(line("100"))
    second = shop.invoice(line("200"))
    on_day_3 = later(shop, 3)
    pay(on_day_3, first, 5_000)
    on_day_5 = later(shop, 5)
    on_day_5.issue(on_day_5.credit(second), on=days(5))
    return on_day_5


class TestARunningStatement:
    def test_leads_from_the_opening_to_the_closing_balance(self, story: Company) -> None:
        found = made(story, first=1, last=5)
        assert (found.opening_minor, found.closing_minor) == (37_500, 7_500)
        assert [(each.day, each.what, each.amount_minor, each.balance_minor) for each in found.lines] == [
            (days(3), Happened.PAYMENT, -5_000, 32_500),
            (days(5), Happened.CREDIT_NOTE, -25_000, 7_500),
        ]
        with tenant.scope(story.ctx.tenant_id):
            (balance,) = books.party_balances(story.books.bo)
        assert balance.balance_minor == found.closing_minor

    def test_says_what_a_payment_went_to(self, story: Company) -> None:
        payment = made(story, first=1, last=5).lines[0]
        assert [(each.number, each.amount_minor) for each in payment.settles] == [("F2026-000001", 5_000)]

    def test_names_documents_with_their_due_dates(self, story: Company) -> None:
        found = made(story, first=0, last=1)
        assert [(each.number, each.due_date) for each in found.lines] == [
            ("F2026-000001", days(30)),
            ("F2026-000002", days(30)),
        ]

    def test_of_a_customer_without_anything_says_so(self, shop: Company) -> None:
        found = made(shop)
        assert (found.currency, found.opening_minor, found.closing_minor, found.lines) == ("SEK", 0, 0, ())

    def test_is_one_per_currency(self, shop: Company) -> None:
        shop.invoice(line("100"))
        shop.invoice(line("100"), currency="EUR")
        ids = commands.make_statements(
            shop.ctx, customer_ids=(shop.bo,), form=RUNNING, from_date=DAY, to_date=DAY
        ).statement_ids
        assert [content(shop, i).currency for i in ids] == ["EUR", "SEK"]


class TestAnOpenItemStatement:
    def test_has_what_is_left_of_each_document_on_the_day(self, story: Company) -> None:
        found = made(story, form=OPEN, first=4, last=4)
        assert [(each.number, each.amount_minor, each.open_minor) for each in found.items] == [
            ("F2026-000001", 12_500, 7_500),
            ("F2026-000002", 25_000, 25_000),
        ]
        assert found.closing_minor == 32_500

    def test_adds_up_to_the_balance_whatever_was_allocated_ahead_of_time(self, shop: Company) -> None:
        invoice_id = shop.invoice(line("100"))
        pairing = Pairing(shop.item(invoice_id), shop.books.item(-4_000, on=days(5)), 4_000, days(2))
        ledger.allocate(shop.ctx, pairings=(pairing,))
        on_day_6 = later(shop, 6)
        assert made(on_day_6, form=OPEN, first=3, last=3).closing_minor == 12_500
        assert made(on_day_6, form=OPEN, first=5, last=5).closing_minor == 8_500

    def test_has_what_is_paid_and_not_used_below_zero(self, shop: Company) -> None:
        shop.books.item(-4_000)
        found = made(shop, form=OPEN)
        assert [(each.what, each.open_minor, each.due_date) for each in found.items] == [
            (Happened.PAYMENT, -4_000, None)
        ]

    def test_says_how_late_it_is_by_the_due_date_of_then(self, shop: Company) -> None:
        invoice_id = shop.invoice(line("100"))
        on_day_40 = later(shop, 40)
        commands.move_due_date(on_day_40.ctx, invoice_id=invoice_id, due_date=days(60), reason="asked")
        on_day_45 = later(shop, 45)
        moved = made(on_day_45, form=OPEN, first=40, last=40)
        assert moved.items[0].days_overdue == 0
        before = made(on_day_45, form=OPEN, first=40, last=40, known_at=on_day_40.ctx.now - timedelta(hours=1))
        assert (before.items[0].due_date, before.items[0].days_overdue) == (days(30), 10)
        assert dict(statements.ages(before.items))[statements.age_of(before.items[0])] == 12_500


class TestWhatIsKnown:
    def test_stays_the_same_to_the_byte_when_the_past_is_booked_later(self, story: Company) -> None:
        (statement_id,) = commands.make_statements(
            story.ctx, customer_ids=(story.bo,), form=RUNNING, from_date=DAY, to_date=days(5)
        ).statement_ids
        before = _files(content(story, statement_id))
        on_day_9 = later(story, 9)
        on_day_9.books.item(-1_000, on=days(4))
        assert _files(content(on_day_9, statement_id)) == before
        now = made(on_day_9, first=0, last=5)
        assert now.closing_minor == 6_500

    def test_is_found_again_by_asking_for_the_instant(self, story: Company) -> None:
        first = made(story, first=0, last=5)
        on_day_9 = later(story, 9)
        on_day_9.books.item(-1_000, on=days(4))
        assert made(on_day_9, first=0, last=5, known_at=story.ctx.now) == first

    def test_would_change_if_the_instant_did_not_count(self, story: Company) -> None:
        """The planted fault: asked without the instant, the same period says something else."""
        first = made(story, first=0, last=5)
        on_day_9 = later(story, 9)
        on_day_9.books.item(-1_000, on=days(4))
        assert made(on_day_9, first=0, last=5).closing_minor != first.closing_minor

    def test_is_hashed(self, story: Company) -> None:
        (statement_id,) = commands.make_statements(
            story.ctx, customer_ids=(story.bo,), form=RUNNING, from_date=DAY, to_date=days(5)
        ).statement_ids
        with tenant.scope(story.ctx.tenant_id):
            row = queries.statement(statement_id)
        assert row is not None
        assert row.sha256 == hashlib.sha256(content(story, statement_id).canonical()).hexdigest()
        assert story.problems() == []


def _files(found: Statement) -> tuple[bytes, bytes, bytes]:
    same = str
    return found.canonical(), statement_files.as_csv(found, same), statement_files.as_xlsx(found, same)


class TestAStatementAsATable:
    def test_in_csv_reads_back_with_its_balances(self, story: Company) -> None:
        text = statement_files.as_csv(made(story, first=0, last=5), str).decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""))
        assert head[:3] == ["Date", "Description", "Document"]
        assert [(row[0], row[2], row[4], row[5], row[6]) for row in rows] == [
            ("2026-03-02", "", "", "", "0.00"),
            ("2026-03-02", "F2026-000001", "125.00", "", "125.00"),
            ("2026-03-02", "F2026-000002", "250.00", "", "375.00"),
            ("2026-03-05", "", "", "50.00", "325.00"),
            ("2026-03-07", "K2026-000001", "", "250.00", "75.00"),
            ("2026-03-07", "", "", "", "75.00"),
        ]
        assert rows[3][8] == "F2026-000001 50.00"

    def test_in_xlsx_has_numbers_and_days(self, story: Company) -> None:
        sheet = openpyxl.load_workbook(
            io.BytesIO(statement_files.as_xlsx(made(story, form=OPEN, first=4, last=4), str))
        ).active
        assert sheet is not None
        first = [cell.value for cell in next(sheet.iter_rows(min_row=2))]
        assert (first[0], first[2].date(), first[5], first[6]) == ("F2026-000001", DAY, 125, 75)  # type: ignore[union-attr]
        assert sheet.cell(sheet.max_row, 7).value == 325

    def test_has_no_cell_that_is_a_formula(self, shop: Company) -> None:
        found = replace(made(shop), lines=(), items=())
        hostile = replace(
            found,
            form=OPEN,
            items=(statements.StatementItem(Happened.OTHER, "=1+1", DAY, 5, 5),),
            closing_minor=5,
        )
        assert b"'=1+1" in statement_files.as_csv(hostile, str)


class TestMakingStatements:
    @pytest.mark.parametrize(("first", "last"), [(1, 0), (0, 3), (-5000, 0)])
    def test_refuses_a_strange_period(self, shop: Company, first: int, last: int) -> None:
        with pytest.raises(BadStatement):
            made(shop, first=first, last=last)

    def test_refuses_an_instant_to_come_and_an_unknown_customer(self, shop: Company) -> None:
        with pytest.raises(BadStatement):
            made(shop, known_at=shop.ctx.now + timedelta(seconds=1))
        with pytest.raises(commands.UnknownCustomer):
            commands.make_statements(shop.ctx, customer_ids=(0,), form=RUNNING, from_date=DAY, to_date=DAY)
        assert shop.rows("SELECT id FROM invoicing_statement") == []

    def test_twice_under_one_key_is_done_once(self, shop: Company) -> None:
        given = {"customer_ids": (shop.bo,), "form": RUNNING, "from_date": DAY}
        once, again = (commands.make_statements(keyed(shop.ctx, "k"), to_date=DAY, **given) for _ in range(2))
        assert once == again
        assert len(shop.rows("SELECT id FROM invoicing_statement")) == 1
        with pytest.raises(KeyReused):
            commands.make_statements(keyed(shop.ctx, "k"), to_date=days(1), **given)

    def test_of_another_tenant_finds_nobody(self, shop: Company, cilla: Ctx) -> None:
        with pytest.raises(commands.UnknownCustomer):
            commands.make_statements(cilla, customer_ids=(shop.bo,), form=RUNNING, from_date=DAY, to_date=DAY)

    def test_that_do_not_add_up_is_a_bug_and_crashes(self, story: Company) -> None:
        """Planted faults: a movement left out, and an item."""
        found = made(story, first=0, last=5)
        with pytest.raises(statements.Unexplained):
            statements.require_explained(replace(found, lines=found.lines[1:]))
        items = made(story, form=OPEN, first=4, last=4)
        with pytest.raises(statements.Unexplained):
            statements.require_explained(replace(items, items=items.items[1:]))


class TestARunOfStatements:
    def test_takes_all_customers_chunk_by_chunk(self, story: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kvit.invoicing.commands.letters.CHUNK", 1)
        opened = commands.open_statement_run(story.ctx, form=OPEN, from_date=days(5), to_date=days(5), only_owing=False)
        assert opened.customer_count == 2
        first = commands.make_statement_chunk(story.ctx, run_id=opened.run_id)
        assert (first.customers, first.is_finished) == (1, False)
        jobs.make_letters(story.ctx, LetterRunOpened(opened.run_id, RunKind.STATEMENTS))
        with tenant.scope(story.ctx.tenant_id):
            run = queries.letter_run(opened.run_id)
            rows = queries.statements_of_run(opened.run_id, limit=9)
        assert run is not None
        assert (run.done_count, run.made_count, run.finished_at is not None) == (2, 2, True)
        assert {row.customer_id for row in rows} == {story.bo, story.eva}

    def test_is_known_at_the_instant_it_was_asked_for(self, story: Company) -> None:
        opened = commands.open_statement_run(story.ctx, form=OPEN, from_date=days(5), to_date=days(5))
        later(story, 8).books.item(-1_000, on=days(4))
        commands.make_statement_chunk(later(story, 9).ctx, run_id=opened.run_id)
        with tenant.scope(story.ctx.tenant_id):
            (row,) = queries.statements_of_run(opened.run_id, limit=9)
        assert row.closing_minor == 7_500

    def test_leaves_out_who_owes_nothing_if_asked_to(self, story: Company) -> None:
        opened = commands.open_statement_run(story.ctx, form=OPEN, from_date=days(5), to_date=days(5))
        done = commands.make_statement_chunk(story.ctx, run_id=opened.run_id)
        assert (done.customers, done.made, done.is_finished) == (2, 1, True)

    def test_does_nothing_more_once_it_is_done(self, story: Company) -> None:
        opened = commands.open_statement_run(story.ctx, form=OPEN, from_date=days(5), to_date=days(5))
        commands.make_statement_chunk(story.ctx, run_id=opened.run_id)
        again = commands.make_statement_chunk(story.ctx, run_id=opened.run_id)
        assert (again.customers, again.made, again.is_finished) == (0, 0, True)

    def test_is_not_there_for_another_tenant(self, story: Company, cilla: Ctx) -> None:
        opened = commands.open_statement_run(story.ctx, form=OPEN, from_date=days(5), to_date=days(5))
        with pytest.raises(NoSuchRun):
            commands.make_statement_chunk(cilla, run_id=opened.run_id)

    def test_says_the_same_as_asking_one_by_one(self, story: Company) -> None:
        with tenant.scope(story.ctx.tenant_id):
            customers = queries.customers(limit=9)
            asked = Asked(OPEN, days(5), days(5), story.ctx.now)
            together = compose(customers, asked)
            alone = [each for customer in customers for each in compose([customer], asked)]
        assert list(together) == alone
