"""Reads a firm's own history of confirmed links from CSV: one row per payment, with the invoices that it paid."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from kvit.kernel import currencies
from kvit.kernel.money import Money, NotRepresentable
from kvit.kernel.results import Problem, Read, Told

REQUIRED: Final = (
    "payment_date",
    "amount",
    "payer_account",
    "payer_name",
    "text",
    "customer_number",
    "invoice_numbers",
    "invoice_amounts",
)
LISTS: Final = (
    "invoice_numbers",
    "invoice_amounts",
    "invoice_references",
    "invoice_totals",
    "invoice_dates",
    "due_dates",
)
OPTIONAL: Final = ("currency", "reference", "customer_name", *LISTS[2:])
MAX_BYTES: Final = 50_000_000
MOST_INVOICES: Final = 500
NO_PAYMENT: Final = (Told("history.no_payment"),)
_LONGEST: Final = 500
_BETWEEN: Final = "|"


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """An invoice that a payment paid, and how much of it, in minor units; a credit note deducted has it negative.

    What the list does not tell is empty or None: `total_minor` of the whole invoice, its reference and dates.
    """

    number: str
    amount_minor: int
    reference: str
    total_minor: int | None
    issue_date: date | None
    due_date: date | None


@dataclass(frozen=True, slots=True)
class ConfirmedPayment:
    """A payment with what it was confirmed to pay; `line` is its place in the file. No invoice: it paid none."""

    line: int
    payment_date: date
    amount_minor: int
    currency: str
    payer_account: str
    payer_name: str
    reference: str
    text: str
    customer_number: str
    customer_name: str
    invoices: tuple[PaidInvoice, ...]


def read(data: bytes, *, currency: str) -> Read[ConfirmedPayment]:
    """Read UTF-8 CSV with a header line, separated by comma, semicolon or tab; `currency` is of rows that name none.

    Dates are 2026-03-31, amounts have a point or a comma. The invoices of a payment stand in one cell, separated by
    `|`, and so do what belongs to them, in the same order. Every row ends in a payment or in problems with its line
    and column.
    """
    if len(data) > MAX_BYTES:
        return _wrong("file", "too_large", f"more than {MAX_BYTES} bytes", most=str(MAX_BYTES))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _wrong(f"byte {error.start}", "not_utf8", "the file is not UTF-8")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        missing = ", ".join(name for name in REQUIRED if name not in (table.fieldnames or ()))
        if missing:
            return _wrong("line 1", "missing", f"these columns are missing: {missing}", columns=missing)
        return _rows(table, currency)
    except csv.Error as error:
        return _wrong("file", "not_csv", f"not a CSV file: {error}")


def _wrong(place: str, code: str, reason: str, **values: str) -> Read[ConfirmedPayment]:
    return Read((), (_problem(place, code, reason, **values),))


def _problem(place: str, code: str, reason: str, **values: str) -> Problem:
    return Problem(place, reason, (Told(f"history.{code}", tuple(sorted(values.items()))),))


def _rows(table: "csv.DictReader[str]", currency: str) -> Read[ConfirmedPayment]:
    payments: list[ConfirmedPayment] = []
    problems: list[Problem] = []
    for row in table:
        line = table.line_num
        if None in row or None in row.values():
            problems.append(_problem(f"line {line}", "columns", "has more or fewer columns than the first line"))
            continue
        cells = {name: (row.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
        found = _Row(line, cells, cells["currency"].upper() or currency)
        payment = found.payment()
        problems += found.problems
        if not found.problems:
            payments.append(payment)
    return Read(tuple(payments), tuple(problems))


class _Row:
    """One row on its way: what is wrong with it is collected, field by field."""

    def __init__(self, line: int, cells: Mapping[str, str], currency: str) -> None:
        self.line, self.cells, self.currency = line, cells, currency
        self.problems: list[Problem] = []

    def payment(self) -> ConfirmedPayment:
        """The payment; worth nothing where there are problems."""
        if self.currency not in currencies.known():
            self.wrong("currency", "currency", f"{self.currency!r} is no currency", value=self.currency)
            self.currency = "EUR"
        for name in ("payer_account", "payer_name", "text", "reference", "customer_number", "customer_name"):
            if len(self.cells[name]) > _LONGEST:
                self.wrong(name, "too_long", f"more than {_LONGEST} characters", most=str(_LONGEST))
        amount = self.amount("amount", self.cells["amount"])
        if amount <= 0 and not self.problems:
            self.wrong("amount", "not_above_zero", "a payment that came in is above zero")
        invoices = self.invoices()
        if sum(one.amount_minor for one in invoices) > amount and not self.problems:
            self.wrong("invoice_amounts", "too_much", "more is given to invoices than was paid")
        return ConfirmedPayment(
            line=self.line,
            payment_date=self.day("payment_date", self.cells["payment_date"]) or date.min,
            amount_minor=amount,
            currency=self.currency,
            payer_account="".join(self.cells["payer_account"].split()),
            payer_name=self.cells["payer_name"],
            reference="".join(self.cells["reference"].split()),
            text=self.cells["text"],
            customer_number=self.cells["customer_number"],
            customer_name=self.cells["customer_name"],
            invoices=invoices,
        )

    def invoices(self) -> tuple[PaidInvoice, ...]:
        """The invoices of the row, each with what stands at its place in the other lists."""
        parts = {
            name: [p.strip() for p in self.cells[name].split(_BETWEEN)] if self.cells[name] else [] for name in LISTS
        }
        numbers = parts["invoice_numbers"]
        if len(numbers) > MOST_INVOICES:
            self.wrong("invoice_numbers", "too_many", f"more than {MOST_INVOICES} invoices", most=str(MOST_INVOICES))
            return ()
        if len(set(numbers)) < len(numbers) or "" in numbers:
            self.wrong("invoice_numbers", "twice", "an invoice is named twice, or a number is empty")
            return ()
        for name in LISTS[1:]:
            is_needed = name == "invoice_amounts"
            if (is_needed or parts[name]) and len(parts[name]) != len(numbers):
                reason = f"{len(parts[name])} for {len(numbers)} invoices"
                self.wrong(name, "lengths", reason, many=str(len(parts[name])), invoices=str(len(numbers)))
                return ()
        return tuple(self.invoice({n: parts[n][at] if parts[n] else "" for n in LISTS}) for at in range(len(numbers)))

    def invoice(self, of: Mapping[str, str]) -> PaidInvoice:
        """One invoice of the row."""
        return PaidInvoice(
            number=of["invoice_numbers"],
            amount_minor=self.amount("invoice_amounts", of["invoice_amounts"]),
            reference=of["invoice_references"],
            total_minor=self.amount("invoice_totals", of["invoice_totals"]) if of["invoice_totals"] else None,
            issue_date=self.day("invoice_dates", of["invoice_dates"]) if of["invoice_dates"] else None,
            due_date=self.day("due_dates", of["due_dates"]) if of["due_dates"] else None,
        )

    def amount(self, name: str, text: str) -> int:
        """Minor units; an amount is never guessed."""
        compact = "".join(text.split())
        if compact.count(",") == 1 and "." not in compact:
            compact = compact.replace(",", ".")
        try:
            return Money.from_decimal(Decimal(compact), self.currency).minor
        except (InvalidOperation, NotRepresentable):
            self.wrong(name, "amount", f"{text!r} is no amount in {self.currency}", value=text, currency=self.currency)
            return 0

    def day(self, name: str, text: str) -> date | None:
        """A day, written 2026-03-31."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(name, "day", f"{text!r} is no day; write 2026-03-31", value=text)
            return None

    def wrong(self, name: str, code: str, reason: str, **values: str) -> None:
        """One problem more, with its line and column."""
        self.problems.append(_problem(f"line {self.line}, {name}", code, reason, **values))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_BETWEEN)] if cell else []
