"""Names folded into keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.parties.domain import names


class TestANameKey:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("Łódzkie Zakłady Sp. z o.o.", "lodzkie zaklady"),
            ("ŁÓDZKIE ZAKŁADY SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", "lodzkie zaklady"),
            ("Łódzkie Zakłady sp.z o.o.", "lodzkie zaklady"),
            ("Łódzkie Zakłady Sp. z o.o. Sp. k.", "lodzkie zaklady"),
            ("Łódzkie Zakłady Spółka z o.o. sp.k.", "lodzkie zaklady"),
            ("Żabka Polska S.A.", "zabka polska"),
            ("AB Volvo", "volvo"),
            ("Volvo AB (publ)", "volvo"),
            ("Åkeriet i Örebro Aktiebolag", "akeriet i orebro"),
            ("S.C. Țesătura Iași S.R.L.", "tesatura iasi"),
            ("SC TESATURA IASI SRL", "tesatura iasi"),
            ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
            ("Smørrebrød ApS", "smorrebrod"),
            ("Straße 7 AG", "strasse 7"),
            ("O'Leary Ltd.", "oleary"),
        ],
    )
    def test_folds_letters_and_drops_the_legal_form(self, name: str, key: str) -> None:
        assert names.name_key(name, is_person=False) == key

    @pytest.mark.parametrize(("name", "key"), [("S.A.", "s a"), ("AB", "ab"), ("Sp. z o.o.", "sp z o o")])
    def test_keeps_a_form_that_is_all_there_is(self, name: str, key: str) -> None:
        assert names.name_key(name, is_person=False) == key

    def test_keeps_a_form_in_the_middle(self) -> None:
        assert names.name_key("Bygg AB Konsult", is_person=False) == "bygg ab konsult"

    def test_keeps_every_word_of_a_person(self) -> None:
        assert names.name_key("Ana Maria Sa", is_person=True) == "ana maria sa"

    def test_of_marks_only_is_the_name(self) -> None:
        assert names.name_key("—", is_person=False) == "—"

    @given(st.text(min_size=1, max_size=400), st.booleans())
    def test_never_fails_and_has_a_bounded_length(self, name: str, is_person: bool) -> None:
        assert len(names.name_key(name, is_person=is_person)) <= names.LONGEST_NAME + 100

    @given(st.text(min_size=1), st.booleans())
    def test_does_not_depend_on_how_letters_are_composed(self, name: str, is_person: bool) -> None:
        import unicodedata

        apart = names.name_key(unicodedata.normalize("NFD", name), is_person=is_person)
        together = names.name_key(unicodedata.normalize("NFC", name), is_person=is_person)
        assert names.fold(apart) == names.fold(together)

    @given(st.text(alphabet="abcåäöłżșț .-", min_size=1))
    def test_of_a_folded_text_is_that_text(self, text: str) -> None:
        assert names.fold(names.fold(text)) == names.fold(text)


class TestStarts:
    def test_are_the_key_turned_to_each_word(self) -> None:
        assert names.starts("anna maria nowak") == ("anna maria nowak", "maria nowak anna", "nowak anna maria")

    def test_are_told_once(self) -> None:
        assert names.starts("jan jan") == ("jan jan",)

    @given(st.text(alphabet="ab ", min_size=1))
    def test_are_at_most_eight(self, text: str) -> None:
        assert 1 <= len(names.starts(names.fold(text))) <= 8


class TestATidyName:
    def test_has_single_spaces_and_composed_letters(self) -> None:
        assert names.tidy_name("  Jan \u00a0 Ko\u0301wal ") == "Jan Kówal"

    @pytest.mark.parametrize("name", ["", "  ", "x" * 301, "a\x00b", "a\x1bb", "\ud800"])
    def test_is_refused(self, name: str) -> None:
        with pytest.raises(names.BadName):
            names.tidy_name(name)
