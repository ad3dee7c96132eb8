"""A receiver on this machine for each test."""

from collections.abc import Iterator

import pytest

from http_receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server
