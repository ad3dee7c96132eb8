"""A queue that holds a test's own jobs only."""

import pytest

from kvit.base import rows


@pytest.fixture
def own_queue(live: None) -> None:
    """What earlier tests left to the worker is not done: it is other companies', and a worker does all."""
    rows.run("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo'")
