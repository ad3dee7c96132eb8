"""What the kinds of document are called."""

from collections.abc import Mapping
from typing import Final

from kvit.invoicing.domain import Kind
from kvit.pages.words import N_, gettext

_NAMES: Final[Mapping[str, str]] = {
    Kind.ESTIMATE: N_("Estimate"),
    Kind.INVOICE: N_("Invoice"),
    Kind.ADVANCE_INVOICE: N_("Advance invoice"),
    Kind.FINAL_INVOICE: N_("Final invoice"),
    Kind.CREDIT_NOTE: N_("Credit note"),
    Kind.CORRECTION: N_("Corrective invoice"),
    Kind.SELF_BILLED: N_("Self-billed invoice"),
    Kind.SELF_BILLED_CREDIT: N_("Self-billed credit note"),
    Kind.FEE_NOTE: N_("Note of fees and interest"),
}
_TITLES: Final[Mapping[str, str]] = {
    Kind.ESTIMATE: N_("Estimate %(number)s"),
    Kind.INVOICE: N_("Invoice %(number)s"),
    Kind.ADVANCE_INVOICE: N_("Advance invoice %(number)s"),
    Kind.FINAL_INVOICE: N_("Final invoice %(number)s"),
    Kind.CREDIT_NOTE: N_("Credit note %(number)s"),
    Kind.CORRECTION: N_("Corrective invoice %(number)s"),
    Kind.SELF_BILLED: N_("Self-billed invoice %(number)s"),
    Kind.SELF_BILLED_CREDIT: N_("Self-billed credit note %(number)s"),
    Kind.FEE_NOTE: N_("Note of fees and interest %(number)s"),
}


def name(kind: str) -> str:
    """The name of a kind of document."""
    return gettext(_NAMES[kind])


def titled(kind: str, number: str) -> str:
    """A document by its kind and number."""
    return gettext(_TITLES[kind]) % {"number": number}
