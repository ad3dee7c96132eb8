"""Why something waits for a person or was done by the robot: from a code and what it speaks of to a sentence."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from kvit.pages import figures, words
from kvit.pages.words import N_, gettext

Params = Mapping[str, str | int | bool | None]

TEXTS: Final[Mapping[str, str]] = {
    "matching.outgoing": N_("Money went out; say what for."),
    "matching.no_reference": N_("The payment carries no reference."),
    "matching.unknown_reference": N_("No invoice carries the reference of the payment."),
    "matching.several_invoices": N_("The payment names several invoices."),
    "matching.currency_differs": N_("The payment is in another currency than %(invoice)s."),
    "matching.already_paid": N_("%(invoice)s is paid already."),
    "matching.amount_differs": N_("The amount differs from the %(open)s open on %(invoice)s."),
    "matching.reference_and_amount": N_("Reference and open amount of %(invoice)s agree."),
    "matching.robot_off": N_("The robot is switched off."),
    "matching.would_book": N_("The robot would book it to %(invoice)s; it is in shadow mode."),
    "matching.equal_debts": N_("%(invoice)s is one of several equal debts."),
    "matching.unsure": N_("Probably %(invoice)s, but the robot is not sure enough."),
    "matching.paid_twice": N_("The same was paid before, by another payment."),
    "matching.refund_asked": N_("%(amount)s is to go back to who sent it."),
    "matching.refund_rejected": N_("The bank did not pay %(amount)s back: %(reason)s."),
    "matching.refund_not_sent": N_("Its payment file was discarded: %(amount)s is still to be paid back."),
    "matching.refund_of_returned": N_(
        "The bank took the payment back, but a payment file pays it back: stop that file."
    ),
    "matching.refund_asked_again": N_("The link of its payment was undone: it is to be paid back again."),
    "matching.robot_less_right": N_(
        "%(wrong)s of %(linked)s automatic links were undone as wrong: the robot asks more until that is better."
    ),
    "matching.short_discount": N_("Less was paid: a discount was taken."),
    "matching.short_dispute": N_("Less was paid: the customer disputes the rest."),
    "matching.short_return": N_("Less was paid: goods were returned."),
    "matching.short_other": N_("Less was paid for another reason."),
    "matching.returned": N_("The bank took a payment back and does not say which one."),
    "matching.undone": N_("Its link was undone."),
    "invoicing.link_wanted": N_(
        "The customer's link to the invoice has expired. Send a new one to the address you know."
    ),
    "invoicing.balance_differs": N_("The customer's balance differs from ours in %(count)s items."),
    "invoicing.remind_confirmation": N_("The customer has not answered the balance confirmation: remind it."),
    "invoicing.confirmation_expired": N_(
        "Nobody answered the balance confirmation in time, which confirms nothing: ask again or prove it otherwise."
    ),
    "banking.balance_differs": N_("The lines do not explain the closing balance."),
    "banking.incomplete": N_("A part of the statement could not be read."),
    "banking.test_file": N_("The bank marks this file as a test."),
    "banking.absurd_amounts": N_("The amounts are beyond any company; the file may be garbled."),
    "banking.currency_differs": N_("Lines are in another currency than the account."),
    "banking.unknown_account": N_("Its account is not one of the company's; open it, then bring the file in again."),
    "banking.which_account": N_("The file does not tell which account it is of. Nothing of it is booked yet."),
    "banking.statement_missing": N_("Statement %(first)s is missing, between %(from)s and %(to)s."),
    "banking.statements_missing": N_("Statements %(first)s to %(last)s are missing, between %(from)s and %(to)s."),
    "banking.statements_gap": N_("Movements between %(from)s and %(to)s are missing: the balances do not agree."),
    "banking.statements_overlap": N_("Two statements overlap about %(to)s, and their balances do not agree."),
    "banking.payment_file_made": N_("%(payments)s payments of %(total)s wait for two signatures."),
    "banking.resolve_payment_file": N_("Whether the bank has the file is unknown: ask the bank, then say so."),
    "banking.rejected_payments": N_("The bank has rejected payments of the file."),
    "banking.contradicted_payments": N_("The bank accepts what it had rejected; it may be paid twice."),
    "parties.denied": N_("A register denies a number of the customer."),
    "parties.name_differs": N_("A register gives another name for a number of the customer."),
    "parties.taken": N_("A register confirms a number that was verified for another customer."),
    "parties.refused": N_("A register does not take a number of the customer as it is written."),
    "parties.no_answer": N_("A register has not answered about the customer for a week."),
    "parties.out_of_date": N_("What is known of the customer is out of date; ask anew, or say what you know."),
    "invoicing.disputed": N_("The customer disputes %(amount)s: answer, accept or reject it."),
    "invoicing.customer_wrote": N_("The customer has written; answer on the invoice."),
    "invoicing.extension_asked": N_("The customer asks to pay by %(due)s: agree or refuse."),
    "invoicing.payment_not_found": N_("%(amount)s was paid on %(paid)s, says the customer; no such payment has come."),
    "invoicing.promise_broken": N_("%(amount)s was promised by %(promised)s and has not come."),
    "documents.unreadable_logo": N_("The company's logo cannot be read; the PDF was made without it."),
    "documents.not_renderable": N_("The document could not be drawn as PDF. Its data are kept; nothing is lost."),
    "documents.content_lost": N_("The e-invoice that belongs into the PDF is not in the archive."),
    "banking.file_problem": N_("Something is wrong with the file as a whole."),
}
"""Placeholders are the params by name; `x_minor` is written as an amount `%(x)s`, `x_date` as a day `%(x)s`."""


def text(code: str, params: Params, *, currency: str, english: str) -> str:
    """The sentence in the reader's language; amounts are in `currency`.

    A code that nobody has words for, or params that do not fill them, give `english` as it came.
    """
    known = TEXTS.get(code)
    if known is None:
        return english
    try:
        return gettext(known) % {name: value for pair in params.items() for name, value in _written(*pair, currency)}
    except KeyError:
        return english


def _written(name: str, value: str | int | bool | None, currency: str) -> tuple[tuple[str, str], ...]:
    language = words.current()
    if name.endswith("_minor") and isinstance(value, int):
        return ((name.removesuffix("_minor"), figures.money_text(value, currency, language)),)
    if name.endswith("_date") and isinstance(value, str):
        return ((name.removesuffix("_date"), figures.day_text(date.fromisoformat(value), language)),)
    return ((name, str(value)),)
