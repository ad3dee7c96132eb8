"""Asks the official schematron of a folder, which stands outside the tree, by Saxon, which is an optional extra."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from lxml import etree

from kvit.formats.einvoice import CIUS_RO, PEPPOL, PEPPOL_SELF_BILLING, Opened, Problem, Severity, Syntax
from kvit.kernel.refusals import DomainError

_SVRL: Final = "{http://purl.oclc.org/dsdl/svrl}"
_NAMESPACE: Final = re.compile(r"\*:|\[namespace-uri\(\)='[^']*'\]|\[1\]")
"""What makes the places of Saxon long: namespaces, and the first of its kind."""
_PEPPOL_PROFILES: Final = (PEPPOL, PEPPOL_SELF_BILLING)


class NoSaxon(DomainError):
    """The package that runs the official rules is not installed."""

    code: ClassVar[str] = "cli.no_saxon"


class NoOfficialRules(DomainError):
    """The folder holds no rules for this kind of file, or rules that do not run."""

    code: ClassVar[str] = "cli.no_official_rules"


@dataclass(frozen=True, slots=True)
class Judged:
    """What the official rules found, and the files that were asked."""

    problems: tuple[Problem, ...]
    asked: tuple[str, ...]


def judge(folder: Path, data: bytes, opened: Opened) -> Judged:
    """Ask every sheet of the folder that is for the syntax and profile of the file; an FA has none.

    A rule that several sheets tell in one place is told once. Refuses `NoSaxon`, `NoOfficialRules`.
    """
    sheets = [sheet for sheet in sorted(folder.rglob("*.xslt")) if _applies(sheet.name.upper(), opened)]
    if opened.syntax is Syntax.FA3:
        return Judged((), ())
    if not sheets:
        raise NoOfficialRules(f"{folder} has no *.xslt for {opened.syntax}")
    try:
        import saxonche
    except ImportError:
        raise NoSaxon("the official rules need the package saxonche: pip install 'kvit[official]'") from None
    processor = saxonche.PySaxonProcessor(license=False)
    problems: list[Problem] = []
    try:
        document = processor.parse_xml(xml_text=data.decode("utf-8-sig"))
        for sheet in sheets:
            compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))
            problems += _failed(compiled.transform_to_string(xdm_node=document))
    except (saxonche.PySaxonApiError, UnicodeDecodeError) as error:
        raise NoOfficialRules(f"the official rules cannot be asked: {error}") from None
    return Judged(tuple(dict.fromkeys(problems)), tuple(sheet.name for sheet in sheets))


def _applies(name: str, opened: Opened) -> bool:
    """By the words that the publishers have in the names of their files."""
    profile = opened.profile
    if opened.syntax is Syntax.CII:
        return "CII" in name
    if opened.syntax is not Syntax.UBL or "UBL" not in name:
        return False
    if name.startswith("CEN-"):
        return profile in _PEPPOL_PROFILES
    if "PEPPOL" in name:
        return profile in _PEPPOL_PROFILES and ("-SB" in name) == (profile is PEPPOL_SELF_BILLING)
    is_romanian = "CIUS_RO" in name or name.startswith("RO")
    return profile is CIUS_RO or not is_romanian


def _failed(report: str) -> list[Problem]:
    return [
        Problem(
            rule=(one.get("id") or "official").strip(),
            place=_NAMESPACE.sub("", one.get("location") or ""),
            words=" ".join("".join(str(part) for part in one.itertext()).split()),
            severity=Severity.ERROR if one.get("flag", "fatal") == "fatal" else Severity.WARNING,
        )
        for one in etree.fromstring(report.encode()).iter(f"{_SVRL}failed-assert")
    ]
