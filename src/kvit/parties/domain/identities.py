"""Numbers that tell who somebody is or where their money goes, each kind with its issuer's rule."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.identifiers import (
    eu_vat,
    iban,
    lei,
    pl_nip,
    pl_nrb,
    pl_pesel,
    pl_regon,
    ro_cnp,
    ro_cui,
    se_bankgiro,
    se_orgnr,
    se_personnummer,
    se_plusgiro,
)
from kvit.kernel.identifiers.invalid import InvalidIdentifier
from kvit.kernel.refusals import DomainError

_NRB_DIGITS: Final = 26
_LONGEST_CUSTOMER_NUMBER: Final = 60


class IdentityKind(StrEnum):
    """What kind of number it is."""

    NIP = "nip"
    REGON = "regon"
    PESEL = "pesel"
    CUI = "cui"
    CNP = "cnp"
    ORGNR = "orgnr"
    PERSONNR = "personnr"
    VAT = "vat"
    LEI = "lei"
    IBAN = "iban"
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    CUSTOMER_NUMBER = "customer_number"


class WrongHolder(DomainError):
    """A person's number was given for a company, or a company's for a person."""

    code: ClassVar[str] = "parties.wrong_holder"


PERSONS_ONLY: Final = frozenset({IdentityKind.PESEL, IdentityKind.CNP, IdentityKind.PERSONNR})
COMPANIES_ONLY: Final = frozenset({IdentityKind.ORGNR})
"""A Swedish sole trader uses the personnummer; NIP, REGON, CUI and VAT numbers are given to both."""


def validated(kind: IdentityKind, value: str, *, is_person: bool) -> str:
    """The compact form under which a number is kept and found.

    A Polish account number without PL becomes an IBAN. Refuses the kernel's `InvalidIdentifier`, whose text
    never repeats the number, and `WrongHolder`.
    """
    if kind in PERSONS_ONLY and not is_person:
        raise WrongHolder(f"a {kind.value} belongs to a person; this party is a company")
    if kind in COMPANIES_ONLY and is_person:
        raise WrongHolder(f"an {kind.value} belongs to a company; this party is a person")
    return _VALIDATED[kind](value)


def compacted(kind: IdentityKind, value: str) -> str:
    """The form to look a number up by; what is no valid number is cleaned a little and finds nothing."""
    try:
        return _VALIDATED[kind](value)
    except InvalidIdentifier:
        return value.strip()


def _account(value: str) -> str:
    digits = pl_nrb.compact(value)
    if len(digits) == _NRB_DIGITS and digits.isdecimal():
        return pl_nrb.iban(value)
    return iban.validate(value)


def _customer_number(value: str) -> str:
    text = "".join(value.split()).upper()
    if not 1 <= len(text) <= _LONGEST_CUSTOMER_NUMBER or not text.isprintable():
        raise InvalidIdentifier(f"a customer number has 1 to {_LONGEST_CUSTOMER_NUMBER} printable characters")
    return text


_VALIDATED: Final[Mapping[IdentityKind, Callable[[str], str]]] = {
    IdentityKind.NIP: pl_nip.validate,
    IdentityKind.REGON: pl_regon.validate,
    IdentityKind.PESEL: pl_pesel.validate,
    IdentityKind.CUI: ro_cui.validate,
    IdentityKind.CNP: ro_cnp.validate,
    IdentityKind.ORGNR: se_orgnr.validate,
    IdentityKind.PERSONNR: se_personnummer.validate,
    IdentityKind.VAT: eu_vat.validate,
    IdentityKind.LEI: lei.validate,
    IdentityKind.IBAN: _account,
    IdentityKind.BANKGIRO: se_bankgiro.validate,
    IdentityKind.PLUSGIRO: se_plusgiro.validate,
    IdentityKind.CUSTOMER_NUMBER: _customer_number,
}
