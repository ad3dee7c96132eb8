"""Draft what is asked for: documents without a number, calculated and checked."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move
from kvit.invoicing.commands.writing import row_of, write
from kvit.invoicing.domain import INVOICE, BadDraft, Draft, InvoiceState, Kind, tidied
from kvit.invoicing.domain.paper import NOBODY, Sides
from kvit.invoicing.domain.preparing import Circumstances, is_plain, prepared
from kvit.invoicing.queries import CustomerRow, customers_by_id
from kvit.invoicing.queries.papers import known
from kvit.invoicing.queries.rates import exchanges
from kvit.kernel.refusals import DomainError
from kvit.parties import queries as parties
from kvit.parties.queries import Party

_DRAFTED: Final = frozenset({Kind.INVOICE, Kind.ESTIMATE, Kind.FEE_NOTE})


class UnknownCustomer(DomainError):
    """A draft names a customer that is not one of the company's, or the company itself is not registered yet."""

    code: ClassVar[str] = "invoicing.unknown_customer"


class ReferenceTaken(DomainError):
    """Another document already carries this payment reference."""

    code: ClassVar[str] = "invoicing.reference_taken"


@dataclass(frozen=True)
class Drafted:
    """The drafts' ids, in the order they were given."""

    invoice_ids: tuple[int, ...]


@dataclass(frozen=True)
class Discarded:
    """How many drafts will never be issued."""

    discarded: int


@command
def draft_invoices(ctx: Ctx, *, drafts: Bulk[tuple[Draft, ...]], day: date) -> Drafted:
    """Write drafts of invoices, estimates or fee notes, all or none; `day` is the day whose VAT rates they must keep.

    Where the VAT is stated in the national currency too, the rate is the kept one of the right day, or the draft's own.
    Refuses `UnknownCustomer`, `BadLine`, `BadDraft`, `ReferenceTaken`, `UnknownCurrency`, `NoVatRates`.
    """
    drafts = tuple(map(tidied, drafts))
    if wrong := next((draft.kind for draft in drafts if draft.kind not in _DRAFTED), None):
        raise BadDraft(f"a {wrong.value} is not drafted by itself")
    own = own_party()
    customers = _customers(drafts)
    currencies = [draft.currency or customers[draft.customer_id].currency for draft in drafts]
    rates = exchanges(drafts, currencies, own.country, day)
    sides = _sides(own, drafts, customers)
    documents = []
    for draft, currency, exchange in zip(drafts, currencies, rates, strict=True):
        by = Circumstances(
            country=own.country,
            tax_point=draft.tax_point_date or day,
            currency=currency,
            exchange=exchange,
            sides=sides.get(draft.customer_id, NOBODY),
        )
        documents.append(row_of(prepared(draft, by), own.id, currency, customers[draft.customer_id].terms_days))
    _check_references(drafts)
    return Drafted(write(ctx, documents))


def own_party() -> Party:
    """The company itself. Refuses `UnknownCustomer`."""
    own = next(map(parties.party, parties.own_parties()), None)
    if own is None:
        raise UnknownCustomer("register the company itself as a party first")
    return own


def _customers(drafts: Sequence[Draft]) -> dict[int, CustomerRow]:
    found = customers_by_id([draft.customer_id for draft in drafts])
    for number, draft in enumerate(drafts, 1):
        if draft.customer_id not in found:
            raise UnknownCustomer(f"draft {number}: there is no customer {draft.customer_id}")
    return found


def _sides(own: Party, drafts: Sequence[Draft], customers: dict[int, CustomerRow]) -> dict[int, Sides]:
    """Who takes part, for the drafts whose rules ask for it."""
    wanted = {draft.customer_id for draft in drafts if not is_plain(draft)}
    if not wanted:
        return {}
    buyers = parties.parties([customers[customer_id].party_id for customer_id in wanted])
    seller = known(own)
    return {customer_id: Sides(seller, known(buyers[customers[customer_id].party_id])) for customer_id in wanted}


@command
def discard(ctx: Ctx, *, invoice_ids: tuple[int, ...]) -> Discarded:
    """Say that drafts will never be issued. Refuses `NotMovable` for an issued document."""
    move(ctx, INVOICE, invoice_ids, to=InvoiceState.DISCARDED)
    return Discarded(len(invoice_ids))


@command
def redraft(ctx: Ctx, *, invoice_id: int, draft: Draft, day: date) -> Drafted:
    """Replace a draft of an invoice by a changed one, which is a new draft: what was written stays as it was.

    An estimate and a fee note too. Refuses `NotMovable` where it is no such draft any more, and what `draft_invoices`
    refuses.
    """
    found = rows.select(
        "SELECT FROM invoicing_invoice WHERE id = %s AND kind = %s AND state = %s FOR NO KEY UPDATE",
        [invoice_id, draft.kind.value, InvoiceState.DRAFT.value],
    )
    if not found:
        raise NotMovable(f"document {invoice_id} is no draft of an invoice")
    discard(ctx, invoice_ids=(invoice_id,))
    changed = draft_invoices(ctx, drafts=(draft,), day=day)
    carry_over(ctx, invoice_id, changed.invoice_ids[0])
    return changed


def put_aside(ctx: Ctx, invoice_id: int, kinds: Collection[Kind]) -> int:
    """Discard a draft that changes an issued document and is to be written anew; the id of that document.

    The document is locked first, as whoever drafts another change of it does. Refuses `NotMovable`.
    """
    rows.select(
        """
        SELECT FROM invoicing_invoice
        WHERE id IN (SELECT unnest(array[%(draft)s, (SELECT credits_id FROM invoicing_invoice WHERE id = %(draft)s)]))
        ORDER BY id FOR NO KEY UPDATE
        """,
        {"draft": invoice_id},
    )
    found = rows.select(
        "SELECT credits_id FROM invoicing_invoice WHERE id = %s AND kind IN (SELECT unnest(%s::text[])) AND state = %s",
        [invoice_id, [kind.value for kind in kinds], InvoiceState.DRAFT.value],
    )
    if not found:
        raise NotMovable(f"document {invoice_id} is no such draft any more")
    discard(ctx, invoice_ids=(invoice_id,))
    return int(found[0][0])


def carry_over(ctx: Ctx, from_id: int, to_id: int) -> None:
    """The orders and the period of a contract that stood on a draft stand on the one that replaces it."""
    rows.run(
        """
        INSERT INTO invoicing_contractperiod (tenant_id, contract_id, start_date, end_date, invoice_id, command_id)
        SELECT tenant_id, contract_id, start_date, end_date, %s, %s FROM invoicing_contractperiod WHERE invoice_id = %s
        """,
        [to_id, ctx.command_id, from_id],
    )
    rows.run(
        """
        INSERT INTO invoicing_orderbilling (tenant_id, order_id, invoice_id, command_id)
        SELECT tenant_id, order_id, %s, %s FROM invoicing_orderbilling WHERE invoice_id = %s
        """,
        [to_id, ctx.command_id, from_id],
    )


def _check_references(drafts: Sequence[Draft]) -> None:
    given = Counter(draft.payment_reference for draft in drafts if draft.payment_reference)
    twice = [reference for reference, count in given.items() if count > 1]
    taken = rows.select(
        """
        SELECT payment_reference FROM invoicing_invoice
        WHERE payment_reference IN (SELECT unnest(%s::text[])) LIMIT 1
        """,
        [list(given)],
    )
    if twice or taken:
        raise ReferenceTaken(f"payment reference {twice[0] if twice else taken[0][0]} is taken")
