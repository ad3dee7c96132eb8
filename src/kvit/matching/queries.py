"""What is linked to what, and whether links, bank lines and books agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvit.banking import queries as banking
from kvit.base import rows
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
