"""The table of currencies against ISO's own facts and a second list."""

import re

import pytest

from kvit.kernel import currencies
from shared_folder import SHARED, needs_shared

CODE_LIST = (
    "conformance/cii/schema/D16B-SCRDM-uncoupled/uncefact/codelist/standard/ISO_ISO3AlphaCurrencyCode_2012-08-31.xsd"
)

# Codes of that 2012 list which are no money with a minor unit, or were withdrawn before 2015.
NOT_MONEY = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XFU", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"}
WITHDRAWN_EARLIER = {"EEK", "LVL", "USS", "ZMK"}


class TestTheTableOfCurrencies:
    @pytest.mark.parametrize(
        ("currency", "decimals"),
        [("PLN", 2), ("SEK", 2), ("RON", 2), ("EUR", 2), ("ISK", 0), ("JPY", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)],
    )
    def test_knows_the_decimals(self, currency: str, decimals: int) -> None:
        assert currencies.minor_units(currency) == decimals

    def test_has_well_formed_codes_only(self) -> None:
        assert all(re.fullmatch("[A-Z]{3}", currency) for currency in currencies.known())

    @needs_shared
    def test_has_every_currency_of_the_united_nations_list(self) -> None:
        assert SHARED is not None
        listed = set(re.findall(r'enumeration value="([A-Z]{3})"', (SHARED / CODE_LIST).read_text(encoding="utf-8")))
        assert len(listed) > 150
        assert listed - NOT_MONEY - WITHDRAWN_EARLIER - currencies.known() == set()
