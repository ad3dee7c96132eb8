"""A clerk's day at cash application: two hundred movements, the robot's share, and the rest by keyboard alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

import browsing
import patience
from bank_files import Pay, Stmt, camt
from browser.conftest import Open
from browser.test_live_story import worker
from browsing import Visit
from cast import open_company
from desk import Desk, open_desk
from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.base.login import Role
from kvit.invoicing.queries import InvoiceRow
from kvit.matching import commands as matching_commands
from kvit.matching import queries as matching
from kvit.matching.domain import Mode, RobotRule
from receivables import issue, new_customer, problems
from suggesting import suggest
from surfaces import add_person

__all__ = ["worker"]

CUSTOMERS, EACH = 30, 6
TAX = "Skatteverket"
SURNAMES = ("Alm", "Berg", "Dal", "Ek", "Fors", "Gran", "Hed", "Lind", "Mo", "Ros")
FIRST_NAMES = ("Kerstin", "Johan", "Margareta")


@dataclass
class Hands:
    """A keyboard and nothing else: every key that goes down is counted."""

    page: Page
    keys: int = 0

    def press(self, *keys: str) -> None:
        """These keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, text: str) -> None:
        """This text, letter by letter."""
        self.page.keyboard.type(text)
        self.keys += len(text)


@dataclass
class Day:
    """The file of the day, and what each payment without a reference was meant for, by its payer and amount."""

    office: Desk
    pays: list[Pay] = field(default_factory=list)
    meant: dict[tuple[str, int], list[InvoiceRow]] = field(default_factory=dict)

    @property
    def file(self) -> bytes:
        """As the bank sends it."""
        return camt(Stmt(self.pays))


def _day() -> Day:
    """180 invoices of 30 people: most paid as asked for, the rest as people do."""
    day = Day(open_desk(open_company()))
    for number in range(CUSTOMERS):
        name = f"{FIRST_NAMES[number // len(SURNAMES)]} {SURNAMES[number % len(SURNAMES)]}"
        customer = new_customer(day.office.ctx, name)
        amounts = [30_000 + 1_000 * number + 7_100 * each + 13 * number * each for each in range(EACH)]
        for at, invoice in enumerate(issue(day.office.ctx, customer, *amounts)):
            day.pays += _paid(day, name, invoice, number * EACH + at)
    day.pays += [Pay(-120_000 - number, name=TAX, text="Moms") for number in range(200 - len(day.pays))]
    return day


def _paid(day: Day, name: str, invoice: InvoiceRow, number: int) -> Iterator[Pay]:
    reference, amount = invoice.payment_reference or "", invoice.gross_minor
    if number % 9 == 4:
        yield Pay(amount, reference[:5] + reference[6:], name=name)
    elif number % 15 == 7:
        yield Pay(amount - 9_000, name=name, text="delbetalning")
        day.meant[name, amount - 9_000] = [invoice]
    elif number % 30 == 11:
        payer = "Familjens konto"
        yield Pay(amount, name=payer, text="hyra och annat")
        day.meant[payer, amount] = [invoice]
    else:
        yield Pay(amount, reference, name=name)


@pytest.fixture
def day(unblocked: None) -> Day:
    return _day()


def decide(hands: Hands, day: Day) -> str:
    """One movement, as a clerk would; how it was decided."""
    page = hands.page
    if page.locator("[data-alike]").count():
        hands.press("b")
        page.wait_for_url("**/alike/**")
        with page.expect_navigation():
            hands.press("Enter")
        return "alike"
    if page.locator("#payment").inner_text() == TAX:
        with page.expect_navigation():
            hands.press("a", "T", "Tab")
            hands.write("VAT")
            hands.press("Enter")
        return "aside"
    if page.locator("[data-choice].is-picked input[name=rank]").count():
        with page.expect_navigation():
            hands.press("Enter")
        return "confirmed"
    line = _line(day, page)
    (invoice,) = day.meant.get((line.counterparty_name, line.amount_minor)) or [None]
    assert invoice is not None, f"nobody knows what {line} was for"
    with page.expect_navigation():
        hands.press("/")
        hands.write(str(invoice.number))
        hands.press("Enter")
    hands.press("s")
    hands.write(f"{line.amount_minor // 100}.{line.amount_minor % 100:02d}")
    assert page.locator("[data-left]").inner_text() == "Nothing is left: it comes out even."
    with page.expect_navigation():
        hands.press("Enter")
    return "split"


def _line(day: Day, page: Page) -> banking.BankLine:
    line_id = int((page.locator("[data-live]").get_attribute("data-live") or "").split("/")[3])
    with tenant.scope(day.office.ctx.tenant_id):
        return banking.lines([line_id])[0]


class TestADayAtTheDesk:
    @pytest.mark.timeout(900)
    def test_is_cleared_by_keyboard_alone(
        self, visit: Open, day: Day, worker: None, capsys: pytest.CaptureFixture[str]
    ) -> None:
        office = day.office
        window = visit(add_person(office.ctx, role=Role.CLERK))
        page = window.open("/desk/bank/imports/")
        assert len(day.pays) == 200
        page.locator("input[type=file]").set_input_files(
            [{"name": "day.xml", "mimeType": "text/xml", "buffer": day.file}]
        )
        page.get_by_role("button", name="Bring it in").press("Enter")
        _until_all_are_looked_at(office, page)
        with tenant.scope(office.ctx.tenant_id):
            by_robot, linked = matching.shares()
        page.goto("/desk/cash/")
        hands, how = Hands(page), dict.fromkeys(("confirmed", "alike", "split", "aside"), 0)
        picture(window, "cash-day")
        while not page.get_by_role("heading", name="Every payment is decided").count():
            expect(page.locator("#payment")).to_be_visible()
            how[decide(hands, day)] += 1
            assert page.locator(".notice.overdue").count() == 0, page.locator(".notice.overdue").inner_text()
        with page.expect_navigation():
            hands.press("u")
        decide(hands, day)
        expect(page.get_by_role("heading", name="Every payment is decided")).to_be_visible()
        with capsys.disabled():
            print(
                f"\nA day with the keyboard: 200 movements, {by_robot} booked by the robot, {200 - by_robot} left; "
                f"cleared with {hands.keys} keys in {sum(how.values())} decisions ({how}), one undone and done again."
            )
        for name, address in (
            ("cash-today", "/desk/cash/today/?day=2026-03-02"),
            ("cash-payers", "/desk/cash/payers/"),
        ):
            window.open(address)
            picture(window, name)
        assert linked == by_robot
        assert by_robot >= 120
        with tenant.scope(office.ctx.tenant_id):
            assert matching.count_live() == 200
            assert matching.waiting_lines() == []
        assert problems(office.ctx) == ()
        assert window.complaints == []


def _until_all_are_looked_at(office: Desk, page: Page) -> None:
    for _ in range(patience.MS // 500):
        with tenant.scope(office.ctx.tenant_id):
            seen = matching.count_live() + len(matching.waiting_lines())
        if seen == 200:
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"only {seen} of 200 movements are linked or wait")


def picture(window: Visit, name: str) -> None:
    """The page in every look, where pictures are asked for."""
    if not browsing.TAKES_PICTURES:
        return
    to = browsing.PICTURES.parent.parent / "var" / "pictures"
    to.mkdir(parents=True, exist_ok=True)
    for width, scheme in window.in_every_look():
        window.picture(to / f"{name}-{width}-{scheme}.png")
    window.page.set_viewport_size({"width": 1280, "height": 900})
    window.page.emulate_media(color_scheme="light")


class TestTwoClerksAtOnePayment:
    def test_see_at_once_who_was_first_and_book_it_once(self, visit: Open, unblocked: None) -> None:
        office = open_desk(open_company())
        line, other = office.bank(Pay(900), Pay(50))
        office.match([line, other])
        invoice = office.invoice(900)
        suggest(office.ctx, line, (invoice, 900))
        clerks = [visit(add_person(office.ctx, role=Role.CLERK)) for _ in range(2)]
        first, second = (window.open_live(f"/desk/cash/{line}/") for window in clerks)
        expect(second.locator("[data-choice]")).to_have_count(1)
        with first.expect_navigation():
            first.keyboard.press("Enter")
        expect(second.get_by_text("Anna Berg has linked this payment to Bo Ek.")).to_be_visible()
        expect(second.locator("[data-open-decision][inert]")).to_have_count(1)
        with second.expect_navigation():
            second.keyboard.press("Enter")
        assert f"/desk/cash/{other}/" in second.url
        assert len(office.links(line)) == 1
        with first.expect_navigation():
            first.keyboard.press("u")
        expect(first.locator("[data-open-decision]")).to_be_visible()
        assert office.open(invoice) == 900

    def test_see_at_once_that_the_robot_was_first_or_sees_something_else(self, visit: Open, unblocked: None) -> None:
        office = open_desk(open_company())
        matching_commands.set_rule(office.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="look first")
        line, other = office.bank(Pay(900, "70010"), Pay(900, text="for Bo", bank_id="2"))
        first, second = office.invoice(900, reference="70010"), office.invoice(900, reference="70028")
        office.match([line, other])
        clerks = [visit(add_person(office.ctx, role=Role.CLERK)) for _ in range(2)]
        pages = [window.open_live(f"/desk/cash/{each}/") for window, each in zip(clerks, (line, other), strict=True)]
        for page in pages:
            expect(page.locator("[data-choice]").first).to_be_visible()
        shown = pages[1].locator("[data-choice] input[name=seen]").first.get_attribute("value")
        matching_commands.set_rule(office.ctx, rule=RobotRule(), reason="go live")
        office.match([line])
        expect(pages[0].get_by_text("The robot has linked this payment to Bo Ek.")).to_be_visible()
        expect(pages[0].locator("[data-open-decision][inert]")).to_have_count(1)
        assert office.open(first) == 0
        matching_commands.set_rule(office.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="look first")
        paid = office.bank(Pay(900, bank_id="3"))[0]
        office.link(paid, (second, 900))
        third = office.invoice(900)
        office.match([other])
        expect(pages[1].get_by_text("The robot sees something else by now.")).to_be_visible()
        pages[1].get_by_role("link", name="Look again").click()
        expect(pages[1].locator("[data-changed]")).to_be_hidden()
        now = pages[1].locator("[data-choice] input[name=seen]").first.get_attribute("value")
        assert now != shown
        pages[1].keyboard.press("Enter")
        expect(pages[1].get_by_text(f"pays {third.number} of Bo Ek")).to_be_visible()


class TestTheSplitEditor:
    def test_works_out_the_remainder_in_whole_minor_units(self, visit: Open, unblocked: None) -> None:
        office = open_desk(open_company())
        (line,) = office.bank(Pay(1_000_000_003))
        office.match([line])
        invoice = office.invoice(1_000_000_004)
        window = visit(add_person(office.ctx, role=Role.CLERK), language="sv")
        page = window.open(f"/desk/cash/{line}/?q={invoice.number}")
        amount, left = page.locator(f"#amount-{invoice.id}"), page.locator("[data-left]")
        for typed, said in (
            ("10 000 000,01", "0,02\u00a0kr"),
            ("10.000.000,02", "0,01\u00a0kr"),
            ("10000000,05", "0,02\u00a0kr"),
            ("0,1", "9\u00a0999\u00a0999,93\u00a0kr"),
        ):
            amount.fill(typed)
            assert said in left.inner_text(), typed
        amount.fill("1.000")
        assert "is-under" in (left.get_attribute("class") or "")
        amount.fill("10000000,03")
        assert "is-even" in (left.get_attribute("class") or "")

    def test_reads_and_works_without_scripts(self, visit: Open, unblocked: None) -> None:
        office = open_desk(open_company())
        (line,) = office.bank(Pay(1_500))
        office.match([line])
        invoice = office.invoice(1_000)
        window = visit(add_person(office.ctx, role=Role.CLERK), java_script_enabled=False)
        window.page.goto(f"{window.address}/desk/cash/{line}/?q={invoice.number}")
        page = window.page
        page.locator(f"#amount-{invoice.id}").fill("10.00")
        page.get_by_role("button", name="Work out").click()
        assert "5.00\u00a0SEK stays as an advance." in page.locator("[data-left]").inner_text()
        page.get_by_role("button", name="Link the payment").click()
        assert "is left as an advance" in page.locator(".cash-done").inner_text()
        page.get_by_role("button", name="Undo").first.click()
        assert office.open(invoice) == 1_000
