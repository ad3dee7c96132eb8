"""Workers that share the tests must find the same ones: no name of a test holds what differs from run to run."""

import ast
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).parents[1] / "conftest.py"
HOOK = "pytest_make_parametrize_id"
OF_NOW = """
import time
import pytest

@pytest.mark.parametrize("data", [time.time_ns().to_bytes(8, "big")])
def test_something(data: bytes) -> None: ...
"""


def hook() -> str:
    """The hook of our own conftest, without what it starts."""
    source = CONFTEST.read_text()
    (found,) = [one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef) and one.name == HOOK]
    return ast.get_source_segment(source, found) or ""


def collected(folder: Path) -> str:
    """The names that a process of its own finds there now."""
    words = ["-m", "pytest", "--collect-only", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:django"]
    done = subprocess.run(
        [sys.executable, *words, "-c", "/dev/null", f"--rootdir={folder}", str(folder)],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    return done.stdout.splitlines()[0]


class TestBytesAmongParameters:
    def test_made_at_collection_leave_a_test_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "test_of_now.py").write_text(OF_NOW)
        (tmp_path / "conftest.py").write_text(hook())
        assert collected(tmp_path) == collected(tmp_path) == "test_of_now.py::test_something[data]"

    def test_would_name_it_anew_each_time_without_the_hook(self, tmp_path: Path) -> None:
        """Planted fault."""
        (tmp_path / "test_of_now.py").write_text(OF_NOW)
        assert collected(tmp_path) != collected(tmp_path)
