"""What a bank file says, whatever its format: statements, their lines, and the events of reading one."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from kvit.kernel.results import Problem, Read


@dataclass(frozen=True, slots=True)
class Part:
    """One reference inside a payment, and what the payer says it pays of it.

    `reference` is a payment reference, an invoice number or, in an unsplit batch, an end-to-end id.
    `amount_minor` is signed like the line (a credit note in a credit is negative), in the line's
    currency; None where the file states no amount for this reference.
    """

    reference: str
    amount_minor: int | None = None


@dataclass(slots=True, kw_only=True, unsafe_hash=True)
class Line:
    """One booked movement on the account. A text the file does not state is "".

    `place` is where it stands in the file ("Stmt[1]/Ntry[3]", "line 12") and is unique in it.
    `booking_date` is the bank's booking day; `value_date` is None where the bank gives none.
    `amount_minor` is in minor units of `currency`, positive when the account is credited.
    `reference` is the structured reference; `reference_type` says what kind ("SCOR", "QRR"; "OCR" means
    that the clearing house checked it). `parts` are all references, with their amounts where stated.
    `text` is what the payer wrote; where there is none, what the bank wrote. `bank_text` is the bank's.
    `bank_id` is the bank's own number for the movement; unique only as far as the bank keeps it so.
    `transaction_code` is the ISO 20022 domain code ("PMNT-RCDT-ESCT") or "BGMAX-" and the channel;
    `proprietary_code` the bank's own. `reason_code` says why money came back or was deducted.
    `is_reversal`: the movement takes back an earlier one; `amount_minor` is signed as it was booked.
    `batch_position` counts from 1 within a split batch entry, 0 for a line that is a whole entry;
    `batch_size` is how many payments the entry stands for, 1 for a single one.

    Nobody changes a line; it is not frozen because a frozen one takes 3.6 times as long to make (3.6 against
    1.0 µs), and a file has hundreds of thousands.
    """

    place: str
    booking_date: datetime.date
    value_date: datetime.date | None
    amount_minor: int
    currency: str
    counterparty_name: str = ""
    counterparty_account: str = ""
    counterparty_id: str = ""
    counterparty_address: tuple[str, ...] = ()
    ultimate_party_name: str = ""
    reference: str = ""
    reference_type: str = ""
    parts: tuple[Part, ...] = ()
    text: str = ""
    bank_text: str = ""
    bank_id: str = ""
    entry_reference: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    instruction_id: str = ""
    payment_information_id: str = ""
    mandate_id: str = ""
    transaction_code: str = ""
    proprietary_code: str = ""
    reason_code: str = ""
    instructed_minor: int | None = None
    instructed_currency: str = ""
    is_reversal: bool = False
    has_image: bool = False
    batch_position: int = 0
    batch_size: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the file itself declares about its entries: counts, and sums in minor units; None is not declared.

    `sum_minor` adds all amounts without sign; `net_minor` with sign; credits and debits are unsigned.
    """

    count: int | None = None
    sum_minor: int | None = None
    net_minor: int | None = None
    credit_count: int | None = None
    credit_minor: int | None = None
    debit_count: int | None = None
    debit_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One account's movements in one file. A text the file does not state is "".

    `account` is the IBAN, or the account number as the bank writes it, or the bankgiro number in digits.
    Balances are in minor units of `currency`, negative when overdrawn; None where the file gives none.
    `copy_code` is "COPY", "DUPL" or "CODU" when the bank says it sent this statement before.
    `is_test` is set where the file calls itself a test: its lines are no money.
    `deposit_account` is the bank account a bankgiro deposit went to. `text` is what the bank says about the
    account or the statement as a whole. `profile` is the key of the profile that read a file in columns;
    `is_currency_assumed` says that the profile named the currency and not the file.
    """

    place: str
    account: str
    currency: str
    opening_minor: int | None = None
    closing_minor: int | None = None
    opening_date: datetime.date | None = None
    closing_date: datetime.date | None = None
    statement_id: str = ""
    message_id: str = ""
    sequence_number: str = ""
    from_date: datetime.date | None = None
    to_date: datetime.date | None = None
    account_owner: str = ""
    deposit_account: str = ""
    copy_code: str = ""
    is_test: bool = False
    text: str = ""
    declared: Totals = Totals()
    profile: str = ""
    is_currency_assumed: bool = False
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementOpened:
    """A statement begins; its header as far as it is known before the first line, `lines` empty."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class StatementClosed:
    """The statement is complete (or cut off, which a Problem says); its final header, `lines` empty."""

    statement: Statement


# The events of reading a file, in its order: every Line stands between the StatementOpened and the
# StatementClosed of its statement; a Problem may stand anywhere. Each entry of the file gives exactly one Line or
# one Problem with the entry's place, or, split, a Line for each of its payments. A Problem at any other place is a
# remark: on a part of an entry that was read nevertheless ("Stmt[1]/Ntry[3]/ValDt"), on a statement ("Stmt[1]") or
# on the file.
Event: TypeAlias = StatementOpened | Line | StatementClosed | Problem


def collected(events: Iterable[Event]) -> Read[Statement]:
    """All events of one file as statements with their lines, and the problems beside them."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    lines: list[Line] = []
    for event in events:
        if isinstance(event, Line):
            lines.append(event)
        elif isinstance(event, Problem):
            problems.append(event)
        elif isinstance(event, StatementClosed):
            statements.append(replace(event.statement, lines=tuple(lines)))
            lines = []
        else:
            lines = []
    return Read(tuple(statements), tuple(problems))
