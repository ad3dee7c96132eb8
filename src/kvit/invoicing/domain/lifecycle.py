"""The lifecycle of a document. Paid is no state: it is the ledger's open item at zero."""

from enum import StrEnum

from kvit.kernel.lifecycle import Lifecycle


class InvoiceState(StrEnum):
    """A draft carries no number; it is issued once, or discarded."""

    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"


INVOICE = Lifecycle(
    kind="invoice",
    table="invoicing_invoice",
    moves={
        InvoiceState.DRAFT: frozenset({InvoiceState.ISSUED, InvoiceState.DISCARDED}),
        InvoiceState.ISSUED: frozenset(),
        InvoiceState.DISCARDED: frozenset(),
    },
)
