"""What was handed out of the books, what is still to be, and its lines in chunks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, LiteralString

from kvit.base import login, rows
from kvit.ledger.domain.exports import ExportFormat, ExportLine, ExportState, NotMapped
from kvit.ledger.domain.national import ChartAccount, usual
from kvit.ledger.domain.ports import subjects
from kvit.parties import queries as parties

CHUNK: Final = 5_000


@dataclass(frozen=True, slots=True)
class MappedAccount:
    """An account of ours and what it is called in the company's chart; `is_usual` where nobody has said so."""

    account_id: int
    code: str
    name: str
    mapped: ChartAccount | None
    is_usual: bool


@dataclass(frozen=True, slots=True)
class AccountSum:
    """Debits and credits of one account in one currency; minor units."""

    code: str
    name: str
    currency: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What an export of a period would hold: entries that no export has."""

    entry_count: int
    line_count: int
    exported_count: int
    sums: tuple[AccountSum, ...]


@dataclass(frozen=True, slots=True)
class ExportRow:
    """An export; `answer` is what the accountant said."""

    id: int
    sequence: int
    from_date: date
    to_date: date
    state: ExportState
    entry_count: int
    line_count: int
    version: int
    formats: tuple[ExportFormat, ...]
    answer: str
    answered_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExportFileRow:
    """A file of an export, kept as it was made; `note` is the first thing that had to be written otherwise."""

    id: int
    export_id: int
    version: int
    format: ExportFormat
    currency: str
    name: str
    sha256: str
    size: int
    row_count: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExportTroubleRow:
    """Why a format of an export could not be made."""

    format: ExportFormat
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exported:
    """In which export an entry is, under which number, and how far that has come."""

    export_id: int
    sequence: int
    number: str
    state: ExportState


_EXPORTS: LiteralString = """
    SELECT id, sequence, from_date, to_date, state, entry_count, line_count, version, formats, answer, answered_by, at
    FROM ledger_export
"""
_FREE: LiteralString = """
    ledger_entry e WHERE e.entry_date BETWEEN %(from)s AND %(to)s
    AND NOT EXISTS (SELECT FROM ledger_exportedentry x WHERE x.tenant_id = e.tenant_id AND x.entry_id = e.id)
"""
_LINES: LiteralString = """
    SELECT p.year, p.number, e.entry_date, e.recorded_at::date, e.kind, e.subject_kind, e.subject_id, l.account_id,
           l.currency, l.amount_minor, l.party_id, e.reverses_id IS NOT NULL
    FROM (SELECT year, number, entry_id FROM ledger_exportedentry
          WHERE tenant_id = %(tenant)s AND export_id = %(export)s AND (year, number) > (%(year)s, %(number)s)
          ORDER BY year, number LIMIT %(chunk)s) p
    CROSS JOIN LATERAL (SELECT * FROM ledger_entry
                        WHERE tenant_id = %(tenant)s AND id = p.entry_id OFFSET 0) e
    CROSS JOIN LATERAL (SELECT * FROM ledger_line
                        WHERE tenant_id = %(tenant)s AND entry_id = p.entry_id OFFSET 0) l
    ORDER BY p.year, p.number, l.position
"""


def mapped_accounts() -> tuple[MappedAccount, ...]:
    """Every account with its number in the company's chart: what was said, else what is usual in its country.

    Needs the tenant's scope.
    """
    found = rows.select(
        """
        SELECT a.id, a.code, a.name, m.number, m.name FROM ledger_account a
        LEFT JOIN ledger_accountmapping m ON m.tenant_id = a.tenant_id AND m.account_id = a.id ORDER BY a.id
        """
    )
    if not found:
        return ()
    country = login.own_country()
    return tuple(
        MappedAccount(i, code, name, ChartAccount(number, title), False)
        if number is not None
        else MappedAccount(i, code, name, usual(country, code), True)
        for i, code, name, number, title in found
    )


def preview_export(*, from_date: date, to_date: date) -> ExportPreview:
    """What an export of a period would hold now. Needs the tenant's scope."""
    period = {"from": from_date, "to": to_date}
    ((entries, lines),) = rows.select("SELECT count(*), coalesce(sum(line_count), 0) FROM " + _FREE, period)
    ((whole,),) = rows.select("SELECT count(*) FROM ledger_entry WHERE entry_date BETWEEN %(from)s AND %(to)s", period)
    sums = rows.select(
        """
        SELECT a.code, a.name, l.currency, coalesce(sum(l.amount_minor) FILTER (WHERE l.amount_minor > 0), 0)::bigint,
               coalesce(-sum(l.amount_minor) FILTER (WHERE l.amount_minor < 0), 0)::bigint
        FROM (SELECT e.id FROM """
        + _FREE
        + """) free JOIN ledger_line l ON l.entry_id = free.id JOIN ledger_account a ON a.id = l.account_id
        GROUP BY 1, 2, 3 ORDER BY 3, 1
        """,
        period,
    )
    return ExportPreview(int(entries), int(lines), int(whole) - int(entries), tuple(AccountSum(*row) for row in sums))


def exports(*, limit: int) -> tuple[ExportRow, ...]:
    """Exports, the newest first. Needs the tenant's scope."""
    return tuple(_export(row) for row in rows.select(_EXPORTS + "ORDER BY sequence DESC LIMIT %s", [limit]))


def export(export_id: int) -> ExportRow | None:
    """One export, or None. Needs the tenant's scope."""
    found = rows.select(_EXPORTS + "WHERE id = %s", [export_id])
    return _export(found[0]) if found else None


def export_files(export_id: int) -> tuple[ExportFileRow, ...]:
    """Every file an export ever had, the newest version first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id, export_id, version, format, currency, name, sha256, size, row_count, note, at FROM ledger_exportfile
        WHERE export_id = %s ORDER BY version DESC, id
        """,
        [export_id],
    )
    return tuple(ExportFileRow(*(*row[:3], ExportFormat(row[3]), *row[4:])) for row in found)


def export_troubles(export_id: int, version: int) -> tuple[ExportTroubleRow, ...]:
    """What of a version of an export could not be made. Needs the tenant's scope."""
    found = rows.select(
        "SELECT format, reason_code, reason FROM ledger_exporttrouble "
        "WHERE export_id = %s AND version = %s ORDER BY id",
        [export_id, version],
    )
    return tuple(ExportTroubleRow(ExportFormat(row[0]), row[1], row[2]) for row in found)


def export_sums(export_id: int) -> tuple[AccountSum, ...]:
    """Debits and credits of an export by account and currency. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT a.code, a.name, l.currency, coalesce(sum(l.amount_minor) FILTER (WHERE l.amount_minor > 0), 0)::bigint,
               coalesce(-sum(l.amount_minor) FILTER (WHERE l.amount_minor < 0), 0)::bigint
        FROM ledger_exportedentry x
        JOIN ledger_line l ON l.tenant_id = x.tenant_id AND l.entry_id = x.entry_id
        JOIN ledger_account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
        WHERE x.export_id = %s GROUP BY 1, 2, 3 ORDER BY 3, 1
        """,
        [export_id],
    )
    return tuple(AccountSum(*row) for row in found)


def exported_entries(entry_ids: Sequence[int]) -> dict[int, Exported]:
    """In which export each of these entries is; those in none are left out. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT x.entry_id, e.id, e.sequence, x.year || '-' || x.number, e.state FROM ledger_exportedentry x
        JOIN ledger_export e ON e.tenant_id = x.tenant_id AND e.id = x.export_id
        WHERE x.entry_id IN (SELECT unnest(%s::bigint[]))
        """,
        [list(entry_ids)],
    )
    return {row[0]: Exported(row[1], row[2], row[3], ExportState(row[4])) for row in found}


def export_lines(
    export_id: int, *, tenant_id: int, accounts: Mapping[int, ChartAccount]
) -> Iterator[tuple[ExportLine, ...]]:
    """The lines of an export in the order of its numbers, some thousand entries at a time, in bounded memory.

    Refuses `NotMapped` for an account that is none of these. Needs the tenant's scope while it is read.
    """
    year = number = 0
    while True:
        found = rows.select(
            _LINES,
            {"tenant": tenant_id, "export": export_id, "year": year, "number": number, "chunk": CHUNK},
        )
        if not found:
            return
        year, number = found[-1][0], found[-1][1]
        documents = subjects().names(list({(row[5], row[6]) for row in found}))
        people = parties.names([row[10] for row in found if row[10] is not None])
        yield tuple(_line(row, accounts, documents, people) for row in found)


def export_currencies(export_id: int) -> tuple[str, ...]:
    """The currencies of an export. Needs the tenant's scope."""
    return tuple(sorted({each.currency for each in export_sums(export_id)}))


def _line(
    row: Any, accounts: Mapping[int, ChartAccount], documents: Mapping[tuple[str, int], str], people: Mapping[int, str]
) -> ExportLine:
    year, number, day, recorded, kind, subject_kind, subject_id, account_id, currency, amount, party_id, is_back = row
    account = accounts.get(account_id)
    if account is None:
        raise NotMapped(f"an account of entry {year}-{number} has no number in the company's chart")
    subject = (subject_kind, subject_id)
    return ExportLine(
        year=year,
        number=number,
        entry_date=day,
        recorded_date=recorded,
        kind=kind,
        subject=subject,
        account=account.number,
        account_name=account.name,
        currency=currency,
        amount_minor=amount,
        document=documents.get(subject, ""),
        party=people.get(party_id, "") if party_id is not None else "",
        is_reversal=is_back,
    )


def _export(row: Any) -> ExportRow:
    formats = tuple(ExportFormat(each) for each in row[8].split(","))
    return ExportRow(*(*row[:4], ExportState(row[4]), *row[5:8], formats, *row[9:]))
