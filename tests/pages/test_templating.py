"""What every template can call: addresses, texts, prices; made once where they are the same, and never mixed up."""

from decimal import Decimal

import pytest
from django.test import RequestFactory
from django.urls import reverse

from kvit.pages import figures, rendering, templating, words


class TestAnAddress:
    @pytest.mark.parametrize("number", [0, 7, 10**12, 10**12 + 1, 2**62])
    def test_is_the_routes_own(self, number: int) -> None:
        given = {"invoice_id": number, "link_id": number + 1}
        assert templating.url("desk_revoke_link", **given) == reverse("desk_revoke_link", kwargs=given)

    def test_escapes_what_is_no_number(self) -> None:
        assert templating.url("live_invoice", token="a{0}b c") == reverse("live_invoice", kwargs={"token": "a{0}b c"})

    def test_of_a_route_without_parts_is_itself(self) -> None:
        assert templating.url("portal") == "/portal/"


class TestAText:
    def test_is_in_the_language_of_each_reader(self) -> None:
        said = []
        for language in ("sv", "pl", "en", "sv"):
            with words.reading(language):
                said.append(str(templating.translated("To pay")))
        assert said == ["Att betala", "Do zapłaty", "To pay", "Att betala"]

    def test_escapes_what_is_filled_in_and_nothing_else(self) -> None:
        filled = templating.translated("Invoice %(number)s", number="<b>")
        assert str(filled) == "Invoice &lt;b&gt;"
        assert str(templating.translated("VAT %(rate)s%%", rate="25")) == "VAT 25%"


class TestAPrice:
    @pytest.mark.parametrize(
        ("value", "currency", "shown"),
        [("479.2", "SEK", "479,20"), ("0.9112", "PLN", "0,9112"), ("1499", "SEK", "1\u00a0499,00"), ("5", "JPY", "5")],
    )
    def test_has_at_least_the_decimals_of_its_currency(self, value: str, currency: str, shown: str) -> None:
        assert figures.price_text(Decimal(value), currency, "sv") == shown


class TestTheFieldAgainstForgedForms:
    def test_is_the_same_in_every_form_of_a_page_and_another_on_the_next(self) -> None:
        fields = []
        request = RequestFactory().get("/")
        for _page in range(2):
            field = rendering.once_per_page(request)
            assert str(field) == field.__html__() == str(field)
            fields.append(str(field))
        assert fields[0] != fields[1]
        assert fields[0].startswith('<input type="hidden" name="csrfmiddlewaretoken"')
