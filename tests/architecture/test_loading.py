"""What every process loads when it starts: no library that only some of the work needs."""

import os
import subprocess
import sys

HEAVY = ("PIL", "llvmlite", "numba", "numpy", "openpyxl", "pyarrow", "typst")
"""Each weighs megabytes in every process of web and workers; whoever needs it loads it (docs/decisions/0021)."""
SCRIPT = """
import sys
import django
django.setup()
import kvit.urls
from kvit.base import job
{more}
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def loaded(more: str = "") -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT.format(more=more), *HEAVY],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


class TestStarting:
    def test_loads_nothing_heavy(self) -> None:
        assert loaded() == []

    def test_that_loads_them_is_seen(self) -> None:
        """The planted fault, for each of them."""
        assert loaded(f"import {', '.join(HEAVY)}") == list(HEAVY)
