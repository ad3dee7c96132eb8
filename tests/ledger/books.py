"""Books to test with: a company with the chart of accounts, Bo and Eva who owe it, and what they owe as one-liners."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from cast import NOW
from tables import as_owner

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.ledger.domain import Posting
    from kvit.ledger.queries import Item

DAY = NOW.date()
SEK = "SEK"
TABLES = (
    *("ledger_account", "ledger_entry", "ledger_line", "ledger_openitem"),
    *("ledger_allocation", "ledger_balance", "ledger_checkpoint"),
)
_subjects = itertools.count(1)


def days(count: int) -> date:
    """So many days after the day of the cast."""
    return DAY + timedelta(days=count)


@dataclass(frozen=True)
class Books:
    """A company's books and two of its customers; amounts are minor units."""

    ctx: "Ctx"
    bo: int
    eva: int

    def later(self, minutes: int = 0, *, day: int = 0) -> "Books":
        """The same books, written in later."""
        return replace(self, ctx=replace(self.ctx, now=self.ctx.now + timedelta(days=day, minutes=minutes)))

    def posting(
        self,
        amount_minor: int,
        *,
        party_id: int | None = None,
        currency: str = SEK,
        on: date = DAY,
        due: date | None = None,
        control: str = "receivable",
    ) -> "Posting":
        """A sale if the amount is above zero, a payment if it is below; to Bo if nobody is named."""
        from kvit.ledger.domain import Posting, PostingLine

        kind, account = ("sale", "sales") if amount_minor > 0 else ("payment", "unallocated")
        return Posting(
            entry_date=on,
            kind=kind,
            subject_kind="test",
            subject_id=next(_subjects),
            lines=(
                PostingLine(control, amount_minor, currency, party_id=party_id or self.bo, due_date=due),
                PostingLine(account, -amount_minor, currency),
            ),
        )

    def post(self, amount_minor: int, **given: Any) -> int:
        """Post one such entry; its id."""
        from kvit.ledger import commands

        return commands.post(self.ctx, postings=(self.posting(amount_minor, **given),)).entry_ids[0]

    def item(self, amount_minor: int, **given: Any) -> int:
        """Post one such entry; the id of its open item."""
        entry_id = self.post(amount_minor, **given)
        (item,) = self.items(entry_id)
        return item.id

    def items(self, *entry_ids: int) -> "tuple[Item, ...]":
        """The items that entries opened."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            return queries.items_of_entries(entry_ids)

    def allocate(self, debit_item_id: int, credit_item_id: int, amount_minor: int, *, on: date = DAY) -> int:
        """Settle one item with another; the allocation's id."""
        from kvit.ledger import commands
        from kvit.ledger.domain import Pairing

        pairing = Pairing(debit_item_id, credit_item_id, amount_minor, on)
        return commands.allocate(self.ctx, pairings=(pairing,)).allocation_ids[0]

    def open(self, **given: Any) -> dict[int, int]:
        """What is open: item id → minor units; of everybody, or as `queries.open_items` is asked."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            return {item.id: item.open_minor for item in queries.open_items(**given)}

    def owed(self, party_id: int | None = None, **given: Any) -> dict[tuple[str, str], int]:
        """What a party owes, Bo if nobody is named: (account, currency) → minor units."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            found = queries.party_balances(party_id or self.bo, **given)
        return {(balance.account, balance.currency): balance.balance_minor for balance in found}

    def balance(self, account: str, currency: str = SEK, **given: Any) -> int:
        """The balance of an account."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            return queries.account_balance(account, currency, **given).balance_minor

    def problems(self) -> list[str]:
        """What the books' verification reports."""
        from kvit.base import tenant
        from kvit.ledger import queries

        with tenant.scope(self.ctx.tenant_id):
            return [problem.reason for problem in queries.verify()]


def open_books(ctx: "Ctx") -> Books:
    """Open the chart of accounts; get to know Bo and Eva."""
    from kvit.ledger import commands
    from kvit.parties import commands as parties
    from kvit.parties.domain.register import PartyKind

    commands.open_chart(ctx)
    bo, eva = (
        parties.register_party(ctx, kind=PartyKind.PERSON, name=name, country="SE").party_id for name in ("Bo", "Eva")
    )
    return Books(ctx, bo, eva)


@contextmanager
def unguarded(ctx: "Ctx", patch: pytest.MonkeyPatch, *tables: str) -> Iterator[Any]:
    """A cursor of the owner with the tables' triggers off; queries of Kvit inside read what it writes. Rolled back."""
    from kvit.base import rows

    with as_owner(ctx) as cursor, patch.context() as inside:
        for table in tables or TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        inside.setattr(rows, "connections", {"default": connections["owner"]})
        yield cursor
