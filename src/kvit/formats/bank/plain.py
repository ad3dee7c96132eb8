"""A bank file that was read, as plain values for JSON."""

import datetime
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from enum import Enum

from kvit.formats.bank.opening import Report
from kvit.formats.bank.recognition import Format
from kvit.formats.bank.statement import Line, Statement
from kvit.kernel.results import Read

Plain = dict[str, object]


def plain(file_format: Format | None, read: Read[Statement], records: Sequence[Report] = ()) -> Plain:
    """The statements and problems of one file; days as ISO text, amounts in minor units, None for none.

    `records` stand under "records" where a file has any: what it says about orders and mandates.
    """
    found: Plain = {
        "format": file_format.value if file_format else None,
        "statements": [_statement(statement) for statement in read.records],
        "problems": [{"place": problem.place, "reason": problem.reason} for problem in read.problems],
    }
    if records:
        found["records"] = [_record(record) for record in records]
    return found


def _record(value: object) -> object:
    """A record with all its fields, and "record" for what kind it is."""
    if is_dataclass(value) and not isinstance(value, type):
        own = {field.name: _record(getattr(value, field.name)) for field in fields(value)}
        return {"record": type(value).__name__, **own}
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return [_record(one) for one in value] if isinstance(value, tuple) else value


def _statement(statement: Statement) -> Plain:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening_minor": statement.opening_minor,
        "closing_minor": statement.closing_minor,
        "lines": [_line(line) for line in statement.lines],
    }


def _line(line: Line) -> Plain:
    return {
        "booking_date": line.booking_date.isoformat(),
        "value_date": line.value_date.isoformat() if line.value_date else None,
        "amount_minor": line.amount_minor,
        "currency": line.currency,
        "counterparty_name": line.counterparty_name,
        "counterparty_account": line.counterparty_account,
        "reference": line.reference,
        "text": line.text,
        "bank_id": line.bank_id,
    }
