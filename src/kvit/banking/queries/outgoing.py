"""Files of payments for the bank."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString

from kvit.banking.domain.payments import AT_THE_BANK, SIGNATURES, PaymentFileState, PaymentFormat, PaymentState
from kvit.base import rows
from kvit.kernel.results import Problem

ANSWERABLE: Final = AT_THE_BANK | {PaymentFileState.REJECTED}
"""A bank can have something to say about a file that stands so."""


@dataclass(frozen=True, slots=True)
class PaymentFileRow:
    """A payment file; `sha256` finds its content, `signed_by` the persons in the order in which they signed.

    `notes` are (place, text) of what could not be written as it was given.
    """

    id: int
    account_id: int
    format: PaymentFormat
    message_id: str
    execution_date: date
    payments: int
    total_minor: int
    currency: str
    sha256: str
    name: str
    state: PaymentFileState
    made_by: str
    made_at: datetime
    signed_by: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment in a file, what it is for, and why the bank rejected it if it did."""

    id: int
    payment_file_id: int
    end_to_end_id: str
    subject_kind: str
    subject_id: int
    amount_minor: int
    currency: str
    payee_name: str
    payee_account: str
    state: PaymentState
    reason: str


def payment_files(states: Sequence[PaymentFileState] = tuple(PaymentFileState)) -> tuple[PaymentFileRow, ...]:
    """The payment files that stand so, the newest first."""
    return _payment_files("p.state = ANY(%s)", [state.value for state in states])


def payment_file(payment_file_id: int) -> PaymentFileRow | None:
    """One payment file."""
    return next(iter(_payment_files("p.id = %s", payment_file_id)), None)


def payment_file_called(message_id: str) -> PaymentFileRow | None:
    """The payment file that the bank knows by this message id."""
    return next(iter(_payment_files("p.message_id = %s", message_id)), None)


def _payment_files(condition: LiteralString, value: object) -> tuple[PaymentFileRow, ...]:
    found = rows.select(
        """
        SELECT p.id, p.account_id, p.format, p.message_id, p.execution_date, p.payment_count, p.total_minor, p.currency,
               f.sha256, f.name, p.state, p.made_by, c.at,
               ARRAY(SELECT s.person FROM banking_paymentsignature s WHERE s.payment_file_id = p.id ORDER BY s.id),
               p.notes
        FROM banking_paymentfile p JOIN base_file f ON f.id = p.file_id JOIN base_command c ON c.id = p.command_id
        WHERE """
        + condition
        + " ORDER BY p.id DESC",
        [value],
    )
    return tuple(PaymentFileRow(*_with_enums(row)) for row in found)


def _with_enums(row: Sequence[Any]) -> list[Any]:
    values = list(row)
    values[2], values[10] = PaymentFormat(values[2]), PaymentFileState(values[10])
    values[13] = tuple(values[13])
    values[14] = tuple((place, text) for place, text in json.loads(values[14]))
    return values


def payments_of(payment_file_id: int) -> tuple[PaymentRow, ...]:
    """The payments of a file in its order."""
    return _payments("payment_file_id = %s", payment_file_id)


def payments_for(subject_kind: str, subject_id: int) -> tuple[PaymentRow, ...]:
    """Every attempt to pay a subject, the oldest first; at most one is open or accepted."""
    return tuple(one for one in _payments("subject_id = %s", subject_id) if one.subject_kind == subject_kind)


def payments_about(subject_kind: str, subject_ids: Sequence[int]) -> tuple[PaymentRow, ...]:
    """Every attempt to pay these subjects, the oldest first; of each at most one is open or accepted."""
    return tuple(
        one
        for one in _payments("subject_id IN (SELECT unnest(%s::bigint[]))", list(subject_ids))
        if one.subject_kind == subject_kind
    )


def own_payments(line_ids: Sequence[int]) -> dict[int, PaymentRow]:
    """Those of these lines by which a payment of ours went out: the bank names its number, amount and currency fit."""
    found = rows.select(
        """
        SELECT l.id, p.id FROM banking_line l
        JOIN banking_payment p ON p.end_to_end_id = l.details->>'end_to_end_id'
        WHERE l.id IN (SELECT unnest(%s::bigint[])) AND l.amount_minor = -p.amount_minor AND l.currency = p.currency
        ORDER BY l.id
        """,
        [list(line_ids)],
    )
    paid = {one.id: one for one in _payments("id IN (SELECT unnest(%s::bigint[]))", [row[1] for row in found])}
    return {line_id: paid[payment_id] for line_id, payment_id in found}


def payment_called(end_to_end_id: str) -> PaymentRow | None:
    """The payment that the bank knows by this id of ours."""
    return next(iter(_payments("end_to_end_id = %s", end_to_end_id)), None) if end_to_end_id else None


def _payments(condition: LiteralString, value: object) -> tuple[PaymentRow, ...]:
    found = rows.select(
        """
        SELECT id, payment_file_id, end_to_end_id, subject_kind, subject_id, amount_minor, currency, payee_name,
               payee_account, state, reason FROM banking_payment WHERE """
        + condition
        + " ORDER BY id",
        [value],
    )
    return tuple(PaymentRow(*[*row[:9], PaymentState(row[9]), row[10]]) for row in found)


def payment_file_problems() -> tuple[Problem, ...]:
    """Payment files whose payments are not what the file says, or that went on without two signatures."""
    return tuple(
        Problem("banking", f"payment file {payment_file_id}: {what}")
        for payment_file_id, what in rows.select(
            """
            SELECT p.id, CASE
                WHEN (n.count, n.total) IS DISTINCT FROM (p.payment_count::bigint, p.total_minor)
                    THEN p.payment_count || ' payments of ' || p.total_minor || ', ' || n.count || ' of '
                         || coalesce(n.total, 0) || ' in the books'
                WHEN p.state NOT IN ('made', 'discarded') AND s.count < %s THEN p.state || ' with ' || s.count
                     || ' signatures'
                WHEN p.state = 'discarded' AND n.live > 0 THEN 'discarded, but ' || n.live || ' payments are held'
                WHEN p.state = 'acknowledged' AND n.open > 0 THEN 'acknowledged, but ' || n.open || ' are open'
                WHEN p.state = 'rejected' AND n.live > 0 THEN 'rejected, but ' || n.live || ' payments are held'
            END AS what
            FROM banking_paymentfile p
            CROSS JOIN LATERAL (
                SELECT count(*), sum(amount_minor)::bigint AS total, count(*) FILTER (WHERE state = 'open') AS open,
                       count(*) FILTER (WHERE state IN ('open', 'accepted')) AS live
                FROM banking_payment WHERE payment_file_id = p.id) n
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT person) FROM banking_paymentsignature WHERE payment_file_id = p.id) s
            ORDER BY 1
            """,
            [SIGNATURES],
        )
        if what is not None
    )
