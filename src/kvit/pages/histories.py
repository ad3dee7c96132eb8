"""Words about a firm's own history: what its file holds, what of it could not be read, why the robot would ask."""

from collections.abc import Mapping, Sequence
from typing import Final

from kvit.formats.books import link_history
from kvit.matching.domain.history import Fault
from kvit.pages.words import N_
from kvit.pages.words import gettext as _

_COLUMNS: Final[Mapping[str, str]] = {
    "payment_date": N_("the day of booking, 2026-03-31"),
    "amount": N_("what came in, with point or comma"),
    "payer_account": N_("the payer's account; may be empty"),
    "payer_name": N_("the payer's name; may be empty"),
    "text": N_("the text of the payment; may be empty"),
    "customer_number": N_("whose money it was; may be empty where the invoices are in Kvit"),
    "invoice_numbers": N_("the invoices it paid, separated by |; empty where it paid none"),
    "invoice_amounts": N_("how much of the payment went to each of them, separated by |"),
    "currency": N_("the currency; yours where it is empty"),
    "reference": N_("the bank's field for a reference"),
    "customer_name": N_("the customer's name, of customers that are not in Kvit"),
    "invoice_references": N_("the reference on each invoice"),
    "invoice_totals": N_("the total of each invoice"),
    "invoice_dates": N_("the day of issue of each invoice"),
    "due_dates": N_("the due date of each invoice"),
}
_FAULTS: Final[Mapping[str, str]] = {
    "history.too_large": N_("The file has more than %(most)s bytes."),
    "history.not_utf8": N_("The file is not UTF-8: save it as CSV UTF-8."),
    "history.missing": N_("These columns are missing: %(columns)s."),
    "history.not_csv": N_("This is not a CSV file."),
    "history.columns": N_("The row has more or fewer columns than the first line."),
    "history.currency": N_("%(value)s is not a currency."),
    "history.too_long": N_("More than %(most)s characters stand here."),
    "history.not_above_zero": N_("A payment that came in is above zero."),
    "history.too_much": N_("More is given to invoices than was paid."),
    "history.too_many": N_("More than %(most)s invoices stand here."),
    "history.twice": N_("An invoice is named twice, or a number is empty."),
    "history.lengths": N_("%(many)s stand here for %(invoices)s invoices."),
    "history.amount": N_("%(value)s is not an amount in %(currency)s."),
    "history.day": N_("%(value)s is not a day; write 2026-03-31."),
    "history.whose": N_("Invoice %(invoice)s is not in Kvit: say whose it is."),
    "history.no_payment": N_("There is no payment in the file."),
}
_BECAUSE: Final[Mapping[str, str]] = {
    "nothing": N_("No invoice explains the payment."),
    "closed": N_("What it quotes is paid already."),
    "twice": N_("The same was paid before."),
    "unsure": N_("Probably one invoice, not surely."),
    "another_payer": N_("The payer is known as somebody else."),
}


def columns() -> Sequence[tuple[str, str, bool]]:
    """(name, what it holds, whether the file must have it) of each column."""
    every = (*link_history.REQUIRED, *link_history.OPTIONAL)
    return [(name, _(_COLUMNS[name]), name in link_history.REQUIRED) for name in every]


def fault(of: Fault) -> str:
    """What could not be read, in the reader's words; in English where there are none."""
    found = _FAULTS.get(of.code)
    return _(found) % of.values if found is not None else of.reason


def because(code: str) -> str:
    """Why a person would have been asked."""
    return _(_BECAUSE[code])
