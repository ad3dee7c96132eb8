"""UBL 2.1, Invoice and CreditNote, as EN 16931 binds them (CEN/TS 16931-3-2): `write`, `read`."""

from kvit.formats.einvoice.ubl.read import read
from kvit.formats.einvoice.ubl.write import write

__all__ = ["read", "write"]
