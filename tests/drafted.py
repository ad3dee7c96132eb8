"""A line as it is typed into the editor, and where its draft is afterwards."""

from datetime import UTC, datetime, time

from desk import Desk

TODAY = datetime.now(tz=UTC).date()
"""The day on which a browser asks."""


def this_moment() -> datetime:
    """The machine's time, but in no country a later day than the one that the tests call today."""
    return min(datetime.now(UTC), datetime.combine(TODAY, time(20), UTC))


LINE = {
    "lines-TOTAL_FORMS": "1",
    "lines-INITIAL_FORMS": "0",
    "lines-0-description": "Fibre",
    "lines-0-quantity": "3",
    "lines-0-unit": "month",
    "lines-0-unit_price": "1 199,50",
    "lines-0-vat_rate": "25",
    "terms_days": "20",
}


def new(office: Desk) -> str:
    return f"/desk/invoices/new/?customer={office.bo.id}"


def saved(location: str) -> int:
    return int(location.rstrip("/").rpartition("/")[2])


def plain(page: str) -> str:
    return page.replace('<span class="cents">', "").replace("</span>", "")
