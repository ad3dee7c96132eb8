"""What the robot may do: modes, money for closed items, sets with credit notes, rests written off, its record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bank_files import DAY, Pay
from desk import Desk
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.ledger.domain import Accounts
from kvit.matching import commands, queries
from kvit.matching.domain import BadRule, Mode, RobotRule, UndoneAs
from payment_orders import BO_IBAN
from receivables import ISSUED, balance, books, counts, issue, new_customer, problems


def rule(desk: Desk, **numbers: object) -> None:
    commands.set_rule(desk.ctx, rule=replace(RobotRule(), **numbers), reason="test")  # type: ignore[arg-type]


def state(desk: Desk) -> queries.RobotState:
    with tenant.scope(desk.ctx.tenant_id):
        return queries.state_of_the_robot()


class TestARule:
    def test_is_the_shipped_one_until_another_is_set(self, desk: Desk) -> None:
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.rule() == RobotRule()
        rule(desk, mode=Mode.SHADOW, target_ppm=999_000)
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.rule() == RobotRule(mode=Mode.SHADOW, target_ppm=999_000)
            (change,) = queries.rule_history()
        assert (change.set_by, change.reason) == ("user:anna", "test")

    def test_out_of_bounds_is_refused(self, desk: Desk) -> None:
        before = counts(desk.ctx)
        with pytest.raises(BadRule):
            rule(desk, target_ppm=1_000_000)
        assert counts(desk.ctx) == before


class TestShadowMode:
    def test_books_nothing_and_says_what_it_would_book(self, desk: Desk) -> None:
        rule(desk, mode=Mode.SHADOW)
        invoice = desk.invoice(1000, reference="70010")
        lines = desk.bank(Pay(1000, "70010"))
        before = books(desk.ctx)
        assert desk.match(lines) == commands.Matched(linked=0, waiting=1, known=0)
        assert books(desk.ctx) == before
        with tenant.scope(desk.ctx.tenant_id):
            (suggestion,) = queries.suggestions(lines)
            found = queries.explain(lines[0])
        assert suggestion.would_book
        assert found is not None
        assert (found.outcome, found.evidence.code) == ("suggested", "reference_equal")
        assert desk.waits(lines[0])[0].reason_code == "matching.would_book"
        rule(desk, mode=Mode.LIVE)
        assert desk.match(lines).linked == 1
        assert desk.open(invoice) == 0
        with tenant.scope(desk.ctx.tenant_id):
            assert queries.suggestions(lines) == ()

    def test_switched_off_the_robot_looks_at_nothing(self, desk: Desk) -> None:
        rule(desk, mode=Mode.OFF)
        desk.invoice(1000, reference="70010")
        (line,) = desk.bank(Pay(1000, "70010"))
        assert desk.match([line]).waiting == 1
        assert desk.waits(line)[0].reason_code == "matching.robot_off"


class TestMoneyForAnInvoiceThatIsPaid:
    def test_goes_to_the_customers_account_with_a_work_item(self, desk: Desk) -> None:
        invoice = desk.invoice(1000, reference="70010")
        first, second = desk.bank(Pay(1000, "70010"), Pay(1000, "70010", bank_id="2"))
        desk.match([first])
        assert desk.match([second]).linked == 1
        (item,) = desk.waits(second)
        assert (item.kind, item.reason_code) == (commands.ADVANCE, "matching.already_paid")
        assert (desk.open(invoice), desk.advance()) == (0, 1000)
        desk.undo(desk.links(second)[0].id)
        assert [i.kind for i in desk.waits(second)] == [commands.WAITS]
        assert problems(desk.ctx) == ()


class TestARestThatIsShort:
    def test_stays_open_unless_the_company_lets_it_be_written_off(self, desk: Desk) -> None:
        one, two = desk.invoice(100_000, reference="70010"), desk.invoice(100_000, reference="70029")
        desk.match(desk.bank(Pay(99_000, "70010")))
        assert desk.open(one) == 1000
        rule(desk, write_off_up_to_minor=1000)
        (line,) = desk.bank(Pay(99_000, "70029"))
        before = books(desk.ctx)
        desk.match([line])
        assert (desk.open(two), balance(desk.ctx, Accounts.WRITE_OFF)) == (0, 1000)
        desk.undo(desk.links(line)[0].id)
        assert books(desk.ctx) == before
        assert problems(desk.ctx) == ()


class TestASetWithACreditNote:
    @pytest.fixture
    def paid(self, desk: Desk) -> tuple[Desk, int]:
        """One invoice was paid and then credited in full; the next payment leaves that out."""
        first, second = desk.invoice(50_000, reference="70010"), desk.invoice(80_000, reference="70029")
        desk.match(desk.bank(Pay(50_000, "70010")))
        note = invoicing.draft_credit_note(desk.ctx, invoice_id=first.id, reason="returned").invoice_id
        invoicing.issue_invoices(desk.ctx, invoice_ids=(note,), issue_date=ISSUED)
        (line,) = desk.bank(Pay(30_000, "70029", text=f"{second.number} minus credit note"))
        return desk, line

    def test_is_netted_and_undone_exactly(self, paid: tuple[Desk, int]) -> None:
        desk, line = paid
        before = books(desk.ctx)
        desk.match([line])
        with tenant.scope(desk.ctx.tenant_id):
            first = next((s for s in queries.suggestions([line]) if s.rank == 1), None)
        if first is not None:
            desk.confirm(line)
        (link,) = desk.links(line)
        assert link.state == "live"
        assert problems(desk.ctx) == ()
        desk.undo(link.id)
        assert books(desk.ctx) == before
        assert problems(desk.ctx) == ()


class TestALinkThatAPersonUndid:
    def test_is_not_made_again_by_the_robot(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        (line,) = desk.bank(Pay(1000, "70010"))
        desk.match([line])
        desk.undo(desk.links(line)[0].id)
        assert desk.match([line]) == commands.Matched(linked=0, waiting=1, known=0)
        with tenant.scope(desk.ctx.tenant_id):
            assert len(queries.suggestions([line])) == 1
        assert desk.confirm(line).advance_minor == 0

    def test_makes_nothing_that_comes_after_it_a_second_payment(self, desk: Desk) -> None:
        """The engine takes the first for booked; it is not, so the second waits as well."""
        desk.invoice(1000, reference="70010")
        (line,) = desk.bank(Pay(1000, "70010"))
        desk.match([line])
        desk.undo(desk.links(line)[0].id)
        (second,) = desk.bank(Pay(1000, "70010", bank_id="2"))
        assert desk.match([line, second]) == commands.Matched(linked=0, waiting=2, known=0)
        assert [item.reason_code for item in desk.waits(second)] == ["matching.paid_twice"]

    def test_is_made_again_where_nobody_remembers(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: what people have undone is not looked up."""
        desk.invoice(1000, reference="70010")
        (line,) = desk.bank(Pay(1000, "70010"))
        desk.match([line])
        desk.undo(desk.links(line)[0].id)
        monkeypatch.setattr("kvit.matching.commands.matching._known", lambda _: (frozenset(), frozenset()))
        assert desk.match([line]).linked == 1


class TestTheRobotsRecord:
    def wrong(self, desk: Desk, *, undone_as: UndoneAs = UndoneAs.WRONG) -> None:
        desk.invoice(1000, reference="70010")
        (line,) = desk.bank(Pay(1000, "70010"))
        desk.match([line])
        link = desk.links(line)[0].id
        commands.undo_link(desk.ctx, link_id=link, reason="-", on_date=DAY, undone_as=undone_as)

    def test_makes_it_ask_more_and_say_so(self, desk: Desk) -> None:
        self.wrong(desk)
        reviewed = commands.review_robot(desk.ctx)
        assert reviewed.is_changed
        assert state(desk).is_stricter
        assert state(desk).in_force_ppm == reviewed.in_force_ppm > RobotRule().target_ppm
        with tenant.scope(desk.ctx.tenant_id):
            from kvit.work import queries as work

            (item,) = work.items_about("robot", 1)
        assert (item.kind, item.reason_code) == (commands.LESS_RIGHT, "matching.robot_less_right")
        assert not commands.review_robot(desk.ctx).is_changed

    def test_is_clean_again_when_the_window_is(self, desk: Desk) -> None:
        self.wrong(desk)
        commands.review_robot(desk.ctx)
        later = replace(desk.ctx, now=desk.ctx.now + timedelta(days=91))
        assert commands.review_robot(later) == commands.Reviewed(RobotRule().target_ppm, is_changed=True)
        assert not state(desk).is_stricter

    @pytest.mark.parametrize("undone_as", [UndoneAs.RETURNED, UndoneAs.CHANGED])
    def test_holds_nothing_against_it_that_was_not_wrong(self, desk: Desk, undone_as: UndoneAs) -> None:
        self.wrong(desk, undone_as=undone_as)
        assert not commands.review_robot(desk.ctx).is_changed

    def test_is_reported_by_period(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        desk.match(desk.bank(Pay(1000, "70010"), Pay(7, "99999", name="Nils Berg")))
        with tenant.scope(desk.ctx.tenant_id):
            report = queries.robot_report(from_date=DAY, to_date=DAY)
        assert (report.credits, report.robot_linked, report.waiting, report.wrong) == (2, 1, 1, 0)
        assert (report.straight_through_ppm, report.minutes_saved) == (500_000, 1)
        assert [(week.linked, week.right_ppm) for week in report.weeks] == [(1, 1_000_000)]


class TestAnotherCustomersPayer:
    def test_is_asked_about_without_two_evidences_and_booked_with_them(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        commands.learn_payer(desk.ctx, party_id=eva.party_id, account="", name="Bos Bolag")
        invoice = desk.invoice(123_400, reference="70010")
        guessed, sure = desk.bank(
            Pay(123_400, name="Bos Bolag", bank_id="1"), Pay(123_400, "70010", name="Bos Bolag", bank_id="2")
        )
        assert desk.match([guessed]).waiting == 1
        assert desk.match([sure]).linked == 1
        assert desk.open(invoice) == 0

    def slipped(self, desk: Desk) -> int:
        """Eva's payer pays Bo's invoice to the minor unit, with one digit of its reference left out."""
        eva = new_customer(desk.ctx, "Eva Lind")
        commands.learn_payer(desk.ctx, party_id=eva.party_id, account=BO_IBAN, name="Evas Bolag")
        issue(desk.ctx, desk.bo, *(50_000 + 1_100 * n for n in range(30)))  # so that the amount says something
        reference = desk.invoice(123_457, reference="734509261842").payment_reference or ""
        return desk.bank(Pay(123_457, reference[:-4] + reference[-3:], name="Evas Bolag", account=BO_IBAN))[0]

    @pytest.fixture
    def content(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The engine is content with little, so that nothing but the guard asks."""
        from kvit.matching.commands import deciding

        monkeypatch.setattr(deciding, "threshold", lambda *_: (1, 100))

    def test_is_asked_about_where_the_reference_has_a_slip_however_sure_the_engine_is(
        self, desk: Desk, content: None
    ) -> None:
        line = self.slipped(desk)
        assert desk.match([line]) == commands.Matched(linked=0, waiting=1, known=0)
        with tenant.scope(desk.ctx.tenant_id):
            (first, *_) = queries.suggestions([line])
        assert {"digit_missing", "payer_known_as_other"} <= {code for code, _ in first.evidence.reasons}

    def test_would_pay_across_customers_on_one_evidence_otherwise(
        self, desk: Desk, content: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: nobody asks for two evidences that agree."""
        from kvit.matching.domain import outcomes

        line = self.slipped(desk)
        monkeypatch.setattr(outcomes, "speaks_for_two", lambda _: True)
        assert desk.match([line]).linked == 1


class TestAnotherCompany:
    def test_has_a_rule_of_its_own(self, desk: Desk, cilla: Ctx) -> None:
        rule(desk, mode=Mode.OFF)
        with tenant.scope(cilla.tenant_id):
            assert queries.rule() == RobotRule()
