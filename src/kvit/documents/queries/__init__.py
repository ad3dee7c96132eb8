"""What lies in the archive, what was frozen, and how documents look."""

from kvit.documents.queries.files import (
    FileRow,
    FilingRow,
    Sought,
    content,
    due_for_erasure,
    file,
    files_of,
    filing,
    outside,
    search,
    subjects_of,
)
from kvit.documents.queries.sheets import (
    Standing,
    ToDraw,
    frozen_of,
    left_to_draw,
    look,
    sheet_of,
    standing_of,
    subjects_drawn,
    to_draw,
)
from kvit.documents.queries.verification import verify

__all__ = [
    "FileRow",
    "FilingRow",
    "Sought",
    "Standing",
    "ToDraw",
    "content",
    "due_for_erasure",
    "file",
    "files_of",
    "filing",
    "frozen_of",
    "left_to_draw",
    "look",
    "outside",
    "search",
    "sheet_of",
    "standing_of",
    "subjects_drawn",
    "subjects_of",
    "to_draw",
    "verify",
]
