"""Moving the due date of an issued invoice, as an act of its own."""

from typing import Any

import pytest

from cast import keyed
from invoicing.company import DAY, Company, days
from kvit.base.command import KeyReused
from kvit.invoicing import commands
from tables import contents, run_twice


def move(shop: Company, invoice_id: int, days_later: int, *, reason: str = "Bo asked") -> commands.DueDateChanged:
    return commands.move_due_date(shop.ctx, invoice_id=invoice_id, due_date=days(days_later), reason=reason)


class TestMovingADueDate:
    def test_moves_document_and_item_and_keeps_the_history(self, shop: Company) -> None:
        invoice_id = shop.invoice()
        before = shop.look(invoice_id)
        moved = run_twice(
            commands.move_due_date, shop.ctx, invoice_id=invoice_id, due_date=days(60), reason=" Bo asked "
        )
        assert moved == commands.DueDateChanged(days(30), days(60))
        move(shop, invoice_id, 45, reason="and paid half")
        after = shop.look(invoice_id)
        assert after.due_date == days(45)
        assert [after.number, after.gross_minor, after.issue_date] == [before.number, before.gross_minor, DAY]
        (item,) = shop.rows("SELECT due_date FROM ledger_openitem WHERE subject_id = %s", [invoice_id])
        assert item == (days(45),)
        assert shop.rows(
            """
            SELECT m.from_date, m.to_date, m.reason, m.at, c.name, c.actor FROM invoicing_duedatemove m
            JOIN base_command c ON c.id = m.command_id ORDER BY m.id
            """
        ) == [
            (days(30), days(60), "Bo asked", shop.ctx.now, "invoicing.move_due_date", "user:anna"),
            (days(60), days(45), "and paid half", shop.ctx.now, "invoicing.move_due_date", "user:anna"),
        ]
        assert shop.events() == ["InvoicesIssued", "DueDateMoved", "DueDateMoved"]
        assert shop.problems() == []

    def test_may_go_back_to_the_day_of_issue_and_no_further(self, shop: Company) -> None:
        invoice_id = shop.invoice()
        assert move(shop, invoice_id, 0).to_date == DAY
        with pytest.raises(commands.DueDateRefused, match="before the invoice was issued"):
            move(shop, invoice_id, -1)

    def test_leaves_other_documents_alone(self, shop: Company) -> None:
        moved, stays = shop.invoice(), shop.invoice()
        move(shop, moved, 60)
        assert shop.look(stays).due_date == days(30)
        assert shop.rows("SELECT due_date FROM ledger_openitem WHERE subject_id = %s", [stays]) == [(days(30),)]


class TestADueDateRefused:
    @pytest.mark.parametrize(
        "case", ["a draft", "a discarded draft", "a credit note", "no document", "no reason", "too early"]
    )
    def test_leaves_nothing(self, shop: Company, case: str) -> None:
        invoice_id, draft, gone = shop.invoice(), shop.draft(), shop.draft()
        commands.discard(shop.ctx, invoice_ids=(gone,))
        credit_id = shop.credit(invoice_id)
        shop.issue(credit_id)
        given: dict[str, Any] = {"invoice_id": invoice_id, "due_date": days(60), "reason": "r"}
        cases: dict[str, dict[str, Any]] = {
            "a draft": {"invoice_id": draft},
            "a discarded draft": {"invoice_id": gone},
            "a credit note": {"invoice_id": credit_id},
            "no document": {"invoice_id": 10**9},
            "no reason": {"reason": " \t"},
            "too early": {"due_date": days(-1)},
        }
        given |= cases[case]
        before = contents(shop.ctx)
        with pytest.raises(commands.DueDateRefused):
            commands.move_due_date(shop.ctx, **given)
        assert contents(shop.ctx) == before

    def test_for_another_tenant(self, shop: Company, her_shop: Company) -> None:
        invoice_id = shop.invoice()
        with pytest.raises(commands.DueDateRefused):
            move(her_shop, invoice_id, 60)
        assert shop.look(invoice_id).due_date == days(30)

    def test_under_a_used_key_to_another_day(self, shop: Company) -> None:
        invoice_id = shop.invoice()
        move(shop.at(keyed(shop.ctx, "k")), invoice_id, 60)
        with pytest.raises(KeyReused):
            move(shop.at(keyed(shop.ctx, "k")), invoice_id, 61)
