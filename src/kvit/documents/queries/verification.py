"""Recompute the archive: every file is there and is what its hash says, every rendering that is done has one."""

from typing import Final

from kvit.base import rows
from kvit.kernel.results import Problem

_CHECKS: Final[tuple[tuple[str, str], ...]] = (
    (
        "file {0} ({1}): its content is not there",
        """
        SELECT f.id, f.name FROM documents_file f
        LEFT JOIN documents_content c ON c.tenant_id = f.tenant_id AND c.sha256 = f.sha256
        WHERE f.store = 'database' AND f.erased_date IS NULL AND c.id IS NULL
        """,
    ),
    (
        "file {0} ({1}): its content is not what was filed",
        """
        SELECT f.id, f.name FROM documents_file f
        JOIN documents_content c ON c.tenant_id = f.tenant_id AND c.sha256 = f.sha256
        WHERE encode(sha256(c.content), 'hex') <> f.sha256 OR length(c.content) <> f.size
        """,
    ),
    (
        "content {0}: no file has it",
        """
        SELECT c.sha256 FROM documents_content c
        LEFT JOIN documents_file f ON f.tenant_id = c.tenant_id AND f.sha256 = c.sha256 AND f.erased_date IS NULL
        WHERE f.id IS NULL
        """,
    ),
    (
        "sheet {0} ({1}): it is not what was frozen",
        """
        SELECT id, number FROM documents_sheet
        WHERE body <> '' AND encode(sha256(convert_to(body, 'UTF8')), 'hex') <> sha256
        """,
    ),
    (
        "sheet {0} ({1}): nobody draws it",
        """
        SELECT s.id, s.number FROM documents_sheet s
        LEFT JOIN documents_rendering r ON r.tenant_id = s.tenant_id AND r.sheet_id = s.id WHERE r.id IS NULL
        """,
    ),
)


def verify() -> tuple[Problem, ...]:
    """Files without their content, contents that changed, sheets that changed or that nobody draws."""
    return tuple(Problem("archive", text.format(*row)) for text, query in _CHECKS for row in rows.select(query))
