"""The scenarios: which invoices a payment pays, how much of them, and what must not be matched at all.

exact, typo, noref   one invoice, whole amount; the reference right (in whatever form), with a human error, or not there
                     (of several equal debts of the customer the oldest due is meant)
partial, short, over 10 to 90 % of the amount; a bank fee or up to 2 % too little; rounded up or a reminder fee on top
lump, netting        several invoices of one customer; with a credit note deducted
duplicate, closed    paid again; a well-formed reference of an invoice that is no longer open
unrelated            salaries, taxes, refunds, card settlements, others' OCR numbers
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.matching.batch import MAIN, NOBODY, Batch, Booked
from benchmarks.matching.columns import digits_of, texts_of
from benchmarks.matching.errors import FIGURES
from benchmarks.matching.ledger import PRICE_POINTS, closed_serials
from benchmarks.matching.names import account, on_statement, somebody
from benchmarks.matching.options import SCENARIOS
from benchmarks.matching.payers import LONGEST_TEXT, Habits, Payer, Shown, telephone
from benchmarks.matching.references import KINDS, ocr, printed

BATCH_DAYS = 14
REMINDER_FEE = 6000
SINGLE = ("exact", "typo", "noref", "partial", "short", "over")
Links = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a payment is for, in truth: nobody's where it has to do with no customer."""

    scenario: str
    amount: int
    customer: int
    links: Links = ()


class Drawing:
    """Draws payments until every scenario has its share; no invoice is meant by two payments but by a duplicate."""

    def __init__(self, habits: Habits, chance: np.random.Generator) -> None:
        self.habits, self.rng, self.chance = habits, habits.rng, chance
        items = habits.items
        self.amount: list[int] = items.amount.tolist()
        self.due: list[int] = items.due.tolist()
        self.owner: list[int] = items.owner.tolist()
        self.is_free = bytearray(b"\1") * len(self.amount)
        order = chance.permutation(len(self.amount))
        self.singles: deque[int] = deque(order[items.amount[order] > 0].tolist())
        self.several: list[int] = chance.permutation(np.flatnonzero(np.diff(items.starts) >= 2)).tolist()
        self.paid: list[tuple[float, int, Payer, Shown]] = []
        self.batch = Batch()

    def draw(self) -> Batch:
        """All payments of all scenarios, in their shares; lump sums end where no customer has enough left."""
        many, shares = self.habits.options.payment_count, self.habits.options.shape.scenarios
        quota = {name: round(many * shares[name]) for name in SCENARIOS}
        quota["exact"] += many - sum(quota.values())
        draws: dict[str, Callable[[], None]] = {name: partial(self._single, name) for name in SINGLE}
        draws |= {name: partial(self._several, name) for name in ("lump", "netting")}
        draws |= {"duplicate": self._duplicate, "unrelated": self._unrelated}
        for name, count in quota.items():
            if name == "closed":
                for serial in closed_serials(self.habits.items, count, self.chance).tolist():
                    self._closed(serial)
                continue
            for _ in range(count):
                draws[name]()
        return self.batch

    def _book(self, meant: Meant, payer: Payer, shown: Shown, *, day: float | None = None) -> float:
        """Most who have a virtual account pay to it; now and then the bank keeps the payer's account to itself."""
        rng, virtual = self.rng, self.habits.customers.virtual[meant.customer] if meant.customer >= 0 else ""
        to_account = virtual if virtual and rng.random() < 0.9 else MAIN
        number, signal = payer.account, payer.signal
        if rng.random() >= 0.93:
            number, signal = "", {"iban": "name", "third_known": "none"}.get(signal, signal)
        when = rng.random() * BATCH_DAYS if day is None else day
        self.batch.booked.append(
            Booked(
                day=when,
                amount=meant.amount,
                to_account=to_account,
                payer_name=payer.name,
                payer_account=number,
                structured=shown.structured,
                text=shown.text,
                scenario=meant.scenario,
                given=shown.given,
                signal=signal if to_account == MAIN else "virtual",
                error=shown.error,
                customer=meant.customer,
                links=meant.links,
            )
        )
        return when

    def _single(self, scenario: str) -> None:
        rng, habits = self.rng, self.habits
        item = self._take()
        if scenario == "noref":
            item = self._oldest_equal(item)
        customer, owed = self.owner[item], self.amount[item]
        payer = habits.payer(customer)
        amount = self._amount(scenario, owed)
        if payer.is_foreign and scenario in ("exact", "typo") and rng.random() < 0.5:  # a fee, or another rate
            amount = max(1, int(owed * (1 - rng.uniform(0.0005, 0.02))))
        if scenario == "noref":
            shown = habits.vague(customer)
        else:
            wrong = scenario == "typo" or (scenario != "exact" and rng.random() < 0.05)
            shown = habits.one(item, customer, wrong=wrong, foreign=payer.is_foreign)
        meant = Meant(scenario, amount, customer, ((item, min(owed, amount)),))
        day = self._book(meant, payer, shown)
        if scenario == "exact" and amount == owed:
            self.paid.append((day, item, payer, shown))

    def _take(self) -> int:
        while True:
            item = self.singles.pop()
            if self.is_free[item]:
                self.is_free[item] = 0
                return item

    def _oldest_equal(self, item: int) -> int:
        """Of equal debts of one customer a payment without a reference means the oldest due; `item` is given back."""
        equal = [
            other
            for other in self.habits.items.of_customer(self.owner[item])
            if self.amount[other] == self.amount[item] and (other == item or self.is_free[other])
        ]
        oldest = min(equal, key=lambda other: (self.due[other], other))
        if oldest != item:
            self.is_free[item], self.is_free[oldest] = 1, 0
            self.singles.appendleft(item)
        return oldest

    def _amount(self, scenario: str, owed: int) -> int:
        rng = self.rng
        if scenario == "partial":
            return max(100, int(owed * rng.uniform(0.1, 0.9)) // 100 * 100)
        if scenario == "short":
            fee = rng.randint(100, 3000) if rng.random() < 0.5 else int(owed * rng.uniform(0.001, 0.02)) + 1
            return max(owed - fee, owed // 2 + 1)
        if scenario == "over":
            with_fee = rng.random() < 0.5 or owed % 10000 == 0
            return owed + REMINDER_FEE if with_fee else (owed // 10000 + 1) * 10000
        return owed

    def _several(self, scenario: str) -> None:
        while self.several:
            customer = self.several.pop()
            found = self._set_of(customer, scenario)
            if found:
                break
        else:
            return
        for item in found:
            self.is_free[item] = 0
        payer = self.habits.payer(customer)
        shown = self._some_of(found, customer, scenario, foreign=payer.is_foreign)
        links = tuple((item, self.amount[item]) for item in found)
        self._book(Meant(scenario, sum(amount for _, amount in links), customer, links), payer, shown)

    def _set_of(self, customer: int, scenario: str) -> list[int]:
        """All open ones or the oldest or any of them, or all with one credit note; none where that cannot be."""
        rng, amount = self.rng, self.amount
        free = [item for item in self.habits.items.of_customer(customer) if self.is_free[item]]
        debts = sorted((i for i in free if amount[i] > 0), key=lambda i: (self.due[i], i))
        if scenario == "netting":
            credit = next((i for i in free if amount[i] < 0), None)
            if credit is None or not debts or sum(amount[i] for i in debts) + amount[credit] <= 0:
                return []
            return [*debts, credit]
        if len(debts) < 2:
            return []
        many = len(debts) if rng.random() < 0.5 else min(len(debts), 2 + int(rng.expovariate(0.5)))
        return debts[:many] if rng.random() < 0.7 else rng.sample(debts, many)

    def _some_of(self, found: list[int], customer: int, scenario: str, *, foreign: bool) -> Shown:
        """References: all of them 40 %, half of them 15 %, one 20 %, none; with a credit note all or none."""
        lot = self.rng.random()
        if lot >= 0.75:
            return self.habits.vague(customer)
        if scenario == "netting" or lot < 0.40:
            named = found
        else:
            named = found[: max(1, len(found) // 2)] if lot < 0.55 else found[:1]
        if len(named) == 1:
            return self.habits.one(named[0], customer, wrong=self.rng.random() < 0.05, foreign=foreign)
        return self.habits.several(named, customer)

    def _duplicate(self) -> None:
        if not self.paid:
            return
        first, item, payer, shown = self.paid.pop(self.rng.randrange(len(self.paid)))
        day = min(BATCH_DAYS + 0.99, first + 0.01 + self.rng.random() * 5)
        again = Shown(shown.structured, shown.text, "exact")
        self._book(Meant("duplicate", self.amount[item], self.owner[item]), payer, again, day=day)

    def _closed(self, serial: int) -> None:
        habits, rng = self.habits, self.rng
        customer = rng.randrange(len(habits.customers))
        kinds = habits.customers.kinds[customer : customer + 1]
        styles = habits.customers.styles[customer : customer + 1]
        dense = habits.options.dense
        reference = str(printed(np.array([serial]), kinds=kinds, styles=styles, dense=dense)[1][0])
        payer = habits.payer(customer)
        amount = rng.choice(PRICE_POINTS) if rng.random() < 0.5 else abs(rng.choice(self.amount))
        if rng.random() < 0.6 and KINDS[int(kinds[0])] != "free":
            shown = Shown(reference, "", "closed")
        else:
            shown = Shown("", habits.text(customer, reference, foreign=False), "closed")
        self._book(Meant("closed", amount, customer), payer, shown)

    def _unrelated(self) -> None:
        habits, rng, words = self.habits, self.rng, self.habits.options.words
        amount = rng.choice(PRICE_POINTS) if rng.random() < 0.5 else int(np.exp(rng.gauss(11.7, 1.4))) + 100
        number = "".join(rng.choices(FIGURES, k=rng.randint(4, 12)))
        strange = self._strange_ocr()
        month = f"{rng.randint(1, 9999)}/{rng.randint(1, 12):02d}/2025"
        text = rng.choice(words.junk).format(n=number, o=strange, m=month, d="2025-09", p=telephone(rng))[:LONGEST_TEXT]
        structured = ""
        if rng.random() < 0.70:
            land = rng.choice(words.countries)
            name = rng.choice(words.junk_payers) if rng.random() < 0.5 else somebody(land, words, rng, firms=0.5)
            payer = Payer(on_statement(name, words, rng), account(land, rng), "none", is_foreign=False)
            structured = strange if rng.random() < 0.2 else ""
        else:
            payer = habits.payer(rng.randrange(len(habits.customers)))
        self._book(Meant("unrelated", amount, NOBODY), payer, Shown(structured, text, "none"))

    def _strange_ocr(self) -> str:
        """A well-formed OCR number of somebody else's."""
        width = self.rng.choice([6, 7, 7, 8, 10])
        body = int("".join(self.rng.choices("123456789", k=width)))
        return str(texts_of(ocr(digits_of(np.array([body]), width)))[0])
