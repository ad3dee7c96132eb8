"""How an invoice is to be paid."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account to which money is sent (BG-17)."""

    number: str = ""
    """BT-84: IBAN, bankgiro, …"""
    name: str = ""
    """BT-85"""
    bank: str = ""
    """BT-86: BIC; in Sweden SE:BANKGIRO or SE:PLUSGIRO where the number is one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card that was or will be charged (BG-18); never its whole number."""

    number: str = ""
    """BT-87: at most the first six and the last four digits"""
    holder: str = ""
    """BT-88"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectDebit:
    """A debit by mandate (BG-19). The creditor's identifier (BT-90) is one of the whole invoice: see `Invoice`."""

    mandate: str = ""
    """BT-89"""
    account: str = ""
    """BT-91, the one debited"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMeans:
    """One way to pay (BG-16)."""

    code: str = ""
    """BT-81, of UNTDID 4461; see `MeansOfPayment`"""
    text: str = ""
    """BT-82"""
    reference: str = ""
    """BT-83: what the payer quotes"""
    account: Account | None = None
    card: Card | None = None
    direct_debit: DirectDebit | None = None
