"""`kvit demo` shows the main job, and shows it again; `kvit world` plays on from there."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

import demo_home
from cli.conftest import Installation
from kvit.world.companies import COMPANIES

pytestmark = pytest.mark.database
SOUND = re.compile(r"books sound, (\d+) of \1 links as the payers meant them")


@pytest.fixture(scope="module")
def demo(installation: Any) -> Any:
    """An installation in which `kvit demo` has run, with some of the usual customers; and what it said."""
    return installation, installation.ok("demo", "--once", "--percent", "15", "--days", "45").out


def the_clock(installation: Any) -> date:
    """The day of the clock of test mode."""
    return date.fromisoformat(installation.ok("clock", "push", "--hours", "0").out[:10])


class TestTheDemo:
    def test_shows_what_matched_what_asks_and_that_the_books_are_sound(self, demo: Any) -> None:
        installation, first = demo
        linked, asking = map(int, re.search(r"(\d+) payments linked by themselves, (\d+) ask", first).groups())  # type: ignore[union-attr]
        assert linked > 10
        assert asking > 5
        assert len(SOUND.findall(first)) == len(COMPANIES)
        reasons = {
            waiting["code"]
            for company in COMPANIES  # one of them alone may have waiting what one reason covers, on some days
            for waiting in installation.ok("match", "waiting", "-c", company, "--json").json
        }
        assert "matching.outgoing" in reasons
        assert len(reasons) > 1

    def test_lays_down_the_files_of_the_banks(self, demo: Any) -> None:
        installation, _ = demo
        files = sorted((installation.home / "world").iterdir())
        assert {file.name.split("-")[0] for file in files} == set(COMPANIES)
        again = installation.ok("bank", "import", str(files[0]), "-c", files[0].name.split("-")[0]).out
        assert "taken in before; nothing changed" in again

    def test_goes_on_with_what_is_there_a_second_time(self, demo: Any) -> None:
        installation, first = demo
        second = installation.ok("demo", "--once", "--percent", "90").out
        linked = [list(map(int, SOUND.findall(said))) for said in (first, second)]
        assert all(now >= before for before, now in zip(*linked, strict=True))

    def test_switches_test_mode_on_until_it_is_switched_off(self, demo: Any) -> None:
        installation, _ = demo
        mark = installation.home / "test-mode"
        mark.rename(installation.home / "was-test-mode")
        refused = installation.kvit("world", "day")
        (installation.home / "was-test-mode").rename(mark)
        assert refused.code == 1
        assert "[base.not_in_test_mode]" in refused.err


class TestAnInstallationAtWork:
    @pytest.fixture
    def at_work(self) -> Iterator[Installation]:
        with demo_home.home() as place:
            found = Installation(place)
            found.ok("company", "open", "nordljus", "--name", "Real AB", "--country", "SE", "--currency", "SEK")
            yield found

    def test_is_no_place_for_a_demo(self, at_work: Installation) -> None:
        refused = at_work.kvit("demo", "--once")
        assert (refused.code, "[cli.not_for_the_demo]" in refused.err) == (1, True)
        assert "KVIT_HOME=~/kvit-demo make demo" in refused.err
        assert not (at_work.home / "test-mode").exists()

    def test_is_never_wiped(self, at_work: Installation) -> None:
        refused = at_work.kvit("wipe-demo", "--yes")
        assert (refused.code, "[cli.not_a_demo]" in refused.err) == (1, True)
        at_work.ok("invoice", "list", "-c", "nordljus")

    def test_that_carries_the_mark_holds_an_older_demo_and_is_told_what_to_do(self, at_work: Installation) -> None:
        (at_work.home / "test-mode").touch()
        refused = at_work.kvit("demo", "--once")
        assert (refused.code, "[cli.older_demo]" in refused.err) == (1, True)
        assert "kvit wipe-demo" in refused.err
        (at_work.home / "demo-version").write_text("base/0001_initial 0")
        assert "[cli.older_demo]" in at_work.kvit("demo", "--once").err
        assert "a demo of an older Kvit" in at_work.ok("wipe-demo", "--yes").out
        assert not (at_work.home / "test-mode").exists()
        assert at_work.kvit("invoice", "list", "-c", "nordljus").code == 1


class TestTheWorld:
    def test_is_not_played_where_there_is_none(self, installation: Any) -> None:
        empty = installation.kvit("world", "day", "--company", "nobody")
        assert empty.code == 1
        assert "[world.no_world]" in empty.err

    def test_plays_the_next_day_and_the_clock_moves_with_it(self, demo: Any) -> None:
        installation, _ = demo
        before = the_clock(installation)
        said = installation.ok("world", "day").out
        assert f"Played until {before + timedelta(days=1)}" in said
        assert the_clock(installation) == before + timedelta(days=1)

    def test_plays_many_days_and_all_of_it_is_right(self, demo: Any) -> None:
        installation, _ = demo
        before = the_clock(installation)
        said = installation.ok("world", "run", "--days", "3").out
        assert f"Played until {before + timedelta(days=3)}" in said
        judged = installation.ok("world", "judge", "--json").json
        assert judged.keys() == COMPANIES.keys()
        for report in judged.values():
            assert report["movements"] == report["lines"] > 5
            assert (report["lost"], report["foreign"], report["neither"], report["wrong"]) == (0, 0, [], [])
        assert len(SOUND.findall(installation.ok("demo", "--once").out)) == len(COMPANIES)

    def test_plays_one_company_alone_and_the_others_catch_up(self, demo: Any) -> None:
        installation, _ = demo
        installation.ok("world", "run", "--days", "1", "--company", "linden")
        day = the_clock(installation)
        assert f"Played until {day}" in installation.ok("world", "day").out
        assert the_clock(installation) == day
