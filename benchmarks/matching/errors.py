"""What people do to a reference: one kind of error each, drawn by shares; and right references written otherwise."""

import random
from collections.abc import Callable, Mapping, Sequence

Edit = Callable[[list[str], list[int], random.Random], bool]
FEWEST_DIGITS = 4
TRIES = 50
FIGURES = "0123456789"
ONE_DIGIT = (
    *("substitution", "transposition", "omission", "doubling", "insertion"),
    *("jump_transposition", "twin", "jump_twin", "phonetic"),
)


def _other(digit: str, rng: random.Random) -> str:
    return FIGURES[(int(digit) + rng.randint(1, 9)) % 10]


def _pairs(shown: Sequence[str], places: Sequence[int], *, apart: int, equal: bool) -> list[int]:
    """Where two digits stand this far apart, with nothing but digits between, and are equal or not."""
    return [
        i
        for i in places
        if i + apart < len(shown)
        and all(shown[i + step].isdigit() for step in range(1, apart + 1))
        and (shown[i] == shown[i + apart]) == equal
    ]


def _substitute(shown: list[str], places: list[int], rng: random.Random) -> bool:
    at = rng.choice(places)
    shown[at] = _other(shown[at], rng)
    return True


def _omit(shown: list[str], places: list[int], rng: random.Random) -> bool:
    del shown[rng.choice(places)]
    return True


def _double(shown: list[str], places: list[int], rng: random.Random) -> bool:
    at = rng.choice(places)
    shown.insert(at, shown[at])
    return True


def _insert(shown: list[str], places: list[int], rng: random.Random) -> bool:
    shown.insert(rng.choice(places), rng.choice(FIGURES))
    return True


def _truncate(shown: list[str], places: list[int], rng: random.Random) -> bool:
    del shown[-rng.randint(1, 4) :]
    return True


def _swap(apart: int) -> Edit:
    def swap(shown: list[str], places: list[int], rng: random.Random) -> bool:
        found = _pairs(shown, places, apart=apart, equal=False)
        if found:
            at = rng.choice(found)
            shown[at], shown[at + apart] = shown[at + apart], shown[at]
        return bool(found)

    return swap


def _twin(apart: int) -> Edit:
    def twin(shown: list[str], places: list[int], rng: random.Random) -> bool:
        found = _pairs(shown, places, apart=apart, equal=True)
        if found:
            at = rng.choice(found)
            shown[at] = shown[at + apart] = _other(shown[at], rng)
        return bool(found)

    return twin


def _mishear(shown: list[str], places: list[int], rng: random.Random) -> bool:
    """`60` heard as `16` ("sixty", "sixteen")."""
    found = [i for i in places if shown[i] in "23456789" and shown[i + 1 : i + 2] == ["0"]]
    if found:
        at = rng.choice(found)
        shown[at], shown[at + 1] = "1", shown[at]
    return bool(found)


EDITS: Mapping[str, Edit] = {
    "substitution": _substitute,
    "transposition": _swap(1),
    "omission": _omit,
    "doubling": _double,
    "insertion": _insert,
    "truncation": _truncate,
    "jump_transposition": _swap(2),
    "twin": _twin(1),
    "jump_twin": _twin(2),
    "phonetic": _mishear,
}


def corrupted(text: str, kind: str, rng: random.Random) -> str:
    """`text` with one error of this kind among its digits; as it is where that cannot be."""
    if kind == "two_errors":
        second = rng.choice(["substitution", "omission", "transposition"])
        return corrupted(corrupted(text, "substitution", rng), second, rng)
    places = [i for i, character in enumerate(text) if character.isdigit()]
    shown = list(text)
    if len(places) < FEWEST_DIGITS or not EDITS[kind](shown, places, rng):
        return text
    return "".join(shown)


def drawn(text: str, shares: Mapping[str, float], rng: random.Random) -> tuple[str, str]:
    """`text` with an error drawn by `shares`, and its kind; for `other_number` the caller knows which number."""
    kinds, weights = list(shares), list(shares.values())
    for _ in range(TRIES):
        kind = rng.choices(kinds, weights)[0]
        if kind == "other_number":
            return text, kind
        wrong = corrupted(text, kind, rng)
        if wrong != text:
            return wrong, kind
    return text[:-1], "truncation"


def rewritten(reference: str, kind: str, rng: random.Random) -> str:
    """A right reference as people write it: in groups, with zeros before it, without separators, in small letters."""
    lot = rng.random()
    if lot < 0.62:
        return reference
    if lot < 0.72:
        return " ".join(reference[i : i + 4] for i in range(0, len(reference), 4))
    if kind == "ocr":
        return reference if lot < 0.90 else "0" * rng.randint(1, 3) + reference
    if lot < 0.82:
        return reference.replace("/", "").replace("-", "")
    if lot < 0.90:
        return reference.replace("/", " ").replace("-", " ")
    return reference.lower() if lot < 0.94 else _shortened(reference, kind, without_zeros=lot < 0.97)


def _shortened(reference: str, kind: str, *, without_zeros: bool) -> str:
    """Only the body of an RF reference or of an invoice number."""
    if kind == "rf":
        return reference[4:] if without_zeros else reference[2:]
    groups = "".join(c if c.isdigit() else " " for c in reference).split()
    body = max(groups, key=len)
    return body.lstrip("0") if without_zeros else body
