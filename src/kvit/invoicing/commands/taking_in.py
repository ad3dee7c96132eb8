"""Take in an electronic invoice of a supplier or partner: what it asks for becomes a payable."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from django.db import IntegrityError

from kvit.base import login, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.formats import einvoice
from kvit.formats.einvoice import Invoice
from kvit.formats.einvoice.model import Party as TradeParty
from kvit.invoicing.queries.papers import known
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Posting, PostingLine
from kvit.parties import queries as parties
from kvit.parties.domain.identities import IdentityKind

_LOCAL: Final = ((IdentityKind.NIP, "PL"), (IdentityKind.CUI, "RO"))


class UnreadableInvoice(DomainError):
    """The file is no e-invoice, or lacks what a payable cannot do without; the text says what."""

    code: ClassVar[str] = "invoicing.unreadable_invoice"


class UnknownSupplier(DomainError):
    """Nobody is known under the numbers of the seller, or several are."""

    code: ClassVar[str] = "invoicing.unknown_supplier"


class NotForUs(DomainError):
    """The invoice is made out to somebody else."""

    code: ClassVar[str] = "invoicing.not_for_us"


class TakenInBefore(DomainError):
    """An invoice of this number of this supplier was taken in before."""

    code: ClassVar[str] = "invoicing.taken_in_before"


@dataclass(frozen=True)
class TakenIn:
    """The incoming invoice, and what it makes us owe (minor units); below zero the supplier owes us."""

    incoming_id: int
    supplier_id: int
    number: str
    payable_minor: int


@command
def take_in_invoice(
    ctx: Ctx, *, file: Bulk[bytes], supplier_id: int | None = None, entry_date: date | None = None
) -> TakenIn:
    """Take in an e-invoice of any syntax (UBL, CII, FA(3)): a payable that is due when it says, once per number.

    The supplier is who has the seller's numbers, where it is not told. What the seller says was paid before is an item
    of its own, to be settled with that payment. Entered on its day of issue, or on `entry_date`. Refuses
    `UnreadableInvoice`, `UnknownSupplier`, `NotForUs`, `TakenInBefore`.
    """
    invoice = _read(file)
    supplier = _supplier(invoice, supplier_id)
    _check_buyer(invoice)
    sign = -1 if invoice.is_credit_note else 1
    sums = invoice.totals
    net, vat = sign * (sums.net_minor or 0), sign * (sums.vat_minor or 0)
    rounding = sign * (sums.rounding_minor or 0)
    incoming_id = _keep(ctx, invoice, supplier, hashlib.sha256(file).hexdigest(), net + vat + rounding)
    prepaid = sign * (sums.prepaid_minor or 0)
    due = invoice.due_date or invoice.issue_date
    lines = (
        PostingLine(Accounts.PAYABLE, prepaid - net - vat - rounding, invoice.currency, supplier, due),
        PostingLine(Accounts.PAYABLE, -prepaid, invoice.currency, supplier, invoice.issue_date),
        PostingLine(Accounts.PURCHASES, net, invoice.currency),
        PostingLine(Accounts.INPUT_VAT, vat, invoice.currency),
        PostingLine(Accounts.ROUNDING, rounding, invoice.currency),
    )
    told = tuple(line for line in lines if line.amount_minor)
    if told:
        kind = "purchase" if sign > 0 else "purchase_credit"
        day = entry_date or invoice.issue_date or login.own_day(ctx.now)
        ledger.post(ctx, postings=(Posting(day, kind, "incoming_invoice", incoming_id, told),))
    return TakenIn(incoming_id, supplier, invoice.number, net + vat + rounding)


def _read(file: bytes) -> Invoice:
    opened = einvoice.read(file)
    invoice = opened.reading.invoice
    if invoice is None:
        told = "; ".join(f"{one.rule} {one.place}: {one.words}" for one in opened.reading.problems[:3])
        raise UnreadableInvoice(told or "the file holds no invoice")
    missing = [
        name
        for name, value in (
            ("number", invoice.number),
            ("issue date", invoice.issue_date),
            ("currency", invoice.currency),
            ("net amount", invoice.totals.net_minor is not None),
            ("total", invoice.totals.gross_minor is not None),
        )
        if not value
    ]
    if missing:
        raise UnreadableInvoice(f"the invoice has no {', no '.join(missing)}")
    if (invoice.totals.net_minor or 0) + (invoice.totals.vat_minor or 0) != invoice.totals.gross_minor:
        raise UnreadableInvoice("net amount and VAT do not make the total (BR-CO-15)")
    return invoice


def _supplier(invoice: Invoice, told: int | None) -> int:
    if told is not None:
        if parties.party(told) is None:
            raise UnknownSupplier(f"there is no party {told}")
        return told
    own = set(parties.own_parties())
    found = {holder for kind, value in _numbers(invoice.seller) for holder in _holders(kind, value)} - own
    if len(found) != 1:
        who = "nobody is" if not found else "several are"
        raise UnknownSupplier(f"{who} known under the numbers of {invoice.seller.name}; say which party it is")
    return found.pop()


def _holders(kind: IdentityKind, value: str) -> Iterable[int]:
    return (holder.party_id for holder in parties.holders(kind, value))


def _numbers(party: TradeParty) -> list[tuple[IdentityKind, str]]:
    found = []
    if party.vat_number:
        found.append((IdentityKind.VAT, party.vat_number))
        found += [(kind, party.vat_number[2:]) for kind, prefix in _LOCAL if party.vat_number.startswith(prefix)]
    if party.registration is not None:
        found.append((IdentityKind.ORGNR, party.registration.value))
    return found


def _check_buyer(invoice: Invoice) -> None:
    own = [known(one) for one in parties.parties(parties.own_parties()).values()]
    ours = {one.vat_number for one in own} - {""}
    theirs = invoice.buyer.vat_number
    if ours and theirs and theirs not in ours:
        raise NotForUs(f"the invoice is made out to {invoice.buyer.name or theirs}")


def _keep(ctx: Ctx, invoice: Invoice, supplier_id: int, sha256: str, payable_minor: int) -> int:
    incoming_id = rows.next_ids("invoicing_incominginvoice", 1)[0]
    sums = invoice.totals
    reference = next((one.reference for one in invoice.payment_means if one.reference), "")
    try:
        rows.run(
            """
            INSERT INTO invoicing_incominginvoice (id, tenant_id, supplier_id, number, kind, currency, net_minor,
                vat_minor, gross_minor, payable_minor, issue_date, due_date, payment_reference, sha256, content,
                command_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)
            """,
            [
                *(incoming_id, ctx.tenant_id, supplier_id, invoice.number[:200], invoice.kind[:6], invoice.currency),
                *(sums.net_minor, sums.vat_minor or 0, sums.gross_minor, payable_minor),
                *(invoice.issue_date, invoice.due_date, reference[:140], sha256),
                *(json.dumps(einvoice.plain(invoice), ensure_ascii=False), ctx.command_id),
            ],
        )
    except IntegrityError as error:
        if rows.violated(error) == "invoicing_incominginvoice_number":
            raise TakenInBefore(f"invoice {invoice.number} of this supplier was taken in before") from error
        raise
    return incoming_id
