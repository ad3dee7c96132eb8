"""Own rules against the official unit files, and each set of rules against faults planted by hand."""

import collections
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
from lxml import etree

import official
from einvoice_cases import cases
from einvoice_homes import ROMANIA, SWEDEN, invoice, line
from kvit.formats.einvoice import rules, ubl
from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.model import Invoice, VatBreakdown
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.profile import CIUS_RO, EN16931, PEPPOL, PROFILES, under
from kvit.formats.einvoice.rules.rule import RuleSet
from shared_folder import SHARED, needs_shared

_UNIT = "{http://difi.no/xsd/vefa/validator/1.0}"
OF_THE_READER = frozenset(
    {"PEPPOL-EN16931-F001", "PEPPOL-EN16931-R043", "PEPPOL-EN16931-R051", "UBL-SR-18", "UBL-SR-42", "BR-CL-01"}
)
"""Rules on what the model cannot hold: the reader tells them."""
EXCEPTED = {
    ("BR-CL-18.xml", "BR-CL-18"): "a credit note with lines of an invoice, which the schema forbids",
    ("BR-CL-17.xml", "BR-CL-17"): "an allowance without its indicator, which the schema forbids, is not read",
    ("BR-CL-07.xml", "BR-CL-07"): "an object without a number, which the schema forbids",
    ("BR-CO-25.xml", "BR-CO-25"): "a credit note without a kind",
    ("PEPPOL-EN16931-R040.xml", "PEPPOL-EN16931-R040"): "an allowance without its indicator is not read",
    ("PEPPOL-EN16931-R043.xml", "PEPPOL-EN16931-R043"): "an indicator on a price",
    ("PEPPOL-EN16931-R001.xml", "PEPPOL-EN16931-R001"): "an empty element counts as told there",
    ("PEPPOL-EN16931-R002.xml", "PEPPOL-EN16931-R002"): "an empty note counts as one there",
    ("PEPPOL-EN16931-R061.xml", "PEPPOL-EN16931-R061"): "an empty mandate counts as told there",
    ("PEPPOL-EN16931-CL001.xml", "PEPPOL-EN16931-CL001"): "an attachment without content is not taken over",
    ("PEPPOL-COMMON-EAS.xml", "PEPPOL-EN16931-CL008"): "a party in an element that is none of a party's",
}
"""Unit tests that own rules answer otherwise, each with the reason; the list may only shrink."""


@dataclass(frozen=True)
class Unit:
    """One assertion of a unit file: the rule is kept, or broken."""

    file: str
    rule: str
    is_kept: bool
    data: bytes
    is_peppol: bool


def units() -> Iterator[Unit]:
    for name in ("en16931/unit", "peppol-bis3/unit"):
        for path in sorted(official.folder(name).rglob("*.xml")):
            for test in etree.parse(path).getroot().findall(f"{_UNIT}test"):
                verdicts = test.find(f"{_UNIT}assert")
                documents = [one for one in test if isinstance(one.tag, str) and one.tag != f"{_UNIT}assert"]
                if verdicts is None or not documents:
                    continue
                data = etree.tostring(documents[0])
                for kind in ("success", "error", "warning", "fatal"):
                    for verdict in verdicts.findall(f"{_UNIT}{kind}"):
                        rule = (verdict.text or "").strip()
                        yield Unit(path.name, rule, kind == "success", data, "peppol" in name)


def broken(unit: Unit) -> bool:
    """Whether own rules or the reader find the unit's rule broken."""
    reading = ubl.read(unit.data)
    found = {one.rule for one in reading.problems}
    if reading.invoice is not None:
        profile = PEPPOL if unit.is_peppol else EN16931
        for one in rules.validate(reading.invoice, profile=profile, only=[unit.rule]):
            found.add(unit.rule if one.rule not in OF_THE_READER else one.rule)
    return unit.rule in found


@needs_shared
class TestTheOfficialUnitFiles:
    ALL = list(units()) if SHARED else []
    KNOWN = {number for rule in rules.RULES for number in (rule.id, *rule.also)} | OF_THE_READER

    def test_agree_with_own_rules_wherever_there_is_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        wrong, used = [], set()
        told: collections.Counter[str] = collections.Counter()
        for unit in self.ALL:
            if unit.rule not in self.KNOWN:
                told["without an own rule"] += 1
            elif broken(unit) != unit.is_kept:
                told["agree"] += 1
            elif (unit.file, unit.rule) in EXCEPTED:
                used.add((unit.file, unit.rule))
            else:
                wrong.append(f"{unit.file}: {unit.rule} should be {'kept' if unit.is_kept else 'broken'}")
        without = sorted({unit.rule for unit in self.ALL} - self.KNOWN)
        with capsys.disabled():
            print(f"\nunit files: {dict(told)}, {len(used)} excepted; no own rule for {', '.join(without)}")
        assert wrong == []
        assert used == set(EXCEPTED), "an exception that is not needed any more has to go"
        assert told["agree"] >= 880

    def test_turn_red_without_the_rules(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: no rule is asked."""
        monkeypatch.setattr(rules, "validate", lambda *_, **__: ())
        asked = [unit for unit in self.ALL if unit.rule == "BR-02" and not unit.is_kept]
        assert asked
        assert not any(broken(unit) for unit in asked)


SHEETS = ("en-ubl", "en-cii", "peppol", "cius-ro")
FOREIGN = ("DK-", "NO-", "IT-", "NL-", "GR-", "IS-", "DE-")
OF_SYNTAX = ("UBL-CR-", "UBL-DT-", "UBL-SR-", "CII-")
WITHOUT_OWN = {
    "BR-CL-03": "each amount's currency: the reader takes amounts of the invoice's currency only",
    "BR-CO-05": "true of everything",
    "BR-CO-06": "true of everything",
    "BR-CO-07": "true of everything",
    "BR-CO-08": "true of everything",
    "BR-RO-L1017": "the length of a code, which BR-CL-19 looks up",
    "BR-RO-L1018": "the length of a code, which BR-CL-20 looks up",
    "PEPPOL-COMMON-R047": "the check digit of Italian numbers",
    "PEPPOL-COMMON-R056-2": "the form of Dutch VAT numbers",
    "PEPPOL-EN16931-CL007": "each amount's currency: the reader takes amounts of the invoice's currency only",
    "PEPPOL-EN16931-R008": "empty elements: the writer leaves them out",
    "PEPPOL-EN16931-R044": "told by the reader",
    "PEPPOL-EN16931-R053": "several totals of VAT: the model has one",
    "PEPPOL-EN16931-R054": "several totals of VAT: the model has one",
    "PEPPOL-EN16931-R080": "several projects: the model has one",
    "PEPPOL-EN16931-R100": "several objects of a line: the model has one",
    "PEPPOL-EN16931-R101": "told by the reader",
}
"""Official rules that have none of our own, each with the reason; the list may only shrink."""


@needs_shared
class TestTheOfficialRules:
    def test_each_have_one_of_ours_or_a_reason(self) -> None:
        """Dates and decimals are told by the reader; what other countries ask of their sellers is not asked here."""
        known = {number for rule in rules.RULES for number in (rule.id, *rule.also)} | OF_THE_READER
        found = {number for name in SHEETS for number in official.numbers(name)}
        missing = {
            number
            for number in found - known
            if not number.startswith((*FOREIGN, *OF_SYNTAX, "BR-DEC-RO-", "BR-RO-DT"))
        }
        assert len(found) > 1000
        assert missing == set(WITHOUT_OWN)


def stretched(value: Any, length: int) -> Any:
    """The same value with every text in it of this length."""
    if type(value) is str:
        return "x" * length
    if isinstance(value, tuple):
        return tuple(stretched(one, length) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: stretched(getattr(value, one.name), length) for one in fields(value)})
    return value


def numbers(made: Invoice, *sets: RuleSet) -> set[str]:
    return {one.rule for set_ in sets for rule in set_.rules for one in rule.problems(made)}


class TestARomanianRule:
    def test_on_length_is_broken_by_texts_that_are_too_long(self) -> None:
        """Every field is filled by some invoice of the table, and 1001 characters are too long for each."""
        found: set[str] = set()
        for case in cases("RO"):
            made = replace(
                stretched(case.invoice, 1001),
                vat=tuple(VatBreakdown(exemption_reason="x" * 101) for _ in range(1)),
            )
            found |= numbers(made, rules.SETS["cius-ro"])
        wanted = {rule.id for rule in rules.SETS["cius-ro"].rules if rule.id.startswith("BR-RO-L")}
        assert wanted - found == set()
        assert len(wanted) > 50

    @pytest.mark.parametrize(
        ("place", "change", "rule"),
        [
            ("seller", {"subdivision": ""}, "BR-RO-110"),
            ("seller", {"subdivision": "Bucuresti"}, "BR-RO-110"),
            ("seller", {"city": "București"}, "BR-RO-100"),
            ("seller", {"line1": ""}, "BR-RO-081"),
            ("seller", {"city": ""}, "BR-RO-091"),
            ("buyer", {"subdivision": "CJ"}, "BR-RO-111"),
            ("buyer", {"subdivision": "RO-B"}, "BR-RO-101"),
            ("buyer", {"line1": ""}, "BR-RO-082"),
            ("buyer", {"city": ""}, "BR-RO-092"),
        ],
    )
    def test_on_an_address_is_told_by_its_number(self, place: str, change: dict[str, str], rule: str) -> None:
        made = under(calculate(normalize(invoice(ROMANIA, line(ROMANIA, "Work", "1", "1")))), CIUS_RO)
        party = getattr(made, place)
        wrong = replace(made, **{place: replace(party, address=replace(party.address, **change))})
        assert rule in numbers(wrong, rules.SETS["cius-ro"])
        assert numbers(made, rules.SETS["cius-ro"]) == set()

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"number": "F-A"}, "BR-RO-010"),
            ({"kind": "386"}, "BR-RO-020"),
            ({"currency": "EUR"}, "BR-RO-030"),
            ({"specification": "urn:cen.eu:en16931:2017"}, "BR-RO-001"),
            ({"due_date": None}, "BR-CO-25"),
        ],
    )
    def test_on_the_document_is_told_by_its_number(self, change: dict[str, Any], rule: str) -> None:
        made = under(calculate(normalize(invoice(ROMANIA, line(ROMANIA, "Work", "1", "1")))), CIUS_RO)
        assert rule in numbers(replace(made, **change), rules.SETS["cius-ro"])


class TestARule:
    def test_has_a_number_of_its_own_and_words(self) -> None:
        counted = collections.Counter((rule.id, set_.name) for set_ in rules.SETS.values() for rule in set_.rules)
        assert [one for one, count in counted.items() if count > 1] == []
        assert all(len(rule.words) > 20 for rule in rules.RULES)

    def test_of_every_profile_is_asked_by_the_profile_the_invoice_names(self) -> None:
        bare = replace(invoice(SWEDEN, line(SWEDEN, "Work", "1", "1")), process="")
        bare = replace(bare, seller=replace(bare.seller, electronic_address=None))
        found = {
            name: {one.rule.split("-")[0] for one in rules.validate(under(bare, profile))}
            for name, profile in PROFILES.items()
        }
        assert "PEPPOL" in found["peppol"]
        assert "PEPPOL" not in found["en16931"]

    def test_tells_the_place_and_the_amounts(self) -> None:
        made = calculate(normalize(invoice(SWEDEN, line(SWEDEN, "Work", "1", "100"))))
        wrong = replace(made, lines=(replace(made.lines[0], net_minor=9900),))
        problem = next(one for one in rules.validate(wrong) if one.rule == "BR-CO-10")
        assert problem.words == "the sum of the lines (BT-106) is given as 100.00 SEK; the lines add up to 99.00 SEK"
        assert problem.place == "totals"
        assert dict(problem.values) == {"given": "100.00 SEK", "found": "99.00 SEK"}
        assert problem.severity is Severity.ERROR

    def test_is_asked_alone_by_its_number_or_by_one_that_says_the_same(self) -> None:
        empty = Invoice()
        assert {one.rule for one in rules.validate(empty, only=["BR-02"])} == {"BR-02"}
        assert len(rules.validate(empty)) > 10
