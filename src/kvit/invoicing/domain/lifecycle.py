"""The lifecycles of a document and of facts about it. Paid is no state: it is the ledger's open item at zero."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

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


class FactKind(StrEnum):
    """What may be said about a claim: a dispute, "I have paid", a promise to pay, a later due date asked for."""

    DISPUTE = "dispute"
    REMITTANCE = "remittance"
    PROMISE = "promise"
    EXTENSION = "extension"


class FactState(StrEnum):
    """Where a fact stands; which of these a kind knows is said by its lifecycle."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    STALE = "stale"
    KEPT = "kept"
    BROKEN = "broken"


_END: Final[frozenset[FactState]] = frozenset()
_TABLE: Final = "invoicing_claimfact"
FACTS: Final[Mapping[FactKind, Lifecycle[FactState]]] = {
    FactKind.DISPUTE: Lifecycle(
        kind="invoicing.dispute",
        table=_TABLE,
        moves={
            FactState.OPEN: frozenset(
                {FactState.ANSWERED, FactState.ACCEPTED, FactState.REJECTED, FactState.WITHDRAWN}
            ),
            # Who is answered may ask back: then it waits for the company again.
            FactState.ANSWERED: frozenset(
                {FactState.OPEN, FactState.ACCEPTED, FactState.REJECTED, FactState.WITHDRAWN}
            ),
            FactState.ACCEPTED: _END,
            FactState.REJECTED: _END,
            FactState.WITHDRAWN: _END,
        },
    ),
    # What the ledger decides it may decide anew: a payment comes late, or its link is undone.
    FactKind.REMITTANCE: Lifecycle(
        kind="invoicing.remittance",
        table=_TABLE,
        moves={
            FactState.OPEN: frozenset({FactState.CONFIRMED, FactState.STALE, FactState.WITHDRAWN}),
            FactState.STALE: frozenset({FactState.CONFIRMED, FactState.WITHDRAWN}),
            FactState.CONFIRMED: frozenset({FactState.OPEN, FactState.STALE}),
            FactState.WITHDRAWN: _END,
        },
    ),
    FactKind.PROMISE: Lifecycle(
        kind="invoicing.promise",
        table=_TABLE,
        moves={
            FactState.OPEN: frozenset({FactState.KEPT, FactState.BROKEN, FactState.WITHDRAWN}),
            FactState.KEPT: frozenset({FactState.OPEN, FactState.BROKEN}),
            FactState.BROKEN: frozenset({FactState.KEPT}),
            FactState.WITHDRAWN: _END,
        },
    ),
    FactKind.EXTENSION: Lifecycle(
        kind="invoicing.extension",
        table=_TABLE,
        moves={
            FactState.OPEN: frozenset({FactState.ACCEPTED, FactState.REJECTED, FactState.WITHDRAWN}),
            FactState.ACCEPTED: _END,
            FactState.REJECTED: _END,
            FactState.WITHDRAWN: _END,
        },
    ),
}
