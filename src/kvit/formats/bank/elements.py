"""Walks an XML file in bounded memory and hands over each wanted element as a small tree.

Expat rather than a tree of the file, for the reasons that `bank.camt.walk` gives: a DTD is refused at its first
word, memory does not grow with the file, the place of a cut is known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from kvit.formats.bank.fields import shown
from kvit.formats.bank.pieces import Stopped

MAX_DEPTH: Final = 64
MAX_TEXT: Final = 100_000
MAX_TOKEN: Final = 1 << 20
MAX_NODES: Final = 20_000  # in one wanted element
MAX_OUTSIDE: Final = 100_000  # elements in a row that nobody wants
_FEED: Final = 1 << 14


@dataclass(slots=True)
class Element:
    """An element without its namespace: local name, attributes, text (blanks stripped), children, first line.

    `around` is the wanted element it stands in, as far as that was read, for an element handed over by itself.
    """

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)
    around: "Element | None" = None

    def find(self, path: str) -> "Element | None":
        """The first element at a path of local names ("Refs/TxId")."""
        found: Element | None = self
        for name in path.split("/"):
            found = next((child for child in found.children if child.name == name), None) if found else None
        return found

    def all(self, name: str) -> list["Element"]:
        """The children of this name."""
        return [child for child in self.children if child.name == name]

    def value(self, *paths: str) -> str:
        """The text at the first of these paths that has one; "" for none."""
        for path in paths:
            if (found := self.find(path)) is not None and found.text:
                return found.text
        return ""


def walk(data: Iterable[bytes], wanted: frozenset[str]) -> Iterator[Element]:
    """Every element whose local name is wanted, as soon as it is complete; one inside another comes before it and
    is no child of it.

    Refuses Stopped with the place: not well-formed, a DTD, too deep, a text or tag too long, too much in one
    element, or what `data` refuses.
    """
    walker = _Walker(wanted)
    for piece in data:
        for begin in range(0, len(piece), _FEED):
            yield from walker.feed(piece[begin : begin + _FEED], last=False)
    yield from walker.feed(b"", last=True)


class _Walker:
    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._counts: list[int] = []
        self._done: list[Element] = []
        self._depth = self._nodes = self._outside = self._fed = self._length = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._take
        parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes, *, last: bool) -> Iterator[Element]:
        self._fed += len(data)
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            yield from self._taken()
            raise self._stopped(
                f"the file is cut off or not well-formed XML: {expat.ErrorString(error.code)}"
            ) from None
        except (LookupError, ValueError) as error:
            raise self._stopped(f"the declared encoding cannot be read: {shown(str(error))}") from None
        yield from self._taken()
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise self._stopped(f"a single tag or attribute is larger than {MAX_TOKEN} bytes")

    def _taken(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def _stopped(self, reason: str) -> Stopped:
        return Stopped(f"{reason} (line {self._parser.CurrentLineNumber})")

    def _doctype(self, *_: object) -> None:
        raise self._stopped("the file has a DTD (DOCTYPE), which no such file has; it is refused")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._stopped(f"elements are nested more than {MAX_DEPTH} deep")
        local = name.rpartition(":")[2]
        if not self._open and local not in self._wanted:
            self._outside += 1
            if self._outside > MAX_OUTSIDE:
                raise self._stopped(f"more than {MAX_OUTSIDE} elements follow each other that no such file has")
            return
        self._outside = 0
        self._counts.append(self._nodes)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._stopped(f"an element holds more than {MAX_NODES} others")
        element = Element(local, self._parser.CurrentLineNumber, attributes)
        if local in self._wanted:
            element.around = self._open[-1] if self._open else None
        else:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])
        self._length = 0

    def _end(self, _: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        element, before = self._open.pop(), self._counts.pop()
        element.text = "".join(self._texts.pop()).strip()
        if element.name in self._wanted:
            self._nodes = before
            self._done.append(element)

    def _take(self, text: str) -> None:
        if self._open:
            self._length += len(text)
            if self._length > MAX_TEXT:
                raise self._stopped(f"a single text is longer than {MAX_TEXT} characters")
            self._texts[-1].append(text)
