"""What came from the bank, and what is sent to it."""

from kvit.banking.queries.accounts import Payee, accounts, booked_until, closing_before, payees
from kvit.banking.queries.intakes import IntakeRow, StatementRow, intake, intakes, problems, statement, statements_of
from kvit.banking.queries.lines import (
    BankLine,
    LineDetails,
    booked_line_ids,
    latest_lines,
    line_details,
    line_ids_of,
    lines,
    locked_lines,
)
from kvit.banking.queries.outgoing import (
    PaymentFileRow,
    PaymentRow,
    payment_file,
    payment_file_called,
    payment_files,
    payments_for,
    payments_of,
)
from kvit.banking.queries.verification import booked_totals, verify

__all__ = [
    "BankLine",
    "IntakeRow",
    "LineDetails",
    "Payee",
    "PaymentFileRow",
    "PaymentRow",
    "StatementRow",
    "accounts",
    "booked_line_ids",
    "booked_totals",
    "booked_until",
    "closing_before",
    "intake",
    "intakes",
    "latest_lines",
    "line_details",
    "line_ids_of",
    "lines",
    "locked_lines",
    "payees",
    "payment_file",
    "payment_file_called",
    "payment_files",
    "payments_for",
    "payments_of",
    "problems",
    "statement",
    "statements_of",
    "verify",
]
