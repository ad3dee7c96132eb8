"""What leads to documents: money on estimates, agreements on self-billing, contracts, orders; and what comes in."""

from datetime import date
from decimal import Decimal

import pytest

from invoicing.company import DAY, Company, days
from invoicing.polish import BO_NIP, einvoice_of, open_polish, partner, problems, work
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.formats import einvoice
from kvit.formats.einvoice.model import FaKind
from kvit.formats.einvoice.model import Kind as Code
from kvit.invoicing import commands, queries
from kvit.invoicing.commands import issuing
from kvit.invoicing.domain import Draft, Kind
from kvit.invoicing.domain.contracts import BadContract, NewContract, terms
from tables import contents, run_twice


@pytest.fixture
def polish(anna: Ctx) -> Company:
    """A Polish company."""
    return open_polish(anna)


def estimate(shop: Company) -> int:
    """1 000.00 at 23 % and 100.00 at 8 %: 1 338.00 with VAT."""
    draft = Draft(shop.bo, (work("1000"), work("100", vat="8")), kind=Kind.ESTIMATE)
    (invoice_id,) = commands.draft_invoices(shop.ctx, drafts=(draft,), day=DAY).invoice_ids
    assert shop.issue(invoice_id) == ("PF2026-000001",)
    return invoice_id


def pay(shop: Company, estimate_id: int, amount_minor: int, *, on: date = DAY) -> commands.EstimateBilled:
    item_id = shop.books.item(-amount_minor, currency="PLN")
    return commands.take_advance(shop.ctx, estimate_id=estimate_id, item_id=item_id, received_date=on)


class TestAnEstimate:
    def test_is_no_claim_but_can_be_paid(self, polish: Company) -> None:
        estimate_id = estimate(polish)
        assert polish.rows("SELECT count(*) FROM ledger_entry") == [(0,)]
        assert polish.look(estimate_id).payment_reference
        with tenant.scope(polish.ctx.tenant_id):
            (waiting,) = queries.open_estimates()
        assert (waiting.payable_minor, waiting.paid_minor) == (133800, 0)
        assert polish.problems() == []

    def test_that_is_paid_becomes_an_invoice_that_is_settled(self, polish: Company) -> None:
        billed = pay(polish, estimate(polish), 133800)
        assert (billed.kind, billed.number, billed.settled_minor) == (Kind.INVOICE, "F2026-000001", 133800)
        assert polish.open(billed.invoice_id) == {}
        assert problems(einvoice_of(polish, billed.invoice_id)) == []
        assert polish.problems() == []

    def test_that_is_paid_in_parts_becomes_advance_invoices_and_a_final_one(self, polish: Company) -> None:
        estimate_id = estimate(polish)
        first, second = pay(polish, estimate_id, 50000), pay(polish, estimate_id, 33333, on=days(1))
        assert (first.kind, first.number) == (Kind.ADVANCE_INVOICE, "FA2026-000001")
        advance = einvoice_of(polish, first.invoice_id)
        assert (advance.kind, advance.totals.due_minor) == (Code.ADVANCE, 50000)
        assert advance.polish is not None
        assert advance.polish.order is not None
        last = pay(polish, estimate_id, 133800 - 83333 + 100, on=days(2))
        assert (last.kind, last.number, last.settled_minor) == (Kind.FINAL_INVOICE, "FE2026-000001", 50467)
        final = einvoice_of(polish, last.invoice_id)
        assert final.polish is not None
        assert final.polish.kind is FaKind.FINAL
        assert [one.number for one in final.preceding] == ["FA2026-000001", "FA2026-000002"]
        # each rate is taxed once: bases of advances and final invoice make the estimate's
        bases: dict[Decimal | None, int] = {}
        for invoice_id in (first.invoice_id, second.invoice_id, last.invoice_id):
            for row in einvoice_of(polish, invoice_id).vat:
                bases[row.rate] = bases.get(row.rate, 0) + (row.base_minor or 0)
        assert bases == {Decimal(23): 100000, Decimal(8): 10000}
        for invoice_id in (first.invoice_id, last.invoice_id):
            assert [p for s in ("ubl", "fa3") for p in problems(einvoice_of(polish, invoice_id), syntax=s)] == []
        assert polish.books.balance("advances", "PLN") == 0
        assert polish.books.balance("sales", "PLN") == -110000
        assert abs(polish.books.balance("output_vat", "PLN") + 23800) <= 3
        assert polish.books.balance("receivable", "PLN") == -100, "what is beyond the estimate stays the customer's"
        assert polish.problems() == []

    def test_is_invoiced_when_the_supply_is_made(self, polish: Company) -> None:
        estimate_id = estimate(polish)
        pay(polish, estimate_id, 50000)
        billed = commands.invoice_estimate(polish.ctx, estimate_id=estimate_id, issue_date=days(5))
        assert polish.open(billed.invoice_id) == {(billed.invoice_id, "debit"): 83800}
        with pytest.raises(commands.EstimateRefused, match="already"):
            commands.invoice_estimate(polish.ctx, estimate_id=estimate_id, issue_date=days(6))
        with pytest.raises(commands.EstimateRefused, match="already"):
            pay(polish, estimate_id, 100)

    def test_takes_the_same_money_once(self, polish: Company) -> None:
        estimate_id = estimate(polish)
        item_id = polish.books.item(-50000, currency="PLN")
        given = {"estimate_id": estimate_id, "item_id": item_id, "received_date": DAY}
        run_twice(commands.take_advance, polish.ctx, **given)
        with pytest.raises(commands.EstimateRefused, match="has been used"):
            commands.take_advance(polish.ctx, **given)  # type: ignore[arg-type]

    def test_takes_no_money_of_another_customer_or_tenant(self, polish: Company, her_shop: Company) -> None:
        estimate_id, item_id = estimate(polish), polish.books.item(-100, party_id=polish.books.eva, currency="PLN")
        with pytest.raises(commands.EstimateRefused):
            commands.take_advance(polish.ctx, estimate_id=estimate_id, item_id=item_id, received_date=DAY)
        with pytest.raises(commands.EstimateRefused):
            commands.take_advance(her_shop.ctx, estimate_id=estimate_id, item_id=item_id, received_date=DAY)


class TestSelfBilling:
    @pytest.fixture
    def ewa(self, polish: Company) -> int:
        """The supplier."""
        return partner(polish)

    def agree(self, shop: Company, ewa: int) -> commands.Agreed:
        return commands.agree_on_self_billing(
            shop.ctx, supplier_id=ewa, prefix="SB-EVA-", from_date=DAY, acceptance="silent after 7 days"
        )

    def drafts(self, shop: Company, ewa: int, count: int) -> tuple[int, ...]:
        one = commands.SelfBilledDraft(ewa, (work("100"),), "PLN")
        return commands.draft_self_billed(shop.ctx, drafts=(one,) * count, day=DAY).invoice_ids

    def test_numbers_in_the_supplier_s_own_series_and_owes_it(self, polish: Company, ewa: int) -> None:
        self.agree(polish, ewa)
        ids = self.drafts(polish, ewa, 2)
        assert polish.issue(*ids) == ("SB-EVA-2026-000001", "SB-EVA-2026-000002")
        found = einvoice_of(polish, ids[0])
        assert (found.kind, found.seller.vat_number, found.buyer.vat_number) == (
            *(Code.SELF_BILLED, "PL7740001454", "PL5260250274"),
        )
        assert any("samofakturowanie" in note.text for note in found.notes)
        assert found.polish is not None
        assert found.polish.self_billed
        assert polish.open(*ids) == {(ids[0], "credit"): 12300, (ids[1], "credit"): 12300}
        assert (polish.books.balance("payable", "PLN"), polish.books.balance("input_vat", "PLN")) == (-24600, 4600)
        assert [p for s in ("ubl", "fa3") for p in problems(found, syntax=s)] == []
        assert polish.problems() == []

    def test_is_credited_in_a_series_of_its_own(self, polish: Company, ewa: int) -> None:
        self.agree(polish, ewa)
        (invoice_id,) = self.drafts(polish, ewa, 1)
        polish.issue(invoice_id)
        note = polish.credit(invoice_id, work("40"))
        assert polish.issue(note) == ("SB-EVA-K2026-000001",)
        assert einvoice_of(polish, note).kind == Code.SELF_BILLED_CREDIT_NOTE
        assert polish.open(invoice_id, note) == {(invoice_id, "credit"): 7380}
        assert polish.problems() == []

    def test_needs_an_agreement_in_force(self, polish: Company, ewa: int) -> None:
        with pytest.raises(commands.NoAgreement):
            self.drafts(polish, ewa, 1)
        agreed = self.agree(polish, ewa)
        commands.end_agreement(polish.ctx, agreement_id=agreed.agreement_id, to_date=DAY)
        ids = self.drafts(polish, ewa, 1)
        assert polish.issue(*ids) == ("SB-EVA-2026-000001",)
        with pytest.raises(commands.NoAgreement):
            commands.draft_self_billed(
                polish.ctx, drafts=(commands.SelfBilledDraft(ewa, (work("100"),), "PLN"),), day=days(1)
            )

    def test_is_not_issued_after_the_agreement_s_last_day(self, polish: Company, ewa: int) -> None:
        """Though its series is open; what was issued in time can still be corrected."""
        agreed = self.agree(polish, ewa)
        first, late = self.drafts(polish, ewa, 2)
        polish.issue(first)
        commands.end_agreement(polish.ctx, agreement_id=agreed.agreement_id, to_date=DAY)
        note = polish.credit(first, work("40"))
        with pytest.raises(commands.NoAgreement, match=str(days(1))):
            polish.issue(late, on=days(1))
        assert polish.issue(note, on=days(1)) == ("SB-EVA-K2026-000001",)
        assert polish.issue(late) == ("SB-EVA-2026-000002",)

    def test_would_be_issued_after_it_without_the_check(
        self, polish: Company, ewa: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: only who drafts looks at the agreement."""
        agreed = self.agree(polish, ewa)
        (late,) = self.drafts(polish, ewa, 1)
        commands.end_agreement(polish.ctx, agreement_id=agreed.agreement_id, to_date=DAY)
        monkeypatch.setattr(issuing, "check_agreed", lambda supplier_ids, day: None)
        assert polish.issue(late, on=days(1)) == ("SB-EVA-2026-000001",)

    @pytest.mark.parametrize("case", ["twice", "taken", "empty", "hers", "own"])
    def test_is_not_agreed_on_so(self, polish: Company, her_shop: Company, ewa: int, case: str) -> None:
        if case in ("twice", "taken"):
            self.agree(polish, ewa)
        given = {"supplier_id": ewa, "prefix": "X-", "from_date": DAY, "acceptance": "silent"}
        if case == "taken":
            given |= {"supplier_id": polish.books.bo, "prefix": "SB-EVA-"}
        if case == "empty":
            given |= {"prefix": " "}
        if case == "own":
            given |= {"supplier_id": polish.own}
        ctx = her_shop.ctx if case == "hers" else polish.ctx
        with pytest.raises(commands.AgreementRefused):
            commands.agree_on_self_billing(ctx, **given)  # type: ignore[arg-type]

    def test_in_a_batch_leaves_no_gap_with_any_supplier(self, polish: Company) -> None:
        from kvit.parties import commands as parties
        from kvit.parties.domain.register import NewParty, PartyKind

        new = [NewParty(PartyKind.COMPANY, f"Partner {n}", "PL") for n in range(30)]
        ids = parties.register_parties(polish.ctx, parties=new).party_ids
        for n, party_id in enumerate(ids):
            commands.agree_on_self_billing(
                polish.ctx, supplier_id=party_id, prefix=f"P{n}/", from_date=DAY, acceptance="silent"
            )
        drafts = tuple(commands.SelfBilledDraft(ids[n % 30], (work("10"),), "PLN") for n in range(150))
        drafted = commands.draft_self_billed(polish.ctx, drafts=drafts, day=DAY).invoice_ids
        numbers = polish.issue(*drafted)
        assert sorted(numbers) == sorted(f"P{n}/2026-{k:06d}" for n in range(30) for k in range(1, 6))
        assert polish.problems() == []


class TestAContract:
    def sign(self, shop: Company, **given: object) -> int:
        new = NewContract(shop.bo, "U-1", date(2026, 1, 31), (work("100"),), **given)  # type: ignore[arg-type]
        return run_twice(commands.sign_contract, shop.ctx, contract=new).contract_id

    def draft(self, shop: Company, through: date) -> tuple[int, ...]:
        return commands.draft_due_contracts(shop.ctx, through=through, day=DAY).invoice_ids

    def test_is_invoiced_once_for_each_period(self, polish: Company) -> None:
        self.sign(polish)
        first = self.draft(polish, date(2026, 3, 1))
        assert len(first) == 2
        assert self.draft(polish, date(2026, 3, 1)) == ()
        polish.issue(*first)
        found = [einvoice_of(polish, invoice_id) for invoice_id in first]
        assert [(one.period.start, one.period.end) for one in found if one.period] == [
            (date(2026, 1, 31), date(2026, 2, 27)),
            (date(2026, 2, 28), date(2026, 3, 30)),
        ]
        assert {one.contract for one in found} == {"U-1"}

    def test_gives_a_period_free_with_its_discarded_draft(self, polish: Company) -> None:
        self.sign(polish)
        drafts = self.draft(polish, date(2026, 2, 1))
        commands.discard(polish.ctx, invoice_ids=drafts)
        assert len(self.draft(polish, date(2026, 2, 1))) == 1

    def test_is_dearer_from_the_period_after_its_index(self, polish: Company) -> None:
        contract_id = self.sign(polish)
        commands.index_contract(
            polish.ctx, contract_id=contract_id, from_date=date(2026, 2, 10), percent=Decimal("3.6"), reason="GUS"
        )
        drafts = self.draft(polish, date(2026, 3, 1))
        assert [polish.look(one).gross_minor for one in drafts] == [12300, 12743]

    def test_ends_after_its_notice_and_is_invoiced_in_part_then(self, polish: Company) -> None:
        contract_id = self.sign(polish)
        with pytest.raises(commands.ContractRefused, match="2026-04-01 at the earliest"):
            commands.give_notice(polish.ctx, contract_id=contract_id, given_date=DAY, end_date=date(2026, 3, 31))
        commands.give_notice(polish.ctx, contract_id=contract_id, given_date=DAY, end_date=date(2026, 4, 14))
        drafts = self.draft(polish, date(2027, 1, 1))
        # 31 March to 14 April are 15 of 30 days
        assert [polish.look(one).gross_minor for one in drafts] == [12300, 12300, 6150]
        assert self.draft(polish, date(2028, 1, 1)) == ()

    def test_in_arrears_is_invoiced_on_the_last_day(self) -> None:
        given = {"every_months": 3, "is_in_advance": False}
        start = date(2026, 1, 1)
        assert list(terms(start, None, through=date(2026, 3, 30), **given)) == []  # type: ignore[arg-type]
        (term,) = terms(start, None, through=date(2026, 3, 31), **given)  # type: ignore[arg-type]
        assert (term.start_date, term.end_date, term.share) == (start, date(2026, 3, 31), 1)

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"every_months": 0}, BadContract),
            ({"end_date": date(2026, 1, 1)}, BadContract),
            ({"notice_days": -1}, BadContract),
        ],
    )
    def test_that_cannot_be_is_refused(
        self, polish: Company, given: dict[str, object], refusal: type[Exception]
    ) -> None:
        before = contents(polish.ctx)
        with pytest.raises(refusal):
            self.sign(polish, **given)
        assert contents(polish.ctx) == before

    def test_of_another_tenant_is_not_touched(self, polish: Company, her_shop: Company) -> None:
        contract_id = self.sign(polish)
        with pytest.raises(commands.ContractRefused):
            commands.index_contract(
                her_shop.ctx, contract_id=contract_id, from_date=DAY, percent=Decimal(1), reason="x"
            )
        assert self.draft(her_shop, date(2027, 1, 1)) == ()


class TestOrders:
    def take(self, shop: Company, *days_: int) -> tuple[int, ...]:
        orders = tuple(commands.NewOrder(shop.bo, f"O-{n}", days(n), (work("10"),)) for n in days_)
        return run_twice(commands.take_orders, shop.ctx, orders=orders).order_ids

    def test_of_a_period_stand_on_one_invoice_once(self, polish: Company) -> None:
        ids = self.take(polish, 0, 1, 40)
        given = {"customer_id": polish.bo, "from_date": DAY, "to_date": days(27), "day": DAY}
        drafted = commands.draft_collective(polish.ctx, **given)  # type: ignore[arg-type]
        assert drafted.order_ids == ids[:2]
        polish.issue(drafted.invoice_id)
        found = einvoice_of(polish, drafted.invoice_id)
        assert ([line.note for line in found.lines], found.totals.net_minor) == (["O-0", "O-1"], 2000)
        with pytest.raises(commands.OrderRefused):
            commands.draft_collective(polish.ctx, **given)  # type: ignore[arg-type]

    def test_make_an_estimate_and_are_free_again_when_it_is_discarded(self, polish: Company) -> None:
        (order_id,) = self.take(polish, 0)
        drafted = commands.estimate_order(polish.ctx, order_id=order_id, day=DAY)
        assert polish.look(drafted.invoice_id).kind == "estimate"
        with pytest.raises(commands.OrderRefused):
            commands.estimate_order(polish.ctx, order_id=order_id, day=DAY)
        commands.discard(polish.ctx, invoice_ids=(drafted.invoice_id,))
        commands.estimate_order(polish.ctx, order_id=order_id, day=DAY)

    def test_of_one_number_are_taken_once(self, polish: Company, her_shop: Company) -> None:
        self.take(polish, 0)
        again = (commands.NewOrder(polish.bo, "O-0", DAY, (work("10"),)),)
        for ctx in (polish.ctx, her_shop.ctx):
            with pytest.raises(commands.OrderRefused):
                commands.take_orders(ctx, orders=again)


class TestAnIncomingInvoice:
    def file(self, shop: Company, **changed: object) -> bytes:
        """What Bo would bill us, as UBL: our own invoice to Bo with its sides turned."""
        from dataclasses import replace

        found = einvoice_of(shop, shop.invoice(work("100")))
        turned = replace(found, seller=found.buyer, buyer=found.seller, **changed)  # type: ignore[arg-type]
        return einvoice.write(einvoice.under(turned, einvoice.EN16931), einvoice.Syntax.UBL)

    def test_becomes_a_payable_of_its_supplier_once(self, polish: Company) -> None:
        file = self.file(polish)
        taken = run_twice(commands.take_in_invoice, polish.ctx, file=file)
        assert (taken.supplier_id, taken.payable_minor) == (polish.books.bo, 12300)
        assert (polish.books.balance("payable", "PLN"), polish.books.balance("purchases", "PLN")) == (-12300, 10000)
        with pytest.raises(commands.TakenInBefore):
            commands.take_in_invoice(polish.ctx, file=file)
        with tenant.scope(polish.ctx.tenant_id):
            (row,) = queries.incoming_invoices(limit=9)
        assert (row.number, row.due_date) == ("F2026-000001", days(30))
        assert polish.problems() == []

    def test_that_credits_is_owed_to_us(self, polish: Company) -> None:
        invoice = einvoice.read(self.file(polish)).reading.invoice
        assert invoice is not None
        from dataclasses import replace

        note = einvoice.write(replace(invoice, kind="381", due_date=None), einvoice.Syntax.UBL)
        assert commands.take_in_invoice(polish.ctx, file=note).payable_minor == -12300
        assert polish.problems() == []

    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("no invoice", commands.UnreadableInvoice),
            ("no supplier", commands.UnknownSupplier),
            ("for another", commands.NotForUs),
        ],
    )
    def test_is_refused(self, polish: Company, case: str, refusal: type[Exception]) -> None:
        file = {
            "no invoice": b"<a/>",
            "no supplier": self.file(polish).replace(BO_NIP.encode(), b"1234563218"),
            "for another": self.file(polish).replace(b"5260250274", b"1234563218"),
        }[case]
        before = contents(polish.ctx)
        with pytest.raises(refusal):
            commands.take_in_invoice(polish.ctx, file=file)
        assert contents(polish.ctx) == before

    def test_that_the_ledger_does_not_owe_is_found(self, polish: Company) -> None:
        """The planted fault: the entry is reversed."""
        from kvit.ledger import commands as ledger

        commands.take_in_invoice(polish.ctx, file=self.file(polish))
        ((entry_id,),) = polish.rows("SELECT id FROM ledger_entry WHERE kind = 'purchase'")
        ledger.reverse(polish.ctx, entry_ids=(entry_id,), on_date=DAY)
        assert any("does not owe 12300" in reason for reason in polish.problems())
