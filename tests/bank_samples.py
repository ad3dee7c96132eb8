"""The foreign bank files, counted and added up a second time by other means than the readers under test."""

import functools
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from kvit.formats.bank.statement import Line, Statement
from kvit.kernel import currencies
from kvit.kernel.results import Read
from shared_folder import SHARED

CONFORMANCE = SHARED / "conformance" if SHARED else Path()
STATEMENTS = ("Stmt", "Rpt", "Ntfctn")


def _files(folder: str) -> list[Path]:
    if SHARED is None:
        return []
    return sorted(path for path in (CONFORMANCE / folder).rglob("*") if path.is_file())


CAMT = [path for path in _files("iso20022/samples") if "pain" not in path.parts[-2]]
BGMAX = [path for path in _files("bankgirot") if re.search(rb"^01BGMAX", path.read_bytes(), re.MULTILINE)]
OTHER = [path for path in _files("bankgirot") + _files("iso20022/samples") if path not in CAMT and path not in BGMAX]


def name(path: Path) -> str:
    """A sample's name in golden files: its path below the conformance folder."""
    return path.relative_to(CONFORMANCE).as_posix()


def sample(file: str) -> bytes:
    """The bytes of a sample by its name."""
    return (CONFORMANCE / file).read_bytes()


@functools.cache
def _schema(message: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(CONFORMANCE / "iso20022" / "schema" / f"{message}.xsd")))


def namespace(path: Path) -> str:
    """The namespace of the sample's root element."""
    return etree.QName(etree.parse(str(path)).getroot()).namespace or ""


def is_schema_valid(path: Path) -> bool:
    """Whether the sample obeys the schema of its own namespace."""
    return bool(_schema(namespace(path).rpartition(":")[2]).validate(etree.parse(str(path))))


def _parsed(data: bytes) -> etree._Element | None:
    """The tree lxml makes of the file, recovering from what it minds and no reader needs to mind.

    Such are a namespace that is no URI and a version of XML that there is not.
    """
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def camt_complaints(data: bytes, read: Read[Statement]) -> list[str]:
    """What a camt reader lost, doubled or invented, by walking the tree with lxml; empty when all is well.

    Each Ntry must be one line, or one problem, at its own place; or one line for each of its TxDtls. Lines of
    an entry must add up to its amount with the sign of CdtDbtInd, and only booked entries may give lines.
    """
    complaints: list[str] = []
    lines = {line.place: line for statement in read.records for line in statement.lines}
    if len(lines) != sum(len(statement.lines) for statement in read.records):
        complaints.append("two lines have the same place")
    problems = Counter(problem.place for problem in read.problems)
    left = set(lines)
    root = _parsed(data)
    for place, entry in _entries(root) if root is not None else ():
        details = [f"{place}/TxDtls[{i}]" for i in range(1, len(_all(entry, "NtryDtls/TxDtls")) + 1)]
        own = [lines[at] for at in (place, *details) if at in lines]
        left -= {line.place for line in own}
        places = [line.place for line in own]
        if problems[place] + bool(own) != 1 or (own and places != [place] and places != details):
            complaints.append(f"{place}: {len(own)} lines and {problems[place]} problems")
        if own:
            complaints += _amount_complaints(place, entry, own)
        if places == details:
            complaints += _detail_complaints(_all(entry, "NtryDtls/TxDtls"), own)
    return complaints + [f"{place}: a line where there is no entry" for place in sorted(left)]


def xpath(element: etree._Element, path: str) -> Any:
    """What an XPath gives; its type depends on the path."""
    return element.xpath(path)


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    steps = "/".join(f"*[local-name()='{step}']" for step in path.split("/"))
    found: list[etree._Element] = xpath(element, steps)
    return found


def _entries(root: etree._Element) -> list[tuple[str, etree._Element]]:
    found = []
    for kind in STATEMENTS:
        statements: list[etree._Element] = xpath(root, f"//*[local-name()='{kind}']")
        for s, statement in enumerate(statements, start=1):
            for n, entry in enumerate(_all(statement, "Ntry"), start=1):
                found.append((f"{kind}[{s}]/Ntry[{n}]", entry))
    return found


def _amount_complaints(place: str, entry: etree._Element, lines: list[Line]) -> list[str]:
    complaints = []
    amount = _all(entry, "Amt")[0]
    sign = {"CRDT": 1, "DBIT": -1}[(_all(entry, "CdtDbtInd")[0].text or "").strip()]
    currency = amount.get("Ccy", "")
    amounts = _decimals([amount.text or ""])
    if not amounts:
        return [f"{place}: a line for an amount that cannot be read"]
    told = sign * amounts.pop()
    made = sum(Decimal(line.amount_minor).scaleb(-currencies.minor_units(currency)) for line in lines)
    if told != made or {line.currency for line in lines} != {currency}:
        complaints.append(f"{place}: {told} {currency} in the file, {made} in the lines")
    statuses = {str(xpath(status, "string()")).strip() for status in _all(entry, "Sts")} - {"BOOK", ""}
    if statuses:
        complaints.append(f"{place}: a line for an entry with status {statuses}")
    return complaints


def _detail_complaints(details: list[etree._Element], lines: list[Line]) -> list[str]:
    """Each payment of a split batch must have an amount that stands in its own TxDtls."""
    complaints = []
    for detail, line in zip(details, lines, strict=True):
        amounts = xpath(detail, ".//*[contains(local-name(), 'Amt')]/text()[normalize-space()]")
        made = abs(Decimal(line.amount_minor).scaleb(-currencies.minor_units(line.currency)))
        if made not in _decimals(amounts):
            complaints.append(f"{line.place}: {made} does not stand in this payment")
    return complaints


def _decimals(texts: list[str]) -> set[Decimal]:
    found = set()
    for text in texts:
        try:
            found.add(Decimal(text.strip()))
        except InvalidOperation:
            continue
    return found


def bgmax_complaints(data: bytes, read: Read[Statement]) -> list[str]:
    """What a BgMax reader lost, doubled or invented, by looking at the first columns of each line."""
    lines = {line.place: line for statement in read.records for line in statement.lines}
    problems = Counter(problem.place for problem in read.problems)
    complaints = []
    for number, row in enumerate(data.split(b"\n"), start=1):
        place = f"line {number}"
        if row.removeprefix(b"\xef\xbb\xbf")[:2] not in (b"20", b"21"):
            continue
        line = lines.pop(place, None)
        if problems[place] + (line is not None) != 1:
            complaints.append(f"{place}: {'a' if line else 'no'} line and {problems[place]} problems")
        elif line and abs(line.amount_minor) != _bgmax_amount(row):
            complaints.append(f"{place}: {_bgmax_amount(row)} in the file, {line.amount_minor} in the line")
        elif line and (line.amount_minor < 0) != row.startswith(b"21") and line.amount_minor:
            complaints.append(f"{place}: the wrong sign")
    return complaints + [f"{place}: a line where there is no payment" for place in lines]


def _bgmax_amount(row: bytes) -> int | None:
    try:
        text = row.decode("utf-8")
    except UnicodeDecodeError:
        text = row.decode("latin-1")
    columns = text.expandtabs(8)[37:55]
    return int(columns) if re.fullmatch(r"[0-9]{18}", columns, re.ASCII) else None


def _amounts_in(data: bytes) -> set[Decimal]:
    """Every number that stands in the file, without its sign."""
    found = set()
    for number in re.findall(rb"[0-9]*\.?[0-9]+|[0-9]+\.", data):
        try:
            found.add(Decimal(number.decode()))
        except InvalidOperation:
            continue
    return found


def _bgmax_amounts_in(data: bytes) -> set[int | None]:
    """Every amount that stands in the amount columns of any line."""
    return {_bgmax_amount(row) for row in data.split(b"\n")}


def camt_losses(data: bytes, read: Read[Statement]) -> list[str]:
    """What is wrong with the reading of a damaged camt file; a file that could not be read on says so."""
    amounts = _amounts_in(data)
    found = []
    for statement in read.records:
        for line in statement.lines:
            if abs(Decimal(line.amount_minor).scaleb(-currencies.minor_units(line.currency))) not in amounts:
                found.append(f"{line.place}: an amount that does not stand in the file")
    stopped = any("reading stopped" in problem.reason for problem in read.problems)
    if stopped:
        return found
    tree = _parsed(data)
    if tree is None:
        return [*found, "no XML, and nobody says so"]
    strays = sum("does not belong here" in problem.reason for problem in read.problems)
    if not strays:
        return found + camt_complaints(data, read)  # of what lxml could recover, where it is stricter
    places = {place.partition("/TxDtls")[0] for place in _entry_places(read)}
    entries = int(xpath(tree, "count(//*[local-name()='Ntry'])"))
    return found if entries <= len(places) + strays else [*found, f"{entries} entries, {len(places)} known"]


def _entry_places(read: Read[Statement]) -> set[str]:
    lines = {line.place for statement in read.records for line in statement.lines}
    return lines | {p.place for p in read.problems if p.place.endswith("]") and "/Ntry[" in p.place}


def bgmax_losses(data: bytes, read: Read[Statement]) -> list[str]:
    """What is wrong with the reading of a damaged BgMax file."""
    found = [
        f"{line.place}: an amount that does not stand in the file"
        for statement in read.records
        for line in statement.lines
        if abs(line.amount_minor) not in _bgmax_amounts_in(data)
    ]
    stopped = any("reading stopped" in problem.reason for problem in read.problems)
    return found if stopped else found + bgmax_complaints(data, read)
