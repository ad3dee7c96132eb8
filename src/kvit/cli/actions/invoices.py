"""`kvit invoice`: import a list, issue, list, credit, move a due date."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from kvit.base import tenant
from kvit.cli.actions import show
from kvit.cli.boot import Edge
from kvit.formats.books import invoice_csv
from kvit.formats.books.invoice_csv import ListedInvoice
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import Draft, DraftLine
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger
from kvit.parties import commands as parties
from kvit.parties.domain.register import NewParty, PartyKind

T = TypeVar("T")
CHUNK = 1000


def import_list(edge: Edge, file: Path, day: date | None) -> int:
    """Draft the invoices of a CSV list; 0, or 2 with each problem and its place, and then nothing was drafted."""
    read = invoice_csv.read(file.read_bytes())
    for problem in read.problems:
        show.warn(f"{file.name}, {problem.place}: {problem.reason}")
    if read.problems or not read.records:
        show.warn("nothing was imported; mend the list and import it again")
        return 2
    customers = _customers(edge, read.records)
    with show.progress("drafting", len(read.records)) as bar:
        for chunk in _chunks(read.records):
            drafts = tuple(_draft(listed, customers[listed.customer_number]) for listed in chunk)
            invoicing.draft_invoices(edge.ctx(), drafts=drafts, day=day or edge.today())
            bar.advance(len(chunk))
    show.say(f"{len(read.records)} drafts for {len(customers)} customers; issue them with: kvit invoice issue")
    return 0


def _draft(listed: ListedInvoice, customer_id: int) -> Draft:
    return Draft(
        customer_id=customer_id,
        currency=listed.currency,
        terms_days=listed.terms_days,
        payment_reference=listed.payment_reference,
        lines=tuple(
            DraftLine(line.description, line.quantity, line.unit_price, line.vat_rate, line.unit)
            for line in listed.lines
        ),
    )


def _customers(edge: Edge, listed: Sequence[ListedInvoice]) -> dict[str, int]:
    """The customer behind each number; numbers that are new are registered with their party."""
    heads = {invoice.customer_number: invoice for invoice in listed}
    with tenant.scope(edge.tenant_id):
        known = {number: queries.find_customer(number) for number in heads}
    new = [head for number, head in heads.items() if known[number] is None]
    found = {number: customer_id for number, customer_id in known.items() if customer_id is not None}
    for chunk in _chunks(new):
        party_ids = parties.register_parties(
            edge.ctx(),
            parties=[NewParty(kind=PartyKind.COMPANY, name=h.customer_name, country=h.country) for h in chunk],
        ).party_ids
        customer_ids = invoicing.register_customers(
            edge.ctx(),
            customers=tuple(
                invoicing.NewCustomer(party_id, head.customer_number, head.currency)
                for party_id, head in zip(party_ids, chunk, strict=True)
            ),
        ).customer_ids
        found |= {head.customer_number: i for head, i in zip(chunk, customer_ids, strict=True)}
    return found


def issue(edge: Edge, ids: Sequence[int], day: date | None) -> int:
    """Issue these drafts, or all; how many were issued."""
    with tenant.scope(edge.tenant_id):
        wanted = list(ids) or queries.draft_ids()
    first = last = ""
    with show.progress("issuing", len(wanted)) as bar:
        for chunk in _chunks(wanted):
            issued_on = day or edge.today()
            numbers = invoicing.issue_invoices(edge.ctx(), invoice_ids=tuple(chunk), issue_date=issued_on).numbers
            first, last = first or numbers[0], numbers[-1]
            bar.advance(len(chunk))
    show.say(f"{len(wanted)} issued, {first} to {last}" if wanted else "there is nothing to issue")
    return len(wanted)


def list_documents(edge: Edge, *, as_json: bool) -> None:
    """Print all documents, newest last, with what is open of each."""
    with tenant.scope(edge.tenant_id):
        documents = queries.all_invoices()
        items = {i.subject_id: i for i in ledger.items_of_subjects("invoice", [d.id for d in documents])}
    if as_json:
        show.as_json([{"invoice": d, "open_minor": items[d.id].open_minor if d.id in items else 0} for d in documents])
        return
    show.table(
        "",
        ("number", "kind", "state", "issued", "due", "reference", ">gross", ">open"),
        (
            (
                d.number or f"draft {d.id}",
                d.kind,
                d.state,
                str(d.issue_date or ""),
                str(d.due_date or ""),
                d.payment_reference or "",
                show.money(d.gross_minor, d.currency),
                show.money(items[d.id].open_minor, d.currency) if d.id in items else "",
            )
            for d in documents
        ),
    )


def credit(edge: Edge, number: str, reason: str, day: date | None) -> None:
    """Credit a whole invoice and issue the credit note."""
    invoice_id = _numbered(edge, number)
    drafted = invoicing.draft_credit_note(edge.ctx(), invoice_id=invoice_id, reason=reason)
    issued_on = day or edge.today()
    issued = invoicing.issue_invoices(edge.ctx(), invoice_ids=(drafted.invoice_id,), issue_date=issued_on)
    show.say(f"{issued.numbers[0]} credits {number}")


def move_due(edge: Edge, number: str, due: date, reason: str) -> None:
    """Move the due date of an invoice."""
    moved = invoicing.move_due_date(edge.ctx(), invoice_id=_numbered(edge, number), due_date=due, reason=reason)
    show.say(f"{number} is due on {moved.to_date}, not on {moved.from_date}")


class NoSuchNumber(DomainError):
    """No issued document has this number."""

    code = "cli.no_such_number"


def _numbered(edge: Edge, number: str) -> int:
    with tenant.scope(edge.tenant_id):
        invoice = queries.numbered(number)
    if invoice is None:
        raise NoSuchNumber(f"no document has the number {number}")
    return invoice.id


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
