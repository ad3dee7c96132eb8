"""The clearing house's own example files and the banks' samples, from the file to the paid invoice."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bank_files import file
from bank_samples import BGMAX, CAMT, name
from kvit.banking import jobs
from kvit.banking.domain import StatementState, account_key
from kvit.banking.events import StatementBooked
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.flows import matching as flow
from kvit.formats import bank
from kvit.formats.bank.statement import Line, Statement
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoicing_queries
from kvit.invoicing.domain import Draft, DraftLine
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger.domain import Accounts
from kvit.matching import queries
from kvit.matching.commands import WAITS
from kvit.work import queries as work
from receivables import (
    ISSUED,
    balance,
    bank_balance,
    books,
    counts,
    every,
    new_customer,
    open_account,
    open_books,
    open_minor,
    problems,
)
from shared_folder import needs_shared

pytestmark = needs_shared


def statements_of(path: Path) -> tuple[Statement, ...]:
    return bank.read(path.read_bytes()).read.records


def open_accounts(ctx: Ctx, statements: tuple[Statement, ...]) -> dict[tuple[str, str], int]:
    """Each account the file speaks of, opened as the company's."""
    keys = {(account_key(one.account), one.currency) for one in statements if one.account and one.currency}
    return {(number, currency): open_account(ctx, number, currency) for number, currency in sorted(keys)}


def issue_what_is_paid(ctx: Ctx, statements: tuple[Statement, ...]) -> dict[str, InvoiceRow]:
    """For each reference that stands alone, one invoice of the first amount that quotes it; by reference."""
    customer = new_customer(ctx, "Kalle Plåt")
    drafts: dict[str, Draft] = {}
    for line in lines_of(statements):
        if line.reference.isalnum() and line.amount_minor > 0 and line.reference not in drafts:
            price = Decimal(line.amount_minor).scaleb(-2)
            goods = DraftLine("Goods", Decimal(1), price, Decimal(0))
            drafts[line.reference] = Draft(
                customer.id, (goods,), currency=line.currency, payment_reference=line.reference
            )
    ids = invoicing.draft_invoices(ctx, drafts=tuple(drafts.values()), day=ISSUED).invoice_ids
    invoicing.issue_invoices(ctx, invoice_ids=ids, issue_date=ISSUED)
    with tenant.scope(ctx.tenant_id):
        return dict(zip(drafts, invoicing_queries.invoices(ids), strict=True))


def lines_of(statements: tuple[Statement, ...]) -> Iterator[Line]:
    for statement in statements:
        yield from statement.lines


def take_and_match(ctx: Ctx, path: Path) -> jobs.ImportReport:
    """Import the file and do what the flow does for each statement that is booked."""
    with path.open("rb") as source:
        report = jobs.import_file(ctx, source, name=path.name)
    for one in report.statements:
        if one.state is StatementState.BOOKED:
            keyed = replace(ctx, key=f"{one.statement_id}:match")
            flow.match_statement(keyed, StatementBooked(one.statement_id, 0, one.taken))
    return report


class TestAFileOfTheClearingHouse:
    @pytest.mark.parametrize("path", BGMAX, ids=name)
    def test_pays_the_invoices_that_carry_its_references(self, anna: Ctx, path: Path) -> None:
        open_books(anna)
        statements = statements_of(path)
        open_accounts(anna, statements)
        invoices = issue_what_is_paid(anna, statements)
        report = take_and_match(anna, path)

        booked = {one.place for one in report.statements if one.state is StatementState.BOOKED}
        paying: dict[str, Line] = {}
        for line in lines_of(tuple(one for one in statements if one.place in booked)):
            invoice = invoices.get(line.reference)
            if invoice and (invoice.gross_minor, invoice.currency) == (line.amount_minor, line.currency):
                paying.setdefault(line.reference, line)
        for reference, invoice in invoices.items():
            assert open_minor(anna, invoice) == (0 if reference in paying else invoice.gross_minor), reference
        assert problems(anna) == ()

    @pytest.mark.parametrize("path", BGMAX, ids=name)
    def test_leaves_each_line_linked_or_waiting_with_a_reason(self, anna: Ctx, path: Path) -> None:
        open_books(anna)
        statements = statements_of(path)
        open_accounts(anna, statements)
        issue_what_is_paid(anna, statements)
        report = take_and_match(anna, path)
        with tenant.scope(anna.tenant_id):
            for line_id, state in every_line(anna):
                links = queries.links([line_id])
                items = work.items_about("bank_line", line_id)
                waits = tuple(item for item in items if item.kind == WAITS)
                if state == "booked":
                    assert len(links) + len(waits) == 1
                    assert all(item.reason and item.reason_code.startswith("matching.") for item in items)
                    assert all(link.evidence for link in links)
                else:
                    assert (links, items) == ((), ())
        assert all(one.hold_reason for one in report.statements if one.state is StatementState.HELD)

    @pytest.mark.parametrize("path", BGMAX, ids=name)
    def test_changes_nothing_when_it_comes_again(self, anna: Ctx, path: Path) -> None:
        open_books(anna)
        statements = statements_of(path)
        open_accounts(anna, statements)
        issue_what_is_paid(anna, statements)
        take_and_match(anna, path)
        before, count = books(anna), counts(anna)
        take_and_match(anna, path)
        assert (books(anna), counts(anna)) == (before, count)

    def test_is_booked_whole_where_all_its_sections_are_sound(self, anna: Ctx) -> None:
        """The clearing house's own examples are; of the others each says why not."""
        open_books(anna)
        held = {path.name: held_reasons(anna, path) for path in BGMAX}
        sound = {file_name for file_name, reasons in held.items() if not reasons}
        assert {"BgMaxfil4.txt", "minimal.txt"} <= sound
        assert sum("ocr-kontroll" in file_name for file_name in sound) == 3
        assert all(reason for reasons in held.values() for reason in reasons)


def held_reasons(ctx: Ctx, path: Path) -> list[str]:
    """Import a sample into a company that has its accounts already or now; why statements are held."""
    open_missing(ctx, statements_of(path))
    report = jobs.import_file(ctx, file(path.read_bytes()), name=path.name)
    return [one.hold_reason for one in report.statements if one.state is StatementState.HELD]


def open_missing(ctx: Ctx, statements: tuple[Statement, ...]) -> None:
    known = set(every(ctx, "SELECT number, currency FROM banking_account"))
    for key in {(account_key(one.account), one.currency) for one in statements if one.account and one.currency}:
        if key not in known:
            open_account(ctx, *key)


def every_line(ctx: Ctx) -> list[tuple[int, str]]:
    """Each line's id with the state of its statement."""
    return every(ctx, "SELECT l.id, s.state FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id")


class TestTheSameExampleInThreeEncodings:
    def test_is_the_same_money(self, anna: Ctx) -> None:
        open_books(anna)
        examples = [path for path in BGMAX if "ocr-kontroll" in path.name]
        assert len(examples) == 3
        accounts = open_accounts(anna, statements_of(max(examples, key=lambda path: path.stat().st_size)))
        for path in examples:
            take_and_match(anna, path)
        assert every(anna, "SELECT count(*) FROM banking_line") == [(9,)]
        assert {
            currency: bank_balance(anna, account_id, currency) for (_, currency), account_id in accounts.items()
        } == {"SEK": 990_000, "EUR": 400_000}
        assert problems(anna) == ()


class TestABanksSample:
    @pytest.mark.parametrize("path", CAMT, ids=name)
    def test_is_in_the_books_line_by_line_or_says_why_not(self, anna: Ctx, path: Path) -> None:
        open_books(anna)
        statements = statements_of(path)
        accounts = open_accounts(anna, statements)
        report = take_and_match(anna, path)
        assert [one.place for one in report.statements] == [one.place for one in statements]
        expected = dict.fromkeys(accounts, 0)
        for taken, statement in zip(report.statements, statements, strict=True):
            if taken.state is StatementState.BOOKED:
                assert taken.taken == len(statement.lines)
                key = (account_key(statement.account), statement.currency)
                expected[key] += sum(line.amount_minor for line in statement.lines)
            else:
                assert (taken.state, bool(taken.hold_reason)) == (StatementState.HELD, True)
        for (number, currency), account_id in accounts.items():
            assert bank_balance(anna, account_id, currency) == expected[number, currency]
        assert problems(anna) == ()

    @pytest.mark.parametrize("path", CAMT, ids=name)
    def test_moves_the_bank_balance_from_its_opening_to_its_closing(self, anna: Ctx, path: Path) -> None:
        open_books(anna)
        statements = statements_of(path)
        accounts = open_accounts(anna, statements)
        report = take_and_match(anna, path)
        moved = dict.fromkeys(accounts, 0)
        for taken, one in zip(report.statements, statements, strict=True):
            if taken.state is StatementState.BOOKED:
                key = (account_key(one.account), one.currency)
                if one.opening_minor is None or one.closing_minor is None:
                    moved.pop(key, None)  # the bank says nothing to compare with
                elif key in moved:
                    moved[key] += one.closing_minor - one.opening_minor
        for key, difference in moved.items():
            assert bank_balance(anna, accounts[key], key[1]) == difference

    def test_is_booked_in_most_cases_so_that_the_tests_above_are_about_something(self, anna: Ctx) -> None:
        open_books(anna)
        booked = 0
        for path in CAMT:
            open_missing(anna, statements_of(path))
            report = jobs.import_file(anna, file(path.read_bytes()), name=path.name)
            booked += sum(one.state is StatementState.BOOKED for one in report.statements)
        assert booked >= 20
        assert balance(anna, Accounts.UNALLOCATED, "EUR") != 0
        assert problems(anna) == ()
