"""Files from outside, kept whole and once by content hash, in deflated parts of a megabyte."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from kvit.base import rows
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
class PartKept:
    """The part stands in the database."""

    position: int


def keep(ctx: Ctx, source: BinaryIO, *, name: str) -> Kept:
    """Keep a file whole, whatever is in it, and rewind it. The same content twice is kept once.

    The parts go first, each in a transaction of its own, and the file's row last: a file that has a row
    is complete, and a crash in between costs nothing, since the parts are found again by their hash.
    """
    sha256, size = digest(source)
    for position, part in enumerate(_parts(source)):
        keep_part(replace(ctx, key=None), sha256=sha256, position=position, content=zlib.compress(part, 1))
    source.seek(0)
    return keep_file(replace(ctx, key=None), sha256=sha256, name=name, size=size)


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


def read_parts(sha256: str) -> Iterator[bytes]:
    """The file's content again, part by part. Needs the tenant's scope."""
    position = 0
    while found := rows.select(
        "SELECT content FROM base_filepart WHERE sha256 = %s AND position = %s", [sha256, position]
    ):
        yield zlib.decompress(bytes(found[0][0]))
        position += 1
