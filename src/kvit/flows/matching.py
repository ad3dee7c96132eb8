"""When a statement is booked, its lines are matched."""

from dataclasses import replace

from kvit.banking import queries as banking
from kvit.banking.events import StatementBooked
from kvit.base import job, tenant
from kvit.base.command import Ctx
from kvit.matching import commands as matching

CHUNK = 2500


@job.on(StatementBooked, "matching.match_statement")
def match_statement(ctx: Ctx, event: StatementBooked) -> None:
    """Match the statement's lines chunk by chunk, each repeatable under a key of its own."""
    with tenant.scope(ctx.tenant_id):
        line_ids = banking.line_ids_of(event.statement_id)
    for start in range(0, len(line_ids), CHUNK):
        matching.match_lines(replace(ctx, key=f"{ctx.key}:{start}"), line_ids=line_ids[start : start + CHUNK])
