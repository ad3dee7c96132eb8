"""Turns a credit note, whose amounts have no minus, into the signed correction that Poland knows."""

from dataclasses import fields, replace
from typing import Final, TypeVar

from kvit.formats.einvoice.model import Adjustment, Invoice, Kind, Line, Totals, VatBreakdown

_SELF_BILLED: Final = {Kind.SELF_BILLED_CREDIT_NOTE: "471"}
T = TypeVar("T", Adjustment, Totals, VatBreakdown)


def as_correction(invoice: Invoice) -> Invoice:
    """The same as a correction (384, self-billed 471) by what it changes: quantities and amounts below zero.

    What is no credit note comes back as it is.
    """
    if not invoice.is_credit_note:
        return invoice
    return replace(
        invoice,
        kind=_SELF_BILLED.get(Kind(invoice.kind), Kind.CORRECTION) if invoice.kind in list(Kind) else Kind.CORRECTION,
        lines=tuple(_line(line) for line in invoice.lines),
        allowances=tuple(_negated(one) for one in invoice.allowances),
        charges=tuple(_negated(one) for one in invoice.charges),
        vat=tuple(_negated(one) for one in invoice.vat),
        totals=_negated(invoice.totals),
    )


def _line(line: Line) -> Line:
    return replace(
        line,
        quantity=None if line.quantity is None else -line.quantity,
        net_minor=None if line.net_minor is None else -line.net_minor,
        allowances=tuple(_negated(one) for one in line.allowances),
        charges=tuple(_negated(one) for one in line.charges),
    )


def _negated(one: T) -> T:
    changed = {
        field.name: -value
        for field in fields(one)
        if field.name.endswith("_minor") and (value := getattr(one, field.name)) is not None
    }
    return replace(one, **changed)
