"""The doors of a simulated company: people to sign in as, a customer's portal, an invoice's own page; all by commands.

Nobody here has a password. Who signs in does so by one click on the demo's page, which only test mode has.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.conf import settings

from kvit.base import login, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.queries import InvoiceRow
from kvit.matching import queries as matching
from kvit.parties import commands as parties
from kvit.world import cast, commands, queries
from kvit.world.commands import Doors, Worker
from kvit.world.founding import Simulated

PORTAL: Final = "customer"
_RECENT: Final = timedelta(days=90)
_VALID_DAYS: Final = 3650


def open_doors(ctx: Ctx, simulated: Simulated) -> Doors | None:
    """Hire the cast, open a customer's portal and an invoice's page; what is open stays. None without an invoice."""
    with tenant.scope(ctx.tenant_id):
        known = queries.doors()
        found = None if known else _shown_invoice(simulated, ctx.now.date())
    if known is not None or found is None:
        return known
    staff = tuple(_hired(ctx, simulated.company.code, worker) for worker in cast.CAST[simulated.company.code])
    person = simulated.people[simulated.customer_ids.index(found.customer_id)]
    portal = parties.open_login(
        replace(ctx, key="world:portal"),
        party_id=found.party_id,
        email=cast.email(simulated.company.code, PORTAL),
        full_name=person.name,
    )
    invoicing.open_link(
        replace(ctx, key="world:link"),
        invoice_id=found.id,
        token=token_of(ctx.tenant_id, found.id),
        valid_days=_VALID_DAYS,
    )
    return commands.open_doors(
        replace(ctx, key=queries.DOORS),
        doors=Doors(staff=staff, portal_user_id=portal.user_id, party_id=found.party_id, invoice_id=found.id),
    )


def token_of(tenant_id: int, invoice_id: int) -> str:
    """The token of a shown invoice's page, 128 bits: drawn from the secret, for the books keep only its hash."""
    drawn = hmac.new(settings.SECRET_KEY.encode(), f"world link {tenant_id} {invoice_id}".encode(), hashlib.sha256)
    return drawn.hexdigest()[:32]


def _hired(ctx: Ctx, company: str, worker: cast.Worker) -> Worker:
    added = login.add_member(
        replace(ctx, key=f"world:hire:{worker.role.value}"),
        email=cast.email(company, worker.role.value),
        full_name=worker.full_name,
        role=worker.role,
    )
    return Worker(worker.role, added.user_id)


def _shown_invoice(simulated: Simulated, today: date) -> InvoiceRow | None:
    """The newest invoice of which nothing is paid and that is not due yet; else the newest of all."""
    customers = set(simulated.customer_ids)
    issued = [
        row
        for row in invoices.issued_since(today - _RECENT)
        if row.customer_id in customers and row.credits_id is None and row.gross_minor > 0
    ]
    return next(iter(_unpaid(issued, today)), None) or (issued[-1] if issued else None)


def _unpaid(issued: Sequence[InvoiceRow], today: date) -> list[InvoiceRow]:
    receivables = matching.receivables([row.id for row in issued])
    return [
        row
        for row in reversed(issued)
        if row.id in receivables
        and receivables[row.id].open_minor == row.gross_minor
        and row.due_date is not None
        and row.due_date > today
    ]
