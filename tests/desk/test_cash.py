"""Cash application: the queue, what a payment may be, and each way to decide it."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from bank_files import Pay
from desk import Desk
from kvit.base import tenant
from kvit.base.login import Role
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.commands import confirming
from kvit.matching.domain import Mode, RobotRule
from receivables import new_customer
from suggesting import suggest
from surfaces import SignIn


def wait(office: Desk, *pays: Pay) -> list[int]:
    """Payments that came and wait for a person."""
    lines = office.bank(*pays)
    matching.set_rule(office.ctx, rule=RobotRule(mode=Mode.OFF), reason="tests decide")
    office.match(lines)
    return lines


def hidden(page: str, form: str) -> dict[str, str]:
    """The hidden fields of the first form with this address."""
    found = re.search(rf'<form method="post" action="{re.escape(form)}.*?</form>', page, re.DOTALL)
    assert found, form
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found.group())
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


class TestTheQueue:
    def test_says_how_many_wait_and_what_they_add_up_to(self, office: Desk, browser: Client) -> None:
        wait(office, Pay(900, name="Bo Ek"), Pay(1100, name="Eva Ek"), Pay(-300, name="Banken"))
        page = browser.get("/desk/cash/").content.decode()
        assert "3 wait" in page
        assert page.index("Eva Ek") < page.index("Bo Ek") < page.index("Banken")
        assert "20<" in page
        assert "3<" in page

    def test_has_the_surest_first(self, office: Desk, browser: Client) -> None:
        small, _large = wait(office, Pay(900, name="Bo Ek"), Pay(9000, name="Eva Ek"))
        suggest(office.ctx, small, (office.invoice(900), 900))
        page = browser.get("/desk/cash/").content.decode()
        assert page.index("Bo Ek") < page.index("Eva Ek")

    @pytest.mark.parametrize(
        ("query", "there", "gone"),
        [
            ("least=10", "Eva Ek", "Bo Ek"),
            ("most=10", "Bo Ek", "Eva Ek"),
            ("reason=matching.outgoing", "Banken", "Bo Ek"),
            ("days=99999", "No payment passes", "Bo Ek"),
        ],
    )
    def test_is_filtered(self, office: Desk, browser: Client, query: str, there: str, gone: str) -> None:
        wait(office, Pay(900, name="Bo Ek"), Pay(1100, name="Eva Ek"), Pay(-500, name="Banken"))
        page = browser.get(f"/desk/cash/?{query}").content.decode()
        assert there in page
        assert gone not in page

    def test_is_empty_with_the_next_step(self, office: Desk, browser: Client) -> None:
        assert b"Every payment is decided" in browser.get("/desk/cash/").content


class TestAPayment:
    def test_shows_what_speaks_for_each_candidate(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900))
        invoice, other = office.invoice(900), office.invoice(700)
        suggest(office.ctx, line, (invoice, 900), rival=other)
        page = browser.get(f"/desk/cash/{line}/").content.decode()
        for said in ("digit 7 missing", "amount equal", "payer&#39;s account known", "Very likely"):
            assert said in page
        assert f"Next best: {other.number}. It lost: its amount differs." in page

    def test_is_confirmed_and_the_next_is_at_hand_with_undo(self, office: Desk, browser: Client) -> None:
        first, second = wait(office, Pay(900, name="Bo Ek"), Pay(50, name="Eva Ek"))
        invoice = office.invoice(900)
        suggest(office.ctx, first, (invoice, 900))
        page = browser.get("/desk/cash/").content.decode()
        fields = hidden(page, f"/desk/cash/{first}/confirm/")
        answer = browser.post(f"/desk/cash/{first}/confirm/", fields, follow=True)
        page = answer.content.decode()
        assert answer.redirect_chain[0][0].startswith(f"/desk/cash/{second}/?done=")
        assert f"of Bo Ek pays {invoice.number} of" in page
        assert office.open(invoice) == 0
        (link,) = office.links(first)
        undone = browser.post(f"/desk/bank/links/{link.id}/undo/", hidden(page, f"/desk/bank/links/{link.id}/undo/"))
        assert undone["Location"] == f"/desk/cash/{first}/"
        assert office.open(invoice) == 900

    def test_is_not_confirmed_as_something_that_nobody_looked_at(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(900)
        suggest(office.ctx, line, (invoice, 900))
        answer = browser.post(f"/desk/cash/{line}/confirm/", {"rank": "1", "seen": "another"})
        assert answer.status_code == 422
        assert "The robot suggests something else by now" in answer.content.decode()
        assert office.open(invoice) == 900

    def test_would_be_confirmed_unseen_without_that_guard(
        self, office: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(900)
        suggest(office.ctx, line, (invoice, 900))
        kept = confirming._suggested
        monkeypatch.setattr(confirming, "_suggested", lambda seen, rank: kept(office.seen(seen.line_id), rank))
        browser.post(f"/desk/cash/{line}/confirm/", {"rank": "1", "seen": "another"})
        assert office.open(invoice) == 0

    def test_that_somebody_took_first_says_who(self, office: Desk, browser: Client, sign_in: SignIn) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(900)
        suggest(office.ctx, line, (invoice, 900))
        fields = hidden(browser.get("/desk/cash/").content.decode(), f"/desk/cash/{line}/confirm/")
        other = sign_in(office.ctx)
        other.post(f"/desk/cash/{line}/split/", {f"amount-{invoice.id}": "9.00"})
        answer = browser.post(f"/desk/cash/{line}/confirm/", fields)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "This payment is linked already" in page
        assert "Anna Berg has linked this payment to Bo" in page
        assert len(office.links(line)) == 1

    def test_is_of_nobody_in_another_company(self, office: Desk, stranger: Client) -> None:
        (line,) = wait(office, Pay(900))
        assert stranger.get(f"/desk/cash/{line}/").status_code == 404
        for way in ("confirm", "split", "aside", "pay-back", "paid-back", "alike/confirm"):
            assert stranger.post(f"/desk/cash/{line}/{way}/").status_code == 404

    def test_is_only_looked_at_by_an_auditor(self, office: Desk, sign_in: SignIn) -> None:
        (line,) = wait(office, Pay(900))
        auditor = sign_in(office.ctx, role=Role.AUDITOR)
        assert b"Your role looks on only" in auditor.get(f"/desk/cash/{line}/").content
        assert auditor.post(f"/desk/cash/{line}/split/").status_code == 403


class TestASplit:
    def test_pays_invoices_with_a_fee_and_leaves_the_rest(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(1500))
        one, two = office.invoice(500), office.invoice(900)
        given = {
            f"amount-{one.id}": "5.00",
            f"amount-{two.id}": "9",
            f"short-{two.id}": "dispute",
            "adjust-bank_fees": "0.50",
        }
        page = browser.post(f"/desk/cash/{line}/split/", given, follow=True).content.decode()
        assert "1.50\u00a0SEK is left as an advance" in page
        assert (office.open(one), office.open(two)) == (0, 0)
        linked = browser.get(f"/desk/bank/lines/{line}/").content.decode()
        assert "Fee kept by the bank" in linked

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"amount": "10.00"}, "no more than was paid"),
            ({"amount": "x"}, "Write an amount in figures"),
            ({}, "or say whose it is"),
            ({"amount": "5.00", "adjust-write_off": "1.00"}, "So much may not be written off here"),
        ],
    )
    def test_that_does_not_fit_books_nothing_and_keeps_what_was_typed(
        self, office: Desk, browser: Client, given: dict[str, str], said: str
    ) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(500)
        sent = {(f"amount-{invoice.id}" if name == "amount" else name): value for name, value in given.items()}
        answer = browser.post(f"/desk/cash/{line}/split/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert all(f'value="{value}"' in page for value in given.values())
        assert office.open(invoice) == 500

    def test_is_worked_out_without_scripts_and_books_nothing(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(500)
        given = {f"amount-{invoice.id}": "5.00", "adjust-interest_income": "1.00", "work_out": "1"}
        answer = browser.post(f"/desk/cash/{line}/split/", given)
        assert answer.status_code == 200
        assert "3.00\u00a0SEK stays as an advance." in answer.content.decode()
        assert office.open(invoice) == 500

    def test_over_two_customers_needs_somebody_to_say_so(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900))
        one, two = office.invoice(400), office.invoice(500, of=new_customer(office.ctx, "Eva Ek"))
        given = {f"amount-{one.id}": "4", f"amount-{two.id}": "5"}
        answer = browser.post(f"/desk/cash/{line}/split/", given)
        assert answer.status_code == 422
        assert "Tick that one payer pays for all of them" in answer.content.decode()
        browser.post(f"/desk/cash/{line}/split/", {**given, "third_party": "1"})
        assert (office.open(one), office.open(two)) == (0, 0)

    def test_teaches_the_payer_only_if_that_is_ticked(self, office: Desk, browser: Client) -> None:
        first, second = wait(office, Pay(500, name="Moder AB"), Pay(400, name="Moder AB"))
        one, two = office.invoice(500), office.invoice(400)
        browser.post(f"/desk/cash/{second}/split/", {f"amount-{two.id}": "4"})
        assert "Moder AB" not in browser.get("/desk/cash/payers/").content.decode()
        browser.post(f"/desk/cash/{first}/split/", {f"amount-{one.id}": "5", "learn": "1"})
        assert "Moder AB" in browser.get("/desk/cash/payers/").content.decode()

    def test_finds_another_invoice_and_another_customer(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(500, of=new_customer(office.ctx, "Eva Ek"))
        for text in (invoice.number, "Eva"):
            page = browser.get(f"/desk/cash/{line}/?q={text}").content.decode()
            assert f'name="amount-{invoice.id}"' in page
        assert "Nothing is called" in browser.get(f"/desk/cash/{line}/?q=zzzz").content.decode()


class TestAMovement:
    def test_is_set_aside_and_brought_back(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(-900, name="Skatteverket"))
        given = {"account": "tax_account", "reason": "VAT of March"}
        page = browser.post(f"/desk/cash/{line}/aside/", given, follow=True).content.decode()
        assert "is set aside as: Tax office" in page
        shown = browser.get(f"/desk/bank/lines/{line}/").content.decode()
        assert "VAT of March" in shown
        (link,) = office.links(line)
        browser.post(f"/desk/bank/links/{link.id}/undo/", {"reason": "no tax"})
        assert office.waits(line)

    def test_is_not_set_aside_without_words(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(-900))
        answer = browser.post(f"/desk/cash/{line}/aside/", {"account": "tax_account", "reason": " "})
        assert answer.status_code == 422
        assert "Nothing was booked." in answer.content.decode()

    def test_goes_back_to_who_sent_it_and_the_bank_says_so(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900, name="Bo Ek"))
        given = {"party": str(office.bo.party_id), "reason": "paid twice"}
        page = browser.post(f"/desk/cash/{line}/pay-back/", given, follow=True).content.decode()
        assert "It is to go back." in page
        (out,) = wait(office, Pay(-900, name="Bo Ek"))
        page = browser.get(f"/desk/cash/{out}/").content.decode()
        assert "A refund that was asked for has this amount" in page
        fields = hidden(page, f"/desk/cash/{out}/paid-back/")
        page = browser.post(f"/desk/cash/{out}/paid-back/", fields, follow=True).content.decode()
        assert "went back to" in page
        with tenant.scope(office.ctx.tenant_id):
            assert queries.refunds_asked() == ()

    def test_asked_back_from_an_advance_can_be_withdrawn(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(500)
        (line,) = wait(office, Pay(900))
        link = office.link(line, (invoice, 500)).link_id
        page = browser.post(f"/desk/bank/links/{link}/refund/", {"reason": "too much"}, follow=True).content.decode()
        assert "is to go back: too much" in page
        with tenant.scope(office.ctx.tenant_id):
            (asked,) = queries.refunds_asked()
        assert asked.amount_minor == 400
        page = browser.post(f"/desk/bank/refunds/{asked.id}/withdraw/", follow=True).content.decode()
        assert "The money stays the customer&#39;s advance." in page


class TestPaymentsAlike:
    def test_are_previewed_then_confirmed_together(self, office: Desk, browser: Client) -> None:
        lines = wait(office, Pay(900, name="Bo Ek"), Pay(700, name="Eva Ek"), Pay(500, name="Ove Ek"))
        invoices = [office.invoice(900), office.invoice(700), office.invoice(500)]
        for line, invoice in zip(lines, invoices, strict=True):
            suggest(office.ctx, line, (invoice, invoice.gross_minor))
        page = browser.get(f"/desk/cash/{lines[0]}/alike/").content.decode()
        assert "21<" in page
        marks = re.findall(r'name="line" value="([^"]+)"', page)
        assert len(marks) == 3
        ticked = [mark for mark in marks if not mark.startswith(f"{lines[2]}:")]
        page = browser.post(f"/desk/cash/{lines[0]}/alike/confirm/", {"line": ticked}, follow=True).content.decode()
        assert "2 payments are linked." in page
        assert [office.open(invoice) for invoice in invoices] == [0, 0, 500]

    def test_that_changed_since_they_were_looked_at_still_wait(self, office: Desk, browser: Client) -> None:
        (line,) = wait(office, Pay(900))
        invoice = office.invoice(900)
        suggest(office.ctx, line, (invoice, 900))
        page = browser.post(f"/desk/cash/{line}/alike/confirm/", {"line": f"{line}:0"}, follow=True).content.decode()
        assert "1 payment has changed since you looked" in page
        assert office.open(invoice) == 900


class TestAKnownPayer:
    def test_is_listed_with_who_taught_it_and_forgotten(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(500)
        (line,) = wait(office, Pay(500, name="Moder AB"))
        office.link(line, (invoice, 500))
        page = browser.get("/desk/cash/payers/?q=moder").content.decode()
        assert "Anna" in page
        assert f"/desk/bank/lines/{line}/" in page
        (payer,) = re.findall(r"/desk/cash/payers/(\d+)/forget/", page)
        assert "Moder AB" in browser.get(f"/desk/customers/{office.bo.id}/").content.decode()
        page = browser.post(f"/desk/cash/payers/{payer}/forget/", {"reason": "sold"}, follow=True).content.decode()
        assert "Forgotten." in page
        assert "Moder AB" not in page
        assert office.open(invoice) == 0

    def test_is_written_down_for_a_customer(self, office: Desk, browser: Client, stranger: Client) -> None:
        address = f"/desk/customers/{office.bo.id}/payers/"
        assert stranger.post(address, {"name": "Moder AB"}).status_code == 404
        page = browser.post(address, {"name": "Moder AB"}, follow=True).content.decode()
        assert "Moder AB" in page
        assert b"Give the account, or the name" in browser.post(address, {}, follow=True).content


class TestTheRobot:
    def test_shows_its_day_with_reasons_and_undo(self, office: Desk, browser: Client) -> None:
        office.invoice(900, reference="70017")
        (line,) = office.bank(Pay(900, "70017", name="Bo Ek"))
        office.match([line])
        page = browser.get("/desk/cash/today/?day=2026-03-02").content.decode()
        assert "Straight through" in page
        assert "90 seconds by hand" in page
        assert "Bo Ek" in page
        assert "What undoing does" in page

    def test_is_ruled_by_the_owner_with_a_history(self, office: Desk, browser: Client, sign_in: SignIn) -> None:
        owner = sign_in(office.ctx, role=Role.OWNER)
        assert browser.post("/desk/settings/matching/change/").status_code == 403
        given = {
            "mode": "shadow",
            "target": "99.9",
            "short_minor": "10",
            "short_permille": "1.5",
            "reminder_fee_minor": "60",
            "rounds_up_to_minor": "100",
            "most_items": "12",
            "write_off_up_to_minor": "5",
            "reason": "trying it out",
        }
        page = owner.post("/desk/settings/matching/change/", given, follow=True).content.decode()
        assert "trying it out" in page
        with tenant.scope(office.ctx.tenant_id):
            rule = queries.rule()
        assert rule == RobotRule(Mode.SHADOW, 999_000, 1000, 15, 6000, 10000, 12, 500)
        refused = owner.post("/desk/settings/matching/change/", {**given, "target": "100"})
        assert refused.status_code == 422
        assert "trying it out" in browser.get("/desk/settings/matching/").content.decode()

    def test_says_that_it_asks_more(self, office: Desk, browser: Client) -> None:
        for number in range(3):
            office.invoice(900 + number, reference=f"7001{number}")
            (line,) = office.bank(Pay(900 + number, f"7001{number}"))
            office.match([line])
            for link in office.links(line):
                office.undo(link.id)
        matching.review_robot(replace(office.ctx, key=None))
        assert "It asks more than usual." in browser.get("/desk/cash/today/").content.decode()
