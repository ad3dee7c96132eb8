"""A :86: told apart by labels: SWIFT code words between slashes, mBank's semicolons, Romanian words."""

import re
from typing import Final

from kvit.formats.bank.mt940.found import Details, joined, stated

_WORD: Final = re.compile(
    r"/(TRTP|IBAN|BIC|BBAN|NAME|REMI|EREF|MARF|CSID|ORDP|BENM|ISDT|ADDR|RTRN|PREF|CNTP|ULTC|ULTD|ULTB|PURP|CREF|"
    r"RTYP|OCMT|CHGS|EXCH|ACCW|SVCL|KREF|NRTX|TRCD|INIT|ID|CHGS1|CHGS2)/"
)
_REMITTANCE: Final = re.compile(r"^(?:USTD//|STRD/(?:CUR|ISO)/)")
_STRUCTURED: Final = re.compile(r"^STRD/(?:CUR|ISO)/([^/]+)")
_POLISH: Final = re.compile(r"; ?([A-ZĄĆĘŁŃÓŚŹŻ][A-ZĄĆĘŁŃÓŚŹŻ .]{1,24}): ?")
_POLISH_KNOWN: Final = frozenset({"Z RACH.", "NA RACH.", "OD", "DLA", "TYT.", "TNR", "ID IPH", "REF. KLIENTA"})
_ROMANIAN_PARTY: Final = re.compile(r"\b(?:PLATITOR|BENEFICIAR) ")
_ROMANIAN_TEXT: Final = re.compile(r"D ?E ?T ?A ?L ?I ?I (?:INCASARE|PLATA)\b")
_ROMANIAN_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}[A-Z]{4}[A-Z0-9]{10,26}\b")
_BIC: Final = re.compile(r"\b[A-Z]{6}[A-Z0-9]{2,5}\s*$")


def slashes(whole: str, spaced: str) -> Details:
    """Code words between slashes: /NAME/Kees/REMI/Invoice 17/. In `whole` the lines stand together without a blank."""
    parts = _WORD.split(whole)
    given: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        given.setdefault(word, value.strip())
    remittance = given.get("REMI", "")
    reference = _STRUCTURED.match(remittance)
    contra = given.get("CNTP", "").split("/")
    name, account = given.get("NAME", ""), given.get("IBAN", "") or given.get("BBAN", "")
    if len(contra) > 2:
        account, name = contra[0] or account, contra[2] or name
    return Details(
        name=joined(name.strip("/")),
        account=account.strip("/ "),
        counterparty_id=given.get("CSID", "").strip("/"),
        address=tuple(filter(None, [joined(given.get("ADDR", ""))])),
        ultimate_party=joined(given.get("ULTD", "") or given.get("ULTB", "") or given.get("ULTC", "")).strip("/"),
        text=joined(_REMITTANCE.sub("", remittance).strip("/")) or joined(parts[0]) or _unread(given, spaced),
        bank_text=given.get("TRTP", ""),
        reference=reference[1] if reference else "",
        end_to_end_id=stated(given.get("EREF", "").strip("/")),
        payment_information_id=stated((given.get("PREF", "") or given.get("KREF", "")).strip("/")),
        mandate_id=stated(given.get("MARF", "").strip("/")),
        reason_code=given.get("RTRN", "").strip("/"),
    )


def _unread(given: dict[str, str], spaced: str) -> str:
    """The whole text where no word says who paid and what for, so that it is not lost."""
    return "" if given.keys() & {"NAME", "CNTP", "EREF"} else spaced


def semicolons(spaced: str) -> Details:
    """mBank: "911 TRANSAKCJA COLLECT; ID IPH: XX1; Z RACH.: 5611...; OD: JAN NOWAK; TYT.: PRZELEW; TNR: 17"."""
    parts = _POLISH.split(spaced)
    given: dict[str, str] = {}
    others: list[str] = []
    for label, value in zip(parts[1::2], parts[2::2], strict=True):
        value = joined(value).rstrip("; ")
        if label in _POLISH_KNOWN and label not in given:
            given[label] = value
        else:
            others.append(f"{label}: {value}")
    return Details(
        name=given.get("OD", "") or given.get("DLA", ""),
        account=(given.get("Z RACH.", "") or given.get("NA RACH.", "")).replace(" ", ""),
        text="; ".join(filter(None, [given.get("TYT.", ""), *others])),
        bank_text=joined(parts[0])[4:] if parts[0][:3].isdigit() else joined(parts[0]),
        reference=given.get("ID IPH", ""),
        transaction_id=given.get("TNR", ""),
        payment_information_id=given.get("REF. KLIENTA", ""),
        code=parts[0][:3] if parts[0][:3].isdigit() else "",
    )


def romanian(text: str) -> Details:
    """Alpha Bank: "Incasare interbancara PLATITOR name IBAN BIC DETALII INCASARE text"."""
    party = _ROMANIAN_PARTY.search(text)
    written = _ROMANIAN_TEXT.search(text)
    if party is None or written is None or written.start() < party.end():
        return Details(text=text)
    about = text[party.end() : written.start()]
    iban = _ROMANIAN_IBAN.search(about)
    name = about[: iban.start()] if iban else about
    return Details(
        name=_BIC.sub("", name.strip()).strip(),
        account=iban[0] if iban else "",
        text=text[written.end() :].strip() or text,
        bank_text=text[: party.start()].strip(),
    )
