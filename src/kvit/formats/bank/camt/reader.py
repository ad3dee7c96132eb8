"""Reads camt.053 statements, and camt.052 reports and camt.054 notifications, of any version and bank."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from kvit.formats.bank import statement as model
from kvit.formats.bank.camt import entry as entries
from kvit.formats.bank.camt import header, shape
from kvit.formats.bank.camt.tally import Tally
from kvit.formats.bank.camt.walk import Fields, Walk
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.formats.bank.statement import Event, Statement, StatementClosed, StatementOpened
from kvit.kernel.results import Problem, Read

# Entries of camt.053 are booked by definition; reports and notifications must say so.
_BOOKED_BY_DEFAULT: Final = "Stmt"


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[model.Statement]:
    """All statements of a camt file held in memory; see `stream`."""
    return model.collected(stream(io.BytesIO(data), max_bytes=max_bytes))


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Event]:
    """The events of a camt file as they come, in bounded memory whatever the size.

    Never raises on what the file holds: a file that is cut off, hostile or no camt at all gives what could
    be read and a Problem with the place where reading stopped. Errors of the source itself (OSError) pass.
    Every Ntry gives a Line with the place "Stmt[1]/Ntry[3]" (or several, ".../TxDtls[2]", for a batch that
    `entry.read` splits) or a Problem with the place "Stmt[1]/Ntry[3]". After each statement a Problem with
    the place "Stmt[1]" says where balances or declared totals do not agree with the lines.
    Source: ISO 20022 camt.052, camt.053, camt.054; the XSD is never a condition.
    """
    return events(pieces(source, max_bytes))


def events(data: Iterable[bytes]) -> Iterator[Event]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    reader = _Reader()
    try:
        for _ in reader.walk.feed(data):
            yield from reader.taken()
            if reader.problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield from reader.taken()
        yield from reader.cut(str(refusal))
        return
    if not reader.statement_count:
        yield Problem("file", "no statement, report or notification stands in this file")


class _Reader:
    """Turns what the walk hands over into events; one per file."""

    def __init__(self) -> None:
        self.walk = Walk(opened=self._opened, closed=self._closed, strange=self._strange)
        self.statement_count = 0
        self.problem_count = 0  # without entries that are only announced, of which there may be many
        self._events: list[Event] = []
        self._message: Fields = {}
        self._header: Fields = {}
        self._open: list[str] = []
        self._kind = ""
        self._counts = dict.fromkeys(shape.STATEMENTS, 0)
        self._entries_place = ""
        self._entry_count = 0
        self._is_announced = False
        self._tally = Tally()

    def taken(self) -> list[Event]:
        """The events since the last call."""
        events, self._events = self._events, []
        return events

    def cut(self, reason: str) -> Iterator[Event]:
        """The end of a file that could not be read to its end."""
        where = self.walk.where()
        if "entry" in self._open:
            yield Problem(self._entry_place(), f"reading stopped inside this entry, at {where}: {reason}")
        else:
            yield Problem(where, f"reading stopped here: {reason}; what stands before was kept")
        if "statement" in self._open:
            self._close_statement(self._header)
            yield from self.taken()

    def _place(self) -> str:
        return f"{self._kind}[{self._counts[self._kind]}]"

    def _entry_place(self) -> str:
        return f"{self._entries_place}[{self._entry_count}]"

    def _opened(self, group: str, name: str, fields: Fields) -> None:
        self._open.append(group)
        if group == "entry":
            self._entry_count += 1
        elif group == "statement":
            self.statement_count += 1
            self._kind = name
            self._counts[name] += 1
            self._entries_place = f"{self._place()}/Ntry"
            self._entry_count = 0
            self._is_announced = False
            self._header = fields
            self._tally = Tally()
        else:
            self._message = fields

    def _closed(self, group: str, fields: Fields) -> None:
        self._open.pop()
        if group == "entry":
            self._close_entry(fields)
        elif group == "statement":
            self._close_statement(fields)
        else:
            self._message = {}

    def _close_entry(self, fields: Fields) -> None:
        by_default = self._kind == _BOOKED_BY_DEFAULT
        entry = entries.read(fields, place=self._entry_place(), is_booked_by_default=by_default)
        if not self._is_announced:
            self._announce(self._read_header(entry.currency).statement)
        self._tally.currency = self._tally.currency or entry.currency
        if entry.lines and entry.currency != self._tally.currency:
            entry.remark("Amt", f"{entry.currency} on an account kept in {self._tally.currency}")
        self._tally.add(entry)
        self.problem_count += len(entry.problems) if entry.is_booked else 0
        self._events += entry.lines
        self._events += entry.problems

    def _announce(self, opened: Statement) -> None:
        """Emit StatementOpened, when the first entry is complete or the statement ends."""
        self._is_announced = True
        self._tally.currency = opened.currency
        self._events.append(StatementOpened(opened))

    def _read_header(self, currency_of_entry: str) -> header.Header:
        message_id = self._message.get("message_id", "")
        return header.read(
            self._header, place=self._place(), message_id=message_id, currency_of_entry=currency_of_entry
        )

    def _close_statement(self, fields: Fields) -> None:
        closed = self._read_header(self._tally.currency)
        if not self._is_announced:
            self._announce(closed.statement)
        self.problem_count += len(closed.problems)
        self._events += closed.problems
        self._events += self._tally.problems(closed.statement)
        self._events.append(StatementClosed(closed.statement))

    def _strange(self, name: str) -> None:
        place = self._place() if "statement" in self._open else self.walk.where()
        if "entry" in self._open:
            place = self._entry_place()
        self.problem_count += 1
        self._events.append(Problem(f"{place}/{name[:40]}", "an element that does not belong here; not read"))
