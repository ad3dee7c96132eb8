"""Take orders and deliveries, estimate them, and put those of a period on one invoice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, LiteralString

from django.db import IntegrityError

from kvit.base import codec, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.drafting import draft_invoices
from kvit.invoicing.domain import BadLine, Draft, DraftLine, Kind, References, plain_lines
from kvit.kernel.refusals import DomainError


class OrderRefused(DomainError):
    """An order that is there already, has no lines, is of nobody, or stands on a document already."""

    code: ClassVar[str] = "invoicing.order_refused"


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a customer ordered, or what was delivered to it, on a day."""

    customer_id: int
    number: str
    order_date: date
    lines: tuple[DraftLine, ...]


@dataclass(frozen=True)
class OrdersTaken:
    """The orders' ids, in the order they were given."""

    order_ids: tuple[int, ...]


@dataclass(frozen=True)
class OrdersDrafted:
    """The draft, and the orders that stand on it."""

    invoice_id: int
    order_ids: tuple[int, ...]


@command
def take_orders(ctx: Ctx, *, orders: Bulk[tuple[NewOrder, ...]]) -> OrdersTaken:
    """Keep orders or deliveries, all or none. Refuses `OrderRefused`, `BadLine`."""
    for one in orders:
        if not 0 < len(one.number.strip()) <= 60 or not one.lines:
            raise OrderRefused("an order has a number of at most 60 characters and at least one line")
        if any(not line.description.strip() for line in one.lines):
            raise BadLine(f"order {one.number}: say what is ordered on each line")
    count, ids = len(orders), rows.next_ids("invoicing_order", len(orders))
    try:
        rows.insert(
            "invoicing_order",
            {
                "id": ("bigint", ids),
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "customer_id": ("bigint", [one.customer_id for one in orders]),
                "number": ("text", [one.number.strip() for one in orders]),
                "order_date": ("date", [one.order_date for one in orders]),
                "lines": ("jsonb", [codec.canonical(plain_lines(one.lines)).decode() for one in orders]),
                "command_id": ("bigint", [ctx.command_id] * count),
            },
        )
    except IntegrityError as error:
        if rows.violated(error) in ("invoicing_order_number", "invoicing_order_customer_id_fk"):
            raise OrderRefused("an order of this number is there already, or there is no such customer") from error
        raise
    return OrdersTaken(tuple(ids))


@command
def estimate_order(ctx: Ctx, *, order_id: int, day: date) -> OrdersDrafted:
    """Draft the estimate of an order. Refuses `OrderRefused` and what `draft_invoices` refuses."""
    found = _open(ctx, _BY_ID, {"order": order_id})
    if not found:
        raise OrderRefused("there is no such order, or it stands on a document already")
    return _drafted(ctx, found, day, kind=Kind.ESTIMATE)


@command
def draft_collective(ctx: Ctx, *, customer_id: int, from_date: date, to_date: date, day: date) -> OrdersDrafted:
    """Draft one invoice of all orders and deliveries of a customer in a period that stand on no document yet.

    Each line says of which order it is. Refuses `OrderRefused` where there are none, and what `draft_invoices` refuses.
    """
    found = _open(
        ctx,
        _BY_CUSTOMER,
        {"customer": customer_id, "from": from_date, "to": to_date},
    )
    if not found:
        raise OrderRefused(f"nothing ordered from {from_date} to {to_date} waits to be invoiced")
    return _drafted(ctx, found, day, kind=Kind.INVOICE, period=(from_date, to_date))


@dataclass(frozen=True, slots=True)
class _Open:
    id: int
    customer_id: int
    number: str
    lines: tuple[DraftLine, ...]


_BY_ID: LiteralString = """
    SELECT c.id FROM invoicing_customer c WHERE c.tenant_id = %(tenant)s AND c.id = (
        SELECT customer_id FROM invoicing_order WHERE id = %(order)s) FOR NO KEY UPDATE
"""
_BY_CUSTOMER: LiteralString = """
    SELECT id FROM invoicing_customer WHERE tenant_id = %(tenant)s AND id = %(customer)s FOR NO KEY UPDATE
"""
_FREE: LiteralString = """
    SELECT o.id, o.customer_id, o.number, o.lines::text FROM invoicing_order o
    WHERE o.customer_id = %(customer)s AND o.id = coalesce(%(order)s, o.id)
      AND o.order_date BETWEEN coalesce(%(from)s, o.order_date) AND coalesce(%(to)s, o.order_date) AND NOT EXISTS (
        SELECT FROM invoicing_orderbilling b JOIN invoicing_invoice i ON i.id = b.invoice_id
        WHERE b.order_id = o.id AND i.state <> 'discarded')
    ORDER BY o.order_date, o.id
"""


def _open(ctx: Ctx, locking: LiteralString, params: dict[str, Any]) -> list[_Open]:
    """Orders that stand on no document; their customer is locked, so of two one sees the other."""
    locked = rows.select(locking, {"tenant": ctx.tenant_id, **params})
    if not locked:
        return []
    given = {"order": None, "from": None, "to": None, **params, "customer": locked[0][0]}
    return [
        _Open(row[0], row[1], row[2], codec.restore(row[3], tuple[DraftLine, ...])) for row in rows.select(_FREE, given)
    ]


def _drafted(
    ctx: Ctx, orders: Sequence[_Open], day: date, *, kind: Kind, period: tuple[date, date] | None = None
) -> OrdersDrafted:
    lines = [
        replace(line, content=replace(line.more, order=line.more.order or order.number))
        for order in orders
        for line in order.lines
    ]
    only = orders[0].number if len(orders) == 1 else ""
    draft = Draft(
        orders[0].customer_id,
        orders[0].lines if only else tuple(lines),
        kind=kind,
        references=References(order=only),
        period=period,
    )
    (invoice_id,) = draft_invoices(ctx, drafts=(draft,), day=day).invoice_ids
    count = len(orders)
    rows.insert(
        "invoicing_orderbilling",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "order_id": ("bigint", [order.id for order in orders]),
            "invoice_id": ("bigint", [invoice_id] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )
    return OrdersDrafted(invoice_id, tuple(order.id for order in orders))
