"""Make the files of an export: written as the lines come, kept whole by their hash, recorded one by one."""

import itertools
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final, cast

from kvit.base import files, job, login, tenant
from kvit.base.command import Ctx
from kvit.formats.books.jpk import tables
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands, queries
from kvit.ledger.commands import NewExportFile
from kvit.ledger.domain import export_files
from kvit.ledger.domain.export_files import SUFFIX, Company
from kvit.ledger.domain.exports import ExportFormat, ExportLine, ExportState
from kvit.ledger.domain.national import ChartAccount
from kvit.ledger.domain.ports import subjects
from kvit.ledger.events import ExportOpened
from kvit.ledger.queries import ExportRow
from kvit.parties import queries as parties

_IN_MEMORY: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class _Plan:
    """One file that is to be made, and how; the writer gives the number of rows and a note."""

    format: ExportFormat
    currency: str
    write: Callable[[BinaryIO], tuple[int, str]]


@job.on(ExportOpened, "ledger.make_files", is_slow=True)
def make_files(ctx: Ctx, event: ExportOpened) -> None:
    """Make what is asked for; begun again after a crash, what was recorded stays as it is."""
    make(ctx, event.export_id, event.version)


def make(ctx: Ctx, export_id: int, version: int) -> None:
    """Make the files of a version of an export; a format that cannot be made says why, the others are made."""
    unkeyed = replace(ctx, key=None)
    with tenant.scope(ctx.tenant_id):
        export = queries.export(export_id)
        if export is None or export.version != version or export.state is not ExportState.PREPARING:
            return
        accounts = {each.account_id: each.mapped for each in queries.mapped_accounts() if each.mapped is not None}
        plans = tuple(_plans(ctx, export, accounts))
    troubles: list[tuple[ExportFormat, str, str]] = []
    for plan in plans:
        try:
            _make(unkeyed, export, version, plan)
        except DomainError as refusal:
            troubles.append((plan.format, refusal.code, str(refusal)))
    commands.finish_export(unkeyed, export_id=export_id, version=version, troubles=tuple(troubles))


def _make(ctx: Ctx, export: ExportRow, version: int, plan: _Plan) -> None:
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        out = cast(BinaryIO, spooled)
        with tenant.scope(ctx.tenant_id):
            count, note = plan.write(out)
        size = out.tell()
        kept = files.keep(ctx, out, name=_name(export, version, plan))
    file = NewExportFile(
        version=version,
        format=plan.format,
        currency=plan.currency,
        name=_name(export, version, plan),
        file_id=kept.file_id,
        sha256=kept.sha256,
        size=size,
        row_count=count,
        note=note,
    )
    commands.record_export_file(ctx, export_id=export.id, file=file)


def _name(export: ExportRow, version: int, plan: _Plan) -> str:
    """`kvit-7-2026-03-01--2026-03-31-sie4-SEK.se`; a later version says so."""
    parts = [f"kvit-{export.sequence}", f"{export.from_date}--{export.to_date}", plan.format.value]
    parts += [plan.currency] if plan.currency else []
    parts += [f"v{version}"] if version > 1 else []
    return f"{'-'.join(parts)}.{SUFFIX[plan.format]}"


def _plans(ctx: Ctx, export: ExportRow, accounts: dict[int, ChartAccount]) -> Iterator[_Plan]:
    def lines() -> Iterator[ExportLine]:
        chunks = queries.export_lines(export.id, tenant_id=ctx.tenant_id, accounts=accounts)
        return itertools.chain.from_iterable(chunks)

    for kind in export.formats:
        if kind is ExportFormat.SIE:
            for currency in queries.export_currencies(export.id):
                yield _Plan(kind, currency, _sie(ctx, export, currency, accounts, lines))
        elif kind is ExportFormat.JPK_V7:
            yield _Plan(kind, "", lambda out: (_sales(ctx, export, accounts, out), ""))
        else:
            yield _Plan(kind, "", _journal(kind, lines))


def _journal(kind: ExportFormat, lines: Callable[[], Iterable[ExportLine]]) -> Callable[[BinaryIO], tuple[int, str]]:
    return lambda out: (export_files.write_journal(out, kind, lines()), "")


def _sie(
    ctx: Ctx,
    export: ExportRow,
    currency: str,
    accounts: dict[int, ChartAccount],
    lines: Callable[[], Iterable[ExportLine]],
) -> Callable[[BinaryIO], tuple[int, str]]:
    def write(out: BinaryIO) -> tuple[int, str]:
        chart = dict(sorted((each.number, each.name) for each in accounts.values()))
        head = export_files.sie_head(
            company=_company(),
            currency=currency,
            year=export.from_date.year,
            made=login.own_day(ctx.now),
            accounts=tuple(chart.items()),
            note=f"Kvit {export.sequence}, {export.from_date} - {export.to_date}",
        )
        return export_files.write_vouchers(out, head, lines())

    return write


def _sales(ctx: Ctx, export: ExportRow, accounts: dict[int, ChartAccount], out: BinaryIO) -> int:
    chunks = queries.export_lines(export.id, tenant_id=ctx.tenant_id, accounts=accounts)
    found = itertools.chain.from_iterable(
        export_files.sales_rows(chunk, subjects().sales(list({line.subject for line in chunk}))) for chunk in chunks
    )
    return tables.write_sales(out, found)


def _company() -> Company:
    own = next((parties.party(party_id) for party_id in parties.own_parties()), None)
    if own is None:
        return Company("", "")
    number = next((each.value for each in own.identities if each.kind.value in ("orgnr", "nip", "cui")), "")
    return Company(own.name, number)
