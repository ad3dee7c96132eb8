"""CII D16B and D22B: the table of invoices under the official rules, the official samples both ways."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import official
from einvoice_cases import Case, cases
from einvoice_random import INVOICES
from einvoice_samples import CII
from kvit.formats.einvoice import cii, rules, ubl
from kvit.formats.einvoice.cii import agreement
from kvit.formats.einvoice.model import Identifier, Invoice, Party
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.profile import EN16931
from shared_folder import needs_shared

TABLE = list(cases())
OUTSIDE_THE_CORE = frozenset({"testout-ZF2PushItemChargesAllowances.xml"})
"""Samples of wider profiles whose prices have parts that the core does not know; read, but not judged again."""


def carried(invoice: Invoice) -> Invoice:
    """What CII carries: one reference and mandate for all payments, numbers without scheme first."""
    reference = next((one.reference for one in invoice.payment_means if one.reference), "")
    return replace(
        invoice,
        vat=tuple(replace(one, accounting_minor=None) for one in invoice.vat),
        payment_means=tuple(replace(one, reference=reference) for one in invoice.payment_means),
        seller=sorted_numbers(invoice.seller),
        buyer=sorted_numbers(invoice.buyer),
    )


def sorted_numbers(party: Party) -> Party:
    def has_scheme(one: Identifier) -> bool:
        return bool(one.scheme)

    return replace(party, identifiers=tuple(sorted(party.identifiers, key=has_scheme)))


def named(one: Case | Path) -> str:
    return one.name if isinstance(one, Case) else str(one.relative_to(official.folder()))


@needs_shared
class TestTheTableOfInvoices:
    @pytest.mark.parametrize("case", TABLE, ids=named)
    def test_is_clean_in_cii(self, case: Case) -> None:
        data = cii.write(case.invoice)
        assert official.against_schema("cii-d16b", data) == []
        assert official.against_rules("en-cii", data) == []
        reading = cii.read(data)
        assert reading.problems == ()
        assert reading.invoice == carried(case.invoice)

    @pytest.mark.parametrize("case", TABLE, ids=named)
    def test_is_valid_in_d22b_too(self, case: Case) -> None:
        """Without codes of charges: its schema knows those of allowances only."""
        plain = replace(
            case.invoice,
            charges=tuple(replace(one, reason_code="") for one in case.invoice.charges),
            lines=tuple(
                replace(line, charges=tuple(replace(one, reason_code="") for one in line.charges))
                for line in case.invoice.lines
            ),
        )
        assert official.against_schema("cii-d22b", cii.write(plain)) == []

    def test_says_the_same_in_both_syntaxes(self) -> None:
        for case in TABLE:
            in_cii, in_ubl = cii.read(cii.write(case.invoice)).invoice, ubl.read(ubl.write(case.invoice)).invoice
            assert in_cii is not None
            assert in_ubl is not None
            assert in_cii == carried(in_ubl)

    def test_turns_red_where_an_amount_is_wrong(self) -> None:
        """The planted fault: a total that is too large by one."""
        made = TABLE[0].invoice
        wrong = replace(made, totals=replace(made.totals, due_minor=1))
        assert [one for one in official.fatal("en-cii", cii.write(wrong)) if one.startswith("BR-CO-16")]


@needs_shared
class TestAnOfficialSample:
    def test_is_there(self) -> None:
        assert len(CII) >= 40

    @pytest.mark.parametrize("path", CII, ids=named)
    def test_read_and_written_again_is_the_same_invoice_and_no_worse(self, path: Path) -> None:
        data = path.read_bytes()
        reading = cii.read(data)
        assert reading.invoice is not None, reading.problems
        again = cii.write(reading.invoice)
        assert cii.read(again).invoice == reading.invoice
        assert official.against_schema("cii-d16b", again) == []
        before = {one.rule for one in official.against_rules("en-cii", data) if one.flag == "fatal"}
        after = {one.rule for one in official.against_rules("en-cii", again) if one.flag == "fatal"}
        assert after - before == set()

    @pytest.mark.parametrize("path", CII, ids=named)
    def test_is_judged_by_own_rules_as_by_the_official_ones(self, path: Path) -> None:
        data = path.read_bytes()
        reading = cii.read(data)
        assert reading.invoice is not None
        judged = rules.validate(reading.invoice, profile=EN16931, syntax="cii")
        found = {one.rule for one in judged if one.severity is Severity.ERROR}
        told = {one.rule for one in official.against_rules("en-cii", data) if one.flag == "fatal"}
        known = {rule.id for rule in rules.RULES}
        assert found - told == set() or path.name in OUTSIDE_THE_CORE
        assert (told & known) - found == set() or path.name in OUTSIDE_THE_CORE

    @pytest.mark.parametrize("path", CII, ids=named)
    def test_goes_over_into_ubl_with_equal_totals(self, path: Path) -> None:
        reading = cii.read(path.read_bytes())
        assert reading.invoice is not None
        there = ubl.read(ubl.write(reading.invoice)).invoice
        assert there is not None
        assert there.totals == reading.invoice.totals
        assert [one.net_minor for one in there.lines] == [one.net_minor for one in reading.invoice.lines]


class TestADocument:
    @settings(max_examples=50)
    @given(INVOICES)
    def test_read_again_is_the_invoice(self, made: Invoice) -> None:
        plain = carried(made)
        debits = [one for one in plain.payment_means if one.direct_debit]
        if len(debits) > 1:
            plain = replace(plain, payment_means=plain.payment_means[:1])
        reading = cii.read(cii.write(plain))
        assert reading.problems == ()
        assert reading.invoice == plain

    def test_read_again_is_another_where_a_field_is_left_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: a writer that forgets the contact."""
        monkeypatch.setattr(agreement, "_contact", lambda contact: "")
        assert cii.read(cii.write(TABLE[0].invoice)).invoice != carried(TABLE[0].invoice)

    def test_with_a_mandate_but_no_debit_keeps_it_with_the_first_payment(self) -> None:
        data = cii.write(next(one.invoice for one in TABLE if one.name == "SE-direct_debit"))
        reading = cii.read(data.replace(b"TypeCode>59<", b"TypeCode>30<"))
        assert reading.invoice is not None
        (one,) = reading.invoice.payment_means
        assert one.direct_debit is not None
        assert one.direct_debit.mandate == "M-2026-44"


class TestAStrangersFile:
    @pytest.mark.parametrize("data", [b"", b"<a/>", b"<a>", b'<CrossIndustryInvoice xmlns="urn:x"/>'])
    def test_that_is_no_cii_is_one_problem(self, data: bytes) -> None:
        reading = cii.read(data)
        assert reading.invoice is None
        assert len(reading.problems) == 1

    def test_with_a_day_that_is_none_is_not_taken(self) -> None:
        data = cii.write(TABLE[0].invoice).replace(b">20261120<", b">20261320<")
        reading = cii.read(data)
        assert reading.invoice is None
        assert "is not a day" in reading.problems[0].words
