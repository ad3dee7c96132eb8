"""Whatever is said about claims, in whatever order: what is open is disputed or not, and no document changes."""

import contextlib
import random
from collections.abc import Callable

import pytest

from invoicing.claims import Talk
from invoicing.company import days, line
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands
from kvit.invoicing.domain import DisputeReason, FactKind, FactState, LineInDispute
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger

STEPS = 60
DOCUMENTS = """
    SELECT to_jsonb(i) - '{due_date}'::text[], (SELECT jsonb_agg(to_jsonb(l) ORDER BY l.position)
                           FROM invoicing_invoiceline l WHERE l.invoice_id = i.id),
           (SELECT jsonb_agg(to_jsonb(v) ORDER BY v.vat_rate) FROM invoicing_vattotal v WHERE v.invoice_id = i.id)
    FROM invoicing_invoice i WHERE i.id = ANY(%s) ORDER BY i.id
"""
BOOKS = "SELECT entry_id, position, amount_minor FROM ledger_line ORDER BY 1, 2"


class _Walk:
    """Somebody says or does something about one of three invoices, by chance."""

    def __init__(self, talk: Talk, seed: int) -> None:
        self.talk, self.chance = talk, random.Random(seed)
        self.invoices = [talk.shop.invoice(line("100"), line("40"), line("7.77")) for _ in range(3)]
        self.allocations: list[int] = []
        self.day = 0

    def step(self) -> bool:
        """One of the things that may be done; whether it only said something."""
        invoice_id = self.chance.choice(self.invoices)
        says: list[Callable[[int], object]] = [
            self.dispute,
            self.pay_said,
            self.promise,
            self.ask,
            self.write,
            self.decide,
        ]
        acts: list[Callable[[int], object]] = [self.pay, self.take_back, self.credit]
        is_said = self.chance.random() < 0.75
        with contextlib.suppress(DomainError):  # the world may say no: what counts is that nothing is half done
            self.chance.choice(says if is_said else acts)(invoice_id)
        self.day += self.chance.randrange(2)
        self.talk.review(*self.invoices, day=self.day)
        return is_said

    def side(self) -> Ctx:
        return self.chance.choice([self.talk.bo, self.talk.anna])

    def dispute(self, invoice_id: int) -> None:
        lines = tuple(LineInDispute(n) for n in (1, 2, 3) if self.chance.random() < 0.3)
        amount = None if lines or self.chance.random() < 0.3 else self.chance.randrange(1, 9_000)
        commands.open_dispute(
            self.side(),
            invoice_id=invoice_id,
            reason=DisputeReason.OTHER,
            words="no",
            lines=lines,
            amount_minor=amount,
        )

    def pay_said(self, invoice_id: int) -> None:
        self.talk.paid(invoice_id, self.chance.randrange(1, 19_000), ctx=self.side())

    def promise(self, invoice_id: int) -> None:
        on = days(self.chance.randrange(9))
        self.talk.promises(invoice_id, self.chance.randrange(1, 19_000), on, ctx=self.side())

    def ask(self, invoice_id: int) -> None:
        self.talk.asks(invoice_id, days(30 + self.chance.randrange(40)), ctx=self.side())

    def write(self, invoice_id: int) -> None:
        commands.remark(self.side(), invoice_id=invoice_id, words="hm")

    def decide(self, invoice_id: int) -> None:
        facts = self.talk.facts(invoice_id)
        if not facts:
            return
        fact = self.chance.choice(facts)
        ctx = self.side()
        if self.chance.random() < 0.3:
            commands.withdraw_fact(ctx, invoice_id=invoice_id, fact_id=fact.id)
        elif fact.kind is FactKind.EXTENSION:
            commands.accept_extension(self.talk.anna, fact_id=fact.id)
        else:
            decision = self.chance.choice([commands.answer_dispute, commands.accept_dispute, commands.reject_dispute])
            decision(self.talk.anna, fact_id=fact.id, words="so be it")

    def pay(self, invoice_id: int) -> None:
        left = self.talk.undisputed(invoice_id).open_minor
        if left:
            amount = self.chance.randrange(1, left + 1)
            self.allocations.append(self.talk.pays(invoice_id, amount, day=self.day))

    def take_back(self, invoice_id: int) -> None:
        if self.allocations:
            allocation = self.allocations.pop(self.chance.randrange(len(self.allocations)))
            ledger.take_back(self.talk.anna, allocation_ids=(allocation,), on_date=days(self.day))

    def credit(self, invoice_id: int) -> None:
        self.talk.shop.issue(self.talk.shop.credit(invoice_id, line("5")))


class TestWhateverIsSaid:
    @pytest.mark.parametrize("seed", range(3))
    def test_splits_what_is_open_and_changes_no_document_and_no_entry(self, talk: Talk, seed: int) -> None:
        walk = _Walk(talk, seed)
        documents = talk.shop.rows(DOCUMENTS, [walk.invoices])
        for _ in range(STEPS):
            books = talk.shop.rows(BOOKS)
            only_said = walk.step()
            assert talk.shop.rows(DOCUMENTS, [walk.invoices]) == documents
            if only_said:
                assert talk.shop.rows(BOOKS) == books
            for invoice_id in walk.invoices:
                found = talk.undisputed(invoice_id)
                assert found.open_minor == talk.shop.open(invoice_id).get((invoice_id, "debit"), 0)
                assert found.disputed_minor + found.undisputed_minor == found.open_minor
                assert 0 <= found.disputed_minor <= found.open_minor
        told = [fact for invoice_id in walk.invoices for fact in talk.facts(invoice_id)]
        assert {fact.kind for fact in told} == set(FactKind)
        assert len({fact.state for fact in told}) >= 4
        late = {FactState.STALE, FactState.BROKEN}
        assert not any(
            fact.state is FactState.OPEN and fact.last_date and fact.last_date < days(walk.day) for fact in told
        )
        assert all(fact.state not in late or fact.last_date is not None for fact in told)
        assert talk.shop.problems() == []

    def test_is_asked_for_a_thousand_claims_by_as_many_statements_as_for_one(self, talk: Talk) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from kvit.base import tenant
        from kvit.invoicing import queries

        ids = [talk.shop.invoice() for _ in range(4)]
        for invoice_id in ids:
            commands.accept_dispute(talk.anna, fact_id=talk.disputes(invoice_id, amount_minor=500).fact_id)
            talk.paid(invoice_id, 500)
            talk.shop.issue(talk.shop.credit(invoice_id, line("1")))
        counts = []
        for asked in (ids[:1], ids):
            with tenant.scope(talk.anna.tenant_id), CaptureQueriesContext(connection) as asked_for:
                queries.facts_of(asked)
                queries.undisputed(asked)
                queries.remarks_of(asked)
            counts.append(len(asked_for))
        assert counts[0] == counts[1]

    def test_moves_nothing_where_two_reviews_meet(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.promises(invoice_id, 5_000, days(3))
        talk.pays(invoice_id, 5_000, day=3)
        assert [talk.review(invoice_id, day=2), talk.review(invoice_id, day=9)] == [1, 0]
        with pytest.raises(NotMovable):
            commands.withdraw_fact(talk.bo, invoice_id=invoice_id, fact_id=talk.facts(invoice_id)[0].id)
