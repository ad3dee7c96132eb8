"""When invoices are issued, their sheets are frozen and drawn; what cannot be drawn whole waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from procrastinate.contrib.django import app

from kvit.banking import queries as banking
from kvit.base import clock, job, login, tenant
from kvit.base.command import Ctx
from kvit.documents import commands as documents
from kvit.documents import queries as drawn
from kvit.documents.commands import NewSheet
from kvit.documents.domain import filing
from kvit.documents.domain.files import NewFile
from kvit.documents.domain.sheet import EInvoice
from kvit.documents.events import RenderingTroubled, SheetsFiled
from kvit.flows import einvoices
from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import InvoiceState
from kvit.invoicing.events import InvoicesIssued
from kvit.pages.buyers import paying
from kvit.pages.buyers.sheets import Around, sheet_of
from kvit.parties import queries as parties
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

CHUNK: Final = 200
INVOICE: Final = "invoice"
ACTOR: Final = "robot:documents.freezer"
DRAW, LOGO = "documents.draw", "documents.replace_logo"
_CODES: Final = {
    "documents.unreadable_logo": "the company's logo cannot be read; the document was made without it",
    "documents.not_renderable": "the document could not be drawn as PDF; its data are kept",
    "documents.content_lost": "the e-invoice that belongs into the PDF is not in the archive",
}


@job.on(InvoicesIssued, "documents.freeze", is_slow=True)
def freeze(ctx: Ctx, event: InvoicesIssued) -> None:
    """Freeze the sheets of what was issued, chunk by chunk; each of them is drawn after its commit."""
    for start in range(0, len(event.invoice_ids), CHUNK):
        ids = event.invoice_ids[start : start + CHUNK]
        with tenant.scope(ctx.tenant_id):
            made = () if drawn.frozen_of(INVOICE, ids) else _made(ids)
        _keep(replace(ctx, key=f"{ctx.key}:{start}"), made)


@app.periodic(cron="20 2 * * *")
@app.task(name="kvit.freeze_left", queue="documents", queueing_lock="kvit.freeze_left")
def freeze_left(timestamp: int) -> None:
    """Every night: freeze what was issued and has no sheet, because it is older than this context."""
    for tenant_id in login.tenant_ids():
        freeze_older(Ctx(tenant_id=tenant_id, actor=ACTOR, now=clock.current().now()))


def freeze_older(ctx: Ctx) -> int:
    """Freeze every issued document that has no sheet, chunk by chunk; how many there were. Done again it is none.

    What their parties are called now stands on them, for what was printed then is not known.
    """
    count, last = 0, 0
    while True:
        with tenant.scope(ctx.tenant_id):
            found = invoicing.listed(limit=CHUNK, state=InvoiceState.ISSUED, above_id=last)
            ids = [row.id for row in found]
            known = drawn.frozen_of(INVOICE, ids)
            made = _made([each for each in ids if each not in known])
        if not ids:
            return count
        _keep(replace(ctx, key=None), made)
        count, last = count + len(made), max(ids)


@dataclass(frozen=True, slots=True)
class _Made:
    """A sheet, and the e-invoice that goes into its PDF where there is one."""

    sheet: NewSheet
    einvoice: NewFile | None


def _keep(ctx: Ctx, made: Sequence[_Made]) -> None:
    if einvoices := tuple(each.einvoice for each in made if each.einvoice is not None):
        documents.archive(ctx, new_files=einvoices)
    if made:
        documents.freeze(ctx, sheets=tuple(each.sheet for each in made))


def _made(invoice_ids: Sequence[int]) -> tuple[_Made, ...]:
    documents = invoicing.issued_documents(invoice_ids)
    people = parties.parties([p for one in documents.values() for p in (one.supplier_id, one.party_id)])
    payees = {currency: banking.payees(currency) for currency in {one.paper.currency for one in documents.values()}}
    look = drawn.look()
    found = []
    for one in documents.values():
        seller, buyer = people[one.supplier_id], people[one.party_id]
        ways = paying.ways_at_issue(one, payees[one.paper.currency], seller)
        sheet = sheet_of(one, Around(seller, buyer, ways, look))
        is_erased = seller.erased_at or buyer.erased_at
        xml = None if is_erased else einvoices.factur_x(one)
        file = filing.einvoice_file(sheet, xml, subject=(INVOICE, one.id), party_id=one.party_id) if xml else None
        if file is not None:
            sheet = replace(sheet, einvoice=EInvoice(file.sha256, einvoices.PROFILE))
        found.append(_Made(NewSheet(INVOICE, one.id, sheet, one.party_id), file))
    return tuple(found)


@job.on(RenderingTroubled, "work.look_at_drawing")
def look_at_drawing(ctx: Ctx, event: RenderingTroubled) -> None:
    """Somebody mends what kept a document from being drawn, or from being drawn whole."""
    item = NewItem(
        LOGO if event.is_drawn else DRAW,
        event.subject_kind,
        event.subject_id,
        event.reason_code,
        _CODES.get(event.reason_code, "the document could not be drawn as PDF; its data are kept"),
        {"rendering_id": event.rendering_id},
    )
    work.open_item(replace(ctx, key=None), item=item)


@job.on(SheetsFiled, "work.drawing_is_done")
def drawing_is_done(ctx: Ctx, event: SheetsFiled) -> None:
    """What could not be drawn before and now is waits for nobody any more."""
    with tenant.scope(ctx.tenant_id):
        subjects = drawn.subjects_drawn(event.rendering_ids)
    for kind, ids in subjects.items():
        work.close_items(
            replace(ctx, key=None), kind=DRAW, subject_kind=kind, subject_ids=ids, outcome="documents.drawn"
        )
