"""Live pages: what an event touches is drawn once and reaches who looks, in their language, and nobody else."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpRequest

import patience
from cast import open_company
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.pages import live, words
from kvit.pages.live import Feed, Subject, drawing, hub, stream
from kvit.pages.live.drawing import Topic
from kvit.pages.live.hub import Hub
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from kvit.parties.events import PartyRenamed

WITHIN_SECONDS = patience.SECONDS
QUIET_SECONDS = 0.4
Story = Callable[[Hub], Awaitable[None]]


@dataclass
class Names:
    """A feed of the names of parties; tokens are `tenant-party`."""

    drawn: Counter[tuple[int, str]] = field(default_factory=Counter)
    breaks: bool = False

    def admit(self, request: HttpRequest, token: str) -> Subject | None:
        tenant_id, _, party_id = token.partition("-")
        return Subject(int(tenant_id), int(party_id)) if party_id.isdecimal() else None

    def render(self, tenant_id: int, ids: Collection[int], now: datetime) -> dict[int, str]:
        if self.breaks:
            raise RuntimeError("planted")
        self.drawn.update((party_id, words.current()) for party_id in ids)
        found = rows.select("SELECT id, name FROM parties_party WHERE id = ANY(%s)", [list(ids)])
        return {party_id: f"<b>{name}</b>\n<i>{words.current()}</i>" for party_id, name in found}


@pytest.fixture
def live_commits(request: pytest.FixtureRequest) -> None:
    """The fixture `live`, whose name the module has for the pages."""
    request.getfixturevalue("live")


@pytest.fixture
def names(live_commits: None, monkeypatch: pytest.MonkeyPatch) -> Names:
    """The feed, registered for one test."""
    monkeypatch.setattr(live, "_feeds", {})
    made = Names()
    live.register(Feed("names", made.admit, {PartyRenamed: lambda event: [event.party_id]}, made.render))
    return made


@pytest.fixture
def anna(live_commits: None) -> Ctx:
    return open_company()


def party(ctx: Ctx, name: str = "Bo Ek") -> int:
    return parties.register_party(ctx, kind=PartyKind.PERSON, name=name, country="SE").party_id


def rename(ctx: Ctx, party_id: int, name: str) -> None:
    parties.rename_party(ctx, party_id=party_id, name=name)


def during(story: Story) -> None:
    """Run a story while a hub listens."""

    async def run() -> None:
        running = Hub()
        running.start()
        try:
            await asyncio.wait_for(story(running), 30)
        finally:
            await running.stop()

    asyncio.run(run())


async def listening(running: Hub) -> None:
    """Wait until the listener is connected and has drawn everything anew once."""
    while running._all_anew or not await asyncio.to_thread(_listeners):
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.05)


def _listeners() -> int:
    ((count,),) = rows.select(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN %%' AND datname = current_database()"
    )
    from django.db import connection

    connection.close()
    return int(count)


async def news(client: hub.Client) -> str:
    return (await asyncio.wait_for(client.next(), WITHIN_SECONDS)).decode()


async def is_quiet(client: hub.Client) -> bool:
    try:
        await asyncio.wait_for(client.next(), QUIET_SECONDS)
    except TimeoutError:
        return True
    return False


async def command(work: Callable[..., None], *given: Any) -> None:
    """A command in a thread of its own, which gives its connection back."""
    from django.db import connection

    def run() -> None:
        work(*given)
        connection.close()

    await asyncio.to_thread(run)


class TestALivePage:
    def test_gets_the_present_fragment_and_each_change(self, names: Names, anna: Ctx) -> None:
        bo = party(anna)

        async def story(running: Hub) -> None:
            client = await running.join(Topic("names", anna.tenant_id, bo, "sv"))
            assert await news(client) == "event: fragment\ndata: <b>Bo Ek</b>\ndata: <i>sv</i>\n\n"
            await listening(running)
            await command(rename, anna, bo, "Bo Ekman")
            assert "<b>Bo Ekman</b>" in await news(client)

        during(story)

    def test_is_drawn_once_however_many_look(self, names: Names, anna: Ctx) -> None:
        bo = party(anna)

        async def story(running: Hub) -> None:
            await listening(running)
            clients = [await running.join(Topic("names", anna.tenant_id, bo, "sv")) for _ in range(50)]
            clients.append(await running.join(Topic("names", anna.tenant_id, bo, "pl")))
            assert names.drawn == {(bo, "sv"): 1, (bo, "pl"): 1}
            for client in clients:
                await news(client)
            await command(rename, anna, bo, "Bo Ekman")
            assert ["Bo Ekman" in await news(client) for client in clients] == [True] * 51
            assert names.drawn == {(bo, "sv"): 2, (bo, "pl"): 2}

        during(story)

    def test_hears_nothing_of_other_subjects_other_companies_or_what_is_rolled_back(
        self, names: Names, anna: Ctx
    ) -> None:
        bo, eva = party(anna), party(anna, "Eva Ek")
        cilla = open_company("Cirrus AB")
        hers = party(cilla, "Hers")

        def roll_back() -> None:
            with suppress(ZeroDivisionError), tenant.scope(anna.tenant_id):
                rows.select("SELECT pg_notify('kvit_event', %s)", [f"{anna.tenant_id}:parties.PartyRenamed:1"])
                raise ZeroDivisionError

        async def story(running: Hub) -> None:
            await listening(running)
            client = await running.join(Topic("names", anna.tenant_id, bo, "sv"))
            other = await running.join(Topic("names", cilla.tenant_id, bo, "sv"))
            await news(client)
            await command(rename, anna, eva, "Eva Berg")
            await command(rename, cilla, hers, "Hers still")
            await command(roll_back)
            assert await is_quiet(client)
            assert await is_quiet(other)
            assert (eva, "sv") not in names.drawn

        during(story)

    def test_that_is_slow_gets_the_newest_only(self, names: Names, anna: Ctx) -> None:
        bo = party(anna)

        async def story(running: Hub) -> None:
            await listening(running)
            topic = Topic("names", anna.tenant_id, bo, "sv")
            client = await running.join(topic)
            for name in ("Bo Ett", "Bo Två", "Bo Tre"):
                await command(rename, anna, bo, name)
                while name.encode() not in running._newest[topic]:
                    await asyncio.sleep(0.02)
            assert "Bo Tre" in await news(client)
            assert await is_quiet(client)

        during(story)

    def test_is_right_again_after_the_listener_was_cut_off(self, names: Names, anna: Ctx) -> None:
        bo = party(anna)

        def cut_off() -> None:
            rows.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %%'")

        async def story(running: Hub) -> None:
            await listening(running)
            client = await running.join(Topic("names", anna.tenant_id, bo, "sv"))
            await news(client)
            await command(cut_off)
            await command(rename, anna, bo, "Meanwhile")
            assert "Meanwhile" in await news(client)

        during(story)

    def test_outlives_a_drawing_that_fails(self, names: Names, anna: Ctx, caplog: pytest.LogCaptureFixture) -> None:
        bo = party(anna)

        async def story(running: Hub) -> None:
            await listening(running)
            client = await running.join(Topic("names", anna.tenant_id, bo, "sv"))
            await news(client)
            names.breaks = True
            await command(rename, anna, bo, "Bo Ett")
            assert await is_quiet(client)
            names.breaks = False
            await command(rename, anna, bo, "Bo Två")
            assert "Bo Två" in await news(client)

        during(story)
        assert "planted" in caplog.text

    def test_would_stand_still_without_the_announcement(
        self, names: Names, anna: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: events are announced where nobody listens."""
        bo = party(anna)

        async def story(running: Hub) -> None:
            await listening(running)
            client = await running.join(Topic("names", anna.tenant_id, bo, "sv"))
            await news(client)
            monkeypatch.setattr("kvit.base.event.CHANNEL", "elsewhere")
            await command(rename, anna, bo, "Bo Ekman")
            assert await is_quiet(client)

        during(story)


@dataclass
class Wire:
    """The two ends of an ASGI connection."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def asked(path: str, *, query: bytes = b"language=sv", method: str = "GET") -> dict[str, Any]:
    return {"type": "http", "path": path, "query_string": query, "method": method, "headers": []}


class TestTheStream:
    def test_ends_when_the_page_is_closed_and_leaves_nothing_behind(self, names: Names, anna: Ctx) -> None:
        bo = party(anna)

        async def story(running: Hub) -> None:
            wire = Wire()
            path = f"/events/names/{anna.tenant_id}-{bo}/"
            answer = asyncio.create_task(stream.answer(running, asked(path), wire.receive, wire.send))
            while b"Bo Ek" not in wire.body:
                await asyncio.sleep(0.02)
            assert running.clients == 1
            wire.gone.set()
            await asyncio.wait_for(answer, WITHIN_SECONDS)
            assert (running.clients, running._newest, wire.status) == (0, {}, 200)
            assert dict(wire.sent[0]["headers"])[b"content-type"].startswith(b"text/event-stream")

        during(story)

    def test_ends_when_the_server_stops(self, names: Names, anna: Ctx) -> None:
        bo = party(anna)

        async def story(running: Hub) -> None:
            wire = Wire()
            path = f"/events/names/{anna.tenant_id}-{bo}/"
            answer = asyncio.create_task(stream.answer(running, asked(path), wire.receive, wire.send))
            while b"Bo Ek" not in wire.body:
                await asyncio.sleep(0.02)
            await running.stop()
            await asyncio.wait_for(answer, WITHIN_SECONDS)
            assert wire.sent[-1]["more_body"] is False

        during(story)

    @pytest.mark.parametrize(
        "path",
        ["/events/names/no-token/", "/events/nothing/1-1/", "/events/names/", "/events/names/1-1/more/", "/events/"],
    )
    def test_of_what_a_token_does_not_open_is_not_found(self, names: Names, path: str) -> None:
        async def story(running: Hub) -> None:
            wire = Wire()
            await stream.answer(running, asked(path), wire.receive, wire.send)
            assert wire.status == 404

        during(story)

    def test_is_read_only(self, names: Names, anna: Ctx) -> None:
        async def story(running: Hub) -> None:
            wire = Wire()
            path = f"/events/names/{anna.tenant_id}-1/"
            await stream.answer(running, asked(path, method="POST"), wire.receive, wire.send)
            assert wire.status == 404

        during(story)

    def test_is_refused_when_the_process_is_full(
        self, names: Names, anna: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hub, "MOST_CLIENTS", 0)

        async def story(running: Hub) -> None:
            wire = Wire()
            await stream.answer(running, asked(f"/events/names/{anna.tenant_id}-1/"), wire.receive, wire.send)
            assert (wire.status, dict(wire.sent[0]["headers"])[b"retry-after"]) == (503, b"5")

        during(story)


class TestAnAnnouncement:
    @pytest.mark.parametrize("payload", ["", "1:2", "x:parties.PartyRenamed:1", "1:parties.PartyRenamed:x", "1::2"])
    def test_that_is_none_is_ignored(self, payload: str) -> None:
        assert drawing.announced(payload) is None

    def test_is_tenant_type_and_event(self) -> None:
        assert drawing.announced("7:parties.PartyRenamed:9") == drawing.Announced(7, "parties.PartyRenamed", 9)


class TestAFeed:
    def test_has_a_name_of_its_own(self, names: Names) -> None:
        with pytest.raises(RuntimeError, match="two feeds"):
            live.register(Feed("names", names.admit, {}, names.render))

    def test_has_an_address_in_the_readers_language(self, names: Names) -> None:
        with words.reading("ro"):
            assert live.address("names", "abc") == "/events/names/abc/?language=ro"
        with pytest.raises(LookupError):
            live.address("nothing", "abc")
