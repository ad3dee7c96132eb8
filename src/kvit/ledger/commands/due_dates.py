"""Move the due date of open items; who moved it and why stands with the document."""

from dataclasses import dataclass
from datetime import date

from kvit.base import rows
from kvit.base.command import Ctx, command


@dataclass(frozen=True)
class DueDatesMoved:
    """How many items are due on another day now."""

    moved: int


@command
def move_due_dates(ctx: Ctx, *, subject_kind: str, subject_id: int, due_date: date) -> DueDatesMoved:
    """Make every open item of a document due on another day."""
    moved = rows.run(
        "UPDATE ledger_openitem SET due_date = %s WHERE tenant_id = %s AND subject_kind = %s AND subject_id = %s",
        [due_date, ctx.tenant_id, subject_kind, subject_id],
    )
    return DueDatesMoved(moved)
