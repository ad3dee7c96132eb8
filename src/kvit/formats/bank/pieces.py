"""A file from outside, taken in pieces and under a size cap, before any format is looked at."""

import io
from collections.abc import Iterator
from typing import BinaryIO, ClassVar, Final

from kvit.kernel.refusals import DomainError

PIECE: Final = 1 << 16
MAX_BYTES: Final = 200_000_000
MAX_PROBLEMS: Final = 10_000  # a file with more is not worth reading on; it also bounds what `read` collects


class Stopped(DomainError):
    """Reading cannot go on from here; what was handed over before stands."""

    code: ClassVar[str] = "reading_stopped"


class TooLarge(Stopped):
    """The file is larger than the cap; nothing beyond the cap was taken in."""

    code: ClassVar[str] = "file_too_large"


def pieces(source: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """The bytes of `source` from where it stands, in pieces of 64 KiB.

    Refuses TooLarge before the first piece where the size can be known, else when the cap is passed.
    """
    if _size(source) > max_bytes:
        raise TooLarge(f"the file is larger than {max_bytes} bytes")
    taken = 0
    while piece := source.read(PIECE):
        taken += len(piece)
        if taken > max_bytes:
            raise TooLarge(f"the file is larger than {max_bytes} bytes")
        yield piece


def _size(source: BinaryIO) -> int:
    """Bytes from here to the end; 0 where the source cannot tell."""
    if not source.seekable():
        return 0
    here = source.tell()
    end = source.seek(0, io.SEEK_END)
    source.seek(here)
    return end - here
