"""A watched folder: whole files are taken, and end in done/ or failed/ with a report beside them.

A file is moved into `.taking` by its first, atomic rename, so two watchers never take the same; what lies there
after a crash is taken again (taking a file in twice changes nothing), and only then moved on. The report is written
before the file is moved beside it.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from kvit.banking.domain.ports import Arrived
from kvit.kernel.refusals import DomainError

_UNFINISHED: Final = (".part", ".partial", ".tmp", ".filepart", ".crdownload", "~")
_REPORT: Final = ".report.txt"
_LONGEST_NAME: Final = 200


class FolderTaken(DomainError):
    """Another process watches this folder, or it cannot be written to."""

    code: ClassVar[str] = "banking.folder_taken"


class FolderInbox:
    """See `Inbox`. A file counts as whole when neither size nor time of change moved since the look before.

    Links, pipes and whatever else is no ordinary file go to failed/ unread. Names that begin with a dot or end like
    a download under way are left alone; folders too.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._taking, self._done, self._failed = (folder / name for name in (".taking", "done", "failed"))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Hold the folder: nobody else watches it meanwhile. Refuses `FolderTaken`."""
        try:
            for place in (self._taking, self._done, self._failed):
                place.mkdir(exist_ok=True)
            handle = os.open(self.folder / ".taking" / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise FolderTaken(f"{self.folder} cannot be written to: {error.strerror}") from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise FolderTaken(f"another process watches {self.folder}") from error
            yield
        finally:
            os.close(handle)

    def arrived(self) -> Iterator[Arrived]:
        """Whole files, first those that a crash left behind; each is to be `settle`d before the next is asked for."""
        for name in sorted(name for name in os.listdir(self._taking) if not name.startswith(".")):
            yield self._open(name)
        for name in self._whole():
            free = self._free(name)
            try:
                os.rename(self.folder / name, self._taking / free)
            except FileNotFoundError:
                continue  # taken back, or taken by another
            _sync(self._taking)
            yield self._open(free)

    def settle(self, arrived: Arrived, *, is_good: bool, report: str) -> None:
        """Put the file into done/ or failed/, its report beside it."""
        place = self._done if is_good else self._failed
        unfinished = self._taking / f".{arrived.id}{_REPORT}"
        with unfinished.open("w", encoding="utf-8", errors="backslashreplace") as text:
            text.write(report)
            text.flush()
            os.fsync(text.fileno())
        os.replace(unfinished, place / f"{arrived.id}{_REPORT}")
        os.rename(self._taking / arrived.id, place / arrived.id)
        _sync(place)

    def _whole(self) -> list[str]:
        """Names of files that have not changed since the last look, in order."""
        found: dict[str, tuple[int, int, int]] = {}
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                    continue
                try:
                    if entry.is_dir(follow_symlinks=False):
                        continue
                    now = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                found[entry.name] = (now.st_ino, now.st_size, now.st_mtime_ns)
        whole = sorted(name for name, mark in found.items() if self._seen.get(name) == mark)
        self._seen = found
        return whole

    def _free(self, name: str) -> str:
        """The name, or one with a number, under which nothing lies in any of the folders."""
        stem, suffix = os.path.splitext(name)
        encoded = os.fsencode(stem)[: _LONGEST_NAME - len(os.fsencode(suffix))]
        stem = os.fsdecode(encoded)
        number, found = 1, f"{stem}{suffix}"
        while any(os.path.lexists(place / found) for place in (self._taking, self._done, self._failed)):
            number += 1
            found = f"{stem}-{number}{suffix}"
        return found

    def _open(self, name: str) -> Arrived:
        try:
            handle = os.open(self._taking / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return Arrived(name, name, None, "it is a link, or cannot be read; nothing was taken from it")
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            os.close(handle)
            return Arrived(name, name, None, "it is no ordinary file; nothing was taken from it")
        source: BinaryIO = os.fdopen(handle, "rb")
        return Arrived(name, name, source, "")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
