"""Who pays, from where, and what they write: the overlays that all scenarios share."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.matching import errors
from benchmarks.matching.ledger import FIRST_BOOKING, Customers, Items
from benchmarks.matching.names import account, on_statement, somebody
from benchmarks.matching.options import Options
from benchmarks.matching.references import KINDS

LONGEST_TEXT, LONGEST_LIST, LONGEST_STRUCTURED = 140, 420, 35
STRUCTURED = {"ocr": 0.85, "rf": 0.60, "free": 0.0}
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%y%m%d")
FIRST_DAY: dt.date = FIRST_BOOKING.item()


@dataclass(frozen=True, slots=True)
class Payer:
    """Name and account as the bank shows them; `signal` is what they tell of the customer."""

    name: str
    account: str
    signal: str
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the fields for references; `given` tells how right it is, `error` the kind of a wrong one."""

    structured: str
    text: str
    given: str
    error: str = ""


@dataclass(frozen=True)
class Habits:
    """How the payers of these customers pay and write."""

    options: Options
    customers: Customers
    items: Items
    rng: random.Random

    def payer(self, customer: int) -> Payer:
        """The customer, or now and then somebody else; abroad, the bank folds and cuts the name."""
        rng, words, shape = self.rng, self.options.words, self.options.shape
        foreign = rng.random() < shape.foreign
        land = self.customers.country[customer]
        if rng.random() < shape.third_party:
            third = self.customers.third_parties.get(customer)
            if third:
                name = on_statement(third.name, words, rng, foreign=foreign)
                return Payer(name, third.account, "third_known" if third.is_known else "none", foreign)
            name = on_statement(somebody(land, words, rng, firms=0.3), words, rng, foreign=foreign)
            return Payer(name, account(land, rng), "none", foreign)
        name = on_statement(self.customers.names[customer], words, rng, foreign=foreign)
        if rng.random() < 0.92:
            signal = "iban" if self.customers.is_known[customer] else "name"
            return Payer(name, self.customers.accounts[customer], signal, foreign)
        return Payer(name, account(land, rng), "name", foreign)

    def filled(self, template: str, customer: int, reference: str = "") -> str:
        """A text with its distractors: customer number, a day, a telephone number."""
        rng = self.rng
        day = FIRST_DAY - dt.timedelta(days=rng.randint(0, 60))
        return template.format(
            r=reference,
            c=self.customers.numbers[customer],
            d=day.strftime(rng.choice(DAY_FORMATS)),
            p=telephone(rng),
        )[:LONGEST_TEXT]

    def text(self, customer: int, reference: str, *, foreign: bool) -> str:
        """A text that carries a reference, as people of the customer's country write."""
        words = self.options.words
        texts = words.foreign_texts if foreign else self.customers.country[customer].texts
        return self.filled(self.rng.choice(texts), customer, reference)

    def vague(self, customer: int) -> Shown:
        """A payment that names no invoice."""
        return Shown("", self.filled(self.rng.choice(self.customers.country[customer].vague), customer), "none")

    def one(self, item: int, customer: int, *, wrong: bool, foreign: bool) -> Shown:
        """One invoice's reference, right or with a human error, in the structured field or in a text."""
        rng, kind = self.rng, KINDS[self.customers.kinds[customer]]
        reference, error = self.reference(item), ""
        if wrong:
            shown, error = errors.drawn(reference, self.options.errors, rng)
            if error == "other_number":
                shown = rng.choice([self._invoice_number(item, reference), self.customers.numbers[customer]])
            given = "error"
        else:
            shown = errors.rewritten(reference, kind, rng)
            given = "exact" if shown == reference else "format"
        if not foreign and rng.random() < STRUCTURED[kind]:
            return Shown(shown.replace(" ", "")[:LONGEST_STRUCTURED], "", given, error)
        return Shown("", self.text(customer, shown, foreign=foreign), given, error)

    def several(self, shown: Sequence[int], customer: int) -> Shown:
        """A list of references in the text, a few of them with an error."""
        rng, words = self.rng, self.options.words
        kind, error, parts = KINDS[self.customers.kinds[customer]], "", []
        for item in shown:
            part = errors.rewritten(self.reference(item), kind, rng)
            if rng.random() < 0.03:
                part, error = errors.drawn(self.reference(item), self.options.errors, rng)
            parts.append(part)
        text = rng.choice(words.list_openings) + rng.choice(words.list_joints).join(parts)
        return Shown("", text[:LONGEST_LIST], "format", error)

    def reference(self, item: int) -> str:
        """The reference as printed."""
        return str(self.items.reference[item])

    def _invoice_number(self, item: int, reference: str) -> str:
        number = str(self.items.number[item])
        return number if number != reference else str(self.items.serial[item])


def telephone(rng: random.Random) -> str:
    """A mobile number, a distractor of ten digits."""
    return "07" + "".join(rng.choices("0123456789", k=8))
