"""Open an invoice to whoever holds a link, take the link back, and note what its holder does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from kvit.base import rows
from kvit.base.codec import Secret
from kvit.base.command import Ctx, command
from kvit.invoicing.domain import LIFETIME_DAYS, LONGEST_LIFETIME_DAYS, InvoiceState, is_token, token_hash
from kvit.invoicing.events import InvoiceViewed, LinkWanted
from kvit.kernel.refusals import DomainError
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

SEND_LINK: Final = "invoicing.send_link"
INVOICE: Final = "invoice"


class LinkRefused(DomainError):
    """Only an issued document gets a link, for 1 to 3650 days, under a token of at least 128 bits."""

    code: ClassVar[str] = "invoicing.link_refused"


class NoSuchLink(DomainError):
    """The tenant has no such link, or it is not in a state in which this can be done."""

    code: ClassVar[str] = "invoicing.no_such_link"


@dataclass(frozen=True)
class LinkOpened:
    """The link; from `expires_at` on it opens nothing."""

    link_id: int
    expires_at: datetime


@dataclass(frozen=True)
class LinkRevoked:
    """Whether it was open to anybody until now, its time aside."""

    was_open: bool


@dataclass(frozen=True)
class Viewed:
    """The row that says so."""

    view_id: int


@dataclass(frozen=True)
class LinkAskedFor:
    """The work item that waits for a person."""

    item_id: int


@command
def open_link(ctx: Ctx, *, invoice_id: int, token: Secret[str], valid_days: int = LIFETIME_DAYS) -> LinkOpened:
    """From now on who holds this token sees the invoice, its history and how to pay it.

    The caller draws the token, for an answer is kept and a token is not: only its hash (RELIABILITY 14, 21).
    Several links of one invoice stand beside each other, one per message. Refuses `LinkRefused`.
    """
    issued = rows.select(
        "SELECT id FROM invoicing_invoice WHERE id = %s AND state = %s", [invoice_id, InvoiceState.ISSUED.value]
    )
    if not issued or not is_token(token) or not 1 <= valid_days <= LONGEST_LIFETIME_DAYS:
        raise LinkRefused("only an issued document gets a link, for 1 to 3650 days, under a token of 128 bits or more")
    expires_at = ctx.now + timedelta(days=valid_days)
    ((link_id,),) = rows.select(
        """
        INSERT INTO invoicing_link (tenant_id, invoice_id, token_hash, opened_at, expires_at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [ctx.tenant_id, invoice_id, token_hash(token), ctx.now, expires_at, ctx.command_id],
    )
    work.close_items(ctx, kind=SEND_LINK, subject_kind=INVOICE, subject_ids=[invoice_id], outcome="opened")
    return LinkOpened(int(link_id), expires_at)


@command
def revoke_link(ctx: Ctx, *, link_id: int) -> LinkRevoked:
    """The link opens nothing any more. Refuses `NoSuchLink`."""
    found = rows.select("SELECT id FROM invoicing_link WHERE id = %s FOR NO KEY UPDATE", [link_id])
    if not found:
        raise NoSuchLink(f"there is no link {link_id}")
    revoked = rows.run(
        "UPDATE invoicing_link SET revoked_at = %s, revoked_by_id = %s WHERE id = %s AND revoked_at IS NULL",
        [ctx.now, ctx.command_id, link_id],
    )
    return LinkRevoked(was_open=bool(revoked))


@command
def record_view(ctx: Ctx, *, link_id: int) -> Viewed:
    """Somebody looks at the invoice; called when a page says so, never by a GET (RELIABILITY 21).

    Refuses `NoSuchLink`.
    """
    invoice_id = _held(link_id, ctx.now, expired=False)
    ((view_id,),) = rows.select(
        "INSERT INTO invoicing_view (tenant_id, link_id, at, command_id) VALUES (%s, %s, %s, %s) RETURNING id",
        [ctx.tenant_id, link_id, ctx.now, ctx.command_id],
    )
    ctx.emit(InvoiceViewed(invoice_id=invoice_id, link_id=link_id))
    return Viewed(int(view_id))


@command
def ask_for_link(ctx: Ctx, *, link_id: int) -> LinkAskedFor:
    """Who holds a link that has expired asks for a new one: a person sends it to the customer's known address.

    Refuses `NoSuchLink` for one that still opens or was taken back.
    """
    invoice_id = _held(link_id, ctx.now, expired=True)
    item = work.open_item(
        ctx,
        item=NewItem(
            kind=SEND_LINK,
            subject_kind=INVOICE,
            subject_id=invoice_id,
            reason_code="invoicing.link_wanted",
            reason="the customer's link to the invoice has expired; send a new one to the address you know",
        ),
    )
    ctx.emit(LinkWanted(invoice_id=invoice_id, link_id=link_id))
    return LinkAskedFor(item.item_id)


def _held(link_id: int, now: datetime, *, expired: bool) -> int:
    """The invoice of a link that was not taken back, and that has expired or has not."""
    found = rows.select(
        """
        SELECT invoice_id FROM invoicing_link
        WHERE id = %s AND invoice_id IS NOT NULL AND revoked_at IS NULL AND (expires_at <= %s) = %s
        """,
        [link_id, now, expired],
    )
    if not found:
        raise NoSuchLink(f"there is no link {link_id} for this")
    return int(found[0][0])
