"""Disputing a claim, wholly or by line, and what the company says to it; no document changes by it."""

from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.apps import apps

from architecture.filling import fill_every_table, references_of
from cast import keyed
from invoicing.claims import Talk
from invoicing.company import days, line
from kvit.base.command import KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands
from kvit.invoicing.domain import BadFact, DisputeReason, LineInDispute, Side
from kvit.invoicing.domain.facts import MOST_A_DAY
from kvit.invoicing.queries import Undisputed
from owner import Owner
from tables import contents, run_twice

ROWS = "SELECT i.*, l.* FROM invoicing_invoice i JOIN invoicing_invoiceline l ON l.invoice_id = i.id ORDER BY 1, 20"


class TestADispute:
    def test_of_the_whole_holds_back_all_that_is_open(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        before = talk.shop.rows(ROWS)
        run_twice(
            commands.open_dispute,
            talk.bo,
            invoice_id=invoice_id,
            reason=DisputeReason.FAULTY,
            words=" It broke at once ",
        )
        (fact,) = talk.facts(invoice_id)
        assert (fact.kind.value, fact.state.value, fact.amount_minor, fact.reason, fact.side) == (
            "dispute",
            "open",
            12_500,
            DisputeReason.FAULTY,
            Side.CUSTOMER,
        )
        assert talk.said(invoice_id) == [("customer", "It broke at once")]
        assert talk.undisputed(invoice_id) == Undisputed(12_500, 12_500)
        assert talk.shop.rows(ROWS) == before
        assert talk.shop.events() == ["InvoicesIssued", "FactStated"]
        assert talk.shop.problems() == []

    def test_of_lines_holds_back_what_they_cost_with_vat(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice(line("100"), line("40", description="Travel"), line("10"))
        talk.disputes(invoice_id, lines=(LineInDispute(2), LineInDispute(3, 500)))
        (fact,) = talk.facts(invoice_id)
        assert [(each.position, each.description, each.amount_minor) for each in fact.lines] == [
            (2, "Travel", 5_000),
            (3, "Work", 500),
        ]
        assert talk.undisputed(invoice_id) == Undisputed(18_750, 5_500)

    def test_of_an_amount_leaves_the_rest_undisputed_for_another(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.disputes(invoice_id, amount_minor=2_500)
        talk.disputes(invoice_id)
        assert [fact.amount_minor for fact in talk.facts(invoice_id)] == [2_500, 10_000]
        with pytest.raises(commands.NothingToDispute):
            talk.disputes(invoice_id)

    def test_never_holds_back_more_than_is_open(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.disputes(invoice_id, amount_minor=10_000)
        talk.pays(invoice_id, 5_000)
        assert talk.undisputed(invoice_id) == Undisputed(7_500, 7_500)
        talk.pays(invoice_id, 7_500)
        assert talk.undisputed(invoice_id) == Undisputed(0, 0)

    def test_waits_for_a_person_until_it_is_answered(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        first, second = (talk.disputes(invoice_id, amount_minor=amount).fact_id for amount in (100, 200))
        (item,) = talk.waits(invoice_id)
        assert (item.kind, item.reason_code) == ("invoicing.answer_dispute", "invoicing.disputed")
        commands.answer_dispute(talk.anna, fact_id=first, words="We look into it")
        assert talk.waits(invoice_id) == [item]
        commands.reject_dispute(talk.anna, fact_id=second, words="It is the price of the list")
        assert talk.waits(invoice_id) == []

    def test_noted_by_a_clerk_is_the_companys_word(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.disputes(invoice_id, ctx=talk.anna, words="Bo rang")
        assert talk.facts(invoice_id)[0].side is Side.COMPANY
        assert talk.said(invoice_id) == [("company", "Bo rang")]


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("command", "state", "disputed"),
        [
            (commands.answer_dispute, "answered", 12_500),
            (commands.accept_dispute, "accepted", 12_500),
            (commands.reject_dispute, "rejected", 0),
        ],
        ids=["answered", "accepted", "rejected"],
    )
    def test_moves_the_dispute_and_is_seen_by_both(self, talk: Talk, command: Any, state: str, disputed: int) -> None:
        invoice_id = talk.shop.invoice()
        fact_id = talk.disputes(invoice_id).fact_id
        run_twice(command, talk.anna, fact_id=fact_id, words="Here is why")
        (fact,) = talk.facts(invoice_id)
        assert fact.state.value == state
        assert [(move.to.value, move.side) for move in fact.moves] == [(state, Side.COMPANY)]
        assert talk.said(invoice_id)[1:] == [("company", "Here is why")]
        assert talk.undisputed(invoice_id) == Undisputed(12_500, disputed)
        assert talk.shop.events()[1:] == ["FactStated", "FactsMoved", "RemarkMade"]

    def test_that_is_asked_about_opens_the_dispute_again(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        fact_id = talk.disputes(invoice_id).fact_id
        commands.answer_dispute(talk.anna, fact_id=fact_id, words="Which price?")
        commands.remark(talk.bo, invoice_id=invoice_id, fact_id=fact_id, words="That of the offer")
        assert talk.states(invoice_id) == ["open"]
        assert {item.kind for item in talk.waits(invoice_id)} == {
            "invoicing.answer_dispute",
            "invoicing.answer_remark",
        }

    def test_of_acceptance_stays_held_back_until_a_credit_note_makes_it_good(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice(line("100"), line("40"))
        fact_id = talk.disputes(invoice_id, lines=(LineInDispute(2),)).fact_id
        commands.accept_dispute(talk.anna, fact_id=fact_id)
        assert talk.undisputed(invoice_id) == Undisputed(17_500, 5_000)
        talk.shop.issue(talk.shop.credit(invoice_id, line("30")))
        assert talk.undisputed(invoice_id) == Undisputed(13_750, 1_250)
        talk.shop.issue(talk.shop.credit(invoice_id, line("10")))
        assert talk.undisputed(invoice_id) == Undisputed(12_500, 0)

    def test_is_given_once(self, talk: Talk) -> None:
        fact_id = talk.disputes(talk.shop.invoice()).fact_id
        commands.reject_dispute(talk.anna, fact_id=fact_id, words="No")
        for command in (commands.answer_dispute, commands.accept_dispute, commands.reject_dispute):
            with pytest.raises(NotMovable):
                command(talk.anna, fact_id=fact_id, words="Or yes")

    @pytest.mark.parametrize("command", [commands.answer_dispute, commands.accept_dispute, commands.reject_dispute])
    def test_is_the_companys_to_give(self, talk: Talk, her_talk: Talk, command: Any) -> None:
        fact_id = talk.disputes(talk.shop.invoice()).fact_id
        before = contents(talk.anna)
        for ctx in (talk.bo, replace(talk.anna, actor="customer:7"), her_talk.anna):
            with pytest.raises(commands.NoSuchFact):
                command(ctx, fact_id=fact_id, words="Mine is the word")
        assert contents(talk.anna) == before

    def test_could_be_given_by_the_customer_without_that_guard(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: nobody asks who decides."""
        from kvit.invoicing.commands import disputes

        monkeypatch.setattr(disputes, "require_company", lambda ctx: None)
        invoice_id = talk.shop.invoice()
        commands.accept_dispute(talk.bo, fact_id=talk.disputes(invoice_id).fact_id)
        assert talk.states(invoice_id) == ["accepted"]

    @pytest.mark.parametrize("command", [commands.answer_dispute, commands.reject_dispute])
    def test_says_why(self, talk: Talk, command: Any) -> None:
        fact_id = talk.disputes(talk.shop.invoice()).fact_id
        with pytest.raises(BadFact):
            command(talk.anna, fact_id=fact_id, words=" ")


class TestADisputeRefused:
    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"words": " \n"}, BadFact),
            ({"words": "x" * 1001}, BadFact),
            ({"amount_minor": 0}, BadFact),
            ({"amount_minor": 12_501}, BadFact),
            ({"lines": (LineInDispute(2),)}, BadFact),
            ({"lines": (LineInDispute(1, 12_501),)}, BadFact),
            ({"lines": (LineInDispute(1, 0),)}, BadFact),
            ({"lines": (LineInDispute(1, 5), LineInDispute(1, 5))}, BadFact),
            ({"lines": (LineInDispute(1),), "amount_minor": 5}, BadFact),
            ({"invoice_id": 10**9}, commands.NoSuchClaim),
        ],
        ids=lambda given: str(given)[:60],
    )
    def test_leaves_nothing(self, talk: Talk, given: dict[str, Any], refusal: type[Exception]) -> None:
        invoice_id = talk.shop.invoice()
        before = contents(talk.anna)
        with pytest.raises(refusal):
            talk.disputes(**({"invoice_id": invoice_id} | given))
        assert contents(talk.anna) == before

    @pytest.mark.parametrize("case", ["a draft", "a credit note", "a paid one", "another tenant's"])
    def test_of_what_is_no_claim_of_the_company(self, talk: Talk, her_talk: Talk, case: str) -> None:
        invoice_id = talk.shop.invoice()
        credit = talk.shop.credit(talk.shop.invoice())
        talk.shop.issue(credit)
        wanted = {"a draft": talk.shop.draft(), "a credit note": credit}.get(case, invoice_id)
        if case == "a paid one":
            talk.pays(invoice_id, 12_500)
        refusal = commands.NothingToDispute if case == "a paid one" else commands.NoSuchClaim
        with pytest.raises(refusal):
            talk.disputes(wanted, ctx=her_talk.bo if case == "another tenant's" else None)
        assert talk.facts(wanted) == ()

    def test_under_a_used_key_with_other_words(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.disputes(invoice_id, ctx=keyed(talk.bo, "k"))
        with pytest.raises(KeyReused):
            talk.disputes(invoice_id, ctx=keyed(talk.bo, "k"), words="Or for another reason")


class TestTooMuchSaid:
    def test_by_one_customer_in_a_day_is_not_taken_in(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        for _ in range(MOST_A_DAY):
            commands.remark(talk.bo, invoice_id=invoice_id, words="Hello?")
        before = contents(talk.anna)
        for say in (
            lambda: commands.remark(talk.bo, invoice_id=invoice_id, words="Hello?"),
            lambda: talk.disputes(invoice_id),
            lambda: talk.paid(invoice_id, 5),
            lambda: talk.promises(invoice_id, 5, days(1)),
            lambda: talk.asks(invoice_id, days(31)),
        ):
            with pytest.raises(commands.TooMuchSaid):
                say()
        assert contents(talk.anna) == before
        commands.remark(talk.anna, invoice_id=invoice_id, words="The company may always answer")
        commands.remark(talk.bo, invoice_id=talk.shop.invoice(), words="and another invoice is another matter")
        tomorrow = replace(talk.bo, now=talk.bo.now.replace(day=talk.bo.now.day + 1, minute=1))
        commands.remark(tomorrow, invoice_id=invoice_id, words="as is another day")

    def test_would_be_taken_in_without_the_limit(self, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: nobody counts."""
        from kvit.invoicing.commands import remarks

        monkeypatch.setattr(remarks, "require_room", lambda ctx, invoice_id: None)
        invoice_id = talk.shop.invoice()
        for _ in range(MOST_A_DAY + 1):
            commands.remark(talk.bo, invoice_id=invoice_id, words="Hello?")
        assert len(talk.said(invoice_id)) == MOST_A_DAY + 1


class TestWithdrawing:
    def test_takes_ones_own_word_back(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        fact_id = talk.disputes(invoice_id).fact_id
        run_twice(commands.withdraw_fact, talk.bo, invoice_id=invoice_id, fact_id=fact_id, words="My mistake")
        assert talk.states(invoice_id) == ["withdrawn"]
        assert talk.undisputed(invoice_id).disputed_minor == 0
        assert talk.waits(invoice_id) == []
        with pytest.raises(NotMovable):
            commands.withdraw_fact(talk.bo, invoice_id=invoice_id, fact_id=fact_id)

    def test_is_not_for_the_other_sides_word_nor_by_way_of_another_invoice(self, talk: Talk, her_talk: Talk) -> None:
        """Who holds the link to one invoice must not reach what was said about another by its number."""
        invoice_id, other = talk.shop.invoice(), talk.shop.invoice()
        fact_id = talk.disputes(invoice_id).fact_id
        for ctx, claimed in ((talk.anna, invoice_id), (talk.bo, other), (her_talk.bo, invoice_id)):
            with pytest.raises(commands.NoSuchFact):
                commands.withdraw_fact(ctx, invoice_id=claimed, fact_id=fact_id)
        with pytest.raises(commands.NoSuchFact):
            commands.remark(talk.bo, invoice_id=other, fact_id=fact_id, words="Strange")
        assert talk.states(invoice_id) == ["open"]


class TestWhatWasSaid:
    def test_stays_as_it_was_said(self, talk: Talk) -> None:
        from django.db import IntegrityError, InternalError, ProgrammingError, transaction

        from kvit.base import rows, tenant

        invoice_id = talk.shop.invoice()
        talk.disputes(invoice_id)
        for statement in (
            "UPDATE invoicing_claimfact SET amount_minor = 1",
            "UPDATE invoicing_remark SET words = 'other'",
            "UPDATE invoicing_disputedline SET amount_minor = 1",
            "DELETE FROM invoicing_claimfact",
            "DELETE FROM invoicing_remark",
        ):
            with (
                tenant.scope(talk.anna.tenant_id),
                pytest.raises((IntegrityError, InternalError, ProgrammingError)),
                transaction.atomic(),
            ):
                rows.run(statement)

    def test_could_be_rewritten_without_the_trigger(self, owner: Owner) -> None:
        """The planted fault: with the trigger off the owner of the tables puts other words into a mouth."""
        statement = "UPDATE invoicing_remark SET words = 'other' WHERE id = %s"
        fill_every_table(owner, references_of(apps.get_models()), tenants={2_000_000_001: 1_900_000_007})
        owner.execute("SELECT set_config('app.tenant', '2000000001', true)")
        assert owner.execute(statement, [1_900_000_007]).rowcount == 1
        owner.execute("ALTER TABLE invoicing_remark ENABLE TRIGGER kept_as_said")
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(statement, [1_900_000_007])

    def test_goes_when_the_person_is_erased_and_the_fact_stays(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.disputes(invoice_id, words="I am ill, says doctor Ek")
        commands.remark(talk.anna, invoice_id=invoice_id, words="Get well")
        assert run_twice(commands.erase_words, talk.anna, party_id=talk.shop.books.bo).count == 2
        assert talk.said(invoice_id) == [("customer", None), ("company", None)]
        assert talk.shop.rows("SELECT count(*) FROM base_personalvalue WHERE value::text LIKE '%%doctor%%'") == [(0,)]
        assert talk.undisputed(invoice_id).disputed_minor == 12_500
