"""Sum hot accounts up to a point, so that their balance is read from there on."""

from dataclasses import dataclass

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.ledger.commands.posting import POSTING_LOCK


@dataclass(frozen=True)
class Checkpointed:
    """Through which entry the accounts are summed, and how many account balances were written."""

    through_entry_id: int
    balances: int


@command
def checkpoint(ctx: Ctx) -> Checkpointed:
    """Sum every account that is not a control account through the last entry that nothing can precede any more.

    Entry ids are drawn under a shared advisory lock; holding it alone for the moment of reading the last id
    means that no entry with a smaller id is still on its way (RELIABILITY 2: hot accounts from checkpoints).
    """
    rows.select("SELECT pg_advisory_lock(%s, %s)", [POSTING_LOCK, ctx.tenant_id])
    try:
        ((through,),) = rows.select("SELECT coalesce(max(id), 0) FROM ledger_entry")
    finally:
        rows.select("SELECT pg_advisory_unlock(%s, %s)", [POSTING_LOCK, ctx.tenant_id])
    written = rows.run(
        """
        INSERT INTO ledger_checkpoint (tenant_id, account_id, currency, through_entry_id, balance_minor, command_id)
        SELECT %(tenant)s, a.id, sums.currency, %(through)s, sum(sums.total)::bigint, %(command)s
        FROM ledger_account a
        CROSS JOIN LATERAL (
            SELECT DISTINCT ON (c.currency) c.currency, c.balance_minor AS total, c.through_entry_id
            FROM ledger_checkpoint c WHERE c.account_id = a.id ORDER BY c.currency, c.id DESC
        ) latest
        CROSS JOIN LATERAL (
            SELECT latest.currency, latest.total
            UNION ALL
            SELECT l.currency, l.amount_minor FROM ledger_line l
            WHERE l.account_id = a.id AND l.currency = latest.currency
              AND l.entry_id > latest.through_entry_id AND l.entry_id <= %(through)s
        ) sums
        WHERE NOT a.control GROUP BY a.id, sums.currency
        UNION ALL
        SELECT %(tenant)s, l.account_id, l.currency, %(through)s, sum(l.amount_minor)::bigint, %(command)s
        FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
        WHERE NOT a.control AND l.entry_id <= %(through)s AND NOT EXISTS (
            SELECT FROM ledger_checkpoint c WHERE c.account_id = l.account_id AND c.currency = l.currency)
        GROUP BY l.account_id, l.currency
        """,
        {"tenant": ctx.tenant_id, "through": through, "command": ctx.command_id},
    )
    return Checkpointed(through, written)
