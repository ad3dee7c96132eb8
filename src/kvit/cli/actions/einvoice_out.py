"""`kvit einvoice write` and `take-in`: electronic invoices out of the company's documents, and into its books."""

import sys
from pathlib import Path
from typing import Final

from kvit.base import tenant
from kvit.cli.actions import show
from kvit.cli.actions.invoices import NoSuchNumber
from kvit.cli.boot import Edge
from kvit.formats import einvoice
from kvit.formats.einvoice import CIUS_RO, EN16931, PEPPOL, NotWritable, Profile, Severity, Syntax
from kvit.formats.einvoice.markup import amount
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.kernel import currencies

_FORMATS: Final[dict[str, tuple[Syntax, Profile]]] = {
    "ubl": (Syntax.UBL, EN16931),
    "cii": (Syntax.CII, EN16931),
    "peppol": (Syntax.UBL, PEPPOL),
    "cius-ro": (Syntax.UBL, CIUS_RO),
    "ksef": (Syntax.FA3, EN16931),
}
_WRONG: Final = 1


def write(edge: Edge, number: str, as_format: str, output: Path | None) -> int:
    """Write the document; 0, or 1 where rules of the format are broken, which are then said and nothing is written."""
    with tenant.scope(edge.tenant_id):
        row = queries.numbered(number)
        if row is None:
            raise NoSuchNumber(f"no document has the number {number}")
        issued = queries.issued_documents([row.id])[row.id]
    syntax, profile = _FORMATS[as_format]
    invoice = einvoice.under(einvoice.normalize(issued.einvoice), profile)
    problems = einvoice.validate(invoice, syntax=syntax.value)
    for one in problems:
        mark = "" if one.severity is Severity.ERROR else " (warning)"
        show.warn(f"{one.rule}{mark}  {one.place}: {one.words}")
    if not einvoice.is_clean(problems):
        show.warn(f"{number} may not be sent as {as_format}; nothing was written")
        return _WRONG
    try:
        content = einvoice.write(invoice, syntax)
    except NotWritable as refusal:
        show.warn(str(refusal))
        return _WRONG
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        output.write_bytes(content)
        show.say(f"{output}: {number} as {as_format}")
    return 0


def take_in(edge: Edge, file: Path, supplier: int | None) -> None:
    """Take in the file and say what is owed now."""
    taken = invoicing.take_in_invoice(edge.ctx(), file=file.read_bytes(), supplier_id=supplier)
    with tenant.scope(edge.tenant_id):
        (row,) = [one for one in queries.incoming_invoices(limit=1) if one.id == taken.incoming_id]
    places = currencies.minor_units(row.currency)
    due = f", due {row.due_date}" if row.due_date else ""
    show.say(f"{taken.number}: {amount(taken.payable_minor, places)} {row.currency} owed{due}")
