"""The files inside a ZIP, streamed under a budget of bytes: an archive is where the smallest file does most harm."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank.fields import shown
from kvit.formats.bank.pieces import PIECE, Stopped
from kvit.kernel.results import Problem

MAX_ARCHIVE: Final = 50_000_000
MAX_MEMBERS: Final = 1_000
MAX_RATIO: Final = 100
_SPARE: Final = 1 << 20  # a small file may be squeezed further than the ratio
_BROKEN: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name, and its bytes, which may refuse Stopped while they are read."""

    name: str
    pieces: Iterator[bytes]


class _Budget:
    def __init__(self, left: int) -> None:
        self.left = left


def members(data: Iterable[bytes], max_bytes: int) -> Iterator[Member | Problem]:
    """The files of an archive in its order, to be read one by one, and problems at the name of what is none.

    All of them together may unfold to `max_bytes`, each to a hundred times its packed size. Not opened: an
    archive inside an archive, an encrypted file, a compression other than deflate.
    """
    try:
        whole = _collected(data)
        archive = zipfile.ZipFile(io.BytesIO(whole))
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except Stopped as refusal:
        yield Problem("file", f"reading stopped here: {refusal}")
        return
    except _BROKEN as error:
        yield Problem("file", f"the archive cannot be opened: {shown(str(error))}")
        return
    if not infos:
        yield Problem("file", "the archive holds no files")
    if len(infos) > MAX_MEMBERS:
        yield Problem("file", f"the archive holds {len(infos)} files, {MAX_MEMBERS} are allowed; none was read")
        return
    budget = _Budget(max_bytes)
    for info in infos:
        name = _name(info)
        if reason := _refused(info, budget):
            yield Problem(name, reason)
        else:
            yield Member(name, _unfolded(archive, info, budget))


def _collected(data: Iterable[bytes]) -> bytes:
    parts: list[bytes] = []
    size = 0
    for piece in data:
        size += len(piece)
        if size > MAX_ARCHIVE:
            raise Stopped(f"the archive is larger than {MAX_ARCHIVE} bytes")
        parts.append(piece)
    return b"".join(parts)


def _name(info: zipfile.ZipInfo) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in info.filename)[:120]


def _refused(info: zipfile.ZipInfo, budget: _Budget) -> str:
    if info.flag_bits & 1:
        return "the file is encrypted; unpack it first"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "the file is compressed in a way that is not read here"
    if info.filename.lower().endswith(".zip"):
        return "an archive inside an archive is not opened"
    if info.file_size > _most(info):
        return f"the file unfolds to {info.file_size} bytes, more than {MAX_RATIO} times its size; refused"
    if info.file_size > budget.left:
        return f"the files of the archive unfold to more than is allowed together: {budget.left} bytes were left"
    return ""


def _most(info: zipfile.ZipInfo) -> int:
    return MAX_RATIO * info.compress_size + _SPARE


def _unfolded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """The bytes of one file; what the directory says of its size is not believed."""
    left = min(budget.left, _most(info))
    try:
        with archive.open(info) as source:
            while piece := source.read(PIECE):
                left -= len(piece)
                budget.left -= len(piece)
                if left < 0:
                    raise Stopped("the file unfolds to more bytes than are allowed")
                yield piece
    except _BROKEN as error:
        raise Stopped(f"the archive is damaged: {shown(str(error))}") from None
