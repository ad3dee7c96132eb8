"""A firm's own history: given, tried, reported, used; and what may not be done with it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

import past
from bank_files import Pay
from cast import keyed
from desk import Desk
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries as invoicing
from kvit.matching import commands, jobs, queries
from kvit.matching.domain.calibration import SHIPPED_PPM
from kvit.matching.domain.history import HistoryReport
from kvit.matching.events import HistoryAccepted, HistoryGiven
from receivables import books, counts, new_customer

pytestmark = pytest.mark.timeout(600)  # the first run compiles the engine
DAY = date(2025, 3, 3)


def give(ctx: Ctx, content: bytes) -> int:
    return commands.give_history(ctx, file_id=past.keep(ctx, content), currency="SEK").history_id


def tried(ctx: Ctx, content: bytes) -> tuple[int, HistoryReport]:
    """A history, given and tried by its job."""
    history_id = give(ctx, content)
    jobs.try_history(keyed(ctx, f"try-{history_id}"), HistoryGiven(history_id))
    with tenant.scope(ctx.tenant_id):
        found = queries.history(history_id)
    assert found is not None
    assert found.report is not None
    return history_id, found.report


def year() -> Iterator[str]:
    """Forty customers, a payment each week for ten weeks; one payer in ten mistypes, one quotes nothing."""
    for number in range(400):
        day = DAY + timedelta(days=number // 40 * 7 + number % 5)
        who = f"Payer of K{number % 40}"
        reference = {3: f"7{number:05d}9"[:-2] + "94", 4: ""}.get(number % 10)
        amount = 100 + number % 40 * 7 + number // 40
        yield past.row(number, day=day, amount=amount, payer=who, account=f"SE{number % 40}", reference=reference)


class TestAHistory:
    def test_is_tried_and_told_payment_by_payment(self, desk: Desk) -> None:
        before = books(desk.ctx)
        _, report = tried(desk.ctx, past.csv(list(year())))
        assert report.faults == ()
        assert (report.payments, report.of_invoices, report.unknown_dates) == (400, 400, 0)
        assert report.shipped is not None
        assert report.shipped.right + report.shipped.wrong + report.shipped.asked == 400
        assert report.shipped.wrong == 0
        assert report.shipped.right == report.straight > 300
        assert sum(count for _, count in report.asked_because) == report.shipped.asked
        assert sum(one.right + one.wrong + one.asked for one in report.months) == 400
        assert [one.month for one in report.months] == ["2025-03", "2025-04", "2025-05"]
        assert books(desk.ctx) == before

    def test_tells_which_links_would_have_been_wrong_and_why(self, desk: Desk) -> None:
        """Two customers owe the same; each payer quotes the other's reference, and the file says who truly paid."""
        first, second = past.row(1, day=DAY, payer="Eva"), past.row(2, day=DAY, payer="Nils")
        swapped = [first.replace("7000014;;", "7000024;;", 1), second.replace("7000024;;", "7000014;;", 1)]
        _, report = tried(desk.ctx, past.csv(swapped))
        assert report.shipped is not None
        assert report.shipped.wrong == 2
        assert {(case.line, case.would_pay, case.paid) for case in report.cases} == {
            (2, ("H2",), ("H1",)),
            (3, ("H1",), ("H2",)),
        }
        assert ("reference_equal", 0) in report.cases[0].reasons

    def test_sees_no_invoice_before_it_was_issued_and_none_that_was_paid(self, desk: Desk) -> None:
        """The second payment quotes the first one's reference, whose invoice was paid weeks before."""
        later = DAY + timedelta(days=28)
        again = past.row(2, day=later).replace("7000024;;", "7000014;;", 1)
        _, report = tried(desk.ctx, past.csv([past.row(1, day=DAY), again]))
        assert report.shipped is not None
        assert (report.shipped.right, report.shipped.wrong, report.shipped.asked) == (1, 0, 1)
        assert report.asked_because == (("closed", 1),)

    def test_takes_invoices_and_customers_from_the_books(self, desk: Desk) -> None:
        invoice = desk.invoice(50_000, reference="70010")
        head = "payment_date,amount,payer_account,payer_name,text,customer_number,invoice_numbers,invoice_amounts"
        row = f"2026-02-20,500,SE77,Bos mor,70010,,{invoice.number},500"
        history_id, report = tried(desk.ctx, f"{head}\n{row}".encode())
        assert report.faults == ()
        assert report.straight == 1
        commands.calibrate(desk.ctx, history_id=history_id)
        jobs.learn_history(keyed(desk.ctx, "learn"), HistoryAccepted(history_id))
        with tenant.scope(desk.ctx.tenant_id):
            (payer,) = queries.payers(desk.bo.party_id)
        assert (payer.account, payer.name, payer.times, payer.source) == ("SE77", "Bos mor", 1, "history")

    @pytest.mark.parametrize(
        ("content", "place"),
        [
            (b"\xff", "byte 0"),
            (past.csv([past.row(1, day=DAY).replace(";H1;", ";;", 1)]), "line 2, invoice_amounts"),
            (past.csv([past.row(1, day=DAY).replace(";OLD1;", ";;", 1)]), "line 2, customer_number"),
            (past.csv([]), "file"),
        ],
    )
    def test_with_a_fault_is_told_by_its_place_and_nothing_is_tried(
        self, desk: Desk, content: bytes, place: str
    ) -> None:
        history_id, report = tried(desk.ctx, content)
        assert [fault.place for fault in report.faults] == [place]
        assert report.shipped is None
        with pytest.raises(commands.NoSuchHistory):
            commands.calibrate(desk.ctx, history_id=history_id)
        before = counts(desk.ctx)
        jobs.learn_history(keyed(desk.ctx, "learn"), HistoryAccepted(history_id))
        assert counts(desk.ctx) == before

    def test_given_twice_is_one_and_tried_once(self, desk: Desk) -> None:
        content = past.csv([past.row(1, day=DAY)])
        history_id, _ = tried(desk.ctx, content)
        assert commands.give_history(desk.ctx, file_id=past.keep(desk.ctx, content), currency="SEK") == (
            commands.Given(history_id, is_new=False)
        )
        before = self.many(desk.ctx, "matching_historyreport")
        jobs.try_history(keyed(desk.ctx, "again"), HistoryGiven(history_id))
        assert self.many(desk.ctx, "matching_historyreport") == before == 1

    def test_is_of_its_company_alone(self, desk: Desk, cilla: Ctx) -> None:
        history_id = past.reported(desk.ctx)
        with tenant.scope(cilla.tenant_id):
            assert queries.histories() == ()
            assert queries.history(history_id) is None
            assert queries.calibration() is None
        with pytest.raises(commands.NoSuchHistory):
            commands.calibrate(cilla, history_id=history_id)

    @staticmethod
    def many(ctx: Ctx, table: str) -> int:
        with tenant.scope(ctx.tenant_id):
            return int(rows.select(f"SELECT count(*) FROM {table}")[0][0])  # type: ignore[arg-type]


class TestACalibration:
    def test_is_kept_with_its_source_and_in_force_until_it_is_taken_back(self, desk: Desk) -> None:
        history_id = past.reported(desk.ctx)
        done = commands.calibrate(keyed(desk.ctx, "c1"), history_id=history_id)
        assert commands.calibrate(keyed(desk.ctx, "c1"), history_id=history_id) == done
        assert done.factor_ppm == 500_000
        now = self.now(desk.ctx)
        assert (now["history_id"], now["from_date"], now["set_by"]) == (history_id, date(2025, 1, 2), desk.ctx.actor)
        assert commands.drop_calibration(desk.ctx, reason="another bank").factor_ppm == SHIPPED_PPM
        assert (self.now(desk.ctx)["history_id"], self.now(desk.ctx)["reason"]) == (None, "another bank")
        before = counts(desk.ctx)
        with pytest.raises(commands.NotCalibrated):
            commands.drop_calibration(desk.ctx, reason="again")
        assert counts(desk.ctx) == before

    def test_is_what_the_robot_is_asked(self, desk: Desk) -> None:
        desk.invoice(1000, reference="70010")
        desk.invoice(2000, reference="70029")
        plain, stricter = desk.bank(Pay(1000, "70010", bank_id="1"), Pay(2000, "70029", bank_id="2"))
        desk.match([plain])
        commands.calibrate(desk.ctx, history_id=past.reported(desk.ctx))
        desk.match([stricter])
        with tenant.scope(desk.ctx.tenant_id):
            before, after = (queries.made_links([line])[0].threshold_ppm for line in (plain, stricter))
        assert before is not None
        assert after == 1_000_000 - (1_000_000 - before) // 2

    @staticmethod
    def now(ctx: Ctx) -> Mapping[str, object]:
        with tenant.scope(ctx.tenant_id):
            found = queries.calibration()
        assert found is not None
        return {name: getattr(found, name) for name in ("history_id", "from_date", "set_by", "reason")}


class TestThePayersOfAHistory:
    def test_count_on_what_is_known_and_leave_strangers_out(self, desk: Desk) -> None:
        eva = new_customer(desk.ctx, "Eva Lind")
        with tenant.scope(desk.ctx.tenant_id):
            number = invoicing.customers_of([eva.party_id])[eva.party_id].number
        commands.learn_payer(desk.ctx, party_id=eva.party_id, account="SE1", name="Eva")
        own = [past.row(n, day=DAY, payer="Eva").replace(f";OLD{n};", f";{number};", 1) for n in (1, 2)]
        history_id, report = tried(desk.ctx, past.csv([*own, past.row(3, day=DAY, payer="Nils")]))
        assert report.faults == ()
        commands.calibrate(desk.ctx, history_id=history_id)
        for _ in range(2):  # the job twice is effective once
            jobs.learn_history(keyed(desk.ctx, "learn"), HistoryAccepted(history_id))
        with tenant.scope(desk.ctx.tenant_id):
            known = queries.payers_by_account(["SE1"])
        assert [(one.party_id, one.times) for one in known] == [(eva.party_id, 3)]

    def test_would_be_counted_twice_without_keys(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: the job's commands lose their keys."""
        eva = new_customer(desk.ctx, "Eva Lind")
        with tenant.scope(desk.ctx.tenant_id):
            number = invoicing.customers_of([eva.party_id])[eva.party_id].number
        content = past.csv([past.row(1, day=DAY, payer="Eva").replace(";OLD1;", f";{number};", 1)])
        history_id, _ = tried(desk.ctx, content)
        monkeypatch.setattr(jobs, "replace", lambda ctx, **_: replace(ctx, key=None))
        for _ in range(2):
            jobs.learn_history(keyed(desk.ctx, "learn"), HistoryAccepted(history_id))
        with tenant.scope(desk.ctx.tenant_id):
            assert [one.times for one in queries.payers(eva.party_id)] == [2]
