"""How long a batch of 15 000 self-billed drafts takes to issued documents, gapless with each of 300 suppliers."""

import time
from collections.abc import Iterator
from decimal import Decimal

from benchmarks.figures import Figure
from benchmarks.office import NOW, company, office, scratch

DRAFTS, SUPPLIERS, CHUNK = 15_000, 300, 1000


def measure() -> Iterator[Figure]:
    """Drafted and issued in chunks of a thousand, each one command and one transaction."""
    with scratch() as folder, office(folder):
        from kvit.base import tenant
        from kvit.invoicing import commands as invoicing
        from kvit.invoicing import queries
        from kvit.invoicing.domain import DraftLine
        from kvit.parties import commands as parties
        from kvit.parties.domain.register import NewParty, PartyKind

        ctx, day = company("selfbilling"), NOW.date()
        new = [NewParty(PartyKind.COMPANY, f"Partner {n}", "SE") for n in range(SUPPLIERS)]
        suppliers = parties.register_parties(ctx, parties=new).party_ids
        for n, supplier_id in enumerate(suppliers):
            invoicing.agree_on_self_billing(
                ctx, supplier_id=supplier_id, prefix=f"SB{n}-", from_date=day, acceptance="silent after 7 days"
            )
        line = DraftLine("Work", Decimal(8), Decimal(400), Decimal(25), "HUR")
        drafts = [invoicing.SelfBilledDraft(suppliers[n % SUPPLIERS], (line,), "SEK") for n in range(DRAFTS)]
        start = time.perf_counter()
        for first in range(0, DRAFTS, CHUNK):
            ids = invoicing.draft_self_billed(ctx, drafts=tuple(drafts[first : first + CHUNK]), day=day).invoice_ids
            invoicing.issue_invoices(ctx, invoice_ids=ids, issue_date=day)
        seconds = time.perf_counter() - start
        with tenant.scope(ctx.tenant_id):
            problems = queries.verify()
        if problems:
            raise RuntimeError(f"not gapless or not posted: {problems[0].reason}")
        yield Figure("15 000 self-billed drafts issued", seconds, "s", goal=30, at_least=False)
