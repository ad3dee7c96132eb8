"""A process that issues drafts one by one, says each number aloud, and is killed while it works.

Called as `python writer.py <tenant> <draft> <draft> …` with Kvit's settings in the environment.
"""

import sys
from datetime import UTC, date, datetime


def main(tenant_id: int, invoice_ids: list[int]) -> None:
    """Issue each draft by a command of its own; a number is said when its transaction is committed."""
    import django

    django.setup()

    from kvit.base.command import Ctx
    from kvit.invoicing import commands

    ctx = Ctx(tenant_id=tenant_id, actor="robot:writer", now=datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    for invoice_id in invoice_ids:
        issued = commands.issue_invoices(ctx, invoice_ids=(invoice_id,), issue_date=date(2026, 3, 2))
        print(issued.numbers[0], flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(number) for number in sys.argv[2:]])
