"""Notes of interest and flat sums: computed from the law's tables on what was open on each day, asked for once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from invoicing.company import Company, line
from invoicing.issued_cases import Firm, open_firm
from invoicing.polish import einvoice_of, issued, problems
from kvit.base.command import Ctx
from kvit.invoicing import commands
from kvit.invoicing.domain import charging
from kvit.invoicing.domain.charging import Reduction
from kvit.kernel.late_interest import NoInterestRate, Regime
from kvit.kernel.money import Money
from tables import contents, run_twice

ISSUED = date(2025, 3, 1)


@pytest.fixture
def polish(anna: Ctx) -> Firm:
    return open_firm(anna, "PL")


def late(firm: Firm, price: str, *, due: date) -> int:
    """An invoice without VAT that was due on a day."""
    zero = firm.line(price, rate="0")
    return firm.issue(zero, terms_days=(due - ISSUED).days, on=ISSUED)


def rate_of_march(firm: Firm) -> None:
    rate = commands.NewRate("EUR", "PLN", date(2025, 2, 28), Decimal("4.1575"), "NBP")
    commands.keep_exchange_rates(firm.shop.ctx, rates=(rate,))


class TestANoteOfInterest:
    def test_asks_for_what_the_worked_example_says(self, polish: Firm) -> None:
        """PL-01: 10 000.00 due on 31 March 2025, paid on 30 May: 258.90, and 70 euro by the rate of 28 February."""
        rate_of_march(polish)
        invoice_id = late(polish, "10000", due=date(2025, 3, 31))
        given = {"invoice_id": invoice_id, "through": date(2025, 5, 30)}
        drafted = run_twice(commands.draft_interest_note, polish.shop.ctx, **given)
        assert (drafted.interest_minor, drafted.compensation_minor) == (25890, 29103)
        polish.shop.issue(drafted.invoice_id)
        paper = issued(polish.shop, drafted.invoice_id).paper
        assert [one.net_minor for one in paper.lines] == [25890, 29103]
        assert all(part in paper.lines[0].description for part in ("15.75%", "60 days", "10,000.00"))
        assert "4.1575" in paper.lines[1].description
        assert (paper.period, paper.gross_minor) == ((date(2025, 4, 1), date(2025, 5, 30)), 54993)
        assert problems(einvoice_of(polish.shop, drafted.invoice_id)) == []
        assert polish.shop.problems() == []

    def test_goes_on_where_the_one_before_ended_and_asks_for_the_flat_sum_once(self, polish: Firm) -> None:
        rate_of_march(polish)
        invoice_id = late(polish, "10000", due=date(2025, 3, 31))
        parts = [
            commands.draft_interest_note(polish.shop.ctx, invoice_id=invoice_id, through=day)
            for day in (date(2025, 4, 30), date(2025, 5, 30))
        ]
        assert [one.compensation_minor for one in parts] == [29103, 0]
        assert abs(sum(one.interest_minor for one in parts) - 25890) <= 1
        with pytest.raises(commands.NotLate):
            commands.draft_interest_note(polish.shop.ctx, invoice_id=invoice_id, through=date(2025, 5, 30))
        commands.discard(polish.shop.ctx, invoice_ids=(parts[1].invoice_id,))
        again = commands.draft_interest_note(polish.shop.ctx, invoice_id=invoice_id, through=date(2025, 5, 30))
        assert again.interest_minor == parts[1].interest_minor

    def test_asks_for_interest_on_what_is_open_after_a_payment(self, shop: Company) -> None:
        """1 000 kronor at 10 % for 10 days, then 400 for 5: 2.74 and 0.55."""
        invoice_id = shop.invoice(line("1000", vat="0"), terms_days=0)
        due = shop.look(invoice_id).due_date
        assert due is not None
        shop.books.allocate(shop.item(invoice_id), shop.books.item(-60000), 60000, on=due + timedelta(days=10))
        drafted = commands.draft_interest_note(
            shop.ctx, invoice_id=invoice_id, through=due + timedelta(days=15), has_compensation=False
        )
        assert drafted.interest_minor == 274 + 55

    def test_of_a_consumer_has_no_flat_sum(self, shop: Company) -> None:
        invoice_id = shop.invoice(line("1000", vat="0"), terms_days=0)
        drafted = commands.draft_interest_note(shop.ctx, invoice_id=invoice_id, through=date(2026, 6, 30))
        assert drafted.compensation_minor == 0
        assert issued_notes(shop, drafted.invoice_id) == []

    def test_says_when_a_rate_was_not_compared_with_the_law(self, shop: Company) -> None:
        invoice_id = shop.invoice(line("1000", vat="0"), terms_days=0)
        drafted = commands.draft_interest_note(shop.ctx, invoice_id=invoice_id, through=date(2026, 7, 1))
        (said,) = issued_notes(shop, drafted.invoice_id)
        assert "newer than our last check" in said

    def test_of_a_swedish_business_has_450_kronor(self, anna: Ctx) -> None:
        firm = open_firm(anna, "SE")
        invoice_id = late(firm, "12500", due=date(2025, 3, 31))
        drafted = commands.draft_interest_note(anna, invoice_id=invoice_id, through=date(2025, 5, 15))
        assert (drafted.interest_minor, drafted.compensation_minor) == (16952, 45000)

    def test_of_a_medical_entity_is_by_the_rule_that_is_told(self, polish: Firm) -> None:
        invoice_id = late(polish, "1000", due=date(2025, 3, 31))
        given = {"invoice_id": invoice_id, "through": date(2025, 4, 10), "has_compensation": False}
        medical = commands.draft_interest_note(polish.shop.ctx, regime="PL_B2B_MEDICAL", **given)
        assert medical.interest_minor == 377
        for unknown in ("XX", "SE_6"):
            with pytest.raises(commands.NoInterestRule):
                commands.draft_interest_note(polish.shop.ctx, regime=unknown, **given)

    @pytest.mark.parametrize("case", ["draft", "not due", "no rate", "fee note", "hers"])
    def test_is_refused(self, polish: Firm, her_shop: Company, case: str) -> None:
        ctx, through = polish.shop.ctx, date(2025, 5, 30)
        invoice_id = late(polish, "10000", due=date(2025, 3, 31))
        if case == "draft":
            invoice_id = polish.shop.draft(polish.line("1"))
        if case == "not due":
            through = date(2025, 3, 31)
        if case == "fee note":
            rate_of_march(polish)
            invoice_id = commands.draft_interest_note(ctx, invoice_id=invoice_id, through=through).invoice_id
            polish.shop.issue(invoice_id)
        before = contents(ctx)
        refusal = commands.NoRateForCompensation if case == "no rate" else commands.NotLate
        with pytest.raises(refusal):
            commands.draft_interest_note(
                her_shop.ctx if case == "hers" else ctx, invoice_id=invoice_id, through=through
            )
        assert contents(ctx) == before


def issued_notes(shop: Company, invoice_id: int) -> list[str]:
    """What a note says beside its lines."""
    shop.issue(invoice_id)
    return [note.text for note in issued(shop, invoice_id).paper.content.notes]


class TestInterestOnWhatIsOpen:
    def test_counts_the_day_of_payment_and_nothing_after_all_is_paid(self) -> None:
        first, paid = date(2026, 1, 1), date(2026, 1, 10)
        (found,) = charging.interest(Regime.SE_6, 365000, [Reduction(paid, 365000)], first=first, last=date(2026, 2, 1))
        assert (found.from_date, found.to_date, found.days, found.amount_minor) == (first, paid, 10, 10 * 100)

    def test_counts_what_was_paid_before_it_was_late_not_at_all(self) -> None:
        early = [Reduction(date(2025, 12, 1), 100), Reduction(date(2025, 12, 31), 265000 - 100)]
        (found,) = charging.interest(Regime.SE_6, 365000, early, first=date(2026, 1, 1), last=date(2026, 1, 31))
        assert found.base_minor == 100000

    def test_takes_a_payment_back_with_its_day(self) -> None:
        day = date(2026, 1, 10)
        both = [Reduction(day, 5000), Reduction(day, -5000)]
        found = charging.interest(Regime.SE_6, 365000, both, first=date(2026, 1, 1), last=date(2026, 1, 31))
        assert sum(one.days for one in found) == 31
        assert {one.base_minor for one in found} == {365000}

    def test_needs_a_rate(self) -> None:
        with pytest.raises(NoInterestRate):
            charging.interest(Regime.SE_6, 100, [], first=date(1990, 1, 1), last=date(1990, 2, 1))

    def test_of_a_flat_sum_in_another_currency_is_rounded_half_up(self) -> None:
        found = charging.converted(Money(7000, "EUR"), "PLN", Decimal("4.15755"), date(2026, 1, 1), "NBP")
        assert found.asked == Money(29103, "PLN")
