"""Exchange rates: keep what central banks publish."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError


class RateRefused(DomainError):
    """A rate that is no number above zero, of one currency in itself, or another than the one that is kept."""

    code: ClassVar[str] = "invoicing.rate_refused"


@dataclass(frozen=True, slots=True)
class NewRate:
    """Units of `national` for one of `currency`, as `source` said on a day."""

    currency: str
    national: str
    rate_date: date
    rate: Decimal
    source: str


@dataclass(frozen=True)
class RatesKept:
    """How many rates are new."""

    kept: int


@command
def keep_exchange_rates(ctx: Ctx, *, rates: Bulk[tuple[NewRate, ...]]) -> RatesKept:
    """Keep published exchange rates, all or none; one that is kept already stays. Refuses `RateRefused`."""
    for one in rates:
        currencies.minor_units(one.currency)
        currencies.minor_units(one.national)
        if not one.rate.is_finite() or one.rate <= 0 or one.currency == one.national or not one.source.strip():
            raise RateRefused(f"{one.rate} is no rate of {one.currency} in {one.national}, or nobody published it")
    count = len(rates)
    inserted = rows.insert(
        "invoicing_exchangerate",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "currency": ("text", [one.currency for one in rates]),
            "national": ("text", [one.national for one in rates]),
            "rate_date": ("date", [one.rate_date for one in rates]),
            "rate": ("numeric", [one.rate for one in rates]),
            "source": ("text", [one.source.strip()[:60] for one in rates]),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="ON CONFLICT (tenant_id, currency, national, rate_date) DO NOTHING RETURNING id",
    )
    return RatesKept(len(inserted))
