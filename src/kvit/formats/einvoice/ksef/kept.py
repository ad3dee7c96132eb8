"""Keeps what a file of FA says beyond the model, and sees that elements stand where the schema has them."""

from typing import TYPE_CHECKING, Final

from kvit.formats.einvoice.ksef.names import ORDER
from kvit.formats.einvoice.model import Element
from kvit.formats.einvoice.nodes import Node

if TYPE_CHECKING:
    from lxml import etree

SCHEMA: Final = "FA-XSD"
"""The rule of whatever the schema of FA(3) would refuse."""
_DEEPEST: Final = 30


class Kept:
    """The elements left of a reading, each with the path of the element it stands in."""

    def __init__(self) -> None:
        self.extra: list[tuple[str, Element]] = []

    def rest(self, node: Node | None, path: str) -> None:
        """Keep what is left of a node."""
        if node is not None:
            self.extra += [(path, as_kept(one)) for one in node.rest()]

    def put(self, node: Node, path: str) -> None:
        """Keep a node as a whole."""
        self.extra.append((path, whole(node)))


def whole(node: Node) -> Element:
    """A node with all that is in it; nothing of it counts as left."""
    node.rest()
    return as_kept(node.element)


def as_kept(one: "etree._Element", depth: int = 0) -> Element:
    """An element with all that is in it, by local names; nothing below thirty levels."""
    children = list(one) if depth < _DEEPEST else []
    return Element(
        name=one.tag.rpartition("}")[2],
        text="" if children else (one.text or "").strip(),
        attributes=tuple((str(name), str(value)) for name, value in one.attrib.items() if "{" not in str(name)),
        children=tuple(as_kept(child, depth + 1) for child in children),
    )


def in_order(node: Node) -> None:
    """Tell elements that the schema does not know here, or not in this place."""
    order = ORDER[node.name]
    before = ""
    for name in node.names():
        if name not in order:
            node.findings.tell(SCHEMA, f"{node.place}/{name}", "the schema has no such element here")
        elif before and order[name] < order[before]:
            node.findings.tell(SCHEMA, f"{node.place}/{name}", f"stands behind {before}, the schema wants it before")
        else:
            before = name
