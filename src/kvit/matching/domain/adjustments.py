"""What may stand between the money that came and what customers are credited with, and why less was paid."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

ADJUSTMENT_ACCOUNTS: Final[Mapping[str, str]] = {
    "bank_fees": "Bank fees kept back",
    "exchange_difference": "Exchange differences",
    "rounding": "Rounding differences",
    "write_off": "Receivables written off",
    "reminder_fees": "Reminder fees received",
    "interest_income": "Interest received",
    "discounts": "Discounts taken",
}
"""Account code → English name. Of write_off no more may go than the company's rule lets."""

ASIDE_ACCOUNTS: Final[Mapping[str, str]] = {
    "bank_fees": "Bank fees kept back",
    "tax_account": "Payments to and from the tax office",
    "salaries": "Salaries paid",
    "loans": "Loans and interest",
    "own_transfers": "Transfers between own accounts",
    "suppliers_paid": "Payments to suppliers",
    "other_income": "Other income",
    "other_costs": "Other costs",
    "owner": "Owner's contributions and withdrawals",
}
"""What a movement that is no customer's may be set aside to; account code → English name."""


class ShortPay(StrEnum):
    """Why less was paid than is due; the rest stays open unless it is written off."""

    DISCOUNT = "discount"
    DISPUTE = "dispute"
    RETURN = "return"
    FEE = "fee"
    WITHHOLDING = "withholding"
    MISTAKE = "mistake"
    INSTALMENT = "instalment"
    OTHER = "other"
