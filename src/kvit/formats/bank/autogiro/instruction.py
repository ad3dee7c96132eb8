"""What is asked of Bankgirot by Autogiro: mandates, payments, cancellations and new dates, as plain values."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kvit.kernel.money import Money

# A payer is known by a number of at most 16 digits that the company chose, or that is the payer's bankgiro number.


class Period(StrEnum):
    """How often a payment is repeated by itself (period code)."""

    ONCE = "0"
    MONTHLY = "1"
    QUARTERLY = "2"
    HALF_YEARLY = "3"
    YEARLY = "4"
    MONTH_END = "5"
    QUARTER_END = "6"
    HALF_YEAR_END = "7"
    YEAR_END = "8"


class Direction(StrEnum):
    """Money from the payer (TK82), or back to the payer (TK32)."""

    FROM_PAYER = "82"
    TO_PAYER = "32"


@dataclass(frozen=True, slots=True)
class NewMandate:
    """TK04: a new mandate on a bank account (clearing number and account), with the payer's civic or company number.

    Without an account the payer's number is the payer's bankgiro number.
    """

    payer_number: str
    clearing: str = ""
    account: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class MandateAnswer:
    """TK04: the answer to a mandate applied for in an internet bank: taken, or refused (AV)."""

    payer_number: str
    accepted: bool
    clearing: str = ""
    account: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class EndMandate:
    """TK03: the mandate ends, and with it its payments that wait."""

    payer_number: str


@dataclass(frozen=True, slots=True)
class RenumberPayer:
    """TK05: the payer gets another number, perhaps under another bankgiro number of the company."""

    payer_number: str
    new_payer_number: str
    new_bankgiro: str = ""


MandateRecord: TypeAlias = NewMandate | MandateAnswer | EndMandate | RenumberPayer


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """TK82, TK32: one payment; `payment_date` None is the next possible bank day (GENAST).

    `times` is how often a repeated payment is made, None until it is cancelled. `reference` (at most 16 characters)
    comes back with the payment.
    """

    payer_number: str
    amount: Money
    payment_date: datetime.date | None
    reference: str = ""
    direction: Direction = Direction.FROM_PAYER
    period: Period = Period.ONCE
    times: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """TK23 to TK25: payments that wait are not made: all of a payer, those of one day, or a single one."""

    payer_number: str
    payment_date: datetime.date | None = None
    amount: Money | None = None
    direction: Direction = Direction.FROM_PAYER
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postpone:
    """TK26 to TK29: payments that wait get a new date: all of the company, those of one day, of one payer that day,

    or a single one.
    """

    new_date: datetime.date
    payment_date: datetime.date | None = None
    payer_number: str = ""
    amount: Money | None = None
    direction: Direction = Direction.FROM_PAYER
    reference: str = ""


Amendment: TypeAlias = Cancel | Postpone


@dataclass(frozen=True, slots=True, kw_only=True)
class AutogiroOrder:
    """A file to Bankgirot: each kind of record goes into a section of its own.

    `customer_number` (at most 6 digits) is the company's at Bankgirot, `bankgiro` its number as payee.
    """

    written_date: datetime.date
    customer_number: str
    bankgiro: str
    mandates: tuple[MandateRecord, ...] = ()
    payments: tuple[Payment, ...] = ()
    amendments: tuple[Amendment, ...] = ()
