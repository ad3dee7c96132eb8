"""`kvit books`: preview, export, list, write again, acknowledge."""

from datetime import date
from pathlib import Path

from kvit.base import files, login, tenant
from kvit.cli.actions import show
from kvit.cli.boot import Edge
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger import jobs, queries
from kvit.ledger.domain.exports import USUAL, USUAL_ELSEWHERE, BadExport, ExportFormat, NoSuchExport
from kvit.ledger.queries import ExportRow

Period = tuple[date, date]
_TROUBLED = 1


def preview(edge: Edge, period: Period, *, as_json: bool) -> None:
    """Print what an export would hold."""
    with tenant.scope(edge.tenant_id):
        found = queries.preview_export(from_date=period[0], to_date=period[1])
    if as_json:
        show.as_json(found)
        return
    show.say(f"{found.entry_count} entries with {found.line_count} lines; {found.exported_count} were exported before")
    show.table(
        "",
        ("account", "name", ">debit", ">credit"),
        (
            (s.code, s.name, show.money(s.debit_minor, s.currency), show.money(s.credit_minor, s.currency))
            for s in found.sums
        ),
    )


def export(edge: Edge, period: Period, formats: list[str], out: Path, *, as_json: bool) -> int:
    """Export and write the files; 0, or 1 where a format could not be made."""
    with tenant.scope(edge.tenant_id):
        usual = USUAL.get(login.own_country(), USUAL_ELSEWHERE)
    wanted = tuple(_format(each) for each in formats) or usual
    opened = ledger.open_export(edge.ctx(), from_date=period[0], to_date=period[1], formats=wanted)
    jobs.make(edge.ctx(), opened.export_id, 1)
    written = _written(edge, opened.export_id, out)
    with tenant.scope(edge.tenant_id):
        troubles = queries.export_troubles(opened.export_id, 1)
    if as_json:
        show.as_json(
            {
                "export": opened.sequence,
                "entries": opened.entry_count,
                "files": [str(path) for path in written],
                "troubles": troubles,
            }
        )
    else:
        show.say(f"export {opened.sequence}: {opened.entry_count} entries")
        for path in written:
            show.say(str(path))
        for trouble in troubles:
            show.warn(f"{trouble.format.value} could not be made: {trouble.reason}")
    return _TROUBLED if troubles else 0


def list_exports(edge: Edge, *, as_json: bool) -> None:
    """Print the exports, the newest first."""
    with tenant.scope(edge.tenant_id):
        found = queries.exports(limit=100)
    if as_json:
        show.as_json(found)
        return
    show.table(
        "",
        (">number", "from", "to", ">entries", "formats", "state", "answered by", "answer"),
        (
            (
                str(row.sequence),
                str(row.from_date),
                str(row.to_date),
                str(row.entry_count),
                " ".join(each.value for each in row.formats),
                row.state.value,
                row.answered_by,
                row.answer,
            )
            for row in found
        ),
    )


def write_files(edge: Edge, sequence: int, out: Path) -> None:
    """Write the kept files again."""
    for path in _written(edge, _numbered(edge, sequence).id, out):
        show.say(str(path))


def acknowledge(edge: Edge, sequence: int, by: str, note: str) -> None:
    """Note the accountant's answer."""
    ledger.acknowledge_export(edge.ctx(), export_id=_numbered(edge, sequence).id, answered_by=by, answer=note)
    show.say(f"export {sequence} is acknowledged by {by}")


def _format(text: str) -> ExportFormat:
    try:
        return ExportFormat(text)
    except ValueError:
        known = ", ".join(each.value for each in ExportFormat)
        raise BadExport(f"there is no format {text}; there is {known}") from None


def _numbered(edge: Edge, sequence: int) -> ExportRow:
    with tenant.scope(edge.tenant_id):
        found = next((row for row in queries.exports(limit=100_000) if row.sequence == sequence), None)
    if found is None:
        raise NoSuchExport(f"there is no export {sequence}")
    return found


class NotWritable(DomainError):
    """The files cannot be put there."""

    code = "cli.not_writable"


def _written(edge: Edge, export_id: int, out: Path) -> list[Path]:
    paths = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tenant.scope(edge.tenant_id):
            for row in queries.export_files(export_id):
                path = out / row.name
                with path.open("wb") as target:
                    target.writelines(files.read_parts(row.sha256))
                paths.append(path)
    except OSError as error:
        raise NotWritable(f"the files cannot be put into {out}: {error.strerror}") from error
    return paths
