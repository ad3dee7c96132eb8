"""Numbers by kind."""

import pytest

from kvit.kernel.identifiers.invalid import InvalidIdentifier
from kvit.parties.domain.identities import _VALIDATED, IdentityKind, WrongHolder, compacted, validated


class TestANumber:
    @pytest.mark.parametrize(
        ("kind", "value", "kept"),
        [
            (IdentityKind.NIP, "526-025-02-74", "5260250274"),
            (IdentityKind.VAT, "PL 526 025 02 74", "PL5260250274"),
            (IdentityKind.ORGNR, "556036-0793", "5560360793"),
            (IdentityKind.IBAN, "PL60 1020 1026 0000 0422 7020 1111", "PL60102010260000042270201111"),
            (IdentityKind.IBAN, "60 1020 1026 0000 0422 7020 1111", "PL60102010260000042270201111"),
            (IdentityKind.BANKGIRO, "991-2346", "9912346"),
            (IdentityKind.CUSTOMER_NUMBER, " k 17/b ", "K17/B"),
        ],
    )
    def test_is_kept_compact(self, kind: IdentityKind, value: str, kept: str) -> None:
        assert validated(kind, value, is_person=False) == kept
        assert compacted(kind, value) == kept

    def test_of_every_kind_has_a_rule(self) -> None:
        assert set(_VALIDATED) == set(IdentityKind)

    @pytest.mark.parametrize("kind", IdentityKind)
    def test_is_refused_in_plain_words_without_itself(self, kind: IdentityKind) -> None:
        person = kind in (IdentityKind.PESEL, IdentityKind.CNP, IdentityKind.PERSONNR)
        value = "1234567\x00" * 10
        with pytest.raises(InvalidIdentifier) as refusal:
            validated(kind, value, is_person=person)
        assert "1234567" not in str(refusal.value)
        assert len(str(refusal.value)) > 15

    @pytest.mark.parametrize(
        ("kind", "value", "is_person"),
        [
            (IdentityKind.PESEL, "44051401359", False),
            (IdentityKind.CNP, "1800101221144", False),
            (IdentityKind.PERSONNR, "880320-0016", False),
            (IdentityKind.ORGNR, "556036-0793", True),
        ],
    )
    def test_of_a_person_is_no_company_s_and_the_other_way_round(
        self, kind: IdentityKind, value: str, is_person: bool
    ) -> None:
        with pytest.raises(WrongHolder):
            validated(kind, value, is_person=is_person)

    def test_that_is_invalid_finds_nothing_and_fails_nowhere(self) -> None:
        assert compacted(IdentityKind.NIP, " 123 ") == "123"
