"""When a statement is booked, what came back is undone and its lines are matched."""

from dataclasses import replace

from kvit.banking import commands as bank
from kvit.banking import queries as banking
from kvit.banking.events import StatementBooked
from kvit.base import job, tenant
from kvit.base.command import Ctx
from kvit.matching import commands as matching

CHUNK = 2500


@job.on(StatementBooked, "matching.match_statement")
def match_statement(ctx: Ctx, event: StatementBooked) -> None:
    """Match the statement's lines chunk by chunk, each repeatable under a key of its own.

    What takes an earlier payment back comes first: what it paid is open again for those that follow.
    """
    returned = bank.link_returns(replace(ctx, key=f"{ctx.key}:returns"), statement_id=event.statement_id)
    if returned.pairs:
        lines = [pair.line_id for pair in returned.pairs] + [pair.returned_line_id for pair in returned.pairs]
        matching.undo_returned(replace(ctx, key=f"{ctx.key}:undone"), line_ids=lines, on_date=ctx.now.date())
    with tenant.scope(ctx.tenant_id):
        line_ids = banking.line_ids_of(event.statement_id)
    for start in range(0, len(line_ids), CHUNK):
        matching.match_lines(replace(ctx, key=f"{ctx.key}:{start}"), line_ids=line_ids[start : start + CHUNK])
    if returned.unclear:
        matching.ask_about_returns(replace(ctx, key=f"{ctx.key}:asked"), line_ids=returned.unclear)
