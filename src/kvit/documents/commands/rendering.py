"""Freeze sheets, record what became of drawing them, and want them drawn again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.documents.commands.archiving import archive
from kvit.documents.domain import checks
from kvit.documents.domain.files import NewFile
from kvit.documents.domain.lifecycle import RENDERING, RenderingState
from kvit.documents.domain.sheet import Sheet
from kvit.documents.events import RenderingsWanted, RenderingTroubled, SheetsFiled

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet and what it is of, without a key: `("invoice", 17)`; `party_id` is the other side, to be found by."""

    subject_kind: str
    subject_id: int
    sheet: Sheet
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The PDF of a rendering; `trouble` is a code where a part of it had to be left out."""

    rendering_id: int
    file: NewFile
    trouble: str = ""


@dataclass(frozen=True)
class Frozen:
    """The renderings that are wanted, in the order given; a sheet that was frozen before has the one it had."""

    rendering_ids: tuple[int, ...]


@dataclass(frozen=True)
class Filed:
    """How many PDFs were filed; those that another worker had filed first are not counted."""

    count: int


@dataclass(frozen=True)
class TroubleRecorded:
    """Whether the rendering stands as failed now; a finished one does not."""

    is_failed: bool


@command
def freeze(ctx: Ctx, *, sheets: Bulk[tuple[NewSheet, ...]]) -> Frozen:
    """Keep sheets as they are, for good, and have each drawn after commit. The same sheet of a subject is kept once.

    Refuses `BadSheet` where figures do not add up.
    """
    for each in sheets:
        checks.require_sound(each.sheet)
    if not sheets:
        return Frozen(())
    spelled = [each.sheet.canonical() for each in sheets]
    hashes = [hashlib.sha256(each).hexdigest() for each in spelled]
    sheet_ids = _write_sheets(ctx, sheets, spelled, hashes)
    new = _write_renderings(ctx, sheet_ids)
    if new:
        ctx.emit(RenderingsWanted(tuple(new.values())))
    known = dict(
        rows.select(
            "SELECT sheet_id, id FROM documents_rendering WHERE sheet_id IN (SELECT unnest(%s::bigint[]))", [sheet_ids]
        )
    )
    return Frozen(tuple(known[sheet_id] for sheet_id in sheet_ids))


@command
def file_drawn(ctx: Ctx, *, drawn: Bulk[tuple[Drawn, ...]]) -> Filed:
    """File PDFs and end their renderings; what is done already stays as it is. Refuses what `archive` refuses."""
    left = _still_wanted([each.rendering_id for each in drawn])
    filed = sorted((each for each in drawn if each.rendering_id in left), key=lambda each: each.rendering_id)
    if not filed:
        return Filed(0)
    file_ids = archive(ctx, new_files=tuple(each.file for each in filed)).file_ids
    ids = [each.rendering_id for each in filed]
    rows.run(
        """
        UPDATE documents_rendering r SET file_id = u.file_id, reason = ''
        FROM unnest(%s::bigint[], %s::bigint[]) AS u (id, file_id) WHERE r.id = u.id
        """,
        [ids, list(file_ids)],
    )
    move(ctx, RENDERING, ids, to=RenderingState.DONE)
    ctx.emit(SheetsFiled(tuple(ids)))
    subjects = _subjects(ids)
    for each in filed:
        if each.trouble:
            ctx.emit(RenderingTroubled(each.rendering_id, *subjects[each.rendering_id], True, each.trouble))
    return Filed(len(filed))


@command
def record_trouble(ctx: Ctx, *, rendering_id: int, reason_code: str, reason: str) -> TroubleRecorded:
    """A sheet cannot be drawn, and why; it waits for a person. Nothing of it is lost."""
    if not _still_wanted([rendering_id]):
        return TroubleRecorded(False)
    rows.run("UPDATE documents_rendering SET reason = %s WHERE id = %s", [reason[:LONGEST_REASON], rendering_id])
    move(ctx, RENDERING, [rendering_id], to=RenderingState.FAILED)
    ctx.emit(RenderingTroubled(rendering_id, *_subjects([rendering_id])[rendering_id], False, reason_code))
    return TroubleRecorded(True)


@command
def draw_again(ctx: Ctx, *, rendering_ids: tuple[int, ...]) -> Frozen:
    """Want sheets drawn that failed, once their cause is mended. Refuses `NotMovable` for what did not fail."""
    move(ctx, RENDERING, rendering_ids, to=RenderingState.WANTED)
    ctx.emit(RenderingsWanted(tuple(rendering_ids)))
    return Frozen(tuple(rendering_ids))


def _write_sheets(ctx: Ctx, sheets: Sequence[NewSheet], spelled: Sequence[bytes], hashes: Sequence[str]) -> list[int]:
    count = len(sheets)
    rows.insert(
        "documents_sheet",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "subject_kind": ("text", [each.subject_kind for each in sheets]),
            "subject_id": ("bigint", [each.subject_id for each in sheets]),
            "kind": ("text", [each.sheet.kind.value for each in sheets]),
            "language": ("text", [each.sheet.language for each in sheets]),
            "country": ("text", [each.sheet.country for each in sheets]),
            "number": ("text", [each.sheet.number for each in sheets]),
            "document_date": ("date", [each.sheet.issue_date for each in sheets]),
            "sha256": ("text", hashes),
            "body": ("text", [each.decode() for each in spelled]),
            "party_id": ("bigint", [each.party_id for each in sheets]),
            "at": ("timestamptz", [ctx.now] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="ON CONFLICT DO NOTHING",
    )
    found = rows.select(
        """
        SELECT s.id FROM unnest(%s::text[], %s::bigint[], %s::text[]) WITH ORDINALITY AS u (kind, subject, sha, place)
        JOIN documents_sheet s ON s.tenant_id = %s AND s.subject_kind = u.kind AND s.subject_id = u.subject
            AND s.sha256 = u.sha ORDER BY u.place
        """,
        [[e.subject_kind for e in sheets], [e.subject_id for e in sheets], list(hashes), ctx.tenant_id],
    )
    return [int(row[0]) for row in found]


def _write_renderings(ctx: Ctx, sheet_ids: Sequence[int]) -> dict[int, int]:
    wanted = sorted(set(sheet_ids))
    written = rows.insert(
        "documents_rendering",
        {
            "tenant_id": ("int", [ctx.tenant_id] * len(wanted)),
            "sheet_id": ("bigint", wanted),
            "state": ("text", [RenderingState.WANTED.value] * len(wanted)),
            "reason": ("text", [""] * len(wanted)),
            "command_id": ("bigint", [ctx.command_id] * len(wanted)),
        },
        tail="ON CONFLICT DO NOTHING RETURNING sheet_id, id",
    )
    return {int(row[0]): int(row[1]) for row in written}


def _still_wanted(rendering_ids: Sequence[int]) -> set[int]:
    """Lock these in id order; those that nobody has ended yet."""
    found = rows.select(
        """
        SELECT id FROM documents_rendering WHERE id IN (SELECT unnest(%s::bigint[])) AND state = 'wanted'
        ORDER BY id FOR NO KEY UPDATE
        """,
        [list(rendering_ids)],
    )
    return {int(row[0]) for row in found}


def _subjects(rendering_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    found = rows.select(
        """
        SELECT r.id, s.subject_kind, s.subject_id FROM documents_rendering r
        JOIN documents_sheet s ON s.tenant_id = r.tenant_id AND s.id = r.sheet_id
        WHERE r.id IN (SELECT unnest(%s::bigint[]))
        """,
        [list(rendering_ids)],
    )
    return {int(row[0]): (row[1], int(row[2])) for row in found}
