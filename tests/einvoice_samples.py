"""The official and collected samples of electronic invoices in the shared folder; empty lists where it is absent."""

from collections.abc import Iterator
from pathlib import Path

import official
from shared_folder import SHARED


def _under(*names: str) -> Iterator[Path]:
    for name in names:
        yield from sorted(path for path in official.folder(name).rglob("*") if path.suffix.lower() == ".xml")


def _with(marks: tuple[bytes, ...], *names: str) -> list[Path]:
    """The files that hold one of the marks, unit fragments and templates aside."""
    if SHARED is None:
        return []
    return [path for path in _under(*names) if any(mark in path.read_bytes() for mark in marks)]


UBL = _with(
    (b"schema:xsd:Invoice-2", b"schema:xsd:CreditNote-2"),
    "cius-ro/samples",
    "en16931/samples",
    "facturx/samples",
    "peppol-bis3/samples",
)
CII = _with((b"CrossIndustryInvoice:100",), "en16931/samples", "facturx/samples")
FA3 = _with((b"crd.gov.pl/wzor/2025/06/25/13775",), "ksef/samples")
