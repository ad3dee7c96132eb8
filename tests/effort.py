"""How much work something is: processor time, told in seconds of a machine of usual speed."""

import time
from collections.abc import Callable

# What the yardstick takes where nothing else slows the machine down; only longer times count, never shorter ones.
USUAL_SECONDS = 0.06
TRIES = 3


def seconds_of_work(act: Callable[[], object], *, enough: float) -> float:
    """Processor time of `act`, in seconds, the least of three tries; the first below `enough` ends it.

    Each try is compared with a yardstick before and behind it: what a machine takes longer for because other
    work stands in its way is not the work of `act`. A figure in seconds that a user is promised is measured
    under benchmarks/; this is for tests that tell work that is bounded from work that runs away.
    """
    least = float("inf")
    before = yardstick()
    for _ in range(TRIES):
        spent = _spent(act)
        behind = yardstick()
        least = min(least, spent / max(1.0, (before + behind) / 2 / USUAL_SECONDS))
        if least < enough:
            break
        before = behind
    return least


def yardstick() -> float:
    """Processor time of a piece of work that never changes, much like a reader's: texts, tuples, a dictionary."""
    return _spent(_piece)


def _piece() -> None:
    kept = {}
    for number in range(100_000):
        kept[str(number)] = (number, [number])


def _spent(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began
