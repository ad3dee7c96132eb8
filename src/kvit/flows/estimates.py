"""When money comes that quotes an estimate, it is the customer's advance, and becomes a tax invoice by itself."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base import job, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.commands import EstimateRefused
from kvit.invoicing.events import InvoicesIssued
from kvit.invoicing.queries import OpenEstimate
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger
from kvit.matching import commands as matching
from kvit.matching import queries as matched
from kvit.matching.commands import Terms
from kvit.matching.domain import Evidence
from kvit.matching.events import PaymentsLinked
from kvit.matching.queries.candidates import numbers_in

ISSUED: Final = "estimates.take_waiting"
LINKED: Final = "estimates.bill"


@job.on(InvoicesIssued, ISSUED)
def take_waiting(ctx: Ctx, event: InvoicesIssued) -> None:
    """What waits may be for an estimate that was issued now."""
    with tenant.scope(ctx.tenant_id):
        if not invoices.has_estimates() or not any(
            row.kind == "estimate" for row in invoices.invoices(event.invoice_ids)
        ):
            return
        waiting = list(matched.waiting_lines())
    take(ctx, waiting)


@job.on(PaymentsLinked, LINKED)
def bill(ctx: Ctx, event: PaymentsLinked) -> None:
    """An advance whose payment quotes an estimate is invoiced: in part, or with what completes it."""
    with tenant.scope(ctx.tenant_id):
        if not invoices.has_estimates():
            return
        entries = dict(matched.entries_of_links(event.link_ids))
        lines = banking.lines(list(entries))
        some = quoted(lines)
    for line in lines:
        if line.id not in some:
            continue
        with tenant.scope(ctx.tenant_id):
            estimate = quoted([line]).get(line.id)  # a line before it may have been what completed it
            item_id = _advance(entries[line.id], estimate) if estimate else None
        if estimate is None or item_id is None:
            continue
        try:
            invoicing.take_advance(
                replace(ctx, key=f"{ctx.key}:{line.id}"),
                estimate_id=estimate.id,
                item_id=item_id,
                received_date=line.booking_date,
            )
        except EstimateRefused:
            continue  # somebody invoiced it by hand meanwhile: the advance waits for a person, as any other


def take(ctx: Ctx, line_ids: Sequence[int]) -> None:
    """Book payments that quote an open estimate as advances of its customer."""
    with tenant.scope(ctx.tenant_id):
        wanted = quoted(banking.lines(line_ids)) if invoices.has_estimates() else {}
    for line_id, estimate in wanted.items():
        try:
            matching.link_payment(
                replace(ctx, key=f"{ctx.key}:{line_id}"),
                line_id=line_id,
                targets=(),
                terms=Terms(
                    advance_party_id=estimate.party_id,
                    evidence=Evidence("estimate_quoted", "quotes an estimate", {"estimate": estimate.number}),
                ),
            )
        except DomainError:
            continue  # linked or set aside meanwhile


def quoted(lines: Sequence[BankLine]) -> dict[int, OpenEstimate]:
    """The one open estimate that money which came in quotes, by number or reference; for the lines that quote one.

    Needs the tenant's scope.
    """
    numbers = {line.id: numbers_in(line.reference, line.text) for line in lines if line.amount_minor > 0}
    by_number: dict[str, set[OpenEstimate]] = defaultdict(set)
    for one in invoices.open_estimates(quoted=sorted({each for some in numbers.values() for each in some})):
        for written in filter(None, (one.number, one.payment_reference)):
            by_number[written].add(one)
    found = {}
    for line in lines:
        meant = {one for each in numbers.get(line.id, ()) for one in by_number.get(each, ())}
        of_currency = [one for one in meant if one.currency == line.currency]
        if len(of_currency) == 1:
            found[line.id] = of_currency[0]
    return found


def _advance(entry_id: int, estimate: OpenEstimate) -> int | None:
    """The credit that the link left on the customer's account, as far as it is open."""
    return next(
        (
            item.id
            for item in ledger.items_of_entries([entry_id])
            if item.side == "credit" and item.open_minor and item.party_id == estimate.party_id
        ),
        None,
    )
