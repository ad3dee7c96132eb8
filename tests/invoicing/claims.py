"""What may be said about Bo's invoices, as one-liners: by Bo through a link, or by Anna at the desk."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from invoicing.company import DAY, Company, days

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.invoicing.commands import Stated
    from kvit.invoicing.queries import ClaimFact, Undisputed
    from kvit.work.queries import Item


@dataclass(frozen=True)
class Talk:
    """A company, and one of its customers at the other end of a link."""

    shop: Company

    @property
    def anna(self) -> "Ctx":
        """The clerk."""
        return self.shop.ctx

    @property
    def bo(self) -> "Ctx":
        """Whoever holds a link to the invoice."""
        return replace(self.shop.ctx, actor="link:7")

    def disputes(self, invoice_id: int, *, ctx: "Ctx | None" = None, **given: Any) -> "Stated":
        """Bo disputes, all of it and for its price if nothing else is said."""
        from kvit.invoicing import commands
        from kvit.invoicing.domain import DisputeReason

        said: dict[str, Any] = {"reason": DisputeReason.PRICE, "words": "We agreed on less"} | given
        return commands.open_dispute(ctx or self.bo, invoice_id=invoice_id, **said)

    def paid(self, invoice_id: int, amount_minor: int, *, ctx: "Ctx | None" = None, **given: Any) -> "Stated":
        """Bo says that he has paid, today if no other day is said."""
        from kvit.invoicing import commands
        from kvit.invoicing.domain import Remittance

        words = {name: given.pop(name) for name in ("words", "today") if name in given}
        payment = Remittance(**({"paid_date": DAY, "amount_minor": amount_minor, "bank": "Sparbanken"} | given))
        said: dict[str, Any] = {"today": DAY} | words
        return commands.say_paid(ctx or self.bo, invoice_id=invoice_id, payment=payment, **said)

    def promises(
        self, invoice_id: int, amount_minor: int, on: date, *, ctx: "Ctx | None" = None, **given: Any
    ) -> "Stated":
        """Bo promises to pay by a day."""
        from kvit.invoicing import commands

        said: dict[str, Any] = {"promised_date": on, "amount_minor": amount_minor, "today": DAY} | given
        return commands.promise_payment(ctx or self.bo, invoice_id=invoice_id, **said)

    def asks(self, invoice_id: int, due: date, *, ctx: "Ctx | None" = None, **given: Any) -> "Stated":
        """Bo asks for a later due date."""
        from kvit.invoicing import commands

        return commands.ask_for_time(ctx or self.bo, invoice_id=invoice_id, due_date=due, **given)

    def review(self, *invoice_ids: int, day: int | None = None) -> int:
        """What the ledger says, on a day so many after the cast's; how many facts moved."""
        from kvit.invoicing import commands

        today = None if day is None else days(day)
        return commands.review_claims(self.anna, invoice_ids=invoice_ids, today=today).moved

    def facts(self, invoice_id: int) -> tuple["ClaimFact", ...]:
        """What was said, in order."""
        from kvit.base import tenant
        from kvit.invoicing import queries

        with tenant.scope(self.anna.tenant_id):
            return queries.facts_of([invoice_id]).get(invoice_id, ())

    def states(self, invoice_id: int) -> list[str]:
        """Where it stands, in order."""
        return [each.state.value for each in self.facts(invoice_id)]

    def said(self, invoice_id: int) -> list[tuple[str, str | None]]:
        """Whose words, and which."""
        from kvit.base import tenant
        from kvit.invoicing import queries

        with tenant.scope(self.anna.tenant_id):
            return [(each.side.value, each.words) for each in queries.remarks_of([invoice_id]).get(invoice_id, ())]

    def undisputed(self, invoice_id: int) -> "Undisputed":
        """What nobody disputes."""
        from kvit.base import tenant
        from kvit.invoicing import queries

        with tenant.scope(self.anna.tenant_id):
            return queries.undisputed([invoice_id])[invoice_id]

    def pays(self, invoice_id: int, amount_minor: int, *, day: int = 0) -> int:
        """Money of a day comes and is allocated; the allocation's id."""
        books = self.shop.books
        item = books.item(-amount_minor, on=days(day))
        return books.allocate(self.shop.item(invoice_id), item, amount_minor, on=days(day))

    def waits(self, invoice_id: int) -> list["Item"]:
        """What waits for a person about an invoice."""
        from kvit.base import tenant
        from kvit.work import queries

        with tenant.scope(self.anna.tenant_id):
            return [item for item in queries.items_about("invoice", invoice_id) if item.closed_at is None]
