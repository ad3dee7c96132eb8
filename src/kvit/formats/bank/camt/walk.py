"""Walks a camt file with expat in bounded memory and hands over each finished group of fields.

Expat rather than a tree: nothing is kept but the texts that `shape` names, so junk of any size costs no
memory; a DTD is refused at its first word, before any entity exists; the place of a cut is known to the byte.
There is no network, entity or huge tree to switch off. `python -m benchmarks reading` prints its rate beside a
bare expat pass and lxml's iterparse.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from xml.parsers import expat

from kvit.formats.bank.camt import shape
from kvit.formats.bank.camt.ahead import Ahead, Block
from kvit.formats.bank.camt.shape import Shape
from kvit.formats.bank.fields import shown
from kvit.formats.bank.pieces import Stopped

# A group's fields by key: a text, a list of texts where an element may repeat, a list of Fields for a group
# inside. "twice" names a key that came again with another text; "overfull" is set where something is left out.
Fields = dict[str, Any]

MAX_DEPTH: Final = 64
MAX_OUTSIDE: Final = 10_000
MAX_UNKNOWN: Final = 100_000  # between two known groups
MAX_TEXT: Final = 100_000
MAX_TOKEN: Final = 1 << 20
MAX_BALANCES: Final = 1_000
MAX_ENTRY_COST: Final = 100_000_000  # an estimate in bytes of memory; about 60 000 payments in one batch
_TEXT_COST: Final = 64
_GROUP_COST: Final = 250
_MAX_PREFIX: Final = 64
_FEED: Final = 1 << 14

_HANDED_OVER: Final = frozenset({"message", "statement", "entry"})


class Walk:
    """One pass over one file.

    `opened(group, name, fields)`, with the element's name and fields that fill up as the walk goes on, and
    `closed(group, fields)` are called for "message", "statement" and "entry"; "balances", "details" and
    "structured" are kept as lists in the group around them. `strange(name)` is
    called for an element that is not known where everything should be, and for an entry in a wrong place.
    Refuses Stopped from `feed`.
    """

    def __init__(
        self,
        *,
        opened: Callable[[str, str, Fields], None],
        closed: Callable[[str, Fields], None],
        strange: Callable[[str], None],
        plans: bool = True,
    ) -> None:
        self._opened, self._closed, self._strange = opened, closed, strange
        self._shape = shape.DOCUMENT
        self._prefix = ""
        self._skipped_depth = self._outside = self._unknown = 0
        self._fields: Fields = {}
        self._outer: list[Fields] = []
        self._texts: list[str] = []
        self._take_text = self._texts.append
        self._currency = ""
        self._cost = self._fed = self._spared = self._spared_lines = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declared
        self._ahead = Ahead(self._planned) if plans else None

    def feed(self, pieces: Iterable[bytes]) -> Iterator[None]:
        """Walk over the pieces; yields after each, so that the caller can pass on what was handed over."""
        for piece in pieces:
            for begin in range(0, len(piece), _FEED):
                data = piece[begin : begin + _FEED]
                if self._ahead is None:
                    self._parse(data, last=False)
                else:
                    self._go_on(self._ahead, data)
                yield
        self._parse(self._ahead.rest() if self._ahead is not None else b"", last=True)
        yield

    def where(self) -> str:
        """The place in the file reached so far."""
        line = self._parser.CurrentLineNumber + self._spared_lines
        byte = max(self._parser.CurrentByteIndex, 0) + self._spared
        return f"line {line}, byte {byte}"

    def _parse(self, data: bytes, *, last: bool) -> None:
        self._fed += len(data)
        self._cost += len(data)
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise Stopped(f"the file is cut off or not well-formed XML: {what}") from None
        except (LookupError, ValueError) as error:  # from Python's codecs, for the declared encoding
            raise Stopped(f"the declared encoding cannot be read: {shown(str(error))}") from None
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            raise Stopped(f"a single tag or attribute is larger than {MAX_TOKEN} bytes")
        if self._unknown > MAX_UNKNOWN:
            raise Stopped(f"more than {MAX_UNKNOWN} elements follow each other that no camt file has")
        if len(self._texts) > 1 and sum(map(len, self._texts)) > MAX_TEXT:
            raise Stopped(f"a single text is longer than {MAX_TEXT} characters")

    def _go_on(self, ahead: Ahead, data: bytes) -> None:
        """Take entries that look like ones before from `ahead`, and walk over what stands between them."""
        ahead.hold(data)
        while ahead.is_used:
            if self._shape.group == "statement" and not self._skipped_depth:
                if block := ahead.entries(f"{self._prefix}Ntry"):
                    self._hand_over(block)
                    continue
                if ahead.is_waiting:
                    return
            step = ahead.step(f"{self._prefix}Ntry")
            if not step:
                return
            self._parse(step, last=False)
        self._parse(ahead.rest(), last=False)

    def _hand_over(self, block: Block) -> None:
        """Give the entries of a block; expat does not see them, so their bytes and lines are counted here."""
        self._spared += len(block.data)
        self._spared_lines += block.data.count(b"\n")
        if b"\r" in block.data:  # which ends a line by itself, but not before a newline
            self._spared_lines += block.data.count(b"\r") - block.data.count(b"\r\n")
        self._unknown = self._cost = 0
        for fields in block.entries:
            self._opened("entry", "Ntry", fields)
            self._closed("entry", fields)

    def _planned(self, marked: str) -> Fields | None:
        """The fields a walk over one entry gives; None where it gives anything else."""
        found: list[Fields] = []
        strange: list[str] = []
        walk = Walk(
            opened=lambda *_: None,
            closed=lambda group, fields: found.append(fields) if group == "entry" else None,
            strange=strange.append,
            plans=False,
        )
        message, statement = f"{self._prefix}BkToCstmrStmt", f"{self._prefix}Stmt"
        whole = f"<{message}><{statement}>{marked}</{statement}></{message}>"
        try:
            for _ in walk.feed([whole.encode()]):
                pass
        except Stopped:
            return None
        return found[0] if len(found) == 1 and not strange else None

    def _declared(self, _: str, encoding: str | None, __: int) -> None:
        if self._ahead is not None and (encoding or "utf-8").casefold() not in ("utf-8", "us-ascii"):
            self._ahead.is_used = False

    def _doctype(self, *_: object) -> None:
        raise Stopped("the file has a DTD (DOCTYPE), which no bank statement has; it is refused")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        found = self._shape.get(name)
        if found is None:
            found = self._unlisted(name)
            if found is None:
                return
        self._shape = found
        if found.key:
            self._parser.CharacterDataHandler = self._take_text
            if found.amount:
                self._currency = attributes.get("Ccy", "")
        elif found.group:
            self._open(found.group, name)

    def _end(self, name: str) -> None:
        ended = self._shape
        self._shape = ended.around
        key = ended.key
        if key:
            self._parser.CharacterDataHandler = None
            texts = self._texts
            text = texts.pop() if len(texts) == 1 else self._whole_text()
            text = text.strip()
            if not text:
                return
            if ended.amount:
                text = f"{self._currency} {text}"
            if ended.many:
                self._keep_one_more(key, text)
            elif self._fields.setdefault(key, text) != text:
                self._fields["twice"] = key
        elif ended.group:
            self._close(ended.group)

    def _whole_text(self) -> str:
        text = "".join(self._texts)
        self._texts.clear()
        return text

    def _keep_one_more(self, key: str, text: str) -> None:
        self._cost += _TEXT_COST
        if self._cost < MAX_ENTRY_COST:
            self._fields.setdefault(key, []).append(text)

    def _open(self, group: str, name: str) -> None:
        self._outer.append(self._fields)
        self._fields = {}
        self._unknown = 0
        if group in _HANDED_OVER:
            self._cost = 0
            self._opened(group, name.rpartition(":")[2], self._fields)

    def _close(self, group: str) -> None:
        fields = self._fields
        around = self._fields = self._outer.pop()
        if group in _HANDED_OVER:
            if self._cost >= MAX_ENTRY_COST:
                fields["overfull"] = group
            self._cost = 0
            self._closed(group, fields)
            return
        siblings = around.setdefault(group, [])
        self._cost += _GROUP_COST + _TEXT_COST * len(fields)
        if group == "balances" and len(siblings) >= MAX_BALANCES:
            raise Stopped(f"a statement has more than {MAX_BALANCES} balances")
        if self._cost < MAX_ENTRY_COST:
            siblings.append(fields)

    def _unlisted(self, name: str) -> Shape | None:
        """The shape of an element that the one around it does not list; None where it is to be skipped."""
        around = self._shape
        prefix, _, local = name.rpartition(":")
        if around is shape.DOCUMENT:
            return self._outside_message(prefix, local)
        found = around.get(self._prefix + local)
        if found is not None:  # a prefix other than that of the message
            return found
        if around.key:
            self._texts.append(f"<{name[:40]}>")  # so that no text reads as if this were not there
        if around.complete or local == "Ntry":
            self._strange(local)
        self._skipped_depth = 1
        self._unknown += 1
        self._parser.StartElementHandler = self._start_skipped
        self._parser.EndElementHandler = self._end_skipped
        return None

    def _outside_message(self, prefix: str, local: str) -> Shape:
        """Outside any message: the message, with the prefix its elements carry, or part of an envelope."""
        if local in shape.MESSAGES:
            message = shape.DOCUMENT[local]
            self._prefix = f"{prefix}:" if 0 < len(prefix) <= _MAX_PREFIX else ""
            return shape.prefixed(message, self._prefix) if self._prefix else message
        self._outside += 1
        if self._outside > MAX_OUTSIDE:
            raise Stopped(f"no camt message stands among the first {MAX_OUTSIDE} elements")
        return shape.DOCUMENT

    def _start_skipped(self, name: str, _: dict[str, str]) -> None:
        self._skipped_depth += 1
        self._unknown += 1
        if self._skipped_depth > MAX_DEPTH:
            raise Stopped(f"elements are nested more than {MAX_DEPTH} deep")
        if name.rpartition(":")[2] == "Ntry":
            self._strange("Ntry")

    def _end_skipped(self, _: str) -> None:
        self._skipped_depth -= 1
        if not self._skipped_depth:
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
