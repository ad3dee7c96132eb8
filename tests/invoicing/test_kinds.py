"""Documents of every kind: what they post, how they are numbered, and that they are sound e-invoices."""

from datetime import timedelta
from decimal import Decimal

import pytest

from invoicing.company import DAY, Company, days, line
from invoicing.polish import einvoice_of, issued, open_polish, problems, work
from kvit.base.command import Ctx
from kvit.formats import einvoice
from kvit.formats.einvoice.model import Account, Adjustment, Delivery, FaKind, Note, PaymentMeans, PolishLine
from kvit.formats.einvoice.model import Kind as Code
from kvit.invoicing import commands
from kvit.invoicing.domain import BadDraft, BadLine, Content, Draft, DraftLine, Exchange, Exemption, Kind, References
from tables import run_twice

ACCOUNT = Account(number="PL61109010140000071219812874")


@pytest.fixture
def polish(anna: Ctx) -> Company:
    """A Polish company."""
    return open_polish(anna)


def drafted(shop: Company, *lines: DraftLine, **given: object) -> int:
    draft = Draft(shop.bo, lines, **given)  # type: ignore[arg-type]
    return commands.draft_invoices(shop.ctx, drafts=(draft,), day=DAY).invoice_ids[0]


def both(shop: Company, invoice_id: int) -> list[str]:
    """What the rules of EN 16931 and of FA(3) say against a document, written and read again."""
    found = einvoice_of(shop, invoice_id)
    read = einvoice.read(einvoice.write(found, einvoice.Syntax.UBL)).reading.invoice
    assert read is not None
    assert read.totals == found.totals
    return [f"{p.rule} {p.words}" for syntax in ("ubl", "cii", "fa3") for p in problems(found, syntax=syntax)]


class TestAnOrdinaryInvoice:
    def test_is_a_sound_einvoice_with_the_figures_it_was_issued_with(self, polish: Company) -> None:
        invoice_id = polish.invoice(work("100", quantity="1.5"), work("10", vat="8"))
        found = einvoice_of(polish, invoice_id)
        assert (found.kind, found.number, found.currency) == (Code.INVOICE, "F2026-000001", "PLN")
        assert (found.totals.net_minor, found.totals.vat_minor, found.totals.due_minor) == (16000, 3530, 19530)
        assert (found.seller.vat_number, found.buyer.vat_number) == ("PL5260250274", "PL5250008353")
        assert [x.unit for x in found.lines] == ["HUR", "HUR"]
        assert einvoice.calculate(found).totals == found.totals
        assert both(polish, invoice_id) == []

    def test_keeps_its_parties_as_they_stood(self, polish: Company) -> None:
        from kvit.parties import commands as parties

        invoice_id = polish.invoice(work("1"))
        parties.rename_party(polish.ctx, party_id=polish.books.bo, name="Another Name")
        assert einvoice_of(polish, invoice_id).buyer.name != "Another Name"
        assert einvoice_of(polish, polish.invoice(work("1"))).buyer.name == "Another Name"

    def test_carries_all_that_the_standard_knows(self, polish: Company) -> None:
        content = Content(
            notes=(Note(text="Dziękujemy"),),
            delivery=Delivery(name="Magazyn", date=DAY),
            payment_means=(PaymentMeans(code="48"), PaymentMeans(code="30", reference="1", account=ACCOUNT)),
            allowances=(Adjustment(percent=Decimal(10), reason="Rabat", vat_category="S", vat_rate=Decimal(23)),),
            charges=(Adjustment(amount_minor=500, reason="Dostawa", vat_category="S", vat_rate=Decimal(23)),),
        )
        lines = (work("100", allowances=(Adjustment(amount_minor=1000, reason="Upust"),), seller_item="A-1"),)
        invoice_id = drafted(
            polish,
            *lines,
            references=References("B", "O", "C", "P"),
            period=(DAY, days(27)),
            tax_point_date=DAY,
            content=content,
        )
        polish.issue(invoice_id)
        found = einvoice_of(polish, invoice_id)
        # 100 - 10 = 90 on the line; 10 % of it off, 5 on: 86 net
        assert (found.totals.lines_minor, found.totals.allowances_minor, found.totals.charges_minor) == (9000, 900, 500)
        assert (found.totals.net_minor, found.totals.vat_minor, found.totals.gross_minor) == (8600, 1978, 10578)
        assert (found.buyer_reference, found.order, found.contract, found.project) == ("B", "O", "C", "P")
        assert found.period is not None
        assert found.delivery == content.delivery
        assert found.notes[0] == Note(text="Dziękujemy")
        assert polish.books.balance("receivable", "PLN") == 10578
        assert polish.problems() == []
        assert problems(found, syntax="cii") == []

    def test_says_so_when_its_rate_was_not_compared_with_the_law(self, polish: Company) -> None:
        sure, later = polish.invoice(work("1")), polish.draft(work("1"))
        polish.issue(later, on=DAY + timedelta(days=366))
        assert not issued(polish, sure).paper.is_unverified
        assert "rate_unverified" in issued(polish, later).paper.texts
        assert any("newer than our last check" in note.text for note in einvoice_of(polish, later).notes)


class TestWithoutVat:
    @pytest.mark.parametrize(
        ("category", "words"),
        [("AE", "odwrotne obciążenie"), ("K", "Wewnątrzwspólnotowa"), ("G", "Eksport"), ("Z", "")],
    )
    def test_the_words_of_the_law_stand_on_it(self, polish: Company, category: str, words: str) -> None:
        content = Content(delivery=Delivery(date=DAY, address=None)) if category == "K" else None
        if category == "K":
            from kvit.formats.einvoice.model import Address

            content = Content(delivery=Delivery(date=DAY, address=Address(city="Malmö", country="SE")))
        invoice_id = drafted(polish, work("100", vat="0", category=category), content=content)
        polish.issue(invoice_id)
        found = einvoice_of(polish, invoice_id)
        assert (found.totals.vat_minor, found.totals.gross_minor) == (0, 10000)
        assert words in found.vat[0].exemption_reason
        if words:
            assert any(words in note.text for note in found.notes)
        assert problems(found) == []
        assert polish.problems() == []

    def test_an_exemption_says_why_or_is_refused_by_its_rule(self, polish: Company) -> None:
        exempt = work("100", vat="0", category="E")
        with pytest.raises(BadDraft, match="BR-E-10"):
            drafted(polish, exempt)
        why = Content(exemptions=(Exemption(category="E", code="VATEX-EU-132", reason="art. 43 ust. 1"),))
        invoice_id = drafted(polish, exempt, work("10"), content=why)
        polish.issue(invoice_id)
        assert einvoice_of(polish, invoice_id).vat[0].exemption_code == "VATEX-EU-132"
        assert both(polish, invoice_id) == []

    def test_the_reverse_charge_needs_the_buyer_s_vat_number(self, shop: Company) -> None:
        with pytest.raises(BadDraft, match="BR-AE-02"):
            drafted(shop, DraftLine("Work", Decimal(1), Decimal(1), Decimal(0), "h", "AE"))

    @pytest.mark.parametrize(("category", "rate"), [("S", "0"), ("AE", "25"), ("L", "0"), ("X", "0")])
    def test_a_category_goes_with_its_rate(self, shop: Company, category: str, rate: str) -> None:
        with pytest.raises(BadLine):
            drafted(shop, DraftLine("Work", Decimal(1), Decimal(1), Decimal(rate), "h", category))


class TestSplitPayment:
    def line(self, price: str) -> DraftLine:
        return work(price, polish=PolishLine(annex_15=True))

    @pytest.mark.parametrize(("price", "splits"), [("12195.12", False), ("12195.13", True)])
    def test_is_demanded_above_15_000(self, polish: Company, price: str, splits: bool) -> None:
        """12 195.12 and VAT are 15 000.00 exactly."""
        invoice_id = drafted(polish, self.line(price))
        polish.issue(invoice_id)
        found = einvoice_of(polish, invoice_id)
        assert found.polish is not None
        assert found.polish.split_payment is splits
        assert any("mechanizm podzielonej płatności" in note.text for note in found.notes) is splits
        assert both(polish, invoice_id) == []


class TestInAForeignCurrency:
    def test_vat_is_in_zloty_too_by_the_rate_of_the_last_working_day_before(self, polish: Company) -> None:
        """The cast's day is Monday, 2 March 2026: Friday's rate is the one, Monday's is refused."""
        rates = [
            commands.NewRate("EUR", "PLN", day, Decimal(rate), "NBP")
            for day, rate in ((days(-3), "4.2675"), (DAY, "4.3"))
        ]
        kept = run_twice(commands.keep_exchange_rates, polish.ctx, rates=tuple(rates))
        assert kept.kept == 2
        invoice_id = drafted(polish, work("100"), currency="EUR")
        polish.issue(invoice_id)
        found = einvoice_of(polish, invoice_id)
        assert (found.totals.vat_minor, found.totals.vat_accounting_minor) == (2300, 9815)
        assert (found.accounting_currency, found.vat[0].accounting_minor) == ("PLN", 9815)
        assert any("4.2675" in note.text for note in found.notes)
        assert both(polish, invoice_id) == []
        wrong = Exchange(Decimal("4.3"), DAY, "NBP")
        with pytest.raises(BadDraft, match=r"2026-03-02 is not the one"):
            drafted(polish, work("100"), currency="EUR", exchange=wrong)

    def test_it_is_not_drafted_without_a_rate(self, polish: Company) -> None:
        with pytest.raises(BadDraft, match="no exchange rate of EUR"):
            drafted(polish, work("100"), currency="EUR")
        assert drafted(polish, work("100", vat="0"), currency="EUR"), "no VAT, no rate"

    def test_it_is_not_issued_when_the_rate_is_another_by_then(self, polish: Company) -> None:
        rate = Exchange(Decimal("4.2675"), days(-3), "NBP")
        invoice_id = drafted(polish, work("100"), currency="EUR", exchange=rate)
        with pytest.raises(commands.IssueRefused, match="draft it anew"):
            polish.issue(invoice_id, on=days(10))
        told = drafted(polish, work("100"), currency="EUR", exchange=rate, tax_point_date=DAY)
        polish.issue(told, on=days(10))

    @pytest.mark.parametrize("rate", ["0", "-1", "NaN"])
    def test_a_rate_is_a_number_above_zero(self, polish: Company, rate: str) -> None:
        with pytest.raises(commands.RateRefused):
            commands.keep_exchange_rates(polish.ctx, rates=(commands.NewRate("EUR", "PLN", DAY, Decimal(rate), "NBP"),))


class TestRoundingAndPrepaying:
    def test_whole_kronor_are_asked_for_and_owed(self, shop: Company) -> None:
        invoice_id = shop.draft(line("99.70"), rounds_cash=True)
        shop.issue(invoice_id)
        found = issued(shop, invoice_id).paper
        assert (found.gross_minor, found.rounding_minor) == (12463, 37)
        assert shop.open(invoice_id) == {(invoice_id, "debit"): 12500}
        assert shop.books.balance("rounding") == -37
        note = shop.credit(invoice_id)
        shop.issue(note)
        assert shop.open(invoice_id, note) == {}
        assert shop.books.balance("rounding") == 0
        assert shop.problems() == []

    def test_what_was_paid_before_is_settled_with_the_customer_s_advance(self, shop: Company) -> None:
        shop.books.item(-5000)
        invoice_id = shop.draft(line("100"), prepaid_minor=5000)
        shop.issue(invoice_id)
        assert shop.open(invoice_id) == {(invoice_id, "debit"): 7500}
        with pytest.raises(commands.IssueRefused, match="0 of the customer's advances"):
            shop.issue(shop.draft(line("100"), prepaid_minor=100))
        assert shop.problems() == []


class TestACreditNote:
    def test_of_a_document_with_allowances_takes_all_of_it_back(self, polish: Company) -> None:
        content = Content(
            allowances=(Adjustment(amount_minor=1000, reason="R", vat_category="S", vat_rate=Decimal(23)),)
        )
        invoice_id = drafted(polish, work("100"), content=content)
        polish.issue(invoice_id)
        note = polish.credit(invoice_id)
        polish.issue(note)
        found = einvoice_of(polish, note)
        assert (found.kind, found.totals.gross_minor) == (Code.CREDIT_NOTE, 11070)
        assert found.preceding[0].number == "F2026-000001"
        assert polish.open(invoice_id, note) == {}
        assert both(polish, note) == []
        assert polish.problems() == []


class TestAFeeNote:
    def test_is_outside_the_scope_of_vat_and_no_sale(self, polish: Company) -> None:
        invoice_id = drafted(polish, work("40", vat="0"), kind=Kind.FEE_NOTE)
        assert polish.issue(invoice_id) == ("N2026-000001",)
        found = einvoice_of(polish, invoice_id)
        assert (found.kind, found.vat[0].category, found.vat[0].rate) == (Code.DEBIT_NOTE, "O", None)
        assert (found.seller.vat_number, found.buyer.vat_number) == ("", "")
        assert (polish.books.balance("fees", "PLN"), polish.books.balance("sales", "PLN")) == (-4000, 0)
        assert problems(found) == []
        assert polish.problems() == []


class TestACorrection:
    def correct(self, shop: Company, invoice_id: int, *lines: DraftLine) -> int:
        drafted = commands.draft_correction(shop.ctx, invoice_id=invoice_id, reason="Zły wymiar", lines=lines)
        shop.issue(drafted.invoice_id)
        return drafted.invoice_id

    def test_downwards_credits_what_it_corrects(self, polish: Company) -> None:
        invoice_id = polish.invoice(work("100"), work("50", vat="8"))
        correction = self.correct(polish, invoice_id, work("80"), work("50", vat="8"))
        assert polish.look(correction).gross_minor == -2460
        assert polish.open(invoice_id, correction) == {(invoice_id, "debit"): 12300 + 5400 - 2460}
        found = einvoice_of(polish, correction)
        assert (found.kind, [x.net_minor for x in found.lines]) == (Code.CORRECTION, [-10000, 8000])
        assert found.polish is not None
        assert (found.polish.kind, found.polish.correction_reason) == (FaKind.CORRECTION, "Zły wymiar")
        assert [bool(x.polish and x.polish.is_before) for x in found.lines] == [True, False]
        assert both(polish, correction) == []
        assert polish.problems() == []

    def test_upwards_is_a_claim_of_its_own(self, polish: Company) -> None:
        invoice_id = polish.invoice(work("100"))
        correction = self.correct(polish, invoice_id, work("150"))
        assert polish.open(invoice_id, correction) == {(invoice_id, "debit"): 12300, (correction, "debit"): 6150}
        assert polish.problems() == []

    def test_in_sum_zero_moves_what_is_not_equal(self, polish: Company) -> None:
        """100 at 23 % and 113.89 at 8 % are both 123.00."""
        invoice_id = polish.invoice(work("100"))
        correction = self.correct(polish, invoice_id, work("113.89", vat="8"))
        assert polish.look(correction).gross_minor == 0
        assert (polish.books.balance("sales", "PLN"), polish.books.balance("output_vat", "PLN")) == (-11389, -911)
        assert polish.problems() == []

    def test_goes_on_from_the_one_before(self, polish: Company) -> None:
        invoice_id = polish.invoice(work("100"), work("50", vat="8"))
        self.correct(polish, invoice_id, work("80"), work("50", vat="8"))
        second = self.correct(polish, invoice_id, work("80"))
        assert [x.net_minor for x in einvoice_of(polish, second).lines] == [-5000]
        assert polish.open(invoice_id) == {(invoice_id, "debit"): 9840}
        third = commands.draft_correction(polish.ctx, invoice_id=invoice_id, reason="x", lines=())
        polish.issue(third.invoice_id)
        assert polish.open(invoice_id, third.invoice_id) == {}
        assert polish.problems() == []

    @pytest.mark.parametrize("case", ["no reason", "nothing changes", "a draft", "credited", "below nothing", "effect"])
    def test_is_refused(self, polish: Company, case: str) -> None:
        invoice_id = polish.invoice(work("100"))
        given = {"invoice_id": invoice_id, "reason": "x", "lines": (work("50"),)}
        if case == "no reason":
            given["reason"] = " "
        if case == "nothing changes":
            given["lines"] = (work("100"),)
        if case == "a draft":
            given["invoice_id"] = polish.draft(work("1"))
        if case == "credited":
            polish.issue(polish.credit(invoice_id, work("10")))
        if case == "below nothing":
            given["lines"] = (work("-1"),)
        if case == "effect":
            given["effect"] = "9"
        with pytest.raises(commands.NotCorrectable):
            commands.draft_correction(polish.ctx, **given)  # type: ignore[arg-type]

    def test_of_another_tenant_s_document_is_refused(self, polish: Company, her_shop: Company) -> None:
        invoice_id = polish.invoice(work("100"))
        with pytest.raises(commands.NotCorrectable):
            commands.draft_correction(her_shop.ctx, invoice_id=invoice_id, reason="x", lines=(work("50"),))
