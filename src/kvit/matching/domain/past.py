"""What is known of some time past: invoices, payments and what they were confirmed to pay, customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice or a credit note (negative) as it was issued; minor units, ids of any kind that tell them apart."""

    item_id: int
    party_id: int
    number: str
    reference: str
    amount_minor: int
    currency: str
    issue_date: date
    due_date: date


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment with what it was confirmed to pay: (item, minor units), none where it paid no invoice.

    `party_id` is whose money it was, 0 where it had to do with no customer; `line` its place in the file.
    """

    line: int
    payment_date: date
    amount_minor: int
    currency: str
    payer_name: str
    payer_account: str
    reference: str
    text: str
    party_id: int
    pays: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Past:
    """All that is known of some time: invoices, payments, and (party, number, name) of customers."""

    invoices: tuple[PastInvoice, ...]
    payments: tuple[PastPayment, ...]
    customers: tuple[tuple[int, str, str], ...]


def payers(past: Past) -> Mapping[tuple[int, str, str], int]:
    """Who paid for whom, and how often: (party, account, name) of payments that paid invoices of one customer."""
    found: dict[tuple[int, str, str], int] = {}
    owner = {one.item_id: one.party_id for one in past.invoices}
    for payment in past.payments:
        parties = {owner[item] for item, _ in payment.pays}
        if len(parties) == 1 and (payment.payer_account or payment.payer_name):
            who = (parties.pop(), payment.payer_account, payment.payer_name)
            found[who] = found.get(who, 0) + 1
    return found
