"""Issuing drafts: books, numbers, references, events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

import patience
from cast import in_threads, keyed, open_company
from invoicing.company import DAY, Company, days, line, open_shop
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused, command
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands, queries
from kvit.invoicing.commands import numbering, writing
from kvit.invoicing.domain import Draft, Kind, calculate
from kvit.kernel.identifiers import rf, se_ocr
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from tables import contents, run_twice


class TestIssuing:
    def test_numbers_posts_and_announces(self, shop: Company) -> None:
        invoice_id = shop.draft(line("100", quantity="2"), line("10", vat="12"))
        issued = run_twice(commands.issue_invoices, shop.ctx, invoice_ids=(invoice_id,), issue_date=DAY)
        assert issued.numbers == ("F2026-000001",)
        row = shop.look(invoice_id)
        assert (row.state, row.number, row.issue_date, row.due_date) == ("issued", "F2026-000001", DAY, days(30))
        (item,) = (i for i in shop.books.items(*ids(shop, "SELECT id FROM ledger_entry")))
        assert (item.account, item.party_id, item.side, item.amount_minor) == (
            *("receivable", shop.books.bo, "debit", 26120),
        )
        assert (item.item_date, item.due_date, item.subject_kind, item.subject_id) == (
            *(DAY, days(30), "invoice", invoice_id),
        )
        assert (shop.books.balance("sales"), shop.books.balance("output_vat")) == (-21000, -5120)
        assert shop.events() == ["InvoicesIssued"]
        assert shop.rows("SELECT body FROM base_event WHERE type = 'invoicing.InvoicesIssued'") == [
            (f'{{"invoice_ids": [{invoice_id}]}}',)
        ]
        assert shop.problems() == []

    def test_of_a_set_answers_in_the_order_asked_and_numbers_in_the_order_drafted(self, shop: Company) -> None:
        first, second, third = shop.draft(), shop.draft(customer_id=shop.eva), shop.draft()
        numbers = run_twice(
            commands.issue_invoices, shop.ctx, invoice_ids=(third, first, second), issue_date=DAY
        ).numbers
        assert numbers == ("F2026-000003", "F2026-000001", "F2026-000002")
        assert shop.look(second).due_date == days(10)
        assert shop.events() == ["InvoicesIssued"]

    def test_finds_documents_by_number_and_reference(self, shop: Company, her_shop: Company) -> None:
        invoice_id = shop.invoice()
        reference = shop.look(invoice_id).payment_reference or ""
        with tenant.scope(shop.ctx.tenant_id):
            assert queries.numbered("F2026-000001") == shop_row(queries.by_references([reference, "x"]))
            assert queries.numbered("F2026-000002") is None
        with tenant.scope(her_shop.ctx.tenant_id):
            assert queries.numbered("F2026-000001") is None
            assert queries.by_references([reference]) == queries.invoices([invoice_id]) == ()

    def test_of_nothing_owed_leaves_no_entry(self, shop: Company) -> None:
        assert shop.issue(shop.draft(line("0"))) == ("F2026-000001",)
        assert shop.rows("SELECT count(*) FROM ledger_entry") == [(0,)]
        assert shop.problems() == []

    def test_of_a_zero_that_hides_vat_posts_the_vat(self, shop: Company) -> None:
        shop.invoice(line("100", vat="25"), line("-125", vat="0"))
        assert (shop.books.balance("sales"), shop.books.balance("output_vat")) == (2500, -2500)
        assert shop.books.open() == {}
        assert shop.problems() == []


def ids(shop: Company, query: str) -> list[int]:
    return [row[0] for row in shop.rows(query)]


def shop_row(found: tuple[queries.InvoiceRow, ...]) -> queries.InvoiceRow:
    (row,) = found
    return row


class TestIssuingRefused:
    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("no such document", NotMovable),
            ("an issued one", NotMovable),
            ("a discarded one", NotMovable),
            ("another tenant's", NotMovable),
            ("one below zero", commands.IssueRefused),
            ("a reference that was taken meanwhile", commands.IssueRefused),
        ],
    )
    def test_leaves_all_of_the_set_as_it_was(self, shop_live: Company, case: str, refusal: type[Exception]) -> None:
        shop = shop_live
        good = shop.draft()
        cases: dict[str, Callable[[], int]] = {
            "no such document": lambda: 10**9,
            "an issued one": shop.invoice,
            "a discarded one": lambda: self.discarded(shop),
            "another tenant's": lambda: open_shop(open_company("Cillas AB")).draft(),
            "one below zero": lambda: shop.draft(line("10"), line("-11")),
            "a reference that was taken meanwhile": lambda: self.outrun(shop),
        }
        bad = cases[case]()
        before = contents(shop.ctx)
        with pytest.raises(refusal):
            shop.issue(good, bad)
        assert contents(shop.ctx) == before
        assert shop.problems() == []

    def discarded(self, shop: Company) -> int:
        invoice_id = shop.draft()
        commands.discard(shop.ctx, invoice_ids=(invoice_id,))
        return invoice_id

    def outrun(self, shop: Company) -> int:
        """Two drafts with one reference; the first is issued."""
        slow, fast = shop.draft(payment_reference="1230"), shop.draft(payment_reference="1230")
        shop.issue(fast)
        return slow

    def test_under_a_used_key_on_another_day(self, shop: Company) -> None:
        invoice_id = shop.draft()
        ctx = keyed(shop.ctx, "k")
        commands.issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=DAY)
        with pytest.raises(KeyReused):
            commands.issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=days(1))


@dataclass(frozen=True)
class DraftedFor:
    """The draft's id."""

    invoice_id: int


@command
def draft_for(ctx: Ctx, *, supplier_id: int, customer_id: int) -> DraftedFor:
    """Draft an invoice in the name of another supplier, as self-billing does."""
    lines = (line("100"),)
    row = writing.DocumentRow(
        kind=Kind.INVOICE,
        supplier_id=supplier_id,
        customer_id=customer_id,
        currency="SEK",
        terms_days=30,
        draft=Draft(customer_id, lines),
        calculated=calculate(lines, "SEK"),
    )
    return DraftedFor(writing.write(ctx, [row])[0])


class TestASeries:
    def test_is_one_for_each_kind_and_year(self, shop: Company) -> None:
        first = shop.invoice(on=date(2026, 12, 31))
        assert shop.issue(shop.draft(), shop.draft(), on=date(2027, 1, 1)) == ("F2027-000001", "F2027-000002")
        assert shop.issue(shop.credit(first), on=date(2026, 12, 31)) == ("K2026-000001",)
        assert shop.issue(shop.draft(), on=date(2026, 12, 31)) == ("F2026-000002",)
        assert shop.problems() == []

    def test_is_the_tenant_s_own(self, shop: Company, her_shop: Company) -> None:
        assert shop.issue(shop.draft()) == her_shop.issue(her_shop.draft()) == ("F2026-000001",)

    def test_of_each_supplier_keeps_its_prefix_through_the_years(self, shop: Company) -> None:
        darek, ewa = (
            parties.register_party(shop.ctx, kind=PartyKind.COMPANY, name=name, country="SE").party_id
            for name in ("Darek AB", "Ewa AB")
        )

        def issue(supplier_id: int, year: int) -> str:
            invoice_id = draft_for(shop.ctx, supplier_id=supplier_id, customer_id=shop.bo).invoice_id
            return shop.issue(invoice_id, on=date(year, 5, 1))[0]

        assert issue(shop.own, 2026) == "F2026-000001"
        assert issue(darek, 2026) == "F2-2026-000001"
        for year in (2027, 2028):
            assert issue(shop.own, year) == f"F{year}-000001"
            assert issue(darek, year) == f"F2-{year}-000001"
        assert issue(ewa, 2028) == "F3-2028-000001"
        assert issue(ewa, 2026) == "F3-2026-000001"
        assert issue(darek, 2026) == "F2-2026-000002"
        assert shop.problems() == []


@pytest.mark.race
class TestSuppliersWhoseFirstInvoicesAreIssuedAtOnce:
    def race(self, shop: Company, patch: pytest.MonkeyPatch) -> list[Any]:
        """Two, to two customers, whose balances keep nobody waiting; each waits for the other after counting."""
        count, both = numbering._suppliers, patience.Meeting(2)

        def count_and_wait(kind: Kind) -> int:
            found = count(kind)
            both.wait()
            return found

        patch.setattr(numbering, "_suppliers", count_and_wait)
        suppliers = [
            parties.register_party(shop.ctx, kind=PartyKind.COMPANY, name=f"P{n} AB", country="SE").party_id
            for n in range(2)
        ]
        ids = [
            draft_for(shop.ctx, supplier_id=supplier, customer_id=customer).invoice_id
            for supplier, customer in zip(suppliers, (shop.bo, shop.eva), strict=True)
        ]
        return in_threads(2, lambda n: shop.issue(ids[n])[0])

    def test_have_prefixes_of_their_own(self, shop_live: Company, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = self.race(shop_live, monkeypatch)
        assert sorted(numbers) == ["F2-2026-000001", "F2026-000001"]
        assert shop_live.problems() == []

    def test_would_claim_the_same_one_without_the_lock(
        self, shop_live: Company, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Unlocked:
            run, violated = staticmethod(rows.run), staticmethod(rows.violated)

            @staticmethod
            def select(query: Any, params: Any = ()) -> list[Any]:
                return [] if "pg_advisory_xact_lock" in query else rows.select(query, params)

        monkeypatch.setattr(numbering, "rows", Unlocked)
        assert any(isinstance(answer, IntegrityError) for answer in self.race(shop_live, monkeypatch))


class TestAReference:
    @pytest.mark.parametrize(("country", "currency"), [("SE", "SEK"), ("PL", "PLN"), ("RO", "RON")])
    def test_is_spread_and_valid_where_the_supplier_is(self, anna: Ctx, country: str, currency: str) -> None:
        shop = open_shop(anna, country=country, currency=currency)
        vat = {"SE": "25", "PL": "23", "RO": "21"}[country]
        invoice_ids = [shop.draft(line("1", vat=vat)) for _ in range(20)]
        shop.issue(*invoice_ids)
        references = [shop.look(invoice_id).payment_reference or "" for invoice_id in invoice_ids]
        identifier = se_ocr if country == "SE" else rf
        assert all(identifier.is_valid(reference) for reference in references)
        assert len({reference[:4] for reference in references}) > 10, "not one after the other"

    def test_that_is_given_is_kept_in_capitals_without_blanks(self, shop: Company) -> None:
        invoice_id = shop.invoice(payment_reference="00017 x")
        assert shop.look(invoice_id).payment_reference == "00017X"

    def test_is_none_on_a_credit_note(self, shop: Company) -> None:
        credit_id = shop.credit(shop.invoice())
        shop.issue(credit_id)
        assert shop.look(credit_id).payment_reference is None

    def test_of_a_discarded_draft_is_free_again(self, shop: Company) -> None:
        commands.discard(shop.ctx, invoice_ids=(shop.draft(payment_reference="1230"),))
        assert shop.look(shop.invoice(payment_reference="1230")).payment_reference == "1230"


class TestTermsOfPayment:
    @pytest.mark.parametrize(("terms_days", "due"), [(None, days(30)), (0, DAY), (14, days(14))])
    def test_are_the_customer_s_or_the_draft_s(self, shop: Company, terms_days: int | None, due: date) -> None:
        assert shop.look(shop.invoice(terms_days=terms_days)).due_date == due
