"""A clerk's desk for tests: books, a bank account, a debtor, and the bank's files of the day."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bank_files import IBAN, Pay, Stmt, camt, file
from kvit.banking import jobs
from kvit.banking import queries as banking
from kvit.banking.domain import StatementState
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import queries as ledger
from kvit.matching import commands, queries
from kvit.matching.commands import Linked, Seen, Target
from kvit.work import queries as work
from kvit.work.queries import Item
from receivables import Customer, bank_balance, issue, new_customer, open_account, open_books, open_minor

_files = itertools.count(1)


@dataclass(frozen=True)
class Desk:
    """Anna with all she needs."""

    ctx: Ctx
    account_id: int
    bo: Customer

    def invoice(self, gross_minor: int, *, of: Customer | None = None, reference: str = "") -> InvoiceRow:
        """An issued invoice, of Bo if of nobody else."""
        return issue(self.ctx, of or self.bo, gross_minor, references=(reference,) if reference else ())[0]

    def bank(self, *pays: Pay) -> list[int]:
        """The bank tells of these movements, and they are booked; the lines' ids, in their order."""
        data = camt(Stmt(pays, opening_minor=bank_balance(self.ctx, self.account_id)))
        data += f"<!-- {next(_files)} -->".encode()  # so that no two files are equal
        (taken,) = jobs.import_file(self.ctx, file(data), name="bank.xml").statements
        assert taken.state is StatementState.BOOKED
        assert taken.taken == len(pays)
        with tenant.scope(self.ctx.tenant_id):
            return banking.line_ids_of(taken.statement_id)

    def match(self, line_ids: Sequence[int], *, key: str | None = None) -> commands.Matched:
        """The robot."""
        return commands.match_lines(replace(self.ctx, key=key), line_ids=tuple(line_ids))

    def link(self, line_id: int, *targets: tuple[InvoiceRow, int], ctx: Ctx | None = None) -> Linked:
        """A person links a line to so much of each of these invoices."""
        wanted = tuple(Target(invoice.id, amount) for invoice, amount in targets)
        return commands.link_payment(ctx or self.ctx, line_id=line_id, targets=wanted)

    def seen(self, line_id: int, *, rank: int = 1) -> Seen:
        """What a person sees suggested for a line now."""
        with tenant.scope(self.ctx.tenant_id):
            found = [one.items for one in queries.suggestions([line_id]) if one.rank == rank]
        return Seen(line_id, found[0] if found else ())

    def confirm(self, line_id: int, *, rank: int = 1) -> Linked:
        """A person looks at what the robot suggests and confirms it."""
        seen = self.seen(line_id, rank=rank)
        return commands.confirm_suggestion(self.ctx, line_id=line_id, expected=seen.items, rank=rank)

    def undo(self, link_id: int, reason: str = "wrong customer") -> commands.Undone:
        """Anna takes a link back, today."""
        return commands.undo_link(self.ctx, link_id=link_id, reason=reason, on_date=self.ctx.now.date())

    def open(self, invoice: InvoiceRow) -> int:
        """What is still to be paid."""
        return open_minor(self.ctx, invoice)

    def advance(self) -> int:
        """What has been paid and settles nothing yet, of all customers."""
        with tenant.scope(self.ctx.tenant_id):
            return sum(item.open_minor for item in ledger.open_items() if item.side == "credit")

    def links(self, line_id: int) -> tuple[queries.LinkRow, ...]:
        """All links a line ever had."""
        with tenant.scope(self.ctx.tenant_id):
            return queries.links([line_id])

    def waits(self, line_id: int) -> list[Item]:
        """Why a line waits for a person; empty when it does not."""
        with tenant.scope(self.ctx.tenant_id):
            return [item for item in work.items_about(commands.LINE, line_id) if item.closed_at is None]


def open_desk(ctx: Ctx) -> Desk:
    """Open books and the bank account of the test files, and make Bo a customer."""
    open_books(ctx)
    return Desk(ctx, open_account(ctx, IBAN), new_customer(ctx))
