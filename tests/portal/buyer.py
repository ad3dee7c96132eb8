"""Bo, who gets invoices from Anna's company and looks at them through links, on Monday 2 March 2026."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bank_files import Pay
from cast import NOW
from desk import Desk
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing.queries import InvoiceRow
from kvit.matching import commands as matching
from kvit.pages.buyers.invoice import InvoicePage, invoice_pages
from kvit.pages.buyers.tokens import new_token


class Standing:
    """A clock that a story moves."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        """So much later."""
        self.at += timedelta(**by)


@dataclass(frozen=True)
class Buyer:
    """What Bo has: an invoice of 900 kr and the link to it."""

    desk: Desk
    invoice: InvoiceRow
    token: str
    link_id: int
    clock: Standing

    @property
    def ctx(self) -> Ctx:
        """Anna, now."""
        return replace(self.desk.ctx, now=self.clock.at, key=None)

    @property
    def address(self) -> str:
        """Bo's page."""
        return f"/i/{self.token}/"

    def pays(self, minor: int) -> int:
        """Money comes, and Anna links it; the link's id."""
        (line_id,) = self.desk.bank(Pay(minor))
        return self.desk.link(line_id, (self.invoice, minor), ctx=self.ctx).link_id

    def undo(self, link_id: int) -> None:
        """Anna takes a link back."""
        matching.undo_link(self.ctx, link_id=link_id, reason="wrong customer", on_date=self.clock.at.date())

    def page(self) -> InvoicePage:
        """The invoice as the read model has it."""
        with tenant.scope(self.ctx.tenant_id):
            return invoice_pages([self.invoice.id], now=self.clock.at)[self.invoice.id]


def buyer_of(desk: Desk, standing: Standing, *, valid_days: int = 365) -> Buyer:
    """An invoice issued on 1 February, due on 3 March, and a link to it opened now."""
    invoice = desk.invoice(90_000, reference="70090")
    token = new_token()
    link_id = invoicing.open_link(desk.ctx, invoice_id=invoice.id, token=token, valid_days=valid_days).link_id
    return Buyer(desk, invoice, token, link_id, standing)
