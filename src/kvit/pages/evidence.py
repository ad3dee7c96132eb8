"""Why a payment fits a document, in the reader's words: chips, sureness, why the next best lost, what is missing.

The codes are those of the matching engine; the words are for a person who decides, not for who tunes it.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from kvit.matching.domain import Reason
from kvit.pages import figures, words
from kvit.pages.words import N_, ngettext
from kvit.pages.words import gettext as _

_PLAIN: Final[Mapping[str, str]] = {
    "reference_equal": N_("reference equal"),
    "reference_without_check_digits": N_("reference equal but for its check digits"),
    "invoice_number_equal": N_("invoice number equal"),
    "digit_wrong": N_("digit %(n)s wrong"),
    "digits_swapped": N_("digits %(n)s and %(next)s swapped"),
    "digit_missing": N_("digit %(n)s missing"),
    "digit_too_many": N_("digit %(n)s is one too many"),
    "twin_digits_wrong": N_("equal digits %(n)s and %(next)s both wrong"),
    "digits_jumped": N_("digits %(n)s and %(after)s swapped"),
    "digit_misheard": N_("digits %(n)s and %(next)s misheard"),
    "reference_cut": N_("reference cut off"),
    "two_slips": N_("two slips in the reference"),
    "three_slips": N_("three slips in the reference"),
    "amount_equal": N_("amount equal"),
    "amount_short": N_("%(amount)s too little"),
    "amount_over": N_("%(amount)s too much"),
    "amount_partial": N_("a part; %(amount)s stays open"),
    "amount_more": N_("%(amount)s more than is open"),
    "virtual_account": N_("paid to the customer's own number"),
    "account_known": N_("payer's account known"),
    "name_equal": N_("payer's name equal"),
    "name_learnt": N_("payer's name known from before"),
    "name_near": N_("payer's name alike"),
    "customer_number_quoted": N_("customer number quoted"),
    "payer_unknown": N_("payer not known"),
    "payer_known_as_other": N_("payer known as somebody else"),
    "paid_in_this_batch": N_("paid by another payment of the same file"),
    "paid_twice": N_("paid before by another payment"),
    "item_closed": N_("paid already"),
    "own_payment_equal": N_("number of our own payment"),
}
"""`%(n)s` is the parameter, `%(next)s` and `%(after)s` are one and two more, `%(amount)s` is it as an amount."""

_COUNTED: Final[Mapping[str, Callable[[int], str]]] = {
    "all_quoted": lambda n: ngettext("%(num)s invoice quoted", "all %(num)s invoices quoted", n),
    "quoted_and_rest": lambda n: ngettext("%(num)s quoted and the rest", "%(num)s quoted and the rest", n),
    "all_open": lambda n: ngettext("all that is open", "all %(num)s open documents", n),
    "all_debts": lambda n: ngettext("all that is owed", "all %(num)s open invoices", n),
    "oldest_items": lambda n: ngettext("the oldest invoice", "the %(num)s oldest invoices", n),
    "sum_of_items": lambda n: ngettext("adds up in one way only", "adds up in %(num)s ways", n),
    "all_but_few": lambda n: ngettext("all but few add up", "all but few add up, in %(num)s ways", n),
    "sum_equal": lambda n: ngettext("amount equal to its sum", "amount equal to the sum of %(num)s", n),
    "credit_notes_netted": lambda n: ngettext("%(num)s credit note deducted", "%(num)s credit notes deducted", n),
    "amount_rare": lambda n: ngettext("nothing else has this amount", "only %(num)s open with this amount", n),
    "oldest_of_equals": lambda n: ngettext("the oldest of its kind", "the oldest of %(num)s equal invoices", n),
}
CODES: Final = frozenset({*_PLAIN, *_COUNTED})
"""Every piece of evidence that has words."""
_BY_HAND: Final[Mapping[str, str]] = {
    "by_hand": N_("A person said so."),
    "confirmed": N_("A person confirmed what the robot found."),
    "set_aside": N_("Set aside by a person."),
    "estimate_quoted": N_("The payment quotes an estimate of the customer."),
    "refund": N_("Money that went back."),
}
_LOST: Final[Mapping[str, str]] = {
    "amount_differs": N_("its amount differs"),
    "weaker_reference": N_("its reference is quoted less exactly"),
    "weaker_payer": N_("less speaks for its customer as the payer"),
    "younger_debt": N_("of equal debts the older is paid first"),
    "less_likely": N_("it is less likely in all"),
}
_CHANGE: Final[Mapping[str, str]] = {
    "closer_reference": N_("Another document with a closer reference would make it ask."),
    "other_item": N_("Another open document with the same evidence would make it ask."),
    "undo_first": N_("Undoing the link of the first payment would let this one pay."),
    "reopen": N_("If the document were open again, this payment would pay it."),
    "reference": N_("With a reference of the document it would be sure."),
    "equal_amount": N_("With the equal amount it would be sure."),
    "known_account": N_("If the payer's account were known for this customer, it would be sure."),
    "confirmation": N_("Only a person's word would make it sure."),
}
_SURE: Final = (
    (999_000, N_("As good as certain")),
    (980_000, N_("Very likely")),
    (850_000, N_("Likely")),
    (500_000, N_("More likely than not")),
    (1, N_("Uncertain")),
)


def chip(reason: Reason, currency: str) -> str:
    """One piece of evidence in a few words; a code that nobody has words for stands as it is."""
    code, n = reason
    if code in _COUNTED:
        return _COUNTED[code](n) % {"num": figures.decimal_text(n, words.current())}
    known = _PLAIN.get(code)
    if known is None:
        return code.replace("_", " ")
    amount = figures.money_text(n, currency, words.current()) if "%(amount)s" in known else ""
    return _(known) % {"n": n, "next": n + 1, "after": n + 2, "amount": amount}


def chips(reasons: Sequence[Reason], currency: str) -> tuple[str, ...]:
    """All pieces of evidence, in the order of their weight."""
    return tuple(chip(reason, currency) for reason in reasons)


def sentence(code: str, reasons: Sequence[Reason], currency: str) -> str | None:
    """Why a link was made: the evidence in one line, or who said so; None where neither is known."""
    said = ", ".join(chips(reasons, currency))
    if code in _BY_HAND:
        return f"{_(_BY_HAND[code])} {_capital(said)}".strip() + ("." if said else "")
    return f"{_capital(said)}." if said else None


_FOUND_ALTHOUGH: Final[Mapping[str, str]] = {
    "digit_missing": N_("We found your payment although a digit of the reference was missing."),
    "digit_wrong": N_("We found your payment although a digit of the reference was wrong."),
    "twin_digits_wrong": N_("We found your payment although two digits of the reference were wrong."),
    "digits_jumped": N_("We found your payment although two digits of the reference were swapped."),
    "digit_misheard": N_("We found your payment although two digits of the reference were swapped."),
    "digits_swapped": N_("We found your payment although two digits of the reference were swapped."),
    "digit_too_many": N_("We found your payment although the reference had a digit too many."),
    "reference_cut": N_("We found your payment although the reference was cut off."),
    "two_slips": N_("We found your payment although the reference was not quite right."),
    "three_slips": N_("We found your payment although the reference was not quite right."),
    "invoice_number_equal": N_("We found your payment by the number of the invoice."),
    "customer_number_quoted": N_("We found your payment by your customer number."),
    "all_quoted": N_("Your payment paid everything that it named."),
    "all_open": N_("Your payment named no invoice; it paid all that was open."),
    "all_debts": N_("Your payment named no invoice; it paid all that was open."),
    "oldest_items": N_("Your payment named no invoice; it paid the oldest."),
    "sum_of_items": N_("Your payment named no invoice; we found the invoices that add up to it."),
    "all_but_few": N_("Your payment named no invoice; we found the invoices that add up to it."),
    "account_known": N_("Your payment had no reference that we know; we found it by your account and the amount."),
    "name_equal": N_("Your payment had no reference that we know; we found it by your name and the amount."),
    "name_learnt": N_("Your payment had no reference that we know; we found it by your name and the amount."),
}
_AS_ASKED: Final = frozenset({"reference_equal", "reference_without_check_digits", "virtual_account"})


def for_customer(reasons: Sequence[Reason]) -> str:
    """How a payment was found, for who paid it; empty where the reference was as asked for, or nothing is known.

    Nothing of other customers is said, and nothing of how sure anybody was.
    """
    codes = [code for code, _parameter in reasons]
    if _AS_ASKED.intersection(codes):
        return ""
    return next((_(_FOUND_ALTHOUGH[code]) for code in codes if code in _FOUND_ALTHOUGH), "")


def sure(confidence_ppm: int) -> str:
    """How sure the robot is, in words; empty where it did not suggest anything."""
    return next((_(text) for least, text in _SURE if confidence_ppm >= least), "")


def lost(code: str) -> str:
    """Why the best alternative lost; empty where there was none."""
    known = _LOST.get(code)
    return _(known) if known is not None else ""


def changes(codes: Sequence[str]) -> tuple[str, ...]:
    """What would change the decision, a sentence each."""
    return tuple(_(_CHANGE[code]) for code in codes if code in _CHANGE)


def percent(ppm: int) -> str:
    """Millionths as a percentage with as many decimals as it has."""
    return figures.decimal_text(Decimal(ppm) / 10_000, words.current())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
