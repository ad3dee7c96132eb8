"""What all customers owe: as exact as a sum, and summed only when something was written."""

from datetime import date

import pytest

from bank_files import Pay
from desk import Desk, open_desk
from kvit.base import audit, tenant
from kvit.base.command import Ctx
from kvit.ledger.queries import Owed
from kvit.pages.read import owing

TODAY = date(2026, 3, 2)


@pytest.fixture
def desk(anna: Ctx) -> Desk:
    return open_desk(anna)


def owed(ctx: Ctx, today: date = TODAY) -> list[tuple[int, int]]:
    with tenant.scope(ctx.tenant_id):
        found: tuple[Owed, ...] = owing.owed_in_all(ctx.tenant_id, today=today)
    return [(each.open_minor, each.overdue_minor) for each in found]


class TestTheSum:
    def test_follows_what_is_written(self, desk: Desk) -> None:
        assert owed(desk.ctx) == []
        first = desk.invoice(900)
        assert owed(desk.ctx) == [(900, 0)]
        (line_id,) = desk.bank(Pay(400))
        link = desk.link(line_id, (first, 400)).link_id
        assert owed(desk.ctx) == [(500, 0)]
        desk.undo(link)
        assert owed(desk.ctx) == [(900, 0)]

    def test_follows_the_day(self, desk: Desk) -> None:
        desk.invoice(900)
        assert owed(desk.ctx) == [(900, 0)]
        assert owed(desk.ctx, date(2026, 5, 1)) == [(900, 900)]

    def test_is_each_companys_own(self, desk: Desk, cilla: Ctx) -> None:
        desk.invoice(900)
        assert owed(desk.ctx) == [(900, 0)]
        assert owed(open_desk(cilla).ctx) == []

    def test_is_not_made_again_while_nothing_changes(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        desk.invoice(900)
        before = owed(desk.ctx)
        monkeypatch.setattr(owing.ledger, "owed_in_all", lambda *, today: pytest.fail("summed again"))
        assert owed(desk.ctx) == before

    def test_would_be_old_if_what_is_seen_did_not_count(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: every look sees the same."""
        same = audit.Seen("", 0)
        monkeypatch.setattr(audit, "seen", lambda: same)
        assert owed(desk.ctx) == []
        desk.invoice(900)
        assert owed(desk.ctx) == []
