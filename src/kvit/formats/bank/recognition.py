"""Tells from a file's first bytes which format it has, whatever its name."""

import codecs
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import BinaryIO, Final

from kvit.formats import encoding
from kvit.formats.bank.autogiro import layout as autogiro
from kvit.formats.bank.tabular import read as tabular
from kvit.formats.bank.tabular.profile import Profile
from kvit.formats.bank.tabular.shipped import SHIPPED

HEAD: Final = 1 << 16


class Format(StrEnum):
    """The bank file formats there are readers for."""

    CAMT_052 = "camt.052"
    CAMT_053 = "camt.053"
    CAMT_054 = "camt.054"
    MT940 = "mt940"
    MT942 = "mt942"
    BGMAX = "bgmax"
    CSV = "csv"
    ZIP = "zip"
    PAIN_002 = "pain.002"
    AUTOGIRO = "autogiro"
    LB = "lb"


REPORTS: Final = frozenset({Format.PAIN_002, Format.AUTOGIRO, Format.LB})
"""Formats that are about orders and mandates and hold no movements on an account."""

_MESSAGES: Final = {
    "BkToCstmrAcctRpt": Format.CAMT_052,
    "BkToCstmrStmt": Format.CAMT_053,
    "BkToCstmrDbtCdtNtfctn": Format.CAMT_054,
    "CstmrPmtStsRpt": Format.PAIN_002,
}
_ELEMENT: Final = re.compile(
    r"<(?:[^\s<>:/]+:)?(BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn)|CstmrPmtStsRpt)(?:V\d\d)?[\s/>]"
)
_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[234]|pain\.002)\.001\.[0-9]{2}")
_BGMAX: Final = re.compile(rb"(?:[^\n]*\n){0,12}01BGMAX ")
_ARCHIVE: Final = (b"PK\x03\x04", b"PK\x05\x06")
_SWIFT_FIELD: Final = re.compile(r"^:(20|25|25P|28|28C|60F|60M|61|62F|62M|64|65|86|34F|13D?|90[CD]):", re.MULTILINE)
_SWIFT_BLOCK: Final = re.compile(r"\{2:[IO]94([02])")
_INTERIM: Final = re.compile(r"^:(?:34F|13D|90[CD]):", re.MULTILINE)
_LB: Final = re.compile(r"^11.{16}LEVERANT.RSBET", re.MULTILINE)
_TITLE_LINES: Final = 12
_REGISTER_LINES: Final = 3


def recognise(head: bytes, *, profiles: Sequence[Profile] = SHIPPED) -> Format | None:
    """The format of a file that begins with `head` (64 KiB are always enough); None when none is known.

    An ISO 20022 message is known by its message element, under any prefix and inside any envelope, else by
    its namespace; the files of Bankgirot by their opening record, also below a few title lines; MT940 by its
    fields, and MT942 by those that only it has; a CSV by a line that names the columns of one of `profiles`.
    """
    if head.startswith(_ARCHIVE):
        return Format.ZIP
    if _BGMAX.match(head.removeprefix(codecs.BOM_UTF8)):
        return Format.BGMAX
    text = _decoded(head).lstrip()
    if text.startswith("<"):
        return _message(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _bankgirot(lines) or _swift(lines):
        return found
    return Format.CSV if csv_profile(head, profiles) else None


def recognise_stream(source: BinaryIO, *, profiles: Sequence[Profile] = SHIPPED) -> Format | None:
    """The format of a seekable `source`, which stands where it stood afterwards."""
    here = source.tell()
    head = source.read(HEAD)
    source.seek(here)
    return recognise(head, profiles=profiles)


def csv_profile(head: bytes, profiles: Sequence[Profile] = SHIPPED) -> Profile | None:
    """The profile whose column names stand among the first lines of a CSV that begins with `head`."""
    whole = head[: head.rfind(b"\n") + 1] or head
    if b"\0" in whole[:1000]:
        return None
    text = whole.decode(encoding.guess(whole).removesuffix("-sig"), errors="replace").removeprefix("\ufeff")
    return tabular.fitting("\n".join(text.splitlines()[: tabular.MAX_PREAMBLE]), profiles)


def _message(text: str) -> Format | None:
    if element := _ELEMENT.search(text):
        return _MESSAGES[element[1]]
    if namespace := _NAMESPACE.search(text):
        return Format(namespace[1])
    return None


def _bankgirot(lines: str) -> Format | None:
    """Autogiro or Leverantörsbetalningar, below at most a few title lines."""
    first = [line for line in lines[:4000].split("\n")[:_TITLE_LINES] if line.strip()]
    for line in first:
        is_opening = line[:2] in ("01", "51") and (
            "AUTOGIRO" in line[2:18] or line[24:34].rstrip() in ("AG-MEDAVI", "AG-EMEDGIV")
        )
        if is_opening:
            return Format.AUTOGIRO
        if _LB.match(line):
            return Format.LB
    listed = [line for line in first[:_REGISTER_LINES] if autogiro.is_register_line(line)]
    return Format.AUTOGIRO if listed and not first[0].startswith(":") else None


def _swift(lines: str) -> Format | None:
    """MT940 or MT942: two of their fields, or one that opens the file."""
    if block := _SWIFT_BLOCK.search(lines[:2000]):
        return Format.MT942 if block[1] == "2" else Format.MT940
    start = lines.lstrip("\x01\x02 \n")
    fields = {found[1] for found in _SWIFT_FIELD.finditer(lines)}
    if len(fields) < 2 and not _SWIFT_FIELD.match(start):
        return None
    return Format.MT942 if _INTERIM.search(lines) and "60F" not in fields else Format.MT940


def _decoded(head: bytes) -> str:
    """The head as text, as far as needed to find ASCII names in it."""
    if head.startswith(codecs.BOM_UTF8):
        return head.removeprefix(codecs.BOM_UTF8).decode("iso-8859-1")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="ignore")
    if head.startswith(b"<\0"):
        return head.decode("utf-16-le", errors="ignore")
    if head.startswith(b"\0<"):
        return head.decode("utf-16-be", errors="ignore")
    return head.decode("iso-8859-1")
