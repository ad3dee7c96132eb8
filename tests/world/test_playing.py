"""Days of a simulated company, played through the books."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kvit.banking import queries as banking
from kvit.base import login, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine
from kvit.ledger.domain import bank_account
from kvit.parties import commands as parties
from kvit.parties import queries as party_queries
from kvit.parties.domain.register import PartyKind
from kvit.world import billing, commands, founding, playing, queries, truth
from kvit.world.companies import COMPANIES
from kvit.world.founding import Simulated
from kvit.world.people import Temper
from kvit.world.playing import Stretch, stretches
from receivables import balance, problems
from simulated_books import ACTOR, NOW, TODAY, Desk, ctx_on, opened, play_until, rows_of, wanted

pytestmark = pytest.mark.usefixtures("db")
EACH = pytest.mark.parametrize("code", COMPANIES)


def ordered(simulated: Simulated, *days: date) -> int:
    """How many invoices the company orders on these days."""
    seed = simulated.founding.seed
    return sum(len(billing.orders(simulated.company, simulated.people, day, seed=seed)) for day in days)


class TestOpeningACompany:
    @EACH
    def test_gives_it_books_accounts_and_customers(self, code: str) -> None:
        simulated = opened(code)
        with tenant.scope(simulated.tenant_id):
            numbers = {number for number, _, _ in banking.accounts().values()}
            known = party_queries.parties(simulated.party_ids)
        assert numbers == {account.number for account in simulated.company.accounts}
        for person, party_id in zip(simulated.people, simulated.party_ids, strict=True):
            party = known[party_id]
            assert (party.name, party.country) == (person.name, simulated.company.country)
            assert [(i.kind, i.value) for i in party.identities] == [person.tax_number] * person.is_firm

    def test_a_second_time_changes_nothing(self) -> None:
        first = opened("promien")
        before = rows_of(first)
        again = founding.open_company(
            wanted("promien", customers=40, past=9, seed=8), actor=ACTOR, now=NOW + timedelta(days=3)
        )
        assert again == first == founding.load("promien")
        assert rows_of(first) == before

    def test_is_finished_after_a_crash_at_any_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_: object, **__: object) -> None:
            raise ConnectionError

        for module, name in (
            (founding.ledger, "open_chart"),
            (founding.parties, "register_party"),
            (founding.banking, "open_bank_account"),
            (founding.parties, "register_parties"),
            (founding.invoicing, "register_customers"),
        ):
            with monkeypatch.context() as broken:
                broken.setattr(module, name, fails)
                with pytest.raises(ConnectionError):
                    opened("linden")
                with pytest.raises(founding.NoWorld):
                    founding.load("linden")
        simulated = opened("linden")
        with tenant.scope(simulated.tenant_id):
            assert len(party_queries.own_parties()) == 1
            assert len(banking.accounts()) == len(simulated.company.accounts)
        assert len(set(simulated.customer_ids)) == 12

    def test_never_touches_a_real_company_of_that_code(self, anna: Ctx) -> None:
        ctx = replace(anna, tenant_id=login.draw_tenant_id())
        login.open_tenant(ctx, code="traseu", name="Traseu Real SRL", country="RO", currency="RON")
        parties.register_party(ctx, kind=PartyKind.COMPANY, name="Traseu Real SRL", country="RO", is_own=True)
        with pytest.raises(founding.NotOfTheWorld):
            opened("traseu")
        with pytest.raises(founding.NoWorld):
            founding.load("traseu")

    def test_draws_nothing_else_under_the_same_key(self) -> None:
        simulated = opened("nordljus")
        ctx = replace(ctx_on(simulated, TODAY), key=queries.FOUNDED)
        with pytest.raises(KeyReused):
            commands.found_company(ctx, company="nordljus", seed=1, customers=1, first_day=TODAY, opened_on=TODAY)

    def test_is_unknown_to_another_tenant(self, cilla: Ctx) -> None:
        simulated = opened("nordljus")
        play_until(simulated, TODAY, Desk())
        with tenant.scope(cilla.tenant_id):
            assert queries.founding() is None
            assert queries.played_through() is None
            assert queries.played(TODAY) is None


class TestWhatIsToBePlayed:
    def test_is_the_past_in_weeks_and_then_each_day(self) -> None:
        of = wanted("nordljus", customers=1, past=17)
        found = list(stretches(of, after=None, until=TODAY + timedelta(days=2)))
        lengths = [(stretch.last - stretch.first).days + 1 for stretch in found]
        assert lengths == [7, 7, 4, 1, 1]
        assert [day for stretch in found for day in stretch.days()] == [
            of.first_day + timedelta(days=n) for n in range(20)
        ]

    def test_goes_on_where_it_stopped(self) -> None:
        of = wanted("nordljus", customers=1, past=17)
        everything = list(stretches(of, after=None, until=TODAY + timedelta(days=2)))
        for done, stretch in enumerate(everything, 1):
            rest = list(stretches(of, after=stretch.last, until=TODAY + timedelta(days=2)))
            assert rest == everything[done:]

    def test_is_nothing_where_all_was_played(self) -> None:
        assert list(stretches(wanted("linden", customers=1, past=3), after=TODAY, until=TODAY)) == []


@EACH
class TestPlaying:
    def test_leaves_sound_books_and_the_balances_of_the_bank(self, code: str) -> None:
        simulated = opened(code, customers=15, past=45)
        desk = Desk()
        played = play_until(simulated, TODAY + timedelta(days=4), desk)
        assert problems(ctx_on(simulated, TODAY)) == ()
        report = truth.report(simulated)
        assert sum(p.movements for p in played) == report.movements == report.lines > 20
        assert sum(p.issued for p in played) == ordered(
            simulated, *(simulated.founding.first_day + timedelta(days=n) for n in range(50))
        )
        true = truth.movements(simulated)
        with tenant.scope(simulated.tenant_id):
            accounts = banking.accounts()
        for account_id, (number, currency, _) in accounts.items():
            moved = sum(m.amount_minor for (account, _), m in true.items() if account == number)
            assert balance(ctx_on(simulated, TODAY), bank_account(account_id), currency) == moved

    def test_again_changes_nothing(self, code: str) -> None:
        simulated = opened(code, customers=15, past=30)
        desk = Desk()
        played = play_until(simulated, TODAY, desk)
        before, files = rows_of(simulated), dict(desk.files)
        for done in played:
            again = playing.play(ctx_on(simulated, TODAY), simulated, Stretch(done.first, done.last), take_in=desk)
            assert again == done
        assert rows_of(simulated) == before
        assert desk.files == files


class TestADayThatWasCutShort:
    def crash(self, simulated: Simulated, where: str) -> None:
        with pytest.raises(ConnectionError):
            play_until(simulated, TODAY, Desk(fails_at=where))

    @pytest.mark.parametrize("account", ["giro", "main"])
    def test_is_played_to_its_end_and_nothing_is_there_twice(self, account: str) -> None:
        simulated = opened("nordljus", customers=40, past=50)
        days = [simulated.founding.first_day + timedelta(days=n) for n in range(51)]
        for week_end in (days[34], days[-1]):
            self.crash(simulated, f"{account}-{week_end}")
        self.finish(simulated, days)

    def test_between_drafting_and_issuing_is_issued(self, monkeypatch: pytest.MonkeyPatch) -> None:
        simulated = opened("nordljus", customers=40, past=35)

        def fails(*_: object, **__: object) -> None:
            raise ConnectionError

        with monkeypatch.context() as broken:
            broken.setattr(playing.invoicing, "issue_invoices", fails)
            self.crash(simulated, "")
        with tenant.scope(simulated.tenant_id):
            assert invoices.draft_ids()
        self.finish(simulated, [simulated.founding.first_day + timedelta(days=n) for n in range(36)])

    @staticmethod
    def finish(simulated: Simulated, days: list[date]) -> None:
        play_until(simulated, TODAY, Desk())
        with tenant.scope(simulated.tenant_id):
            issued = [d for d in invoices.all_invoices() if d.kind == "invoice"]
        assert len(issued) == ordered(simulated, *days)
        report = truth.report(simulated)
        assert (report.movements, report.lost, report.foreign) == (report.lines, (), 0)
        assert problems(ctx_on(simulated, TODAY)) == ()

    def test_would_be_there_twice_without_its_keys(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the world's commands lose their keys."""
        simulated = opened("nordljus", customers=15, past=35)

        def without_key(ctx: Ctx, **changed: Any) -> Ctx:
            return replace(ctx, **{name: value for name, value in changed.items() if name != "key"})

        monkeypatch.setattr(playing, "replace", without_key)
        self.crash(simulated, "main")
        play_until(simulated, TODAY - timedelta(days=29), Desk())
        with tenant.scope(simulated.tenant_id):
            issued = [d for d in invoices.all_invoices() if d.kind == "invoice"]
        assert len(issued) > ordered(simulated, *(simulated.founding.first_day + timedelta(days=n) for n in range(7)))


class TestSomebodyAtTheDesk:
    def test_issues_an_invoice_and_the_customer_pays_it(self) -> None:
        simulated = opened("nordljus", customers=15)
        play_until(simulated, TODAY, Desk())
        prompt = next(p for p in simulated.people if p.temper is Temper.PROMPT)
        ctx = ctx_on(simulated, TODAY)
        line = DraftLine("Flytthjälp", Decimal(2), Decimal(400), Decimal(25), "h")
        drafted = invoicing.draft_invoices(
            ctx, drafts=(Draft(simulated.customer_ids[prompt.ordinal], (line,)),), day=TODAY
        )
        number = invoicing.issue_invoices(ctx, invoice_ids=drafted.invoice_ids, issue_date=TODAY).numbers[0]
        play_until(simulated, TODAY + timedelta(days=50), Desk())
        meant = [m for moved in truth.movements(simulated).values() for m in moved.meant if m.number == number]
        assert sum(m.amount_minor for m in meant) == 1000_00
        assert truth.report(simulated).lost == ()

    def test_credits_an_invoice_and_the_customer_does_not_pay_it(self) -> None:
        simulated = opened("nordljus", customers=15)
        play_until(simulated, TODAY + timedelta(days=6), Desk())
        with tenant.scope(simulated.tenant_id):
            documents = invoices.all_invoices()
        assert documents
        day = TODAY + timedelta(days=6)
        for document in documents:
            credit = invoicing.draft_credit_note(ctx_on(simulated, day), invoice_id=document.id, reason="wrong address")
            invoicing.issue_invoices(ctx_on(simulated, day), invoice_ids=(credit.invoice_id,), issue_date=day)
        play_until(simulated, TODAY + timedelta(days=60), Desk())
        numbers = {document.number for document in documents}
        paid = {m.number: moved.day for moved in truth.movements(simulated).values() for m in moved.meant}
        assert all(paid[number] <= day for number in numbers & paid.keys())
        assert problems(ctx_on(simulated, TODAY)) == ()
