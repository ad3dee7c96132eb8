"""Reads what a document carries inside: attachments in base 64."""

import base64
import binascii

from kvit.formats.einvoice.nodes import Node
from kvit.formats.einvoice.problem import SYNTAX


def content(node: Node) -> bytes | None:
    """The bytes of an attachment; None with a warning where it is empty, lost with a problem where it is none."""
    told = "".join(node.own().split())
    if not told:
        node.findings.warn("PEPPOL-EN16931-R008", node.place, "the attachment is empty")
        return None
    try:
        return base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        node.findings.lose(SYNTAX, node.place, "the attachment is not in base 64")
        return None
