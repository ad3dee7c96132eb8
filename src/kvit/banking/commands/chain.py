"""Look whether an account's statements follow each other, and let a person leave a break as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.banking import queries
from kvit.banking.commands.problems import NoReason
from kvit.banking.domain.chain import Break, BreakKind
from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.work import commands as work
from kvit.work.domain.items import NewItem, Params

BROKEN: Final = "banking.mend_chain"
ACCOUNT: Final = "bank_account"


class NoSuchBreak(DomainError):
    """These two statements follow each other, or are not next to each other on one account."""

    code: ClassVar[str] = "banking.no_such_break"


@dataclass(frozen=True)
class BreakAccepted:
    """How many breaks of the account's chain are left."""

    left: int


@command
def accept_break(ctx: Ctx, *, before_id: int, after_id: int, reason: str) -> BreakAccepted:
    """Leave the break between two statements as it is; the reason is kept. Refuses `NoSuchBreak`, `NoReason`.

    If a statement comes that lies between them, what is broken then is another break and asks anew.
    """
    if not reason.strip():
        raise NoReason("say why nothing is missing")
    found = queries.statement(before_id)
    account_id = found.account_id if found is not None else None
    standing = queries.breaks(account_id) if account_id is not None else ()
    if account_id is None or not any((b.before.id, b.after.id) == (before_id, after_id) for b in standing):
        raise NoSuchBreak(f"between statements {before_id} and {after_id} nothing is broken")
    rows.insert(
        "banking_acceptedbreak",
        {
            "tenant_id": ("int", [ctx.tenant_id]),
            "before_id": ("bigint", [before_id]),
            "after_id": ("bigint", [after_id]),
            "reason": ("text", [reason.strip()[:300]]),
            "command_id": ("bigint", [ctx.command_id]),
        },
        tail="ON CONFLICT DO NOTHING",
    )
    look(ctx, [account_id])
    return BreakAccepted(len(standing) - 1)


def look(ctx: Ctx, account_ids: Sequence[int]) -> None:
    """Ask somebody about the first break of each account's chain; where nothing is broken any more nobody need."""
    currencies = {account_id: currency for account_id, (_, currency, _) in queries.accounts().items()}
    for account_id in sorted(set(account_ids)):
        found = queries.breaks(account_id)
        if found:
            work.open_item(ctx, item=_item(account_id, found[0], currencies[account_id]))
        else:
            work.close_items(ctx, kind=BROKEN, subject_kind=ACCOUNT, subject_ids=[account_id], outcome="whole")


def _item(account_id: int, broken: Break, currency: str) -> NewItem:
    params: Params = {
        "before": broken.before.number,
        "after": broken.after.number,
        "from_date": broken.before.to_date.isoformat(),
        "to_date": broken.after.from_date.isoformat(),
        "first": broken.first_missing,
        "last": broken.last_missing,
    }
    return NewItem(
        kind=BROKEN,
        subject_kind=ACCOUNT,
        subject_id=account_id,
        reason_code=f"banking.{_code(broken)}",
        reason=broken.words(currency),
        reason_params={name: value for name, value in params.items() if value is not None},
        priority=50,
    )


def _code(broken: Break) -> str:
    if broken.kind is BreakKind.MISSING:
        return "statement_missing" if broken.first_missing == broken.last_missing else "statements_missing"
    return "statements_overlap" if broken.kind is BreakKind.OVERLAP else "statements_gap"
