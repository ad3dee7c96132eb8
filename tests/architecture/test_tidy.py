"""The tree keeps its own rules; what is excepted stands here with its reason, on lists that may only shrink."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from architecture import commands, layout, leaks, purity, sizes, writing
from architecture.judge import judge
from architecture.planted import plant
from architecture.source import REPOSITORY, Finding, modules

Check = Callable[[Path], list[Finding]]

NO_EXCEPTIONS: tuple[Check, ...] = (
    sizes.long_files,
    sizes.long_functions,
    layout.strange_files,
    layout.names_of_nothing,
    layout.contexts_not_looked_into,
    layout.foreign_kinds,
    layout.visitors_of_the_world,
    layout.modules_without_opening,
    layout.names_without_words,
    purity.chance_takers,
    purity.asserts,
    purity.swallowed_errors,
    writing.writers_elsewhere,
    writing.orm_saves,
    writing.second_writers_of_a_state,
    writing.tables_of_others,
    commands.misshapen_commands,
    commands.network_in_commands,
    commands.misshapen_refusals,
    leaks.secrets,
    leaks.registry_hosts,
    leaks.machine_paths,
)

EXCEPTIONS: Mapping[Check, Mapping[str, str]] = {
    sizes.crowded_functions: {
        "src/kvit/base/isolation.py::isolate": "what a table needs is said in one place, by name",
    },
    purity.floats: {
        "src/kvit/base/postgres/": "seconds to wait for a process",
        "src/kvit/base/http/": "seconds to wait for an answer",
        "src/kvit/base/migrate.py::0.1": "seconds between two tries for a lock",
        "src/kvit/cli/main.py::float": "the threshold of `match files`: a probability",
        "src/kvit/cli/actions/match_files.py::float": "the threshold of `match files`: a probability",
        "src/kvit/matching/domain/engine/": "probabilities, never money",
    },
    purity.clock_readers: {
        "src/kvit/base/clock.py::datetime.datetime.now": "the one place that reads the time",
        "src/kvit/base/postgres/::time.monotonic": "how long a process has been waited for",
        "src/kvit/base/http/::time.monotonic": "how long an answer has been waited for",
        "src/kvit/pages/session.py::clock_timestamp": "sessions end by the real clock, as Django writes them",
        "src/kvit/cli/actions/demo.py::time.monotonic": "how long the demo took, for who watches it",
    },
    purity.days_of_utc: {
        "src/kvit/world/": "the world plays whole days of UTC",
        "src/kvit/cli/actions/world.py::clock.current().now().date()": "the world plays whole days of UTC",
        "src/kvit/parties/domain/registers.py::now.date()": "past the next midnight in Warsaw, said in UTC",
        "src/kvit/parties/domain/facts.py::learnt_at.date()": "an age in whole days, counted in days of UTC",
        "src/kvit/parties/queries/registers.py::asked.answered_at.date()": "compares whole days, the earlier counts",
        "src/kvit/flows/letter_sheets.py::made.known_at.date()": "printed with its time, as UTC",
    },
    purity.timed_tests: {
        "tests/patience.py::time.monotonic": "waits for all tests",
        "tests/banking/test_crash.py::time.monotonic": "says how long the database was away, and asserts nothing of it",
        "tests/pages/test_sign_in.py::time.time": "codes of the second factor go by the clock",
    },
}


class TestTheTree:
    @pytest.mark.parametrize("check", NO_EXCEPTIONS, ids=lambda check: check.__name__)
    def test_has_no(self, check: Check) -> None:
        assert judge(check(REPOSITORY)) == []

    @pytest.mark.parametrize("check", EXCEPTIONS, ids=lambda check: check.__name__)
    def test_has_only_excepted(self, check: Check) -> None:
        assert judge(check(REPOSITORY), EXCEPTIONS[check]) == []

    def test_is_read_at_all(self) -> None:
        assert len(modules(REPOSITORY, "src")) > 40
        assert len(leaks.tracked_files(REPOSITORY)) > 60


class TestAnException:
    FOUND = (Finding("src/kvit/base/clock.py", "float", "planted"),)

    def test_covers_its_file_or_one_name_in_it_and_nothing_else(self) -> None:
        assert judge(self.FOUND, {"src/kvit/base/clock.py": "why"}) == []
        assert judge(self.FOUND, {"src/kvit/base/": "why"}) == []
        assert judge(self.FOUND, {"src/kvit/base/clock.py::float": "why"}) == []
        assert judge(self.FOUND, {"src/kvit/nowhere/clock.py": "why"}) == [str(self.FOUND[0])]
        assert judge(self.FOUND, {"src/kvit/nowhere/clock.py::other": "why"}) == [str(self.FOUND[0])]

    def test_that_covers_nothing_any_more_has_to_go(self) -> None:
        (wrong,) = judge((), {"src/kvit/base/clock.py": "why"})
        assert "take it off the list" in wrong


class TestAModule:
    def test_resolves_names_through_imports_aliases_and_relative_imports(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            {
                "src/kvit/ledger/commands/posting.py": """
                    import datetime as dt
                    from time import time as clock
                    from ..domain import Posting
                    from . import accounts
                    a = dt.datetime.now
                    b = clock
                    c = Posting
                    d = accounts.open
                """,
            },
        )
        module = next(m for m in modules(tmp_path) if m.name.endswith("posting"))
        values = [module.dotted(statement.value) for statement in module.tree.body if hasattr(statement, "value")]
        assert values == [
            "datetime.datetime.now",
            "time.time",
            "kvit.ledger.domain.Posting",
            "kvit.ledger.commands.accounts.open",
        ]
