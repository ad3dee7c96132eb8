"""What the books say about one document: its entries with their lines, and what was allocated to what."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kvit.base import rows


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One side of an entry: debit positive, credit negative, in minor units."""

    account: str
    account_name: str
    amount_minor: int
    currency: str
    party_id: int | None
    due_date: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry; `reverses_id` names the entry it takes back."""

    id: int
    entry_date: date
    recorded_at: datetime
    kind: str
    subject_kind: str
    subject_id: int
    command_id: int
    reverses_id: int | None
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class Allocated:
    """So much of a credit item settles a debit item; a row that takes another back has its amount negated.

    The subjects are those of the two items.
    """

    id: int
    debit_item_id: int
    credit_item_id: int
    amount_minor: int
    currency: str
    allocation_date: date
    recorded_at: datetime
    command_id: int
    reverses_id: int | None
    is_live: bool
    debit_subject: tuple[str, int]
    credit_subject: tuple[str, int]


def entries_about(subject_kind: str, subject_id: int) -> tuple[Entry, ...]:
    """Every entry about a document, in the order of recording. Needs the tenant's scope."""
    heads = rows.select(
        """
        SELECT id, entry_date, recorded_at, kind, subject_kind, subject_id, command_id, reverses_id FROM ledger_entry
        WHERE subject_kind = %s AND subject_id = %s ORDER BY id
        """,
        [subject_kind, subject_id],
    )
    lines: dict[int, list[EntryLine]] = defaultdict(list)
    for entry_id, *line in rows.select(
        """
        SELECT l.entry_id, a.code, a.name, l.amount_minor, l.currency, l.party_id, l.due_date FROM ledger_line l
        JOIN ledger_account a ON a.id = l.account_id
        WHERE l.entry_id IN (SELECT unnest(%s::bigint[])) ORDER BY l.entry_id, l.position
        """,
        [[head[0] for head in heads]],
    ):
        lines[entry_id].append(EntryLine(*line))
    return tuple(Entry(*[*head, tuple(lines[head[0]])]) for head in heads)


def allocations_of(item_ids: Sequence[int]) -> tuple[Allocated, ...]:
    """Everything that was ever allocated to or from these items, in the order of recording; needs the scope."""
    found = rows.select(
        """
        SELECT x.id, x.debit_item_id, x.credit_item_id, x.amount_minor, d.currency, x.allocation_date, x.recorded_at,
               x.command_id, x.reverses_id,
               x.reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_allocation r WHERE r.reverses_id = x.id),
               d.subject_kind, d.subject_id, c.subject_kind, c.subject_id
        FROM (
            SELECT a.* FROM (SELECT DISTINCT unnest(%(ids)s::bigint[]) AS id) wanted
            JOIN ledger_allocation a ON a.debit_item_id = wanted.id
            UNION
            SELECT a.* FROM (SELECT DISTINCT unnest(%(ids)s::bigint[]) AS id) wanted
            JOIN ledger_allocation a ON a.credit_item_id = wanted.id
        ) x
        JOIN ledger_openitem d ON d.id = x.debit_item_id JOIN ledger_openitem c ON c.id = x.credit_item_id
        ORDER BY x.id
        """,
        {"ids": list(item_ids)},
    )
    return tuple(Allocated(*[*row[:10], (row[10], row[11]), (row[12], row[13])]) for row in found)
