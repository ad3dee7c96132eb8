"""The rows of the access matrix of documents."""

from access_kinds import Asks, Matrix, Reads
from archived import new_file
from kvit.base.lifecycle import NotMovable
from kvit.documents import commands as documents
from kvit.documents import queries as documents_q
from kvit.documents.domain.sheet import Look

HERS = new_file(b"hers", subject_kind="party", subject_id=7, number="HERS")
DOCUMENTS: Matrix = {
    "documents.commands.archive": Asks(lambda ctx, w: documents.archive(ctx, new_files=(HERS,)), own=True),
    "documents.commands.choose_look": Asks(
        lambda ctx, w: documents.choose_look(ctx, colour="", logo_sha256=w.logo_sha256), documents.BadLook
    ),
    "documents.commands.draw_again": Asks(
        lambda ctx, w: documents.draw_again(ctx, rendering_ids=(w.failed_rendering,)), NotMovable
    ),
    "documents.commands.erase": Asks(
        lambda ctx, w: documents.erase(ctx, file_ids=(w.old_archived,)), documents.NoSuchFile
    ),
    "documents.commands.file_drawn": Asks(
        lambda ctx, w: documents.file_drawn(ctx, drawn=(documents.Drawn(w.wanted_rendering, new_file(b"drawn")),)),
        documents.Filed(0),
    ),
    "documents.commands.freeze": Asks(
        # Without sheets: hers would queue a job, which the look at Anna's tables sees.
        lambda ctx, w: documents.freeze(ctx, sheets=()),
        own=True,
    ),
    "documents.commands.record_trouble": Asks(
        lambda ctx, w: documents.record_trouble(
            ctx, rendering_id=w.wanted_rendering, reason_code="documents.not_renderable", reason="-"
        ),
        documents.TroubleRecorded(False),
    ),
    "documents.queries.content": Reads(lambda w: documents_q.content(w.archived_sha256), None),
    "documents.queries.due_for_erasure": Reads(lambda w: documents_q.due_for_erasure(w.now.date(), limit=9), ()),
    "documents.queries.file": Reads(lambda w: documents_q.file(w.archived_sha256), None),
    "documents.queries.files_of": Reads(lambda w: documents_q.files_of("invoice", w.unpaid), ()),
    "documents.queries.filing": Reads(lambda w: documents_q.filing(w.filing), None),
    "documents.queries.frozen_of": Reads(lambda w: documents_q.frozen_of("invoice", [w.unpaid]), frozenset()),
    "documents.queries.left_to_draw": Reads(lambda w: documents_q.left_to_draw(limit=9), ()),
    "documents.queries.look": Reads(lambda w: documents_q.look(), Look()),
    "documents.queries.outside": Reads(lambda w: documents_q.outside(above_id=0, limit=9), (), alike=True),
    "documents.queries.search": Reads(lambda w: documents_q.search(documents_q.Sought(number="F2026")), ()),
    "documents.queries.sheet_of": Reads(lambda w: documents_q.sheet_of("invoice", w.unpaid), None),
    "documents.queries.standing_of": Reads(lambda w: documents_q.standing_of("invoice", w.unpaid), None),
    "documents.queries.subjects_drawn": Reads(lambda w: documents_q.subjects_drawn([w.wanted_rendering]), {}),
    "documents.queries.subjects_of": Reads(lambda w: documents_q.subjects_of("invoice"), frozenset()),
    "documents.queries.to_draw": Reads(lambda w: documents_q.to_draw([w.wanted_rendering]), ()),
    "documents.queries.verify": Reads(lambda w: documents_q.verify(), (), alike=True),
}
