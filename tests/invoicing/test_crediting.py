"""Crediting invoices: the only way to take one back."""

from collections import Counter
from typing import Any

import pytest

import patience
from cast import in_threads, keyed
from invoicing.company import DAY, Company, line
from kvit.base import rows
from kvit.base.command import KeyReused
from kvit.invoicing import commands
from kvit.invoicing.commands import crediting
from kvit.invoicing.domain import BadLine
from ledger.sessions import app_session, beside, waits_for
from tables import contents, run_twice

ROUND_NUMBERS = (line("100"), line("50", vat="12"))  # 125.00 and 56.00


class TestACreditNote:
    def test_for_the_whole_settles_the_invoice(self, shop: Company) -> None:
        invoice_id = shop.invoice(*ROUND_NUMBERS)
        drafted = run_twice(
            commands.draft_credit_note, shop.ctx, invoice_id=invoice_id, reason=" not done ", lines=None
        )
        assert drafted.gross_minor == 18100
        assert shop.open(invoice_id) == {(invoice_id, "debit"): 18100}, "a draft credits nothing yet"
        assert shop.issue(drafted.invoice_id) == ("K2026-000001",)
        row = shop.look(drafted.invoice_id)
        assert (row.kind, row.state, row.gross_minor, row.customer_id) == ("credit_note", "issued", 18100, shop.bo)
        assert shop.open(invoice_id, drafted.invoice_id) == {}
        assert (shop.books.owed(), shop.books.balance("sales"), shop.books.balance("output_vat")) == ({}, 0, 0)
        assert shop.rows("SELECT credits_id, credit_reason FROM invoicing_invoice WHERE kind = 'credit_note'") == [
            (invoice_id, "not done")
        ]
        assert shop.problems() == []

    def test_for_odd_amounts_is_the_same_to_the_last_unit(self, shop: Company) -> None:
        odd = [line("0.123456", quantity="7.654321"), line("33.335", quantity="3", vat="12"), line("0.005", vat="6")]
        invoice_id = shop.invoice(*odd)
        credit_id = shop.credit(invoice_id)
        assert shop.look(credit_id).gross_minor == shop.look(invoice_id).gross_minor

    def test_for_a_part_leaves_the_rest_open(self, shop: Company) -> None:
        invoice_id = shop.invoice(*ROUND_NUMBERS)
        credit_id = shop.credit(invoice_id, line("40"))
        shop.issue(credit_id)
        assert shop.open(invoice_id, credit_id) == {(invoice_id, "debit"): 13100}
        shop.issue(shop.credit(invoice_id, line("60"), line("50", vat="12")))
        assert shop.open(invoice_id) == {}
        assert shop.problems() == []

    def test_for_a_paid_invoice_is_the_customer_s_credit(self, shop: Company) -> None:
        invoice_id = shop.invoice(*ROUND_NUMBERS)
        shop.pay(invoice_id, 18100)
        credit_id = shop.credit(invoice_id)
        shop.issue(credit_id)
        assert shop.open(invoice_id, credit_id) == {(credit_id, "credit"): 18100}
        assert shop.books.owed() == {("receivable", "SEK"): -18100}

    def test_for_a_partly_paid_invoice_is_in_part(self, shop: Company) -> None:
        invoice_id = shop.invoice(*ROUND_NUMBERS)
        shop.pay(invoice_id, 10000)
        credit_id = shop.credit(invoice_id)
        shop.issue(credit_id)
        assert shop.open(invoice_id, credit_id) == {(credit_id, "credit"): 10000}
        assert shop.problems() == []

    def test_issued_with_another_of_the_same_invoice_shares_what_is_open(self, shop: Company) -> None:
        invoice_id = shop.invoice(*ROUND_NUMBERS)
        shop.pay(invoice_id, 10000)
        first, second = shop.credit(invoice_id, line("50")), shop.credit(invoice_id, line("30"))
        shop.issue(first, second)
        assert shop.open(invoice_id, first, second) == {(second, "credit"): 1900}


class TestACreditNoteRefused:
    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("a draft", commands.NotCreditable),
            ("a credit note", commands.NotCreditable),
            ("no document", commands.NotCreditable),
            ("no reason", commands.NotCreditable),
            ("more than was invoiced", commands.NotCreditable),
            ("nothing", commands.NotCreditable),
            ("less than nothing", commands.NotCreditable),
            ("no lines", BadLine),
            ("another VAT rate", BadLine),
            ("no description", BadLine),
        ],
    )
    def test_leaves_nothing(self, shop: Company, case: str, refusal: type[Exception]) -> None:
        invoice_id = shop.invoice()
        credit_id = shop.credit(shop.invoice())
        shop.issue(credit_id)
        given: dict[str, Any] = {"invoice_id": invoice_id, "reason": "r", "lines": (line("1"),)}
        cases: dict[str, dict[str, Any]] = {
            "a draft": {"invoice_id": shop.draft()},
            "a credit note": {"invoice_id": credit_id},
            "no document": {"invoice_id": 10**9},
            "no reason": {"reason": " "},
            "more than was invoiced": {"lines": (line("100.01"),)},
            "nothing": {"lines": (line("0"),)},
            "less than nothing": {"lines": (line("-1"),)},
            "no lines": {"lines": ()},
            "another VAT rate": {"lines": (line("1", vat="6"),)},
            "no description": {"lines": (line("1", description=" "),)},
        }
        given |= cases[case]
        before = contents(shop.ctx)
        with pytest.raises(refusal):
            commands.draft_credit_note(shop.ctx, **given)
        assert contents(shop.ctx) == before

    def test_for_more_than_is_left_until_the_other_one_is_discarded(self, shop: Company) -> None:
        invoice_id = shop.invoice()
        first = shop.credit(invoice_id, line("60"))
        with pytest.raises(commands.NotCreditable, match="12500 minor units to credit, 5000 are left"):
            shop.credit(invoice_id)
        commands.discard(shop.ctx, invoice_ids=(first,))
        shop.issue(shop.credit(invoice_id))
        with pytest.raises(commands.NotCreditable, match="125 minor units to credit, 0 are left"):
            shop.credit(invoice_id, line("1"))

    def test_for_another_tenant(self, shop: Company, her_shop: Company) -> None:
        with pytest.raises(commands.NotCreditable):
            her_shop.credit(shop.invoice())

    def test_under_a_used_key_with_another_reason(self, shop: Company) -> None:
        invoice_id = shop.invoice()
        commands.draft_credit_note(keyed(shop.ctx, "k"), invoice_id=invoice_id, reason="a")
        with pytest.raises(KeyReused):
            commands.draft_credit_note(keyed(shop.ctx, "k"), invoice_id=invoice_id, reason="b")


@pytest.mark.race
class TestTwoWhoCreditAtOnce:
    def race(self, shop: Company, patch: pytest.MonkeyPatch) -> Counter[str]:
        """Eight credit the same invoice; each waits for the others after it has read what is credited."""
        invoice_id = shop.invoice()
        read, all_have_read = crediting._credited_minor, patience.Meeting(8)

        def read_and_wait(wanted_id: int) -> int:
            found = read(wanted_id)
            all_have_read.wait()
            return found

        patch.setattr(crediting, "_credited_minor", read_and_wait)
        return Counter(type(answer).__name__ for answer in in_threads(8, lambda _: shop.credit(invoice_id)))

    def test_credit_it_once(self, shop_live: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.race(shop_live, monkeypatch) == {"int": 1, "NotCreditable": 7}

    def test_would_credit_it_more_than_once_without_the_lock(
        self, shop_live: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Unlocked:
            run = staticmethod(rows.run)

            @staticmethod
            def select(query: str, params: Any = ()) -> list[Any]:
                return rows.select(query.replace("FOR NO KEY UPDATE", ""), params)

        monkeypatch.setattr(crediting, "rows", Unlocked)
        assert self.race(shop_live, monkeypatch)["int"] > 1


@pytest.mark.race
class TestACreditNoteBesideAPayment:
    def test_waits_for_it_and_settles_what_it_leaves(self, shop_live: Company) -> None:
        shop = shop_live
        invoice_id = shop.invoice()
        debit, paid = shop.item(invoice_id), shop.books.item(-10000)
        credit_id = shop.credit(invoice_id)
        with app_session(shop.ctx) as session:
            session.execute(
                """
                INSERT INTO ledger_allocation (tenant_id, debit_item_id, credit_item_id, amount_minor,
                                               allocation_date, recorded_at, command_id)
                SELECT %s, %s, %s, 10000, %s, now(), max(id) FROM base_command
                """,
                [shop.ctx.tenant_id, debit, paid, DAY],
            )
            with beside(lambda: shop.issue(credit_id)):
                assert waits_for()
                session.commit()
        assert shop.open(invoice_id, credit_id) == {(credit_id, "credit"): 10000}
        assert shop.problems() == []
