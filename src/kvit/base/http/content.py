"""The content of an answer, unpacked under a limit: a packed kilobyte may hold a gigabyte."""

import zlib
from collections.abc import Iterable

from kvit.base.http.refusals import TooLarge, Unreadable

# RFC 9110, 8.4.1. `deflate` is zlib's format, but some servers send the bare one.
WINDOWS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def read(parts: Iterable[bytes], *, coding: str, max_bytes: int) -> bytes:
    """The unpacked content. `coding` is the Content-Encoding header. Refuses TooLarge, Unreadable."""
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return _collect(parts, max_bytes)
    if coding not in WINDOWS:
        raise Unreadable(f"The answer is packed as {coding[:50]!r}, which was not asked for", maybe_received=True)
    return _collect(_unpack(parts, WINDOWS[coding], max_bytes), max_bytes)


def _collect(parts: Iterable[bytes], max_bytes: int) -> bytes:
    collected = bytearray()
    for part in parts:
        collected += part
        if len(collected) > max_bytes:
            raise TooLarge(f"The answer is larger than {max_bytes} bytes", maybe_received=True)
    return bytes(collected)


def _unpack(parts: Iterable[bytes], window: int, max_bytes: int) -> Iterable[bytes]:
    unpacker = zlib.decompressobj(window)
    begun = False
    for part in parts:
        begun = True
        rest = part
        while rest and not unpacker.eof:
            try:
                # One byte more than allowed is enough to know, and never is more than that in memory.
                piece = unpacker.decompress(rest, max_bytes + 1)
            except zlib.error as problem:
                raise Unreadable(f"The answer's packing is damaged: {problem}", maybe_received=True) from problem
            yield piece
            rest = unpacker.unconsumed_tail
    if begun and not unpacker.eof:  # an empty answer may be labelled as packed
        raise Unreadable("The answer's packing breaks off", maybe_received=True)
