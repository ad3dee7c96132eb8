"""A payment file and the payments in it: what is asked for, and where each may stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kvit.formats.bank.pain.order import Account, Ksef, Party, Remittance
from kvit.kernel.lifecycle import Lifecycle
from kvit.kernel.money import Money


class PaymentFileState(StrEnum):
    """Made, signed by two persons, then handed to the bank once. Nothing leads back to where it could be sent again,
    but from a hand-over that certainly did not take place.

    `SENDING` is the intent before the world is touched; what is in doubt after that is `UNKNOWN` until the bank or a
    person tells. `DISCARDED` was never sent.
    """

    MADE = "made"
    SIGNED = "signed"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    ACKNOWLEDGED = "acknowledged"
    PARTLY_REJECTED = "partly_rejected"
    REJECTED = "rejected"
    DISCARDED = "discarded"


class PaymentState(StrEnum):
    """Open from when a file holds it; accepted by the bank; or free again: rejected, or discarded with its file."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISCARDED = "discarded"


_FILE, _PAYMENT = PaymentFileState, PaymentState
_ANSWERED: Final = frozenset({_FILE.ACKNOWLEDGED, _FILE.PARTLY_REJECTED, _FILE.REJECTED})

PAYMENT_FILE = Lifecycle(
    kind="bank_payment_file",
    table="banking_paymentfile",
    moves={
        _FILE.MADE: frozenset({_FILE.SIGNED, _FILE.DISCARDED}),
        _FILE.SIGNED: frozenset({_FILE.SENDING, _FILE.DISCARDED}),
        _FILE.SENDING: frozenset({_FILE.SENT, _FILE.UNKNOWN, _FILE.SIGNED}) | _ANSWERED,
        _FILE.SENT: _ANSWERED,
        _FILE.UNKNOWN: frozenset({_FILE.SENT}) | _ANSWERED,
        _FILE.ACKNOWLEDGED: frozenset({_FILE.PARTLY_REJECTED, _FILE.REJECTED}),
        _FILE.PARTLY_REJECTED: frozenset({_FILE.REJECTED}),
        _FILE.REJECTED: frozenset(),
        _FILE.DISCARDED: frozenset(),
    },
)
PAYMENT = Lifecycle(
    kind="bank_payment",
    table="banking_payment",
    moves={
        _PAYMENT.OPEN: frozenset({_PAYMENT.ACCEPTED, _PAYMENT.REJECTED, _PAYMENT.DISCARDED}),
        _PAYMENT.ACCEPTED: frozenset({_PAYMENT.REJECTED}),
        _PAYMENT.REJECTED: frozenset(),
        _PAYMENT.DISCARDED: frozenset(),
    },
)
AT_THE_BANK: Final = frozenset({_FILE.SENDING, _FILE.SENT, _FILE.UNKNOWN, _FILE.ACKNOWLEDGED, _FILE.PARTLY_REJECTED})
"""A file that stands here has, or may have, reached the bank: answers are taken."""

LIVE_PAYMENTS: Final = ("open", "accepted")
"""What a subject may have one of: a payment that is, or may yet be, made."""

SIGNATURES: Final = 2
PERSON: Final = "user:"


class PaymentFormat(StrEnum):
    """The files that are made."""

    PAIN_001_03 = "pain.001.001.03"
    PAIN_001_09 = "pain.001.001.09"
    LB = "lb"
    ELIXIR_CP852 = "elixir-0 cp852"
    ELIXIR_CP1250 = "elixir-0 cp1250"
    ELIXIR_ISO_8859_2 = "elixir-0 iso8859-2"


class SendingOutcome(StrEnum):
    """What is known of a hand-over: done; in doubt (a time-out, a crash); or certainly not even begun."""

    SENT = "sent"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentToMake:
    """Something owed, paid once: `(subject_kind, subject_id)` is what it is for, without a key across strangers."""

    subject_kind: str
    subject_id: int
    amount: Money
    payee: Party
    account: Account
    remittance: Remittance
    ksef: Ksef | None = None


def file_state(payments: Sequence[PaymentState]) -> PaymentFileState | None:
    """Where a file stands whose payments stand so; None while the bank has not answered for all of them."""
    rejected = sum(state is PaymentState.REJECTED for state in payments)
    if rejected == len(payments):
        return PaymentFileState.REJECTED
    if rejected:
        return PaymentFileState.PARTLY_REJECTED
    return None if PaymentState.OPEN in payments else PaymentFileState.ACKNOWLEDGED
