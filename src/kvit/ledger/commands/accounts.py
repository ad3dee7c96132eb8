"""Open the ledger's accounts."""

from dataclasses import dataclass

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.ledger.domain import CHART


@dataclass(frozen=True)
class AccountsOpened:
    """How many accounts are new; those that stood already stay as they are."""

    opened: int


@command
def open_chart(ctx: Ctx) -> AccountsOpened:
    """Open the accounts every company has. Repeating it opens what an upgrade has added."""
    return AccountsOpened(_open(ctx, CHART))


@command
def open_account(ctx: Ctx, *, code: str, name: str) -> AccountsOpened:
    """Open one more account that is not a control account, such as a bank account's."""
    return AccountsOpened(_open(ctx, ((code, name, False),)))


def _open(ctx: Ctx, accounts: tuple[tuple[str, str, bool], ...]) -> int:
    return len(
        rows.insert(
            "ledger_account",
            {
                "tenant_id": ("int", [ctx.tenant_id] * len(accounts)),
                "code": ("text", [code for code, _, _ in accounts]),
                "name": ("text", [name for _, name, _ in accounts]),
                "control": ("boolean", [control for _, _, control in accounts]),
            },
            tail="ON CONFLICT (tenant_id, code) DO NOTHING RETURNING id",
        )
    )
