"""How documents are numbered, and which reference their payers quote."""

from typing import Final

from kvit.invoicing.domain.kinds import Kind
from kvit.kernel import payment_reference

_PREFIX: Final = {
    Kind.ESTIMATE: "PF",
    Kind.INVOICE: "F",
    Kind.ADVANCE_INVOICE: "FA",
    Kind.FINAL_INVOICE: "FE",
    Kind.CREDIT_NOTE: "K",
    Kind.CORRECTION: "KF",
    Kind.SELF_BILLED: "SB",
    Kind.SELF_BILLED_CREDIT: "SK",
    Kind.FEE_NOTE: "N",
}


def series_prefix(kind: Kind, *, supplier_number: int) -> str:
    """The prefix of a series; a second supplier's series carries the supplier's number as well."""
    return _PREFIX[kind] if supplier_number == 1 else f"{_PREFIX[kind]}{supplier_number}-"


def document_number(prefix: str, year: int, sequence: int) -> str:
    """`F2026-000017`: prefix, year of issue, running number."""
    return f"{prefix}{year}-{sequence:06d}"


def reference_for(country: str, serial: int) -> str:
    """The spread payment reference: OCR with a Luhn digit in Sweden, ISO 11649 (RF) elsewhere."""
    return payment_reference.ocr(serial) if country == "SE" else payment_reference.rf(serial)
