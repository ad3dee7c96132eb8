"""The folder of one embedded database: what lies where, whose it is, its lock and its socket.

<root>/pg                 the data (0700, the server's user)
<root>/pg.password        the password of the role kvit (0600, ours)
<root>/socket             the Unix socket (0700, the server's user), unless the path is too long for one
<root>/socket-elsewhere   then: the path of the short folder that is used instead
<root>/postgres.log       the server's log; postgres.log.1 is the one before
<root>/supervisor.lock    held by the living supervisor, whose pid it names
<root>/programs-*         PostgreSQL's programs, copied where the server's user cannot reach the originals
"""

import fcntl
import hashlib
import os
import secrets
import stat
import sys
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

from kvit.base.postgres.account import Account, server_account
from kvit.base.postgres.refusals import FolderUnusable

SOCKET_NAME = ".s.PGSQL.5432"
# sockaddr_un.sun_path, without the closing zero
LONGEST_SOCKET_PATH = 107 if sys.platform == "linux" else 103
SHORT_FOLDERS = Path("/tmp")  # noqa: S108  # mkdtemp makes a private folder in it; $TMPDIR may be long itself
LARGEST_LOG_BYTES = 10_000_000
CENTRAL = Path("/var/lib/kvit")


@dataclass(frozen=True)
class Folder:
    """The layout below `root`, an absolute path without symbolic links."""

    root: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory; it exists only when it is complete."""
        return self.root / "pg"

    @property
    def password_file(self) -> Path:
        """Holds the password of the role kvit, nothing else."""
        return self.root / "pg.password"

    @property
    def log(self) -> Path:
        """The server's standard error."""
        return self.root / "postgres.log"

    @property
    def lock(self) -> Path:
        """Locked by the supervisor for as long as it lives."""
        return self.root / "supervisor.lock"

    def prepare(self, account: Account | None) -> None:
        """Make the root and close it to others: 0700, or 0710 so that the server's group may pass through.

        Refuses FolderUnusable where the server's user cannot get in.
        """
        if "\n" in str(self.root):  # postmaster.pid is read by lines
            raise FolderUnusable(f"The path {str(self.root)!r} holds a line break")
        try:
            self._make()
            if account is None:
                close(self.root, mode=0o700)
            else:
                close(self.root, gid=account.gid, mode=0o710)
        except OSError as problem:
            raise FolderUnusable(f"The folder {self.root} cannot be used: {problem}") from problem
        if account is not None and not account.can_enter(self.root):
            raise FolderUnusable(
                f"PostgreSQL runs as {account.name}, who cannot get into {self.root}, because a folder above "
                "it is closed to others; choose a folder elsewhere, for instance below /var/lib, or do not "
                "run as root"
            )
        if self.data.exists() and os.geteuid() not in (0, owner := self.data.stat().st_uid):
            raise FolderUnusable(f"The data in {self.data} belong to the user {owner}; run as that user")

    def _make(self) -> None:
        missing = [path for path in (self.root, *self.root.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o755, exist_ok=True)
            path.chmod(0o755)  # whatever the umask: the server's user has to pass through

    def open(self, path: Path, flags: int) -> int:
        """A descriptor of a file of ours, 0600 and made if missing; never through a symbolic link.

        The file gets the root's owner, so that an installation of Alice's that was started once as root
        still works for Alice.
        """
        descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        owner = self.root.stat()
        if os.fstat(descriptor).st_uid != owner.st_uid and os.geteuid() == 0:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        return descriptor

    def write(self, path: Path, content: str) -> None:
        """Write a small file so that it is there whole or not at all, also after a crash."""
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(self.open(unfinished, os.O_WRONLY | os.O_EXCL), "w") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        sync_folder(path.parent)

    def open_log(self) -> int:
        """A descriptor to append to the log; a long log is put aside first."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG_BYTES:
            self.log.rename(self.log.with_name("postgres.log.1"))
        return self.open(self.log, os.O_WRONLY | os.O_APPEND)

    def socket_folder(self, account: Account | None) -> Path:
        """A folder for the socket that only the server's user (and root) can enter; made if missing.

        `<root>/socket`; where that is too long for a socket, or holds a comma, which libpq and PostgreSQL
        take for a list, a folder with a name that nobody can guess or prepare, `/tmp/kvit-XXXXXXXX`, noted in
        the root. A noted folder that has become another's, or open to others, is not used again.
        """
        uid, gid = (account.uid, account.gid) if account else (os.geteuid(), -1)
        usual = self.root / "socket"
        if fits_a_socket(usual):
            usual.mkdir(mode=0o700, exist_ok=True)
            close(usual, uid=uid, gid=gid, mode=0o700)
            return usual
        note = self.root / "socket-elsewhere"
        if note.exists() and _is_private(noted := Path(note.read_text()), uid):
            return noted
        short = Path(tempfile.mkdtemp(prefix="kvit-", dir=SHORT_FOLDERS))
        close(short, uid=uid, gid=gid, mode=0o700)
        self.write(note, str(short))
        return short

    def drop_short_socket_folder(self) -> None:
        """Leave nothing in /tmp once the server has stopped."""
        note = self.root / "socket-elsewhere"
        if note.exists():
            try:
                Path(note.read_text()).rmdir()
            except OSError:
                return  # gone already, or in use by another: it is found out at the next start
            note.unlink()


def fits_a_socket(folder: Path) -> bool:
    """Whether the socket's path is short enough, in bytes, and cannot be taken for a list."""
    path = os.fsencode(folder / SOCKET_NAME)
    return len(path) <= LONGEST_SOCKET_PATH and not any(mark in path for mark in (b",", b'"'))


def close(folder: Path, *, mode: int, uid: int = -1, gid: int = -1) -> None:
    """Set owner, group and mode of a folder, never through a symbolic link that took its place."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.fchown(descriptor, uid, gid)
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


def reachable_root(preferred: Path) -> Path:
    """`preferred`, or below /var/lib/kvit if we are root and the server's user cannot get to `preferred`.

    Who works as root in /root keeps /root closed and has a database all the same. The name there is derived
    from `preferred`, so that the same place is found again.
    """
    wanted = preferred.absolute().resolve()
    account = server_account(wanted, data=wanted / "pg", wanted=None)
    above = next(path for path in wanted.parents if path.exists())
    if account is None or account.can_enter(above):
        return wanted
    return CENTRAL / f"{wanted.name}-{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]}"


def _is_private(folder: Path, uid: int) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_held: "weakref.WeakSet[Lock]" = weakref.WeakSet()


@dataclass(frozen=True)
class Holder:
    """What the lock file says: the supervisor, and the server it started, 0 while there is none."""

    pid: int
    server_pid: int

    @classmethod
    def of(cls, folder: Folder) -> "Holder | None":
        """The one who wrote the lock file last; it may be dead, so ask only while the lock is held."""
        try:
            numbers = [int(word) for word in folder.lock.read_text().split()]
        except (OSError, ValueError):
            return None
        return cls(pid=numbers[0], server_pid=numbers[1]) if len(numbers) == 2 else None


class Lock:
    """An exclusive lock on a file (flock): the kernel gives it back when its holder dies, however it dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        _held.add(self)

    @classmethod
    def take(cls, folder: Folder) -> "Lock | None":
        """The lock, or None if another holds it; the file then names the holder's pid."""
        descriptor = folder.open(folder.lock, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        lock = cls(descriptor)
        lock.announce(0)
        return lock

    def announce(self, server_pid: int) -> None:
        """Say which server is ours, 0 for none yet; one write, so that a reader sees all or nothing of it."""
        os.pwrite(self._descriptor, f"{os.getpid():>10} {server_pid:>10}\n".encode(), 0)

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two files."""
        _held.discard(self)
        os.close(self._descriptor)


def _forget_in_a_fork() -> None:
    # A forked child shares the lock; left open, it would keep the lock after the supervisor's death.
    for lock in list(_held):
        lock.release()


os.register_at_fork(after_in_child=_forget_in_a_fork)
