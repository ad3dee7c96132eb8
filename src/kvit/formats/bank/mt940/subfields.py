"""A :86: cut into numbered subfields (?20, ~32, <63 ...), as German, Polish and Romanian banks send it."""

import re
from typing import Final

from kvit.formats.bank.mt940.found import Details, joined, stated

_WIDTH: Final = 27
_PURPOSE: Final = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "60", "61", "62", "63")
_KNOWN: Final = frozenset((*_PURPOSE, "00", "10", *(f"3{n}" for n in range(10)), *(f"7{n}" for n in range(10))))
_LABEL: Final = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP|IBAN|BIC)\+")
_BARE_LABEL: Final = re.compile(r"\b(EREF|KREF|MREF|CRED|SVWZ): ")
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_RETURNS: Final = frozenset({"108", "109", "159", "181", "182", "183", "184"})


def read(whole: str, code: str, separator: str) -> Details:
    """The subfields of a :86: whose lines were put together as they stand.

    Subfields of the purpose are pieces of 27 columns: a full one is continued without a blank. A number that
    is no subfield is part of the text. Name: 32 and 33; account: 38 (IBAN) before 31; a Polish bank that
    leaves 32 empty has name and address in 27 to 29.
    """
    given = _split(whole[len(code) :], separator)
    if separator != "?" and not given.get("32") and given.get("27") and given.get("31"):
        given["32"] = joined(given.pop("27"))
        address = tuple(filter(None, [joined(given.pop("28", "")), joined(given.pop("29", ""))]))
    else:
        address = ()
    details = _purpose(_run_together([given[number] for number in _PURPOSE if number in given]))
    names = [given.get("32", ""), given.get("33", "")]
    account = given.get("38", "") or given.get("31", "")
    if not account.strip() and _IBAN.fullmatch(names[1].strip()):
        account = names.pop()
    details.name = joined(_run_together(names)) or details.name
    details.account = account.strip() or details.account
    details.address = address
    details.bank_text = joined(given.get("00", ""), *(given[n] for n in sorted(given) if n[0] == "7"))
    details.code = code
    details.reason_code = given.get("34", "").strip() if code in _RETURNS else ""
    return details


def _split(whole: str, separator: str) -> dict[str, str]:
    given: dict[str, str] = {}
    last = ""
    for piece in whole.split(separator)[1:]:
        number = piece[:2]
        if number in _KNOWN and number not in given:
            last = number
            given[number] = piece[2:]
        elif number in _KNOWN and last:  # a second one of the same number goes on with it
            given[number] = joined(given[number], piece[2:])
        elif last and piece.strip():
            given[last] += separator + piece
        elif not last:
            last, given["20"] = "20", piece
    return given


def _run_together(pieces: list[str]) -> str:
    text = ""
    before = _WIDTH
    for piece in pieces:
        text += piece if before >= _WIDTH or not text else f" {piece}"
        before = len(piece)
    return text


def _purpose(text: str) -> Details:
    """The purpose, by its SEPA labels where it has any."""
    parts = _LABEL.split(text)
    if len(parts) == 1:
        return Details(text=joined(text))
    given: dict[str, str] = {}
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        given[label] = joined(given.get(label, ""), value)
    written = joined(parts[0], given.get("SVWZ", ""))
    return Details(
        account=given.get("IBAN", "").partition(" ")[0],
        counterparty_id=given.get("CRED", ""),
        ultimate_party=given.get("ABWA", "") or given.get("ABWE", ""),
        text=written,
        end_to_end_id=stated(given.get("EREF", "")),
        payment_information_id=stated(given.get("KREF", "")),
        mandate_id=stated(given.get("MREF", "")),
    )
