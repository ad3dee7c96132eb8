"""The ledger behind a document: entries, lines, open items, allocations, commands."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse

from kvit.desk import answers
from kvit.ledger.domain import Accounts
from kvit.pages import access
from kvit.pages.read import books as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import N_, gettext

_ACCOUNTS: Final = {
    Accounts.RECEIVABLE: N_("Trade receivables"),
    Accounts.PAYABLE: N_("Trade payables"),
    Accounts.UNALLOCATED: N_("Bank movements not yet allocated"),
    Accounts.SALES: N_("Sales"),
    Accounts.OUTPUT_VAT: N_("Output VAT"),
    Accounts.PURCHASES: N_("Purchases"),
    Accounts.INPUT_VAT: N_("Input VAT"),
    Accounts.WRITE_OFF: N_("Receivables written off"),
    Accounts.ROUNDING: N_("Rounding differences"),
    Accounts.ADVANCES: N_("Advances received"),
    Accounts.FEES: N_("Reminder fees and interest"),
}
_KINDS: Final = {
    "sale": N_("Sale"),
    "credit": N_("Credit note"),
    "payment": N_("Payment"),
    "bank_statement": N_("Bank statement"),
    "write_off": N_("Write-off"),
    "purchase": N_("Purchase"),
    "purchase_credit": N_("Credit note of a supplier"),
}


@access.staff()
def books(request: HttpRequest, who: Staff, kind: str, subject_id: int) -> HttpResponse:
    """What the books say about an invoice, a payment or a statement."""
    found = reading.books(kind, subject_id)
    if found is None:
        raise Http404
    return answers.page(request, who, "books", books=found, account_name=account_name, kind_name=_kind_name)


def account_name(code: str, name: str) -> str:
    """An account of the system's chart in the reader's language; a bank account as the company calls it."""
    known = _ACCOUNTS.get(code)
    return gettext(known) if known is not None else name


def _kind_name(kind: str) -> str:
    known = _KINDS.get(kind)
    return gettext(known) if known is not None else kind
