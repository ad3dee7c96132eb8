"""Frozen sheets, how far each is drawn, and how documents look."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvit.base import rows
from kvit.documents.domain.lifecycle import RenderingState
from kvit.documents.domain.sheet import Look, Sheet, restored


@dataclass(frozen=True, slots=True)
class ToDraw:
    """A sheet that waits to be drawn, and what it is of."""

    rendering_id: int
    subject_kind: str
    subject_id: int
    sheet: Sheet
    party_id: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the newest sheet of a subject is drawn; `reason` says why it is not."""

    rendering_id: int
    state: RenderingState
    reason: str


def sheet_of(subject_kind: str, subject_id: int) -> Sheet | None:
    """The newest frozen sheet of a subject, or None. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT body FROM documents_sheet WHERE subject_kind = %s AND subject_id = %s AND body <> ''
        ORDER BY id DESC LIMIT 1
        """,
        [subject_kind, subject_id],
    )
    return restored(found[0][0]) if found else None


def standing_of(subject_kind: str, subject_id: int) -> Standing | None:
    """Where the drawing of a subject's newest sheet stands, or None where there is none. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT r.id, r.state, r.reason FROM documents_sheet s
        JOIN documents_rendering r ON r.tenant_id = s.tenant_id AND r.sheet_id = s.id
        WHERE s.subject_kind = %s AND s.subject_id = %s ORDER BY s.id DESC LIMIT 1
        """,
        [subject_kind, subject_id],
    )
    return Standing(int(found[0][0]), RenderingState(found[0][1]), found[0][2]) if found else None


def to_draw(rendering_ids: Sequence[int]) -> tuple[ToDraw, ...]:
    """Of these renderings those that nobody has ended, in id order. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT r.id, s.subject_kind, s.subject_id, s.body, s.party_id FROM documents_rendering r
        JOIN documents_sheet s ON s.tenant_id = r.tenant_id AND s.id = r.sheet_id
        WHERE r.id IN (SELECT unnest(%s::bigint[])) AND r.state = 'wanted' ORDER BY r.id
        """,
        [list(rendering_ids)],
    )
    return tuple(ToDraw(int(row[0]), row[1], int(row[2]), restored(row[3]), row[4]) for row in found)


def left_to_draw(*, limit: int) -> tuple[int, ...]:
    """Renderings that are wanted, the oldest first. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id FROM documents_rendering WHERE state <> 'done' AND state = 'wanted' ORDER BY id LIMIT %s", [limit]
    )
    return tuple(int(row[0]) for row in found)


def frozen_of(subject_kind: str, subject_ids: Sequence[int]) -> frozenset[int]:
    """Which of these subjects have a sheet. Needs the tenant's scope."""
    found = rows.select(
        "SELECT DISTINCT subject_id FROM documents_sheet WHERE subject_kind = %s AND subject_id = ANY(%s)",
        [subject_kind, list(subject_ids)],
    )
    return frozenset(row[0] for row in found)


def subjects_drawn(rendering_ids: Sequence[int]) -> dict[str, tuple[int, ...]]:
    """What these renderings are of, by kind of subject. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT s.subject_kind, array_agg(DISTINCT s.subject_id) FROM documents_rendering r
        JOIN documents_sheet s ON s.tenant_id = r.tenant_id AND s.id = r.sheet_id
        WHERE r.id IN (SELECT unnest(%s::bigint[])) GROUP BY 1
        """,
        [list(rendering_ids)],
    )
    return {row[0]: tuple(row[1]) for row in found}


def look() -> Look:
    """How documents look from now on. Needs the tenant's scope."""
    found = rows.select("SELECT colour, logo_sha256 FROM documents_look ORDER BY id DESC LIMIT 1")
    return Look(*found[0]) if found else Look()
