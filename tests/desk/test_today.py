"""Today's figures of cash application: each is worked out once more from the tables."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest
from django.test import Client

from bank_files import Pay, Stmt, camt, file
from desk import Desk
from drafted import TODAY, this_moment
from kvit.banking import jobs
from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.matching import commands as matching
from kvit.matching.domain import UndoneAs
from receivables import bank_balance, every

NOW = this_moment()
SECONDS = 90
"""What the page says that it assumes for a payment done by hand."""


def arrive(office: Desk, on: date, *pays: Pay) -> list[int]:
    """The bank's file of a day."""
    statement = Stmt(pays, opening_minor=bank_balance(office.ctx, office.account_id), day=on)
    (taken,) = jobs.import_file(office.ctx, file(camt(statement)), name=f"{on}.xml").statements
    with tenant.scope(office.ctx.tenant_id):
        return banking.line_ids_of(taken.statement_id)


@pytest.fixture
def weeks(office: Desk) -> Desk:
    """Payments of forty days: most by the robot, one by hand, one that waits, one wrong, one undone otherwise."""
    for number, days in enumerate((40, 16, 9, 8, 2, 1)):
        now = NOW - timedelta(days=days)
        at = replace(office, ctx=replace(office.ctx, now=now))
        references = [f"7{number}{other}0{checked}" for other, checked in ((1, 1), (2, 2))]
        for other, reference in enumerate(references):
            at.invoice(10_000 + number * 100 + other, reference=reference)
        pays = [
            Pay(10_000 + number * 100 + other, reference, day=now.date(), bank_id=f"{number}-{other}")
            for other, reference in enumerate(references)
        ]
        at.match(arrive(at, now.date(), *pays))
    at = replace(office, ctx=replace(office.ctx, now=NOW))
    waits, by_hand, out = arrive(
        at, TODAY, Pay(7, day=TODAY), Pay(900, day=TODAY, bank_id="h"), Pay(-5, day=TODAY, bank_id="o")
    )
    at.match([waits, by_hand, out])
    at.link(by_hand, (at.invoice(900), 900))
    made = [row[0] for row in every(at.ctx, "SELECT id FROM matching_link WHERE by_robot ORDER BY id")]
    for link_id, as_what in ((made[3], UndoneAs.WRONG), (made[5], UndoneAs.CHANGED), (made[7], UndoneAs.RETURNED)):
        matching.undo_link(at.ctx, link_id=link_id, reason="-", on_date=TODAY, undone_as=as_what)
    return at


Links = list[dict[str, Any]]


def links_since(office: Desk, first: date) -> Links:
    """Links of the credits booked from a day on."""
    names = ("line", "day", "by_robot", "state", "undone_as", "made_at")
    found = every(
        office.ctx,
        "SELECT l.id, l.booking_date, k.by_robot, k.state, k.undone_as, k.made_at FROM matching_link k "
        "JOIN banking_line l ON l.id = k.line_id WHERE l.amount_minor > 0",
    )
    return [row for row in (dict(zip(names, one, strict=True)) for one in found) if row["day"] >= first]


def credits_since(office: Desk, first: date) -> int:
    found = every(office.ctx, "SELECT booking_date FROM banking_line WHERE amount_minor > 0")
    return sum(row[0] >= first for row in found)


def text_of(page: str) -> str:
    """What stands on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\xa0", " ")


def percent(part: int, whole: int, decimals: str) -> str:
    """As many of a hundred, rounded down, without zeros that say nothing."""
    found = (Decimal(100 * part) / whole).quantize(Decimal(decimals), ROUND_FLOOR)
    return f"{found.normalize():f} %"


class TestTheFiguresOfToday:
    def test_of_the_month_are_those_of_the_tables(self, weeks: Desk, browser: Client) -> None:
        first = TODAY - timedelta(days=29)
        links, credits = links_since(weeks, first), credits_since(weeks, first)
        robot = sum(one["by_robot"] and one["state"] == "live" for one in links)
        wrong = sum(one["by_robot"] and one["undone_as"] == "wrong" for one in links)
        otherwise = sum(one["by_robot"] and one["undone_as"] in ("changed", "returned") for one in links)
        assert (credits, robot, wrong, otherwise) == (12, 7, 1, 2)
        said = text_of(browser.get("/desk/cash/today/").content.decode())
        assert f"Straight through {percent(robot, credits, '0.1')} {robot} of {credits} payments in 30 days" in said
        assert f"Minutes saved {robot * SECONDS // 60} assumed: {SECONDS} seconds by hand for each payment" in said
        assert f"Undone as wrong {wrong} and {otherwise} for other reasons" in said
        ((waiting,),) = every(
            weeks.ctx,
            "SELECT count(*) FROM banking_line l WHERE l.amount_minor > 0 AND NOT EXISTS (SELECT FROM matching_link k "
            "WHERE k.line_id = l.id AND k.state = 'live')",
        )
        assert f"Waiting {waiting} " in said

    def test_of_each_week_are_those_of_the_tables(self, weeks: Desk, browser: Client) -> None:
        found: dict[date, list[int]] = {}
        for one in links_since(weeks, TODAY - timedelta(days=70)):
            if one["by_robot"] and one["undone_as"] != "returned":
                day = one["made_at"].date()
                monday = day - timedelta(days=day.weekday())
                linked, wrong = found.setdefault(monday, [0, 0])
                found[monday] = [linked + 1, wrong + (one["undone_as"] == "wrong")]
        page = browser.get("/desk/cash/today/").content.decode()
        table = page[page.index("Precision by week") :]
        rows = re.findall(
            r'<time datetime="([0-9-]+)"[^>]*>.*?</td>\s*<td[^>]*>([0-9]+)</td>\s*<td[^>]*>([0-9]+)</td>'
            r"\s*<td[^>]*>([^<]+)</td>",
            table[: table.index("</table>")],
            re.DOTALL,
        )
        assert [(day, int(linked), int(wrong), " ".join(right.split())) for day, linked, wrong, right in rows] == [
            (monday.isoformat(), linked, wrong, percent(linked - wrong, linked, "0.0001"))
            for monday, (linked, wrong) in sorted(found.items(), reverse=True)
        ]
        assert len(rows) >= 3

    def test_say_how_old_the_banks_news_is(self, weeks: Desk, browser: Client) -> None:
        said = text_of(browser.get("/desk/cash/today/").content.decode())
        assert "Up to date" in said

    def test_say_of_an_account_that_is_behind_by_how_many_days(self, office: Desk, browser: Client) -> None:
        arrive(office, TODAY - timedelta(days=12), Pay(5, day=TODAY - timedelta(days=12)))
        said = text_of(browser.get("/desk/cash/today/").content.decode())
        assert "12 days old" in said

    def test_list_what_the_robot_linked_on_a_day_with_reason_and_undo(self, weeks: Desk, browser: Client) -> None:
        day = TODAY - timedelta(days=2)
        page = browser.get(f"/desk/cash/today/?day={day}").content.decode()
        linked = page[page.index('id="linked"') :]
        assert linked.count("<li data-row>") == 2
        assert text_of(linked).count("Reference equal") == 2
        assert linked.count("/undo/") == 2
