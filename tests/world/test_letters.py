"""The month's end in the world: statements and confirmations lie there, some answered, one differing, one to answer."""

from pathlib import Path
from typing import Any

import pytest

from cast import NOW
from in_test_mode import World, open_world, switched_on
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import queries
from kvit.invoicing.domain.confirmations import ConfirmationState
from kvit.world import founding, letters


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with switched_on(settings, tmp_path, monkeypatch):
        yield open_world()


class TestTheLettersOfTheWorld:
    def test_show_every_way_that_an_answer_goes(self, world: World) -> None:
        ctx = Ctx(tenant_id=world.tenant_id, actor="world:test", now=NOW)
        simulated = founding.load("nordljus")
        made = letters.write_letters(ctx, simulated, first_party_id=world.doors.party_id)
        assert made >= letters.CONFIRMATIONS
        with tenant.scope(ctx.tenant_id):
            counts = queries.confirmation_counts()
            listed = queries.confirmations_listed(limit=50)
            (differing,) = [row for row in listed if row.state is ConfirmationState.DIFFERS]
            (answer,) = queries.answers_of(differing.id)
            problems = queries.verify()
        assert counts[ConfirmationState.CONFIRMED] == len(letters.AGREEING)
        assert {row.party_id: row.state for row in listed}[world.doors.party_id] is ConfirmationState.OPEN
        assert answer.differences[0].their_minor is None
        assert problems == ()
        assert letters.write_letters(ctx, simulated, first_party_id=world.doors.party_id) == 0
