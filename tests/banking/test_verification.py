"""Bank accounts are recomputed from their lines; each fault planted here must be found."""

from collections.abc import Callable
from typing import Any

import pytest

from bank_files import IBAN, Pay, Stmt, camt, file
from kvit.banking import jobs, queries
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.kernel.results import Problem
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Posting, PostingLine, bank_account
from receivables import every

FILE = camt(Stmt([Pay(1000, "7001"), Pay(-300)]))


@pytest.fixture
def booked(books_open: Ctx, account: int) -> Ctx:
    """A statement of 700 minor units is in the books."""
    jobs.import_file(books_open, file(FILE), name="bank.xml")
    return books_open


def verify(ctx: Ctx) -> tuple[Problem, ...]:
    with tenant.scope(ctx.tenant_id):
        return queries.verify()


class TestVerification:
    def test_finds_nothing_in_sound_books(self, booked: Ctx) -> None:
        assert verify(booked) == ()

    def test_finds_nothing_before_anything_happened(self, books_open: Ctx, account: int) -> None:
        assert verify(books_open) == ()

    def test_finds_an_entry_on_the_account_that_no_line_explains(self, booked: Ctx, account: int) -> None:
        ledger.post(
            booked,
            postings=(
                Posting(
                    booked.now.date(),
                    "stray",
                    "none",
                    1,
                    (PostingLine(bank_account(account), 5, "SEK"), PostingLine(Accounts.ROUNDING, -5, "SEK")),
                ),
            ),
        )
        (found,) = verify(booked)
        assert found.reason == f"account {IBAN} SEK: 700 by its lines, 705 in the books (minor units)"

    def test_finds_a_statement_called_booked_that_is_not_in_the_books(self, booked: Ctx) -> None:
        """Planted with the rights the application has: it may write a state."""
        more = camt(Stmt([Pay(77)], off_minor=1))
        jobs.import_file(booked, file(more), name="more.xml")
        with tenant.scope(booked.tenant_id):
            rows.run("UPDATE banking_statement SET state = 'booked' WHERE state = 'held'")
        assert [p.reason for p in verify(booked)] == [
            f"account {IBAN} SEK: 777 by its lines, 700 in the books (minor units)"
        ]

    def test_finds_lines_that_left_a_booked_statement(self, booked: Ctx) -> None:
        jobs.import_file(booked, file(camt(Stmt([Pay(77)], off_minor=1))), name="more.xml")
        with tenant.scope(booked.tenant_id):
            rows.run(
                """
                UPDATE banking_line SET statement_id = (SELECT id FROM banking_statement WHERE state = 'held')
                WHERE amount_minor = 1000
                """
            )
        assert len(verify(booked)) == 1

    def test_finds_a_line_that_was_booked_in_another_currency(self, booked: Ctx, account: int) -> None:
        ledger.post(
            booked,
            postings=(
                Posting(
                    booked.now.date(),
                    "stray",
                    "none",
                    1,
                    (PostingLine(bank_account(account), -700, "SEK"), PostingLine(Accounts.ROUNDING, 700, "SEK")),
                ),
            ),
        )
        assert len(verify(booked)) == 1


class TestALine:
    @pytest.mark.parametrize(
        "attempt",
        [
            "UPDATE banking_line SET amount_minor = 1",
            "UPDATE banking_line SET content_key = gen_random_uuid()",
            "DELETE FROM banking_line",
            "DELETE FROM banking_statement",
            "DELETE FROM banking_readingproblem",
            "UPDATE banking_statement SET opening_minor = 0",
            "UPDATE banking_account SET number = '1'",
        ],
    )
    def test_and_what_it_stands_on_is_never_changed_by_the_application(self, booked: Ctx, attempt: Any) -> None:
        from django.db import ProgrammingError, transaction

        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            tenant.scope(booked.tenant_id),
            transaction.atomic(),
        ):
            rows.run(attempt)

    def test_leaves_the_closing_balance_of_a_booked_statement(self, booked: Ctx) -> None:
        from django.db import IntegrityError, transaction

        with pytest.raises(IntegrityError, match="is settled"), tenant.scope(booked.tenant_id), transaction.atomic():
            rows.run("UPDATE banking_statement SET closing_minor = 0")

    def test_stands_once_on_its_account_whatever_the_code_does(self, booked: Ctx) -> None:
        from django.db import IntegrityError, transaction

        with (
            pytest.raises(IntegrityError, match="banking_line_once"),
            tenant.scope(booked.tenant_id),
            transaction.atomic(),
        ):
            rows.run(
                """
                INSERT INTO banking_line (tenant_id, statement_id, account_id, content_key, place, booking_date,
                    amount_minor, currency, counterparty_name, counterparty_account, reference, text, bank_id, details)
                SELECT tenant_id, statement_id, account_id, content_key, place, booking_date, amount_minor, currency,
                    counterparty_name, counterparty_account, reference, text, bank_id, details
                FROM banking_line LIMIT 1
                """
            )

    def test_is_told_twice_without_its_key(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: with another key for each line, the overlapping file is booked twice."""
        from uuid import uuid4

        from kvit.banking.domain import LineKeys

        fresh: Callable[[LineKeys, object], object] = lambda _self, _line: uuid4().hex  # noqa: E731
        monkeypatch.setattr(LineKeys, "key", fresh)
        for number in (1, 2):
            jobs.import_file(books_open, file(FILE + b"\n" * number), name="bank.xml")
        assert every(books_open, "SELECT count(*) FROM banking_line") == [(4,)]
