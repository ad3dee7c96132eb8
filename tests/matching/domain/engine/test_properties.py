"""What holds for every batch: nothing closed is paid, never more than is open, no order decides, evidence is true."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from kvit.matching.domain.engine import Code, DecisionKind, Decisions, Index, explain, match, matching
from kvit.matching.domain.engine.incoming import MOST_PAYERS
from kvit.matching.domain.engine.ledger import Journal, Ledger
from kvit.matching.domain.shipped_prior import shipped_prior
from open_items import TODAY, Customer, Item, Payment, index_of, ocr, payments_of, town

pytestmark = pytest.mark.timeout(600)  # the first run compiles

ITEMS, CUSTOMERS = town(600)
BY_ID = {item.item_id: item for item in ITEMS}
BY_CUSTOMER = {customer.customer: customer for customer in CUSTOMERS}


def mistyped(reference: str, chance: Random) -> str:
    place = chance.randrange(1, len(reference))
    digit = str((int(reference[place]) + chance.randrange(1, 10)) % 10)
    return chance.choice(
        (
            reference[:place] + digit + reference[place + 1 :],
            reference[:place] + reference[place + 1 :],
            reference[:place] + reference[place] + reference[place:],
        )
    )


def batch(chance: Random, size: int = 500) -> list[Payment]:
    """Payments of all kinds: right, mistyped, silent, in part, of several items, twice, of strangers."""
    payments = []
    for number in range(size):
        item = chance.choice(ITEMS)
        customer = BY_CUSTOMER[item.customer]
        theirs = [other for other in ITEMS if other.customer == item.customer]
        name, account = customer.name, chance.choice(("", customer.accounts[0]))
        kind = chance.choice(("right", "right", "mistyped", "silent", "part", "all", "stranger"))
        amount = {"part": item.amount_minor // 2, "all": sum(other.amount_minor for other in theirs)}.get(
            kind, item.amount_minor
        )
        reference = {
            "mistyped": mistyped(item.reference, chance),
            "silent": "",
            "all": "",
            "stranger": "0704123456",
        }.get(kind, item.reference)
        if kind == "stranger":
            name, account, amount = f"STRANGER {number}", "", chance.randrange(100, 10**6)
        day = TODAY + chance.randrange(5)
        payments.append(Payment(number, amount, text=f"Faktura {reference}", name=name, account=account, day=day))
    return payments


def decide(index: Index, payments: list[Payment]) -> Decisions:
    return match(index, payments_of(payments), prior=shipped_prior())


def paid(index: Index, decisions: Decisions) -> dict[int, list[tuple[int, int]]]:
    """By payment, the automatic links: item id and amount."""
    links: dict[int, list[tuple[int, int]]] = {}
    for row in np.flatnonzero(decisions.decision == DecisionKind.AUTO):
        span = slice(decisions.links[row], decisions.links[row + 1])
        ids = index.item_ids[decisions.item[span]].tolist()
        amounts = decisions.amount_minor[span].tolist()
        links[int(decisions.payment_id[row])] = sorted(zip(ids, amounts, strict=True))
    return links


def differing(one: Decisions, other: Decisions) -> list[str]:
    """The columns in which two sets of decisions are not alike."""
    return [name for name, column in vars(one).items() if not np.array_equal(column, vars(other)[name])]


def beyond_capacity(index: Index, decisions: Decisions) -> list[int]:
    """Items of which more was paid automatically than is open."""
    used: dict[int, int] = {}
    for links in paid(index, decisions).values():
        for item_id, amount in links:
            used[item_id] = used.get(item_id, 0) + amount
    return [item_id for item_id, total in used.items() if total > index.left_minor(item_id)]


def untrue(index: Index, decisions: Decisions, payments: list[Payment]) -> list[str]:
    """Evidence of automatic decisions that does not hold, checked without the engine."""
    wrong = []
    for row in np.flatnonzero(decisions.decision == DecisionKind.AUTO).tolist():
        payment, told = payments[row], explain(decisions, row, index)
        items = [BY_ID[item_id] for item_id in told.items]
        total = sum(item.amount_minor for item in items)
        quoted = "".join(c for c in payment.text if c.isdigit())
        holds = {
            Code.REFERENCE_EQUAL: quoted == items[0].reference,
            Code.AMOUNT_EQUAL: len(items) == 1 and payment.amount_minor == total,
            Code.AMOUNT_PARTIAL: len(items) == 1 and payment.amount_minor < total,
            Code.SUM_EQUAL: len(items) > 1 and payment.amount_minor == total,
            Code.ACCOUNT_KNOWN: payment.account in BY_CUSTOMER[items[0].customer].accounts,
            Code.NAME_EQUAL: payment.name == BY_CUSTOMER[items[0].customer].name,
            Code.DIGIT_WRONG: len(quoted) == len(items[0].reference) and quoted != items[0].reference,
            Code.DIGIT_MISSING: len(quoted) == len(items[0].reference) - 1,
            Code.DIGIT_TOO_MANY: len(quoted) == len(items[0].reference) + 1,
        }
        wrong += [f"{payment}: {reason}" for reason in told.reasons if not holds.get(reason.code, True)]
    return wrong


class TestABatch:
    PAYMENTS = batch(Random(11))

    def test_is_worth_looking_at(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        links = paid(index, decide(index, self.PAYMENTS))
        assert len(links) > 200
        assert any(len(items) > 1 for items in links.values())

    def test_is_decided_the_same_whatever_the_index_decided_before(self) -> None:
        used, fresh = index_of(ITEMS, CUSTOMERS), index_of(ITEMS, CUSTOMERS)
        decide(used, batch(Random(12)))
        assert differing(decide(used, self.PAYMENTS), decide(fresh, self.PAYMENTS)) == []

    def test_would_lose_its_payer_to_marks_that_are_not_old(self) -> None:
        """Planted fault: everybody is marked as noted already for the payment that comes next."""
        used, fresh = index_of(ITEMS, CUSTOMERS), index_of(ITEMS, CUSTOMERS)
        item = ITEMS[7]
        customer = BY_CUSTOMER[item.customer]
        silent = [Payment(1, item.amount_minor, name=customer.name, account=customer.accounts[0])]
        room = used.scratch()
        room.seen[:] = room.bench.stamp[0] + 2 * MOST_PAYERS
        assert differing(decide(used, silent), decide(fresh, silent)) != []

    def test_never_pays_a_closed_item(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        closed = {item.item_id for item in ITEMS[::3]}
        for item_id in closed:
            index.close(item_id)
        decisions = decide(index, self.PAYMENTS)
        assert not closed & set(index.item_ids[decisions.item].tolist())
        assert np.any(decisions.decision == DecisionKind.ACCOUNT)

    def test_never_pays_more_than_is_open(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        assert beyond_capacity(index, decide(index, self.PAYMENTS)) == []

    def test_gives_no_evidence_that_does_not_hold(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        assert untrue(index, decide(index, self.PAYMENTS), self.PAYMENTS) == []

    def test_leaves_the_index_as_it_was(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        before = index.ledger.items.copy()
        decide(index, self.PAYMENTS)
        assert (index.ledger.items == before).all()

    def test_is_decided_alike_whatever_the_order_and_the_ids(self) -> None:
        chance = Random(3)
        plain = index_of(ITEMS, CUSTOMERS)
        shift = {c.customer: 7919 * (c.customer + 1) % 100_003 for c in CUSTOMERS}
        new_id = {item.item_id: 104_729 * (item.item_id + 1) % 1_000_003 for item in ITEMS}
        items = [replace(i, item_id=new_id[i.item_id], customer=shift[i.customer]) for i in ITEMS]
        customers = [replace(c, customer=shift[c.customer]) for c in CUSTOMERS]
        chance.shuffle(items)
        chance.shuffle(customers)
        shuffled = index_of(items, customers)
        expected = {
            payment: sorted((new_id[item], amount) for item, amount in links)
            for payment, links in paid(plain, decide(plain, self.PAYMENTS)).items()
        }
        assert paid(shuffled, decide(shuffled, self.PAYMENTS)) == expected

    def test_loses_no_right_link_to_a_wrong_one_when_unrelated_items_are_added(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        before = paid(index, decide(index, self.PAYMENTS))
        stranger = Customer(90_000, "Wholly Unrelated Oy", ("FI2112345600000785",))
        more = [Item(80_000 + n, 90_000, ocr(3_800_000 + 37 * n), 10_007 + 311 * n) for n in range(300)]
        larger = index_of([*ITEMS, *more], [*CUSTOMERS, stranger])
        after = paid(larger, decide(larger, self.PAYMENTS))
        assert {payment: links for payment, links in after.items() if before.get(payment, links) != links} == {}


class TestTheChecksOfABatch:
    """The checks above turn red when what they protect is broken."""

    PAYMENTS = TestABatch.PAYMENTS

    def test_see_an_item_paid_beyond_what_is_open(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        decisions = decide(index, self.PAYMENTS)
        broken = replace(decisions, amount_minor=decisions.amount_minor + 1)
        assert beyond_capacity(index, broken)

    def test_see_evidence_that_does_not_hold(self) -> None:
        index = index_of(ITEMS, CUSTOMERS)
        decisions = decide(index, self.PAYMENTS)
        summed = np.where(decisions.code == Code.AMOUNT_EQUAL, Code.SUM_EQUAL, decisions.code)
        assert untrue(index, replace(decisions, code=summed.astype(np.int16)), self.PAYMENTS)

    def test_see_an_index_that_was_not_given_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def keep(ledger: Ledger, journal: Journal) -> None:
            return None

        monkeypatch.setattr(matching, "give_back", keep)
        index = index_of(ITEMS, CUSTOMERS)
        before = index.ledger.items.copy()
        decide(index, self.PAYMENTS)
        assert (index.ledger.items != before).any()
