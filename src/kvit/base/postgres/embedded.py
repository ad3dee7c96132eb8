"""The embedded server's life: one supervisor, start, stop, restart, and use by further processes."""

import atexit
import contextlib
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from psycopg.conninfo import make_conninfo

from kvit.base.postgres import account as accounts
from kvit.base.postgres import binaries, cluster, process
from kvit.base.postgres.account import Account
from kvit.base.postgres.binaries import Binaries
from kvit.base.postgres.cluster import SUPERUSER, Settings
from kvit.base.postgres.folder import SOCKET_NAME, Folder, Holder, Lock
from kvit.base.postgres.refusals import AlreadySupervised, FolderUnusable, ServerUnavailable, StartFailed

PORT = 5432
ORPHAN_STOP_SECONDS = 30.0
RETRY_SECONDS = 0.25


class Embedded:
    """A PostgreSQL of our own below one folder; see the package's page for the promises it keeps.

    `root` is made if missing. `programs` are found by `binaries.find()` unless given. `user` names whom the
    server runs as when we are root. `conf` overrides settings of `cluster.SETTINGS`.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        *,
        programs: Binaries | None = None,
        user: str | None = None,
        conf: Settings | None = None,
    ) -> None:
        self.folder = Folder(Path(root).absolute().resolve())
        self._programs = programs
        self._user = user
        self._conf: Settings = dict(conf or {})
        self._lock: Lock | None = None
        self._owner_pid = 0
        self._child: process.Child | None = None
        self._socket_folder: Path | None = None
        self._changing = threading.RLock()

    @property
    def supervising(self) -> bool:
        """Whether this object started the server and stops it; False when it only uses another's."""
        return self._lock is not None and self._owner_pid == os.getpid()

    @property
    def running(self) -> bool:
        """Whether the server takes connections at this moment, whoever started it."""
        return self._ready_postmaster() is not None

    @property
    def pid(self) -> int | None:
        """The server's process id, None if it does not run."""
        postmaster = self._ready_postmaster()
        return postmaster.pid if postmaster else None

    def start(self, *, timeout_seconds: float = 60) -> Self:
        """Start the server as its only supervisor, making the database at the first time.

        Refuses AlreadySupervised if another process has it, and the rest of the family ServerUnavailable.
        """
        with self._changing:
            if self.supervising:
                return self
            self._prepare()
            if not self._try_to_supervise(timeout_seconds):
                raise AlreadySupervised(f"{self.folder.root} is supervised by another process{self._holder()}")
        return self

    def attach_or_start(self, *, timeout_seconds: float = 60) -> Self:
        """Use the server of another living supervisor if there is one, else start as supervisor.

        Whoever takes the lock starts, whoever does not waits until the holder's server is ready or the holder
        is gone; so any number of processes may begin at once. An attached server is not stopped by `stop()`,
        and ends with its supervisor. Refuses the family ServerUnavailable.
        """
        with self._changing:
            end = time.monotonic() + timeout_seconds
            self._prepare()
            while not self.supervising:
                if self._try_to_supervise(timeout_seconds):
                    break
                if (postmaster := self._server_of_another()) is not None:
                    self._socket_folder = Path(postmaster.socket_folder)
                    self._read_password()
                    break
                if time.monotonic() > end:
                    raise StartFailed(
                        f"Another process{self._holder()} supervises {self.folder.root}, but its server was "
                        f"not ready within {timeout_seconds:g} s; see {self.folder.log}"
                    )
                time.sleep(process.POLL_SECONDS)
        return self

    def ensure_running(self, *, timeout_seconds: float = 60) -> None:
        """Start the server anew if it died under its living supervisor, else do nothing.

        Refuses StartFailed, and AlreadySupervised when this object is not the supervisor.
        """
        with self._changing:
            if not self.supervising:
                raise AlreadySupervised(f"{self.folder.root} is not supervised by this process{self._holder()}")
            if self._child is None or not self._child.running:
                self._run(timeout_seconds)

    def stop(self, *, timeout_seconds: float = 30) -> None:
        """Stop the server and give up supervision; nothing if we are not its supervisor. May be called twice.

        Open connections are cut, their transactions rolled back (PostgreSQL's fast shutdown).
        """
        with self._changing:
            if not self.supervising:
                self._socket_folder = None
                return
            if self._child is not None:
                self._child.stop(timeout_seconds)
            self.folder.drop_short_socket_folder()
            self._give_up()

    def __enter__(self) -> Self:
        return self if self._socket_folder is not None else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def superuser_parameters(self, dbname: str = "postgres") -> dict[str, str]:
        """What `psycopg.connect` takes, for the role kvit. Refuses StartFailed if not started."""
        return self.parameters(dbname=dbname, user=SUPERUSER, password=self._read_password())

    def parameters(self, *, dbname: str, user: str, password: str) -> dict[str, str]:
        """The same for any role. The port is said, since PGPORT in the environment would change it."""
        if self._socket_folder is None:
            raise StartFailed(f"The database in {self.folder.root} is not started")
        return {
            "host": str(self._socket_folder),
            "port": str(PORT),
            "user": user,
            "password": password,
            "dbname": dbname,
        }

    def dsn(self, dbname: str = "postgres", *, user: str | None = None, password: str | None = None) -> str:
        """The parameters as one libpq connection string; the superuser's unless `user` is given."""
        if user is None:
            return make_conninfo(**self.superuser_parameters(dbname))
        return make_conninfo(**self.parameters(dbname=dbname, user=user, password=password or ""))

    def _prepare(self) -> Account | None:
        account = accounts.server_account(self.folder.root, data=self.folder.data, wanted=self._user)
        self.folder.prepare(account)
        return account

    def _try_to_supervise(self, timeout_seconds: float) -> bool:
        """Take the lock and start; False if another holds the lock."""
        try:
            lock = Lock.take(self.folder)
        except OSError as problem:
            raise FolderUnusable(f"The folder {self.folder.root} cannot be used: {problem}") from problem
        if lock is None:
            return False
        self._lock, self._owner_pid = lock, os.getpid()
        try:
            self._run(timeout_seconds)
        except BaseException:
            self._give_up()
            raise
        atexit.register(self.stop)
        return True

    def _give_up(self) -> None:
        if self._child is not None:
            self._child.stop(timeout_seconds=0)
        self._child = None
        self._socket_folder = None
        atexit.unregister(self.stop)
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def _run(self, timeout_seconds: float) -> None:
        account = self._prepare()  # again, under the lock: whose the data are is certain only now
        programs = binaries.runnable_by(self._programs or binaries.find(), account, copies=self.folder.root)
        cluster.ensure(self.folder, programs, account)
        cluster.write_settings(self.folder, account, self._conf)
        socket_folder = self.folder.socket_folder(account)
        self._clear_the_way(socket_folder)
        self._spawn(programs, account, socket_folder=socket_folder, end=time.monotonic() + timeout_seconds)
        self._socket_folder = socket_folder
        if self._lock is not None and self._child is not None:
            self._lock.announce(self._child.pid)

    def _clear_the_way(self, socket_folder: Path) -> None:
        """Stop the server of a dead supervisor; remove a pid file that names a zombie or a stranger.

        PostgreSQL only asks whether the pid exists, and would refuse for good. Removing the file is safe:
        whether children of a dead server still use the data, PostgreSQL finds out by the shared memory,
        whose key is the data folder's inode (sysv_shmem.c).
        """
        left = process.read_postmaster(self.folder.data)
        if left is not None:
            try:
                stopped = process.stop_orphan(left.pid, self.folder.data, timeout_seconds=ORPHAN_STOP_SECONDS)
            except PermissionError:
                stopped = False
            if not stopped:
                raise StartFailed(f"A server (pid {left.pid}) already works on {self.folder.data} and does not stop")
            if process.exists(left.pid):
                (self.folder.data / "postmaster.pid").unlink(missing_ok=True)
        socket_lock = socket_folder / f"{SOCKET_NAME}.lock"
        with contextlib.suppress(FileNotFoundError, ValueError):
            # We hold the supervisor's lock and no server runs: whoever has this pid now, it is not ours.
            if process.exists(abs(int(socket_lock.read_text().split("\n")[0]))):
                socket_lock.unlink()

    def _spawn(self, programs: Binaries, account: Account | None, *, socket_folder: Path, end: float) -> None:
        command = [str(programs.folder / "postgres"), "-D", str(self.folder.data), "-k", str(socket_folder)]
        # Said here and not in a file, so that no setting can open the server to the network.
        command += ["-p", str(PORT), "-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]
        log = self.folder.open_log()
        try:
            while True:
                written_before = os.fstat(log).st_size
                self._child = process.Child(command, account=account, output=log, cwd=self.folder.root)
                if self._came_up(end):
                    return
                # Children of a killed server may hold its shared memory for a moment: then another try helps.
                if self._child.running or time.monotonic() > end or not self._is_passing(written_before):
                    break
                time.sleep(RETRY_SECONDS)
            fate = "was not ready in time" if self._child.running else self._child.outcome
            self._child.stop(timeout_seconds=5)
            raise StartFailed(f"PostgreSQL {fate}. The end of {self.folder.log}:\n{self._log_since(written_before)}")
        finally:
            os.close(log)

    def _came_up(self, end: float) -> bool:
        child = self._child
        while child is not None and child.running and time.monotonic() < end:
            postmaster = process.read_postmaster(self.folder.data)
            if postmaster is not None and postmaster.pid == child.pid and postmaster.ready:
                return True
            time.sleep(process.POLL_SECONDS)
        return False

    def _is_passing(self, written_before: int) -> bool:
        return "shared memory block" in self._log_since(written_before)

    def _log_since(self, position: int) -> str:
        with self.folder.log.open("rb") as file:
            file.seek(max(position, file.seek(0, os.SEEK_END) - 8_000))
            lines = file.read().decode(errors="replace").strip().splitlines()
        return "\n".join(lines[-15:])

    def _ready_postmaster(self) -> process.Postmaster | None:
        try:
            postmaster = process.read_postmaster(self.folder.data)
        except PermissionError as problem:
            raise FolderUnusable(f"The folder {self.folder.root} belongs to another user: {problem}") from problem
        if postmaster is None or not postmaster.ready:
            return None
        return postmaster if process.works_on(postmaster.pid, self.folder.data) else None

    def _server_of_another(self) -> process.Postmaster | None:
        """The server that the lock's living holder started, not one left over that it is about to stop."""
        holder = Holder.of(self.folder)
        if holder is None or not process.exists(holder.pid):
            return None
        postmaster = self._ready_postmaster()
        return postmaster if postmaster and postmaster.pid == holder.server_pid else None

    def _read_password(self) -> str:
        if not self.folder.password_file.exists():
            raise ServerUnavailable(f"The password file {self.folder.password_file} is missing")
        return cluster.password(self.folder)

    def _holder(self) -> str:
        holder = Holder.of(self.folder)
        return f" (pid {holder.pid})" if holder else ""
