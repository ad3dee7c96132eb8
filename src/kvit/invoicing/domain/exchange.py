"""Of which day the exchange rate is by which VAT is stated in the national currency.

Sources: Directive 2006/112/EC art. 91 and 230; Poland: ustawa o VAT art. 31a ust. 1 (the last working day before the
tax falls due); Sweden: ML (2023:200) 8 kap. 21-23 § (the latest published); Romania: Codul fiscal art. 290 (the rate
of the National Bank that holds on the day, which is published on the day before).
"""

import datetime
from typing import Final

from kvit.kernel.dates import previous_working_day

LONGEST_GAP_DAYS: Final = 7
"""Between two rates of a central bank lie holidays, but never more days than this."""


def latest_day(country: str, tax_point: datetime.date) -> datetime.date:
    """The last day whose published rate may be used for tax that falls due on `tax_point`."""
    if country == "PL":
        return previous_working_day(tax_point - datetime.timedelta(days=1), "PL")
    if country == "RO":
        return tax_point - datetime.timedelta(days=1)
    return tax_point


def is_right(country: str, rate_date: datetime.date, tax_point: datetime.date) -> bool:
    """Whether a rate of this day may be used for tax that falls due on `tax_point`."""
    latest = latest_day(country, tax_point)
    return latest - datetime.timedelta(days=LONGEST_GAP_DAYS) <= rate_date <= latest
