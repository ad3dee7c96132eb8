"""Lines of a text file from pieces of bytes: numbered, without their ends, in the code page its content tells."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from kvit.formats import encoding
from kvit.formats.bank.pieces import Stopped

LOOK_AHEAD: Final = 1 << 20
MAX_LINE: Final = 10_000


def texts(data: Iterable[bytes], *, candidates: Sequence[str] = encoding.BANK) -> Iterator[tuple[int, str]]:
    """Lines with their numbers from 1, for Windows, Unix and old Macintosh line ends, BOM or not.

    The code page is guessed from the first MiB, and again while all before was ASCII. A byte that has no
    character in it becomes U+FFFD. Refuses Stopped for a line of absurd length or what `data` refuses.
    """
    number = 0
    for text in _decoded(_whole_lines(data), candidates):
        lines = text.split("\n")
        lines.pop()
        for line in lines:
            number += 1
            yield number, line


def _decoded(blocks: Iterator[bytes], candidates: Sequence[str]) -> Iterator[str]:
    ahead: list[bytes] = []
    refusal: Stopped | None = None
    try:
        size = 0
        for block in blocks:
            ahead.append(block)
            size += len(block)
            if size >= LOOK_AHEAD:
                break
    except Stopped as stopped:  # what was read before is still handed over
        refusal = stopped
    known = _settled(b"".join(ahead), candidates)
    is_first = True
    for block in chain(ahead, blocks):
        known = known or _settled(block, candidates)
        text = block.decode(known or "ascii", errors="replace")
        yield text.removeprefix("\ufeff") if is_first else text
        is_first = False
    if refusal is not None:
        raise refusal


def _settled(data: bytes, candidates: Sequence[str]) -> str:
    """The code page, or "" as long as ASCII leaves it open."""
    return "" if data.isascii() else encoding.guess(data, candidates).removesuffix("-sig")


def _whole_lines(data: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks that end with a line, all line ends as one newline; control-Z and NUL after the last line are dropped."""
    rest = b""
    for piece in data:
        rest += piece
        cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
        block, rest = rest[:cut], rest[cut:]
        if block:
            yield _one_end(block)
        if len(rest) > MAX_LINE:
            raise Stopped(f"a line is longer than {MAX_LINE} bytes")
    if rest := rest.rstrip(b"\x1a\x00"):
        yield _one_end(rest).removesuffix(b"\n") + b"\n"


def _one_end(block: bytes) -> bytes:
    if b"\r" not in block:
        return block
    return block.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
