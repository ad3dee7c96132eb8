"""What a file of Leverantörsbetalningar says: orders to pay, and the reports on them; shared by reader and writer.

Source: Bankgirot, Leverantörsbetalningar, technical manual, November 2019. Days are None and texts "" where
the record leaves the field empty; amounts are in öre (or euro cent), unsigned.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """ORDERS go to Bankgirot; REJECTED, SPECIFICATION and WATCHED come from it."""

    ORDERS = "orders"
    REJECTED = "rejected"
    SPECIFICATION = "specification"
    WATCHED = "watched"


class PaymentKind(StrEnum):
    """TK14 a payment, TK15 a deduction, TK16 and TK17 a credit note that waits for payments to be set off."""

    PAYMENT = "payment"
    DEDUCTION = "deduction"
    CREDIT_WATCHED = "credit_watched"
    CREDIT_REST = "credit_rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What Bankgirot says about a record (TK49): its code and its text."""

    place: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One order, with the payee's name, address and account where the file gives them.

    `payee` is a bankgiro number, a plusgiro number (`is_plusgiro`), or for a payment to an account the
    payment number that TK40 explains. `date` None: as soon as possible. `reference` is the OCR or text for
    the payee (25 characters), `own_note` the payer's own (20). `remarks` say why it was rejected.
    """

    place: str
    kind: PaymentKind
    payee: str
    amount_minor: int
    date: datetime.date | None = None
    is_plusgiro: bool = False
    reference: str = ""
    own_note: str = ""
    texts: tuple[str, ...] = ()
    name: str = ""
    extra_name: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    clearing: str = ""
    account: str = ""
    statement_code: str = ""
    is_salary: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One line of the report on what waits: a day and what is to be paid and set off on it (TK43), or sums.

    `code` of sums: 40 what waited before, 41 what was paid since, 42 what was added (`payments_minor`,
    `deductions_minor`) and what waits now (`rest_minor`, `rest_deductions_minor`). Amounts are unsigned.
    `note` is the code behind a TK43.
    """

    place: str
    code: str
    date: datetime.date | None
    payments_minor: int
    deductions_minor: int
    rest_minor: int = 0
    rest_deductions_minor: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LbFile:
    """One section, from TK11 to TK29. `declared_count` and `declared_minor` are those of TK29."""

    place: str
    kind: Kind
    payer_bankgiro: str
    date: datetime.date | None = None
    pay_date: datetime.date | None = None
    currency: str = "SEK"
    payments: tuple[Payment, ...] = ()
    watched: tuple[Watched, ...] = ()
    remarks: tuple[Remark, ...] = ()
    declared_count: int | None = None
    declared_minor: int | None = None
