"""What readers of columns say, in the reader's words."""

import re

import pytest

from kvit.formats.bank import sentences
from kvit.formats.bank.tabular import guide
from kvit.formats.bank.tabular.profile import DATE_FORMATS, Profile, Role
from kvit.kernel.results import Problem, Told
from kvit.pages import readings, words

OURS = Profile(
    key="own",
    name="Own",
    country="SE",
    currency="SEK",
    delimiter=";",
    columns=((Role.BOOKING_DATE, "Day"), (Role.AMOUNT, "Amount"), (Role.BALANCE, "Balance"), (Role.MARK, "Mark")),
    credit_marks=("C",),
    debit_marks=("D",),
)
NAMED = re.compile(r"%\((\w+)\)s")


class TestASentence:
    def test_of_each_code_has_words(self) -> None:
        assert set(readings.TEXTS) == set(sentences.TEXTS)

    @pytest.mark.parametrize("code", sorted(sentences.TEXTS))
    def test_speaks_of_nothing_that_the_reader_does_not_give(self, code: str) -> None:
        assert set(NAMED.findall(readings.TEXTS[code])) <= set(NAMED.findall(sentences.TEXTS[code]))

    @pytest.mark.parametrize("language", ["en", "pl", "sv", "ro"])
    def test_is_said_of_everything_that_is_wrong_with_a_file(self, language: str) -> None:
        rows = (
            "Day;Amount;Balance;Mark",
            "2026-03-02;1,00;101,00;C",
            "2026-13-02;1,00;1;C",
            "2026-03-03;x;1;C",
            "2026-03-03;1,000;1;C",
            "2026-03-03;1,00;x;D",
            "2026-03-03;1,00;100,00;E",
            "2026-03-03;-1,00;100,00;C",
            ";1,00;100,00;C",
            "2026-03-04;1,00;500,00;C",
            '2026-03-04;"1,00;500,00;C',
        )
        found = guide.preview("\n".join(rows).encode(), OURS).problems
        assert len(found) >= 9
        english = [f"{problem.place}: {problem.reason}" for problem in found]
        with words.reading(language):
            said = [f"{readings.place(problem.place)}: {readings.reason(problem)}" for problem in found]
        assert not set(said) & set(english)
        assert len(set(said)) == len(said)
        assert all("%(" not in one for one in said)

    def test_without_words_is_the_readers_own(self) -> None:
        assert readings.reason(Problem("line 1", "odd", (Told("unheard_of"),))) == "odd"
        assert readings.reason(Problem("line 1", "odd")) == "odd"


class TestAFormatOfDays:
    def test_is_shown_by_a_day(self) -> None:
        assert set(readings.DAYS) == set(DATE_FORMATS)
        assert len(set(readings.DAYS.values())) == len(DATE_FORMATS)
