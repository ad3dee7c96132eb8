"""A person sets aside what a reader could not read, with the reason; or brings the right file instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, LiteralString

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError


class NoSuchProblem(DomainError):
    """There is no such problem, or it was set aside before."""

    code: ClassVar[str] = "banking.no_such_problem"


class NoReason(DomainError):
    """What is set aside or left as it is needs a reason."""

    code: ClassVar[str] = "banking.no_reason"


@dataclass(frozen=True)
class ProblemsSetAside:
    """How many problems of the file are left."""

    left: int


_SET_ASIDE: LiteralString = """
    UPDATE banking_readingproblem SET set_aside = %s, set_aside_by_id = %s
    WHERE tenant_id = %s AND intake_id = %s AND set_aside = ''
"""


@command
def set_problems_aside(ctx: Ctx, *, intake_id: int, problem_ids: Sequence[int], reason: str) -> ProblemsSetAside:
    """Nobody need look at these problems of a file any more; what the reader said stays, with the reason beside it.

    It books nothing: a statement that waits because of them is still to be decided. Refuses `NoSuchProblem`, and
    then sets none aside, and `NoReason`.
    """
    if not reason.strip():
        raise NoReason("say why nobody need look at this")
    wanted = set(problem_ids)
    done = rows.select(
        _SET_ASIDE + "AND id IN (SELECT unnest(%s::bigint[])) RETURNING id",
        [reason.strip()[:300], ctx.command_id, ctx.tenant_id, intake_id, list(wanted)],
    )
    if not wanted or len(done) < len(wanted):
        raise NoSuchProblem(f"of {len(wanted)} problems {len(done)} are still there to be set aside")
    ((left,),) = rows.select(
        "SELECT count(*) FROM banking_readingproblem WHERE intake_id = %s AND set_aside = ''", [intake_id]
    )
    return ProblemsSetAside(int(left))


def set_all_aside(ctx: Ctx, intake_id: int, reason: str) -> None:
    """What was said of a file so far is said no more; within a command."""
    rows.run(_SET_ASIDE, [reason[:300], ctx.command_id, ctx.tenant_id, intake_id])
