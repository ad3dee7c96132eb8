"""Reads a list of invoices to be drafted from CSV: one row per invoice line, rows of one invoice share its key."""

import csv
import io
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from kvit.kernel.results import Problem, Read

REQUIRED: Final = ("invoice", "customer_number", "customer_name", "country", "currency", "description", "unit_price")
OPTIONAL: Final = ("quantity", "unit", "vat_rate", "terms_days", "payment_reference")
MAX_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One line of an invoice; quantity, price and VAT rate (percent) are decimals."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal


@dataclass(frozen=True, slots=True)
class ListedInvoice:
    """An invoice of the list with its customer; `terms_days` is None where the list gives none."""

    key: str
    customer_number: str
    customer_name: str
    country: str
    currency: str
    terms_days: int | None
    payment_reference: str
    lines: tuple[ListedLine, ...]


def read(data: bytes) -> Read[ListedInvoice]:
    """Read UTF-8 CSV with a header line, separated by comma or semicolon, decimals with point or comma.

    Every row ends in an invoice or in a problem with its line and column; an amount is never guessed.
    """
    if len(data) > MAX_BYTES:
        return Read((), (Problem("file", f"more than {MAX_BYTES} bytes"),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Read((), (Problem(f"byte {error.start}", "the file is not UTF-8"),))
    first = text.split("\n", 1)[0]
    try:
        table = csv.DictReader(
            io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
        )
        missing = [name for name in REQUIRED if name not in (table.fieldnames or ())]
        if missing:
            return Read((), (Problem("line 1", f"these columns are missing: {', '.join(missing)}"),))
        return _rows(table)
    except csv.Error as error:
        return Read((), (Problem("file", f"not a CSV file: {error}"),))


def _rows(table: "csv.DictReader[str]") -> Read[ListedInvoice]:
    heads: dict[str, ListedInvoice] = {}
    lines: dict[str, list[ListedLine]] = {}
    problems: list[Problem] = []
    for row in table:
        fields = {name: (row.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
        found = _problems(fields, table.line_num)
        problems += found
        if found:
            continue
        head = _head(fields)
        if heads.setdefault(head.key, head) != head:
            problems.append(Problem(f"line {table.line_num}", f"invoice {head.key} has another head above"))
            continue
        lines.setdefault(head.key, []).append(_line(fields))
    invoices = tuple(replace(head, lines=tuple(lines[key])) for key, head in heads.items())
    return Read(invoices, tuple(problems))


def _problems(fields: dict[str, str], line: int) -> list[Problem]:
    found = [Problem(f"line {line}, {name}", "is empty") for name in REQUIRED if not fields[name]]
    for name in ("unit_price", "quantity", "vat_rate"):
        if fields[name] and _decimal(fields[name]) is None:
            found.append(Problem(f"line {line}, {name}", f"{fields[name]!r} is not a number"))
    if fields["terms_days"] and not fields["terms_days"].isdecimal():
        found.append(Problem(f"line {line}, terms_days", f"{fields['terms_days']!r} is not a number of days"))
    return found


def _decimal(text: str) -> Decimal | None:
    compact = text.replace(" ", "").replace("\u00a0", "")
    if compact.count(",") == 1 and "." not in compact:
        compact = compact.replace(",", ".")
    try:
        number = Decimal(compact)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 12 else None


def _head(fields: dict[str, str]) -> ListedInvoice:
    return ListedInvoice(
        key=fields["invoice"],
        customer_number=fields["customer_number"],
        customer_name=fields["customer_name"],
        country=fields["country"].upper(),
        currency=fields["currency"].upper(),
        terms_days=int(fields["terms_days"]) if fields["terms_days"] else None,
        payment_reference=fields["payment_reference"].replace(" ", ""),
        lines=(),
    )


def _line(fields: dict[str, str]) -> ListedLine:
    return ListedLine(
        description=fields["description"],
        quantity=_decimal(fields["quantity"] or "1") or Decimal(0),
        unit=fields["unit"] or "pc",
        unit_price=_decimal(fields["unit_price"]) or Decimal(0),
        vat_rate=_decimal(fields["vat_rate"] or "0") or Decimal(0),
    )
