"""Each rule of where things may stand turns red on a planted fault."""

from pathlib import Path

import pytest

from architecture import layout
from architecture.layers import CONTEXTS, INSIDE_CHECKED, KINDS
from architecture.planted import plant


class TestAContext:
    def test_consists_of_the_known_kinds_only(self, tmp_path: Path) -> None:
        for kind in KINDS - {"templates", "migrations"}:
            plant(tmp_path, {f"src/kvit/ledger/{kind}.py": "", f"src/kvit/parties/{kind}/inner.py": ""})
        assert layout.strange_files(tmp_path) == []

    @pytest.mark.parametrize("name", ["api.py", "signals.py", "forms/fields.py", "tables.csv", "models.sql"])
    def test_may_not_have(self, name: str, tmp_path: Path) -> None:
        plant(tmp_path, {f"src/kvit/ledger/{name}": ""})
        assert [f.name for f in layout.strange_files(tmp_path)] == [name.split("/")[0]]

    def test_is_looked_into_by_import_linter(self, tmp_path: Path) -> None:
        missing = sorted(CONTEXTS - INSIDE_CHECKED)[0]
        plant(tmp_path, {"src/kvit/ledger/models.py": "", f"src/kvit/{missing}/models.py": ""})
        assert [f.name for f in layout.contexts_not_looked_into(tmp_path)] == [missing]

    @pytest.mark.parametrize(
        "statement",
        [
            "from kvit.parties import models",
            "from kvit.parties.models import Party",
            "import kvit.parties.models",
            "def f():\n    from kvit.parties.adapters.post import send",
            "from kvit.parties.jobs import chase",
            "from kvit.parties.migrations import x",
        ],
    )
    def test_keeps_to_itself(self, statement: str, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/ledger/queries.py": statement})
        assert len(layout.foreign_kinds(tmp_path)) == 1

    def test_shows_commands_queries_events_and_domain(self, tmp_path: Path) -> None:
        shown = """
            from kvit.parties import commands, queries
            from kvit.parties.events import PartyAdded
            import kvit.parties.domain.names
            from kvit.ledger import models
            from kvit.base.models import OfTenant
        """
        plant(tmp_path, {"src/kvit/ledger/queries.py": shown, "src/kvit/worker.py": "from kvit.parties import jobs\n"})
        assert layout.foreign_kinds(tmp_path) == []


class TestTheWorld:
    def test_is_seen_by_the_command_line_only(self, tmp_path: Path) -> None:
        for path in ("cli/main.py", "world/people.py", "worker.py", "flows/a.py"):
            plant(tmp_path, {f"src/kvit/{path}": "def f():\n    from kvit.world import people\n"})
        assert [f.path for f in layout.visitors_of_the_world(tmp_path)] == ["src/kvit/flows/a.py", "src/kvit/worker.py"]


class TestAName:
    @pytest.mark.parametrize(
        "path", ["src/kvit/base/utils.py", "src/kvit/helpers/a.py", "tests/common.py", "src/kvit/ledger/services.py"]
    )
    def test_says_something(self, path: str, tmp_path: Path) -> None:
        plant(tmp_path, {path: "", "src/kvit/base/money.py": ""})
        assert len(layout.names_of_nothing(tmp_path)) == 1


class TestAModule:
    def test_opens_with_a_sentence(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            {
                "src/kvit/good.py": '"""What it is for."""\n',
                "src/kvit/empty.py": '"""\n"""\n',
                "src/kvit/none.py": "x = 1\n",
                "tests/test_none.py": "x = 1\n",
                "src/kvit/base/migrations/0001_initial.py": "x = 1\n",
            },
        )
        assert [f.path for f in layout.modules_without_opening(tmp_path)] == [
            "src/kvit/empty.py",
            "src/kvit/none.py",
            "tests/test_none.py",
        ]

    def test_says_of_everything_public_what_it_is(self, tmp_path: Path) -> None:
        text = '''
            """Opens."""
            def said():
                """Says."""
                def inner(): ...
            def _private(): ...
            def unsaid(): ...
            async def unsaid_too(): ...
            class Unsaid: ...
        '''
        plant(tmp_path, {"src/kvit/a.py": text})
        assert [f.name for f in layout.names_without_words(tmp_path)] == ["unsaid", "unsaid_too", "Unsaid"]
