"""What the matching engine decides about single payments, and with which evidence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kvit.matching.adapters.shipped_prior import shipped_prior
from kvit.matching.domain.engine import (
    Code,
    CreditorRule,
    DecisionKind,
    Explanation,
    Index,
    Items,
    ReferenceKind,
    UnknownItem,
    explain,
    match,
)
from kvit.matching.domain.engine.tables import ColumnsDiffer
from open_items import TODAY, Customer, Item, Payment, creditor_reference, index_of, items_of, ocr, payments_of, town

pytestmark = pytest.mark.timeout(600)  # the first run compiles

BO = Customer(5000, "Bo Debtor", ("SE1250000000000000000001",))
EWA = Customer(5001, "Ewa Nowak Transport Sp. z o.o.", ("PL61109010140000071219812874",), "PL99VIRTUAL5001")
RENT = Item(9000, 5000, ocr(3_900_001), 123_457, TODAY - 5)
PHONE = Item(9001, 5000, ocr(3_900_402), 45_613, TODAY - 20)
FREIGHT = Item(9002, 5001, creditor_reference(3_910_017), 881_239, TODAY - 9, ReferenceKind.RF)
REBATE = Item(9003, 5001, creditor_reference(3_910_555), -20_011, TODAY - 3, ReferenceKind.RF)


def index(*more: Item, without: Sequence[Item] = (), rule: CreditorRule | None = None) -> Index:
    items, customers = town()
    ours = [item for item in (RENT, PHONE, FREIGHT, REBATE, *more) if item not in without]
    return index_of([*items, *ours], [*customers, BO, EWA], rule)


def decide(ledger: Index, *payments: Payment) -> list[Explanation]:
    decisions = match(ledger, payments_of(payments), prior=shipped_prior())
    return [explain(decisions, row, ledger) for row in range(len(payments))]


def codes(explanation: Explanation) -> set[Code]:
    return {reason.code for reason in explanation.reasons}


OF_BO = Payment(1, RENT.amount_minor, RENT.reference, name="BO DEBTOR", account=BO.accounts[0])


class TestAPayment:
    def test_with_the_reference_and_the_amount_pays_the_item(self) -> None:
        (decided,) = decide(index(), OF_BO)
        assert (decided.decision, decided.items) == (DecisionKind.AUTO, (RENT.item_id,))
        assert codes(decided) == {Code.REFERENCE_EQUAL, Code.AMOUNT_EQUAL, Code.ACCOUNT_KNOWN}
        assert decided.words == "reference equal, its check digits fit, amount equal, payer's account known"

    def test_with_a_digit_missing_pays_the_item(self) -> None:
        typed = RENT.reference[:6] + RENT.reference[7:]
        (decided,) = decide(index(), replace(OF_BO, structured=typed))
        assert (decided.decision, decided.items) == (DecisionKind.AUTO, (RENT.item_id,))
        assert "digit 7 missing, amount equal" in decided.words
        assert "payer's account known" in decided.words

    def test_in_another_currency_is_not_automatic(self) -> None:
        (decided,) = decide(index(), replace(OF_BO, currency=1))
        assert decided.decision is not DecisionKind.AUTO

    def test_without_a_reference_pays_the_only_item_of_the_payers_with_the_amount(self) -> None:
        (decided,) = decide(index(), replace(OF_BO, structured=""))
        assert decided.items == (RENT.item_id,)
        assert {Code.AMOUNT_EQUAL, Code.ACCOUNT_KNOWN, Code.AMOUNT_RARE} <= codes(decided)

    def test_of_all_open_items_pays_them_all(self) -> None:
        both = RENT.amount_minor + PHONE.amount_minor
        (decided,) = decide(index(), replace(OF_BO, structured="", amount_minor=both))
        assert set(decided.items) == {RENT.item_id, PHONE.item_id}
        assert Code.SUM_EQUAL in codes(decided)

    def test_of_an_item_less_a_credit_note_takes_both(self) -> None:
        paid = FREIGHT.amount_minor + REBATE.amount_minor
        payment = Payment(1, paid, text=f"{FREIGHT.reference} {REBATE.reference}", to_account=EWA.virtual_account)
        (decided,) = decide(index(), payment)
        assert set(decided.items) == {FREIGHT.item_id, REBATE.item_id}
        assert {Code.CREDIT_NOTES_NETTED, Code.VIRTUAL_ACCOUNT} <= codes(decided)

    def test_of_a_part_links_the_part_only(self) -> None:
        payment = replace(OF_BO, amount_minor=50_000)
        decisions = match(index(), payments_of([payment]), prior=shipped_prior())
        assert decisions.amount_minor.tolist() == [50_000]

    def test_that_quotes_a_credit_note_does_not_pay_it(self) -> None:
        quoting = Payment(1, 20_011, REBATE.reference, name="EWA NOWAK TRANSPORT", account=EWA.accounts[0])
        (decided,) = decide(index(), quoting)
        assert REBATE.item_id not in decided.items
        assert decided.decision is not DecisionKind.AUTO

    def test_a_little_short_is_within_the_creditors_rule_and_not_without_it(self) -> None:
        payment = replace(OF_BO, amount_minor=RENT.amount_minor - 1_500)
        (kind,) = decide(index(), payment)
        (strict,) = decide(index(rule=CreditorRule(short_minor=0, short_permille=0)), payment)
        assert Code.AMOUNT_SHORT in codes(kind)
        assert Code.AMOUNT_PARTIAL in codes(strict)

    def test_of_nobody_known_pays_nothing(self) -> None:
        (decided,) = decide(index(), Payment(1, 777_001, text="Lon 2025-09", name="Skatteverket"))
        assert (decided.decision, decided.items, decided.words) == (DecisionKind.NONE, (), "")

    def test_of_one_of_equal_debts_pays_the_oldest_and_says_so(self) -> None:
        younger = Item(9100, 5000, ocr(3_901_111), RENT.amount_minor, TODAY + 5)
        (decided,) = decide(index(younger), replace(OF_BO, structured=""))
        assert decided.items == (RENT.item_id,)
        assert Code.OLDEST_OF_EQUALS in codes(decided)

    def test_that_two_customers_may_owe_asks(self) -> None:
        twin = Customer(5002, "Bo Debtor")
        items, customers = town()
        other = Item(9101, 5002, ocr(3_905_555), RENT.amount_minor, TODAY - 5)
        ledger = index_of([*items, RENT, other], [*customers, BO, twin])
        (decided,) = decide(ledger, Payment(1, RENT.amount_minor, name="Bo Debtor"))
        assert decided.decision is DecisionKind.SUGGEST
        assert decided.rival_items
        assert decided.would_change

    def test_that_quotes_another_invoice_is_less_sure_than_one_that_quotes_nothing(self) -> None:
        fee = Item(9103, 5000, "F20253904567", 66_667, kind=ReferenceKind.FREE)
        silent = replace(OF_BO, structured="", amount_minor=fee.amount_minor)
        other = replace(silent, payment_id=2, text="Faktura F20253987651")
        (alone,), (quoting,) = decide(index(fee), silent), decide(index(fee), other)
        assert alone.items == (fee.item_id,)
        assert quoting.decision is not DecisionKind.AUTO
        assert quoting.confidence < alone.confidence

    def test_from_another_account_than_the_one_known_is_less_sure(self) -> None:
        silent = replace(OF_BO, structured="", account="")
        (unknown,), (other,) = decide(index(), silent), decide(index(), replace(silent, account="SE77NEVERSEEN"))
        assert unknown.items == other.items == (RENT.item_id,)
        assert other.confidence < unknown.confidence

    def test_of_one_of_two_debts_due_on_one_day_pays_the_first_invoice_whatever_its_check_digits(self) -> None:
        first, second = next(
            (creditor_reference(serial), creditor_reference(serial + 1))
            for serial in range(3_920_000, 3_920_100)
            if creditor_reference(serial) > creditor_reference(serial + 1)
        )
        twins = [Item(9110 + n, 5001, text, 71_717, kind=ReferenceKind.RF) for n, text in enumerate((first, second))]
        (decided,) = decide(index(*twins), Payment(1, 71_717, to_account=EWA.virtual_account))
        assert decided.items == (9110,)


class TestABatchOfTwo:
    def test_lets_the_one_that_quotes_its_item_go_first(self) -> None:
        younger = Item(9120, 5000, ocr(3_902_222), RENT.amount_minor, TODAY + 5)
        silent = replace(OF_BO, structured="")
        quoting = replace(OF_BO, payment_id=2, structured=RENT.reference[:6] + RENT.reference[7:], day=TODAY + 1)
        (alone,) = decide(index(younger), silent)
        first, second = decide(index(younger), silent, quoting)
        assert alone.items == second.items == (RENT.item_id,)
        assert first.items == (younger.item_id,)

    def test_pays_all_that_the_other_leaves_open(self) -> None:
        typed = replace(OF_BO, payment_id=2, structured=RENT.reference[:6] + RENT.reference[7:], day=TODAY + 1)
        more = Item(9121, 5000, ocr(3_903_333), 91_919, TODAY + 3)
        rest = replace(OF_BO, structured="", amount_minor=PHONE.amount_minor + more.amount_minor)
        first, second = decide(index(more), rest, typed)
        assert second.items == (RENT.item_id,)
        assert set(first.items) == {PHONE.item_id, more.item_id}
        assert Code.ALL_OPEN in codes(first)


class TestARepeat:
    def test_is_a_duplicate_and_the_first_booking_wins(self) -> None:
        later, earlier = replace(OF_BO, payment_id=2, day=TODAY + 1), OF_BO
        second, first = decide(index(), later, earlier)
        assert (first.decision, second.decision) == (DecisionKind.AUTO, DecisionKind.DUPLICATE)
        assert second.words == "paid already by the payment in row 1"

    def test_of_a_mistyped_reference_is_a_duplicate_too(self) -> None:
        typed = replace(OF_BO, structured=RENT.reference[:6] + RENT.reference[7:])
        first, second = decide(index(), typed, replace(typed, payment_id=2, day=TODAY + 2))
        assert (first.decision, second.decision) == (DecisionKind.AUTO, DecisionKind.DUPLICATE)


class TestAClosedItem:
    def test_sends_its_money_to_its_customers_account(self) -> None:
        ledger = index()
        ledger.close(RENT.item_id)
        (decided,) = decide(ledger, OF_BO)
        assert (decided.decision, decided.items, codes(decided)) == (DecisionKind.ACCOUNT, (), {Code.ITEM_CLOSED})

    def test_does_not_give_its_money_to_a_neighbour(self) -> None:
        neighbour = next(
            Item(9102, 5000, ocr(serial), RENT.amount_minor)
            for serial in range(3_900_002, 3_900_090)
            if sum(a != b for a, b in zip(ocr(serial), RENT.reference, strict=True)) <= 2
        )
        ledger = index(neighbour)
        ledger.close(RENT.item_id)
        (decided,) = decide(ledger, OF_BO)
        assert (decided.decision, decided.items) == (DecisionKind.ACCOUNT, ())

    def test_opens_again(self) -> None:
        ledger = index()
        ledger.close(RENT.item_id)
        ledger.reopen(RENT.item_id, 20_000)
        assert ledger.left_minor(RENT.item_id) == 20_000
        ledger.reopen(RENT.item_id)
        (decided,) = decide(ledger, OF_BO)
        assert decided.items == (RENT.item_id,)


class TestAnIndex:
    def test_takes_items_one_by_one_like_all_at_once(self) -> None:
        later = index(without=(RENT,))
        later.add(items_of([RENT]))
        (decided,) = decide(later, OF_BO)
        assert decided == decide(index(), OF_BO)[0]

    def test_is_as_before_after_a_batch(self) -> None:
        ledger = index()
        before = ledger.ledger.items.copy(), ledger.ledger.customers.copy()
        decide(ledger, OF_BO, replace(OF_BO, payment_id=2, structured="", amount_minor=PHONE.amount_minor))
        assert (ledger.ledger.items == before[0]).all()
        assert (ledger.ledger.customers == before[1]).all()

    def test_refuses_an_item_it_does_not_know(self) -> None:
        with pytest.raises(UnknownItem, match="no item has the id -1"):
            index().close(-1)

    def test_refuses_an_item_of_a_customer_it_does_not_know(self) -> None:
        with pytest.raises(ColumnsDiffer, match="not among the customers"):
            index(replace(RENT, customer=77_777))

    def test_refuses_columns_of_different_lengths(self) -> None:
        columns = items_of([RENT, PHONE])
        with pytest.raises(ColumnsDiffer, match="differ in length"):
            Items(**{**vars(columns), "amount_minor": columns.amount_minor[:1]})
