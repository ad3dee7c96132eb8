"""Polish virtual accounts: a NRB of its own for every payer, under a mask agreed with the bank."""

from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.kernel.identifiers import invalid, pl_nrb
from kvit.kernel.identifiers.pl_nrb import compact, format, is_valid, validate
from kvit.kernel.refusals import DomainError

__all__ = [
    "NotUnderMask",
    "PayerNumberTooLarge",
    "VirtualAccountMask",
    "compact",
    "format",
    "is_valid",
    "make",
    "payer_number",
    "validate",
]

_ACCOUNT_DIGITS: Final = 16


class PayerNumberTooLarge(DomainError):
    """The payer's number does not fit into the digits the mask leaves."""

    code: ClassVar[str] = "payer_number_too_large"


class NotUnderMask(DomainError):
    """A valid account, but not one of this mask: the money was meant for somebody else."""

    code: ClassVar[str] = "not_under_mask"


@dataclass(frozen=True, slots=True)
class VirtualAccountMask:
    """What all virtual accounts of one creditor share: `bank` (8 digits) and `client` (1 to 15 digits).

    The rest of the 16 account digits is the payer's number with leading zeros; the white list of
    the tax office shows the mask, not each account. Refuses `WrongLength`, `WrongCharacters`.
    """

    bank: str
    client: str

    def __post_init__(self) -> None:
        invalid.require_digits("the bank's number", self.bank)
        invalid.require_length("the bank's number", self.bank, 8)
        invalid.require_digits("the client mask", self.client)
        invalid.require_length_between("the client mask", self.client, least=1, most=_ACCOUNT_DIGITS - 1)

    @property
    def payer_digits(self) -> int:
        """How many digits the payer's number has."""
        return _ACCOUNT_DIGITS - len(self.client)


def make(mask: VirtualAccountMask, payer_number: int) -> str:
    """The 26 digits of the account of this payer. Refuses `PayerNumberTooLarge`."""
    if not 0 <= payer_number < 10**mask.payer_digits:
        raise PayerNumberTooLarge(f"the mask leaves {mask.payer_digits} digits for the payer's number")
    return pl_nrb.make(mask.bank, f"{mask.client}{payer_number:0{mask.payer_digits}d}")


def payer_number(mask: VirtualAccountMask, nrb: str) -> int:
    """Who paid to `nrb`, an account under `mask`. Refuses `InvalidIdentifier`, `NotUnderMask`."""
    digits = validate(nrb)
    prefix = mask.bank + mask.client
    if not digits.startswith(prefix, 2):
        raise NotUnderMask("the account belongs to another bank or client")
    return int(digits[2 + len(prefix) :])
