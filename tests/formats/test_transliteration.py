"""Texts in a bank's characters: nothing is dropped, whatever it is written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats import transliteration
from kvit.formats.books.sie.write import CHARACTERS
from kvit.formats.transliteration import TABLE, transliterate
from kvit.formats.writing import BANKGIROT, ELIXIR, POLAND, SEPA, SWEDEN, CharacterSet, Checks

SETS = [SEPA, POLAND, SWEDEN, BANKGIROT, ELIXIR, CHARACTERS]


class TestATransliteration:
    @pytest.mark.parametrize(
        ("text", "latin"),
        [
            ("Zażółć gęślą jaźń", "Zazolc gesla jazn"),
            ("Ștefan Țepeș ăâî", "Stefan Tepes aai"),
            ("Åsa Öhrn & söner", "Asa Ohrn + soner"),
            ("Straße", "Strasse"),
            ("Łukasz", "Lukasz"),
            ("Ærø ÆRØ", "Aero AERO"),
            ("Київ", "Kiiv"),
            ("Юлія", "Yuliya"),
            ("Αθήνα", "Athina"),
            ("“FV_1” – 5 €", "'FV-1' - 5 EUR"),
            ("ﬁrma №5", "firma No5"),
            ("漢字", ".."),
            ("a\tb\u00a0c", "a b c"),
        ],
    )
    def test_writes_the_nearest_latin_letters(self, text: str, latin: str) -> None:
        assert transliterate(text, SEPA.allowed) == latin

    @given(text=st.text())
    @pytest.mark.parametrize("charset", SETS, ids=lambda one: one.name)
    def test_gives_allowed_characters_only_and_drops_none(self, charset: CharacterSet, text: str) -> None:
        import unicodedata

        written = transliterate(text, charset.allowed)
        assert charset.allowed.issuperset(written)
        assert len(written) >= len(unicodedata.normalize("NFC", text))

    def test_would_drop_some_if_a_character_without_counterpart_gave_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the last resort is an empty text."""
        monkeypatch.setattr(transliteration, "LAST_RESORT", "")
        assert transliterate("漢字", SEPA.allowed) == ""

    @pytest.mark.parametrize("charset", SETS, ids=lambda one: one.name)
    def test_leaves_what_the_bank_takes_as_it_is(self, charset: CharacterSet) -> None:
        text = "".join(sorted(charset.allowed))
        assert transliterate(text, charset.allowed) == text

    def test_is_by_a_table_that_ends_in_sepas_characters(self) -> None:
        assert {char for latin in TABLE.values() for char in latin} <= SEPA.allowed


class TestAFittedText:
    def test_needs_no_note_where_nothing_changed(self) -> None:
        checks = Checks(SEPA)
        assert checks.text("t", "  Bo Ek ", limit=5) == "Bo Ek"
        assert checks.notes == []

    def test_is_cut_at_the_end_without_a_blank_there(self) -> None:
        checks = Checks(SEPA)
        assert checks.text("t", "Bo Ek", limit=3) == "Bo"
        assert checks.notes[0].text == "'Bo Ek' is cut to 2 characters: 'Bo'"

    def test_that_is_required_and_blank_is_a_problem(self) -> None:
        checks = Checks(SEPA)
        checks.text("t", " \n", limit=3, required=True)
        assert [one.reason for one in checks.problems] == ["is missing"]
