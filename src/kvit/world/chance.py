"""Lots that are drawn the same way every time: chance below the edge is a seed and what it is drawn for."""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def lots(seed: int, *about: object) -> random.Random:
    """A source of chance of its own for what it is about: whoever asks again draws the same."""
    return random.Random("/".join(map(str, (seed, *about))))


def pick(source: random.Random, weighted: Sequence[tuple[T, int]]) -> T:
    """One of the things, each as likely as its weight (a whole number) among all weights."""
    left = source.randrange(sum(weight for _, weight in weighted))
    for thing, weight in weighted:
        if left < weight:
            return thing
        left -= weight
    raise ValueError("nothing to pick from")


def happens(source: random.Random, percent: int) -> bool:
    """Whether something happens that happens so many times in a hundred."""
    return source.randrange(100) < percent


def digits(count: int, *about: object) -> str:
    """So many decimal digits (at most 18) that belong to what they are about, spread evenly: a bank's own numbers."""
    drawn = hashlib.sha256("/".join(map(str, about)).encode()).digest()
    return f"{int.from_bytes(drawn[:16], 'big') % 10**count:0{count}d}"
