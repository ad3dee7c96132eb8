"""UN/CEFACT Cross Industry Invoice, D16B and D22B, as EN 16931 binds it (CEN/TS 16931-3-3): `write`, `read`."""

from kvit.formats.einvoice.cii.read import read
from kvit.formats.einvoice.cii.write import write

__all__ = ["read", "write"]
