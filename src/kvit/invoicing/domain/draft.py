"""An invoice before it is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from kvit.kernel import vat
from kvit.kernel.refusals import DomainError


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
    given only for documents that already carry one, such as those of the system Kvit replaces.
    """

    customer_id: int
    lines: tuple[DraftLine, ...]
    currency: str | None = None
    terms_days: int | None = None
    payment_reference: str = ""


def check_lines(lines: Sequence[DraftLine], *, country: str, day: date) -> None:
    """Refuse `BadLine` for no lines at all, an empty description, or a VAT rate the country does not have that day."""
    if not lines:
        raise BadLine("an invoice has at least one line")
    for position, line in enumerate(lines, 1):
        if not line.description.strip():
            raise BadLine(f"line {position}: say what is invoiced")
        if not vat.is_allowed(country, line.vat_rate, day):
            known = ", ".join(f"{rate.normalize():f}" for rate in vat.rates_on(country, day))
            raise BadLine(f"line {position}: {line.vat_rate}% is no VAT rate of {country} on {day}; there is {known}")
