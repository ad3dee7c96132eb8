"""What a late invoice costs by law, with where each rate comes from: before a note of interest is drafted."""

from dataclasses import dataclass
from datetime import date

from kvit.invoicing import queries as invoicing
from kvit.invoicing.queries import InterestCharge
from kvit.kernel import late_fees, late_interest
from kvit.kernel.late_interest import Basis, Regime, Segment
from kvit.pages.words import gettext as _


@dataclass(frozen=True, slots=True)
class Period:
    """Interest on one amount over days of one rate, with what the rate is made of."""

    segment: Segment
    basis: Basis
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a note would ask for; `verified_through` is the last day whose rate was compared with its source."""

    charge: InterestCharge
    periods: tuple[Period, ...]
    verified_through: date
    flat_law: str
    flat_verified_through: date


def shown(invoice_id: int, *, through: date, regime: str = "", has_compensation: bool = True) -> Shown | None:
    """What a note up to a day would ask for; None where it is no issued claim. Needs the tenant's scope.

    Refuses `NotLate`, `NoInterestRule`, `NoInterestRate`.
    """
    charge = invoicing.interest_charge(invoice_id, through=through, regime=regime, has_compensation=has_compensation)
    if charge is None:
        return None
    periods = tuple(
        Period(
            one,
            late_interest.basis_on(charge.regime, one.from_date),
            late_interest.is_verified(charge.regime, one.to_date),
        )
        for one in charge.segments
    )
    verified = late_interest.verified_through(charge.regime)
    flat_law = late_fees.LAWS.get(charge.late.country, "")
    return Shown(charge, periods, verified, flat_law, late_fees.VERIFIED_THROUGH)


def regime_name(regime: Regime) -> str:
    """By which rule a debtor owes interest, in the reader's words."""
    return {
        Regime.PL_B2B: _("Between businesses"),
        Regime.PL_B2B_MEDICAL: _("Owed by a public medical entity"),
        Regime.PL_KC481: _("Owed by a consumer, or outside of trade"),
        Regime.SE_6: _("Interest Act, everyone"),
        Regime.RO_B2B_SEM: _("Between businesses, the rate of each half-year"),
        Regime.RO_B2B_DAILY: _("Between businesses, the rate of each day"),
        Regime.RO_B2C: _("Owed by a consumer"),
        Regime.RO_C2C: _("Neither side is a business"),
    }[regime]
