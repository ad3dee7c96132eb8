"""Which tables there are, which columns they have, and what a cell of each may hold."""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Holds(Enum):
    """What the cells of a column hold; the words are for people."""

    WHOLE = "a whole number"
    PAID = "a whole number of minor units (cents) above zero"
    TEXT = "a text"
    DAY = "a day as 2026-03-31"
    CURRENCY = "a currency of ISO 4217 as EUR"
    KIND = "one of ocr, rf, free"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `needed` ones must be there. Only texts may be empty, unless they are `filled`."""

    name: str
    holds: Holds
    needed: bool = True
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its name, its columns, and the one whose values are unique, if any. Further columns are left alone."""

    name: str
    columns: tuple[Column, ...]
    key: str = ""


CUSTOMERS: Final = Shape(
    "customers",
    (
        Column("customer_id", Holds.WHOLE),
        Column("customer_no", Holds.TEXT),
        Column("name", Holds.TEXT),
        Column("virtual_account", Holds.TEXT, needed=False),
    ),
    key="customer_id",
)
PAYER_HISTORY: Final = Shape(
    "payer_history",
    (
        Column("customer_id", Holds.WHOLE),
        Column("iban", Holds.TEXT),
        Column("payer_name", Holds.TEXT),
        Column("times", Holds.WHOLE),
    ),
)
INVOICES: Final = Shape(
    "invoices",
    (
        Column("invoice_id", Holds.WHOLE),
        Column("customer_id", Holds.WHOLE),
        Column("invoice_no", Holds.TEXT, filled=True),
        Column("ref_kind", Holds.KIND),
        Column("reference", Holds.TEXT),
        Column("amount", Holds.WHOLE),
        Column("currency", Holds.CURRENCY),
        Column("issue_date", Holds.DAY),
        Column("due_date", Holds.DAY),
    ),
    key="invoice_id",
)
PAYMENTS: Final = Shape(
    "payments",
    (
        Column("payment_id", Holds.WHOLE),
        Column("booking_date", Holds.DAY),
        Column("amount", Holds.PAID),
        Column("currency", Holds.CURRENCY),
        Column("to_account", Holds.TEXT, needed=False),
        Column("payer_name", Holds.TEXT),
        Column("payer_iban", Holds.TEXT),
        Column("ref_struct", Holds.TEXT),
        Column("ref_text", Holds.TEXT),
    ),
    key="payment_id",
)
SHAPES: Final = (CUSTOMERS, PAYER_HISTORY, INVOICES, PAYMENTS)
