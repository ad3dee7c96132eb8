"""Reads Elixir-0 back: every line is a transfer or a problem with its place."""

import csv
import datetime
from typing import Final

from kvit.formats.bank.elixir.transfer import CodePage, ElixirTransfer, Kind
from kvit.formats.bank.fields import Unreadable, shown
from kvit.kernel.identifiers import pl_nrb
from kvit.kernel.identifiers.invalid import InvalidIdentifier
from kvit.kernel.money import Money
from kvit.kernel.results import Problem, Read

FIELDS: Final = 15
_MOST_DIGITS: Final = 15
MAX_BYTES: Final = 50_000_000


def read(data: bytes, *, code_page: CodePage) -> Read[ElixirTransfer]:
    """The transfers of a file in the bank's code page; blank lines say nothing."""
    if len(data) > MAX_BYTES:
        return Read((), (Problem("file", f"more than {MAX_BYTES} bytes"),))
    found: list[ElixirTransfer] = []
    problems: list[Problem] = []
    text = data.decode(code_page.value, errors="replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(_transfer(line.rstrip("\r")))
        except (Unreadable, InvalidIdentifier) as refusal:
            problems.append(Problem(f"line {number}", str(refusal)))
    return Read(tuple(found), tuple(problems))


def _transfer(line: str) -> ElixirTransfer:
    try:
        (fields,) = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        fields = ['"']
    if any('"' in field for field in fields):
        raise Unreadable("quotes or commas do not fit together")
    if len(fields) < FIELDS:
        raise Unreadable(f"has {len(fields)} fields; a transfer has {FIELDS}")
    if fields[0] != "110":
        raise Unreadable(f"{shown(fields[0])} is no credit transfer (110)")
    if "\ufffd" in line:
        raise Unreadable("has characters that are not in this code page")
    return ElixirTransfer(
        execution_date=_day(fields[1]),
        amount=_amount(fields[2]),
        payer_account=pl_nrb.validate(fields[5]),
        payee_account=pl_nrb.validate(fields[6]),
        payer=_lines(fields[7]),
        payee=_lines(fields[8]),
        title=_lines(fields[11]) if fields[14] != Kind.SPLIT_PAYMENT else (fields[11].replace("|", ""),),
        kind=_kind(fields[14]),
    )


def _lines(text: str) -> tuple[str, ...]:
    lines = text.split("|")
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


def _day(text: str) -> datetime.date:
    try:
        return datetime.datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        raise Unreadable(f"{shown(text)} is not a day") from None


def _amount(text: str) -> Money:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise Unreadable(f"{shown(text)} is not an amount in grosze")
    return Money(int(text), "PLN")


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise Unreadable(f"{shown(text)} is no kind of transfer known here (51, 53)") from None
