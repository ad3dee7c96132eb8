"""The clause of an agreement on self-billing: in the words of the supplier's country, with days as it counts them."""

import pytest

from kvit.invoicing.domain.self_billing import CLAUSES, acceptance, clause_of


class TestTheClause:
    @pytest.mark.parametrize(
        ("country", "days", "said"),
        [
            ("PL", 1, "w ciągu 1 dnia od"),
            ("PL", 22, "w ciągu 22 dni od"),
            ("SE", 1, "inom 1 dag från"),
            ("SE", 7, "inom 7 dagar från"),
            ("RO", 1, "în termen de 1 zi de"),
            ("RO", 19, "în termen de 19 zile de"),
            ("RO", 20, "în termen de 20 de zile de"),
            ("DE", 7, "within 7 days of its arrival"),
        ],
    )
    def test_counts_days_as_its_language_does(self, country: str, days: int, said: str) -> None:
        assert said in acceptance(country, days)

    def test_may_ask_for_a_word_of_its_own(self) -> None:
        assert acceptance("SE", None) == "Säljaren godkänner varje faktura uttryckligen."

    def test_fits_where_it_is_kept(self) -> None:
        found = [acceptance(country, days) for country in (*CLAUSES, "DE") for days in (None, 90)]
        assert max(map(len, found)) <= 300
        assert clause_of("DE").language == "en"
