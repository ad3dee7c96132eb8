"""What goes wrong on the way from an invoice to the payer's keyboard: slips in references and numbers."""

import random
from typing import Final

from kvit.world.chance import pick

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


def shortened(number: str, source: random.Random) -> str:
    """An invoice number as people write it: whole, without its letter, or only its last digits."""
    year, _, sequence = number.lstrip("FK").partition("-")
    return pick(
        source, ((number, 60), (f"{year}-{sequence}", 12), (f"{year}/{int(sequence)}", 14), (str(int(sequence)), 14))
    )
