"""What reports on our own orders say, in a line each; and which direct debits failed, with the bank's reason."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kvit.formats.bank.autogiro.records import AutogiroFile, Direction, Kind, Mandate, MandateAction, Transfer
from kvit.formats.bank.fields import decimal_text
from kvit.formats.bank.lb.records import LbFile
from kvit.formats.bank.pain.records import OrderStatus

# Bankgirot, Bg Autogiro, technical manual: the status of a withdrawal in a payment specification.
_NOT_PAID: Final = {
    "1": "the account holds too little",
    "2": "there is no such account any more",
    "9": "the account holds too little; it is tried again",
}
_PAID: Final = frozenset({"", "0", " "})
# 32: a new mandate; 33: cancelled as the payee asked. All others say that there is no mandate, or none any more.
_MANDATE_STANDS: Final = frozenset({"", "32", "33"})


def of_statuses(statuses: Sequence[OrderStatus]) -> str:
    """How often each status is given: "payment status report: ACSC 3, RJCT 1"."""
    counted = Counter(one.status for one in statuses if one.status)
    return f"payment status report: {', '.join(f'{status} {count}' for status, count in sorted(counted.items()))}"


def of_lb(section: LbFile) -> str:
    """What a section of an LB report is and how many payments it names."""
    total = decimal_text(sum(one.amount_minor for one in section.payments), section.currency)
    return f"LB, {section.kind.value} of {section.date or 'no day'}: {len(section.payments)} payments, {total}"


def of_autogiro(section: AutogiroFile) -> str:
    """What an Autogiro section is: mandates and transfers, and how many of them failed."""
    transfers = [one for one in section.entries if isinstance(one, Transfer)]
    mandates = sum(isinstance(one, Mandate) for one in section.entries)
    failed = len(failed_debits(section))
    return (
        f"Autogiro, {section.kind.value.replace('_', ' ')} of {section.date or 'no day'}: {len(transfers)} transfers, "
        f"{mandates} mandates, {failed} failed"
    )


def failed_debits(section: AutogiroFile) -> tuple[str, ...]:
    """Each withdrawal that was not paid, was rejected or taken back, and each mandate that ended, with the code.

    The payer is named by the number the payee gave them, never by name or account.
    """
    found = [_failed(section.kind, one) for one in section.entries if isinstance(one, Transfer | Mandate)]
    return tuple(what for what in found if what)


def _failed(kind: Kind, entry: Transfer | Mandate) -> str:
    payer = f"payer {entry.payer_number}"
    if isinstance(entry, Mandate):
        is_refused = entry.action is MandateAction.ADVISED and entry.comment_code not in _MANDATE_STANDS
        return f"mandate of {payer}: comment {entry.comment_code} of Bankgirot" if is_refused else ""
    amount = decimal_text(entry.amount_minor, "SEK")
    if entry.direction is Direction.REFUND:
        return f"{amount} of {payer} was taken back on {entry.refund_date}: reason {entry.code or '-'}"
    if entry.direction is not Direction.DEBIT:
        return ""
    if kind is Kind.REJECTED_ORDERS:
        return f"withdrawal of {amount} from {payer} was rejected: comment {entry.code or '-'}"
    if kind is Kind.PAYMENT_SPECIFICATION and entry.code not in _PAID:
        return f"withdrawal of {amount} from {payer} failed: {_NOT_PAID.get(entry.code, 'unknown')} ({entry.code})"
    return ""
