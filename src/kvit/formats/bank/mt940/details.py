"""The text about a payment (:86:) of Polish, Swedish, German, Dutch and Romanian banks, told apart by its shape.

Sources: SWIFT Standards MT, field 86; Deutsche Kreditwirtschaft, Anlage 3 zum DFÜ-Abkommen (subfields ?00 to
?63, SEPA labels); the formats of mBank, Rabobank, ABN AMRO and ING as they publish them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank.mt940 import labels, subfields
from kvit.formats.bank.mt940.found import Details, joined

_SUBFIELDS: Final = re.compile(r"(\d{3})?([?<>~^])(?=[0-367]\d)", re.ASCII)
_SLASHES: Final = re.compile(r"/(?:NAME|REMI|EREF|IBAN|BBAN|ORDP|BENM|TRTP|CNTP|OCMT|MARF|RTRN)/")
_POLISH: Final = re.compile(r"(?:^\d{3} [^;]*|); ?(?:OD|DLA|TYT\.|Z RACH\.|NA RACH\.|TNR|ID IPH): ")
_ROMANIAN: Final = re.compile(r"\b(?:PLATITOR|BENEFICIAR) ")
_DUTCH_ACCOUNT: Final = re.compile(r"REK: (\S+?)/NAAM: (.+)")
_NUMBERED: Final = re.compile(r"(\d\d)(.*)", re.ASCII)
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_ACCOUNT: Final = re.compile(r"P?\d{9,26}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Around:
    """What the statement line says about the same payment: its references, and the lines below it."""

    customer_reference: str
    bank_reference: str
    supplement: str


def read(lines: Sequence[str], around: Around) -> Details:
    """What the :86: says, which may stand in several lines or fields; nothing of it is lost: what cannot be told
    apart is text.
    """
    whole = "".join(lines)
    if found := _SUBFIELDS.match(whole):
        return subfields.read(whole, found[1] or "", found[2])
    if whole.startswith("/") and _SLASHES.search(whole):
        return labels.slashes(whole, joined(*lines))
    spaced = joined(*lines)
    if _POLISH.search(spaced):
        return labels.semicolons(spaced)
    if _ROMANIAN.search(spaced):
        return labels.romanian(joined(whole))
    return _plain(lines, around)


def numbered(lines: Sequence[str]) -> Details:
    """The numbered lines of a :NS: below a statement line: 01 to 14 text, 15 and 16 the name, 17 the bank's
    text, 33 and 34 bank and account. Source: the MultiCash form of MT940.
    """
    by_number: dict[str, list[str]] = {}
    last = "01"
    for line in lines:
        if found := _NUMBERED.match(line):
            last, line = found[1], found[2]
        by_number.setdefault(last, []).append(line)
    given = {number: joined(*parts) for number, parts in by_number.items()}
    texts = [text for number, text in given.items() if number not in ("15", "16", "17", "18", "19", "33", "34")]
    return Details(
        name=joined(given.get("15", ""), given.get("16", "")),
        account=given.get("34", ""),
        text=joined(*texts),
        bank_text=given.get("17", ""),
    )


def is_account(text: str) -> bool:
    """Whether a text can be nothing but the other party's account."""
    return bool(_IBAN.fullmatch(text) or _ACCOUNT.fullmatch(text))


def _plain(lines: Sequence[str], around: Around) -> Details:
    """Free text; but some banks repeat the :61: in its first line and put the other party below."""
    told = [stripped for line in lines if (stripped := line.strip())]
    if not told:
        return Details()
    first = "".join(told[0].split())
    if first == "".join((around.customer_reference + around.supplement).split()) and around.supplement:
        rest = "".join(told[1:])
        found = labels.slashes(rest, joined(*told[1:])) if rest.startswith("/") else Details(text=joined(*told[1:]))
        found.name, found.account = around.supplement, around.customer_reference
        return found
    if len(told) > 1 and first == "".join((around.customer_reference + around.bank_reference).split()):
        return Details(name=told[1], address=tuple(told[2:]), text=told[0])
    details = Details(text=joined(*told))
    if dutch := _DUTCH_ACCOUNT.search(details.text):
        details.account, details.name = dutch[1], dutch[2]
        details.text = details.text[: dutch.start()].strip()
    return details
