"""What the world decides, it decides without a database, a clock or a network: only from a seed."""

import subprocess
import sys

import pytest

DECIDING = (
    *("bank_days", "bank_files", "billing", "bills", "chance", "companies", "habits", "names", "partners", "people"),
    *("slips", "wording"),
)
BEYOND = ("django", "psycopg", "procrastinate", "httpx", "kvit.base")
PURE = frozenset({"kvit.base", "kvit.base.codec"})
"""The package itself holds nothing, and the codec turns values into JSON, as pure modules of every context do."""


def loaded_with(module: str) -> set[str]:
    """What of the world outside is loaded, directly or by a detour, once a module is imported."""
    code = f"import sys, kvit.world.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = set(done.stdout.split()) - PURE
    return {found for found in BEYOND if any(name == found or name.startswith(f"{found}.") for name in names)}


class TestADecidingModule:
    @pytest.mark.parametrize("module", DECIDING)
    def test_loads_nothing_that_knows_a_database_a_clock_or_a_network(self, module: str) -> None:
        assert loaded_with(module) == set()

    def test_would_be_found_out(self) -> None:
        """Planted fault: a module that plays through the books, taken for one that decides."""
        assert {"django", "kvit.base"} <= loaded_with("queries")
