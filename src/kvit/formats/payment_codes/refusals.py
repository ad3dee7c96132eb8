"""Why a payment cannot be said in a code."""

from typing import ClassVar

from kvit.kernel.refusals import DomainError


class DoesNotFit(DomainError):
    """The code has no room for this payment: its currency, its amount, or a name of nothing but strange signs."""

    code: ClassVar[str] = "payment_codes.does_not_fit"
