"""The official validators of electronic invoices: XML schemas by lxml, schematron by Saxon, from the shared folder."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from shared_folder import SHARED

_FOLDER = (SHARED or Path()) / "conformance"
_XSD = {
    "ubl": "ubl21/schema/maindoc/UBL-Invoice-2.1.xsd",
    "ubl-credit-note": "ubl21/schema/maindoc/UBL-CreditNote-2.1.xsd",
    "cii-d16b": "cii/schema/D16B-SCRDM-uncoupled/uncefact/data/standard/CrossIndustryInvoice_100pD16B.xsd",
    "cii-d22b": "cii/schema/D22B/cii/CrossIndustryInvoice_100pD22B.xsd",
    "fa3": "ksef/schema/FA/schemat_FA(3)_v1-0E.xsd",
}
_RULES = {
    "en-ubl": "en16931/rules/EN16931-UBL-validation.xslt",
    "en-cii": "en16931/rules/EN16931-CII-validation.xslt",
    "peppol": "peppol-bis3/rules/2026.5/PEPPOL-EN16931-UBL.xslt",
    "peppol-cen": "peppol-bis3/rules/2026.5/CEN-EN16931-UBL.xslt",
    "peppol-self-billing": "peppol-bis3/rules/2026.5/PEPPOL-EN16931-UBL-SB.xslt",
    "cius-ro": "cius-ro/rules/1.0.9/ROeFactura-UBL-validation-Invoice_v1.0.9.xslt",
    "cius-ro-cen": "cius-ro/rules/1.0.9/EN16931-CIUS_RO-UBL-validation.xslt",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@dataclass(frozen=True)
class Failed:
    """A rule that the official schematron found broken."""

    rule: str
    flag: str
    words: str


def folder(*names: str) -> Path:
    """A folder of the conformance files."""
    return _FOLDER.joinpath(*names)


class _Beside(etree.Resolver):
    """Finds the base schemas of the Polish ones, which name an address, in their folder."""

    def resolve(self, system_url: Any, public_id: Any, context: Any) -> Any:
        beside = _FOLDER / "ksef/schema/FA/bazowe" / str(system_url).rsplit("/", 1)[-1]
        return self.resolve_filename(str(beside), context) if beside.exists() else None


@functools.cache
def _schema(name: str) -> etree.XMLSchema:
    path = _FOLDER / _XSD[name]
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside())
    return etree.XMLSchema(etree.parse(path, parser))


def against_schema(name: str, data: bytes) -> list[str]:
    """What the XML schema finds wrong; nothing where the document is valid."""
    schema = _schema(name)
    schema.validate(etree.fromstring(data))
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


@functools.cache
def _saxon() -> Any:
    import saxonche

    return saxonche.PySaxonProcessor(license=False)


@functools.cache
def _stylesheet(name: str) -> Any:
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(_FOLDER / _RULES[name]))


def against_rules(name: str, data: bytes) -> list[Failed]:
    """What the official schematron finds wrong, warnings included."""
    document = _saxon().parse_xml(xml_text=data.decode("utf-8-sig"))
    report = etree.fromstring(_stylesheet(name).transform_to_string(xdm_node=document).encode())
    return [
        Failed(
            rule=(one.get("id") or "").strip(),
            flag=one.get("flag") or "",
            words=" ".join("".join(one.itertext()).split()),
        )
        for one in report.iter(f"{_SVRL}failed-assert")
    ]


def fatal(name: str, data: bytes) -> list[str]:
    """The rules that stop the document, each once and with its words."""
    return sorted({f"{one.rule}: {one.words}" for one in against_rules(name, data) if one.flag == "fatal"})


def numbers(name: str) -> set[str]:
    """The numbers of all rules in an official schematron."""
    tree = etree.parse(_FOLDER / _RULES[name])
    names = {"svrl": _SVRL.strip("{}"), "xsl": "http://www.w3.org/1999/XSL/Transform"}
    told = tree.xpath("//svrl:failed-assert/xsl:attribute[@name='id']/text()", namespaces=names)
    return {str(one).strip() for one in told}
