"""What is linked to what, by whom and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvit.banking import queries as banking
from kvit.base import codec, rows
from kvit.ledger import queries as ledger
from kvit.matching.domain.evidence import Reason
from kvit.work import queries as work


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with its evidence, code and English words. `party_id` is 0 for a line that was set aside."""

    id: int
    line_id: int
    party_id: int
    entry_id: int
    amount_minor: int
    currency: str
    by_robot: bool
    state: str
    evidence_code: str
    evidence: str


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link with who made it when and why: the evidence's code, what it speaks of, and the same in English.

    `kind` is that of `domain.LinkKind`; `party_id` is 0 for a line that was set aside. `reasons` are all pieces of
    evidence, each a code with its parameter. `confidence_ppm` and `threshold_ppm` are None for links of people.
    """

    id: int
    line_id: int
    party_id: int
    entry_id: int
    amount_minor: int
    currency: str
    by_robot: bool
    state: str
    evidence_code: str
    evidence_params: Mapping[str, str | int]
    evidence: str
    made_at: datetime
    made_by: str
    kind: str
    confidence_ppm: int | None
    threshold_ppm: int | None
    undone_as: str
    reasons: tuple[Reason, ...]


_MADE = """
    SELECT k.id, k.line_id, coalesce(k.party_id, 0), k.entry_id, k.amount_minor, k.currency, k.by_robot, k.state,
           k.evidence->>'code', coalesce(k.evidence->'about', '{}'::jsonb), k.evidence->>'words', c.at, c.actor,
           k.kind, k.confidence_ppm, k.threshold_ppm, k.undone_as, coalesce(k.evidence->'reasons', '[]'::jsonb)
    FROM matching_link k JOIN base_command c ON c.id = k.command_id
"""


def _made(row: Sequence[Any]) -> MadeLink:
    about = codec.restore(row[9], dict[str, str | int])
    reasons = codec.restore(row[17], tuple[Reason, ...])
    return MadeLink(*[*row[:9], about, *row[10:17], reasons])


def made_links(line_ids: Sequence[int]) -> tuple[MadeLink, ...]:
    """All links these lines ever had, oldest first. Needs the tenant's scope."""
    if not line_ids:
        return ()
    found = rows.select(
        _MADE + "WHERE k.line_id IN (SELECT unnest(%s::bigint[])) ORDER BY k.id",
        [list(line_ids)],
    )
    return tuple(_made(row) for row in found)


def latest_by_robot(*, limit: int) -> tuple[MadeLink, ...]:
    """What the robot linked last and still holds, the newest first. Needs the tenant's scope."""
    found = rows.select(_MADE + "WHERE k.by_robot AND k.state = 'live' ORDER BY k.id DESC LIMIT %s", [limit])
    return tuple(_made(row) for row in found)


def made_link(link_id: int) -> MadeLink | None:
    """One link, live or undone, or None. Needs the tenant's scope."""
    found = rows.select(_MADE + "WHERE k.id = %s", [link_id])
    return _made(found[0]) if found else None


def shares() -> tuple[int, int]:
    """(customers' payments that the robot linked, linked in all): how much goes straight through.

    Needs the tenant's scope.
    """
    ((by_robot, total),) = rows.select(
        "SELECT count(*) FILTER (WHERE by_robot), count(*) FROM matching_link WHERE state = 'live' AND kind = 'payment'"
    )
    return int(by_robot), int(total)


def receivables(invoice_ids: Sequence[int]) -> dict[int, ledger.Item]:
    """What each of these invoices opened as a receivable when it was issued, by the invoice's id.

    It is the first debit item about the invoice: a write-off that was reversed leaves a later one.
    """
    found: dict[int, ledger.Item] = {}
    for item in ledger.items_of_subjects("invoice", invoice_ids):
        if item.side == "debit":
            found.setdefault(item.subject_id, item)
    return found


def linked(line_ids: Sequence[int]) -> frozenset[int]:
    """Those of these lines that have a live link."""
    return frozenset(
        row[0]
        for row in rows.select(
            "SELECT line_id FROM matching_link WHERE line_id IN (SELECT unnest(%s::bigint[])) AND state = 'live'",
            [list(line_ids)],
        )
    )


def links(line_ids: Sequence[int]) -> tuple[LinkRow, ...]:
    """All links these lines ever had, oldest first."""
    return tuple(
        LinkRow(*row)
        for row in rows.select(
            """
            SELECT id, line_id, coalesce(party_id, 0), entry_id, amount_minor, currency, by_robot, state,
                   evidence->>'code', evidence->>'words'
            FROM matching_link WHERE line_id IN (SELECT unnest(%s::bigint[])) ORDER BY id
            """,
            [list(line_ids)],
        )
    )


def latest_linked(*, limit: int) -> list[int]:
    """The lines that were linked last and still are."""
    found = rows.select("SELECT line_id FROM matching_link WHERE state = 'live' ORDER BY id DESC LIMIT %s", [limit])
    return [row[0] for row in found]


def count_live() -> int:
    """How many lines have a live link."""
    return int(rows.select("SELECT count(*) FROM matching_link WHERE state = 'live'")[0][0])


def waiting_lines() -> list[int]:
    """Bank lines that wait for a person, by their work items, oldest first."""
    return list(work.live_subjects("matching.decide", "bank_line"))


def linked_of_statement(statement_id: int) -> int:
    """How many lines of a statement have a live link."""
    return len(linked(banking.line_ids_of(statement_id)))


def entries_of_links(link_ids: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """(bank line, the ledger entry it was booked by) of these links, undone ones too. Needs the tenant's scope."""
    query = "SELECT line_id, entry_id FROM matching_link WHERE id IN (SELECT unnest(%s::bigint[])) ORDER BY id"
    return tuple((line_id, entry_id) for line_id, entry_id in rows.select(query, [list(link_ids)]))
