"""The engine before the first payment: everything that a payment needs is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(600)  # the first run compiles

TESTS = Path(__file__).parents[2]
# In a process of its own: in this one other tests have matched before.
SCRIPT = """
import sys
from kvit.matching.domain import warming
if sys.argv[1] == "warmed":
    warming.warm()

def loaded():
    modules = [m for name, m in sys.modules.items() if name.startswith("kvit.matching.domain.engine")]
    functions = {id(f): f for m in modules for f in vars(m).values() if hasattr(f, "signatures")}
    return sum(len(f.signatures) for f in functions.values())

from kvit.matching.domain.engine import match
from kvit.matching.domain.shipped_prior import shipped_prior
from open_items import Payment, index_of, payments_of, town
before = loaded()
items, customers = town()
match(index_of(items, customers, None), payments_of([Payment(1, 500, "123456")]), prior=shipped_prior())
print(loaded() - before)
"""


def loaded_by_the_first_payment(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in [str(TESTS), *sys.path] if path)},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


class TestWarming:
    def test_leaves_nothing_to_load_for_the_first_payment(self) -> None:
        assert loaded_by_the_first_payment("warmed") == 0

    def test_is_what_spares_the_first_payment_from_it(self) -> None:
        """Planted fault: nobody made the engine ready."""
        assert loaded_by_the_first_payment("cold") > 0
