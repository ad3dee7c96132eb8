"""`kvit demo` shows the main job, and shows it again."""

import re
from typing import Any

import pytest

pytestmark = pytest.mark.database


class TestTheDemo:
    def test_shows_what_matched_what_asks_and_that_the_books_are_sound(self, installation: Any) -> None:
        first = installation.ok("demo").out
        linked, asking = map(int, re.search(r"(\d+) payments linked by themselves, (\d+) ask", first).groups())  # type: ignore[union-attr]
        assert linked > 100
        assert 10 < asking < linked
        reasons = {w["code"] for w in installation.ok("match", "waiting", "--json").json}
        assert reasons == {
            f"matching.{code}"
            for code in ("already_paid", "unknown_reference", "amount_differs", "no_reference", "outgoing")
        }
        for check in ("ledger: sound", "documents: sound", "bank accounts: sound", "links: sound"):
            assert check in first

        second = installation.ok("demo").out
        assert second.count("taken in before; nothing changed") == 2
        assert f"{linked} payments linked by themselves, {asking} ask" in second
        assert installation.ok("verify", "--json").json["sound"] is True
