"""Files and sheets for the archive, as one-liners."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import document_samples as samples
from cast import NOW
from document_logo import LOGO

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.documents.commands import NewSheet
    from kvit.documents.domain.files import NewFile

DAY = NOW.date()
YESTERDAY = DAY - timedelta(days=1)


def new_file(
    content: bytes = b"%PDF-1.7 made up", *, subject_id: int = 1, keep_until: date = date(2033, 12, 31), **given: Any
) -> "NewFile":
    """A file of an invoice."""
    from kvit.documents.domain import files
    from kvit.documents.domain.retention import RetentionClass

    subject = files.Subject(
        given.get("subject_kind", "invoice"),
        subject_id,
        given.get("kind", "invoice"),
        "sv",
        given.get("number", f"F2026-{subject_id:06d}"),
        given.get("day", DAY),
    )
    return files.new_file(
        content,
        name=given.get("name", f"Faktura-{subject_id}.pdf"),
        media_type=given.get("media_type", files.PDF),
        retention=RetentionClass.ACCOUNTING,
        keep_until=keep_until,
        subject=subject,
    )


def new_sheet(subject_id: int = 1, *, subject_kind: str = "invoice", language: str = "sv") -> "NewSheet":
    """An invoice's sheet."""
    from kvit.documents.commands import NewSheet

    return NewSheet(subject_kind, subject_id, samples.invoice(language, lines=1, number=f"F2026-{subject_id:06d}"))


def one_of_each(ctx: "Ctx", invoice_id: int) -> dict[str, Any]:
    """A file that may go, a logo, and sheets: one drawn, one wanted, one that failed."""
    from kvit.base import tenant
    from kvit.documents import commands, queries

    pdf = new_file(subject_id=invoice_id)
    old = new_file(b"old", subject_id=9_000_001, keep_until=YESTERDAY, subject_kind="party", kind="receipt")
    logo = new_file(LOGO, media_type="image/svg+xml", subject_id=9_000_002, subject_kind="company", kind="logo")
    files = commands.archive(ctx, new_files=(pdf, old, logo)).file_ids
    commands.choose_look(ctx, colour="#0e5a3c", logo_sha256=logo.sha256)
    sheets = tuple(new_sheet(9_000_010 + place, subject_kind="party") for place in range(2))
    wanted, failed, drawn = commands.freeze(ctx, sheets=(*sheets, new_sheet(invoice_id))).rendering_ids
    commands.record_trouble(ctx, rendering_id=failed, reason_code="documents.not_renderable", reason="made up")
    commands.file_drawn(ctx, drawn=(commands.Drawn(drawn, pdf),))
    with tenant.scope(ctx.tenant_id):
        (filing,) = queries.files_of("invoice", invoice_id)
    return {
        "archived": files[0],
        "filing": filing.id,
        "archived_sha256": pdf.sha256,
        "old_archived": files[1],
        "logo_sha256": logo.sha256,
        "wanted_rendering": wanted,
        "failed_rendering": failed,
    }
