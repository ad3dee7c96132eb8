"""Say which earlier movements the returned ones of a statement take back."""

from dataclasses import dataclass

from kvit.banking import queries
from kvit.banking.commands import booking
from kvit.banking.domain import StatementState
from kvit.banking.domain.returns import taken_back
from kvit.banking.events import LinesReturned
from kvit.base import rows
from kvit.base.command import Ctx, command


@dataclass(frozen=True)
class ReturnedPair:
    """A line, the line it takes back, the bank's reason code, and by what they were found to belong together."""

    line_id: int
    returned_line_id: int
    reason_code: str
    how: str


@dataclass(frozen=True)
class ReturnsLinked:
    """What takes what back, and the lines of which that is not certain."""

    pairs: tuple[ReturnedPair, ...]
    unclear: tuple[int, ...]


@command
def link_returns(ctx: Ctx, *, statement_id: int) -> ReturnsLinked:
    """Find what the returned, reversed and charged-back lines of a booked statement take back; each once.

    A movement is taken back at most once. Refuses `NoSuchStatement`.
    """
    if booking.lock(statement_id).state is not StatementState.BOOKED:
        return ReturnsLinked((), ())
    pairs, unclear = [], []
    taken: set[int] = set()
    for line, reason_code, is_certain in queries.returning_lines(statement_id):
        earlier = [one for one in queries.could_be_returned(line) if one.id not in taken]
        found = taken_back(line, earlier)
        if found.returned_line_id is None:
            unclear += [line.id] if is_certain else []
            continue
        taken.add(found.returned_line_id)
        pairs.append(ReturnedPair(line.id, found.returned_line_id, reason_code, found.how))
    count = len(pairs)
    rows.insert(
        "banking_returned",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "line_id": ("bigint", [pair.line_id for pair in pairs]),
            "returned_line_id": ("bigint", [pair.returned_line_id for pair in pairs]),
            "reason_code": ("text", [pair.reason_code for pair in pairs]),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )
    if pairs:
        ctx.emit(LinesReturned(tuple((pair.line_id, pair.returned_line_id) for pair in pairs)))
    return ReturnsLinked(tuple(pairs), tuple(unclear))
