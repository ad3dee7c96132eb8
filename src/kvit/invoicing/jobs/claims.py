"""Every minute: what was said about claims, and no money has borne out by its day, is stale or broken."""

from typing import Final

from procrastinate.contrib.django import app

from kvit.base import clock, login, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands, queries

ACTOR: Final = "robot:invoicing.claims"
CHUNK: Final = 1000


@app.periodic(cron="* * * * *")
@app.task(name="kvit.review_claims", queue="claims", queueing_lock="kvit.review_claims")
def review_claims(timestamp: int) -> None:
    """Look at each company's claims whose day is over."""
    for tenant_id in login.tenant_ids():
        pass_over(tenant_id)


def pass_over(tenant_id: int) -> int:
    """One company's share of a minute, by the day where it is; how many facts became late or were borne out after all.

    Chunk by chunk: what was looked at waits no more.
    """
    now = clock.current().now()
    ctx = Ctx(tenant_id=tenant_id, actor=ACTOR, now=now)
    moved = 0
    with tenant.scope(tenant_id):
        today = login.own_day(now)
    while True:
        with tenant.scope(tenant_id):
            late = queries.invoices_lapsing(today=today, limit=CHUNK)
        if not late:
            return moved
        moved += commands.review_claims(ctx, invoice_ids=late, today=today).moved
