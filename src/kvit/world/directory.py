"""What the public registers of the simulated world know of its firms: most things right, a few not."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kvit.parties.domain.identities import IdentityKind
from kvit.world.chance import digits
from kvit.world.companies import COMPANIES
from kvit.world.days import SEED
from kvit.world.people import Person, population
from kvit.world.simulators.registers import Registers, Taxpayer

_UNLISTED, _RENAMED, _EXEMPT = 4, 7, 10
"""Of a hundred firms so many are in no register of VAT, three have got another name, three are exempt."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A firm as the registers have it."""

    name: str
    is_exempt: bool
    accounts: tuple[str, ...]


def registers() -> Registers:
    """A machine that answers as VIES and the white list about the firms of this world."""
    return Registers(taxpayer=taxpayer, vat_holder=vat_holder)


def taxpayer(nip: str) -> Taxpayer | None:
    """Who stands in the Polish white list under a number."""
    found = _firms().get((IdentityKind.NIP, nip))
    if found is None:
        return None
    return Taxpayer(found.name.upper(), "Zwolniony" if found.is_exempt else "Czynny", found.accounts)


def vat_holder(number: str) -> str | None:
    """Who is registered in VIES under a VAT number with its state's letters."""
    state, rest = number[:2], number[2:]
    if state == "SE":
        found = _firms().get((IdentityKind.ORGNR, rest.removesuffix("01")))
    elif state in ("PL", "RO"):
        found = _firms().get((IdentityKind.NIP if state == "PL" else IdentityKind.CUI, rest))
    else:
        found = None
    return found.name.upper() if found is not None else None


@functools.cache
def _firms() -> Mapping[tuple[IdentityKind, str], Listed]:
    found: Final[dict[tuple[IdentityKind, str], Listed]] = {}
    for company in COMPANIES.values():
        for person in population(company, seed=SEED, count=company.customers):
            drawn = int(digits(2, "register", company.code, person.ordinal))
            if person.tax_number is not None and drawn >= _UNLISTED:
                found[person.tax_number] = _listed(person, drawn)
    return found


def _listed(person: Person, drawn: int) -> Listed:
    name = f"{person.other.name} i następcy" if drawn < _RENAMED else person.name
    accounts = (person.own.account.removeprefix("PL"),) if person.own.account.startswith("PL") else ()
    return Listed(name, _RENAMED <= drawn < _EXEMPT, accounts)
