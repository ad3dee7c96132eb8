"""A changed draft is a new draft; a customer is added with its party, both or neither."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cast import keyed
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import BadLine, Draft, DraftLine, InvoiceState
from kvit.parties import queries as parties
from kvit.parties.domain.register import NewParty, PartyKind
from receivables import ISSUED, issue, new_customer, open_books

LINE = DraftLine("Goods", Decimal(1), Decimal("9.50"), Decimal(25))


def drafted(ctx: Ctx) -> tuple[Draft, int]:
    draft = Draft(new_customer(open_books(ctx)).id, (LINE,))
    return draft, commands.draft_invoices(ctx, drafts=(draft,), day=ISSUED).invoice_ids[0]


class TestAChangedDraft:
    def test_takes_the_place_of_the_old_one(self, anna: Ctx) -> None:
        draft, old = drafted(anna)
        changed = replace(draft, lines=(replace(LINE, quantity=Decimal(2)),))
        (new,) = commands.redraft(keyed(anna, "k"), invoice_id=old, draft=changed, day=ISSUED).invoice_ids
        again = commands.redraft(keyed(anna, "k"), invoice_id=old, draft=changed, day=ISSUED)
        assert again.invoice_ids == (new,)
        with tenant.scope(anna.tenant_id):
            assert queries.draft_ids() == [new]
            before, after = queries.document(old), queries.document(new)
        assert before is not None
        assert after is not None
        assert (before.row.state, before.net_minor) == (InvoiceState.DISCARDED, 950)
        assert (after.row.state, after.net_minor) == (InvoiceState.DRAFT, 1900)

    def test_that_is_wrong_leaves_the_old_one(self, anna: Ctx) -> None:
        draft, old = drafted(anna)
        with pytest.raises(BadLine):
            commands.redraft(anna, invoice_id=old, draft=replace(draft, lines=()), day=ISSUED)
        with tenant.scope(anna.tenant_id):
            assert queries.draft_ids() == [old]

    def test_is_refused_for_what_is_issued(self, anna: Ctx) -> None:
        open_books(anna)
        customer = new_customer(anna)
        (invoice,) = issue(anna, customer, 900)
        with pytest.raises(NotMovable):
            commands.redraft(anna, invoice_id=invoice.id, draft=Draft(customer.id, (LINE,)), day=ISSUED)


class TestADraftThatChangesADocument:
    """A credit note or a correction of 900 kronor' worth of goods, without VAT."""

    LINE = DraftLine("Goods", Decimal(1), Decimal(4), Decimal(0))

    @pytest.fixture
    def issued(self, anna: Ctx) -> int:
        return issue(open_books(anna), new_customer(anna), 900)[0].id

    def test_is_replaced_whole(self, anna: Ctx, issued: int) -> None:
        old = commands.draft_credit_note(anna, invoice_id=issued, reason="All").invoice_id
        given = {"invoice_id": old, "reason": "Part", "lines": (self.LINE,)}
        new = commands.redraft_credit_note(keyed(anna, "k"), **given)  # type: ignore[arg-type]
        assert commands.redraft_credit_note(keyed(anna, "k"), **given) == new  # type: ignore[arg-type]
        with tenant.scope(anna.tenant_id):
            assert queries.draft_ids() == [new.invoice_id]
            kept = queries.kept_change(new.invoice_id)
            assert queries.kept_change(old) is None
        assert kept is not None
        assert (kept.of_id, kept.reason, new.gross_minor) == (issued, "Part", 400)

    def test_becomes_another_correction(self, anna: Ctx, issued: int) -> None:
        old = commands.draft_correction(anna, invoice_id=issued, reason="x", lines=(self.LINE,)).invoice_id
        more = (replace(self.LINE, quantity=Decimal(2)), self.LINE)
        new = commands.redraft_correction(anna, invoice_id=old, reason="y", lines=more, effect="3")
        with tenant.scope(anna.tenant_id):
            kept = queries.kept_change(new.invoice_id)
        assert kept is not None
        assert (kept.reason, kept.effect, new.gross_minor) == ("y", "3", 300)
        assert [line.quantity for line in kept.lines] == [2, 1]

    def test_that_is_refused_leaves_the_old_one(self, anna: Ctx, issued: int) -> None:
        old = commands.draft_credit_note(anna, invoice_id=issued, reason="All").invoice_id
        with pytest.raises(commands.NotCreditable):
            commands.redraft_credit_note(anna, invoice_id=old, reason=" ")
        with tenant.scope(anna.tenant_id):
            assert queries.draft_ids() == [old]

    def test_of_another_kind_or_issued_is_none(self, anna: Ctx, issued: int) -> None:
        old = commands.draft_credit_note(anna, invoice_id=issued, reason="All").invoice_id
        with pytest.raises(NotMovable):
            commands.redraft_correction(anna, invoice_id=old, reason="x", lines=())
        commands.issue_invoices(anna, invoice_ids=(old,), issue_date=ISSUED)
        with pytest.raises(NotMovable):
            commands.redraft_credit_note(anna, invoice_id=old, reason="x")


class TestACustomer:
    PARTY = NewParty(PartyKind.COMPANY, "Åkeri Älgen AB", "SE")

    def test_is_added_with_its_party(self, anna: Ctx) -> None:
        given = {"party": self.PARTY, "number": " K-9 ", "currency": "SEK", "terms_days": 20}
        added = commands.add_customer(keyed(anna, "k"), **given)
        assert commands.add_customer(keyed(anna, "k"), **given) == added
        with tenant.scope(anna.tenant_id):
            found = queries.customer(added.customer_id)
            assert queries.next_customer_number() == "1001"
        assert found is not None
        assert (found.party_id, found.number, found.terms_days) == (added.party_id, "K-9", 20)

    def test_leaves_no_party_behind_where_the_number_is_taken(self, anna: Ctx) -> None:
        given = {"number": "7", "currency": "SEK", "terms_days": 20}
        commands.add_customer(anna, party=self.PARTY, **given)
        with pytest.raises(commands.CustomerNumberTaken):
            commands.add_customer(anna, party=replace(self.PARTY, name="Bageri Bo AB"), **given)
        with tenant.scope(anna.tenant_id):
            assert parties.search("Bageri") == ()
            assert queries.next_customer_number() == "8"
