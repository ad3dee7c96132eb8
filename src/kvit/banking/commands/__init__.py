"""What may be done at the bank's side: open accounts, take files in, decide on held statements."""

from kvit.banking.commands.accounts import AccountNumberTaken, BankAccountOpened, open_bank_account
from kvit.banking.commands.booking import NoSuchStatement
from kvit.banking.commands.deciding import StatementDecided, reject_statement, release_statement
from kvit.banking.commands.taking import (
    FileFlagged,
    IntakeBegun,
    IntakeEnded,
    LinesTaken,
    NoSuchIntake,
    ProblemsNoted,
    StatementBegun,
    StatementSettled,
    begin_intake,
    begin_statement,
    end_intake,
    flag_file,
    note_problems,
    receive_file,
    settle_statement,
    take_lines,
)

__all__ = [
    "AccountNumberTaken",
    "BankAccountOpened",
    "FileFlagged",
    "IntakeBegun",
    "IntakeEnded",
    "LinesTaken",
    "NoSuchIntake",
    "NoSuchStatement",
    "ProblemsNoted",
    "StatementBegun",
    "StatementDecided",
    "StatementSettled",
    "begin_intake",
    "begin_statement",
    "end_intake",
    "flag_file",
    "note_problems",
    "open_bank_account",
    "receive_file",
    "reject_statement",
    "release_statement",
    "settle_statement",
    "take_lines",
]
