"""What a person does with a payment: several customers, fees, rests, refunds, no customer's; taught and undone."""

import pytest

from bank_files import DAY, Pay
from cast import keyed
from desk import Desk
from kvit.base import tenant
from kvit.base.command import Ctx, KeyReused
from kvit.matching import commands, queries
from kvit.matching.commands import Adjustment, Target, Terms
from kvit.matching.domain import RobotRule
from kvit.matching.domain.adjustments import ShortPay
from kvit.parties import commands as parties
from kvit.work import queries as work
from receivables import balance, books, counts, new_customer, problems
from tables import find, run_twice


def payers(desk: Desk, party_id: int) -> list[tuple[str, str, int]]:
    with tenant.scope(desk.ctx.tenant_id):
        return [(payer.account, payer.name, payer.times) for payer in queries.payers(party_id)]


class TestOnePayerForSeveralCustomers:
    def test_needs_somebody_to_say_so(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        mine, hers = desk.invoice(500), desk.invoice(700, of=eva)
        (line,) = desk.bank(Pay(1200, name="Bos Bolag"))
        before = books(desk.ctx)
        targets = (Target(mine.id, 500), Target(hers.id, 700))
        with pytest.raises(commands.SeveralCustomers):
            commands.link_payment(desk.ctx, line_id=line, targets=targets)
        assert books(desk.ctx) == before
        linked = run_twice(
            commands.link_payment, desk.ctx, line_id=line, targets=targets, terms=Terms(third_party=True)
        )
        assert (desk.open(mine), desk.open(hers)) == (0, 0)
        assert payers(desk, eva.party_id) == payers(desk, desk.bo.party_id) == [("", "Bos Bolag", 1)]
        assert problems(desk.ctx) == ()
        desk.undo(linked.link_id)
        assert books(desk.ctx) == before
        assert payers(desk, eva.party_id) == []
        assert problems(desk.ctx) == ()

    def test_leaves_a_rest_to_nobody_by_chance(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        targets = (Target(desk.invoice(500).id, 500), Target(desk.invoice(700, of=eva).id, 700))
        (line,) = desk.bank(Pay(1300))
        with pytest.raises(commands.SeveralCustomers, match="whose the rest"):
            commands.link_payment(desk.ctx, line_id=line, targets=targets, terms=Terms(third_party=True))
        terms = Terms(third_party=True, advance_party_id=eva.party_id)
        assert commands.link_payment(desk.ctx, line_id=line, targets=targets, terms=terms).advance_minor == 100
        assert problems(desk.ctx) == ()


class TestAnAdjustment:
    def test_settles_with_what_the_bank_kept(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(985))
        before = books(desk.ctx)
        terms = Terms(adjustments=(Adjustment("bank_fees", 20), Adjustment("exchange_difference", -5)))
        linked = commands.link_payment(desk.ctx, line_id=line, targets=(Target(invoice.id, 1000),), terms=terms)
        assert (linked.advance_minor, desk.open(invoice)) == (0, 0)
        assert (balance(desk.ctx, "bank_fees"), balance(desk.ctx, "exchange_difference")) == (20, -5)
        assert problems(desk.ctx) == ()
        desk.undo(linked.link_id)
        assert books(desk.ctx) == before
        assert (balance(desk.ctx, "bank_fees"), problems(desk.ctx)) == (0, ())

    @pytest.mark.parametrize("account", ["sales", "unallocated", "receivable", ""])
    def test_goes_to_no_other_account(self, desk: Desk, account: str) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(985))
        with pytest.raises(commands.NotLinkable, match="no adjustment"):
            commands.link_payment(
                desk.ctx,
                line_id=line,
                targets=(Target(invoice.id, 1000),),
                terms=Terms(adjustments=(Adjustment(account, 15),)),
            )

    def test_writes_off_no_more_than_the_company_lets_people(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(985))
        given = {"line_id": line, "targets": (Target(invoice.id, 1000),)}
        terms = Terms(adjustments=(Adjustment("write_off", 15),))
        with pytest.raises(commands.WriteOffTooLarge):
            commands.link_payment(desk.ctx, terms=terms, **given)  # type: ignore[arg-type]
        commands.set_rule(desk.ctx, rule=RobotRule(write_off_up_to_minor=15), reason="small rests")
        commands.link_payment(desk.ctx, terms=terms, **given)  # type: ignore[arg-type]
        assert (desk.open(invoice), balance(desk.ctx, "write_off")) == (0, 15)

    def test_lets_somebody_look_at_what_was_held_back(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        (line,) = desk.bank(Pay(900))
        commands.link_payment(desk.ctx, line_id=line, targets=(Target(invoice.id, 900, ShortPay.DISPUTE),))
        with tenant.scope(desk.ctx.tenant_id):
            (item,) = work.items_about("invoice", invoice.id)
        assert (item.kind, item.reason_code) == (commands.SHORT_PAID, "matching.short_dispute")


class TestARefund:
    def test_is_asked_for_paid_by_a_line_and_asked_for_again_when_that_is_undone(self, desk: Desk) -> None:
        invoice = desk.invoice(1000)
        paid, back = desk.bank(Pay(1500), Pay(-500, name="Bo Ek"))
        link = desk.link(paid, (invoice, 1000)).link_id
        asked = run_twice(commands.ask_refund, desk.ctx, link_id=link, amount_minor=500, reason="paid too much")
        with pytest.raises(commands.NotRefundable, match="already"):
            commands.ask_refund(desk.ctx, link_id=link, amount_minor=100, reason="again")
        before = books(desk.ctx)
        went = commands.link_refund(desk.ctx, line_id=back, refund_id=asked.refund_id).link_id
        assert (desk.advance(), problems(desk.ctx)) == (0, ())
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.refunds_asked() == ()
        desk.undo(went)
        assert books(desk.ctx) == before
        with tenant.scope(desk.ctx.tenant_id):
            assert [refund.id for refund in queries.refunds_asked()] == [asked.refund_id]
        desk.undo(link)
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.refunds_asked() == ()
        assert problems(desk.ctx) == ()

    @pytest.mark.parametrize("amount", [0, -1, 501])
    def test_is_of_what_is_left_at_the_most(self, desk: Desk, amount: int) -> None:
        (paid,) = desk.bank(Pay(1500))
        link = desk.link(paid, (desk.invoice(1000), 1000)).link_id
        with pytest.raises(commands.NotRefundable):
            commands.ask_refund(desk.ctx, link_id=link, amount_minor=amount, reason="x")

    def test_is_paid_by_its_own_amount_only(self, desk: Desk) -> None:
        paid, back = desk.bank(Pay(1500), Pay(-499))
        link = desk.link(paid, (desk.invoice(1000), 1000)).link_id
        refund = commands.ask_refund(desk.ctx, link_id=link, amount_minor=500, reason="x").refund_id
        with pytest.raises(commands.NotLinkable):
            commands.link_refund(desk.ctx, line_id=back, refund_id=refund)
        commands.withdraw_refund(desk.ctx, refund_id=refund, reason="keeps it")
        with pytest.raises(commands.NoSuchRefund):
            commands.link_refund(desk.ctx, line_id=back, refund_id=refund)


class TestALineThatIsNoCustomers:
    @pytest.mark.parametrize("amount", [-300, 700])
    def test_is_set_aside_and_undone_exactly(self, desk: Desk, amount: int) -> None:
        (line,) = desk.bank(Pay(amount, text="tax"))
        desk.match([line])
        before = books(desk.ctx)
        linked = run_twice(commands.set_aside, desk.ctx, line_id=line, account="tax_account", reason="preliminary tax")
        assert (balance(desk.ctx, "tax_account"), desk.waits(line)) == (-amount, [])
        assert problems(desk.ctx) == ()
        desk.undo(linked.link_id)
        assert (books(desk.ctx), balance(desk.ctx, "tax_account")) == (before, 0)
        assert problems(desk.ctx) == ()

    @pytest.mark.parametrize(("account", "reason"), [("sales", "x"), ("tax_account", " ")])
    def test_goes_to_a_named_account_with_a_reason(self, desk: Desk, account: str, reason: str) -> None:
        (line,) = desk.bank(Pay(-300))
        with pytest.raises(commands.NotLinkable):
            commands.set_aside(desk.ctx, line_id=line, account=account, reason=reason)


class TestAPayer:
    def test_is_learnt_from_a_link_counted_and_forgotten(self, desk: Desk) -> None:
        first, second = desk.bank(Pay(10, name="Mor Ek", bank_id="1"), Pay(20, name="Mor  EK", bank_id="2"))
        desk.link(first, (desk.invoice(10), 10))
        desk.link(second, (desk.invoice(20), 20))
        assert payers(desk, desk.bo.party_id) == [("", "Mor Ek", 2)]
        with tenant.scope(desk.ctx.tenant_id):
            (payer,) = queries.payers(desk.bo.party_id)
        assert run_twice(commands.forget_payer, desk.ctx, payer_id=payer.id, reason="no").count == 1
        assert payers(desk, desk.bo.party_id) == []
        with pytest.raises(commands.NoSuchPayer):
            commands.forget_payer(desk.ctx, payer_id=payer.id, reason="no")

    def test_may_stand_for_many_customers(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        for party_id in (desk.bo.party_id, eva.party_id):
            commands.learn_payer(desk.ctx, party_id=party_id, account="SE45 5000 0000 0583 9825 7466", name="Byrån")
        with tenant.scope(desk.ctx.tenant_id):
            found = queries.payers_by_account(["se4550000000058398257466"])
        assert {payer.party_id for payer in found} == {desk.bo.party_id, eva.party_id}

    def test_is_not_learnt_from_the_robot(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        desk.match(desk.bank(Pay(1000, "70010", name="Mor Ek")))
        assert payers(desk, desk.bo.party_id) == []

    def test_goes_with_the_person_it_paid_for(self, desk: Desk) -> None:
        commands.learn_payer(desk.ctx, party_id=desk.bo.party_id, account="SE1", name="Mor Ek")
        parties.erase_person(desk.ctx, party_id=desk.bo.party_id, reason="asked")
        assert commands.forget_person(desk.ctx, party_id=desk.bo.party_id).count == 1
        assert payers(desk, desk.bo.party_id) == []
        assert find(desk.ctx, "Mor Ek") == []

    def test_needs_a_customer_and_something_to_know_it_by(self, desk: Desk, cilla: Ctx) -> None:
        for ctx, account, name in ((desk.ctx, " ", "?"), (cilla, "SE1", "Mor")):
            with pytest.raises(commands.NotLearnable):
                commands.learn_payer(ctx, party_id=desk.bo.party_id, account=account, name=name)


class TestConfirmingMany:
    def test_links_those_that_still_can_be_and_says_why_not_the_others(self, desk: Desk) -> None:
        from dataclasses import replace

        from kvit.matching.domain import Mode

        commands.set_rule(desk.ctx, rule=replace(RobotRule(), mode=Mode.SHADOW), reason="look first")
        invoices = [desk.invoice(1000 + n, reference=f"7001{n}") for n in range(3)]
        lines = desk.bank(*(Pay(1000 + n, f"7001{n}") for n in range(3)))
        desk.match(lines)
        with tenant.scope(desk.ctx.tenant_id):
            assert {s.line_id for s in queries.equals(lines[0])} == set(lines)
        seen = [desk.seen(line) for line in lines]
        desk.link(lines[1], (invoices[1], 1001))
        done = run_twice(commands.confirm_many, desk.ctx, expected=tuple(seen))
        assert len(done.link_ids) == 2
        assert done.left == ((lines[1], "matching.already_linked"),)
        assert [desk.open(invoice) for invoice in invoices] == [0, 0, 0]
        assert problems(desk.ctx) == ()

    def test_is_refused_where_it_is_paid_since(self, desk: Desk) -> None:
        from dataclasses import replace

        from kvit.matching.domain import Mode

        commands.set_rule(desk.ctx, rule=replace(RobotRule(), mode=Mode.SHADOW), reason="look first")
        invoice = desk.invoice(1000, reference="70010")
        one, other = desk.bank(Pay(1000, "70010", bank_id="1"), Pay(1000, "70010", bank_id="2"))
        desk.match([one])
        desk.link(other, (invoice, 1000))
        before = counts(desk.ctx)
        with pytest.raises(commands.NotSuggested):
            desk.confirm(one)
        assert counts(desk.ctx) == before

    def test_is_refused_under_a_used_key_for_another_line(self, desk: Desk) -> None:
        lines = desk.bank(Pay(1), Pay(2, bank_id="2"))
        commands.confirm_many(keyed(desk.ctx, "k"), expected=(commands.Seen(lines[0], ()),))
        with pytest.raises(KeyReused):
            commands.confirm_many(keyed(desk.ctx, "k"), expected=(commands.Seen(lines[1], ()),))


class TestWhatADeskIsShown:
    def test_is_found_by_number_amount_name_account_and_text(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        quoted, equal = desk.invoice(900, reference="70010"), desk.invoice(1234, of=eva)
        (line,) = desk.bank(Pay(1234, "70010", name="Eva Lind"))
        with tenant.scope(desk.ctx.tenant_id):
            found = {c.items[0].invoice_id: c for c in queries.candidates(line)}
            typed = queries.candidates(line, "lind")
            by_number = queries.candidates(line, quoted.number or "")
        assert found[quoted.id].found_by == "number"
        assert ("amount_equal", 0) in found[equal.id].reasons
        assert [c.items[0].invoice_id for c in typed] == [equal.id]
        assert [c.items[0].open_minor for c in by_number] == [900]

    def test_could_be_a_debtors(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        desk.invoice(1234, of=eva)
        (line, _) = desk.bank(Pay(1234, "99999", name="Nils Berg"), Pay(-5))
        commands.set_rule(desk.ctx, rule=RobotRule(), reason="x")
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.could_be([eva.party_id]) == ()
        commands.match_lines(desk.ctx, line_ids=(line,))
        with tenant.scope(desk.ctx.tenant_id):
            links = queries.linked([line])
            found = queries.could_be([eva.party_id, desk.bo.party_id])
        if not links:
            assert [(p.party_id, p.line_id) for p in found] == [(eva.party_id, line)]
            assert "amount_equal" in found[0].reasons

    def test_is_explained(self, desk: Desk) -> None:
        invoice = desk.invoice(1000, reference="70010")
        linked, waits = desk.bank(Pay(1000, "70010"), Pay(7, "99999", name="Nils Berg", day=DAY))
        desk.match([linked, waits])
        with tenant.scope(desk.ctx.tenant_id):
            one, other = queries.explain(linked), queries.explain(waits)
            assert queries.explain(waits + 1000) is None
            item = queries.receivables([invoice.id])[invoice.id]
        assert one is not None
        assert (one.outcome, one.by_robot, [i.item_id for i in one.items]) == ("linked", True, [item.id])
        assert one.evidence.change
        assert one.confidence_ppm is not None
        assert other is not None
        assert (other.outcome, other.evidence.code) == ("waiting", "unknown_reference")
