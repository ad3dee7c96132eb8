"""What a bank's status report (pain.002) says about each payment of a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvit.banking.domain.payments import PaymentState
from kvit.formats.bank.pain.records import Level, OrderStatus

# ISO 20022 external codes. Accepted here means that the bank has taken it on, not yet that it is settled: a later
# rejection is possible and taken. RCVD, PDNG, PATC and PART leave a payment open.
_ACCEPTED: Final = frozenset({"ACCP", "ACSP", "ACSC", "ACWC", "ACCC", "ACFC", "ACWP"})
_REJECTED: Final = frozenset({"RJCT", "CANC"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one payment, and why (a code and the bank's words) where it was rejected."""

    state: PaymentState
    reason: str = ""


def answers(statuses: Sequence[OrderStatus], *, batch_id: str, end_to_end_ids: Sequence[str]) -> Mapping[str, Answer]:
    """The answer for each payment by its end-to-end id; payments that nothing is said about are left out.

    The more particular word counts: a payment's own, else its batch's, else the file's. A file that is only found
    well-formed (ACTC) or partly accepted (PART) says nothing about payments that it does not name.
    """
    of_all = _last(status for status in statuses if status.level is Level.FILE)
    of_batch = _last(
        status for status in statuses if status.level is Level.BATCH and status.payment_information_id in ("", batch_id)
    )
    common = of_batch if of_batch is not None else of_all
    found = {} if common is None else dict.fromkeys(end_to_end_ids, common)
    known = frozenset(end_to_end_ids)
    for status in statuses:
        if status.level is Level.PAYMENT and status.end_to_end_id in known:
            answer = _answer(status)
            if answer is not None:
                found[status.end_to_end_id] = answer
            else:
                found.pop(status.end_to_end_id, None)
    return found


def _last(statuses: Iterable[OrderStatus]) -> Answer | None:
    found = None
    for status in statuses:
        found = _answer(status) or found
    return found


def _answer(status: OrderStatus) -> Answer | None:
    if status.status in _REJECTED:
        told = "; ".join(f"{reason.code} {reason.text}".strip() for reason in status.reasons)
        return Answer(PaymentState.REJECTED, told or status.status)
    if status.status in _ACCEPTED:
        return Answer(PaymentState.ACCEPTED)
    return None
