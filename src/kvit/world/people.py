"""Who the customers of a simulated company are; the same people for the same seed, however many are asked for."""

import functools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from typing_extensions import override

from kvit.kernel.identifiers import (
    checksums,
    iban,
    pl_nip,
    pl_nrb,
    pl_virtual_account,
    ro_cui,
    se_bankgiro,
    se_orgnr,
)
from kvit.parties.domain.identities import IdentityKind
from kvit.world import names
from kvit.world.chance import digits, happens, lots, pick
from kvit.world.companies import Company, Payers, Route

FIRST_NUMBER: Final = 1001


class Temper(StrEnum):
    """What somebody is like with bills."""

    PROMPT = "prompt"
    EASY_GOING = "easy going"
    LATE = "late"
    CARELESS = "careless"
    GATHERING = "gathering"
    """Pays the bills of a month together."""
    SHORT_OF_MONEY = "short of money"


_OF_PERSONS: Final = (
    (Temper.PROMPT, 50),
    (Temper.EASY_GOING, 22),
    (Temper.LATE, 10),
    (Temper.CARELESS, 12),
    (Temper.SHORT_OF_MONEY, 6),
)
_OF_FIRMS: Final = (
    (Temper.PROMPT, 42),
    (Temper.EASY_GOING, 14),
    (Temper.LATE, 14),
    (Temper.CARELESS, 5),
    (Temper.GATHERING, 21),
    (Temper.SHORT_OF_MONEY, 4),
)


@dataclass(frozen=True, slots=True)
class Payer:
    """Who money comes from, as the bank shows it; `giro` is the payer's own bankgiro number, if there is one."""

    name: str
    account: str
    giro: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, human or firm. `own` is how they pay; `other` who pays in their place now and then.

    `units` is how much of the company's service they take: lines, meters, vehicles. `tax_number` is a firm's.
    """

    ordinal: int
    name: str
    is_firm: bool
    address: tuple[str, str, str]
    email: str
    tax_number: tuple[IdentityKind, str] | None
    own: Payer
    other: Payer
    temper: Temper
    route: Route
    virtual_account: str
    units: int

    @override
    def __hash__(self) -> int:
        return hash((self.ordinal, self.name))

    @property
    def number(self) -> str:
        """The customer's number with the company."""
        return str(FIRST_NUMBER + self.ordinal)


@functools.lru_cache(maxsize=16)
def population(company: Company, *, seed: int, count: int) -> tuple[Person, ...]:
    """The first so many customers; who they are does not depend on how many there are."""
    return tuple(_person(company, seed, ordinal) for ordinal in range(count))


def _person(company: Company, seed: int, ordinal: int) -> Person:
    source = lots(seed, company.code, "person", ordinal)
    known, is_firm = names.NAMES[company.country], happens(source, company.firms)
    address = names.address(known, source)
    name = _name(company, source, address[2] if is_firm else "")
    route = pick(source, [(r, r.firms if is_firm else r.persons) for r in company.routes])
    return Person(
        ordinal=ordinal,
        name=name,
        is_firm=is_firm,
        address=address,
        email=f"{_slug(name)}@{'faktura' if is_firm else 'post'}{ordinal}.example",
        tax_number=tax_number(company.country, source) if is_firm else None,
        own=_payer(company, source, name, is_firm, ordinal),
        other=_stand_in(company, source, address[2], ordinal),
        temper=pick(source, _OF_FIRMS if is_firm else _OF_PERSONS),
        route=route,
        virtual_account=pl_virtual_account.make(company.mask, ordinal + FIRST_NUMBER) if company.mask else "",
        units=pick(source, ((1, 50), (2, 25), (3, 15), (5, 10))) if is_firm else 1,
    )


def _payer(company: Company, source: random.Random, name: str, is_firm: bool, ordinal: int) -> Payer:
    giro = _bankgiro(source) if is_firm and company.country == "SE" and happens(source, 60) else ""
    return Payer(name, _account(company.country, source, ordinal, "own"), giro)


def _stand_in(company: Company, source: random.Random, town: str, ordinal: int) -> Payer:
    """Somebody else who pays: a husband, a mother, a parent company."""
    name = _name(company, source, town if happens(source, 25) else "")
    return Payer(name, _account(company.country, source, ordinal, "other"))


def _name(company: Company, source: random.Random, town: str) -> str:
    """A firm of this town, or a human being where none is given; untidy payers are not called alike besides."""
    known = names.NAMES[company.country]
    if company.payers is Payers.UNTIDY:
        return names.rare_firm(known, source, town) if town else names.rare_person(known, source)
    return names.firm(known, source, town) if town else names.person(known, source)


_BANKS: Final[Mapping[str, Sequence[str]]] = {
    "SE": ("500", "600", "800", "300", "120", "902"),
    "PL": ("10201026", "11402004", "10501025", "10901014", "12401037", "24900005"),
    "RO": ("BTRL", "RNCB", "BRDE", "INGB", "RZBR", "BACX"),
}


def _account(country: str, source: random.Random, ordinal: int, whose: str) -> str:
    """An account number that fits its check digits; the zeros at its head tell that nobody has it."""
    bank = source.choice(_BANKS[country])
    body = digits(9, country, ordinal, whose, source.randrange(10**6))
    if country == "PL":
        return pl_nrb.iban(pl_nrb.make(bank, f"0000000{body}"))
    return iban.make(country, bank + (f"00000000{body}" if country == "SE" else f"0000000{body}"))


def foreign_account(country: str, source: random.Random) -> str:
    """An account of somebody who is no customer, or of a customer at another bank."""
    return _account(country, source, source.randrange(10**6), "foreign")


def _bankgiro(source: random.Random) -> str:
    body = f"{source.randrange(200000, 999999)}"
    return se_bankgiro.validate(body + checksums.luhn_digit(body))


def tax_number(country: str, source: random.Random) -> tuple[IdentityKind, str]:
    """A firm's number with its check digit; drawn until it has one, since some bodies fit none."""
    kind, first, valid = {
        "SE": (IdentityKind.ORGNR, "5599", se_orgnr.is_valid),
        "PL": (IdentityKind.NIP, "525", pl_nip.is_valid),
        "RO": (IdentityKind.CUI, "9", ro_cui.is_valid),
    }[country]
    length = {"SE": 10, "PL": 10, "RO": 8}[country]
    while True:
        body = first + f"{source.randrange(10 ** (length - 1 - len(first))):0{length - 1 - len(first)}d}"
        for last in range(10):
            if valid(f"{body}{last}"):
                return kind, f"{body}{last}"


def _slug(name: str) -> str:
    words = "".join(c if c.isalnum() else " " for c in names.without_marks(name).lower()).split()
    return ".".join(words)[:40]
