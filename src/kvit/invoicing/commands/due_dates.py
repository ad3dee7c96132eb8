"""Move the due date of an issued invoice, as an act of its own with a reason."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.invoicing.domain import InvoiceState, is_claim
from kvit.invoicing.events import DueDateMoved
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger


class DueDateRefused(DomainError):
    """Not an issued invoice, no reason, or a day before the invoice was issued."""

    code: ClassVar[str] = "invoicing.due_date_refused"


@dataclass(frozen=True)
class DueDateChanged:
    """From which day to which."""

    from_date: date
    to_date: date


@command
def move_due_date(ctx: Ctx, *, invoice_id: int, due_date: date, reason: str) -> DueDateChanged:
    """Make a claim due on another day; the document stays as it is, the history keeps both days and the reason.

    Refuses `DueDateRefused`.
    """
    found = rows.select(
        """
        SELECT due_date, issue_date, kind, gross_minor FROM invoicing_invoice WHERE id = %s AND state = %s
        FOR NO KEY UPDATE
        """,
        [invoice_id, InvoiceState.ISSUED.value],
    )
    if not found or not is_claim(*found[0][2:]) or not reason.strip():
        raise DueDateRefused("only the due date of an issued claim is moved, and the reason must be given")
    from_date, issue_date = found[0][:2]
    if due_date < issue_date:
        raise DueDateRefused(f"{due_date} is before the invoice was issued ({issue_date})")
    rows.run(
        """
        INSERT INTO invoicing_duedatemove (tenant_id, invoice_id, from_date, to_date, reason, at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        """,
        [ctx.tenant_id, invoice_id, from_date, due_date, reason.strip()[:300], ctx.now, ctx.command_id],
    )
    rows.run(
        "UPDATE invoicing_invoice SET due_date = %s WHERE tenant_id = %s AND id = %s",
        [due_date, ctx.tenant_id, invoice_id],
    )
    ledger.move_due_dates(ctx, subject_kind="invoice", subject_id=invoice_id, due_date=due_date)
    ctx.emit(DueDateMoved(invoice_id=invoice_id, from_date=from_date, to_date=due_date))
    return DueDateChanged(from_date, due_date)
