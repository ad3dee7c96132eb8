"""MT940 as a Polish and a Romanian bank write it: field 86 in words with labels, or in subfields after a caret.

Source: SWIFT, Standards MT940; the shape of field 86 is each bank's own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.world.bank_days import Movement, Sort
from kvit.world.bank_files.page import Page
from kvit.world.companies import Dialect
from kvit.world.names import without_marks

_SUBFIELDS: Final = ("20", "21", "22", "23", "24", "25")
_SUBFIELD: Final = 27
_CUT_AT: Final = 60
_WRAP_AT: Final = 64


@dataclass(frozen=True, slots=True)
class _Flavour:
    """What differs from bank to bank: code page, how a line of field 86 ends, how a movement is told."""

    encoding: str
    wrap: Callable[[str], Iterator[str]]
    supplement: Callable[[Movement], str]
    details: Callable[[Movement], str]


def write(page: Page) -> bytes:
    """One statement with balances that add up."""
    flavour = _FLAVOURS[page.account.dialect]
    lines = [
        f":20:ST{page.last:%y%m%d}CYC/1",
        f":25:{page.account.number}",
        f":28C:{page.last.timetuple().tm_yday}/1",
        f":60F:{_balance(page, page.opening_minor, page.first)}",
    ]
    for movement in page.movements:
        lines += _movement(page, flavour, movement)
    lines += [
        f":62F:{_balance(page, page.closing_minor, page.last)}",
        f":64:{_balance(page, page.closing_minor, page.last)}",
        "-",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode(flavour.encoding, "replace")


def _balance(page: Page, minor: int, day: date) -> str:
    return f"{'C' if minor >= 0 else 'D'}{day:%y%m%d}{page.company.currency}{_amount(page, minor)}"


def _amount(page: Page, minor: int) -> str:
    return page.decimal(minor).replace(".", ",")


def _movement(page: Page, flavour: _Flavour, movement: Movement) -> Iterator[str]:
    sign = "C" if movement.amount_minor >= 0 else "D"
    kind = "NCHG" if movement.sort is Sort.FEE else "NTRF"
    day, amount = movement.day, _amount(page, movement.amount_minor)
    yield f":61:{day:%y%m%d%m%d}{sign}{amount}{kind}NONREF//EL{movement.bank_id}"
    if supplement := flavour.supplement(movement):
        yield supplement
    yield from flavour.wrap(f":86:{flavour.details(movement)}")


def _cut(text: str) -> Iterator[str]:
    """Lines of 60 characters, through the middle of words; none begins like a field or the end of the file."""
    while len(text) > _CUT_AT:
        end = _CUT_AT
        while text[end] in ":-":
            end -= 1
        yield text[:end]
        text = text[end:]
    yield text


def _wrapped(text: str) -> Iterator[str]:
    """Lines of at most 64 characters that end with a blank between words, as long as the words allow it."""
    while len(text) > _WRAP_AT:
        end = text.rfind(" ", 0, _WRAP_AT) + 1 or _WRAP_AT
        yield text[:end]
        text = text[end:]
    yield text


def _polish_code(movement: Movement) -> str:
    if movement.sort is Sort.FEE:
        return "841"
    return "770" if movement.amount_minor >= 0 else "944"


_POLISH_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "770": ("770-PRZELEW PRZYCHODZĄCY - ELIXIR", "PRZELEW KRAJOWY"),
    "944": ("944-PRZEL.KRAJ.WYCH.MT.ELX", "PRZELEW KRAJOWY"),
    "841": ("841-OPŁATA ZA RACHUNEK", "OPŁATA"),
}


def _polish_supplement(movement: Movement) -> str:
    return _POLISH_WORDS[_polish_code(movement)][0]


def _polish(movement: Movement) -> str:
    code = _polish_code(movement)
    came_in = movement.amount_minor >= 0
    address = " ".join(filter(None, movement.address))
    told = [f"{code} {_POLISH_WORDS[code][1]}"]
    if movement.other.account:
        told.append(f"{'Z RACH.' if came_in else 'NA RACH.'}: {movement.other.account.removeprefix('PL')}")
    if movement.other.name:
        told.append(f"{'OD' if came_in else 'DLA'}: {movement.other.name} {address}".strip().upper())
    if title := _title(movement):
        told.append(f"TYT.: {title}")
    told.append(f"TNR: {movement.bank_id}.000001")
    return "; ".join(told)


def _romanian(movement: Movement) -> str:
    """Subfields of 27 characters: ^20 to ^25 the text, ^31 the other account, ^32 the other party."""
    text = without_marks(_title(movement))
    pieces = [text[start : start + _SUBFIELD] for start in range(0, len(text), _SUBFIELD)] or [""]
    told = "".join(f"^{number}{piece}" for number, piece in zip(_SUBFIELDS, pieces, strict=False))
    if movement.other.account:
        told += f"^31{movement.other.account}"
    if movement.other.name:
        told += f"^32{without_marks(movement.other.name).upper()[:_SUBFIELD]}"
    return f"000{told}"


def _title(movement: Movement) -> str:
    """All that is quoted, in one text: this format has no field for a reference."""
    references = ", ".join(reference for reference, _ in movement.parts) or movement.reference
    return " ".join(filter(None, (movement.text, references)))


def _nothing(movement: Movement) -> str:
    return ""


_FLAVOURS: Final[Mapping[Dialect, _Flavour]] = {
    Dialect.MT940_PL: _Flavour("cp852", _wrapped, _polish_supplement, _polish),
    Dialect.MT940_RO: _Flavour("ascii", _cut, _nothing, _romanian),
}
