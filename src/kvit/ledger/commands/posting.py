"""Write journal entries: one or a thousand in the same few statements."""

from dataclasses import dataclass
from typing import ClassVar

from django.db import IntegrityError

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.ledger.domain import Posting, check

POSTING_LOCK = 0x4B76  # advisory: postings share it, a checkpoint waits until none is under way


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
def post(ctx: Ctx, *, postings: Bulk[tuple[Posting, ...]]) -> Posted:
    """Post journal entries, all or none; lines on control accounts become open items and move balances.

    Refuses `Unbalanced`, `UnknownAccount`, `UnknownParty`. The database checks each entry again at commit.
    """
    check(postings)
    if not postings:
        return Posted(())
    entry_ids = _draw_entry_ids(ctx.tenant_id, len(postings))
    _insert_entries(ctx, postings, entry_ids)
    _insert_lines(ctx, postings, entry_ids)
    return Posted(tuple(entry_ids))


def _draw_entry_ids(tenant_id: int, count: int) -> list[int]:
    """Ids for entries, drawn under the shared lock: a checkpoint that holds it alone knows none are in flight."""
    return [
        row[0]
        for row in rows.select(
            """
            WITH lock AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(%s, %s) AS held)
            SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) FROM lock, generate_series(1, %s)
            """,
            [POSTING_LOCK, tenant_id, count],
        )
    ]


def _insert_entries(ctx: Ctx, postings: tuple[Posting, ...], entry_ids: list[int]) -> None:
    count = len(postings)
    rows.insert(
        "ledger_entry",
        {
            "id": ("bigint", entry_ids),
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "entry_date": ("date", [p.entry_date for p in postings]),
            "recorded_at": ("timestamptz", [ctx.now] * count),
            "kind": ("text", [p.kind for p in postings]),
            "subject_kind": ("text", [p.subject_kind for p in postings]),
            "subject_id": ("bigint", [p.subject_id for p in postings]),
            "line_count": ("smallint", [len(p.lines) for p in postings]),
            "command_id": ("bigint", [ctx.command_id] * count),
            "reverses_id": ("bigint", [p.reverses_id for p in postings]),
        },
    )


def _insert_lines(ctx: Ctx, postings: tuple[Posting, ...], entry_ids: list[int]) -> None:
    known: dict[str, int] = dict(rows.select("SELECT code, id FROM ledger_account"))
    flat = [
        (entry_id, position, line)
        for entry_id, posting in zip(entry_ids, postings, strict=True)
        for position, line in enumerate(posting.lines, 1)
    ]
    missing = sorted({line.account for _, _, line in flat} - known.keys())
    if missing:
        raise UnknownAccount(f"no account {', '.join(missing)} in the chart")
    try:
        rows.insert(
            "ledger_line",
            {
                "tenant_id": ("int", [ctx.tenant_id] * len(flat)),
                "entry_id": ("bigint", [entry_id for entry_id, _, _ in flat]),
                "position": ("smallint", [position for _, position, _ in flat]),
                "account_id": ("bigint", [known[line.account] for _, _, line in flat]),
                "currency": ("text", [line.currency for _, _, line in flat]),
                "amount_minor": ("bigint", [line.amount_minor for _, _, line in flat]),
                "party_id": ("bigint", [line.party_id for _, _, line in flat]),
                "due_date": ("date", [line.due_date for _, _, line in flat]),
            },
        )
    except IntegrityError as error:
        if rows.violated(error) == "ledger_line_party_id_fk":
            raise UnknownParty("a line names a party that is not one of the company's") from error
        raise
