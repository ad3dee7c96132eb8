"""Reads Leverantörsbetalningar: files of orders, and Bankgirot's reports on what was rejected and what waits."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final

from kvit.formats.bank import columns, rows
from kvit.formats.bank.columns import Row
from kvit.formats.bank.fields import Unreadable, decimal_text
from kvit.formats.bank.lb import layout
from kvit.formats.bank.lb.records import Kind, LbFile, Payment, PaymentKind, Remark, Watched
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.kernel.results import Problem, Read

CODE_PAGES: Final = ("cp1252", "cp850")
MAX_ENTRIES: Final = 1_000_000
_ABOUT: Final = frozenset({"25", "26", "27", "40", "65"})
_HEADINGS: Final = frozenset({"12", "13"})


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[LbFile]:
    """All sections of a file of Leverantörsbetalningar held in memory; see `stream`."""
    found = list(stream(io.BytesIO(data), max_bytes=max_bytes))
    return Read(
        tuple(one for one in found if isinstance(one, LbFile)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[LbFile | Problem]:
    """The sections (TK11 to TK29) of a file and its problems; never raises on what the file holds.

    Every TK14 to TK17 and TK54 becomes a payment or a Problem with the place "line 12"; names, addresses,
    accounts and texts (TK25 to TK27, TK40, TK65) go to the payments of the same number, remarks (TK49) to
    the record above them. Count and sum of TK29 are compared with the payments.
    """
    return records(pieces(source, max_bytes))


def records(data: Iterable[bytes]) -> Iterator[LbFile | Problem]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    reader = _Reader()
    problem_count = number = 0
    try:
        for number, line in rows.texts(data, candidates=CODE_PAGES):
            for found in reader.take(columns.row(number, line)):
                problem_count += isinstance(found, Problem)
                yield found
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield Problem(f"after line {number}", f"reading stopped here: {refusal}; what stands before was kept")
    yield from reader.end()


class _Reader:
    """Cuts the file into sections and puts together what belongs to one payment."""

    def __init__(self) -> None:
        self.section_count = 0
        self._forget()

    def _forget(self) -> None:
        self._file: LbFile | None = None
        self._payments: list[Payment] = []
        self._watched: list[Watched] = []
        self._remarks: list[Remark] = []
        self._about: dict[str, dict[str, Any]] = {}
        self._last: str = ""
        self._last_number = ""

    def take(self, row: Row) -> Iterator[LbFile | Problem]:
        """The events of one more line. Refuses Stopped for a section too large to hold."""
        if not row.text:
            return
        try:
            opened = layout.opening(row)
            if opened is not None:
                yield from self._close(None)
                self._file = opened
                self.section_count += 1
            elif self._file is None:
                yield Problem(row.place, "this line belongs to no section (TK11 to TK29); not read")
            elif row.code == "29":
                yield from self._close(row)
            elif not self._record(row, self._file):
                yield Problem(row.place, f"no record of a section of this kind ({self._file.kind})")
        except Unreadable as refusal:
            yield Problem(row.place, str(refusal))

    def end(self) -> Iterator[LbFile | Problem]:
        """The last section."""
        yield from self._close(None)
        if not self.section_count:
            yield Problem("file", "no section of Leverantörsbetalningar (TK11) stands in this file")

    def _record(self, row: Row, file: LbFile) -> bool:
        """Take a record in; False for one that does not belong here."""
        if max(len(self._payments), len(self._watched), len(self._about)) >= MAX_ENTRIES:
            raise Stopped(f"a section has more than {MAX_ENTRIES} records")
        code = row.code
        if code == "49":
            self._remarked(layout.remark(row))
            return True
        self._last = ""  # until the record is taken: a remark on one that is not goes to the file
        if file.kind is Kind.WATCHED:
            if (found := layout.watched(row)) is not None:
                self._watched.append(found)
            return found is not None
        if code in layout.PAYMENTS:
            number = row.columns(3, 12)
            self._payments.append(replace(layout.payment(row), **self._about.get(number, {})))
        elif code in _ABOUT:
            self._take_about(row)
        elif code not in _HEADINGS:
            return False
        self._last = code
        return True

    def _take_about(self, row: Row) -> None:
        number = self._last_number = row.columns(3, 12)
        about = self._about.setdefault(number, {})
        if row.code == "26":
            about |= {"name": row.columns(13, 47), "extra_name": row.columns(48, 82)}
        elif row.code == "27":
            about |= {"address": row.columns(13, 47), "postcode": row.columns(48, 52), "town": row.columns(53, 72)}
        elif row.code == "40":
            about |= {"clearing": row.columns(13, 16), "account": row.number_at(17, 28)}
            about |= {"statement_code": row.columns(29, 40), "is_salary": row.columns(41, 41) == "L"}
        elif self._payments:
            last = self._payments[-1]
            self._payments[-1] = replace(last, texts=(*last.texts, row.columns(13, 62)))
        else:
            raise Unreadable(f"a text (TK{row.code}) with no payment before it")

    def _remarked(self, remark: Remark) -> None:
        """A remark goes to the payment above, to those that will have what stands above, or to the file."""
        if len(self._remarks) >= MAX_ENTRIES:
            raise Stopped(f"a section has more than {MAX_ENTRIES} remarks")
        if self._last in layout.PAYMENTS or self._last in ("25", "65"):
            last = self._payments[-1]
            self._payments[-1] = replace(last, remarks=(*last.remarks, remark))
        elif self._last in _ABOUT:
            about = self._about[self._last_number]
            about["remarks"] = (*about.get("remarks", ()), remark)
        else:
            self._remarks.append(remark)

    def _close(self, trailer: Row | None) -> Iterator[LbFile | Problem]:
        if self._file is None:
            return
        file = replace(
            self._file, payments=tuple(self._payments), watched=tuple(self._watched), remarks=tuple(self._remarks)
        )
        self._forget()
        if trailer is None:
            yield Problem(file.place, "the closing record (TK29) of this section is missing; cut off?")
        else:
            try:
                total = trailer.amount_minor(21, 32) if trailer.columns(21, 32) else None
                file = replace(file, declared_count=trailer.count(13, 20), declared_minor=total)
            except Unreadable as refusal:
                yield Problem(trailer.place, f"count and sum cannot be checked: {refusal}")
            yield from _compared(file, trailer)
        yield file


def _compared(file: LbFile, trailer: Row) -> Iterator[Problem]:
    count = len(file.payments) + len(file.watched)
    if file.declared_count is not None and file.declared_count != count:
        yield Problem(trailer.place, f"{file.declared_count} records are declared, {count} stand in the section")
    total = abs(sum(-one.amount_minor if _is_deducted(one) else one.amount_minor for one in file.payments))
    if file.declared_minor is not None and file.payments and file.declared_minor != total:
        told, made = (decimal_text(n, file.currency) for n in (file.declared_minor, total))
        yield Problem(trailer.place, f"{told} is declared as the sum, the payments make {made}")
    yield from _rest(file)


def _is_deducted(payment: Payment) -> bool:
    return payment.kind is not PaymentKind.PAYMENT


def _rest(file: LbFile) -> Iterator[Problem]:
    """The days of a report on what waits against its sum of what waits now (TK42)."""
    days = [one for one in file.watched if one.code == "43"]
    for last in (one for one in file.watched if one.code == "42"):
        for name, declared, found in (
            ("payments that wait", last.rest_minor, sum(one.payments_minor for one in days)),
            ("deductions that wait", last.rest_deductions_minor, sum(one.deductions_minor for one in days)),
        ):
            if declared != found:
                told, made = (decimal_text(n, file.currency) for n in (declared, found))
                yield Problem(last.place, f"{told} is declared as the sum of {name}, the days make {made}")
