"""A company that invoices: Nordvik AB, its customers Bo and Eva, and documents as one-liners."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cast import NOW

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.invoicing.domain import DraftLine
    from kvit.invoicing.queries import InvoiceRow
    from ledger.books import Books

DAY = NOW.date()


def days(count: int) -> date:
    """So many days after the day of the cast."""
    return DAY + timedelta(days=count)


def line(price: str, *, quantity: str = "1", vat: str = "25", description: str = "Work") -> "DraftLine":
    """A line of a draft."""
    from kvit.invoicing.domain import DraftLine

    return DraftLine(description, Decimal(quantity), Decimal(price), Decimal(vat))


@dataclass(frozen=True)
class Company:
    """The company's context and books; Bo and Eva as customers (`bo`) and as parties (`books.bo`)."""

    ctx: "Ctx"
    books: "Books"
    own: int
    bo: int
    eva: int

    def at(self, ctx: "Ctx") -> "Company":
        """The same company's things asked for in another context."""
        return replace(self, ctx=ctx)

    def draft(self, *lines: "DraftLine", customer_id: int | None = None, **given: Any) -> int:
        """Draft an invoice to Bo, of 100 kronor and VAT if no lines are given; its id."""
        from kvit.invoicing import commands
        from kvit.invoicing.domain import Draft

        draft = Draft(customer_id or self.bo, lines or (line("100"),), **given)
        return commands.draft_invoices(self.ctx, drafts=(draft,), day=DAY).invoice_ids[0]

    def issue(self, *invoice_ids: int, on: date = DAY) -> tuple[str, ...]:
        """Issue drafts; their numbers."""
        from kvit.invoicing import commands

        return commands.issue_invoices(self.ctx, invoice_ids=invoice_ids, issue_date=on).numbers

    def invoice(self, *lines: "DraftLine", on: date = DAY, **given: Any) -> int:
        """Draft and issue an invoice; its id."""
        invoice_id = self.draft(*lines, **given)
        self.issue(invoice_id, on=on)
        return invoice_id

    def credit(self, invoice_id: int, *lines: "DraftLine", reason: str = "The work was not done") -> int:
        """Draft a credit note, for the whole invoice if no lines are given; its id."""
        from kvit.invoicing import commands

        return commands.draft_credit_note(
            self.ctx, invoice_id=invoice_id, reason=reason, lines=lines or None
        ).invoice_id

    def look(self, invoice_id: int) -> "InvoiceRow":
        """A document as queries show it."""
        from kvit.base import tenant
        from kvit.invoicing import queries

        with tenant.scope(self.ctx.tenant_id):
            (row,) = queries.invoices([invoice_id])
        return row

    def open(self, *invoice_ids: int) -> dict[tuple[int, str], int]:
        """What is open of documents: (document, side) → minor units, settled ones left out."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            items = queries.items_of_subjects("invoice", invoice_ids)
        return {(item.subject_id, item.side): item.open_minor for item in items if item.open_minor}

    def item(self, invoice_id: int) -> int:
        """The open item of a document."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            (item, *_) = queries.items_of_subjects("invoice", [invoice_id])
        return item.id

    def pay(self, invoice_id: int, amount_minor: int) -> None:
        """Bo pays, and it settles the invoice."""
        self.books.allocate(self.item(invoice_id), self.books.item(-amount_minor), amount_minor)

    def problems(self) -> list[str]:
        """What the verifications of documents and books report."""
        from kvit.base import tenant
        from kvit.invoicing import queries

        with tenant.scope(self.ctx.tenant_id):
            return [problem.reason for problem in queries.verify()] + self.books.problems()

    def events(self) -> list[str]:
        """The invoicing events there are, in order."""
        return [str(row[0]).removeprefix("invoicing.") for row in self.rows(
            "SELECT type FROM base_event WHERE type LIKE 'invoicing.%%' ORDER BY id"
        )]  # fmt: skip

    def rows(self, query: Any, params: Any = ()) -> list[Any]:
        """A look at the tables."""
        from kvit.base import rows, tenant

        with tenant.scope(self.ctx.tenant_id):
            return rows.select(query, params)


Opener = Callable[["Ctx"], Company]


def open_shop(ctx: "Ctx", *, country: str = "SE", currency: str = "SEK") -> Company:
    """Register the company itself and its customers."""
    from kvit.invoicing import commands
    from kvit.ledger.commands import open_chart
    from kvit.parties import commands as parties
    from kvit.parties.domain.register import PartyKind
    from ledger.books import open_books

    own = parties.register_party(ctx, kind=PartyKind.COMPANY, name="Nordvik AB", country=country, is_own=True).party_id
    open_chart(ctx)
    books = open_books(ctx)
    bo, eva = commands.register_customers(
        ctx,
        customers=(
            commands.NewCustomer(books.bo, "1001", currency),
            commands.NewCustomer(books.eva, "1002", currency, terms_days=10),
        ),
    ).customer_ids
    # What is charged in euro states its VAT in kronor too.
    commands.keep_exchange_rates(ctx, rates=(commands.NewRate("EUR", "SEK", days(-1), Decimal("11.20"), "Riksbanken"),))
    return Company(ctx, books, own, bo, eva)
