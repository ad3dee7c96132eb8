"""The Polish structured invoice FA(3) of KSeF: `write`, `read`, and `as_correction` for credit notes."""

from kvit.formats.einvoice.ksef.correction import as_correction
from kvit.formats.einvoice.ksef.read import read
from kvit.formats.einvoice.ksef.write import write

__all__ = ["as_correction", "read", "write"]
