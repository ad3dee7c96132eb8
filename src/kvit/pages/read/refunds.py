"""Refunds that wait to be paid: to whom, from which payment, and the payment file that pays them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kvit.banking import queries as banking
from kvit.banking.domain.payments import LIVE_PAYMENTS, PaymentFormat, PaymentState
from kvit.banking.queries import PaymentFileRow, PaymentRow
from kvit.matching import queries as matching
from kvit.matching.domain.paying_back import SCHEMES, payee_account
from kvit.matching.queries import AskedRefund
from kvit.pages.read import people
from kvit.parties import queries as parties

SUBJECT = "refund"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that is to go back: whose advance it is, and who sent it.

    `account` is empty where the bank did not say from which account it came in a way that a payment file can name.
    `file` pays it, or may; `rejected` is why an earlier file did not.
    """

    asked: AskedRefund
    who: str
    customer: str
    payer: str
    account: str
    file: PaymentFileRow | None
    rejected: str

    @property
    def is_free(self) -> bool:
        """Whether it can go into a payment file."""
        return bool(self.account) and self.file is None


@dataclass(frozen=True, slots=True)
class Group:
    """Refunds of one currency with the company's accounts that can pay them, each as (id, name, number)."""

    currency: str
    refunds: tuple[Refund, ...]
    accounts: tuple[tuple[int, str, str], ...]
    formats: tuple[PaymentFormat, ...]

    @property
    def free_count(self) -> int:
        """How many can go into a payment file."""
        return sum(one.is_free for one in self.refunds)


_FORMATS = (PaymentFormat.PAIN_001_09, PaymentFormat.PAIN_001_03)
_NATIONAL = {
    "SEK": (PaymentFormat.LB,),
    "PLN": (PaymentFormat.ELIXIR_CP1250, PaymentFormat.ELIXIR_CP852, PaymentFormat.ELIXIR_ISO_8859_2),
}


def asked() -> tuple[Group, ...]:
    """Refunds that wait, the oldest first, by currency. Needs the tenant's scope."""
    found = matching.refunds_asked()
    lines = {line.id: line for line in banking.lines([one.line_id for one in found])}
    names = parties.names([one.party_id for one in found])
    who = people.names_of(one.asked_by for one in found)
    live, rejected = _payments([one.id for one in found])
    groups: dict[str, list[Refund]] = defaultdict(list)
    for one in found:
        line = lines[one.line_id]
        is_known = payee_account(line.counterparty_account, one.currency) is not None
        groups[one.currency].append(
            Refund(
                asked=one,
                who=who[one.asked_by],
                customer=names.get(one.party_id, ""),
                payer=line.counterparty_name,
                account=line.counterparty_account if is_known else "",
                file=live.get(one.id),
                rejected=rejected.get(one.id, ""),
            )
        )
    return tuple(_group(currency, refunds) for currency, refunds in sorted(groups.items()))


def file_of(refund_id: int) -> PaymentFileRow | None:
    """The payment file that pays a refund, or may. Needs the tenant's scope."""
    return _payments([refund_id])[0].get(refund_id)


def _payments(refund_ids: Sequence[int]) -> tuple[dict[int, PaymentFileRow], dict[int, str]]:
    """The file of each refund that one pays, and why the bank rejected others."""
    live: dict[int, PaymentFileRow] = {}
    rejected: dict[int, str] = {}
    for one in banking.payments_about(SUBJECT, refund_ids):
        if one.state.value in LIVE_PAYMENTS:
            if (file := banking.payment_file(one.payment_file_id)) is not None:
                live[one.subject_id] = file
        elif one.state is PaymentState.REJECTED:
            rejected[one.subject_id] = _reason(one)
    return live, rejected


def _reason(payment: PaymentRow) -> str:
    return payment.reason or "–"


def _group(currency: str, refunds: Sequence[Refund]) -> Group:
    accounts = tuple(
        (account_id, name, number)
        for account_id, (number, of, name) in banking.accounts().items()
        if of == currency and payee_account(number, currency) is not None
    )
    formats = (*_FORMATS, *_NATIONAL.get(currency, ())) if currency in SCHEMES else ()
    return Group(currency, tuple(refunds), accounts, formats)
