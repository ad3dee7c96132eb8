"""Say in a PDF's metadata that an e-invoice lies inside, as Factur-X 1.07 / ZUGFeRD 2.3 want it (XMP, ISO 16684-1).

Typst writes the metadata last, uncompressed, before the catalogue; so the table of offsets can be kept in step, which
takes a hundredth of reading and writing the file by a library (docs/decisions/0026).
"""

import re
from typing import Final
from xml.sax.saxutils import escape

NAMESPACE: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_HEAD: Final = re.compile(rb"(\d+) 0 obj\n<</Length (\d+)/Type/Metadata/Subtype/XML>>\nstream\n")
_BAG_ENDS: Final = b"</rdf:Bag></pdfaExtension:schemas>"
_RDF_ENDS: Final = b"</rdf:RDF>"
_FIELDS: Final = ("DocumentFileName", "DocumentType", "Version", "ConformanceLevel")
_ENTRY_BYTES: Final = 20


class StrangePdf(RuntimeError):
    """The PDF is not written as this Typst writes it: a bug after an upgrade."""


def announced(pdf: bytes, *, name: str, profile: str) -> bytes:
    """The PDF with the e-invoice of this file name and conformance level said in its XMP."""
    found = list(_HEAD.finditer(pdf, max(0, len(pdf) - 200_000)))
    if not found:
        raise StrangePdf("no metadata where they are looked for")
    head = found[-1]
    start, length = head.end(), int(head[2])
    packet = _with_schema(pdf[start : start + length], name=name, profile=profile)
    new_head = head[0].replace(b"/Length %d/" % length, b"/Length %d/" % len(packet))
    grown = len(new_head) + len(packet) - len(head[0]) - length
    body, table = _split(pdf)
    body = body[: head.start()] + new_head + packet + body[start + length :]
    return body + _moved(table, behind=head.start(), by=grown, at=len(body))


def _with_schema(packet: bytes, *, name: str, profile: str) -> bytes:
    if _BAG_ENDS not in packet or _RDF_ENDS not in packet:
        raise StrangePdf("metadata without the extension schemas of PDF/UA")
    fields = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{field}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{field}</pdfaProperty:description></rdf:li>"
        for field in _FIELDS
    )
    schema = (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{fields}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
    said = (
        f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}"><fx:DocumentType>INVOICE</fx:DocumentType>'
        f"<fx:DocumentFileName>{escape(name)}</fx:DocumentFileName><fx:Version>1.0</fx:Version>"
        f"<fx:ConformanceLevel>{escape(profile)}</fx:ConformanceLevel></rdf:Description>"
    )
    packet = packet.replace(_BAG_ENDS, schema.encode() + _BAG_ENDS, 1)
    return packet.replace(_RDF_ENDS, said.encode() + _RDF_ENDS, 1)


def _split(pdf: bytes) -> tuple[bytes, bytes]:
    """What stands before the table of offsets, and the rest of the file (ISO 32000-1, 7.5.4 and 7.5.5)."""
    at = pdf.rfind(b"\nxref\n") + 1
    if at == 0:
        raise StrangePdf("no table of offsets")
    return pdf[:at], pdf[at:]


def _moved(table: bytes, *, behind: int, by: int, at: int) -> bytes:
    lines = table.split(b"\n", 2)
    first, count = (int(number) for number in lines[1].split())
    if first != 0:
        raise StrangePdf("a table of offsets in several parts")
    rest = lines[2]
    entries = bytearray(rest[: count * _ENTRY_BYTES])
    for place in range(0, len(entries), _ENTRY_BYTES):
        offset = int(entries[place : place + 10])
        if entries[place + 17] == ord("n") and offset > behind:
            entries[place : place + 10] = b"%010d" % (offset + by)
    tail = re.sub(rb"startxref\n\d+", b"startxref\n%d" % at, rest[count * _ENTRY_BYTES :])
    return b"\n".join(lines[:2]) + b"\n" + bytes(entries) + tail
