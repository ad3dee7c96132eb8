"""What goes wrong on the way from an invoice to the payer's keyboard: slips in references and numbers."""

import random
from typing import Final

from kvit.world.chance import happens, pick

_KINDS: Final = (("wrong", 40), ("swapped", 22), ("missing", 20), ("doubled", 10), ("cut", 8))
_HEAD: Final = 4
"""An RF reference keeps its letters and check digits; slips happen behind them."""


def mistyped(reference: str, source: random.Random) -> str:
    """The reference with one slip: a digit wrong, missing or doubled, two swapped, or its end cut off."""
    kind = pick(source, _KINDS)
    place = source.randrange(_HEAD if reference.startswith("RF") else 0, len(reference))
    if kind == "cut":
        return reference[:-3]
    if kind == "missing":
        return reference[:place] + reference[place + 1 :]
    if kind == "doubled":
        return reference[:place] + reference[place] + reference[place:]
    if kind == "swapped" and (swapped := _swapped(reference, place)) != reference:
        return swapped
    digit = str((int(reference[place]) + source.randrange(1, 10)) % 10)
    return reference[:place] + digit + reference[place + 1 :]


def _swapped(reference: str, place: int) -> str:
    """Two neighbours the other way round; the same text where they are equal."""
    first = min(place, len(reference) - 2)
    return reference[:first] + reference[first + 1] + reference[first] + reference[first + 2 :]


_ALL_KINDS: Final = (
    ("wrong", 600),
    ("swapped", 110),
    ("missing", 85),
    ("doubled", 30),
    ("put in", 25),
    ("jumped", 10),
    ("twin", 10),
    ("misheard", 5),
    ("two", 35),
    ("cut", 25),
)
"""Per mille within the ranges that Verhoeff (1969) found, as cited by Wagner and Putter, CACM 32(1), 1989."""


def slipped(reference: str, source: random.Random) -> str:
    """The reference with one slip of any kind, or rarely two; a slip that changes nothing is another wrong digit."""
    kind = pick(source, _ALL_KINDS)
    if kind == "two":
        return _one(_one(reference, "wrong", source), source.choice(("wrong", "missing", "swapped")), source)
    found = _one(reference, kind, source)
    return found if found != reference else _one(reference, "wrong", source)


def _one(reference: str, kind: str, source: random.Random) -> str:
    digits = [at for at, character in enumerate(reference) if character.isdigit()]
    at = source.choice(digits)
    before, digit, behind = reference[:at], reference[at], reference[at + 1 :]
    other = str((int(digit) + source.randrange(1, 10)) % 10)
    if kind == "wrong":
        return before + other + behind
    if kind == "missing":
        return before + behind
    if kind == "doubled":
        return before + digit + digit + behind
    if kind == "put in":
        return before + source.choice("0123456789") + digit + behind
    if kind == "cut":
        return reference[: -source.randrange(1, 5)]
    return _of_neighbours(reference, kind, source)


def _of_neighbours(reference: str, kind: str, source: random.Random) -> str:
    """Two digits the other way round, next to each other or over one between; twins wrong together; 60 heard as 16."""
    apart = 2 if kind == "jumped" else 1
    places = [at for at in range(len(reference) - apart) if (reference[at] + reference[at + apart]).isdigit()]
    if kind == "misheard":
        places = [at for at in places if reference[at] in "23456789" and reference[at + 1] == "0"]
    else:
        places = [at for at in places if (reference[at] == reference[at + apart]) == (kind == "twin")]
    if not places:
        return reference
    at, shown = source.choice(places), list(reference)
    if kind == "twin":
        shown[at] = shown[at + 1] = str((int(shown[at]) + source.randrange(1, 10)) % 10)
    elif kind == "misheard":
        shown[at], shown[at + 1] = "1", shown[at]
    else:
        shown[at], shown[at + apart] = shown[at + apart], shown[at]
    return "".join(shown)


def rewritten(reference: str, source: random.Random) -> str:
    """A right reference as people write it: mostly as printed, in groups of four, or with zeros before it."""
    way = pick(source, (("printed", 80), ("groups", 12), ("zeros", 8)))
    if way == "groups":
        return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))
    if way == "zeros" and reference.isdigit():
        return "0" * (1 + happens(source, 30)) + reference
    return reference


def shortened(number: str, source: random.Random) -> str:
    """An invoice number as people write it: whole, without its letter, or only its last digits."""
    year, _, sequence = number.lstrip("FK").partition("-")
    return pick(
        source, ((number, 60), (f"{year}-{sequence}", 12), (f"{year}/{int(sequence)}", 14), (str(int(sequence)), 14))
    )
