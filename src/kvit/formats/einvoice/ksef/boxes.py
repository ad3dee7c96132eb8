"""Elements of FA(3) put together in the order of its schema, those kept from a file among the written ones."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias

from kvit.formats.einvoice.ksef.names import ORDER
from kvit.formats.einvoice.markup import amount, each, element, plain, quoted, text
from kvit.formats.einvoice.model import Element, Invoice

Part: TypeAlias = tuple[str, str]
"""The name of an element and the element as it is written; "" where there is nothing to say."""


def token(value: str) -> str:
    """A text as the schema's token: no line ends, one blank between words."""
    return " ".join(value.split())


def said(name: str, value: str) -> Part:
    """An element with a text."""
    return name, element(name, token(value))


def marked(name: str, is_so: bool) -> Part:
    """An element that is 1 or is not there."""
    return name, f"<{name}>1</{name}>" if is_so else ""


def either(name: str, is_so: bool) -> Part:
    """An element that is 1 for yes and 2 for no."""
    return name, f"<{name}>{'1' if is_so else '2'}</{name}>"


def money(name: str, minor: int | None, decimals: int = 2) -> Part:
    """An amount."""
    return name, "" if minor is None else f"<{name}>{amount(minor, decimals)}</{name}>"


def number(name: str, value: Decimal | None) -> Part:
    """A number."""
    return name, element(name, plain(value))


def box(name: str, *parts: Part, kept: Iterable[Element] = ()) -> Part:
    """An element around others in their order; nothing where all of them are empty."""
    order = ORDER[name]
    last = len(order)
    inside = [(order.get(child, last), written) for child, written in parts if written]
    inside += [(order.get(one.name, last), as_written(one)) for one in kept]
    inside.sort(key=lambda part: part[0])
    return name, f"<{name}>{each(written for _, written in inside)}</{name}>" if inside else ""


def as_written(one: Element) -> str:
    """An element that was kept as it came."""
    attributes = "".join(f' {name}="{quoted(value)}"' for name, value in one.attributes)
    inside = each(as_written(child) for child in one.children) or text(one.text)
    return f"<{one.name}{attributes}>{inside}</{one.name}>"


def kept_in(invoice: Invoice, path: str) -> tuple[Element, ...]:
    """The elements that were kept of the element at `path`."""
    polish = invoice.polish
    return tuple(one for where, one in polish.extra if where == path) if polish else ()
