"""How documents are numbered, and which reference their payers quote."""

from enum import StrEnum
from typing import Final

from kvit.kernel import payment_reference


class Kind(StrEnum):
    """The kinds of document that are issued; each has number series of its own."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


_PREFIX: Final = {Kind.INVOICE: "F", Kind.CREDIT_NOTE: "K"}


def series_prefix(kind: Kind, *, supplier_number: int) -> str:
    """The prefix of a series; a second supplier's series carries the supplier's number as well."""
    return _PREFIX[kind] if supplier_number == 1 else f"{_PREFIX[kind]}{supplier_number}-"


def document_number(prefix: str, year: int, sequence: int) -> str:
    """`F2026-000017`: prefix, year of issue, running number."""
    return f"{prefix}{year}-{sequence:06d}"


def reference_for(country: str, serial: int) -> str:
    """The spread payment reference: OCR with a Luhn digit in Sweden, ISO 11649 (RF) elsewhere."""
    return payment_reference.ocr(serial) if country == "SE" else payment_reference.rf(serial)
