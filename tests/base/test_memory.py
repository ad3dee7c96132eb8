"""What is mapped of a file and was needed once."""

import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kvit.base import memory

pytestmark = pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux says what lies where")

CONTENT = bytes(range(256)) * 4096


@pytest.fixture
def mapped() -> Iterator[tuple[str, mmap.mmap]]:
    """A file that nobody else has mapped, where the libraries lie, and all of it read."""
    with TemporaryDirectory(dir=sys.prefix) as folder:
        path = Path(folder, "libwide-1.so")
        with path.open("wb") as file:
            file.write(CONTENT)
            os.fsync(file.fileno())  # what is not on disk yet cannot come back from there
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ) as held:
            assert held[:] == CONTENT
            yield str(path), held


def is_known() -> bool:
    """Whether this system knows the advice; asked of memory of one's own."""
    with mmap.mmap(-1, mmap.PAGESIZE) as own:
        try:
            own.madvise(memory.PAGEOUT)
        except OSError:
            return False
    return True


def kilobytes_held(path: str) -> int:
    after = Path("/proc/self/smaps").read_text().split(path, 1)[1]
    return next(int(line.split()[1]) for line in after.splitlines() if line.startswith("Rss:"))


class TestPagingOut:
    def test_lets_go_of_what_is_there_again_when_it_is_read(self, mapped: tuple[str, mmap.mmap]) -> None:
        path, held = mapped
        assert kilobytes_held(path) == len(CONTENT) // 1024
        done = memory.page_out("libwide")
        assert done == (len(CONTENT) if is_known() else 0)
        assert kilobytes_held(path) < (len(CONTENT) - done / 2) / 1024 + 1
        assert held[:] == CONTENT

    def test_of_another_leaves_it(self, mapped: tuple[str, mmap.mmap]) -> None:
        assert memory.page_out("libnarrow") == 0
        assert kilobytes_held(mapped[0]) == len(CONTENT) // 1024
