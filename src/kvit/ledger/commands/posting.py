"""Write journal entries: one or a thousand in the same few statements."""

from dataclasses import dataclass
from typing import Any, ClassVar, LiteralString

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import ANSWERING, Ctx, answers_itself, command, plans_kept
from kvit.kernel.refusals import DomainError
from kvit.ledger.domain import Posting, check


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
@plans_kept
@answers_itself
def post(ctx: Ctx, *, postings: Bulk[tuple[Posting, ...]]) -> Posted:
    """Post journal entries, all or none; lines on control accounts become open items and move balances.

    Refuses `Unbalanced`, `UnknownAccount`, `UnknownParty`. The database checks each entry again at commit.
    """
    check(postings)
    try:
        ((drawn,),) = rows.select(_POST, _parameters(ctx, postings))
        return Posted(tuple(drawn))
    except IntegrityError as error:
        if rows.violated(error) == "ledger_line_party_id_fk":
            raise UnknownParty("a line names a party that is not one of the company's") from error
        if rows.null_in(error) == "account_id":
            named = ", ".join(sorted({line.account for posting in postings for line in posting.lines}))
            raise UnknownAccount(f"not all of these accounts are in the chart: {named}") from error
        raise


# The database draws the entries' ids, in the order in which the rows come to it. No joins: whatever the planner thinks
# of the sizes, it can only do one thing.
_POST: LiteralString = f"""
WITH entries AS (
    INSERT INTO ledger_entry (tenant_id, entry_date, recorded_at, kind, subject_kind, subject_id, line_count,
                              command_id, reverses_id)
    SELECT %(tenant)s, e.entry_date, %(now)s, e.kind, e.subject_kind, e.subject_id, e.line_count,
           %(command)s, e.reverses_id
    FROM unnest(%(dates)s::date[], %(kinds)s::text[], %(subject_kinds)s::text[], %(subject_ids)s::bigint[],
                %(line_counts)s::smallint[], %(reverses)s::bigint[]) WITH ORDINALITY
         AS e (entry_date, kind, subject_kind, subject_id, line_count, reverses_id, number)
    ORDER BY e.number RETURNING id
),
ids AS MATERIALIZED (SELECT coalesce(array_agg(id ORDER BY id), '{{}}') AS drawn FROM entries),
answered AS ({ANSWERING.format(answer="jsonb_build_object('entry_ids', ids.drawn)", given="ids")}),
lines AS (
    INSERT INTO ledger_line (tenant_id, entry_id, position, account_id, currency, amount_minor, party_id, due_date)
    SELECT %(tenant)s, ids.drawn[l.number], l.position,
           (SELECT a.id FROM ledger_account a WHERE a.tenant_id = %(tenant)s AND a.code = l.account),
           l.currency, l.amount_minor, l.party_id, l.due_date
    FROM unnest(%(numbers)s::int[], %(positions)s::smallint[], %(accounts)s::text[], %(currencies)s::text[],
                %(amounts)s::bigint[], %(parties)s::bigint[], %(due_dates)s::date[])
         AS l (number, position, account, currency, amount_minor, party_id, due_date), ids
)
SELECT drawn FROM ids
"""


def _parameters(ctx: Ctx, postings: tuple[Posting, ...]) -> dict[str, Any]:
    lines = [
        (number, position, line)
        for number, posting in enumerate(postings, 1)
        for position, line in enumerate(posting.lines, 1)
    ]
    return {
        "tenant": ctx.tenant_id,
        "now": ctx.now,
        "command": ctx.command_id,
        "dates": rows.array("date", [p.entry_date for p in postings]),
        "kinds": rows.array("text", [p.kind for p in postings]),
        "subject_kinds": rows.array("text", [p.subject_kind for p in postings]),
        "subject_ids": rows.array("bigint", [p.subject_id for p in postings]),
        "line_counts": rows.array("smallint", [len(p.lines) for p in postings]),
        "reverses": rows.array("bigint", [p.reverses_id for p in postings]),
        "numbers": rows.array("int", [number for number, _, _ in lines]),
        "positions": rows.array("smallint", [position for _, position, _ in lines]),
        "accounts": rows.array("text", [line.account for _, _, line in lines]),
        "currencies": rows.array("text", [line.currency for _, _, line in lines]),
        "amounts": rows.array("bigint", [line.amount_minor for _, _, line in lines]),
        "parties": rows.array("bigint", [line.party_id for _, _, line in lines]),
        "due_dates": rows.array("date", [line.due_date for _, _, line in lines]),
    }
