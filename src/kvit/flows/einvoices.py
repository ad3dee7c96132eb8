"""The e-invoice that goes into the PDF of an issued document: EN 16931 as CII (Factur-X)."""

from typing import Final

from kvit.formats import einvoice
from kvit.formats.einvoice import NotWritable, Syntax
from kvit.invoicing.domain.paper import NoInvoice
from kvit.invoicing.queries import Issued

PROFILE: Final = "EN 16931"


def factur_x(issued: Issued) -> bytes | None:
    """The document as CII, or None: an estimate is no invoice, and what the rules want may not be known of a party."""
    try:
        invoice = einvoice.under(einvoice.normalize(issued.einvoice), einvoice.EN16931)
        if not einvoice.is_clean(tuple(einvoice.validate(invoice, syntax=Syntax.CII.value))):
            return None
        return einvoice.write(invoice, Syntax.CII)
    except (NoInvoice, NotWritable):
        return None
