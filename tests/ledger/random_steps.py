"""Random work on the books beside a model of them: whatever the commands answer, the model has foretold."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import TypeVar

from kvit.base import tenant
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands, queries
from kvit.ledger.domain import Accounts, Pairing, Posting, PostingLine, Unbalanced
from ledger.books import Books, days

A = TypeVar("A")
Refusal = type[DomainError] | None
CURRENCIES = ("SEK", "PLN")
LAST = days(99)


@dataclass
class Thing:
    """An open item as the model knows it; amounts in minor units."""

    key: tuple[int, str, str]  # party, account, currency: what two items must share
    side: str
    amount: int
    entry_id: int
    subject_id: int
    settled: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.settled


@dataclass
class Walk:
    """Random steps. Each foretells its outcome; `trace` says what was done, for whom a test turns red."""

    books: Books
    random: Random
    items: dict[int, Thing] = field(default_factory=dict)
    allocations: dict[int, Pairing] = field(default_factory=dict)
    dead_allocations: set[int] = field(default_factory=set)
    entries: dict[int, Posting] = field(default_factory=dict)
    dead_entries: set[int] = field(default_factory=set)
    totals: Counter[tuple[str, str]] = field(default_factory=Counter)
    trace: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)

    def run(self, steps: int) -> None:
        """Take so many steps, and compare now and then."""
        acts = [self.post, self.post, self.allocate, self.allocate, self.settle]
        acts += [self.take_back, self.reverse, self.write_off, self.move_due_date, self.checkpoint]
        for _ in range(steps):
            self.random.choice(acts)()
            if self.random.random() < 0.03:
                self.compare()
        self.compare()

    def compare(self) -> None:
        """The books say what the model says, in every way in which they can be asked."""
        books, trace = self.books, self.trace
        assert books.problems() == [], trace
        assert books.open() == books.open(as_of=LAST) == {n: i.left for n, i in self.items.items() if i.left}, trace
        for party_id in (books.bo, books.eva):
            owed: Counter[tuple[str, str]] = Counter()
            for item in self.items.values():
                if item.key[0] == party_id:
                    owed[item.key[1:]] += item.left if item.side == "debit" else -item.left
            expected = {key: total for key, total in owed.items() if total}
            assert books.owed(party_id) == books.owed(party_id, as_of=LAST) == expected, trace
        for (account, currency), total in self.totals.items():
            assert books.balance(account, currency) == books.balance(account, currency, as_of=LAST) == total, trace

    def attempt(self, act: Callable[[], A], what: str, refusal: Refusal) -> A | None:
        """Do it; it must be refused just so, or not at all."""
        self.trace.append(f"{what}: {refusal.__name__ if refusal else 'done'}")
        self.refusals[refusal.__name__ if refusal else "done"] += 1
        answer, met = None, None
        try:
            answer = act()
        except DomainError as error:
            met = type(error)
        assert met is refusal, self.trace
        return answer

    def post(self) -> None:
        """One to three entries; now and then one that does not balance or names no account."""
        postings = [self._posting() for _ in range(self.random.randint(1, 3))]
        refusal: Refusal = None
        if self.random.random() < 0.2:
            refusal = self.random.choice([Unbalanced, commands.UnknownAccount])
            lines = postings[-1].lines
            spoilt = (
                replace(lines[0], amount_minor=lines[0].amount_minor + 5000)
                if refusal is Unbalanced
                else replace(lines[0], account="cash")
            )
            postings[-1] = replace(postings[-1], lines=(spoilt, *lines[1:]))
        posted = self.attempt(lambda: commands.post(self.books.ctx, postings=tuple(postings)), "post", refusal)
        if posted:
            self._learn(posted.entry_ids, postings)

    def allocate(self) -> None:
        """One to three pairings, some too large, some of items that do not belong together."""
        pairings = [Pairing(d, c, self._amount(d, c), self._day()) for d, c in self._pairs()]
        wanted: Counter[int] = Counter()
        for pairing in pairings:
            wanted[pairing.debit_item_id] += pairing.amount_minor
            wanted[pairing.credit_item_id] += pairing.amount_minor
        refusal: Refusal = None
        if any(total > self.items[item_id].left for item_id, total in wanted.items()):
            refusal = commands.OverAllocated
        elif not all(self._fits(p.debit_item_id, p.credit_item_id) for p in pairings):
            refusal = commands.AllocationRefused
        done = self.attempt(
            lambda: commands.allocate(self.books.ctx, pairings=tuple(pairings)), f"allocate {pairings}", refusal
        )
        if done:
            self._settled(done.allocation_ids, pairings)

    def settle(self) -> None:
        """Pairs as far as both are open."""
        pairs, on_date = self._pairs(), self._day()
        left = {item_id: self.items[item_id].left for pair in pairs for item_id in pair}
        pairings = []
        for debit, credit in pairs:
            if amount := min(left[debit], left[credit]):
                left[debit] -= amount
                left[credit] -= amount
                pairings.append(Pairing(debit, credit, amount, on_date))
        fits = all(self._fits(p.debit_item_id, p.credit_item_id) for p in pairings)
        done = self.attempt(
            lambda: commands.settle(self.books.ctx, pairs=tuple(pairs), on_date=on_date),
            f"settle {pairs}",
            None if fits else commands.AllocationRefused,
        )
        if done:
            self._settled(done.allocation_ids, pairings)

    def take_back(self) -> None:
        """One or two allocations, some taken back already."""
        if not self.allocations:
            return
        ids = self.random.sample(sorted(self.allocations), k=min(self.random.randint(1, 2), len(self.allocations)))
        refusal = commands.NotAllocated if self.dead_allocations.intersection(ids) else None
        done = self.attempt(
            lambda: commands.take_back(self.books.ctx, allocation_ids=tuple(ids), on_date=self._day()),
            f"take back {ids}",
            refusal,
        )
        if done:
            self._settled(done.allocation_ids, [self.allocations[i] for i in ids], sign=-1)
            self.dead_allocations.update(ids, done.allocation_ids)

    def reverse(self) -> None:
        """One or two entries, some reversed already, some with something settled."""
        if not self.entries:
            return
        ids = self.random.sample(sorted(self.entries), k=min(self.random.randint(1, 2), len(self.entries)))
        refusal: Refusal = None
        if self.dead_entries.intersection(ids):
            refusal = commands.AlreadyReversed
        elif any(item.settled for item in self.items.values() if item.entry_id in ids):
            refusal = commands.ItemsAllocated
        on_date = self._day()
        done = self.attempt(
            lambda: commands.reverse(self.books.ctx, entry_ids=tuple(ids), on_date=on_date), f"reverse {ids}", refusal
        )
        if done:
            mirrored = [
                replace(p, lines=tuple(replace(line, amount_minor=-line.amount_minor) for line in p.lines))
                for p in (self.entries[i] for i in ids)
            ]
            self._learn(done.entry_ids, mirrored)
            self.dead_entries.update(ids, done.entry_ids)
            for entry_id, reversal_id in zip(ids, done.entry_ids, strict=True):
                self._pair_off(entry_id, reversal_id)

    def write_off(self) -> None:
        """Some of an item, more than is open of it, of a credit, without a reason."""
        if not self.items:
            return
        item_id = self.random.choice(sorted(self.items))
        item, reason = self.items[item_id], self.random.choice(["lost", "lost", "lost", " "])
        amount = self.random.randint(0, item.left + 3)
        refusal: Refusal = None
        if not reason.strip():
            refusal = commands.ReasonMissing
        elif item.side != "debit" or not 0 < amount <= item.left:
            refusal = commands.NothingOpen
        on_date = self._day()
        done = self.attempt(
            lambda: commands.write_off(
                self.books.ctx, item_id=item_id, amount_minor=amount, reason=reason, on_date=on_date
            ),
            f"write {amount} off {item_id}",
            refusal,
        )
        if done:
            party_id, account, currency = item.key
            lines = (
                PostingLine(Accounts.WRITE_OFF, amount, currency),
                PostingLine(account, -amount, currency, party_id=party_id),
            )
            self._learn((done.entry_id,), [Posting(on_date, "write_off", "test", item.subject_id, lines)])
            (credit,) = (n for n, i in self.items.items() if i.entry_id == done.entry_id)
            self._settled((done.allocation_id,), [Pairing(item_id, credit, amount, on_date)])

    def move_due_date(self) -> None:
        """Of some document or none."""
        subject_id = self.random.randint(0, 9)
        done = self.attempt(
            lambda: commands.move_due_dates(
                self.books.ctx, subject_kind="test", subject_id=subject_id, due_date=self._day()
            ),
            f"move {subject_id}",
            None,
        )
        assert done
        assert done.moved == sum(item.subject_id == subject_id for item in self.items.values()), self.trace

    def checkpoint(self) -> None:
        """Sum up what there is."""
        self.attempt(lambda: commands.checkpoint(self.books.ctx), "checkpoint", None)

    def _posting(self) -> Posting:
        """One to three lines of one currency on control accounts, balanced by one or two others."""
        currency = self.random.choice(CURRENCIES)
        lines = [
            PostingLine(
                self.random.choice([Accounts.RECEIVABLE, Accounts.RECEIVABLE, Accounts.PAYABLE]),
                self.random.choice([-1, 1]) * self.random.randint(1, 300),
                currency,
                party_id=self.random.choice([self.books.bo, self.books.eva]),
                due_date=self.random.choice([None, self._day()]),
            )
            for _ in range(self.random.randint(1, 3))
        ]
        total = sum(line.amount_minor for line in lines)
        vat = self.random.choice([1, 17])
        lines += [PostingLine(Accounts.OUTPUT_VAT, vat, currency)]
        lines += [PostingLine(Accounts.SALES, -total - vat, currency)] if total + vat else []
        return Posting(self._day(), "any", "test", self.random.randint(1, 9), tuple(lines))

    def _day(self) -> date:
        return days(self.random.randint(-30, 30))

    def _pairs(self) -> list[tuple[int, int]]:
        """Mostly pairs that can be settled, now and then any two items."""
        able: dict[tuple[tuple[int, str, str], str], list[int]] = defaultdict(list)
        for item_id, item in self.items.items():
            if item.left:
                able[item.key, item.side].append(item_id)
        keys = [key for key, side in able if side == "debit" and (key, "credit") in able]
        pairs = []
        for _ in range(self.random.randint(1, 3)):
            if keys and self.random.random() < 0.95:
                key = self.random.choice(keys)
                pairs.append((self.random.choice(able[key, "debit"]), self.random.choice(able[key, "credit"])))
            elif len(self.items) > 1:
                first, second = self.random.sample(sorted(self.items), k=2)
                pairs.append((first, second))
        return pairs

    def _amount(self, debit: int, credit: int) -> int:
        most = min(self.items[debit].left, self.items[credit].left)
        return self.random.choice([most, self.random.randint(1, most + 2)]) or 1

    def _fits(self, debit: int, credit: int) -> bool:
        d, c = self.items[debit], self.items[credit]
        return d.key == c.key and (d.side, c.side) == ("debit", "credit")

    def _learn(self, entry_ids: Sequence[int], postings: Sequence[Posting]) -> None:
        """The entries are in the books, and their items open."""
        for entry_id, posting in zip(entry_ids, postings, strict=True):
            self.entries[entry_id] = posting
            for line in posting.lines:
                self.totals[line.account, line.currency] += line.amount_minor
            control = [line for line in posting.lines if line.party_id is not None]
            for item, line in zip(self.books.items(entry_id), control, strict=True):
                self.items[item.id] = Thing(
                    (line.party_id or 0, line.account, line.currency),
                    "debit" if line.amount_minor > 0 else "credit",
                    abs(line.amount_minor),
                    entry_id,
                    posting.subject_id,
                )

    def _settled(self, allocation_ids: Sequence[int], pairings: Sequence[Pairing], *, sign: int = 1) -> None:
        for allocation_id, pairing in zip(allocation_ids, pairings, strict=True):
            self.allocations[allocation_id] = pairing
            for item_id in (pairing.debit_item_id, pairing.credit_item_id):
                self.items[item_id].settled += sign * pairing.amount_minor

    def _pair_off(self, entry_id: int, reversal_id: int) -> None:
        """Each item of an entry is settled by the item of its mirrored line."""
        originals, mirrors = (
            [n for n, item in self.items.items() if item.entry_id == wanted] for wanted in (entry_id, reversal_id)
        )
        for original, mirror in zip(originals, mirrors, strict=True):
            debit, credit = (original, mirror) if self.items[original].side == "debit" else (mirror, original)
            with tenant.scope(self.books.ctx.tenant_id):
                allocation_ids = queries.live_allocations([mirror])
            self._settled(allocation_ids, [Pairing(debit, credit, self.items[original].amount, LAST)])
