"""What is linked to what, and whether links, bank lines and books agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvit.banking import queries as banking
from kvit.base import codec, rows
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.work import queries as work


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link with its evidence, code and English words."""

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
    """A link with who made it when and why: the evidence's code, what it speaks of, and the same in English."""

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


_MADE = """
    SELECT k.id, k.line_id, k.party_id, k.entry_id, k.amount_minor, k.currency, k.by_robot, k.state,
           k.evidence->>'code', coalesce(k.evidence->'about', '{}'::jsonb), k.evidence->>'words', c.at, c.actor
    FROM matching_link k JOIN base_command c ON c.id = k.command_id
"""


def _made(row: Sequence[Any]) -> MadeLink:
    about = codec.restore(row[9], dict[str, str | int])
    return MadeLink(*[*row[:9], about, *row[10:]])


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
    """(live links the robot made, live links in all): how much goes straight through. Needs the tenant's scope."""
    ((by_robot, total),) = rows.select(
        "SELECT count(*) FILTER (WHERE by_robot), count(*) FROM matching_link WHERE state = 'live'"
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
            SELECT id, line_id, party_id, entry_id, amount_minor, currency, by_robot, state,
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


def verify() -> tuple[Problem, ...]:
    """Where the money not yet allocated is not what bank lines and live links leave, or links contradict.

    A link contradicts when it lost its entry, or when its line has another live one.
    """
    found = []
    linked_totals: dict[str, int] = {
        currency: int(total)
        for currency, total in rows.select(
            "SELECT currency, sum(amount_minor) FROM matching_link WHERE state = 'live' GROUP BY 1"
        )
    }
    booked_totals = banking.booked_totals()
    account_currencies = {currency for _, currency, _ in banking.accounts().values()}
    for currency in sorted(account_currencies | booked_totals.keys() | linked_totals.keys()):
        books = ledger.account_balance(Accounts.UNALLOCATED, currency).balance_minor
        left = linked_totals.get(currency, 0) - booked_totals.get(currency, 0)
        if books != left:
            reason = f"{currency}: {books} not allocated in the books, {left} by lines and links (minor units)"
            found.append(Problem("matching", reason))
    return (*found, *_entries(), *_doubled())


def _entries() -> list[Problem]:
    live = rows.select("SELECT id, entry_id, state = 'live' FROM matching_link")
    reversed_ids = ledger.reversed_entries([row[1] for row in live])
    return [
        Problem("matching", f"link {link_id} {'holds' if holds else 'was undone'}, its entry says otherwise")
        for link_id, entry_id, holds in live
        if holds == (entry_id in reversed_ids)
    ]


def _doubled() -> list[Problem]:
    return [
        Problem("matching", f"line {line_id} has {count} live links")
        for line_id, count in rows.select(
            """
            SELECT line_id, count(*) FROM matching_link WHERE state = 'live' GROUP BY 1 HAVING count(*) > 1 ORDER BY 1
            """
        )
    ]


def entries_of_links(link_ids: Sequence[int]) -> tuple[int, ...]:
    """The ledger entries that these links were booked by, undone ones too. Needs the tenant's scope."""
    query = "SELECT entry_id FROM matching_link WHERE id IN (SELECT unnest(%s::bigint[]))"
    return tuple(row[0] for row in rows.select(query, [list(link_ids)]))
