"""Verification of documents: each check finds the fault that is planted for it, and nothing else."""

from dataclasses import dataclass

import pytest

from invoicing.company import DAY, Company, line
from kvit.invoicing import queries
from kvit.ledger import commands as ledger
from ledger.books import TABLES as LEDGER_TABLES
from ledger.books import unguarded

TABLES = ("invoicing_invoice", "invoicing_invoiceline", "invoicing_vattotal", "invoicing_series", *LEDGER_TABLES)


@dataclass(frozen=True)
class Story:
    """Three invoices of 125.00, of which the second is credited by the third document; a draft."""

    first: int
    second: int
    third: int
    credit: int
    draft: int


@pytest.fixture
def story(shop_live: Company) -> Story:
    """A small company's documents."""
    shop = shop_live
    first, second, third = shop.invoice(), shop.invoice(), shop.invoice(line("50"), line("50", vat="12"))
    credit = shop.credit(second)
    shop.issue(credit)
    return Story(first, second, third, credit, shop.draft())


SUMS = "document {s.%s}: %s net and %s VAT, %s by its lines and %s by its rates"

FAULTS = {
    "a number that is missing": (
        ["UPDATE invoicing_invoice SET sequence = 9 WHERE id = {s.third}"],
        ["series F2026: 3 numbers given, the next would be 4"],
    ),
    "a series that starts late": (
        ["UPDATE invoicing_invoice SET sequence = sequence + 1 WHERE kind = 'credit_note'",
         "UPDATE invoicing_series SET next_sequence = 3 WHERE kind = 'credit_note'"],
        ["series K2026: 1 numbers given, the next would be 3"],
    ),
    "a number that was given to nobody": (
        ["UPDATE invoicing_series SET next_sequence = 5 WHERE kind = 'invoice'"],
        ["series F2026: 3 numbers given, the next would be 5"],
    ),
    "a number that will be given again": (
        ["UPDATE invoicing_series SET next_sequence = 3 WHERE kind = 'invoice'"],
        ["series F2026: 3 numbers given, the next would be 3"],
    ),
    "another net amount": (
        ["UPDATE invoicing_invoice SET net_minor = 10001, vat_minor = 2499 WHERE id = {s.first}"],
        [SUMS % ("first", 10001, 2499, 10000, 2500)],
    ),
    "another gross amount": (
        ["UPDATE invoicing_invoice SET gross_minor = 12501 WHERE id = {s.draft}"],
        [SUMS % ("draft", 10000, 2500, 10000, 2500)],
    ),
    "another line": (
        ["UPDATE invoicing_invoiceline SET net_minor = 9999 WHERE invoice_id = {s.first}"],
        [SUMS % ("first", 10000, 2500, 9999, 2500)],
    ),
    "no lines": (
        ["DELETE FROM invoicing_invoiceline WHERE invoice_id = {s.first}"],
        [SUMS % ("first", 10000, 2500, None, 2500)],
    ),
    "another VAT total": (
        ["UPDATE invoicing_vattotal SET vat_minor = 2501 WHERE invoice_id = {s.first}"],
        [SUMS % ("first", 10000, 2500, 10000, 2501)],
    ),
    "another VAT base": (
        ["UPDATE invoicing_vattotal SET base_minor = 1 WHERE invoice_id = {s.first}"],
        [SUMS % ("first", 10000, 2500, 10000, 2500)],
    ),
    "a VAT total less": (
        ["DELETE FROM invoicing_vattotal WHERE invoice_id = {s.third} AND vat_rate = 12"],
        [SUMS % ("third", 10000, 1850, 10000, 1250)],
    ),
    "a document that the books do not know": (
        ["UPDATE ledger_openitem SET subject_kind = 'other' WHERE subject_id = {s.first}"],
        ["F2026-000001: the ledger does not owe 12500 minor units for it"],
    ),
    "a credit note that the books take for a sale": (
        ["UPDATE ledger_openitem SET side = 'debit' WHERE subject_id = {s.credit}"],
        ["K2026-000001: the ledger does not owe -12500 minor units for it"],
    ),
    "another amount in the books": (
        ["UPDATE ledger_openitem SET amount_minor = 12499 WHERE subject_id = {s.first}"],
        ["F2026-000001: the ledger does not owe 12500 minor units for it"],
    ),
    "a document in the books that was never issued": (
        ["UPDATE ledger_openitem SET subject_id = {s.draft} WHERE subject_id = {s.first}"],
        ["F2026-000001: the ledger does not owe 12500 minor units for it",
         "the ledger has a document {s.draft} that was never issued"],
    ),
}  # fmt: skip


class TestVerification:
    def test_of_sound_documents_finds_nothing(self, shop_live: Company, story: Story) -> None:
        assert shop_live.problems() == []

    @pytest.mark.parametrize("fault", FAULTS)
    def test_finds(self, shop_live: Company, story: Story, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
        statements, expected = FAULTS[fault]
        with unguarded(shop_live.ctx, monkeypatch, *TABLES) as cursor:
            for statement in statements:
                cursor.execute(statement.format(s=story))
                assert cursor.rowcount > 0
            found = [problem.reason for problem in queries.verify()]
        assert sorted(found) == sorted(text.format(s=story) for text in expected)
        assert shop_live.problems() == []

    def test_finds_an_invoice_whose_entry_was_reversed_instead_of_credited(self, shop: Company) -> None:
        invoice_id = shop.invoice()
        entries = shop.rows("SELECT entry_id FROM ledger_openitem WHERE subject_id = %s", [invoice_id])
        ledger.reverse(shop.ctx, entry_ids=(entries[0][0],), on_date=DAY)
        assert shop.problems() == ["F2026-000001: the ledger does not owe 12500 minor units for it"]

    def test_is_at_peace_with_payments_write_offs_and_moved_due_dates(self, shop: Company) -> None:
        paid, lost = shop.invoice(), shop.invoice()
        shop.pay(paid, 5000)
        ledger.write_off(shop.ctx, item_id=shop.item(lost), amount_minor=100, reason="lost", on_date=DAY)
        assert shop.problems() == []
