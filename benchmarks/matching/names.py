"""Names of people and firms, what a bank makes of them, and IBANs (ISO 13616, modulus 97)."""

import random
import unicodedata
from functools import cache

import numpy as np
import pyarrow as pa

from benchmarks.matching.columns import Integers, characters, digits_in_characters, digits_of, texts_of
from benchmarks.matching.references import mod97
from benchmarks.matching.words import Country, Words

_NOT_DECOMPOSED = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "đ": "d"})
BANK_LENGTH, FOREIGN_LENGTH = 35, 27
MOST_AT_ONCE = 18  # digits that fit a 64-bit integer


@cache
def folded(text: str) -> str:
    """Letters without their marks, as old payment formats carry them."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def person(country: Country, rng: random.Random) -> str:
    """First and last name."""
    return f"{rng.choice(country.first)} {rng.choice(country.last)}"


def firm(country: Country, words: Words, rng: random.Random) -> str:
    """A founder's name or an invented stem, the trade, the legal form."""
    head = rng.choice(country.last) if rng.random() < 0.35 else rng.choice(words.stems) + rng.choice(words.endings)
    return f"{head} {rng.choice(country.trades)} {rng.choice(country.forms)}"


def somebody(country: Country, words: Words, rng: random.Random, *, firms: float) -> str:
    """A firm in this share of cases, else a person."""
    return firm(country, words, rng) if rng.random() < firms else person(country, rng)


def on_statement(name: str, words: Words, rng: random.Random, *, foreign: bool = False) -> str:
    """The name as a bank statement shows it: folded, turned round, with an address, with a letter lost, cut."""
    if foreign or rng.random() < 0.40:
        name = folded(name).upper()
    if rng.random() < 0.20:
        name = _turned(name.split())
    if rng.random() < 0.05:
        name = f"{name}, {rng.choice(words.countries).street}"
    if rng.random() < 0.03 and len(name) > 5:
        lost = rng.randrange(1, len(name) - 2)
        name = name[:lost] + name[lost + 1 :]
    return name[: FOREIGN_LENGTH if foreign else BANK_LENGTH]


def _turned(parts: list[str]) -> str:
    if len(parts) == 2:
        return " ".join(reversed(parts))
    return " ".join(parts[:-1] if len(parts) > 2 else parts)


def account(country: Country, rng: random.Random) -> str:
    """One IBAN of this country's length, digits only behind the country."""
    number = "".join(rng.choices("0123456789", k=country.account_digits))
    return f"{country.code}{98 - int(number + _letters(country.code) + '00') % 97:02d}{number}"


def accounts(country: Country, rows: int, rng: np.random.Generator) -> pa.LargeStringArray:
    """As many IBANs at once."""
    first = min(country.account_digits, MOST_AT_ONCE)
    parts = [_random_digits(first, rows, rng), _random_digits(country.account_digits - first, rows, rng)]
    number = np.hstack(parts)
    tail = np.tile(np.array([int(c) for c in _letters(country.code) + "00"], np.uint8), (rows, 1))
    checks = digits_of(98 - mod97(np.hstack([number, tail])), 2)
    return texts_of(
        np.hstack([characters(country.code, rows), digits_in_characters(checks), digits_in_characters(number)])
    )


def _random_digits(width: int, rows: int, rng: np.random.Generator) -> "np.typing.NDArray[np.uint8]":
    drawn: Integers = rng.integers(0, 10**width, rows)
    return digits_of(drawn, width)


def _letters(code: str) -> str:
    return "".join(str(ord(letter) - 55) for letter in code)
