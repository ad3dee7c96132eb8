"""Put files into the archive, once by content, and let them go when the law does."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kvit.base import login, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.documents.domain import files
from kvit.documents.domain.files import NewFile
from kvit.documents.events import FilesErased
from kvit.documents.queries.files import IN_USE
from kvit.kernel.refusals import DomainError


class BadFile(DomainError):
    """A file that is empty, too large, nameless, or not what its hash says."""

    code: ClassVar[str] = "documents.bad_file"


class MustBeKept(DomainError):
    """The law wants the file longer; the text says until when."""

    code: ClassVar[str] = "documents.must_be_kept"


class NoSuchFile(DomainError):
    """The archive has no such file."""

    code: ClassVar[str] = "documents.no_such_file"


@dataclass(frozen=True)
class Archived:
    """The files' ids in the order given; `new` counts those whose content was not there before."""

    file_ids: tuple[int, ...]
    new: int


@dataclass(frozen=True)
class Erased:
    """How many files' contents are gone."""

    count: int


@command
def archive(ctx: Ctx, *, new_files: Bulk[tuple[NewFile, ...]]) -> Archived:
    """File a set of documents, all or none. Content that is there already is filed again and kept as long as the
    longer of both terms says. What lies in a store outside was put there before. Refuses `BadFile`.
    """
    for each in new_files:
        _check(each)
    if not new_files:
        return Archived((), 0)
    ids, new = _write_files(ctx, new_files)
    _write_contents(ctx, [each for each in new_files if each.store == files.DATABASE])
    _write_filings(ctx, new_files, ids)
    return Archived(tuple(ids[each.sha256] for each in new_files), new)


@command
def erase(ctx: Ctx, *, file_ids: tuple[int, ...]) -> Erased:
    """Let the contents of files go whose time is over, with the data they were made from; that they were there stays
    on record. All or none; what is gone already stays so. Refuses `NoSuchFile`, `MustBeKept`.
    """
    wanted = sorted(set(file_ids))
    found = rows.select(
        """
        SELECT id, name, keep_until, store, sha256, erased_date FROM documents_file
        WHERE id IN (SELECT unnest(%s::bigint[])) ORDER BY id FOR NO KEY UPDATE
        """,
        [wanted],
    )
    if missing := sorted(set(wanted) - {row[0] for row in found}):
        raise NoSuchFile(f"the archive has no file {missing[0]}")
    today = login.own_day(ctx.now)
    if early := next((row for row in found if row[2] >= today), None):
        raise MustBeKept(f"{early[1]} must be kept until {early[2]}; nothing was erased")
    going = [row for row in found if row[5] is None]
    ids = [row[0] for row in going]
    # Asked behind the locks: a look that is being chosen holds its logo.
    used = "SELECT f.name FROM documents_file f WHERE f.id IN (SELECT unnest(%s::bigint[])) AND (" + IN_USE + ")"
    for (name,) in rows.select(used, [ids]):
        raise MustBeKept(f"{name}: documents are still drawn with it; nothing was erased")
    rows.run(
        "UPDATE documents_file SET erased_date = %s WHERE id IN (SELECT unnest(%s::bigint[]))",
        [today, ids],
    )
    hashes = [row[4] for row in going]
    rows.run("DELETE FROM documents_content WHERE sha256 IN (SELECT unnest(%s::text[]))", [hashes])
    rows.run(
        """
        UPDATE documents_sheet SET body = '' WHERE id IN (
            SELECT sheet_id FROM documents_rendering WHERE file_id IN (SELECT unnest(%s::bigint[])))
        """,
        [ids],
    )
    if outside := tuple(row[4] for row in going if row[3] != files.DATABASE):
        ctx.emit(FilesErased(outside))
    return Erased(len(going))


def _check(file: NewFile) -> None:
    if not file.name.strip() or len(file.name) > files.LONGEST_NAME:
        raise BadFile(f"a file has a name of at most {files.LONGEST_NAME} characters")
    if not 0 < file.size <= files.LARGEST_BYTES:
        raise BadFile(f"{file.name}: {file.size} bytes; a file has 1 to {files.LARGEST_BYTES}")
    if file.store == files.DATABASE and (
        len(file.content) != file.size or hashlib.sha256(file.content).hexdigest() != file.sha256
    ):
        raise BadFile(f"{file.name}: the content is not what its hash says")
    if file.store != files.DATABASE and file.content:
        raise BadFile(f"{file.name}: a content lies in one place")


def _write_files(ctx: Ctx, new_files: Sequence[NewFile]) -> tuple[dict[str, int], int]:
    """The ids by hash, and how many are new; one row for each hash, in their order, so that two never wait in a ring.

    Content that was erased and comes again is kept again.
    """
    each = sorted({file.sha256: file for file in new_files}.values(), key=lambda file: file.sha256)
    count = len(each)
    written = rows.insert(
        "documents_file",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "sha256": ("text", [file.sha256 for file in each]),
            "size": ("bigint", [file.size for file in each]),
            "media_type": ("text", [file.media_type for file in each]),
            "name": ("text", [file.name for file in each]),
            "store": ("text", [file.store for file in each]),
            "retention": ("text", [file.retention.value for file in each]),
            "keep_until": ("date", [file.keep_until for file in each]),
            "at": ("timestamptz", [ctx.now] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="""
        ON CONFLICT (tenant_id, sha256) DO UPDATE SET
            keep_until = greatest(documents_file.keep_until, excluded.keep_until), erased_date = NULL,
            store = CASE WHEN documents_file.erased_date IS NULL THEN documents_file.store ELSE excluded.store END
        RETURNING id, sha256, xmax = 0
        """,
    )
    return {row[1]: int(row[0]) for row in written}, sum(1 for row in written if row[2])


def _write_contents(ctx: Ctx, new_files: Sequence[NewFile]) -> None:
    contents = {file.sha256: file.content for file in new_files}
    if contents:
        rows.run(
            """
            INSERT INTO documents_content (tenant_id, sha256, content)
            SELECT f.tenant_id, f.sha256, u.content FROM unnest(%s::text[], %s::bytea[]) AS u (sha256, content)
            JOIN documents_file f ON f.tenant_id = %s AND f.sha256 = u.sha256 AND f.store = 'database'
            ORDER BY u.sha256 ON CONFLICT (tenant_id, sha256) DO NOTHING
            """,
            [list(contents), list(contents.values()), ctx.tenant_id],
        )


def _write_filings(ctx: Ctx, new_files: Sequence[NewFile], ids: dict[str, int]) -> None:
    count = len(new_files)
    rows.insert(
        "documents_filing",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "file_id": ("bigint", [ids[file.sha256] for file in new_files]),
            "subject_kind": ("text", [file.subject.kind for file in new_files]),
            "subject_id": ("bigint", [file.subject.id for file in new_files]),
            "kind": ("text", [file.subject.document_kind for file in new_files]),
            "language": ("text", [file.subject.language for file in new_files]),
            "number": ("text", [file.subject.number for file in new_files]),
            "document_date": ("date", [file.subject.document_date for file in new_files]),
            "name": ("text", [file.name for file in new_files]),
            "party_id": ("bigint", [file.subject.party_id for file in new_files]),
            "amount_minor": ("bigint", [file.subject.amount_minor for file in new_files]),
            "currency": ("text", [file.subject.currency for file in new_files]),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="ON CONFLICT DO NOTHING",
    )
