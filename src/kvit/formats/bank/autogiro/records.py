"""What an Autogiro file says: mandates, transfers, changes and deposits; shared by reader and writer.

Source: Bankgirot, Autogiro, technical manual (layouts old and new), November 2019. A day is None and a text ""
where the record leaves the field empty. Amounts are in öre (SEK), never signed: `direction` says which way.
Bankgiro, payer and account numbers are digits without leading zeros.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """What a file is for. ORDERS go to Bankgirot, all others come from it."""

    ORDERS = "orders"
    MANDATE_ADVICE = "mandate_advice"
    E_MANDATES = "e_mandates"
    PAYMENT_SPECIFICATION = "payment_specification"
    REJECTED_ORDERS = "rejected_orders"
    CHANGE_ADVICE = "change_advice"
    WATCHED_ORDERS = "watched_orders"
    MANDATE_REGISTER = "mandate_register"


class MandateAction(StrEnum):
    """What is asked (TK03, TK04, TK05) or told (TK73, TK52, a line of the register) about a mandate."""

    REGISTER = "register"
    CANCEL = "cancel"
    REJECT = "reject"
    RENUMBER = "renumber"
    ADVISED = "advised"
    APPLIED = "applied"
    LISTED = "listed"


class Direction(StrEnum):
    """DEBIT draws money from the payer (TK82), CREDIT pays to the payer (TK32), REFUND takes back (TK77)."""

    DEBIT = "debit"
    CREDIT = "credit"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A payer's consent: an order about it, an advice on it, an application from a bank, or a register line.

    `account` is clearing and account number (16 digits in the file); `person_id` the payer's personal or
    corporate number (12 digits as in the file). `information_code` and `comment_code` are those of TK73 (43
    and 32 say that a mandate is registered, for example) or of TK52; `status` that of a register line.
    `effective_date` is the first day of withdrawal where the file names one.
    """

    place: str
    action: MandateAction
    payee_bankgiro: str
    payer_number: str
    account: str = ""
    person_id: str = ""
    new_payee_bankgiro: str = ""
    new_payer_number: str = ""
    information_code: str = ""
    comment_code: str = ""
    status: str = ""
    date: datetime.date | None = None
    effective_date: datetime.date | None = None
    created_date: datetime.date | None = None
    name: str = ""
    address: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A withdrawal, credit or refund: ordered, executed, rejected or waiting, as its file's kind says.

    `date` is the day of payment, None where `at_once` (GENAST) or where a rejected order named no day of the
    calendar. `period` is 0 for once, 1 monthly, 2
    quarterly, 3 half-yearly, 4 yearly, 5 to 8 the same on the last bank day; `repetitions` None: until further
    notice. `code` is the status of an executed order (0 paid, 1 insufficient funds, 2 no longer an account, 9
    tried again), the comment of a rejected one, the reason of a refund. `refund_date` is the day of a refund.
    """

    place: str
    direction: Direction
    date: datetime.date | None
    payer_number: str
    amount_minor: int
    at_once: bool = False
    period: str = "0"
    repetitions: int | None = None
    payee_bankgiro: str = ""
    reference: str = ""
    code: str = ""
    refund_date: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Transfers taken back or moved to another day: an order (TK23 to TK29) or the answer to one.

    `code` is the transaction code: 23 all of a payer, 24 of a payer and day, 25 one, 26 move all, 27 move
    those of a day, 28 move those of a payer and day, 29 move one; answers also use 03, 11 and 21.
    `comment_code` is set in answers only (12 taken back, 14 moved ...).
    """

    place: str
    code: str
    payee_bankgiro: str = ""
    payer_number: str = ""
    date: datetime.date | None = None
    amount_minor: int | None = None
    direction: Direction | None = None
    new_date: datetime.date | None = None
    reference: str = ""
    comment_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """The sum of the transfers that follow in a payment specification of the new layout (TK15, TK16, TK17)."""

    place: str
    direction: Direction
    account: str
    date: datetime.date
    serial: str
    amount_minor: int
    count: int


Entry: TypeAlias = Mandate | Transfer | Change | Deposit


@dataclass(frozen=True, slots=True, kw_only=True)
class AutogiroFile:
    """One section of an Autogiro file, from its opening record to its closing one.

    `customer_number` is the payee's number with Bankgirot. `is_new_layout` says which of the two layouts an
    answer has; orders look the same in both.
    """

    place: str
    kind: Kind
    date: datetime.date | None = None
    customer_number: str = ""
    payee_bankgiro: str = ""
    is_new_layout: bool = False
    entries: tuple[Entry, ...] = ()
