"""Looks ahead in the bytes of a camt file for whole entries whose skeleton is known, to spare the walk over them.

In well-formed XML the bytes "<Ntry>" are an entry's start wherever they stand, but in a comment, a CDATA section
or a processing instruction; so from the first "<!" or "<?" behind the declaration on, nothing is looked for. An
entry is well-formed when its skeleton is, which expat has seen, and its texts are UTF-8 without "<", "&", "]]>"
and the characters XML does not have (XML 1.0, 2.2 and 2.4).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank.camt.skeleton import MAX_ENTRY, Fields, Plans

_NO_CHARACTERS: Final = bytes(c for c in range(32) if c not in b"\t\n\r")
_BLANK: Final = re.compile(rb"[ \t\r\n]*")
_MANY: Final = 64  # entries handed over together
_MAX_MISSES: Final = 50  # entries in a row without a plan before it is given up


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes of whole entries with what stands between them, and the fields of each."""

    data: bytes
    entries: list[Fields]


class Ahead:
    """Holds bytes that the parser has not seen. `is_used` turns False for good where looking ahead is unsafe."""

    def __init__(self, walk: Callable[[str], Fields | None]) -> None:
        self.is_used = True
        self.is_waiting = False
        self._held = b""
        self._before = self._last = b""
        self._is_started = False
        self._misses = 0
        self._rough = 0  # so many bytes of what is held may hold what is not plain
        self._plans = Plans(walk)
        self._name = ""

    def hold(self, data: bytes) -> None:
        """Take in more bytes."""
        self._held += data
        seen = self._before + data
        if not _is_plain(seen):
            self._rough = len(self._held)
        self._before = seen[-2:]

    def rest(self) -> bytes:
        """All that is held."""
        return self._walked(len(self._held))

    def step(self, name: str) -> bytes:
        """What is to be walked next: up to the end of the next entry, or all."""
        close = b"</%b>" % name.encode()
        found = self._held.find(close)
        return self._walked(len(self._held) if found < 0 else found + len(close))

    def _walked(self, end: int) -> bytes:
        """The bytes held up to `end`, which the walk takes; entries handed over hold no "<!" and no "<?"."""
        step, self._held = self._held[:end], self._held[end:]
        self._rough -= end
        seen = self._last + step
        if not self._is_started and seen.startswith(b"<?xml"):
            seen = seen[5:]
        if b"<!" in seen or (b"<?" in seen and (self._is_started or not b"<?xml".startswith(seen[:5]))):
            self.is_used = False
        self._is_started = self._is_started or len(seen) > 1
        self._last = step[-1:]
        return step

    def entries(self, name: str) -> Block | None:
        """The entries at the beginning of what is held that have a plan; None where the first has none.

        `is_waiting` says that the first is not whole yet.
        """
        opening, close = b"<%b>" % name.encode(), b"</%b>" % name.encode()
        held = self._held
        self.is_waiting = False
        found, at = self._run(name, held, close)
        while len(found) < _MANY:
            blank = _BLANK.match(held, at)
            start = blank.end() if blank else at
            if not held.startswith(opening, start):
                self.is_waiting = not found and opening.startswith(held[start:]) and len(held) < MAX_ENTRY
                break
            last = held.find(close, start)
            if last < 0:
                self.is_waiting = not found and len(held) - start < MAX_ENTRY
                break
            end = last + len(close)
            fields = self._fields(held[start:end])
            if fields is None:
                break
            found.append(fields)
            at = end
        if not found:
            return None
        self._held, self._last = held[at:], b""
        self._rough -= at
        return Block(held[:at], found)

    def _run(self, name: str, held: bytes, close: bytes) -> tuple[list[Fields], int]:
        """The first entries if they have the form of the last one, and where they end; the rest goes one by one."""
        if name != self._name:
            self._name, self._plans.last = name, None
        end = held.rfind(close) + len(close)
        if self._plans.last is None or end < len(close):
            return [], 0
        whole = held[:end]
        if b"\r" in whole or (self._rough > 0 and not _is_plain(whole)):
            return [], 0
        try:
            text = whole.decode("utf-8")
        except UnicodeDecodeError:
            return [], 0
        found, done = self._plans.run(text)
        self._misses = 0 if found else self._misses
        return found, end if done == len(text) else len(text[:done].encode())

    def _fields(self, entry: bytes) -> Fields | None:
        fields = None
        if len(entry) < MAX_ENTRY and (self._rough <= 0 or _is_plain(entry)):
            try:
                text = entry.decode("utf-8")
            except UnicodeDecodeError:
                return None
            if "\r" in text:  # as XML has it, 2.11
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            fields = self._plans.fields(text)
        self._misses = 0 if fields is not None else self._misses + 1
        if self._misses > _MAX_MISSES:
            self.is_used = False
        return fields


def _is_plain(entry: bytes) -> bool:
    """Whether nothing stands in the bytes that XML does not have or that stands for something else in a text."""
    if b"&" in entry or b"]]>" in entry or b"\xef\xbf" in entry:
        return False
    return len(entry.translate(None, _NO_CHARACTERS)) == len(entry)
