"""Opening, closing, putting off and handing out work."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.utils import DatabaseError, IntegrityError

from cast import in_threads
from kvit.base import login, rows, tenant
from kvit.base.command import Ctx
from kvit.base.lifecycle import NotMovable
from kvit.work import commands, queries
from kvit.work.domain.items import BadItem, NewItem
from kvit.work.domain.lifecycle import ItemState
from tables import as_owner, contents, run_twice

HOUR = timedelta(hours=1)


def item_about(line_id: int, kind: str = "matching.decide", priority: int = 0, reason_code: str = "tie") -> NewItem:
    return NewItem(
        kind=kind,
        subject_kind="banking.line",
        subject_id=line_id,
        reason_code=reason_code,
        reason="Two invoices fit equally well.",
        reason_params={"candidates": 2, "amount_minor": 12000, "is_certain": False, "note": None},
        priority=priority,
    )


def opened(ctx: Ctx, line_id: int = 1) -> int:
    return commands.open_item(ctx, item=item_about(line_id)).item_id


def waiting(ctx: Ctx, hours: int = 0) -> list[int]:
    with tenant.scope(ctx.tenant_id):
        return [item.subject_id for item in queries.waiting(now=ctx.now + hours * HOUR, limit=100)]


def look(ctx: Ctx, item_id: int) -> queries.Item:
    with tenant.scope(ctx.tenant_id):
        found = queries.item(item_id)
    assert found is not None
    return found


def events_of(ctx: Ctx) -> list[str]:
    with tenant.scope(ctx.tenant_id):
        return [row[0].removeprefix("work.") for row in rows.select("SELECT type FROM base_event ORDER BY id")]


class TestOpeningAnItem:
    def test_lets_it_wait_with_its_reason(self, anna: Ctx) -> None:
        answer = run_twice(commands.open_item, anna, item=replace(item_about(7), due_at=anna.now + HOUR))
        assert answer.is_new
        item = look(anna, answer.item_id)
        assert (item.kind, item.subject_kind, item.subject_id) == ("matching.decide", "banking.line", 7)
        assert item.reason_params == {"candidates": 2, "amount_minor": 12000, "is_certain": False, "note": None}
        assert (item.state, item.opened_at, item.due_at) == (ItemState.OPEN, anna.now, anna.now + HOUR)
        assert events_of(anna) == ["WorkOpened"]

    def test_that_is_live_gives_it_the_new_reason(self, anna: Ctx) -> None:
        first = opened(anna)
        again = commands.open_item(anna, item=item_about(1, priority=5, reason_code="digit_missing"))
        assert (again.item_id, again.is_new) == (first, False)
        assert (look(anna, first).reason_code, look(anna, first).priority) == ("digit_missing", 5)
        assert waiting(anna) == [1]
        assert events_of(anna) == ["WorkOpened", "WorkChanged"]

    def test_that_sleeps_lets_it_sleep_on(self, anna: Ctx) -> None:
        first = opened(anna)
        commands.snooze(anna, item_id=first, until_at=anna.now + HOUR)
        assert commands.open_item(anna, item=item_about(1)).item_id == first
        assert waiting(anna) == []

    def test_that_was_done_or_dropped_opens_another(self, anna: Ctx) -> None:
        first = opened(anna)
        commands.drop(anna, item_id=first, reason="not ours")
        second = opened(anna)
        commands.close_items(
            anna, kind="matching.decide", subject_kind="banking.line", subject_ids=[1], outcome="linked"
        )
        third = opened(anna)
        assert len({first, second, third}) == 3
        with tenant.scope(anna.tenant_id):
            found = [item.state.value for item in queries.items_about("banking.line", 1)]
        assert found == ["open", "done", "dropped"]

    def test_is_refused_without_a_trace(self, anna: Ctx) -> None:
        before = contents(anna)
        with pytest.raises(BadItem):
            commands.open_item(anna, item=replace(item_about(1), reason=""))
        assert contents(anna) == before

    def test_is_seen_by_its_tenant_alone(self, anna: Ctx, cilla: Ctx) -> None:
        mine = opened(anna)
        theirs = opened(cilla)
        assert mine != theirs
        with tenant.scope(cilla.tenant_id):
            assert queries.item(mine) is None
            assert [item.id for item in queries.items_about("banking.line", 1)] == [theirs]
            assert queries.counts(now=cilla.now) == {"matching.decide": 1}


class TestOpeningASet:
    def test_opens_what_is_new_and_refreshes_what_is_live(self, anna: Ctx) -> None:
        opened(anna, 2)
        answer = run_twice(commands.open_items, anna, items=[item_about(number) for number in (1, 2, 3)])
        assert answer == commands.ItemsOpened(opened_count=2, updated_count=1)
        assert waiting(anna) == [2, 1, 3]
        assert events_of(anna) == ["WorkOpened", "WorkOpened", "WorkChanged"]

    def test_takes_the_last_of_several_about_one_thing(self, anna: Ctx) -> None:
        items = [item_about(1, reason_code="tie"), item_about(1, kind="x.y"), item_about(1, reason_code="late")]
        assert commands.open_items(anna, items=items).opened_count == 2
        with tenant.scope(anna.tenant_id):
            (item,) = queries.waiting(now=anna.now, limit=9, kinds=["matching.decide"])
        assert item.reason_code == "late"

    def test_of_nothing_does_nothing(self, anna: Ctx) -> None:
        assert commands.open_items(anna, items=[]) == commands.ItemsOpened(0, 0)
        assert events_of(anna) == []

    def test_opens_none_where_one_is_bad(self, anna: Ctx) -> None:
        with pytest.raises(BadItem):
            commands.open_items(anna, items=[item_about(1), replace(item_about(2), kind="")])
        assert waiting(anna) == []

    @pytest.mark.race
    def test_by_eight_at_once_doubles_nothing(self, anna_live: Ctx) -> None:
        items = [item_about(number) for number in range(40)]
        answers = in_threads(8, lambda n: commands.open_items(anna_live, items=items if n % 2 else items[::-1]))
        counts = [answer for answer in answers if isinstance(answer, commands.ItemsOpened)]
        assert len(counts) == 8
        assert sum(answer.opened_count for answer in counts) == 40
        assert len(waiting(anna_live)) == 40


class TestOneLiveItem:
    DOUBLE = """
        INSERT INTO work_item (tenant_id, kind, subject_kind, subject_id, reason_code, reason_params, reason, state,
                               priority, opened_at, command_id)
        SELECT tenant_id, kind, subject_kind, subject_id, reason_code, reason_params, reason, 'open', 0, opened_at,
               command_id FROM work_item
    """

    def test_is_held_by_the_index(self, anna_live: Ctx) -> None:
        opened(anna_live)
        with as_owner(anna_live) as cursor, pytest.raises(IntegrityError, match="work_item_one_live"):
            cursor.execute(self.DOUBLE)

    def test_would_be_two_without_it(self, anna_live: Ctx) -> None:
        opened(anna_live)
        with as_owner(anna_live) as cursor:
            cursor.execute("DROP INDEX work_item_one_live")
            cursor.execute(self.DOUBLE)
            assert cursor.rowcount == 1


class TestClosingItems:
    def close(self, ctx: Ctx, *line_ids: int, kind: str = "matching.decide") -> commands.ItemsClosed:
        return commands.close_items(
            ctx, kind=kind, subject_kind="banking.line", subject_ids=list(line_ids), outcome="linked"
        )

    def test_ends_the_waiting_of_those_that_are_live(self, anna: Ctx) -> None:
        ids = [opened(anna, number) for number in (1, 2, 3)]
        commands.snooze(anna, item_id=ids[1], until_at=anna.now + HOUR)
        answer = run_twice(
            commands.close_items,
            anna,
            kind="matching.decide",
            subject_kind="banking.line",
            subject_ids=[1, 2, 2, 99],
            outcome="linked",
        )
        assert answer.count == 2
        assert waiting(anna, hours=2) == [3]
        done = look(anna, ids[1])
        assert (done.state, done.outcome, done.closed_at) == (ItemState.DONE, "linked", anna.now)
        with tenant.scope(anna.tenant_id):
            moves = rows.select("SELECT object_id, from_state, to_state FROM base_statechange ORDER BY id")
        assert moves[1:] == [(ids[0], "open", "done"), (ids[1], "snoozed", "done")]
        assert events_of(anna)[-1] == "WorkDone"

    def test_twice_closes_nothing_more(self, anna: Ctx) -> None:
        opened(anna)
        assert (self.close(anna, 1).count, self.close(anna, 1).count) == (1, 0)

    def test_of_another_kind_leaves_them(self, anna: Ctx) -> None:
        opened(anna)
        assert self.close(anna, 1, kind="collecting.call").count == 0
        assert waiting(anna) == [1]

    def test_of_another_tenant_leaves_them(self, anna: Ctx, cilla: Ctx) -> None:
        opened(anna)
        assert self.close(cilla, 1).count == 0
        assert waiting(anna) == [1]

    def test_needs_an_outcome_that_is_a_code(self, anna: Ctx) -> None:
        with pytest.raises(BadItem):
            commands.close_items(
                anna, kind="matching.decide", subject_kind="banking.line", subject_ids=[1], outcome="It was linked"
            )

    @pytest.mark.race
    def test_by_eight_at_once_closes_each_once(self, anna_live: Ctx) -> None:
        commands.open_items(anna_live, items=[item_about(number) for number in range(20)])
        numbers = list(range(20))
        answers = in_threads(8, lambda n: self.close(anna_live, *(numbers if n % 2 else numbers[::-1])))
        counts = [answer.count for answer in answers if isinstance(answer, commands.ItemsClosed)]
        assert (len(counts), sum(counts)) == (8, 20)


class TestSnoozing:
    def test_hides_an_item_until_its_time(self, anna: Ctx) -> None:
        item_id = opened(anna)
        run_twice(commands.snooze, anna, item_id=item_id, until_at=anna.now + 2 * HOUR)
        assert [waiting(anna, hours) for hours in (0, 1, 2, 3)] == [[], [], [1], [1]]
        assert look(anna, item_id).state is ItemState.SNOOZED

    def test_again_moves_the_time_only(self, anna: Ctx) -> None:
        item_id = opened(anna)
        for hours in (1, 5):
            commands.snooze(anna, item_id=item_id, until_at=anna.now + hours * HOUR)
        assert [waiting(anna, hours) for hours in (1, 5)] == [[], [1]]

    def test_ends_at_once_on_waking(self, anna: Ctx) -> None:
        item_id = opened(anna)
        commands.snooze(anna, item_id=item_id, until_at=anna.now + HOUR)
        run_twice(commands.wake, anna, item_id=item_id)
        assert waiting(anna) == [1]
        assert (look(anna, item_id).state, look(anna, item_id).snoozed_until_at) == (ItemState.OPEN, None)

    def test_is_refused(self, anna: Ctx, cilla: Ctx) -> None:
        item_id = opened(anna)
        with pytest.raises(commands.SnoozeInPast):
            commands.snooze(anna, item_id=item_id, until_at=anna.now)
        with pytest.raises(NotMovable):
            commands.wake(anna, item_id=item_id)
        for ctx, unknown in ((anna, 0), (cilla, item_id)):
            with pytest.raises(commands.NoSuchItem):
                commands.snooze(ctx, item_id=unknown, until_at=anna.now + HOUR)
            with pytest.raises(commands.NoSuchItem):
                commands.wake(ctx, item_id=unknown)
        commands.drop(anna, item_id=item_id, reason="not ours")
        with pytest.raises(NotMovable):
            commands.snooze(anna, item_id=item_id, until_at=anna.now + HOUR)


class TestAssigning:
    def test_gives_an_item_to_a_member_and_takes_it_back(self, anna: Ctx) -> None:
        item_id = opened(anna)
        opened(anna, 2)
        user = login.add_member(anna, email="anna@nordvik.example", full_name="Anna", role=login.Role.CLERK).user_id
        run_twice(commands.assign, anna, item_id=item_id, user_id=user)
        with tenant.scope(anna.tenant_id):
            assert [item.id for item in queries.waiting(now=anna.now, limit=9, assigned_to_id=user)] == [item_id]
            assert queries.counts(now=anna.now, assigned_to_id=user) == {"matching.decide": 1}
        commands.assign(anna, item_id=item_id, user_id=None)
        assert look(anna, item_id).assigned_to_id is None

    def test_is_refused(self, anna: Ctx, cilla: Ctx) -> None:
        item_id = opened(anna)
        stranger = login.add_member(cilla, email="c@konditori.example", full_name="C", role=login.Role.CLERK).user_id
        with pytest.raises(commands.NotAMember):
            commands.assign(anna, item_id=item_id, user_id=stranger)
        with pytest.raises(commands.NoSuchItem):
            commands.assign(cilla, item_id=item_id, user_id=stranger)
        commands.drop(anna, item_id=item_id, reason="not ours")
        with pytest.raises(NotMovable):
            commands.assign(anna, item_id=item_id, user_id=None)


class TestDropping:
    def test_ends_the_waiting_with_a_reason(self, anna: Ctx) -> None:
        item_id = opened(anna)
        run_twice(commands.drop, anna, item_id=item_id, reason=" not ours ")
        assert waiting(anna) == []
        assert (look(anna, item_id).state, look(anna, item_id).outcome) == (ItemState.DROPPED, "not ours")
        assert events_of(anna)[-1] == "WorkDropped"

    def test_is_refused(self, anna: Ctx, cilla: Ctx) -> None:
        item_id = opened(anna)
        with pytest.raises(BadItem):
            commands.drop(anna, item_id=item_id, reason=" ")
        with pytest.raises(commands.NoSuchItem):
            commands.drop(cilla, item_id=item_id, reason="not ours")
        commands.drop(anna, item_id=item_id, reason="not ours")
        with pytest.raises(NotMovable):
            commands.drop(anna, item_id=item_id, reason="not ours")


class TestTheWorklist:
    def test_has_the_highest_priority_first_then_the_nearest_due_then_the_oldest(self, anna: Ctx) -> None:
        later = replace(anna, now=anna.now + HOUR)
        commands.open_item(later, item=item_about(1))
        commands.open_item(anna, item=item_about(2))
        commands.open_item(later, item=replace(item_about(3), due_at=anna.now + 9 * HOUR))
        commands.open_item(later, item=replace(item_about(4), due_at=anna.now + 8 * HOUR))
        commands.open_item(later, item=item_about(5, priority=1))
        assert waiting(later) == [5, 4, 3, 2, 1]

    def test_is_cut_and_chosen_by_kind(self, anna: Ctx) -> None:
        commands.open_items(anna, items=[item_about(1), item_about(2, kind="x.y"), item_about(3, kind="x.y")])
        with tenant.scope(anna.tenant_id):
            assert [item.subject_id for item in queries.waiting(now=anna.now, limit=1, kinds=["x.y"])] == [2]
            assert queries.waiting(now=anna.now, limit=9, kinds=[]) == ()
            assert queries.counts(now=anna.now) == {"matching.decide": 1, "x.y": 2}
            assert queries.counts(now=anna.now, kinds=["x.y"]) == {"x.y": 2}


class TestWhatAnItemIsAbout:
    @pytest.mark.parametrize(
        "change", ["subject_id = 2", "kind = 'x'", "opened_at = opened_at + interval '1 day'", "command_id = 1"]
    )
    def test_is_never_changed_by_the_application(self, anna: Ctx, change: str) -> None:
        opened(anna)
        with pytest.raises(DatabaseError, match="permission denied"), tenant.scope(anna.tenant_id):
            rows.run("UPDATE work_item SET " + change)
