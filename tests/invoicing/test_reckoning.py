"""What a draft would say: the figures it is written with, before it is; and what a changed draft takes over."""

from dataclasses import replace
from datetime import date

import pytest

from invoicing.company import DAY, Company, line
from invoicing.polish import open_polish, partner, work
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import BadDraft, BadLine, Draft, Kind
from kvit.invoicing.domain.contracts import NewContract
from tables import contents, run_twice


@pytest.fixture
def polish(anna: Ctx) -> Company:
    """A Polish company."""
    return open_polish(anna)


class TestWhatIsReckoned:
    @pytest.mark.parametrize("kind", [Kind.INVOICE, Kind.ESTIMATE, Kind.FEE_NOTE])
    def test_is_what_will_be_written_and_writes_nothing(self, shop: Company, kind: Kind) -> None:
        draft = Draft(shop.bo, (line("100"), line("33.33", quantity="3", vat="12")), kind=kind)
        before = contents(shop.ctx)
        with tenant.scope(shop.ctx.tenant_id):
            found = queries.reckoned(draft, day=DAY)
        assert contents(shop.ctx) == before
        assert found is not None
        (invoice_id,) = commands.draft_invoices(shop.ctx, drafts=(draft,), day=DAY).invoice_ids
        with tenant.scope(shop.ctx.tenant_id):
            written = queries.document(invoice_id)
        assert written is not None
        calculated = found.prepared.calculated
        assert (calculated.net_minor, calculated.vat_minor) == (written.net_minor, written.vat_minor)
        assert calculated.line_nets == tuple(one.net_minor for one in written.lines)

    def test_names_the_rule_and_the_place_of_what_is_wrong(self, shop: Company) -> None:
        draft = Draft(shop.bo, (replace(line("100", vat="0"), vat_category="K"),))
        with tenant.scope(shop.ctx.tenant_id), pytest.raises(BadDraft) as refused:
            queries.reckoned(draft, day=DAY)
        assert refused.value.rule.startswith("BR-IC-")
        assert refused.value.place
        with tenant.scope(shop.ctx.tenant_id), pytest.raises(BadLine) as bad:
            queries.reckoned(Draft(shop.bo, (line("1"), line("1", description=" "))), day=DAY)
        assert bad.value.position == 2

    def test_of_another_tenant_is_nothing(self, shop: Company, her_shop: Company) -> None:
        with tenant.scope(her_shop.ctx.tenant_id):
            assert queries.reckoned(Draft(shop.bo, (line("100"),)), day=DAY) is None


class TestAChangedDraft:
    def test_keeps_the_period_of_its_contract(self, polish: Company) -> None:
        contract = NewContract(polish.bo, "U-1", date(2026, 1, 31), (work("100"),))
        commands.sign_contract(polish.ctx, contract=contract)
        given = {"through": date(2026, 2, 1), "day": DAY}
        (old,) = commands.draft_due_contracts(polish.ctx, **given).invoice_ids  # type: ignore[arg-type]
        (new,) = commands.redraft(
            polish.ctx, invoice_id=old, draft=Draft(polish.bo, (work("90"),)), day=DAY
        ).invoice_ids
        assert commands.draft_due_contracts(polish.ctx, **given).invoice_ids == ()  # type: ignore[arg-type]
        commands.discard(polish.ctx, invoice_ids=(new,))
        assert len(commands.draft_due_contracts(polish.ctx, **given).invoice_ids) == 1  # type: ignore[arg-type]

    def test_keeps_the_orders_it_is_of(self, polish: Company) -> None:
        new = commands.NewOrder(polish.bo, "O-1", DAY, (work("10"),))
        (order_id,) = commands.take_orders(polish.ctx, orders=(new,)).order_ids
        old = commands.estimate_order(polish.ctx, order_id=order_id, day=DAY).invoice_id
        draft = Draft(polish.bo, (work("9"),), kind=Kind.ESTIMATE)
        commands.redraft(polish.ctx, invoice_id=old, draft=draft, day=DAY)
        with pytest.raises(commands.OrderRefused):
            commands.estimate_order(polish.ctx, order_id=order_id, day=DAY)


class TestAChangedSelfBilledDraft:
    def test_replaces_the_old_one_and_no_other(self, polish: Company, her_shop: Company) -> None:
        ewa = partner(polish)
        commands.agree_on_self_billing(
            polish.ctx, supplier_id=ewa, prefix="SB-", from_date=DAY, acceptance="silent after 7 days"
        )
        one = commands.SelfBilledDraft(ewa, (work("100"),), "PLN")
        (old,) = commands.draft_self_billed(polish.ctx, drafts=(one,), day=DAY).invoice_ids
        changed = replace(one, lines=(work("50"),))
        given = {"invoice_id": old, "draft": changed, "day": DAY}
        (new,) = run_twice(commands.redraft_self_billed, polish.ctx, **given).invoice_ids
        assert (polish.look(old).state, polish.look(new).gross_minor) == ("discarded", 6150)
        for ctx in (polish.ctx, her_shop.ctx):
            with pytest.raises(NotMovable):
                commands.redraft_self_billed(ctx, **given)  # type: ignore[arg-type]
