"""Hand entries to the accountant: each in one export at most, numbered without gaps, kept with what was answered."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.ledger import queries
from kvit.ledger.domain.exports import (
    EXPORT,
    BadExport,
    BadMapping,
    ExportFormat,
    ExportState,
    NoSuchExport,
    NothingToExport,
    NotMapped,
    require_sound,
)
from kvit.ledger.events import ExportAnswered, ExportMade, ExportOpened

EXPORT_LOCK: Final = 0x4B78  # advisory, with the tenant's number; the ledger's others are 0x4B76 and 0x4B77
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,20}")
_LONGEST: Final = 300

# Head and entries in one statement: what is counted is what is taken. Who comes second waits at the lock; should two
# ever come at once, the key of the entries lets only one have them.
_CLAIM: Final = """
    WITH free AS MATERIALIZED (
        SELECT e.id, e.line_count, extract(year FROM e.entry_date)::smallint AS year, e.entry_date FROM ledger_entry e
        WHERE e.tenant_id = %(tenant)s AND e.entry_date BETWEEN %(from)s AND %(to)s
          AND NOT EXISTS (SELECT FROM ledger_exportedentry x WHERE x.tenant_id = e.tenant_id AND x.entry_id = e.id)
    ), head AS (
        INSERT INTO ledger_export (tenant_id, sequence, from_date, to_date, state, entry_count, line_count, version,
            formats, answer, answered_by, at, command_id)
        SELECT %(tenant)s, (SELECT coalesce(max(sequence), 0) + 1 FROM ledger_export), %(from)s, %(to)s, 'preparing',
               count(*), sum(line_count), 1, %(formats)s, '', '', %(now)s, %(command)s
        FROM free HAVING count(*) > 0 RETURNING id
    ), taken AS (
        SELECT year, max(number) AS last FROM ledger_exportedentry
        WHERE tenant_id = %(tenant)s AND year IN (SELECT year FROM free) GROUP BY 1
    )
    INSERT INTO ledger_exportedentry (tenant_id, entry_id, export_id, year, number)
    SELECT %(tenant)s, free.id, head.id, free.year,
           coalesce(taken.last, 0) + row_number() OVER (PARTITION BY free.year ORDER BY free.entry_date, free.id)
    FROM free CROSS JOIN head LEFT JOIN taken ON taken.year = free.year
"""


@dataclass(frozen=True, slots=True)
class AccountNumber:
    """What an account of ours (by its system code) is called in the company's chart."""

    code: str
    number: str
    name: str


@dataclass(frozen=True)
class Opened:
    """The export, the number it goes by, and how many entries are in it."""

    export_id: int
    sequence: int
    entry_count: int


@dataclass(frozen=True)
class Moved:
    """The export and where it stands now."""

    export_id: int
    state: ExportState


@dataclass(frozen=True)
class FileRecorded:
    """The file's row."""

    export_file_id: int


@dataclass(frozen=True)
class Mapped:
    """How many accounts have a number of the company's own now."""

    count: int


@command
def map_accounts(ctx: Ctx, *, numbers: tuple[AccountNumber, ...]) -> Mapped:
    """Say what our accounts are called in the company's chart, from the next file on. Refuses `BadMapping`."""
    known = dict(rows.select("SELECT code, id FROM ledger_account"))
    for each in numbers:
        if each.code not in known or not _NUMBER.fullmatch(each.number) or not 0 < len(each.name.strip()) <= 120:
            raise BadMapping(f"{each.code}: an account has a number of up to 20 letters and digits, and a name")
    rows.insert(
        "ledger_accountmapping",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(numbers)),
            "account_id": ("bigint", [known[each.code] for each in numbers]),
            "number": ("text", [each.number for each in numbers]),
            "name": ("text", [each.name.strip() for each in numbers]),
        },
        tail="ON CONFLICT (tenant_id, account_id) DO UPDATE SET number = excluded.number, name = excluded.name",
    )
    return Mapped(len(numbers))


@command
def open_export(ctx: Ctx, *, from_date: date, to_date: date, formats: tuple[ExportFormat, ...]) -> Opened:
    """Take every entry of a period that no export has, number them, and have the files made.

    Refuses `BadExport`, `NotMapped`, `NothingToExport`.
    """
    wanted = tuple(dict.fromkeys(formats))
    require_sound(from_date, to_date, wanted)
    rows.select("SELECT pg_advisory_xact_lock(%s, %s)", [EXPORT_LOCK, ctx.tenant_id])
    _require_mapped(from_date, to_date)
    count = rows.run(
        _CLAIM,
        {
            "tenant": ctx.tenant_id,
            "from": from_date,
            "to": to_date,
            "formats": ",".join(each.value for each in wanted),
            "now": ctx.now,
            "command": ctx.command_id,
        },
    )
    if not count:
        raise NothingToExport(f"no entry from {from_date} to {to_date} is left to be exported")
    ((export_id, sequence),) = rows.select("SELECT id, sequence FROM ledger_export ORDER BY sequence DESC LIMIT 1")
    ctx.emit(ExportOpened(export_id=export_id, version=1))
    return Opened(export_id, sequence, count)


@dataclass(frozen=True, slots=True)
class NewExportFile:
    """A file that was made and kept; `note` is the first thing that had to be written otherwise."""

    version: int
    format: ExportFormat
    currency: str
    name: str
    file_id: int
    sha256: str
    size: int
    row_count: int
    note: str


@command
def record_export_file(ctx: Ctx, *, export_id: int, file: NewExportFile) -> FileRecorded:
    """Keep which file was made for an export; one that stands already stays. Refuses `NoSuchExport`."""
    _look(export_id)
    written = rows.select(
        """
        INSERT INTO ledger_exportfile (tenant_id, export_id, version, format, currency, name, file_id, sha256, size,
            row_count, note, at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (tenant_id, export_id, version, format, currency) DO NOTHING RETURNING id
        """,
        [
            *(ctx.tenant_id, export_id, file.version, file.format.value, file.currency, file.name, file.file_id),
            *(file.sha256, file.size, file.row_count, file.note[:_LONGEST], ctx.now, ctx.command_id),
        ],
    ) or rows.select(
        "SELECT id FROM ledger_exportfile WHERE export_id = %s AND version = %s AND format = %s AND currency = %s",
        [export_id, file.version, file.format.value, file.currency],
    )
    return FileRecorded(int(written[0][0]))


@command
def finish_export(
    ctx: Ctx, *, export_id: int, version: int, troubles: tuple[tuple[ExportFormat, str, str], ...] = ()
) -> Moved:
    """Every file is made, or could not be: (format, code, reason). Refuses `NoSuchExport`."""
    row = _look(export_id)
    if row.state is not ExportState.PREPARING or row.version != version:
        return Moved(export_id, row.state)
    if troubles:
        count = len(troubles)
        rows.insert(
            "ledger_exporttrouble",
            {
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "export_id": ("bigint", [export_id] * count),
                "version": ("smallint", [version] * count),
                "format": ("text", [each[0].value for each in troubles]),
                "reason_code": ("text", [each[1] for each in troubles]),
                "reason": ("text", [each[2][:_LONGEST] for each in troubles]),
                "at": ("timestamptz", [ctx.now] * count),
                "command_id": ("bigint", [ctx.command_id] * count),
            },
        )
    move(ctx, EXPORT, [export_id], to=ExportState.MADE)
    ctx.emit(ExportMade(export_id=export_id, version=version))
    return Moved(export_id, ExportState.MADE)


@command
def deliver_export(ctx: Ctx, *, export_id: int) -> Moved:
    """The accountant has the files. Refuses `NoSuchExport`, `NotMovable`."""
    _look(export_id)
    move(ctx, EXPORT, [export_id], to=ExportState.DELIVERED)
    return Moved(export_id, ExportState.DELIVERED)


@command
def acknowledge_export(ctx: Ctx, *, export_id: int, answered_by: str, answer: str = "") -> Moved:
    """The accountant has taken it into the books; `answer` may say under which number there.

    Refuses `NoSuchExport`, `NotMovable`, `BadExport` where nobody is named.
    """
    return _answered(ctx, export_id, ExportState.ACKNOWLEDGED, answered_by, answer)


@command
def refuse_export(ctx: Ctx, *, export_id: int, answered_by: str, answer: str) -> Moved:
    """The accountant cannot take it, and why; its entries stay in it, and its files are made anew.

    Refuses `NoSuchExport`, `NotMovable`, `BadExport` where nobody is named or no reason given.
    """
    if not answer.strip():
        raise BadExport("say why it was refused")
    return _answered(ctx, export_id, ExportState.REFUSED, answered_by, answer)


@command
def remake_export(ctx: Ctx, *, export_id: int, formats: tuple[ExportFormat, ...]) -> Moved:
    """Make the files of a refused export anew, of the same entries, with today's numbers of accounts.

    Files that were made before stay. Refuses `NoSuchExport`, `NotMovable`, `BadExport`.
    """
    row = _look(export_id)
    wanted = tuple(dict.fromkeys(formats))
    require_sound(row.from_date, row.to_date, wanted)
    move(ctx, EXPORT, [export_id], to=ExportState.PREPARING)
    rows.run(
        "UPDATE ledger_export SET version = version + 1, formats = %s WHERE id = %s",
        [",".join(each.value for each in wanted), export_id],
    )
    ctx.emit(ExportOpened(export_id=export_id, version=row.version + 1))
    return Moved(export_id, ExportState.PREPARING)


def _answered(ctx: Ctx, export_id: int, state: ExportState, answered_by: str, answer: str) -> Moved:
    if not 0 < len(answered_by.strip()) <= 200:
        raise BadExport("say who answered")
    _look(export_id)
    move(ctx, EXPORT, [export_id], to=state)
    rows.run(
        "UPDATE ledger_export SET answer = %s, answered_by = %s WHERE id = %s",
        [answer.strip()[:_LONGEST], answered_by.strip(), export_id],
    )
    ctx.emit(ExportAnswered(export_id=export_id, state=state))
    return Moved(export_id, state)


def _look(export_id: int) -> queries.ExportRow:
    found = queries.export(export_id)
    if found is None:
        raise NoSuchExport(f"there is no export {export_id}")
    return found


def _require_mapped(from_date: date, to_date: date) -> None:
    used = {each.code for each in queries.preview_export(from_date=from_date, to_date=to_date).sums}
    missing = [each.code for each in queries.mapped_accounts() if each.mapped is None and each.code in used]
    if missing:
        raise NotMapped(f"{', '.join(missing)}: no number in the company's chart")
