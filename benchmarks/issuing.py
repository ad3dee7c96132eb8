"""How long a run of 10 000 invoices takes from drafts to numbered, posted and announced."""

import time
from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, draft, office, scratch

INVOICES, CHUNK = 10_000, 1000


def measure() -> Iterator[Figure]:
    """Issued in chunks of a thousand, each one command and one transaction."""
    with scratch() as folder, office(folder):
        from kvit.invoicing import commands as invoicing

        ctx = company("issuing")
        ids = draft(ctx, [customer_id for customer_id, _ in customers(ctx, 2000)], INVOICES)
        start = time.perf_counter()
        for first in range(0, INVOICES, CHUNK):
            invoicing.issue_invoices(ctx, invoice_ids=tuple(ids[first : first + CHUNK]), issue_date=NOW.date())
        yield Figure("10 000 invoices issued and posted", time.perf_counter() - start, "s", goal=10, at_least=False)
