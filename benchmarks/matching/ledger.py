"""The creditor's side of a workload: customers with their accounts and habits, and the open invoices they owe."""

import random
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from benchmarks.matching import references
from benchmarks.matching.columns import Integers, put_together
from benchmarks.matching.names import account, accounts, firm, on_statement, person, somebody
from benchmarks.matching.options import Options
from benchmarks.matching.words import Country

FIRST_BOOKING = np.datetime64("2025-10-01", "D")
OPEN_SHARE = 0.35  # of the serials in the window; the others are paid and closed
SERIAL_BASE = 3_100_000
PRICE_POINTS = (
    *(4900, 9900, 9900, 14900, 14900, 19900, 19900, 24900, 29900, 34900, 39900, 49900, 59900),
    *(79900, 99900, 99900, 125000, 149900, 187500, 199900, 250000, 500000),
)


@dataclass(frozen=True)
class ThirdParty:
    """Somebody else who tends to pay for a customer, known from earlier payments or not."""

    name: str
    account: str
    is_known: bool


@dataclass(frozen=True)
class History:
    """What earlier confirmed payments taught, row by row: who paid for which customer from where, how often."""

    customer: list[int] = field(default_factory=list)
    account: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def learn(self, customer: int, number: str, name: str, times: int) -> None:
        """One row more."""
        self.customer.append(customer)
        self.account.append(number)
        self.name.append(name)
        self.times.append(times)


@dataclass(frozen=True)
class Customers:
    """Customers by their place."""

    names: list[str]
    numbers: list[str]
    is_company: list[bool]
    country: list[Country]
    virtual: list[str]
    accounts: list[str]
    is_known: list[bool]
    third_parties: dict[int, ThirdParty]
    kinds: Integers
    styles: Integers
    history: History

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Items:
    """Open invoices by their place; `order[starts[c]:starts[c + 1]]` are those of customer `c`."""

    owner: Integers
    serial: Integers
    amount: Integers
    issued: Integers
    due: Integers
    number: pa.LargeStringArray
    reference: pa.LargeStringArray
    order: Integers
    starts: Integers
    window: int

    def of_customer(self, customer: int) -> list[int]:
        """The places of a customer's open invoices."""
        return [int(i) for i in self.order[self.starts[customer] : self.starts[customer + 1]]]


def customers_and_counts(
    options: Options, rng: random.Random, chance: np.random.Generator
) -> tuple[Customers, Integers]:
    """Customers until their open invoices make the number asked for; one and geometric, with a long tail of firms."""
    is_company, counts = _counts(options, chance)
    rows = counts.size
    lands = options.words.countries
    choice = chance.choice(len(lands), rows, p=[land.share for land in lands])
    country = [lands[i] for i in choice]
    found = [
        firm(land, options.words, rng) if company else person(land, rng)
        for land, company in zip(country, is_company, strict=True)
    ]
    own = put_together(
        rows,
        [(at, accounts(land, at.size, chance)) for i, land in enumerate(lands) for at in [np.flatnonzero(choice == i)]],
    )
    virtual = [
        "PL" + "".join(rng.choices("0123456789", k=26)) if lot < options.shape.virtual else ""
        for lot in chance.random(rows)
    ]
    kinds = options.shape.kinds
    customers = Customers(
        names=found,
        numbers=[str(number) for number in (chance.permutation(rows) + 10_000).tolist()],
        is_company=is_company.tolist(),
        country=country,
        virtual=virtual,
        accounts=own.to_pylist(),
        is_known=(chance.random(rows) < 0.60).tolist(),
        third_parties={},
        kinds=chance.choice(len(kinds), rows, p=[kinds[name] for name in references.KINDS]),
        styles=chance.integers(0, references.STYLES, rows),
        history=History(),
    )
    _acquaint(customers, options, rng)
    return customers, counts


def _counts(options: Options, chance: np.random.Generator) -> tuple["np.typing.NDArray[np.bool_]", Integers]:
    rows = options.items  # at least one each, so that many always suffice
    is_company = chance.random(rows) < options.shape.companies
    stay = np.where(is_company, 0.62, 0.35)
    counts = 1 + np.floor(np.log(1 - chance.random(rows)) / np.log(stay)).astype(np.int64)
    counts += np.where(is_company & (chance.random(rows) < 0.02), chance.integers(10, 51, rows), 0)
    together = np.cumsum(counts)
    last = int(np.searchsorted(together, options.items))
    counts = counts[: last + 1]
    counts[-1] -= int(together[last]) - options.items
    return is_company[: last + 1], counts


def _acquaint(customers: Customers, options: Options, rng: random.Random) -> None:
    """Third-party payers, and what confirmed payments taught: one account may stand for many customers."""
    words, lands, learn = options.words, options.words.countries, customers.history.learn
    collective = [(account(lands[0], rng), name) for name in words.collective_payers]
    for customer, (name, land) in enumerate(zip(customers.names, customers.country, strict=True)):
        if customers.is_known[customer]:
            learn(customer, customers.accounts[customer], on_statement(name, words, rng), rng.randint(1, 24))
        if rng.random() >= 0.08:
            continue
        if rng.random() < 0.15:
            number, payer = rng.choice(collective)
        else:
            number = account(land, rng)
            is_relative = not customers.is_company[customer] and rng.random() < 0.6
            relative = f"{rng.choice(land.first)} {name.split()[-1]}"
            payer = relative if is_relative else somebody(land, words, rng, firms=0.5)
        is_known = rng.random() < 0.5
        customers.third_parties[customer] = ThirdParty(payer, number, is_known)
        if is_known:
            learn(customer, number, on_statement(payer, words, rng), rng.randint(1, 12))


def items(options: Options, customers: Customers, counts: Integers, chance: np.random.Generator) -> Items:
    """Open invoices in the order they were issued, their owners in no order."""
    rows = options.items
    window = int(rows / OPEN_SHARE) + 1
    serial = np.sort(chance.choice(window, rows, replace=False)) + SERIAL_BASE
    owner = np.repeat(np.arange(counts.size), counts)
    chance.shuffle(owner)
    order = np.argsort(owner, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])
    issued = (FIRST_BOOKING.astype(np.int64) - _ages(rows, chance)).astype(np.int64)
    number, reference = references.printed(
        serial, kinds=customers.kinds[owner], styles=customers.styles[owner], dense=options.dense
    )
    return Items(
        owner=owner,
        serial=serial,
        amount=_amounts(owner, order, chance),
        issued=issued,
        due=issued + np.array([14, 20, 30])[chance.integers(0, 3, rows)],
        number=number,
        reference=reference,
        order=order,
        starts=starts,
        window=window,
    )


def _ages(rows: int, chance: np.random.Generator) -> Integers:
    return (np.linspace(75, 1, rows) + chance.normal(0, 2, rows)).astype(np.int64)


def _amounts(owner: Integers, order: Integers, chance: np.random.Generator) -> Integers:
    """Minor units: price points, a wide spread of others, many repeated by the customer, one in a hundred a credit."""
    rows = owner.size
    points = np.array(PRICE_POINTS)
    wide = np.maximum(100, np.exp(chance.normal(11.7, 1.2, rows)).astype(np.int64))
    amount = np.where(chance.random(rows) < 0.40, points[chance.integers(0, points.size, rows)], wide)
    amount = np.where(chance.random(rows) < 0.25, amount // 100 * 100 + 100, amount)
    is_first = np.concatenate([[True], np.diff(owner[order]) != 0])
    is_own = is_first | (chance.random(rows) >= 0.35)
    source = np.maximum.accumulate(np.where(is_own, np.arange(rows), 0))
    repeated = np.empty(rows, np.int64)
    repeated[order] = amount[order][source]
    return np.where(chance.random(rows) < 0.01, -(repeated // 4 + 100), repeated)


def closed_serials(found: Items, many: int, chance: np.random.Generator) -> Integers:
    """Serials of the window whose invoices are no longer open."""
    candidates = chance.integers(0, found.window, many * 3 + 50) + SERIAL_BASE
    at = np.searchsorted(found.serial, candidates)
    is_open = found.serial[np.minimum(at, found.serial.size - 1)] == candidates
    closed: Integers = candidates[~is_open][:many]
    if closed.size < many:
        raise ValueError(f"only {closed.size} of {many} closed serials were found")
    return closed
