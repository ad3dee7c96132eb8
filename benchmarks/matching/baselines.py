"""Three ways of matching that peers use, to compare with: exact strings; these and fuzzy ones; numbers found anywhere.

Each is written as kindly as its idea allows: hash tables instead of loops over all invoices, an invoice is paid once,
and an equal amount is asked for where the idea knows amounts at all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz import fuzz, process

from benchmarks.matching.scoring import Answers
from benchmarks.matching.workload import Workload

NEAR_NUMBER, NEAR_NAME = 85, 90  # of 100: one wrong digit of nine is 88
SHORTEST_NUMBER = 5
Found = Iterator[tuple[int, int, float]]  # place of the payment, place of the invoice, confidence


@dataclass(frozen=True)
class Lists:
    """The columns that the baselines read, as plain lists; built once for all three."""

    workload: Workload

    def _column(self, table: str, name: str) -> list[str]:
        values: list[str] = self.workload.tables[table][name].to_pylist()
        return values

    @cached_property
    def references(self) -> list[str]:
        """References in capitals, one per invoice."""
        return [text.upper() for text in self._column("invoices", "reference")]

    @cached_property
    def numbers(self) -> list[str]:
        """Invoice numbers in capitals."""
        return [text.upper() for text in self._column("invoices", "invoice_no")]

    @cached_property
    def amounts(self) -> list[int]:
        """What is owed."""
        found: list[int] = self.workload.column("invoices", "amount").tolist()
        return found

    @cached_property
    def names(self) -> list[str]:
        """The customer's name of every invoice, in capitals."""
        ids = self.workload.column("customers", "customer_id").tolist()
        names = dict(zip(ids, (name.upper() for name in self._column("customers", "name")), strict=True))
        return [names[customer] for customer in self.workload.column("invoices", "customer_id").tolist()]

    @cached_property
    def by_reference(self) -> dict[str, int]:
        """The invoice of each reference."""
        return {reference: place for place, reference in enumerate(self.references)}

    @cached_property
    def by_number(self) -> dict[str, int]:
        """The invoice of each reference and of each invoice number."""
        found = {number: place for place, number in enumerate(self.numbers) if len(number) >= SHORTEST_NUMBER}
        return found | self.by_reference

    @cached_property
    def by_amount(self) -> dict[int, list[int]]:
        """The invoices of each amount."""
        found: dict[int, list[int]] = defaultdict(list)
        for place, amount in enumerate(self.amounts):
            found[amount].append(place)
        return found

    @cached_property
    def payments(self) -> list[tuple[int, str, str, str]]:
        """Amount, structured reference, text and payer of each payment, texts in capitals."""
        amounts = self.workload.column("payments", "amount").tolist()
        texts = (
            [text.upper() for text in self._column("payments", name)]
            for name in ("ref_struct", "ref_text", "payer_name")
        )
        return list(zip(amounts, *texts, strict=True))

    def prepare(self) -> None:
        """Build all of it now, so that it is not counted as matching."""
        for name in ("by_number", "by_amount", "names", "payments"):
            getattr(self, name)


def _exact(lists: Lists, payment: tuple[int, str, str, str]) -> int | None:
    amount, structured, text, _ = payment
    for shown in (structured, text, *text.replace(",", " ").split()):
        place = lists.by_reference.get(shown)
        if place is not None and lists.amounts[place] == amount:
            return place
    return None


def exact(lists: Lists, most: int) -> Found:
    """The reference as printed stands in the field, or as a word of the text, and the amount is equal."""
    paid: set[int] = set()
    for row, payment in enumerate(lists.payments[:most]):
        place = _exact(lists, payment)
        if place is not None and place not in paid:
            paid.add(place)
            yield row, place, 1.0


def exact_and_fuzzy(lists: Lists, most: int) -> Found:
    """As `exact`; else of the invoices of equal amount the one whose reference, or customer's name, is near enough."""
    paid: set[int] = set()
    for row, payment in enumerate(lists.payments[:most]):
        place = _exact(lists, payment)
        score = 100.0
        if place is None:
            place, score = _nearest(lists, payment)
        if place is not None and place not in paid:
            paid.add(place)
            yield row, place, score / 100


def _nearest(lists: Lists, payment: tuple[int, str, str, str]) -> tuple[int | None, float]:
    amount, structured, text, name = payment
    places = lists.by_amount.get(amount, [])
    reference = structured or text
    if reference:
        choices = [lists.references[place] for place in places]
        best = process.extractOne(reference, choices, scorer=fuzz.ratio, score_cutoff=NEAR_NUMBER)
        if best is not None:
            return places[best[2]], best[1]
    choices = [lists.names[place] for place in places]
    best = process.extractOne(name, choices, scorer=fuzz.token_sort_ratio, score_cutoff=NEAR_NAME)
    return (places[best[2]], best[1]) if best is not None else (None, 0.0)


def substring(lists: Lists, most: int) -> Found:
    """An invoice number or reference stands anywhere in the payment; an equal amount is preferred, not asked for."""
    lengths = sorted({len(number) for number in lists.by_number}, reverse=True)
    paid: set[int] = set()
    for row, (amount, structured, text, _) in enumerate(lists.payments[:most]):
        found: list[int] = []
        for shown in (structured, text):
            found += [
                lists.by_number[part]
                for length in lengths
                for at in range(len(shown) - length + 1)
                if (part := shown[at : at + length]) in lists.by_number
            ]
        found = [place for place in found if place not in paid]
        if found:
            place = next((place for place in found if lists.amounts[place] == amount), found[0])
            paid.add(place)
            yield row, place, 1.0


BASELINES: dict[str, tuple[Callable[[Lists, int], Found], int]] = {
    # how it matches, and how many payments are matched at most where that takes long
    "exact match": (exact, 10**9),
    "exact plus rapidfuzz": (exact_and_fuzzy, 3000),
    "naive substring": (substring, 10**9),
}


def answers(workload: Workload, found: Found) -> Answers:
    """What a baseline found, all of it automatic."""
    rows = np.array(list(found), np.float64).reshape(-1, 3)
    payments, invoices = workload.column("payments", "payment_id"), workload.column("invoices", "invoice_id")
    return Answers(
        payments[rows[:, 0].astype(np.int64)],
        invoices[rows[:, 1].astype(np.int64)],
        rows[:, 2].copy(),
        np.ones(len(rows), bool),
    )


def first_payments(workload: Workload, most: int) -> Workload:
    """The same ledger with only the first payments of the batch, and the truth about these."""
    payments = workload.tables["payments"].slice(0, most)
    last = payments.num_rows
    links = workload.tables["truth_links"]
    kept = np.isin(links["payment_id"].to_numpy(), payments["payment_id"].to_numpy())
    truth = workload.tables["truth"].slice(0, last)
    return Workload({**workload.tables, "payments": payments, "truth": truth, "truth_links": links.filter(kept)})
