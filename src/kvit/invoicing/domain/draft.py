"""An invoice before it is one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, Final

from kvit.kernel.money import round_half_up
from kvit.kernel.refusals import DomainError

DECIMALS: Final = 6
LARGEST: Final = Decimal(10**12)
LONGEST_DESCRIPTION: Final = 500
LONGEST_UNIT: Final = 20
LONGEST_REFERENCE: Final = 35
LONGEST_TERMS: Final = 3650


class BadLine(DomainError):
    """A line cannot stand on an invoice; the text names the line and what is wrong."""

    code: ClassVar[str] = "invoicing.bad_line"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line: `quantity` units at `unit_price` in whole units of the currency; `vat_rate` in percent."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    unit: str = "pc"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be invoiced to a customer.

    Currency and terms (days from issue) are the customer's where they are None. `payment_reference` is
    given only for documents that already carry one, such as those of the system Kvit replaces; it is kept
    in capitals and without blanks, as payments are compared with it.
    """

    customer_id: int
    lines: tuple[DraftLine, ...]
    currency: str | None = None
    terms_days: int | None = None
    payment_reference: str = ""


class BadDraft(DomainError):
    """Terms or a payment reference that no document can carry."""

    code: ClassVar[str] = "invoicing.bad_draft"


def tidied(draft: Draft) -> Draft:
    """The draft with its payment reference in capitals and without blanks. Refuses `BadDraft`."""
    reference = "".join(draft.payment_reference.split()).upper()
    if len(reference) > LONGEST_REFERENCE:
        raise BadDraft(f"a payment reference has at most {LONGEST_REFERENCE} characters, not {len(reference)}")
    if draft.terms_days is not None and not 0 <= draft.terms_days <= LONGEST_TERMS:
        raise BadDraft(f"{draft.terms_days} days are no terms of payment; 0 to {LONGEST_TERMS} are")
    return replace(draft, payment_reference=reference)


def check_lines(lines: Sequence[DraftLine], *, rates: Collection[Decimal], of: str) -> None:
    """Refuse `BadLine`: no lines at all, an empty description, a VAT rate that is not one of the `rates` (percent).

    `of` says whose rates they are. Quantities and prices are kept with six decimals: with more, a document could not
    be recalculated from its lines.
    """
    if not lines:
        raise BadLine("an invoice has at least one line")
    for position, line in enumerate(lines, 1):
        if not line.description.strip():
            raise BadLine(f"line {position}: say what is invoiced")
        if len(line.description) > LONGEST_DESCRIPTION or len(line.unit) > LONGEST_UNIT:
            raise BadLine(
                f"line {position}: a description has at most {LONGEST_DESCRIPTION} characters, a unit {LONGEST_UNIT}"
            )
        for number in (line.quantity, line.unit_price):
            if round_half_up(number, DECIMALS) != number or abs(number) >= LARGEST:
                raise BadLine(f"line {position}: {number} has more than 6 decimals or 12 digits before them")
        if line.vat_rate not in rates:
            known = ", ".join(f"{rate.normalize():f}" for rate in sorted(rates, reverse=True))
            raise BadLine(f"line {position}: {line.vat_rate}% is no VAT rate of {of}; there is {known}")
