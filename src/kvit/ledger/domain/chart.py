"""The accounts every company has, by system code; national charts are mapped to them at export."""

from typing import Final


class Accounts:
    """System codes. Receivable and payable are control accounts: each line on them is an open item of a party."""

    RECEIVABLE: Final = "receivable"
    PAYABLE: Final = "payable"
    UNALLOCATED: Final = "unallocated"
    SALES: Final = "sales"
    OUTPUT_VAT: Final = "output_vat"
    PURCHASES: Final = "purchases"
    INPUT_VAT: Final = "input_vat"
    WRITE_OFF: Final = "write_off"
    ROUNDING: Final = "rounding"
    ADVANCES: Final = "advances"
    FEES: Final = "fees"


CHART: Final[tuple[tuple[str, str, bool], ...]] = (
    (Accounts.RECEIVABLE, "Trade receivables", True),
    (Accounts.PAYABLE, "Trade payables", True),
    (Accounts.UNALLOCATED, "Bank movements not yet allocated", False),
    (Accounts.SALES, "Sales", False),
    (Accounts.OUTPUT_VAT, "Output VAT", False),
    (Accounts.PURCHASES, "Purchases", False),
    (Accounts.INPUT_VAT, "Input VAT", False),
    (Accounts.WRITE_OFF, "Receivables written off", False),
    (Accounts.ROUNDING, "Rounding differences", False),
    (Accounts.ADVANCES, "Advances received", False),
    (Accounts.FEES, "Reminder fees and interest", False),
)
"""(code, English name, control account?)"""


def bank_account(account_id: int) -> str:
    """The ledger account of one account at a bank."""
    return f"bank:{account_id}"
