"""Write journal entries: one or a thousand by one call of the database."""

from dataclasses import dataclass
from typing import ClassVar, LiteralString

from django.db import IntegrityError

from kvit.base import codec, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command, records_itself
from kvit.base.recording import PLACES
from kvit.kernel.refusals import DomainError
from kvit.ledger.domain import Posting, check

_POST: LiteralString = f"SELECT ledger_post({PLACES}, %s::jsonb)"


class UnknownAccount(DomainError):
    """A line names an account that is not in the company's chart."""

    code: ClassVar[str] = "ledger.unknown_account"


class UnknownParty(DomainError):
    """A line names a party that is not one of the company's."""

    code: ClassVar[str] = "ledger.unknown_party"


@dataclass(frozen=True)
class Posted:
    """The entries written, in the order they were given."""

    entry_ids: tuple[int, ...]


@command
@records_itself
def post(ctx: Ctx, *, postings: Bulk[tuple[Posting, ...]]) -> Posted:
    """Post journal entries, all or none; lines on control accounts become open items and move balances.

    Refuses `Unbalanced`, `UnknownAccount`, `UnknownParty`. The database checks each entry again, with its lines.
    """
    check(postings)
    try:
        ((answer,),) = rows.select(_POST, [*ctx.row, codec.canonical(postings).decode()])
    except IntegrityError as error:
        if rows.violated(error) == "ledger_line_party_id_fk":
            raise UnknownParty("a line names a party that is not one of the company's") from error
        if rows.null_in(error) == "account_id":
            named = ", ".join(sorted({line.account for posting in postings for line in posting.lines}))
            raise UnknownAccount(f"not all of these accounts are in the chart: {named}") from error
        raise
    return codec.restore(answer, Posted)
