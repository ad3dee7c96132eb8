"""Tables of open items and payments as other systems export them, Parquet or CSV: typed columns and problems."""

from kvit.formats.tables.reader import TableRead, empty, foreign_keys, read
from kvit.formats.tables.shape import CUSTOMERS, INVOICES, PAYER_HISTORY, PAYMENTS, SHAPES, Column, Holds, Shape

__all__ = [
    "CUSTOMERS",
    "INVOICES",
    "PAYER_HISTORY",
    "PAYMENTS",
    "SHAPES",
    "Column",
    "Holds",
    "Shape",
    "TableRead",
    "empty",
    "foreign_keys",
    "read",
]
