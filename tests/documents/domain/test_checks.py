"""What must add up on a sheet, and what is said where it does not."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

import document_samples as samples
from document_cast import LANGUAGES
from kvit.documents.domain.checks import BadSheet, problems, require_sound
from kvit.documents.domain.kinds import SheetKind, TotalName
from kvit.documents.domain.sheet import Look, Sheet, Side, Total, VatRow, restored
from kvit.kernel.currencies import UnknownCurrency


class TestASheet:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("make", samples.SAMPLES.values(), ids=samples.SAMPLES.keys())
    def test_of_every_kind_is_sound_and_comes_back_from_its_json(
        self, make: Callable[[str], Sheet], language: str
    ) -> None:
        sheet = make(language)
        assert list(problems(sheet)) == []
        assert restored(sheet.canonical().decode()) == sheet
        assert restored(sheet.canonical().decode()).canonical() == sheet.canonical()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda s: replace(s, language="de"), "no language 'de'"),
            (lambda s: replace(s, look=Look("green")), "no colour"),
            (lambda s: replace(s, buyer=Side(" ")), "both sides have a name"),
            (lambda s: replace(s, number=""), "it has a number"),
            (lambda s: replace(s, totals=(Total(TotalName.NET, 1),)), "its lines make"),
            (lambda s: replace(s, vat=(VatRow(1, 0, Decimal(25)),)), "VAT is computed on 1"),
            (lambda s: replace(s, vat=(replace(s.vat[0], vat_minor=1),)), "its rates make 1"),
            (lambda s: replace(s, totals=(*s.totals[:2], Total(TotalName.GROSS, 1))), "its total is 1"),
        ],
    )
    def test_that_does_not_add_up_is_refused(self, change: Callable[[Sheet], Sheet], words: str) -> None:
        with pytest.raises(BadSheet, match=words):
            require_sound(change(samples.invoice("sv")))

    def test_in_no_currency_is_refused(self) -> None:
        with pytest.raises(UnknownCurrency):
            require_sound(replace(samples.invoice("sv"), currency="XXQ"))


class TestAStatement:
    def test_whose_balance_jumps_is_refused_with_the_line(self) -> None:
        sheet = samples.statement("sv")
        first, second, *rest = sheet.entries
        wrong = replace(sheet, entries=(first, replace(second, balance_minor=second.balance_minor + 1), *rest))
        with pytest.raises(BadSheet, match="line 2"):
            require_sound(wrong)

    def test_that_ends_elsewhere_is_refused(self) -> None:
        sheet = samples.statement("sv")
        with pytest.raises(BadSheet, match="its lines end at"):
            require_sound(replace(sheet, headline=Total(TotalName.BALANCE, 1)))


class TestAList:
    @pytest.mark.parametrize("kind", [SheetKind.OPEN_ITEMS, SheetKind.CONFIRMATION])
    def test_of_other_items_than_it_says_is_refused(self, kind: SheetKind) -> None:
        sheet = replace(samples.open_items("sv"), kind=kind, headline=Total(TotalName.BALANCE, 1))
        with pytest.raises(BadSheet, match="are open, it says 1"):
            require_sound(sheet)

    def test_of_ages_that_are_not_its_items_is_refused(self) -> None:
        sheet = samples.open_items("sv")
        with pytest.raises(BadSheet, match="its ages make"):
            require_sound(replace(sheet, ages=sheet.ages[:2]))

    def test_of_interest_that_is_not_its_rows_is_refused(self) -> None:
        sheet = samples.reminder("sv")
        with pytest.raises(BadSheet, match="its interest makes"):
            require_sound(replace(sheet, interest=sheet.interest[:1]))

    def test_of_what_was_settled_accounts_for_the_whole_payment(self) -> None:
        sheet = samples.receipt("sv")
        with pytest.raises(BadSheet, match="accounted for"):
            require_sound(replace(sheet, settled=sheet.settled[:1]))
