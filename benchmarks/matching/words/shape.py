"""What a set of words consists of; texts are templates over {r} reference, {c} customer, {d} day, {p} telephone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """One country's share of the customers, its names and texts; `account_digits` follow an IBAN's check digits."""

    code: str
    share: float
    account_digits: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]
    street: str
    texts: tuple[str, ...]
    vague: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """A whole set; junk templates know {n} any number, {o} a foreign OCR number, {m} number/month/year, {d} and {p}."""

    countries: tuple[Country, ...]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    foreign_texts: tuple[str, ...]
    list_openings: tuple[str, ...]
    list_joints: tuple[str, ...]
    collective_payers: tuple[str, ...]
    junk: tuple[str, ...]
    junk_payers: tuple[str, ...]


def listed(words: str) -> tuple[str, ...]:
    """Words that are separated by spaces."""
    return tuple(words.split())
