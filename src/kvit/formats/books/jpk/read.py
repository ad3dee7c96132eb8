"""Reads JPK_V7M, JPK_V7K and JPK_FA files: declarations with what is due, register rows, invoices."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from kvit.formats.bank import elements
from kvit.formats.bank.elements import Element
from kvit.formats.bank.fields import Unreadable, decimal_text, shown
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.formats.books.jpk import entry
from kvit.formats.books.jpk.records import Header, Invoice, InvoiceRow, Order, Record, RegisterRow
from kvit.kernel.results import Problem, Read

_ENTRIES: Final[dict[str, Callable[[Element], Record]]] = {
    "Deklaracja": entry.declaration,
    "SprzedazWiersz": entry.register_row,
    "ZakupWiersz": entry.register_row,
    "Faktura": entry.invoice,
    "FakturaWiersz": entry.invoice_row,
    "Zamowienie": entry.order,
}
_CONTROLS: Final = ("SprzedazCtrl", "ZakupCtrl", "FakturaCtrl", "FakturaWierszCtrl", "ZamowienieCtrl")
_WANTED: Final = frozenset({"Naglowek", "Podmiot1", *_ENTRIES, *_CONTROLS})

# Tax due and tax deducted as the control totals of JPK_V7 add them up; purchases by receipt (FP) repeat others.
_TAX_DUE: Final = ("K_16", "K_18", "K_20", "K_24", "K_26", "K_28", "K_30", "K_32", "K_33", "K_34")
_TAX_DUE_LESS: Final = ("K_35", "K_36", "K_360")
_TAX_DEDUCTED: Final = ("K_41", "K_43", "K_44", "K_45", "K_46", "K_47")


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[Record]:
    """All records of a JPK held in memory; see `stream`."""
    found = list(stream(io.BytesIO(data), max_bytes=max_bytes))
    return Read(
        tuple(one for one in found if not isinstance(one, Problem)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[Record | Problem]:
    """The records of a JPK in its order; never raises on what the file holds.

    Every Deklaracja, SprzedazWiersz, ZakupWiersz, Faktura, FakturaWiersz and Zamowienie is a record or a
    Problem with its place ("line 12"). Counts and sums of the control elements are compared with the records.
    The XSD is never a condition. Source: the structures named in `records`.
    """
    return records(pieces(source, max_bytes))


def records(data: Iterable[bytes]) -> Iterator[Record | Problem]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    reader = _Reader()
    problem_count = 0
    try:
        for element in elements.walk(data, _WANTED):
            for found in reader.take(element):
                problem_count += isinstance(found, Problem)
                yield found
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield from reader.told_head(None)
        yield Problem("file", f"reading stopped here: {refusal}; what stands before was kept")
        return
    yield from reader.told_head(None)
    if not reader.is_headed:
        yield Problem("file", "no head (Naglowek) of a JPK stands in this file")


class _Reader:
    """Puts head and taxpayer together, and a declaration with its own head."""

    def __init__(self) -> None:
        self.is_headed = False
        self._head: Element | None = None
        self._tally = _Tally()

    def take(self, element: Element) -> Iterator[Record | Problem]:
        """What one more element gives."""
        if element.name == "Naglowek":
            if element.around is not None:
                element.around.children.append(element)
            elif not self.is_headed:
                self._head = element
            return
        yield from self.told_head(element if element.name == "Podmiot1" else None)
        yield from _of(element, self._tally)

    def told_head(self, person: Element | None) -> Iterator[Header | Problem]:
        """The head, once; Podmiot1 follows it, and where something else does, the head stands alone."""
        head, self._head = self._head, None
        if head is not None:
            self.is_headed = True
            yield from _headed(head, person)


def _headed(header: Element, person: Element | None) -> Iterator[Header | Problem]:
    try:
        found = entry.header(header, person)
    except Unreadable as refusal:
        yield Problem(f"line {header.line}", str(refusal))
        return
    yield found
    if not found.form.startswith("JPK"):
        yield Problem(found.place, f"the form {shown(found.form)} is no JPK")


def _of(element: Element, tally: "_Tally") -> Iterator[Record | Problem]:
    if element.name in _ENTRIES:
        try:
            record = _ENTRIES[element.name](element)
        except Unreadable as refusal:
            tally.unread.add(element.name)
            yield Problem(f"line {element.line}", f"{element.name}: {refusal}")
            return
        tally.add(record)
        yield record
    elif element.name in _CONTROLS:
        yield from tally.compared(element)


@dataclass(slots=True)
class _Sum:
    count: int = 0
    minor: int = 0


class _Tally:
    """Counts and sums for each kind of control element."""

    def __init__(self) -> None:
        self.unread: set[str] = set()
        self._sums = {name: _Sum() for name in _CONTROLS}

    def add(self, record: Record) -> None:
        """Count one record."""
        name, minor = _counted(record)
        if name:
            self._sums[name].count += 1
            self._sums[name].minor += minor

    def compared(self, control: Element) -> Iterator[Problem]:
        """What a control element declares and the records do not make."""
        found = self._sums[control.name]
        place = f"line {control.line}"
        for one in control.children:
            is_count = one.name.startswith("Liczba")
            try:
                declared = (
                    int(one.text) if is_count and one.text.isdecimal() else entry.amount_minor(one.text, one.name)
                )
            except Unreadable as refusal:
                yield Problem(place, f"{control.name} cannot be checked: {refusal}")
                continue
            made = found.count if is_count else found.minor
            if declared != made:
                told, added = (str(n) if is_count else decimal_text(n, "PLN") for n in (declared, made))
                yield Problem(place, f"{one.name} declares {told}, the records make {added}")


def _counted(record: Record) -> tuple[str, int]:
    """The control element a record counts for, and what it adds to its sum."""
    if isinstance(record, RegisterRow):
        amounts = dict(record.amounts)
        if not record.is_sale:
            return "ZakupCtrl", sum(amounts.get(name, 0) for name in _TAX_DEDUCTED)
        due = sum(amounts.get(name, 0) for name in _TAX_DUE) - sum(amounts.get(name, 0) for name in _TAX_DUE_LESS)
        return "SprzedazCtrl", 0 if record.document_type == "FP" else due
    if isinstance(record, Invoice):
        return "FakturaCtrl", record.gross_minor
    if isinstance(record, InvoiceRow):
        return "FakturaWierszCtrl", record.net_minor or 0
    if isinstance(record, Order):
        return "ZamowienieCtrl", record.value_minor or 0
    return "", 0
