"""A state is moved by one function: all or none, compared and set, with a row of history."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

import patience
from base import things
from base.things import THINGS, Thing
from cast import in_threads
from kvit.base import lifecycle, rows, tenant
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable


@pytest.fixture(scope="module", autouse=True)
def table(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield from things.table()


@dataclass(frozen=True)
class Made:
    thing_ids: tuple[int, ...]


@dataclass(frozen=True)
class Moved:
    count: int


@command
def make(ctx: Ctx, *, count: int, state: Thing = Thing.OPEN) -> Made:
    return Made(tuple(things.make(ctx, count, state)))


@command
def move(ctx: Ctx, *, thing_ids: tuple[int, ...], to: Thing) -> Moved:
    lifecycle.move(ctx, THINGS, thing_ids, to=to)
    return Moved(len(thing_ids))


@command
def move_read_whole(ctx: Ctx, *, thing_ids: tuple[int, ...], to: Thing) -> Moved:
    """The same by a plan that reads the whole table and meets the rows as they lie in it."""
    for way in ("nestloop", "mergejoin", "indexscan", "bitmapscan"):
        rows.select("SELECT set_config(%s, 'off', true)", [f"enable_{way}"])
    lifecycle.move(ctx, THINGS, thing_ids, to=to)
    return Moved(len(thing_ids))


def states(ctx: Ctx) -> list[str]:
    with tenant.scope(ctx.tenant_id):
        return [row[0] for row in rows.select("SELECT state FROM base_thing ORDER BY id")]


def history(ctx: Ctx) -> list[Any]:
    with tenant.scope(ctx.tenant_id):
        return rows.select("SELECT object_id, from_state, to_state, at FROM base_statechange ORDER BY object_id, id")


class TestAMove:
    def test_sets_the_state_and_leaves_a_row_of_history_for_each(self, anna: Ctx) -> None:
        made = make(anna, count=3).thing_ids
        move(anna, thing_ids=made, to=Thing.CLOSED)
        assert states(anna) == ["closed"] * 3
        assert history(anna) == [(thing_id, "open", "closed", anna.now) for thing_id in made]

    def test_goes_on_from_where_the_last_one_ended(self, anna: Ctx) -> None:
        (thing_id,) = make(anna, count=1, state=Thing.DRAFT).thing_ids
        move(anna, thing_ids=(thing_id,), to=Thing.OPEN)
        move(anna, thing_ids=(thing_id,), to=Thing.DROPPED)
        assert [row[1:3] for row in history(anna)] == [("draft", "open"), ("open", "dropped")]

    def test_of_the_same_thing_named_twice_is_one(self, anna: Ctx) -> None:
        (thing_id,) = make(anna, count=1).thing_ids
        move(anna, thing_ids=(thing_id, thing_id), to=Thing.CLOSED)
        assert len(history(anna)) == 1

    def test_is_written_down_in_the_order_of_ids_however_the_table_is_read(self, anna: Ctx) -> None:
        made = make(anna, count=3, state=Thing.DRAFT).thing_ids
        for thing_id in reversed(made):
            move(anna, thing_ids=(thing_id,), to=Thing.OPEN)
        make(anna, count=2_000)
        move_read_whole(anna, thing_ids=made, to=Thing.CLOSED)
        with tenant.scope(anna.tenant_id):
            written = rows.select("SELECT object_id FROM base_statechange WHERE to_state = 'closed' ORDER BY id")
        assert [thing_id for (thing_id,) in written] == list(made)

    def test_of_nothing_is_none(self, anna: Ctx) -> None:
        assert move(anna, thing_ids=(), to=Thing.CLOSED) == Moved(0)

    def test_that_one_of_them_cannot_make_moves_none_and_names_it(self, anna: Ctx) -> None:
        open_ids = make(anna, count=2).thing_ids
        (draft,) = make(anna, count=1, state=Thing.DRAFT).thing_ids
        with pytest.raises(NotMovable, match=rf"base\.thing {draft}: cannot become closed"):
            move(anna, thing_ids=(*open_ids, draft), to=Thing.CLOSED)
        assert states(anna) == ["open", "open", "draft"]
        assert history(anna) == []

    def test_names_five_of_many_and_counts_the_rest(self, anna: Ctx) -> None:
        drafts = make(anna, count=8, state=Thing.DRAFT).thing_ids
        with pytest.raises(NotMovable, match=f"{', '.join(map(str, drafts[:5]))} and 3 more"):
            move(anna, thing_ids=drafts, to=Thing.CLOSED)

    def test_of_what_does_not_exist_or_is_another_tenants_is_refused(self, anna: Ctx, cilla: Ctx) -> None:
        (of_cilla,) = make(cilla, count=1).thing_ids
        for thing_id in (of_cilla, 10**15):
            with pytest.raises(NotMovable, match=str(thing_id)):
                move(anna, thing_ids=(thing_id,), to=Thing.CLOSED)
        assert states(cilla) == ["open"]

    def test_to_a_state_that_the_database_does_not_know_is_impossible(self, anna: Ctx) -> None:
        with pytest.raises(IntegrityError), tenant.scope(anna.tenant_id):
            rows.insert("base_thing", {"tenant_id": ("int", [anna.tenant_id]), "state": ("text", ["paid"])})


@pytest.mark.race
class TestSixteenMovers:
    def test_have_one_winner_and_one_row_of_history(self, anna_live: Ctx) -> None:
        targets = (Thing.CLOSED, Thing.DROPPED)
        for thing_id in make(anna_live, count=5).thing_ids:
            go = partial(move, anna_live, thing_ids=(thing_id,))
            answers = in_threads(16, lambda n, go=go: go(to=targets[n % 2]))  # type: ignore[misc]
            assert [answer for answer in answers if not isinstance(answer, NotMovable)] == [Moved(1)]
            assert len([row for row in history(anna_live) if row[0] == thing_id]) == 1

    def test_of_overlapping_sets_do_not_stand_in_each_others_way_for_ever(self, anna_live: Ctx) -> None:
        made = make(anna_live, count=50).thing_ids
        answers = in_threads(8, lambda n: move(anna_live, thing_ids=made[:: 1 if n % 2 else -1], to=Thing.CLOSED))
        assert sorted(type(answer).__name__ for answer in answers) == ["Moved"] + ["NotMovable"] * 7
        assert len(history(anna_live)) == 50

    def test_have_several_winners_when_they_look_first_and_write_later(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: read, check, write."""
        everyone_has_looked = threading.Barrier(4)

        def look_first(ctx: Ctx, _: Any, ids: Sequence[int], *, to: Thing) -> None:
            ((state,),) = rows.select("SELECT state FROM base_thing WHERE id = ANY(%s)", [list(ids)])
            if Thing(state) is not Thing.OPEN:
                raise NotMovable
            everyone_has_looked.wait(timeout=patience.SECONDS)
            rows.run("UPDATE base_thing SET state = %s WHERE id = ANY(%s)", [to.value, list(ids)])

        monkeypatch.setattr(lifecycle, "move", look_first)
        (thing_id,) = make(anna_live, count=1).thing_ids
        answers = in_threads(4, lambda _: move(anna_live, thing_ids=(thing_id,), to=Thing.CLOSED))
        assert answers == [Moved(1)] * 4
