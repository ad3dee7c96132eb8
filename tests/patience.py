"""How long tests wait for what must come: so long that a busy machine makes none of them red.

What users are promised in seconds is measured under benchmarks/ and asserted nowhere here
(tests/architecture/test_wall_time.py).
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

SECONDS = 120
MS = SECONDS * 1000


def until(condition: Callable[[], object], *, seconds: float = SECONDS, every_seconds: float = 0.05) -> bool:
    """Whether the condition came to hold; asked again and again until it does or the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every_seconds)
    return True


class Meeting:
    """Where threads that race wait for each other, so that a planted fault shows however slow they are.

    What keeps them apart, as a lock does, ends the waiting after a moment for all of them.
    """

    def __init__(self, count: int) -> None:
        self._barrier = threading.Barrier(count, timeout=1)

    def wait(self) -> None:
        """Until all are here, or a second has passed for the first of them."""
        with suppress(threading.BrokenBarrierError):
            self._barrier.wait()
