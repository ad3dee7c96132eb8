"""The arrows of pyproject.toml hold, and import-linter reports each kind of arrow that does not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from architecture.layers import INSIDE_CHECKED, KINDS, LAYERS
from architecture.planted import plant
from architecture.source import REPOSITORY

DOWN = "Contexts point downwards only"
INSIDE = "Inside a context"
PLAIN_DATA = "Adapters see plain data, never tables"
PURE = "Pure code knows no Django, no network, no clock and no chance"
CIRCLES = "No circles anywhere"
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"


def broken(root: Path) -> set[str]:
    """The contracts of pyproject.toml in `root` that the tree below `root/src` breaks."""
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if line.endswith(" BROKEN")}
    if (done.returncode == 0) != (not found) or f" {len(found)} broken." not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with every context and kind that the contracts name, in which nothing imports anything."""
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    named = [f"src/kvit/{name}/__init__.py" for row in LAYERS.rows for name in row]
    kinds = [f"src/kvit/{name}/{kind}.py" for name in INSIDE_CHECKED for kind in KINDS - {"templates"}]
    return plant(tmp_path, dict.fromkeys(named + kinds, ""))


class TestTheArrows:
    def test_hold_in_the_real_tree(self) -> None:
        assert broken(REPOSITORY) == set()

    def test_hold_in_a_tree_without_imports(self, tree: Path) -> None:
        assert broken(tree) == set()

    @pytest.mark.parametrize(
        ("path", "statement", "contract"),
        [
            ("ledger/queries.py", "import kvit.matching.queries", DOWN),
            ("kernel/money.py", "from kvit.base import clock", DOWN),
            ("invoicing/queries.py", "from kvit.banking import queries", DOWN),
            ("parties/commands.py", "def f():\n    from kvit.ledger import commands", DOWN),
            ("reporting/__init__.py", "", DOWN),
            ("ledger/queries.py", "from kvit.ledger import commands", INSIDE),
            ("ledger/commands.py", "from kvit.ledger import adapters", INSIDE),
            ("ledger/adapters.py", "from kvit.ledger import commands", INSIDE),
            ("ledger/models.py", "from kvit.ledger import queries", INSIDE),
            ("ledger/signals.py", "", INSIDE),
            ("ledger/adapters.py", "from kvit.ledger import models", PLAIN_DATA),
            ("ledger/adapters.py", "from kvit.parties import queries", PLAIN_DATA),
            ("ledger/domain.py", "from django.db import models", PURE),
            ("ledger/events.py", "import secrets", PURE),
            ("kernel/money.py", "import time", PURE),
            ("formats/bank.py", "def f():\n    import httpx", PURE),
        ],
    )
    def test_are_reported_when_planted(self, path: str, statement: str, contract: str, tree: Path) -> None:
        plant(tree, {f"src/kvit/{path}": statement, "src/kvit/base/clock.py": ""})
        assert broken(tree) == {contract}

    def test_in_a_circle_are_reported(self, tree: Path) -> None:
        plant(tree, {"src/kvit/base/a.py": "from kvit.base import b", "src/kvit/base/b.py": "from kvit.base import a"})
        assert broken(tree) == {CIRCLES}

    def test_by_a_detour_are_reported(self, tree: Path) -> None:
        plant(tree, {"src/kvit/formats/bank.py": "from kvit.kernel import a", "src/kvit/kernel/a.py": "import socket"})
        assert broken(tree) == {PURE}
