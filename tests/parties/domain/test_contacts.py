"""Addresses and numbers in the form in which they are kept."""

import pytest

from kvit.parties.domain.contacts import BadContact, Channel, tidy_contact


class TestAnEmailAddress:
    def test_keeps_its_name_and_lowers_its_domain(self) -> None:
        assert tidy_contact(Channel.EMAIL, " Jan.K@Firma.PL ", country="PL") == "Jan.K@firma.pl"

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "jan",
            "jan@",
            "@firma.pl",
            "jan@firma",
            "jan@@firma.pl",
            "jan kowal@firma.pl",
            "jan@firma.pl\nBcc: all@firma.pl",
            "Jan <jan@firma.pl>",
            "jan@firma.pl,ola@firma.pl",
            "jan@firma..pl",
            "j" * 65 + "@firma.pl",
            "jan@" + "a" * 260 + ".pl",
        ],
    )
    def test_is_refused_where_nothing_could_arrive(self, value: str) -> None:
        with pytest.raises(BadContact) as refusal:
            tidy_contact(Channel.EMAIL, value, country="PL")
        assert not value or value not in str(refusal.value)


class TestATelephoneNumber:
    @pytest.mark.parametrize(
        ("value", "country", "kept"),
        [
            ("600 123 456", "PL", "+48600123456"),
            ("070-123 45 67", "SE", "+46701234567"),
            ("0721 234 567", "RO", "+40721234567"),
            ("+46 (0)70 123 45 67", "PL", "+46701234567"),
            ("0048 600 123 456", "SE", "+48600123456"),
            ("+1 202 555 0100", "US", "+12025550100"),
        ],
    )
    def test_is_kept_as_e164(self, value: str, country: str, kept: str) -> None:
        assert tidy_contact(Channel.SMS, value, country=country) == kept
        assert tidy_contact(Channel.PHONE, value, country=country) == kept

    @pytest.mark.parametrize("value", ["", "12", "202 555 0100", "+0123456789", "600123456x", "+4860012345678901"])
    def test_is_refused_where_it_cannot_be_dialled(self, value: str) -> None:
        with pytest.raises(BadContact):
            tidy_contact(Channel.SMS, value, country="US")


class TestAPostalAddress:
    def test_keeps_its_lines(self) -> None:
        assert tidy_contact(Channel.POST, "ul.  Długa 1 \n\n 90-001 Łódź", country="PL") == "ul. Długa 1\n90-001 Łódź"

    @pytest.mark.parametrize("value", ["", "\n \n", "x" * 501, "a\x00b"])
    def test_is_refused_where_nothing_could_arrive(self, value: str) -> None:
        with pytest.raises(BadContact):
            tidy_contact(Channel.POST, value, country="PL")
