"""Opening the company's bank accounts."""

import pytest

from bank_files import IBAN
from cast import keyed
from kvit.banking import commands, queries
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.kernel.currencies import UnknownCurrency
from kvit.ledger.domain import bank_account
from tables import contents, run_twice


class TestOpeningABankAccount:
    def test_makes_it_the_companys_with_a_ledger_account_of_its_own(self, books_open: Ctx) -> None:
        opened = run_twice(
            commands.open_bank_account,
            books_open,
            number="SE45 5000 0000 0583 9825 7466",
            currency="SEK",
            name="Main account",
        )
        with tenant.scope(books_open.tenant_id):
            assert queries.accounts() == {opened.account_id: (IBAN, "SEK", "Main account")}
            ledger_accounts = rows.select("SELECT code, control FROM ledger_account WHERE name = 'Main account'")
        assert opened.ledger_account == bank_account(opened.account_id)
        assert ledger_accounts == [(opened.ledger_account, False)]

    def test_takes_one_number_in_two_currencies(self, books_open: Ctx) -> None:
        for currency in ("SEK", "EUR"):
            commands.open_bank_account(books_open, number=IBAN, currency=currency, name=currency)
        with tenant.scope(books_open.tenant_id):
            assert [currency for _, currency, _ in queries.accounts().values()] == ["SEK", "EUR"]

    def test_is_refused_for_a_number_that_is_known_however_it_is_written(self, books_open: Ctx, account: int) -> None:
        before = contents(books_open)
        with pytest.raises(commands.AccountNumberTaken, match="SE45 5000"):
            commands.open_bank_account(
                books_open, number="SE45 5000 0000 0583 9825 7466", currency="SEK", name="Second"
            )
        assert contents(books_open) == before

    def test_is_refused_for_what_is_no_currency(self, books_open: Ctx) -> None:
        with pytest.raises(UnknownCurrency):
            commands.open_bank_account(books_open, number=IBAN, currency="SKR", name="Main account")

    def test_is_refused_under_a_used_key_with_another_number(self, books_open: Ctx) -> None:
        commands.open_bank_account(keyed(books_open, "k"), number=IBAN, currency="SEK", name="A")
        with pytest.raises(KeyReused):
            commands.open_bank_account(keyed(books_open, "k"), number="9912346", currency="SEK", name="A")

    def test_leaves_the_number_free_for_another_tenant_who_sees_nothing(
        self, books_open: Ctx, account: int, cilla: Ctx
    ) -> None:
        with tenant.scope(cilla.tenant_id):
            assert queries.accounts() == {}
        opened = commands.open_bank_account(cilla, number=IBAN, currency="SEK", name="Cilla's")
        assert opened.account_id != account
