"""What lies in the archive: by hash, by what it is of, by number, day and kind; and its content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString

from kvit.base import rows
from kvit.documents.domain.retention import RetentionClass

_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the archive; its content is gone where `erased_date` is set."""

    id: int
    sha256: str
    size: int
    media_type: str
    name: str
    store: str
    retention: RetentionClass
    keep_until: date
    erased_date: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A file and what it is of; `name` is the one it is handed out under."""

    id: int
    subject_kind: str
    subject_id: int
    kind: str
    language: str
    number: str
    document_date: date
    name: str
    party_id: int | None
    amount_minor: int | None
    currency: str
    file: FileRow


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a number's beginning, a kind, days from and to, parties, a sum whatever its sign.

    What is empty is not asked about.
    """

    number: str = ""
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    party_ids: tuple[int, ...] | None = None
    amount_minor: int | None = None


_ANYTHING: Final = Sought()
_FILE: LiteralString = (
    "f.id, f.sha256, f.size, f.media_type, f.name, f.store, f.retention, f.keep_until, f.erased_date, f.at"
)
_FILING: LiteralString = (
    "SELECT g.id, g.subject_kind, g.subject_id, g.kind, g.language, g.number, g.document_date, g.name, "
    "g.party_id, g.amount_minor, g.currency, "
    + _FILE
    + " FROM documents_filing g JOIN documents_file f ON f.tenant_id = g.tenant_id AND f.id = g.file_id "
)


IN_USE: Final[LiteralString] = """
    f.sha256 IS NOT DISTINCT FROM (SELECT logo_sha256 FROM documents_look ORDER BY id DESC LIMIT 1)
    OR EXISTS (
        SELECT FROM documents_rendering r
        JOIN documents_sheet s ON s.tenant_id = r.tenant_id AND s.id = r.sheet_id
        WHERE r.state <> 'done' AND position(f.sha256 IN s.body) > 0)
"""
"""Whether documents are still drawn with the file `f`."""


def file(sha256: str) -> FileRow | None:
    """The file of this content, or None. Needs the tenant's scope."""
    found = rows.select("SELECT " + _FILE + " FROM documents_file f WHERE f.sha256 = %s", [sha256])
    return _file(found[0]) if found else None


def files_of(subject_kind: str, subject_id: int, *, kind: str | None = None) -> tuple[FilingRow, ...]:
    """What is filed under a subject, the newest first, of a kind or of all. Needs the tenant's scope."""
    return _filings(
        "WHERE g.subject_kind = %s AND g.subject_id = %s AND (%s::text IS NULL OR g.kind = %s) ORDER BY g.id DESC",
        [subject_kind, subject_id, kind, kind],
    )


def search(
    sought: Sought = _ANYTHING, *, limit: int = 50, below: tuple[date, int] | None = None
) -> tuple[FilingRow, ...]:
    """What fits, the latest day first; `below` is the (document date, id) of the last one seen.

    Numbers are looked up in a range of an index, not by LIKE, which row-level security would keep from it
    (RELIABILITY 11). Needs the tenant's scope.
    """
    asked: list[tuple[bool, LiteralString]] = [
        (True, "(g.document_date, g.id) < (%(day)s, %(last)s)"),
        (bool(sought.number), "g.number >= %(number)s AND g.number < %(end)s"),
        (sought.kind is not None, "g.kind = %(kind)s"),
        (sought.since is not None, "g.document_date >= %(since)s"),
        (sought.until is not None, "g.document_date <= %(until)s"),
        (sought.party_ids is not None, "g.party_id = ANY(%(parties)s)"),
        (sought.amount_minor is not None, "g.amount_minor IN (%(amount)s, -%(amount)s::bigint)"),
    ]
    conditions: list[LiteralString] = [condition for is_asked, condition in asked if is_asked]
    day, last = below or (date.max, 0)
    return _filings(
        "WHERE " + " AND ".join(conditions) + " ORDER BY g.document_date DESC, g.id DESC LIMIT %(limit)s",
        {
            "number": sought.number,
            "end": sought.number + _LAST,
            "kind": sought.kind,
            "since": sought.since,
            "until": sought.until,
            "parties": list(sought.party_ids or ()),
            "amount": sought.amount_minor,
            "limit": limit,
            "day": day,
            "last": last,
        },
    )


def content(sha256: str) -> bytes | None:
    """The bytes of a file that lies in the database; None where it lies elsewhere or is gone."""
    found = rows.select("SELECT content FROM documents_content WHERE sha256 = %s", [sha256])
    return bytes(found[0][0]) if found else None


def filing(filing_id: int) -> FilingRow | None:
    """One filing, or None. Needs the tenant's scope."""
    return next(iter(_filings("WHERE g.id = %s", [filing_id])), None)


def due_for_erasure(day: date, *, limit: int) -> tuple[FileRow, ...]:
    """Files whose time was over before a day and that nothing is drawn with, the oldest first.

    The logo in use stays, and so does what a sheet names that is yet to be drawn. Needs the tenant's scope.
    """
    found = rows.select(
        "SELECT "
        + _FILE
        + " FROM documents_file f WHERE f.keep_until < %s AND f.erased_date IS NULL AND NOT ("
        + IN_USE
        + ") ORDER BY f.keep_until, f.id LIMIT %s",
        [day, limit],
    )
    return tuple(_file(row) for row in found)


def outside(*, above_id: int, limit: int) -> tuple[FileRow, ...]:
    """Files whose content lies outside of the database, by rising id. Needs the tenant's scope."""
    found = rows.select(
        "SELECT " + _FILE + " FROM documents_file f WHERE f.id > %s AND f.store <> 'database' "
        "AND f.erased_date IS NULL ORDER BY f.id LIMIT %s",
        [above_id, limit],
    )
    return tuple(_file(row) for row in found)


def subjects_of(subject_kind: str) -> frozenset[int]:
    """Every subject of a kind that a sheet or a file is of; whose they are verifies that they exist."""
    found = rows.select(
        """
        SELECT subject_id FROM documents_filing WHERE subject_kind = %(kind)s
        UNION SELECT subject_id FROM documents_sheet WHERE subject_kind = %(kind)s
        """,
        {"kind": subject_kind},
    )
    return frozenset(row[0] for row in found)


def _filings(condition: LiteralString, params: Any) -> tuple[FilingRow, ...]:
    return tuple(FilingRow(*(*row[:11], _file(row[11:]))) for row in rows.select(_FILING + condition, params))


def _file(row: Sequence[Any]) -> FileRow:
    before, retention, after = row[:6], RetentionClass(row[6]), row[7:]
    return FileRow(*(*before, retention, *after))
