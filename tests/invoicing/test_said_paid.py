""" "I have paid", promises and later due dates asked for: what the ledger and the rule make of them."""

from typing import Any

import pytest

from cast import keyed
from invoicing.claims import Talk
from invoicing.company import DAY, days
from kvit.base.command import KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands
from kvit.invoicing.domain import BadClaimRule, BadFact, ClaimRule, Remittance
from kvit.ledger import commands as ledger
from tables import contents, run_twice


class TestIHavePaid:
    def test_is_kept_as_said_and_confirmed_by_itself_when_the_money_comes(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        payment = Remittance(DAY, 12_500, " Sparbanken ")
        run_twice(commands.say_paid, talk.bo, invoice_id=invoice_id, payment=payment, today=DAY, words="Yesterday")
        (fact,) = talk.facts(invoice_id)
        assert (fact.kind.value, fact.amount_minor, fact.on_date, fact.bank) == (
            "remittance",
            12_500,
            DAY,
            "Sparbanken",
        )
        assert fact.last_date == days(7)  # five working days after a Monday
        assert talk.review(invoice_id) == 0
        talk.pays(invoice_id, 12_500)
        assert talk.review(invoice_id) == 1
        assert talk.states(invoice_id) == ["confirmed"]
        assert talk.review(invoice_id) == 0
        assert talk.shop.events()[1:] == ["FactStated", "FactsMoved"]

    def test_is_not_confirmed_by_less_nor_by_a_credit_note(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.paid(invoice_id, 12_500)
        talk.pays(invoice_id, 6_000)
        talk.shop.issue(talk.shop.credit(invoice_id))
        assert talk.shop.open(invoice_id) == {}
        talk.review(invoice_id)
        assert talk.states(invoice_id) == ["confirmed"]  # money came, and the rest is nothing anybody owes
        other = talk.shop.invoice()
        talk.paid(other, 12_500)
        talk.shop.issue(talk.shop.credit(other))
        assert (talk.review(other), talk.states(other)) == (0, ["open"])

    def test_said_twice_is_not_confirmed_twice_by_one_payment(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.paid(invoice_id, 5_000)
        talk.paid(invoice_id, 5_000)
        talk.pays(invoice_id, 5_000)
        talk.review(invoice_id)
        assert talk.states(invoice_id) == ["confirmed", "open"]

    def test_is_stale_after_so_many_working_days_and_waits_for_a_person(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.paid(invoice_id, 12_500)
        assert talk.waits(invoice_id) == []
        assert talk.review(invoice_id, day=7) == 0
        assert talk.review(invoice_id, day=8) == 1
        (item,) = talk.waits(invoice_id)
        assert (talk.states(invoice_id), item.reason_code) == (["stale"], "invoicing.payment_not_found")
        talk.pays(invoice_id, 12_500, day=9)
        talk.review(invoice_id, day=9)
        assert (talk.states(invoice_id), talk.waits(invoice_id)) == (["confirmed"], [])

    def test_waits_again_when_the_payment_is_taken_back(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.paid(invoice_id, 12_500)
        allocation = talk.pays(invoice_id, 12_500)
        talk.review(invoice_id)
        ledger.take_back(talk.anna, allocation_ids=(allocation,), on_date=days(2))
        talk.review(invoice_id)
        assert talk.states(invoice_id) == ["open"]

    @pytest.mark.parametrize(
        "given",
        [
            {"amount_minor": 0},
            {"amount_minor": 12_501},
            {"paid_date": days(1)},
            {"paid_date": days(-4000)},
            {"bank": "x" * 81},
            {"words": "x" * 1001},
        ],
        ids=str,
    )
    def test_is_refused_for_what_cannot_be(self, talk: Talk, given: dict[str, Any]) -> None:
        invoice_id = talk.shop.invoice()
        before = contents(talk.anna)
        with pytest.raises(BadFact):
            talk.paid(**({"invoice_id": invoice_id, "amount_minor": 12_500} | given))
        assert contents(talk.anna) == before

    def test_is_refused_for_another_tenants_and_under_a_used_key(self, talk: Talk, her_talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        with pytest.raises(commands.NoSuchClaim):
            talk.paid(invoice_id, 5, ctx=her_talk.bo)
        talk.paid(invoice_id, 5, ctx=keyed(talk.bo, "k"))
        with pytest.raises(KeyReused):
            talk.paid(invoice_id, 6, ctx=keyed(talk.bo, "k"))


class TestAPromise:
    def test_is_kept_once_what_was_settled_by_its_day_reaches_it(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.pays(invoice_id, 2_500)
        given = {"invoice_id": invoice_id, "promised_date": days(10), "amount_minor": 5_000, "today": DAY}
        run_twice(commands.promise_payment, talk.bo, **given)
        talk.pays(invoice_id, 4_999, day=10)
        assert talk.review(invoice_id, day=10) == 0
        talk.pays(invoice_id, 1, day=10)
        assert talk.review(invoice_id, day=10) == 1
        assert talk.states(invoice_id) == ["kept"]

    def test_is_broken_the_day_after_and_waits_for_a_person(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.promises(invoice_id, 5_000, days(10))
        talk.pays(invoice_id, 5_000, day=11)
        assert talk.review(invoice_id, day=10) == 0
        assert talk.review(invoice_id, day=11) == 1
        (item,) = talk.waits(invoice_id)
        assert (talk.states(invoice_id), item.reason_code) == (["broken"], "invoicing.promise_broken")

    def test_that_was_kept_in_time_is_kept_although_the_bank_told_of_it_late(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.promises(invoice_id, 5_000, days(10))
        talk.review(invoice_id, day=11)
        talk.pays(invoice_id, 5_000, day=10)
        talk.review(invoice_id, day=12)
        assert (talk.states(invoice_id), talk.waits(invoice_id)) == (["kept"], [])

    def test_is_broken_after_all_when_its_payment_is_taken_back(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.promises(invoice_id, 5_000, days(10))
        allocation = talk.pays(invoice_id, 5_000, day=3)
        talk.review(invoice_id, day=3)
        ledger.take_back(talk.anna, allocation_ids=(allocation,), on_date=days(12))
        assert talk.review(invoice_id) == 1
        assert talk.states(invoice_id) == ["open"]
        talk.review(invoice_id, day=12)
        assert talk.states(invoice_id) == ["broken"]
        assert talk.review(invoice_id, day=9) == 0  # no day makes it young again

    def test_stands_alone_until_it_is_withdrawn(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        first = talk.promises(invoice_id, 5_000, days(10)).fact_id
        with pytest.raises(commands.FactStandsAlready):
            talk.promises(invoice_id, 6_000, days(11))
        commands.withdraw_fact(talk.bo, invoice_id=invoice_id, fact_id=first)
        talk.promises(invoice_id, 6_000, days(11))
        assert talk.states(invoice_id) == ["withdrawn", "open"]
        assert talk.review(invoice_id, day=40) == 1
        assert talk.states(invoice_id) == ["withdrawn", "broken"]

    @pytest.mark.parametrize(
        "given",
        [{"amount_minor": 0}, {"amount_minor": 12_501}, {"on": days(-1)}, {"on": days(61)}, {"words": "x" * 1001}],
        ids=str,
    )
    def test_is_refused_for_what_cannot_be(self, talk: Talk, given: dict[str, Any]) -> None:
        invoice_id = talk.shop.invoice()
        before = contents(talk.anna)
        with pytest.raises(BadFact):
            talk.promises(**({"invoice_id": invoice_id, "amount_minor": 12_500, "on": days(3)} | given))
        assert contents(talk.anna) == before

    def test_is_refused_for_another_tenants(self, talk: Talk, her_talk: Talk) -> None:
        with pytest.raises(commands.NoSuchClaim):
            talk.promises(talk.shop.invoice(), 5, days(1), ctx=her_talk.bo)

    def test_made_twice_at_once_is_made_once(self, anna_live: Any) -> None:
        from cast import in_threads
        from invoicing.company import open_shop

        talk = Talk(open_shop(anna_live))
        invoice_id = talk.shop.invoice()
        done = in_threads(4, lambda n: talk.promises(invoice_id, 1_000 + n, days(5)))
        assert sum(isinstance(each, commands.FactStandsAlready) for each in done) == 3
        assert talk.states(invoice_id) == ["open"]


class TestMoreTime:
    def test_within_what_the_rule_gives_is_agreed_at_once(self, talk: Talk) -> None:
        commands.set_claim_rule(talk.anna, rule=ClaimRule(free_extension_days=14))
        invoice_id = talk.shop.invoice()
        given = {"invoice_id": invoice_id, "due_date": days(44), "words": "After the holidays"}
        assert run_twice(commands.ask_for_time, talk.bo, **given).state.value == "accepted"
        assert talk.shop.look(invoice_id).due_date == days(44)
        assert talk.waits(invoice_id) == []
        assert talk.asks(invoice_id, days(45)).state.value == "open"  # counted from the first due date
        assert talk.shop.look(invoice_id).due_date == days(44)

    def test_beyond_that_waits_for_a_clerk_who_agrees(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        fact_id = talk.asks(invoice_id, days(60)).fact_id
        (item,) = talk.waits(invoice_id)
        assert item.reason_code == "invoicing.extension_asked"
        run_twice(commands.accept_extension, talk.anna, fact_id=fact_id, words="Gladly")
        assert talk.states(invoice_id) == ["accepted"]
        assert talk.shop.look(invoice_id).due_date == days(60)
        assert talk.waits(invoice_id) == []
        assert "DueDateMoved" in talk.shop.events()

    def test_is_refused_by_a_clerk_with_the_reason(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        fact_id = talk.asks(invoice_id, days(60)).fact_id
        with pytest.raises(BadFact):
            commands.reject_extension(talk.anna, fact_id=fact_id, words="")
        run_twice(commands.reject_extension, talk.anna, fact_id=fact_id, words="It is late already")
        assert (talk.states(invoice_id), talk.waits(invoice_id)) == (["rejected"], [])
        assert talk.shop.look(invoice_id).due_date == days(30)
        with pytest.raises(NotMovable):
            commands.accept_extension(talk.anna, fact_id=fact_id)

    def test_is_not_the_customers_to_give(self, talk: Talk, her_talk: Talk) -> None:
        fact_id = talk.asks(talk.shop.invoice(), days(60)).fact_id
        for ctx in (talk.bo, her_talk.anna):
            with pytest.raises(commands.NoSuchFact):
                commands.accept_extension(ctx, fact_id=fact_id)
            with pytest.raises(commands.NoSuchFact):
                commands.reject_extension(ctx, fact_id=fact_id, words="no")

    @pytest.mark.parametrize("due", [30, 29, 61])
    def test_is_for_a_later_day_within_the_limit(self, talk: Talk, due: int) -> None:
        invoice_id = talk.shop.invoice()
        before = contents(talk.anna)
        with pytest.raises(BadFact):
            talk.asks(invoice_id, days(due))
        assert contents(talk.anna) == before

    def test_would_reach_any_day_if_the_limit_were_counted_from_the_last_one(
        self, talk: Talk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: each step is measured from the one before."""
        from kvit.invoicing.commands import extensions

        commands.set_claim_rule(talk.anna, rule=ClaimRule(free_extension_days=30))
        invoice_id = talk.shop.invoice()
        talk.asks(invoice_id, days(60))
        with pytest.raises(BadFact):
            talk.asks(invoice_id, days(90))
        monkeypatch.setattr(extensions, "_first_due", lambda claim: claim.due_date)
        assert talk.asks(invoice_id, days(90)).state.value == "accepted"


class TestARuleOnClaims:
    def test_holds_from_then_on_and_the_newest_counts(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        talk.paid(invoice_id, 5)
        run_twice(commands.set_claim_rule, talk.anna, rule=ClaimRule(stale_after_days=1))
        talk.paid(invoice_id, 5)
        assert [fact.last_date for fact in talk.facts(invoice_id)] == [days(7), days(1)]

    @pytest.mark.parametrize(
        "rule",
        [
            ClaimRule(stale_after_days=0),
            ClaimRule(longest_promise_days=-1),
            ClaimRule(longest_promise_days=366),
            ClaimRule(longest_extension_days=366),
            ClaimRule(longest_extension_days=5, free_extension_days=6),
        ],
        ids=str,
    )
    def test_is_refused_where_its_days_cannot_be(self, talk: Talk, rule: ClaimRule) -> None:
        before = contents(talk.anna)
        with pytest.raises(BadClaimRule):
            commands.set_claim_rule(talk.anna, rule=rule)
        assert contents(talk.anna) == before
