"""Files from outside, kept whole and once by content hash, in deflated parts of a megabyte."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from django.apps import apps
from django.db.models.fields.reverse_related import ManyToOneRel
from psycopg.sql import SQL, Identifier

from kvit.base import rows, tenant
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command

PART_BYTES = 1 << 20


@dataclass(frozen=True)
class Kept:
    """Where a file lies; `is_new` is False when the same content had come before."""

    file_id: int
    sha256: str
    is_new: bool


@dataclass(frozen=True)
class FilesErased:
    """The files whose contents are gone; what something else holds is not among them."""

    file_ids: tuple[int, ...]


@dataclass(frozen=True)
class PartKept:
    """The part stands in the database."""

    position: int


def keep(ctx: Ctx, source: BinaryIO, *, name: str) -> Kept:
    """Keep a file whole, whatever is in it, and rewind it. The same content twice is kept once.

    The parts go first, each in a transaction of its own, and the file's row last: a file that has a row
    is complete, and a crash in between costs nothing, since the parts are found again by their hash.
    """
    sha256, size = digest(source)
    _keep_parts(ctx, source, sha256)
    kept = keep_file(replace(ctx, key=None), sha256=sha256, name=name, size=size)
    if kept.is_new and not _is_whole(ctx, sha256, size):
        _keep_parts(ctx, source, sha256)  # they went while they were found: the same content was just erased
    return kept


def _keep_parts(ctx: Ctx, source: BinaryIO, sha256: str) -> None:
    for position, part in enumerate(_parts(source)):
        keep_part(replace(ctx, key=None), sha256=sha256, position=position, content=zlib.compress(part, 1))
    source.seek(0)


def _is_whole(ctx: Ctx, sha256: str, size: int) -> bool:
    with tenant.scope(ctx.tenant_id):
        ((count,),) = rows.select("SELECT count(*) FROM base_filepart WHERE sha256 = %s", [sha256])
    return bool(count == -(-size // PART_BYTES))


def kept(file_id: int) -> Kept:
    """Where a file lies that was kept before; asking for another is a bug. Needs the tenant's scope."""
    ((sha256,),) = rows.select("SELECT sha256 FROM base_file WHERE id = %s", [file_id])
    return Kept(file_id=file_id, sha256=sha256, is_new=False)


def digest(source: BinaryIO) -> tuple[str, int]:
    """SHA-256 in hex and the size in bytes, read from the start; the file is rewound."""
    found, size = hashlib.sha256(), 0
    source.seek(0)
    for part in _parts(source):
        found.update(part)
        size += len(part)
    source.seek(0)
    return found.hexdigest(), size


def _parts(source: BinaryIO) -> Iterator[bytes]:
    while part := source.read(PART_BYTES):
        yield part


@command
def keep_part(ctx: Ctx, *, sha256: str, position: int, content: Bulk[bytes]) -> PartKept:
    """Write one deflated part; a part that stands there already stays as it is."""
    rows.run(
        """
        INSERT INTO base_filepart (tenant_id, sha256, position, content) VALUES (%s, %s, %s, %s)
        ON CONFLICT DO NOTHING
        """,
        [ctx.tenant_id, sha256, position, content],
    )
    return PartKept(position)


@command
def keep_file(ctx: Ctx, *, sha256: str, name: str, size: int) -> Kept:
    """Write the file's row once its parts are there; finds the row of equal content that came before."""
    inserted = rows.select(
        """
        INSERT INTO base_file (tenant_id, sha256, name, size, at, command_id) VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT DO NOTHING RETURNING id
        """,
        [ctx.tenant_id, sha256, name[:255], size, ctx.now, ctx.command_id],
    )
    found = inserted or rows.select("SELECT id FROM base_file WHERE sha256 = %s", [sha256])
    return Kept(file_id=int(found[0][0]), sha256=sha256, is_new=bool(inserted))


@command
def erase_files(ctx: Ctx, *, file_ids: tuple[int, ...], holders: tuple[str, ...]) -> FilesErased:
    """Take out the contents, names and hashes of files for good; their rows stay, so that what names them holds.

    Only `holders`, tables of who asks, may name them: what any other table names is kept for its sake. The same
    content brought again later is a new file.
    """
    wanted = set(file_ids) - _held(file_ids, besides=holders)
    erased = rows.select(
        """
        UPDATE base_file f SET sha256 = 'erased-' || f.id, name = '', erased_at = %s
        FROM base_file was WHERE f.id = ANY(%s) AND f.erased_at IS NULL AND was.tenant_id = f.tenant_id
             AND was.id = f.id RETURNING f.id, was.sha256
        """,
        [ctx.now, sorted(wanted)],
    )
    rows.run("DELETE FROM base_filepart WHERE sha256 = ANY(%s)", [[sha256 for _, sha256 in erased]])
    return FilesErased(tuple(sorted(file_id for file_id, _ in erased)))


def _held(file_ids: Sequence[int], *, besides: Sequence[str]) -> set[int]:
    """Those of the files that a table names which is none of these."""
    found: set[int] = set()
    # Asked for by its name, for this module is read before the tables are.
    for relation in apps.get_model("base", "File")._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model._meta.db_table not in besides:
            column, table = Identifier(relation.field.column), Identifier(relation.related_model._meta.db_table)
            query = SQL("SELECT {column} FROM {table} WHERE {column} = ANY(%s)")
            found |= {row[0] for row in rows.select(query.format(column=column, table=table), [list(file_ids)])}
    return found


def read_parts(sha256: str) -> Iterator[bytes]:
    """The file's content again, part by part. Needs the tenant's scope."""
    position = 0
    while found := rows.select(
        "SELECT content FROM base_filepart WHERE sha256 = %s AND position = %s", [sha256, position]
    ):
        yield zlib.decompress(bytes(found[0][0]))
        position += 1
