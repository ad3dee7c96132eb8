"""UBL 2.1: the table of invoices under the official rules, the official samples both ways, strangers' files."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import official
from einvoice_cases import Case, cases
from einvoice_homes import SWEDEN, invoice, line
from einvoice_random import INVOICES
from einvoice_samples import UBL
from kvit.formats.einvoice import rules, ubl
from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.markup import NotWritable
from kvit.formats.einvoice.model import Invoice
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.profile import CIUS_RO, EN16931, PEPPOL, PEPPOL_SELF_BILLING, Profile, profile_of, under
from kvit.formats.einvoice.ubl import parties
from shared_folder import needs_shared

TABLE = list(cases())
ROMANIAN_KINDS = frozenset({"380", "381", "384", "389"})


def carried(invoice: Invoice) -> Invoice:
    """What UBL carries of an invoice: not the VAT of each rate in the accounting currency."""
    return replace(invoice, vat=tuple(replace(one, accounting_minor=None) for one in invoice.vat))


def named(one: Case | Path) -> str:
    return one.name if isinstance(one, Case) else str(one.relative_to(official.folder()))


def errors(invoice: Invoice, profile: Profile) -> list[str]:
    found = rules.validate(invoice, profile=profile)
    return [f"{one.rule} {one.place}: {one.words}" for one in found if one.severity is Severity.ERROR]


def clean(invoice: Invoice, profile: Profile, *official_rules: str) -> None:
    """Own rules, schema and schematron find nothing, and the document read again is the invoice."""
    data = ubl.write(invoice)
    assert errors(invoice, profile) == []
    assert official.against_schema("ubl-credit-note" if invoice.is_credit_note else "ubl", data) == []
    for name in official_rules:
        assert official.against_rules(name, data) == []
    reading = ubl.read(data)
    assert reading.problems == ()
    assert reading.invoice == carried(invoice)


@needs_shared
class TestTheTableOfInvoices:
    def test_has_more_than_forty_features_in_three_countries(self) -> None:
        assert len(TABLE) > 3 * 40

    @pytest.mark.parametrize("case", TABLE, ids=named)
    def test_is_clean_under_en_16931(self, case: Case) -> None:
        clean(case.invoice, EN16931, "en-ubl")

    @pytest.mark.parametrize("case", [one for one in TABLE if one.is_for_peppol], ids=named)
    def test_is_clean_under_peppol(self, case: Case) -> None:
        made = under(case.invoice, PEPPOL)
        profile = profile_of(made)
        clean(made, profile, "peppol-cen", "peppol-self-billing" if profile is PEPPOL_SELF_BILLING else "peppol")

    @pytest.mark.parametrize("case", [one for one in cases("RO") if one.invoice.kind in ROMANIAN_KINDS], ids=named)
    def test_is_clean_under_cius_ro(self, case: Case) -> None:
        clean(under(case.invoice, CIUS_RO), CIUS_RO, "cius-ro-cen", "cius-ro")

    def test_has_self_billed_documents_under_the_profile_of_their_own(self) -> None:
        found = [one.name for one in TABLE if profile_of(under(one.invoice, PEPPOL)) is PEPPOL_SELF_BILLING]
        assert len(found) == 6

    def test_turns_red_where_an_amount_is_wrong(self) -> None:
        """The planted fault: a total that is too large by one is found by own rules and the official ones."""
        made = TABLE[0].invoice
        wrong = replace(made, totals=replace(made.totals, due_minor=1))
        assert errors(wrong, EN16931)[0].startswith("BR-CO-16")
        assert [one for one in official.fatal("en-ubl", ubl.write(wrong)) if one.startswith("BR-CO-16")]


@needs_shared
class TestAnOfficialSample:
    def test_is_there(self) -> None:
        assert len(UBL) >= 80

    @pytest.mark.parametrize("path", UBL, ids=named)
    def test_read_and_written_again_is_the_same_invoice_and_no_worse(self, path: Path) -> None:
        data = path.read_bytes()
        reading = ubl.read(data)
        assert reading.invoice is not None, reading.problems
        again = ubl.write(reading.invoice)
        assert ubl.read(again).invoice == reading.invoice
        assert (ubl.read(again).problems or ()) == ()
        kind = "ubl-credit-note" if reading.invoice.is_credit_note else "ubl"
        assert official.against_schema(kind, again) == []
        before = {one.rule for one in official.against_rules("en-ubl", data) if one.flag == "fatal"}
        after = {one.rule for one in official.against_rules("en-ubl", again) if one.flag == "fatal"}
        assert after - before == set() or path.name.startswith("GR-"), "a Greek name stands in another element"

    @pytest.mark.parametrize("path", UBL, ids=named)
    def test_is_judged_by_own_rules_as_by_the_official_ones(self, path: Path) -> None:
        data = path.read_bytes()
        reading = ubl.read(data)
        assert reading.invoice is not None
        found = {one.rule for one in rules.validate(reading.invoice, profile=EN16931) if one.severity == "error"}
        told = {one.rule for one in official.against_rules("en-ubl", data) if one.flag == "fatal"}
        known = {rule.id for rule in rules.RULES}
        assert found - told <= ({"BR-06"} if path.name.startswith("GR-") else set())
        assert (told & known) - found == set()


class TestADocument:
    def test_is_the_same_bytes_for_the_same_invoice(self) -> None:
        assert {ubl.write(TABLE[0].invoice) for _ in range(3)} == {ubl.write(TABLE[0].invoice)}

    @settings(max_examples=50)
    @given(INVOICES)
    def test_read_again_is_the_invoice(self, made: Invoice) -> None:
        reading = ubl.read(ubl.write(made))
        assert reading.problems == ()
        assert reading.invoice == carried(made)

    def test_read_again_is_another_where_a_field_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: a writer that forgets the contact."""
        monkeypatch.setattr(parties, "_contact", lambda contact: "")
        assert ubl.read(ubl.write(TABLE[0].invoice)).invoice != carried(TABLE[0].invoice)

    def test_with_characters_that_xml_cannot_carry_is_refused_with_the_place(self) -> None:
        made = calculate(invoice(SWEDEN, line(SWEDEN, "bell \x07", "1", "1")))
        with pytest.raises(NotWritable, match=r"U\+0007 after .*bell"):
            ubl.write(made)
        assert ubl.read(ubl.write(normalize(made))).invoice is not None


class TestAStrangersFile:
    PLAIN = ubl.write(TABLE[0].invoice)

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "the file is empty"),
            (b"hello", "this is no XML document"),
            (b"<a><b></a>", "no well-formed XML"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
            (b'<?xml version="1.0" encoding="cp037"?><a/>', "encoding"),
            (b"<a/>", "no UBL invoice"),
            (b'<Invoice xmlns="urn:other"/>', "no UBL invoice"),
            (b"<a>" + b"<b/>" * 1_100_000 + b"</a>", "more than 1000000 elements"),
            (b"<a>" * 100_000, "no well-formed XML"),
        ],
    )
    def test_that_cannot_be_read_is_one_problem_in_plain_words(self, data: bytes, words: str) -> None:
        reading = ubl.read(data)
        assert reading.invoice is None
        (problem,) = reading.problems
        assert words in problem.words

    @pytest.mark.parametrize(
        ("old", "new", "rule"),
        [
            (b">3750.00<", b">3750.001<", "BR-DEC-12"),
            (b">3750.00<", b">many<", "SYNTAX"),
            (b">2026-11-20<", b">20.11.2026<", "PEPPOL-EN16931-F001"),
            (b'currencyID="SEK">3750.00', b'currencyID="EUR">3750.00', "PEPPOL-EN16931-R051"),
            (b">3750.00<", b">99999999999999999999.00<", "SYNTAX"),
        ],
    )
    def test_that_cannot_be_taken_over_whole_is_not_taken_at_all(self, old: bytes, new: bytes, rule: str) -> None:
        assert old in self.PLAIN
        reading = ubl.read(self.PLAIN.replace(old, new))
        assert reading.invoice is None
        assert rule in {one.rule for one in reading.problems}

    def test_with_elements_of_its_own_is_read_and_they_are_told(self) -> None:
        data = self.PLAIN.replace(b"<cbc:ID>F2026", b"<cbc:UUID>x</cbc:UUID><cbc:ID>F2026")
        reading = ubl.read(data)
        assert reading.invoice == TABLE[0].invoice
        assert [(one.rule, one.place, one.severity) for one in reading.problems] == [
            ("UNREAD", "Invoice/UUID", Severity.WARNING)
        ]

    def test_is_told_no_end_of_problems(self) -> None:
        data = self.PLAIN.replace(b"<cbc:ID>F2026", b"<cbc:UUID>x</cbc:UUID>" * 5000 + b"<cbc:ID>F2026")
        assert len(ubl.read(data).problems) < 200

    def test_in_another_encoding_is_read(self) -> None:
        text = self.PLAIN.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
        assert ubl.read(text.encode("utf-16")).invoice == TABLE[0].invoice

    def test_whose_root_denies_its_kind_is_told(self) -> None:
        data = self.PLAIN.replace(b"TypeCode>380<", b"TypeCode>381<")
        assert "BR-CL-01" in {one.rule for one in ubl.read(data).problems}

    @pytest.mark.parametrize(
        ("element", "rule"),
        [
            (b"<cbc:DueDate>2026-12-20</cbc:DueDate>", "UBL-SR-45"),
            (b"<cac:PaymentTerms><cbc:Note>30 days</cbc:Note></cac:PaymentTerms>", "UBL-SR-05"),
            (b"<cac:Delivery><cbc:ActualDeliveryDate>2026-11-20</cbc:ActualDeliveryDate></cac:Delivery>", "UBL-SR-24"),
        ],
    )
    def test_that_says_twice_what_stands_once_is_told_by_the_rule(self, element: bytes, rule: str) -> None:
        data = self.PLAIN.replace(b"<cac:AccountingSupplierParty>", element * 2 + b"<cac:AccountingSupplierParty>")
        assert rule in {one.rule for one in ubl.read(data).problems if one.severity is Severity.ERROR}
        once = self.PLAIN.replace(b"<cac:AccountingSupplierParty>", element + b"<cac:AccountingSupplierParty>")
        assert element in self.PLAIN or ubl.read(once).problems == ()
