"""What stands in one line of an Elixir-0 file, as plain values."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from kvit.kernel.money import Money


class CodePage(StrEnum):
    """The code pages that banks ask for."""

    CP852 = "cp852"
    CP1250 = "cp1250"
    ISO_8859_2 = "iso8859-2"


class Kind(StrEnum):
    """The last column: an ordinary transfer, or a split payment."""

    ORDINARY = "51"
    SPLIT_PAYMENT = "53"


@dataclass(frozen=True, slots=True, kw_only=True)
class ElixirTransfer:
    """One transfer in PLN. Accounts are NRB of 26 digits; names, addresses and title at most four lines each.

    The title of a split payment is the text /VAT/…/IDC/…/INV/…/TXT/… in one line, which is cut every 35 characters.
    """

    execution_date: datetime.date
    amount: Money
    payer_account: str
    payee_account: str
    payer: tuple[str, ...]
    payee: tuple[str, ...]
    title: tuple[str, ...]
    kind: Kind = Kind.ORDINARY
