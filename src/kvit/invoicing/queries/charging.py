"""What a note of interest on a late invoice would ask for on a day, and the notes there are; nothing is written."""

from dataclasses import dataclass
from datetime import date, timedelta

from kvit.base import rows
from kvit.invoicing.domain import InvoiceState, charging
from kvit.invoicing.domain.charging import Converted, Late, Reduction
from kvit.invoicing.domain.exchange import LONGEST_GAP_DAYS
from kvit.invoicing.domain.kinds import CHARGED
from kvit.kernel import late_fees, late_interest
from kvit.kernel.late_interest import Regime, Segment
from kvit.kernel.money import Money
from kvit.ledger import queries as ledger
from kvit.parties import queries as parties
from kvit.parties.domain.register import PartyKind


@dataclass(frozen=True, slots=True)
class MissingRate:
    """The flat sum of the law, and the day whose rate would turn it into the currency of the invoice."""

    told: Money
    currency: str
    rate_date: date


@dataclass(frozen=True, slots=True)
class InterestCharge:
    """What a note would ask for; `regimes` are the rules there are to choose from.

    `missing` says that there is a flat sum and no exchange rate for it; without one `flat` is what is asked.
    """

    late: Late
    regime: Regime
    regimes: tuple[Regime, ...]
    through: date
    segments: tuple[Segment, ...]
    flat: Converted | None
    missing: MissingRate | None

    @property
    def interest_minor(self) -> int:
        """The interest alone, in minor units of the invoice's currency."""
        return late_interest.total_minor(self.segments)

    @property
    def compensation_minor(self) -> int:
        """The flat sum alone, in minor units of the invoice's currency."""
        return self.flat.asked.minor if self.flat else 0

    @property
    def total_minor(self) -> int:
        """Both together."""
        return self.interest_minor + self.compensation_minor

    @property
    def is_verified(self) -> bool:
        """Whether every rate and sum was compared with the law."""
        rates = all(late_interest.is_verified(self.regime, one.to_date) for one in self.segments)
        return rates and late_fees.is_verified(self.through)


@dataclass(frozen=True, slots=True)
class InterestNoteRow:
    """A note of interest that was drafted or issued, with the days for which it asks; minor units."""

    id: int
    number: str | None
    from_date: date
    to_date: date
    gross_minor: int
    currency: str


def interest_charge(
    invoice_id: int, *, through: date, regime: str = "", has_compensation: bool = True
) -> InterestCharge | None:
    """What is owed for an invoice's lateness up to a day, which is included; None where it is no issued claim.

    Refuses `NotLate`, `NoInterestRule`, `NoInterestRate`. Needs the tenant's scope.
    """
    late = _late(invoice_id)
    if late is None:
        return None
    rule = charging.regime_of(late, regime)
    segments = charging.interest_on(late, rule, through)
    told = late.flat_sum if has_compensation else None
    flat = _converted(late, told) if told is not None else None
    missing = None if told is None or flat else MissingRate(told, late.gross.currency, late.flat_rate_date)
    regimes = charging.regimes_of(late.country, is_business=late.is_business)
    return InterestCharge(late, rule, regimes, through, segments, flat, missing)


def interest_notes(invoice_id: int) -> tuple[InterestNoteRow, ...]:
    """The notes of interest on an invoice, drafts included, the oldest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT n.id, n.number, n.period_start_date, n.period_end_date, n.gross_minor, n.currency
        FROM invoicing_invoice i JOIN invoicing_invoice n ON n.customer_id = i.customer_id
        WHERE i.id = %s AND n.kind = 'fee_note' AND n.state <> 'discarded' AND n.period_end_date IS NOT NULL
          AND n.content -> 'preceding' -> 0 ->> 'number' = i.number ORDER BY n.id
        """,
        [invoice_id],
    )
    return tuple(InterestNoteRow(*row) for row in found)


def _late(invoice_id: int) -> Late | None:
    found = rows.select(
        """
        SELECT i.number, i.issue_date, i.due_date, i.gross_minor + i.rounding_minor, i.currency, i.supplier_id,
               i.customer_id, c.party_id
        FROM invoicing_invoice i JOIN invoicing_customer c ON c.id = i.customer_id
        WHERE i.id = %s AND i.kind IN (SELECT unnest(%s::text[])) AND i.state = %s
        """,
        [invoice_id, [kind.value for kind in CHARGED], InvoiceState.ISSUED.value],
    )
    if not found:
        return None
    ((number, issue_date, due_date, gross_minor, currency, supplier_id, customer_id, party_id),) = found
    people = parties.parties([supplier_id, party_id])
    buyer = people[party_id]
    items = [one for one in ledger.items_of_subjects("invoice", [invoice_id]) if one.side == "debit"]
    settled = ledger.allocations_of([item.id for item in items])
    notes = interest_notes(invoice_id)
    return Late(
        invoice_id=invoice_id,
        customer_id=customer_id,
        number=number,
        issue_date=issue_date,
        due_date=due_date,
        gross=Money(gross_minor, currency),
        country=people[supplier_id].country,
        is_business=buyer.kind is PartyKind.COMPANY,
        language=buyer.language.value,
        owed_minor=sum(item.amount_minor for item in items),
        reductions=tuple(Reduction(one.allocation_date, one.amount_minor) for one in settled),
        asked_until=max((note.to_date for note in notes), default=None),
    )


def _converted(late: Late, told: Money) -> Converted | None:
    """The flat sum in the currency of the invoice; None where no rate of the right day is kept."""
    if told.currency == late.gross.currency:
        return Converted(told, told)
    day = late.flat_rate_date
    found = rows.select(
        """
        SELECT rate, rate_date, source FROM invoicing_exchangerate
        WHERE currency = %s AND national = %s AND rate_date BETWEEN %s AND %s ORDER BY rate_date DESC LIMIT 1
        """,
        [told.currency, late.gross.currency, day - timedelta(days=LONGEST_GAP_DAYS), day],
    )
    return charging.converted(told, late.gross.currency, *found[0]) if found else None
