"""Reads XML from strangers as nodes that remember what was taken from them, so that what was not can be told.

Bounded before anything is parsed: bytes, elements and attributes; no document type, no entities, no network. A reader
takes child elements by their local names; each refusal and each leftover becomes a Problem with its place.
"""

import datetime
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lxml import etree

from kvit.formats.einvoice.model import Invoice
from kvit.formats.einvoice.problem import SYNTAX, Problem, Severity
from kvit.kernel.currencies import UnknownCurrency, minor_units
from kvit.kernel.money import LARGEST_MINOR

MAX_BYTES: Final = 30_000_000
MAX_MARKS: Final = 1_000_000
"""How many "<" and how many "=" a file may have: an element costs a hundred bytes of memory however short it is."""
_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS: Final = re.compile(rb"(utf-?8|utf-?16(le|be)?|us-ascii|iso-8859-\d{1,2}|windows-125\d)", re.IGNORECASE)
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
_NUMBER: Final = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?", re.ASCII)
_DIGITS: Final = 24
"""Longest number: a product of two of them can still be rounded exactly."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SHOWN: Final = 60
MOST_TOLD: Final = 100
"""So many problems of one file are told; the rest is counted."""

UNREAD: Final = "UNREAD"
"""The rule of a warning: something stands in the file for which the invoice has no place."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: the invoice, or None where it could not be taken over whole; and what is wrong with the file.

    Warnings of the rule UNREAD name elements that were left behind.
    """

    invoice: Invoice | None
    problems: tuple[Problem, ...]


class Unreadable(Exception):
    """The file as a whole is not XML that is read here."""


class Findings:
    """What one reading found wrong, and whether something of the invoice was lost by it."""

    def __init__(self, once: Mapping[tuple[str, str], str] | None = None) -> None:
        self.problems: list[Problem] = []
        self.is_lost = False
        self.nodes: list[Node] = []
        self.once = once or {}
        """Parent and child by their names: the rule by which the child stands there once."""

    def lose(self, rule: str, place: str, words: str) -> None:
        """Something that cannot be taken over: there will be no invoice."""
        self.is_lost = True
        self.problems.append(Problem(rule, place, words))

    def tell(self, rule: str, place: str, words: str) -> None:
        """Something wrong that does not hinder reading."""
        self.problems.append(Problem(rule, place, words))

    def warn(self, rule: str, place: str, words: str) -> None:
        """Something odd that a person may want to know."""
        self.problems.append(Problem(rule, place, words, Severity.WARNING))

    def reading(self, invoice: Invoice | None) -> Reading:
        """The end of a reading: leftovers are told, the invoice is kept if nothing was lost."""
        told = self.problems[:MOST_TOLD]
        if len(self.problems) > MOST_TOLD:
            told.append(Problem(SYNTAX, "file", f"{len(self.problems) - MOST_TOLD} more problems"))
        count = 0
        for node in self.nodes:
            for name in node.left():
                count += 1
                if count <= MOST_TOLD:
                    told.append(self._leftover(node, name))
        if count > MOST_TOLD:
            told.append(Problem(UNREAD, "file", f"{count - MOST_TOLD} more elements", Severity.WARNING))
        return Reading(None if self.is_lost else invoice, tuple(told))

    def _leftover(self, node: "Node", name: str) -> Problem:
        """A second one of what stands there once is wrong; of anything else it is said that it was left."""
        rule = self.once.get((node.name, name), "")
        if rule and name in node.repeated:
            return Problem(rule, f"{node.place}/{name}", "this element stands here more than once")
        words = "this element has no place in the invoice"
        return Problem(UNREAD, f"{node.place}/{name}", words, Severity.WARNING)


def root(data: bytes) -> etree._Element:
    """The root element of an XML document. Refuses `Unreadable`."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"the file is larger than {MAX_BYTES} bytes")
    start = data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if not start.startswith(b"<"):
        raise Unreadable("the file is empty" if not data.strip() else "this is no XML document")
    if data.count(b"<") > MAX_MARKS or data.count(b"=") > MAX_MARKS:
        raise Unreadable(f"the file has more than {MAX_MARKS} elements or attributes")
    declared = _ENCODING.match(start)
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise Unreadable(f"the encoding {declared[1].decode()[:_SHOWN]!r} is not read")
    if any(doctype in data for doctype in _DOCTYPES):
        raise Unreadable("the file has a document type, which no invoice has")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"this is no well-formed XML: {str(error)[:200]}") from None


@functools.lru_cache(maxsize=2048)
def _local(tag: str) -> str:
    """The name behind the namespace; kept for as many as all syntaxes together have."""
    return tag.rpartition("}")[2]


class Node:
    """An element whose children are taken by local name, each once."""

    __slots__ = ("_children", "element", "findings", "parent", "repeated")

    def __init__(self, element: etree._Element, findings: Findings, parent: "Node | None" = None) -> None:
        self.element = element
        self.findings = findings
        self.parent = parent
        children: dict[str, list[etree._Element]] = {}
        for child in element:  # elements only: the parser leaves comments and instructions out
            name = _local(child.tag)
            if name in children:
                children[name].append(child)
            else:
                children[name] = [child]
        self._children = children
        self.repeated: tuple[str, ...] = ()
        findings.nodes.append(self)

    @property
    def name(self) -> str:
        """The local name."""
        return _local(self.element.tag)

    @property
    def place(self) -> str:
        """The path from the root, with positions among equals: Invoice/InvoiceLine[2]/Item.

        Finding a position takes as long as there are equals, so after the problems that are told nobody looks for one.
        """
        if self.parent is None or len(self.findings.problems) > MOST_TOLD:
            return self.name
        alike = [one for one in self.parent.element if one.tag == self.element.tag]
        position = f"[{alike.index(self.element) + 1}]" if len(alike) > 1 else ""
        return f"{self.parent.place}/{self.name}{position}"

    def all(self, name: str) -> "list[Node]":
        """The children of this name."""
        found = self._children.pop(name, None)
        return [Node(child, self.findings, self) for child in found] if found else []

    def one(self, name: str) -> "Node | None":
        """The first child of this name; further ones are left."""
        child = self.child(name)
        return None if child is None else Node(child, self.findings, self)

    def child(self, name: str) -> etree._Element | None:
        """The first child of this name as it is; further ones are left."""
        found = self._children.get(name)
        if not found:
            return None
        if len(found) == 1:
            return self._children.pop(name)[0]
        self.repeated = (*self.repeated, name)
        return found.pop(0)

    def child_node(self, name: str) -> "Node":
        """The first child of this name, an empty one where it is not there."""
        return self.one(name) or Node(etree.Element(name), self.findings, self)

    def path(self, *names: str) -> "Node | None":
        """The child of the child …"""
        node: Node | None = self
        for name in names:
            node = node.one(name) if node is not None else None
        return node

    def own(self) -> str:
        """The text of the element itself, trimmed."""
        return (self.element.text or "").strip()

    def attribute(self, name: str) -> str:
        """An attribute, trimmed; "" where it is not there."""
        return (self.element.get(name) or "").strip()

    def text(self, name: str) -> str:
        """The text of the first child of this name, trimmed; "" where it is not there."""
        child = self.child(name)
        return "" if child is None else (child.text or "").strip()

    def texts(self, name: str) -> list[str]:
        """The texts of all children of this name, trimmed, without empty ones."""
        return [told for child in self._children.pop(name, ()) if (told := (child.text or "").strip())]

    def inner(self, *names: str) -> str:
        """The text of a child of a child …"""
        node = self.path(*names[:-1])
        return node.text(names[-1]) if node is not None else ""

    def rest(self) -> list[etree._Element]:
        """The children that nobody took, in the order of the file; they count as taken now."""
        left = [child for found in self._children.values() for child in found]
        self._children = {}
        return sorted(left, key=self.element.index) if len(left) > 1 else left

    def names(self) -> list[str]:
        """The local names of all children, in the order of the file."""
        return [_local(child.tag) for child in self.element]

    def left(self) -> Iterator[str]:
        """The names of the children that nobody took."""
        for name, found in self._children.items():
            yield from [name] * len(found)

    def number(self, name: str, rule: str = SYNTAX) -> Decimal | None:
        """A decimal number; None where it is missing, and lost with a problem where it is none."""
        told = self.text(name)
        return self.as_number(told, name, rule) if told else None

    def as_number(self, told: str, name: str, rule: str = SYNTAX) -> Decimal | None:
        """`told` as a decimal number in the notation of XML Schema."""
        match = _NUMBER.fullmatch(told)
        if match is None or not (match[2] or match[3]) or len(told) > _DIGITS:
            self.findings.lose(rule, f"{self.place}/{name}", f"{told[:_SHOWN]!r} is not a number")
            return None
        return Decimal(told)

    def day(self, name: str, rule: str = SYNTAX) -> datetime.date | None:
        """A day as YYYY-MM-DD, a time zone behind it ignored."""
        told = self.text(name)
        if not told:
            return None
        try:
            plain = told[:10] if len(told) > 10 and told[10] in "Z+-" else told
            return datetime.date.fromisoformat(plain if _DAY.fullmatch(plain) else "")
        except ValueError:
            self.findings.lose(rule, f"{self.place}/{name}", f"{told[:_SHOWN]!r} is not a day as YYYY-MM-DD")
            return None


class Currency:
    """A currency in which amounts are read: its code, and its decimals (two where the code is not known)."""

    def __init__(self, code: str) -> None:
        self.code = code
        try:
            self.decimals = minor_units(code)
        except UnknownCurrency:
            self.decimals = 2

    def amount(self, node: Node, name: str, rule: str) -> int | None:
        """The first child of this name as an amount; None where it is not there.

        More than two decimals are told under `rule`; more than the currency has cannot be taken over, nor can an
        amount that names another currency.
        """
        told = self._told(node, name)
        return None if told is None else self.minor(told, node, name, rule)

    def price(self, node: Node, name: str) -> Decimal | None:
        """The first child of this name as a price, which may have more decimals than an amount."""
        told = self._told(node, name)
        return node.as_number(told, name) if told else None

    def _told(self, node: Node, name: str) -> str | None:
        child = node.child(name)
        if child is None:
            return None
        told = child.get("currencyID")
        if told is not None and self.code and told != self.code:
            words = f"the amount is in {told[:10]!r}, the invoice in {self.code}"
            node.findings.lose("PEPPOL-EN16931-R051", f"{node.place}/{name}", words)
            return None
        return (child.text or "").strip()

    def minor(self, told: str, node: Node, name: str, rule: str) -> int | None:
        """The text of an amount in whole minor units."""
        match = _NUMBER.fullmatch(told)
        if match is None or not (match[2] or match[3]) or len(told) > _DIGITS:
            node.findings.lose(SYNTAX, f"{node.place}/{name}", f"{told[:_SHOWN]!r} is not an amount")
            return None
        sign, whole, fraction = match[1], match[2], match[3] or ""
        decimals = self.decimals
        if len(fraction) > 2:
            node.findings.tell(rule, f"{node.place}/{name}", f"{told} has more than two decimals")
        if len(fraction) > decimals:
            if fraction[decimals:].strip("0"):
                words = f"{told} has more decimals than {self.code or 'the currency'}, which has {decimals}"
                node.findings.lose(rule, f"{node.place}/{name}", words)
                return None
            fraction = fraction[:decimals]
        minor = int(whole + fraction.ljust(decimals, "0") or "0")
        if minor > LARGEST_MINOR:
            node.findings.lose(SYNTAX, f"{node.place}/{name}", f"{told} is more than an amount of money can be")
            return None
        return -minor if sign == "-" else minor
