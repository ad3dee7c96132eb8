"""The features that the table of invoices is made of: functions that make an invoice for a country."""

from collections.abc import Callable

from einvoice_homes import Home
from kvit.formats.einvoice.model import Invoice

Make = Callable[[Home], Invoice]
FEATURES: dict[str, Make] = {}


def feature(make: Make) -> Make:
    """Enter an invoice into the table under the name of its function."""
    FEATURES[make.__name__] = make
    return make
