"""Stories about what the bank says, told in days; each step asks for what people would see."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from bank_files import IBAN, Pay, Stmt, camt, file
from cast import NOW, keyed
from kvit.banking import commands as banking
from kvit.banking import jobs
from kvit.banking import queries as banking_queries
from kvit.banking.domain import StatementState
from kvit.banking.events import StatementBooked
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.flows import matching as flow
from kvit.invoicing import commands as invoicing
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import queries as ledger
from kvit.matching import commands as matching
from kvit.matching import queries as matching_queries
from kvit.matching.commands import Target
from kvit.work import queries as work
from receivables import (
    Customer,
    bank_balance,
    books,
    issue,
    new_customer,
    open_account,
    open_books,
    open_minor,
    problems,
)


@dataclass(frozen=True)
class Office:
    """Anna at her desk, day by day: Day 1 is Monday 2 March 2026."""

    ctx: Ctx

    def on(self, day: int) -> Ctx:
        return replace(self.ctx, now=self.instant(day))

    @staticmethod
    def instant(day: int) -> datetime:
        return NOW + timedelta(days=day - 1)

    @classmethod
    def date(cls, day: int) -> date:
        return cls.instant(day).date()

    def bank_file(self, day: int, data: bytes) -> jobs.ImportReport:
        """The bank's file comes and is imported; what is booked is matched by the robot."""
        ctx = self.on(day)
        report = jobs.import_file(ctx, file(data), name=f"day-{day}.xml")
        for one in report.statements:
            if one.state is StatementState.BOOKED and one.taken:
                flow.match_statement(
                    replace(keyed(ctx, f"{one.statement_id}:match"), actor="robot:matching.match_statement"),
                    StatementBooked(one.statement_id, 0, one.taken),
                )
        return report

    def inbox(self, day: int) -> list[str]:
        """What waits for Anna, in words."""
        with tenant.scope(self.ctx.tenant_id):
            return [item.reason for item in work.waiting(now=self.instant(day), limit=50)]

    def line(self, amount_minor: int) -> int:
        """The waiting bank line of this amount."""
        with tenant.scope(self.ctx.tenant_id):
            (found,) = [
                line.id
                for line in banking_queries.lines(matching_queries.waiting_lines())
                if line.amount_minor == amount_minor
            ]
            return found

    def owes(self, party_id: int, *, as_of: int | None = None, known_on: int | None = None) -> int:
        """What somebody owes, minor units; negative when it is an advance."""
        with tenant.scope(self.ctx.tenant_id):
            found = ledger.party_balances(
                party_id,
                as_of=self.date(as_of) if as_of else None,
                known_at=self.instant(known_on) if known_on else None,
            )
            return sum(one.balance_minor for one in found)

    def still_open(self, *invoices: InvoiceRow) -> list[int]:
        return [open_minor(self.ctx, invoice) for invoice in invoices]

    def link(self, day: int, line: int, *targets: tuple[InvoiceRow, int]) -> matching.Linked:
        wanted = tuple(Target(invoice.id, amount) for invoice, amount in targets)
        return matching.link_payment(self.on(day), line_id=line, targets=wanted)


@pytest.fixture
def office(anna: Ctx) -> Office:
    return Office(open_books(anna))


@dataclass(frozen=True)
class Fortnight:
    """What the story of Bo and Eva speaks of; each day's method tells what happens and what is seen."""

    office: Office
    account: int
    bo: Customer
    eva: Customer
    bos: InvoiceRow
    evas_first: InvoiceRow
    evas_second: InvoiceRow

    @property
    def of_day_12(self) -> list[Pay]:
        day = self.office.date(12)
        return [
            Pay(1000_00, "70010", day=day, name="Bo Ek"),
            Pay(450_00, "70020", day=day, name="Eva Lind"),
            Pay(300_00, text="for the cakes", day=day, name="B Ek"),
        ]

    @classmethod
    def day_1_invoices_go_out(cls, office: Office) -> "Fortnight":
        account = open_account(office.on(1), IBAN)
        bo, eva = new_customer(office.on(1), "Bo Ek"), new_customer(office.on(1), "Eva Lind")
        (bos,) = issue(office.on(1), bo, 1000_00, references=("70010",))
        first, second = issue(office.on(1), eva, 500_00, 300_00, references=("70020", "70030"))
        assert (office.owes(bo.party_id), office.owes(eva.party_id)) == (1000_00, 800_00)
        assert office.inbox(1) == []
        return cls(office, account, bo, eva, bos, first, second)

    def day_12_the_bank_file_comes(self) -> int:
        """Bo paid with the right reference, Eva too little, and somebody forgot it: that payment's line."""
        office = self.office
        office.bank_file(12, camt(Stmt(self.of_day_12)))
        assert office.still_open(self.bos, self.evas_first, self.evas_second) == [0, 500_00, 300_00]
        assert office.inbox(12) == [
            f"450.00 SEK paid, 500.00 SEK open of {self.evas_first.number}",
            "no reference is given",
        ]
        assert bank_balance(office.ctx, self.account) == 1750_00
        assert problems(office.ctx) == ()
        return office.line(300_00)

    def day_13_anna_links_by_hand(self, cakes: int) -> int:
        """Eva's part, and what Anna takes for Eva's other invoice: the id of that link."""
        office = self.office
        office.link(13, office.line(450_00), (self.evas_first, 450_00))
        wrong = office.link(13, cakes, (self.evas_second, 300_00))
        assert office.still_open(self.evas_first, self.evas_second) == [50_00, 0]
        assert office.inbox(13) == []
        assert office.owes(self.eva.party_id) == 50_00
        return wrong.link_id

    def day_14_the_link_was_wrong(self, wrong: int) -> None:
        """It was Bo who paid ahead; it is undone."""
        office = self.office
        matching.undo_link(office.on(14), link_id=wrong, reason="Bo paid ahead", on_date=office.date(14))
        assert office.still_open(self.evas_first, self.evas_second) == [50_00, 300_00]
        assert office.inbox(14) == ["its link was undone: Bo paid ahead"]
        assert (office.owes(self.bo.party_id), office.owes(self.eva.party_id)) == (0, 350_00)
        assert problems(office.ctx) == ()

    def day_15_bos_next_invoice_is_paid_from_it(self, cakes: int) -> None:
        """The rest is his advance."""
        office = self.office
        (following,) = issue(office.on(15), self.bo, 200_00)
        linked = office.link(15, cakes, (following, 200_00))
        assert linked.advance_minor == 100_00
        assert (office.still_open(following), office.owes(self.bo.party_id)) == ([0], -100_00)
        assert office.inbox(15) == []

    def day_16_the_bank_repeats_itself(self) -> None:
        """The same file again, and then the whole month so far: nothing changes."""
        office = self.office
        before = books(office.ctx)
        assert office.bank_file(16, camt(Stmt(self.of_day_12))).repeated
        (month,) = office.bank_file(16, camt(Stmt(self.of_day_12, number="month"))).statements
        assert (month.taken, month.known) == (0, 3)
        assert books(office.ctx) == before
        assert office.inbox(16) == []

    def day_20_eva_pays_the_rest(self) -> None:
        """She had asked for a week more for her second invoice. The robot finds that it is just what is open."""
        office = self.office
        invoicing.move_due_date(
            office.on(17), invoice_id=self.evas_second.id, due_date=office.date(40), reason="she asked"
        )
        office.bank_file(
            20, camt(Stmt([Pay(50_00, "70020", day=office.date(20), name="Eva Lind")], opening_minor=1750_00))
        )
        assert office.still_open(self.evas_first, self.evas_second) == [0, 300_00]
        assert office.inbox(20) == []

    def day_21_the_auditor_asks(self, cakes: int) -> None:
        """What was owed on a day, and what was known of it then."""
        office, eva = self.office, self.eva.party_id
        assert [office.owes(eva, as_of=day) for day in (1, 12, 14, 20)] == [800_00, 50_00, 350_00, 300_00]
        assert [office.owes(eva, as_of=12, known_on=day) for day in (12, 13)] == [800_00, 50_00]
        with tenant.scope(office.ctx.tenant_id):
            history = [(link.party_id, link.state) for link in matching_queries.links([cakes])]
        assert history == [(eva, "undone"), (self.bo.party_id, "live")]
        assert bank_balance(office.ctx, self.account) == 1800_00
        assert problems(office.ctx) == ()


class TestTwoWeeksOfPayments:
    def test_bo_pays_well_and_eva_too_little(self, office: Office) -> None:
        story = Fortnight.day_1_invoices_go_out(office)
        cakes = story.day_12_the_bank_file_comes()
        wrong = story.day_13_anna_links_by_hand(cakes)
        story.day_14_the_link_was_wrong(wrong)
        story.day_15_bos_next_invoice_is_paid_from_it(cakes)
        story.day_16_the_bank_repeats_itself()
        story.day_20_eva_pays_the_rest()
        story.day_21_the_auditor_asks(cakes)


class TestAWeekOfBrokenFiles:
    def test_costs_no_money_and_books_none_twice(self, office: Office) -> None:
        pays = [Pay(100_00 + n, f"7001{n}", day=office.date(1), bank_id=str(n)) for n in range(4)]
        whole = camt(Stmt(pays))
        bo = new_customer(office.on(1))
        invoices = issue(
            office.on(1), bo, *(pay.amount_minor for pay in pays), references=tuple(pay.reference for pay in pays)
        )

        # Day 1: nobody has told Kvit of the account. The file is kept, and says what to do.
        office.bank_file(1, whole)
        assert office.inbox(1) == [f"{IBAN} is not one of the company's accounts; open it, then import the file again"]

        # Day 2: the account is opened; but what comes again is cut off on the way.
        account = open_account(office.on(2), IBAN)
        (part,) = office.bank_file(2, whole[: len(whole) * 2 // 3]).statements
        assert (part.state, part.taken) == (StatementState.HELD, 2)
        assert len(office.inbox(2)) == 2
        assert bank_balance(office.ctx, account) == 0

        # Day 3: the whole file comes. All is booked and matched once, and the first item is done by itself.
        office.bank_file(3, whole)
        assert bank_balance(office.ctx, account) == sum(pay.amount_minor for pay in pays)
        assert office.still_open(*invoices) == [0, 0, 0, 0]
        (left,) = office.inbox(3)
        assert "miss the closing balance" in left

        # Day 4: Anna rejects the part that was cut off; its lines stand in the whole one.
        banking.reject_statement(office.on(4), statement_id=part.statement_id, reason="cut off on the way")
        assert office.inbox(4) == []

        # Day 5: the bank marks a line that is not booked yet, and one that it takes back.
        report = office.bank_file(
            5,
            camt(
                Stmt(
                    [Pay(77_00, status="PDNG"), Pay(-100_00, text="returned", day=office.date(5))],
                    opening_minor=sum(pay.amount_minor for pay in pays),
                )
            ),
        )
        assert [problem.place for problem in report.problems] == ["Stmt[1]/Ntry[1]"]
        assert office.inbox(5) == ["money went out; say what for"]
        assert bank_balance(office.ctx, account) == sum(pay.amount_minor for pay in pays) - 100_00
        assert problems(office.ctx) == ()
