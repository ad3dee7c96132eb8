"""What a SIE file says: company, years, accounts, balances and vouchers; shared by reader and writer.

Source: SIE-Gruppen, SIE filformat, edition 4B, 2008. Amounts are in hundredths of the file's currency,
positive in debit. A text is "" and a day None where the file leaves it out.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AccountType(StrEnum):
    """#KTYP: asset (T), liability (S), cost (K), income (I)."""

    ASSET = "T"
    LIABILITY = "S"
    COST = "K"
    INCOME = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """#KONTO with its #KTYP, #SRU codes and #ENHET."""

    number: str
    name: str
    account_type: AccountType | None = None
    sru_codes: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """A dimension's number and an object of it: {"1" "456"}."""

    dimension: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """#DIM, or #UNDERDIM with the dimension it belongs to."""

    number: str
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """#OBJEKT: one cost centre, project ..."""

    dimension: str
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalYear:
    """#RAR: 0 is the year of the file, -1 the one before."""

    index: int
    from_date: datetime.date
    to_date: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """#IB, #UB, #RES, #OIB, #OUB, #PSALDO or #PBUDGET (`label` without the #).

    `period` is "YYYYMM" for PSALDO and PBUDGET, else "".
    """

    place: str
    label: str
    year: int
    account: str
    amount_minor: int
    period: str = ""
    objects: tuple[ObjectRef, ...] = ()
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """#TRANS; or #RTRANS (`label`), added later, and #BTRANS, struck out, which do not count to the sum.

    #RTRANS is followed by a #TRANS of the same content for programs that do not know it, so only TRANS counts.
    """

    place: str
    account: str
    amount_minor: int
    label: str = "TRANS"
    objects: tuple[ObjectRef, ...] = ()
    date: datetime.date | None = None
    text: str = ""
    quantity: Decimal | None = None
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """#VER with its transactions. `number` is "" in a file to be imported (type 4I), where the receiver numbers."""

    place: str
    series: str
    number: str
    date: datetime.date
    text: str = ""
    registered_date: datetime.date | None = None
    sign: str = ""
    transactions: tuple[Transaction, ...] = ()

    @property
    def sum_minor(self) -> int:
        """What the transactions that count add up to; zero when the voucher balances."""
        return sum(one.amount_minor for one in self.transactions if one.label == "TRANS")


@dataclass(frozen=True, slots=True, kw_only=True)
class SieFile:
    """One SIE file. `encoding` is what its characters were found to be in; PC8 (CP437) is the rule.

    `sie_type` is "1" to "4"; a file that has vouchers but no balances is of type 4I, for import.
    """

    sie_type: str = "1"
    flag: str = "0"
    program: str = ""
    program_version: str = ""
    generated_date: datetime.date | None = None
    generated_by: str = ""
    company_name: str = ""
    company_id: str = ""
    company_number: str = ""
    company_type: str = ""
    address: tuple[str, ...] = ()
    chart: str = ""
    currency: str = "SEK"
    tax_year: str = ""
    scope_date: datetime.date | None = None
    note: str = ""
    years: tuple[FiscalYear, ...] = ()
    accounts: tuple[Account, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    objects: tuple[Object, ...] = ()
    balances: tuple[Balance, ...] = ()
    vouchers: tuple[Voucher, ...] = ()
    encoding: str = "cp437"
