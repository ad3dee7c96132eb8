"""The index of open items that stands in the worker: always what the books say, whoever commits when."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

import patience
from bank_files import Pay
from cast import open_company
from desk import Desk
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.ledger import queries as ledger
from kvit.matching import commands
from kvit.matching.domain.engine import CreditorRule
from kvit.matching.queries import standing
from kvit.parties import commands as parties
from receivables import issue, new_customer, open_books

RULE = CreditorRule()


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    yield
    standing._places.clear()


def in_index(ctx: Ctx) -> dict[int, int]:
    """What is open of each item by the index, open ones only."""
    with tenant.scope(ctx.tenant_id), standing.held(ctx.tenant_id, ctx.now, RULE) as stand:
        ids = stand.index.item_ids
        found = dict(zip(ids.tolist(), stand.index.left_of(ids).tolist(), strict=True))
        return {item_id: left for item_id, left in found.items() if left}


def in_books(ctx: Ctx) -> dict[int, int]:
    """The same by the ledger."""
    with tenant.scope(ctx.tenant_id):
        items = [i for i in ledger.open_items() if i.subject_kind == "invoice"]
        return {i.id: i.open_minor if i.side == "debit" else -i.open_minor for i in items}


def kept(ctx: Ctx) -> standing.Standing:
    found = standing._places[ctx.tenant_id].standing
    assert found is not None
    return found


class TestTheIndex:
    def test_follows_the_books_through_everything_that_changes_them(self, desk_live: Desk) -> None:
        desk = desk_live
        first, second = desk.invoice(1000, reference="70010"), desk.invoice(2000, reference="70029")
        assert in_index(desk.ctx) == in_books(desk.ctx) != {}
        index = kept(desk.ctx).index
        lines = desk.bank(Pay(1000, "70010"), Pay(700))
        commands.match_lines(desk.ctx, line_ids=lines[:1])
        assert in_index(desk.ctx) == in_books(desk.ctx)
        assert kept(desk.ctx).index is index
        link = desk.link(lines[1], (second, 700)).link_id
        assert in_index(desk.ctx) == in_books(desk.ctx)
        desk.undo(link)
        desk.undo(desk.links(lines[0])[0].id)
        desk.invoice(300)
        assert in_index(desk.ctx) == in_books(desk.ctx)
        issue(desk.ctx, new_customer(desk.ctx, "Eva Lind"), 55)
        assert in_index(desk.ctx) == in_books(desk.ctx)
        assert len(in_books(desk.ctx)) == 4
        assert first.number

    def test_keeps_finding_it_when_a_low_mark_has_moved(self, desk_live: Desk) -> None:
        for number in range(6):
            desk_live.invoice(100 + number)
            assert in_index(desk_live.ctx) == in_books(desk_live.ctx)
        found = kept(desk_live.ctx)
        assert found.first_running is None
        assert found.low.ledger.item_id > 0

    def test_knows_a_customer_by_the_new_name(self, desk_live: Desk) -> None:
        desk_live.invoice(1000)
        in_index(desk_live.ctx)
        parties.rename_party(desk_live.ctx, party_id=desk_live.bo.party_id, name="Bo Holm")
        in_index(desk_live.ctx)
        names = kept(desk_live.ctx).customers.name
        assert "BO HOLM" in [names[row] for row in range(len(names))]

    def test_is_built_anew_when_it_and_the_books_are_out_of_step(self, desk_live: Desk) -> None:
        desk_live.invoice(1000)
        in_index(desk_live.ctx)
        stale = kept(desk_live.ctx)
        stale.index.close(int(stale.index.item_ids[0]))
        assert in_index(desk_live.ctx) == {}
        later = replace(desk_live.ctx, now=desk_live.ctx.now + timedelta(hours=2))
        assert in_index(later) == in_books(later) != {}
        assert kept(later) is not stale

    def test_of_another_company_is_another(self, desk_live: Desk) -> None:
        desk_live.invoice(1000)
        assert in_index(desk_live.ctx) != {}
        cilla_live = open_books(open_company("Cillas Konditori AB", actor="cilla"))
        assert in_index(cilla_live) == {}

    def test_goes_first_where_it_was_used_least_lately(self, desk_live: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        in_index(desk_live.ctx)
        monkeypatch.setattr(standing, "MOST_BYTES", 0)
        cilla_live = open_books(open_company("Cillas Konditori AB", actor="cilla"))
        in_index(cilla_live)
        assert desk_live.ctx.tenant_id not in standing._places
        assert cilla_live.tenant_id in standing._places


def of_eva(desk: Desk) -> None:
    """An invoice of another customer than Bo: who posts to her holds her balance, not his."""
    desk.invoice(1000, of=new_customer(desk.ctx, "Eva Lind"), reference="70010")


class _Late:
    """Somebody whose transaction has drawn its ids and ends only when told to."""

    def __init__(self, desk: Desk, reference: str) -> None:
        self.has_drawn, self.may_end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(desk, reference))
        self._thread.start()
        assert self.has_drawn.wait(patience.SECONDS)

    def _run(self, desk: Desk, reference: str) -> None:
        try:
            with tenant.scope(desk.ctx.tenant_id):
                rows.select("SELECT pg_current_xact_id()")
                self._copy_an_item(desk, reference)
                self.has_drawn.set()
                self.may_end.wait(patience.SECONDS)
        finally:
            self.has_drawn.set()
            connections.close_all()

    def _copy_an_item(self, desk: Desk, reference: str) -> None:
        # a sale posted by hand: issuing takes locks that the others would wait for
        from kvit.ledger import commands as books
        from kvit.ledger.domain import Accounts, Posting, PostingLine

        ((invoice_id, party_id),) = rows.select(
            "SELECT i.id, c.party_id FROM invoicing_invoice i JOIN invoicing_customer c ON c.id = i.customer_id "
            "WHERE i.payment_reference = %s",
            [reference],
        )
        side = PostingLine(Accounts.RECEIVABLE, 777, "SEK", party_id=party_id, due_date=desk.ctx.now.date())
        sale = Posting(
            desk.ctx.now.date(), "sale", "invoice", invoice_id, (side, PostingLine(Accounts.SALES, -777, "SEK"))
        )
        with _joined(desk.ctx) as ctx:
            books.post(ctx, postings=(sale,))

    def end(self) -> None:
        self.may_end.set()
        self._thread.join(20)


class _joined:
    """A ctx as within a command of the scope that is open."""

    def __init__(self, ctx: Ctx) -> None:
        self._ctx = ctx

    def __enter__(self) -> Ctx:
        ((command_id,),) = rows.select(
            "INSERT INTO base_command (tenant_id, name, input, actor, at) "
            "VALUES (%s, 'x.y', '{}', 'a', %s) RETURNING id",
            [self._ctx.tenant_id, self._ctx.now],
        )
        return replace(self._ctx, _command_id=command_id)

    def __exit__(self, *_: Any) -> None: ...


@pytest.mark.race
class TestWhatCommitsLate:
    def test_is_found_however_many_looks_have_passed(self, desk_live: Desk) -> None:
        """Somebody draws ids, others draw higher ones and commit before; looks go on meanwhile."""
        of_eva(desk_live)
        for _ in range(4):
            in_index(desk_live.ctx)
        late = _Late(desk_live, "70010")
        try:
            for number in range(4):
                desk_live.invoice(2000 + number)
                assert in_index(desk_live.ctx) == in_books(desk_live.ctx)
        finally:
            late.end()
        assert 777 in in_books(desk_live.ctx).values()
        assert in_index(desk_live.ctx) == in_books(desk_live.ctx)

    def test_is_found_where_it_ran_while_the_index_was_loaded(self, desk_live: Desk) -> None:
        of_eva(desk_live)
        late = _Late(desk_live, "70010")
        try:
            desk_live.invoice(2000)
            in_index(desk_live.ctx)
            desk_live.invoice(3000)
            in_index(desk_live.ctx)
        finally:
            late.end()
        assert 777 in in_books(desk_live.ctx).values()
        assert in_index(desk_live.ctx) == in_books(desk_live.ctx)

    def test_would_be_missed_if_what_was_seen_were_taken_for_all(
        self, desk_live: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the highest ids seen become the low mark at once."""

        def at_once(stand: standing.Standing, marks: Any, least_running: int) -> None:
            stand.low, stand.first_running, stand.pending = marks, None, ()

        of_eva(desk_live)
        monkeypatch.setattr(standing, "_advance", at_once)
        in_index(desk_live.ctx)
        late = _Late(desk_live, "70010")
        try:
            desk_live.invoice(2000)
            in_index(desk_live.ctx)
        finally:
            late.end()
        assert in_index(desk_live.ctx) != in_books(desk_live.ctx)


class TestAMatchWithinSomebodysTransaction:
    def test_has_an_index_of_its_own_and_leaves_none(self, desk: Desk) -> None:
        """What that transaction has written is decided about, and is not kept: it may be rolled back, as it is here."""
        invoice = desk.invoice(1000, reference="70010")
        assert desk.match(desk.bank(Pay(1000, "70010"))).linked == 1
        assert desk.open(invoice) == 0
        assert desk.ctx.tenant_id not in standing._places
