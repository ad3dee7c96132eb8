"""What the robot decides, as values."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.matching.domain import Candidate, Decision, Payment, decide

INVOICE = Candidate("7001", invoice_id=1, number="F2026-000001", item_id=11, party_id=5, currency="SEK", open_minor=500)
PAYMENT = Payment(1, 500, "SEK", ("7001",))


def of(*candidates: Candidate) -> dict[str, Candidate]:
    return {candidate.reference: candidate for candidate in candidates}


def decided(payment: Payment, *candidates: Candidate) -> Decision:
    (decision,) = decide([payment], of(*candidates))
    return decision


class TestAPayment:
    def test_with_an_invoices_reference_and_its_open_amount_pays_it(self) -> None:
        decision = decided(PAYMENT, INVOICE)
        assert decision.pays == INVOICE
        assert decision.evidence.code == "reference_and_amount"
        assert decision.evidence.words == "reference 7001 and the open amount of F2026-000001 agree"

    @pytest.mark.parametrize(
        ("payment", "code", "words"),
        [
            (replace(PAYMENT, amount_minor=-500), "outgoing", "went out"),
            (replace(PAYMENT, amount_minor=0), "outgoing", "went out"),
            (replace(PAYMENT, keys=()), "no_reference", "no reference"),
            (replace(PAYMENT, keys=("9999",)), "unknown_reference", "9999"),
            (replace(PAYMENT, amount_minor=499), "amount_differs", "4.99 SEK paid, 5.00 SEK open of F2026-000001"),
            (replace(PAYMENT, amount_minor=501), "amount_differs", "5.01 SEK paid, 5.00 SEK open of F2026-000001"),
            (replace(PAYMENT, currency="EUR"), "currency_differs", "paid in EUR, but F2026-000001 is in SEK"),
        ],
    )
    def test_waits_with_a_reason_in_words(self, payment: Payment, code: str, words: str) -> None:
        decision = decided(payment, INVOICE)
        assert (decision.pays, decision.evidence.code) == (None, code)
        assert words in decision.evidence.words

    def test_waits_for_an_invoice_that_is_paid_already(self) -> None:
        decision = decided(PAYMENT, replace(INVOICE, open_minor=0))
        assert (decision.pays, decision.evidence.code) == (None, "already_paid")

    def test_that_names_several_invoices_waits_and_names_them(self) -> None:
        other = replace(INVOICE, reference="7002", number="F2026-000002", item_id=12)
        decision = decided(replace(PAYMENT, keys=("7001", "7002")), INVOICE, other)
        assert (decision.pays, decision.evidence.code) == (None, "several_invoices")
        assert "F2026-000001, F2026-000002" in decision.evidence.words

    def test_that_names_one_invoice_in_two_ways_pays_it(self) -> None:
        same = replace(INVOICE, reference="RF187001")
        paid = decided(replace(PAYMENT, keys=("7001", "RF187001")), INVOICE, same).pays
        assert paid is not None
        assert paid.item_id == INVOICE.item_id

    def test_passes_over_words_that_no_invoice_carries(self) -> None:
        assert decided(replace(PAYMENT, keys=("KUND42", "7001")), INVOICE).pays == INVOICE


class TestTwoPaymentsOfOneInvoice:
    def test_are_taken_in_order_of_booking_so_that_the_first_pays(self) -> None:
        first, second = decide([PAYMENT, replace(PAYMENT, line_id=2)], of(INVOICE))
        assert first.pays == INVOICE
        assert (second.pays, second.evidence.code) == (None, "already_paid")

    def test_do_not_hinder_each_other_where_the_first_is_of_another_amount(self) -> None:
        wrong, right = decide([replace(PAYMENT, amount_minor=1), replace(PAYMENT, line_id=2)], of(INVOICE))
        assert (wrong.pays, right.pays) == (None, INVOICE)


references = st.sampled_from(["7001", "7002", "7003", "7004"])
currencies = st.sampled_from(["SEK", "EUR"])
candidates = st.builds(
    lambda rows: {
        reference: Candidate(reference, number, f"F{number}", 10 + item, 5, currency, open_minor)
        for number, (reference, item, currency, open_minor) in enumerate(rows)
    },
    st.lists(st.tuples(references, st.integers(0, 2), currencies, st.integers(0, 3)), max_size=4),
)
payments = st.lists(
    st.tuples(st.integers(-1, 3), currencies, st.lists(references | st.just("9999"), max_size=3).map(tuple)),
    max_size=12,
).map(lambda rows: [Payment(number, *row) for number, row in enumerate(rows)])


class TestDecisions:
    @given(payments, candidates)
    def test_are_one_per_payment_in_the_order_given(self, of_day: list[Payment], known: dict[str, Candidate]) -> None:
        assert [decision.payment for decision in decide(of_day, known)] == of_day

    @given(payments, candidates)
    def test_never_pay_an_item_twice(self, of_day: list[Payment], known: dict[str, Candidate]) -> None:
        paid = Counter(d.pays.item_id for d in decide(of_day, known) if d.pays is not None)
        assert all(count == 1 for count in paid.values())

    @given(payments, candidates)
    def test_pay_exactly_what_is_open_in_its_currency_under_a_reference_that_was_quoted(
        self, of_day: list[Payment], known: dict[str, Candidate]
    ) -> None:
        for decision in decide(of_day, known):
            if decision.pays is not None:
                paid, payment = decision.pays, decision.payment
                assert (payment.amount_minor, payment.currency) == (paid.open_minor, paid.currency)
                assert payment.amount_minor > 0
                assert paid.reference in payment.keys

    @given(payments, candidates)
    def test_always_say_why(self, of_day: list[Payment], known: dict[str, Candidate]) -> None:
        for decision in decide(of_day, known):
            assert decision.evidence.words
            assert (decision.evidence.code == "reference_and_amount") == (decision.pays is not None)

    @given(payments, candidates, st.integers(0, 12))
    def test_do_not_depend_on_what_is_booked_later(
        self, of_day: list[Payment], known: dict[str, Candidate], first: int
    ) -> None:
        assert decide(of_day, known)[:first] == decide(of_day[:first], known)
