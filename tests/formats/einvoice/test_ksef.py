"""FA(3): every kind of Polish invoice under the official schema, the ministry's examples both ways, own rules."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

import official
from einvoice_cases import Case, cases
from einvoice_homes import POLAND, address, invoice, line
from einvoice_random import INVOICES
from ksef_cases import UNFIT, ksef_cases
from kvit.formats.einvoice import ksef, rules
from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.ksef import write_parties
from kvit.formats.einvoice.markup import NotWritable
from kvit.formats.einvoice.model import Invoice, Kind, PolishTerms
from kvit.formats.einvoice.problem import Problem, Severity
from kvit.formats.einvoice.rules import poland
from shared_folder import SHARED, needs_shared

TABLE = list(ksef_cases())
RULE_OF_ERROR = {
    "02-wrong-element-order.xml": "FA-XSD",
    "05-jst1-without-podmiot3.xml": "FA-01",
    "06-foreign-buyer-wrong-tax-rate.xml": "FA-16",
    "07-polish-nip-in-nrvatue.xml": "FA-10",
    "08-gtu-wrong-format.xml": "FA-XSD",
    "09-excessive-decimal-places.xml": "FA-DEC",
    "11-currency-inconsistency.xml": "FA-XSD",
    "12-number-formatting-errors.xml": "SYNTAX",
    "13-malformed-xml.xml": "SYNTAX",
    "15-payment-date-errors.xml": "FA-XSD",
    "16-invalid-xml-characters.xml": "SYNTAX",
    "18-missing-namespace.xml": "SYNTAX",
    "20-invalid-dates.xml": "SYNTAX",
    "21-wrong-tax-calculation.xml": "FA-03",
    "23-missing-bank-account-validation.xml": "FA-06",
    "24-duplicate-line-numbers.xml": "FA-07",
    "25-negative-quantities.xml": "FA-08",
}
PASSING_THE_SCHEMA = ("05", "21", "23", "24", "25")
"""Beside the one with a member of a VAT group, which the folder lacks and a test makes of the first."""


def named(one: Case | Path) -> str:
    return one.name


def files(*names: str) -> Iterator[Path]:
    for name in names:
        yield from sorted(path for path in official.folder("ksef/samples", name).rglob("*") if path.is_file())


EXAMPLES = list(files("fa3", "fop/fa3")) if SHARED else []
OLDER = list(files("fa2", "fop/fa2", "gobl")) if SHARED else []
TEMPLATES = [path for path in files("mf-client") if "pef" not in path.name] if SHARED else []
FILLED = {
    b"#nip#": b"5260250274",
    b"#selfInvocingNip#": b"7740001454",
    b"#subject2nip#": b"7740001454",
    b"#invoicing_date#": b"2026-02-15",
    b"#invoice_number#": b"17",
}
WRONG = list(files("error-cases")) if SHARED else []


def problems(data: bytes) -> list[Problem]:
    """What the reader and own rules tell together, as `kvit einvoice check` does."""
    reading = ksef.read(data)
    found = list(reading.problems)
    if reading.invoice is not None:
        found += rules.validate(reading.invoice, syntax="fa3")
    return found


def errors(invoice: Invoice) -> list[str]:
    found = rules.validate(invoice, syntax="fa3")
    return [f"{one.rule} {one.place}: {one.words}" for one in found if one.severity is Severity.ERROR]


def flat(data: bytes) -> list[tuple[str, str]]:
    """Elements and texts in order, numbers by their value; elements with nothing in them left out."""
    found = []
    for one in etree.fromstring(data, etree.XMLParser(remove_comments=True)).iter():
        told = " ".join((one.text or "").split())
        with contextlib.suppress(InvalidOperation):
            told = str(Decimal(told).normalize())
        if told or len(one):
            found.append((etree.QName(one).localname, told.split(".")[0].rstrip("Z") if "T" in told[:11] else told))
    return found


@needs_shared
class TestTheTableOfInvoices:
    def test_has_more_than_forty_invoices_and_says_why_some_are_none(self) -> None:
        assert len(TABLE) > 60
        assert all(errors(one.invoice) == [] for one in TABLE)
        assert len(UNFIT) == 3

    @pytest.mark.parametrize("case", TABLE, ids=named)
    def test_is_valid_and_says_the_same_when_it_is_read(self, case: Case) -> None:
        data = ksef.write(case.invoice)
        assert official.against_schema("fa3", data) == []
        reading = ksef.read(data)
        assert reading.problems == ()
        assert reading.invoice is not None
        told, meant = reading.invoice.totals, ksef.as_correction(case.invoice).totals
        for field in ("net_minor", "vat_minor", "vat_accounting_minor", "gross_minor", "prepaid_minor", "due_minor"):
            assert (getattr(told, field) or 0) == (getattr(meant, field) or 0), field
        assert errors(reading.invoice) == []
        assert ksef.write(reading.invoice) == data

    def test_turns_red_where_an_element_is_in_the_wrong_place(self) -> None:
        """The planted fault: two elements change places, and both the schema and the reader see it."""
        data = ksef.write(TABLE[0].invoice)
        number = b"<P_2>F2026-000017</P_2>"
        assert number in data
        wrong = data.replace(number, b"").replace(b"<P_1>", number + b"<P_1>")
        assert official.against_schema("fa3", wrong) != []
        assert [one.rule for one in ksef.read(wrong).problems] == ["FA-XSD"]


@needs_shared
class TestAnExampleOfTheMinistry:
    def test_is_there(self) -> None:
        assert len(EXAMPLES) == 23

    @pytest.mark.parametrize("path", EXAMPLES, ids=named)
    def test_read_and_written_again_is_the_same_element_by_element(self, path: Path) -> None:
        data = path.read_bytes()
        reading = ksef.read(data)
        assert reading.problems == ()
        assert reading.invoice is not None
        again = ksef.write(reading.invoice)
        assert flat(again) == flat(data)
        assert official.against_schema("fa3", again) == []
        assert ksef.read(again).invoice == reading.invoice

    @pytest.mark.parametrize("path", [one for one in EXAMPLES if one.parent.name == "fa3"], ids=named)
    def test_keeps_own_rules(self, path: Path) -> None:
        reading = ksef.read(path.read_bytes())
        assert reading.invoice is not None
        assert errors(reading.invoice) == []

    @pytest.mark.parametrize("path", TEMPLATES, ids=named)
    def test_made_of_a_template_of_the_ministry_s_client_goes_both_ways(self, path: Path) -> None:
        data = path.read_bytes()
        for mark, value in FILLED.items():
            data = data.replace(mark, value)
        assert official.against_schema("fa3", data) == []
        reading = ksef.read(data)
        assert reading.problems == ()
        assert reading.invoice is not None
        assert (reading.invoice.kind == Kind.SELF_BILLED) == ("self_invoicing" in path.name)
        again = ksef.write(reading.invoice)
        assert flat(again) == flat(data)
        assert official.against_schema("fa3", again) == []

    @pytest.mark.parametrize("path", OLDER, ids=named)
    def test_of_the_version_before_is_read(self, path: Path) -> None:
        reading = ksef.read(path.read_bytes())
        assert reading.invoice is not None
        assert reading.invoice.totals.gross_minor is not None


@needs_shared
class TestAWrongFile:
    def test_is_there_in_seventeen_kinds(self) -> None:
        assert {path.name for path in WRONG} == set(RULE_OF_ERROR)

    @pytest.mark.parametrize("path", WRONG, ids=named)
    def test_is_refused_with_the_rules_number_and_plain_words(self, path: Path) -> None:
        found = [one for one in problems(path.read_bytes()) if one.severity is Severity.ERROR]
        assert RULE_OF_ERROR[path.name] in {one.rule for one in found}
        assert all(len(one.words) > 15 for one in found)

    @pytest.mark.parametrize("number", PASSING_THE_SCHEMA)
    def test_that_passes_the_schema_passes_nothing_here(self, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: without the rules of our own it is accepted."""
        data = next(path for path in WRONG if path.name.startswith(number)).read_bytes()
        assert official.against_schema("fa3", data) == []
        assert problems(data) != []
        monkeypatch.setattr(poland.POLAND, "rules", [])
        assert problems(data) == []

    def test_with_a_member_of_a_vat_group_unnamed_is_refused(self) -> None:
        data = next(path for path in WRONG if path.name.startswith("05")).read_bytes()
        data = data.replace(b"<JST>1<", b"<JST>2<").replace(b"<GV>2<", b"<GV>1<")
        assert official.against_schema("fa3", data) == []
        assert [one.rule for one in problems(data)] == ["FA-02"]


class TestARule:
    PLAIN = calculate(normalize(invoice(POLAND, line(POLAND, "Usługa", "1", "100"))))

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ({"issue_date": None}, "FA-P-1"),
            ({"number": ""}, "FA-P-2"),
            ({"kind": Kind.CORRECTION}, "FA-12"),
            ({"kind": Kind.ADVANCE}, "FA-14"),
            ({"number": "F" * 257}, "FA-20"),
            ({"currency": "EUR"}, "FA-11"),
            ({"seller": replace(POLAND.seller, vat_number="PL5260250275")}, "FA-09"),
            ({"seller": replace(POLAND.seller, vat_number="")}, "FA-22"),
            ({"polish": PolishTerms(is_vat_group_member=True)}, "FA-02"),
        ],
    )
    def test_is_broken_by_one_change(self, change: dict[str, Any], rule: str) -> None:
        wrong = replace(self.PLAIN, **change)
        assert rule in {one.rule for one in rules.validate(wrong, syntax="fa3")}
        assert rules.validate(self.PLAIN, syntax="fa3") == ()

    @pytest.mark.parametrize(
        ("name", "change", "rule"),
        [
            ("FA-split_payment", {"split_payment": False}, "FA-15"),
            ("FA-final", {"advances": ()}, "FA-13"),
            ("FA-exempt_by_the_act", {"exemption_act": ""}, "FA-17"),
        ],
    )
    def test_on_polish_terms_is_broken_by_one_change(self, name: str, change: dict[str, Any], rule: str) -> None:
        made = next(one.invoice for one in TABLE if one.name == name)
        assert made.polish is not None
        wrong = replace(made, polish=replace(made.polish, **change))
        assert rule in {one.rule for one in rules.validate(wrong, syntax="fa3")}
        assert rule not in {one.rule for one in rules.validate(made, syntax="fa3")}


class TestADocument:
    @settings(max_examples=50)
    @given(INVOICES)
    def test_written_and_read_and_written_again_is_the_same_bytes(self, made: Invoice) -> None:
        mine = replace(
            made,
            seller=POLAND.seller,
            preceding=tuple(replace(one, issue_date=made.issue_date) for one in made.preceding),
            accounting_currency="",
        )
        data = ksef.write(mine)
        reading = ksef.read(data)
        assert reading.problems == ()
        assert reading.invoice is not None
        assert reading.invoice.totals.gross_minor == ksef.as_correction(mine).totals.gross_minor
        assert ksef.write(reading.invoice) == data

    def test_of_a_credit_note_is_the_signed_correction(self) -> None:
        made = next(one.invoice for one in TABLE if one.name == "FA-credit_note")
        reading = ksef.read(ksef.write(made))
        assert reading.invoice is not None
        assert reading.invoice.kind == Kind.CORRECTION
        assert reading.invoice.totals.gross_minor == -(made.totals.gross_minor or 0)
        assert ksef.as_correction(ksef.as_correction(made)) == ksef.as_correction(made)

    def test_without_an_issue_date_or_that_of_what_it_corrects_is_refused(self) -> None:
        plain = TABLE[0].invoice
        with pytest.raises(NotWritable, match="issue date"):
            ksef.write(replace(plain, issue_date=None))
        loose = replace(plain, kind=Kind.CORRECTION, preceding=())
        assert b"DaneFaKorygowanej" not in ksef.write(loose)
        with pytest.raises(NotWritable, match="F2026-8"):
            ksef.write(next(one.invoice for one in unfit() if one.name == "PL-correction"))

    def test_names_a_foreign_buyer_by_what_it_has(self) -> None:
        abroad = replace(POLAND.buyer, vat_number="", registration=None, address=address("1 St", "1", "Oslo", "NO"))
        data = ksef.write(replace(TABLE[0].invoice, buyer=abroad))
        assert b"<BrakID>1</BrakID>" in data

    def test_is_another_where_a_field_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: a writer that forgets the contact."""
        whole = ksef.read(ksef.write(TABLE[0].invoice)).invoice
        monkeypatch.setattr(write_parties, "_contact", lambda contact: ("DaneKontaktowe", ""))
        assert ksef.read(ksef.write(TABLE[0].invoice)).invoice != whole


def unfit() -> Iterator[Case]:
    yield from (one for one in cases("PL") if one.name in UNFIT)
