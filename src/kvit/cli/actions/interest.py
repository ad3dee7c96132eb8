"""`kvit invoice interest`: what a late invoice costs by law, and the draft of the note that asks for it."""

from dataclasses import dataclass
from datetime import date

from kvit.base import tenant
from kvit.cli.actions import show
from kvit.cli.actions.invoices import NoSuchNumber
from kvit.cli.boot import Edge
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain.charging import NotLate
from kvit.invoicing.queries import InterestCharge
from kvit.kernel import late_interest


@dataclass(frozen=True)
class Wanted:
    """On which invoice, until when, by which rule; `is_dry` drafts nothing."""

    number: str
    through: date | None
    rule: str
    has_flat_sum: bool
    is_dry: bool


def charge(edge: Edge, wanted: Wanted) -> None:
    """Print what is charged, and draft it. Refuses what `draft_interest_note` refuses, and `NoSuchNumber`."""
    ctx = edge.ctx()
    through = wanted.through or edge.today()
    with tenant.scope(edge.tenant_id):
        invoice = queries.numbered(wanted.number)
        if invoice is None:
            raise NoSuchNumber(f"no document has the number {wanted.number}")
        found = queries.interest_charge(
            invoice.id, through=through, regime=wanted.rule, has_compensation=wanted.has_flat_sum
        )
    if found is None:
        raise NotLate("only an issued invoice bears interest")
    _tell(found)
    if wanted.is_dry:
        return
    drafted = invoicing.draft_interest_note(
        ctx, invoice_id=invoice.id, through=through, regime=wanted.rule, has_compensation=wanted.has_flat_sum
    )
    show.say(f"draft {drafted.invoice_id}: issue it by kvit invoice issue {drafted.invoice_id}")


def _tell(found: InterestCharge) -> None:
    currency = found.late.gross.currency
    periods = [
        (
            f"{one.from_date} to {one.to_date}",
            str(one.days),
            show.money(one.base_minor, currency),
            f"{one.percent.normalize():f} %",
            _source(found, one.from_date),
            show.money(one.amount_minor, currency),
        )
        for one in found.segments
    ]
    if found.flat is not None:
        told = show.money(found.flat.told.minor, found.flat.told.currency)
        periods.append(("flat sum", "", "", "", told, show.money(found.flat.asked.minor, currency)))
    show.table(found.late.number, ("days", ">count", ">open", ">a year", "source", ">amount"), periods)
    show.say(f"together {show.money(found.total_minor, currency)}")
    verified = late_interest.verified_through(found.regime)
    show.say(f"{late_interest.LAWS[found.regime]}; rates verified through {verified}")
    if found.missing is not None:
        told = show.money(found.missing.told.minor, found.missing.told.currency)
        show.warn(f"a flat sum of {told} needs the exchange rate of {found.missing.rate_date}, which is not known")


def _source(found: InterestCharge, day: date) -> str:
    basis = late_interest.basis_on(found.regime, day)
    rate = f"{basis.reference_percent.normalize():f} %"
    margin = f"{basis.margin.normalize():f}"
    sure = "" if late_interest.is_verified(found.regime, day) else ", not verified"
    return f"{basis.bank.value} {rate} on {basis.fixed_date} + {margin}{sure}"
