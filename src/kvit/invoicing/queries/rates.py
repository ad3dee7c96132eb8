"""Published exchange rates that were kept, by the day that the law of a country names."""

from collections.abc import Sequence
from datetime import date

from kvit.base import rows
from kvit.invoicing.domain import BadDraft, Draft, Exchange
from kvit.invoicing.domain import exchange as law
from kvit.invoicing.domain.preparing import needs_rate
from kvit.invoicing.domain.taxes import national_currency


def exchanges(drafts: Sequence[Draft], used: Sequence[str], country: str, day: date) -> list[Exchange | None]:
    """The rate of each draft in its currency, None where none is needed or kept. Refuses `BadDraft`."""
    found: list[Exchange | None] = []
    asked: dict[tuple[str, date], Exchange | None] = {}
    for draft, currency in zip(drafts, used, strict=True):
        tax_point = draft.tax_point_date or day
        if not needs_rate(draft, currency=currency, country=country):
            found.append(None)
            continue
        if draft.exchange is not None:
            if not law.is_right(country, draft.exchange.rate_date, tax_point) or draft.exchange.rate <= 0:
                raise BadDraft(
                    f"the rate of {draft.exchange.rate_date} is not the one for tax that falls due on {tax_point}: "
                    f"that of {law.latest_day(country, tax_point)} is, or the last before it",
                    place="exchange day",
                )
            found.append(draft.exchange)
            continue
        if (currency, tax_point) not in asked:
            asked[currency, tax_point] = exchange_rate(currency, country=country, tax_point=tax_point)
        found.append(asked[currency, tax_point])
    return found


def exchange_rate(currency: str, *, country: str, tax_point: date) -> Exchange | None:
    """The rate of `currency` in the country's own for tax that falls due on a day; None where it was not kept.

    Needs the tenant's scope.
    """
    found = rows.select(
        """
        SELECT rate, rate_date, source FROM invoicing_exchangerate
        WHERE currency = %s AND national = %s AND rate_date <= %s ORDER BY rate_date DESC LIMIT 1
        """,
        [currency, national_currency(country), law.latest_day(country, tax_point)],
    )
    if not found or not law.is_right(country, found[0][1], tax_point):
        return None
    return Exchange(*found[0])
