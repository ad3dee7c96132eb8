"""How long a run of 10 000 invoices takes from drafts to PDFs in the archive, drawn by a worker for each core.

Each has a payment code and its e-invoice inside. `--invoices N` for fewer: what is printed then holds no goal.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.office import NOW, company, customers, draft, office, scratch

if TYPE_CHECKING:
    from kvit.base.command import Ctx

INVOICES, CHUNK, GOAL_SECONDS = 10_000, 1000, 240
WORKERS = os.cpu_count() or 1
WORKER = "import django; django.setup(); from kvit.base import job; job.run_until_empty()"


def measure(*options: str) -> Iterator[Figure]:
    """Issued in chunks of a thousand; workers of their own freeze, draw and file until nothing is left."""
    count = int(options[1]) if options[:1] == ("--invoices",) else INVOICES
    with scratch() as folder, office(folder):
        from kvit.base import tenant
        from kvit.documents import queries as documents
        from kvit.invoicing import commands as invoicing

        ctx = company("archive")
        _known(ctx)
        ids = draft(ctx, [customer_id for customer_id, _ in customers(ctx, 2000)], count)
        start = time.perf_counter()
        for first in range(0, count, CHUNK):
            invoicing.issue_invoices(ctx, invoice_ids=tuple(ids[first : first + CHUNK]), issue_date=NOW.date())
        issued = time.perf_counter() - start
        _worked_off()
        taken = time.perf_counter() - start
        with tenant.scope(ctx.tenant_id):
            left, size = documents.left_to_draw(limit=1), _drawn(count)
        if left:
            raise RuntimeError("not all of them were drawn")
        yield Figure(f"{count} invoices issued and posted", issued, "s")
        goal = GOAL_SECONDS if count == INVOICES else None
        yield Figure(f"{count} invoices issued, posted, drawn and archived", taken, "s", goal=goal, at_least=False)
        yield Figure("documents drawn and archived", count / (taken - issued) / WORKERS, "documents/s/worker")
        yield Figure("a PDF with its e-invoice, in the archive", size / 1000, "kB")


def _known(ctx: "Ctx") -> None:
    """What an e-invoice says of its seller, and the giro it is paid on."""
    from kvit.banking import commands as banking
    from kvit.base import tenant
    from kvit.parties import commands as parties
    from kvit.parties import queries
    from kvit.parties.domain.identities import IdentityKind
    from kvit.parties.domain.register import PostalAddress

    with tenant.scope(ctx.tenant_id):
        (own,) = queries.own_parties()
    parties.add_identity(ctx, party_id=own, kind=IdentityKind.ORGNR, value="556036-0793")
    parties.set_address(ctx, party_id=own, address=PostalAddress("Västra Esplanaden 4", "903 30", "Umeå", "SE"))
    banking.open_bank_account(ctx, number="991-2346", currency="SEK", name="Giro")


def _worked_off() -> None:
    workers = [subprocess.Popen([sys.executable, "-W", "ignore", "-c", WORKER]) for _ in range(WORKERS)]
    if sum(worker.wait() for worker in workers):
        raise RuntimeError("a worker failed")
    subprocess.run([sys.executable, "-W", "ignore", "-c", WORKER], check=True)  # one may have ended before the other


def _drawn(count: int) -> float:
    """The mean size of a PDF, of which there is one for each invoice, with the e-invoice beside it."""
    from kvit.base import rows

    ((pdfs, size), (xmls, _)) = rows.select(
        "SELECT count(*), avg(size) FROM documents_file GROUP BY media_type ORDER BY media_type"
    )
    if (pdfs, xmls) != (count, count):
        raise RuntimeError(f"{pdfs} PDFs and {xmls} e-invoices of {count} invoices")
    return float(size)
