"""Drafting invoices and discarding drafts."""

from datetime import date
from decimal import Decimal

import pytest

from cast import keyed
from invoicing.company import DAY, Company, days, line, open_shop
from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import BadDraft, BadLine, Draft, Exchange
from kvit.kernel.currencies import UnknownCurrency
from kvit.kernel.vat import NoVatRates
from kvit.ledger import commands as ledger
from tables import contents, run_twice

EURO = Exchange(Decimal("11.25"), DAY, "Riksbanken")

_READ = """
    SELECT coalesce(sum(idx_tup_fetch + seq_tup_read), 0) FROM pg_stat_xact_user_tables
    WHERE relname = 'invoicing_invoice'
    """

_MANY = 200 * 20
"""More than 200 drafts may read: some rows each, whichever index finds them."""


def _reads(shop: Company) -> int:
    """How many rows of documents the last 200 of a thousand drafts read; the plan is of when there was none."""

    def reads(count: int) -> int:
        before = shop.rows(_READ)[0][0]
        drafts = tuple(Draft(shop.bo, (line("1"),)) for _ in range(count))
        commands.draft_invoices(shop.ctx, drafts=drafts, day=DAY)
        return int(shop.rows(_READ)[0][0] - before)

    reads(1)
    reads(800)
    return reads(200)


class TestDrafting:
    def test_writes_documents_without_number_or_entry(self, shop: Company) -> None:
        drafts = (
            Draft(shop.bo, (line("100", quantity="2"), line("10", vat="12"))),
            Draft(shop.eva, (line("1"),), currency="EUR", terms_days=0, exchange=EURO),
        )
        drafted = run_twice(commands.draft_invoices, shop.ctx, drafts=drafts, day=DAY)
        first, second = (shop.look(invoice_id) for invoice_id in drafted.invoice_ids)
        assert (first.kind, first.state, first.number, first.payment_reference) == ("invoice", "draft", None, None)
        assert (first.customer_id, first.party_id, first.currency, first.gross_minor) == (
            *(shop.bo, shop.books.bo, "SEK", 26120),
        )
        assert (second.currency, second.gross_minor, second.issue_date, second.due_date) == ("EUR", 125, None, None)
        assert shop.rows("SELECT count(*) FROM ledger_entry") == [(0,)]
        assert shop.problems() == []

    def test_keeps_lines_and_vat_as_they_were_given(self, shop: Company) -> None:
        shop.draft(line("99.90", quantity="0.333333", description="Third"), line("5", vat="6"), line("7.125", vat="6"))
        kept = shop.rows(
            """
            SELECT position, description, quantity, unit, unit_price, vat_rate, net_minor FROM invoicing_invoiceline
            ORDER BY position
            """
        )
        assert kept == [
            (1, "Third", Decimal("0.333333"), "C62", Decimal("99.9"), 25, 3330),
            (2, "Work", 1, "C62", 5, 6, 500),
            (3, "Work", 1, "C62", Decimal("7.125"), 6, 713),
        ]
        assert shop.rows("SELECT vat_rate, base_minor, vat_minor FROM invoicing_vattotal ORDER BY 1") == [
            (6, 1213, 73),
            (25, 3330, 833),
        ]

    def test_of_many_reads_no_more_the_more_there_are(self, shop: Company) -> None:
        assert 200 <= _reads(shop) < _MANY

    def test_of_many_would_read_all_there_are_without_indexes(self, shop: Company) -> None:
        for way in ("indexscan", "indexonlyscan", "bitmapscan"):
            shop.rows(f"SELECT set_config('enable_{way}', 'off', true)")
        assert _reads(shop) > 10 * _MANY

    def test_waits_to_be_issued(self, shop: Company) -> None:
        first, second, third = shop.draft(), shop.draft(), shop.draft()
        shop.issue(second)
        commands.discard(shop.ctx, invoice_ids=(third,))
        with tenant.scope(shop.ctx.tenant_id):
            assert queries.draft_ids() == [first]
            assert [row.id for row in queries.all_invoices()] == [second, first]

    def test_of_nothing_does_nothing(self, shop: Company) -> None:
        assert run_twice(commands.draft_invoices, shop.ctx, drafts=(), day=DAY).invoice_ids == ()

    def test_keeps_the_vat_rates_of_the_day_and_country(self, anna: Ctx) -> None:
        shop = open_shop(anna, country="RO", currency="RON")

        def draft(vat: str, on: date) -> None:
            commands.draft_invoices(shop.ctx, drafts=(Draft(shop.bo, (line("1", vat=vat),)),), day=on)

        draft("19", date(2025, 7, 31))
        draft("21", date(2025, 8, 1))
        for vat, on in (("19", date(2025, 8, 1)), ("21", date(2025, 7, 31)), ("25", DAY)):
            with pytest.raises(BadLine, match=f"{vat}% is no VAT rate of RO on {on}"):
                draft(vat, on)


class TestAGivenReference:
    def test_is_kept_as_payments_are_compared_with_it(self, shop: Company) -> None:
        invoice_id = shop.invoice(payment_reference=" rf18 5390 0754 7034 ")
        with tenant.scope(shop.ctx.tenant_id):
            (row,) = queries.invoices([invoice_id])
        assert row.payment_reference == "RF18539007547034"


class TestADraftRefused:
    def bad(self, shop: Company, case: str) -> Draft:
        return {
            "no such customer": Draft(10**9, (line("1"),)),
            "no lines": Draft(shop.bo, ()),
            "no such rate": Draft(shop.bo, (line("1", vat="23"),)),
            "no description": Draft(shop.bo, (line("1", description=""),)),
            "a price beyond what is kept": Draft(shop.bo, (line("0.3333333"),)),
            "no currency": Draft(shop.bo, (line("1"),), currency="SEX"),
            "a description without end": Draft(shop.bo, (line("1", description="x" * 501),)),
            "a reference without end": Draft(shop.bo, (line("1"),), payment_reference="1" * 36),
            "terms before the issue": Draft(shop.bo, (line("1"),), terms_days=-1),
            "a reference given twice": Draft(shop.bo, (line("1"),), payment_reference="123455"),
            "a reference that is taken": Draft(shop.bo, (line("1"),), payment_reference="1230"),
        }[case]

    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("no such customer", commands.UnknownCustomer),
            ("no lines", BadLine),
            ("no such rate", BadLine),
            ("no description", BadLine),
            ("a price beyond what is kept", BadLine),
            ("no currency", UnknownCurrency),
            ("a description without end", BadLine),
            ("a reference without end", BadDraft),
            ("terms before the issue", BadDraft),
            ("a reference given twice", commands.ReferenceTaken),
            ("a reference that is taken", commands.ReferenceTaken),
        ],
    )
    def test_leaves_nothing_of_the_whole_set(self, shop: Company, case: str, refusal: type[Exception]) -> None:
        shop.invoice(payment_reference="1230")
        before = contents(shop.ctx)
        drafts = (Draft(shop.bo, (line("5"),), payment_reference="123455"), self.bad(shop, case))
        with pytest.raises(refusal):
            commands.draft_invoices(shop.ctx, drafts=drafts, day=DAY)
        assert contents(shop.ctx) == before

    def test_before_the_company_itself_is_registered(self, anna: Ctx) -> None:
        ledger.open_chart(anna)
        with pytest.raises(commands.UnknownCustomer, match="company itself"):
            commands.draft_invoices(anna, drafts=(Draft(1, (line("1"),)),), day=DAY)

    def test_for_another_tenant_s_customer(self, shop: Company, her_shop: Company) -> None:
        with pytest.raises(commands.UnknownCustomer):
            her_shop.draft(customer_id=shop.bo)

    def test_for_a_day_of_which_no_rates_are_known(self, shop: Company) -> None:
        with pytest.raises(NoVatRates):
            commands.draft_invoices(shop.ctx, drafts=(Draft(shop.bo, (line("1"),)),), day=date(1990, 1, 1))

    def test_under_a_used_key_with_another_price(self, shop: Company) -> None:
        ctx = keyed(shop.ctx, "k")
        commands.draft_invoices(ctx, drafts=(Draft(shop.bo, (line("1"),)),), day=DAY)
        with pytest.raises(KeyReused):
            commands.draft_invoices(ctx, drafts=(Draft(shop.bo, (line("2"),)),), day=DAY)


class TestDiscarding:
    def test_takes_drafts_out_for_good(self, shop: Company) -> None:
        first, second = shop.draft(), shop.draft()
        assert run_twice(commands.discard, shop.ctx, invoice_ids=(first, second)).discarded == 2
        assert shop.look(first).state == "discarded"
        with pytest.raises(NotMovable):
            shop.issue(first)
        assert shop.rows("SELECT kind, object_id, from_state, to_state FROM base_statechange ORDER BY id") == [
            ("invoice", first, "draft", "discarded"),
            ("invoice", second, "draft", "discarded"),
        ]

    def test_uses_no_number(self, shop: Company) -> None:
        commands.discard(shop.ctx, invoice_ids=(shop.draft(),))
        assert shop.issue(shop.draft()) == ("F2026-000001",)

    def test_of_an_issued_or_discarded_document_is_refused_for_all(self, shop: Company, her_shop: Company) -> None:
        draft, gone, issued = shop.draft(), shop.draft(), shop.invoice(on=days(0))
        commands.discard(shop.ctx, invoice_ids=(gone,))
        for ids in ((draft, issued), (draft, gone), (draft, 10**9)):
            with pytest.raises(NotMovable):
                commands.discard(shop.ctx, invoice_ids=ids)
        with pytest.raises(NotMovable):
            commands.discard(her_shop.ctx, invoice_ids=(draft,))
        assert shop.look(draft).state == "draft"
