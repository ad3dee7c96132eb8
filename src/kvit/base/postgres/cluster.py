"""Makes a database cluster that exists only when it is complete, and writes its settings."""

import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kvit.base.postgres import binaries, process
from kvit.base.postgres.account import Account
from kvit.base.postgres.binaries import Binaries
from kvit.base.postgres.folder import Folder, sync_folder
from kvit.base.postgres.refusals import BinariesMissing, FolderUnusable, OtherVersion, SetupFailed

SUPERUSER = "kvit"
BUILTIN_LOCALES_SINCE = 17
SETTINGS_FILE = "kvit.conf"

Settings = Mapping[str, str | int]

# Read before ALTER SYSTEM and before what an operator adds below the include, so that their word wins.
SETTINGS: Settings = {
    "max_connections": 100,
    "shared_buffers": "256MB",
    "wal_compression": "on",
    # after a checkpoint each page is logged whole once; large imports should not pay that again and again
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_buffers": "16MB",
    "synchronous_commit": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


def ensure(folder: Folder, programs: Binaries, account: Account | None) -> None:
    """Make the cluster if there is none. The caller holds the lock and has prepared the folder.

    Refuses OtherVersion, FolderUnusable, SetupFailed. A set-up that was killed leaves only `pg.init-*`,
    which the next one removes.
    """
    for unfinished in folder.root.glob("pg.init-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    version_file = folder.data / "PG_VERSION"
    if version_file.exists():
        check_version(folder, programs, int(version_file.read_text()))
        if not folder.password_file.exists():
            raise FolderUnusable(f"The password file {folder.password_file} is missing; restore it from a backup")
        return
    if folder.data.exists() and any(folder.data.iterdir()):
        raise FolderUnusable(f"{folder.data} holds something that is no database; move it away")
    _create(folder, programs, account)


def check_version(folder: Folder, programs: Binaries, made_by: int) -> None:
    """Refuses OtherVersion where the data were made by another major version than the programs'."""
    if made_by == programs.major:
        return
    try:
        matching = [found for found in binaries.candidates([]) if found.major == made_by]
    except BinariesMissing:
        matching = []
    way_back = (
        f"set KVIT_PG_BIN={matching[0].folder}"
        if matching
        else f"install PostgreSQL {made_by} and set KVIT_PG_BIN to its folder of programs"
    )
    raise OtherVersion(
        f"The data in {folder.data} were made by PostgreSQL {made_by}, but {programs.source} is PostgreSQL "
        f"{programs.version}. To go on with the old version: {way_back}. To move to the new one: start with "
        f"the old, pg_dump, move {folder.root} away, start with the new, pg_restore"
    )


def password(folder: Folder) -> str:
    """The superuser's password; made at the first call. Refuses FolderUnusable if the file is empty."""
    if not folder.password_file.exists():
        folder.write(folder.password_file, secrets.token_urlsafe(32))
    found = folder.password_file.read_text().strip()
    if not found:
        raise FolderUnusable(f"The password file {folder.password_file} is empty; restore it from a backup")
    return found


def _create(folder: Folder, programs: Binaries, account: Account | None) -> None:
    # A folder of the server's user around the new cluster: initdb reads the password there as that user.
    workshop = Path(tempfile.mkdtemp(prefix="pg.init-", dir=folder.root))
    try:
        password_copy = workshop / "password"
        password_copy.write_text(password(folder))
        password_copy.chmod(0o600)
        if account is not None:
            for path in (password_copy, workshop):
                os.chown(path, account.uid, account.gid)
        built = workshop / "pg"
        _initdb(built, programs, account, password_copy=password_copy)
        with (built / "postgresql.conf").open("a", encoding="utf-8") as file:
            # At the end, for initdb's own lines above it set some of the same names.
            file.write(f"\ninclude_if_exists = '{SETTINGS_FILE}'  # written by Kvit at each start\n")
            file.flush()
            os.fsync(file.fileno())
        built.rename(folder.data)
        sync_folder(folder.root)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _initdb(target: Path, programs: Binaries, account: Account | None, *, password_copy: Path) -> None:
    command = [
        str(programs.folder / "initdb"),
        f"--pgdata={target}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_copy}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions",
    ]
    if programs.major >= BUILTIN_LOCALES_SINCE:  # the same order by code point, independent of the C library
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(  # noqa: S603  # the package's own command
        [*process.launcher(account, death_signal=signal.SIGKILL), *command],
        cwd="/",
        env=process.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stdout.decode(errors="replace").strip().splitlines()[-15:]
        raise SetupFailed("\n".join([f"initdb of {programs.source} exited with {done.returncode}:", *lines]))


def write_settings(folder: Folder, account: Account | None, conf: Settings) -> None:
    """Write kvit.conf into the data folder: the defaults of this module, overridden by `conf`.

    Raises ValueError for a name or a value that cannot be a setting.
    """
    lines = []
    for name, value in {**SETTINGS, **conf}.items():
        if not re.fullmatch(r"[a-z_][a-z0-9_.]*", name) or re.search(r"[\0\r\n]", str(value)):
            raise ValueError(f"not a setting of PostgreSQL: {name}={value!r}")
        quoted = str(value).replace("\\", "\\\\").replace("'", "''")
        lines.append(f"{name} = '{quoted}'\n")
    descriptor, unfinished = tempfile.mkstemp(prefix="kvit.conf.", dir=folder.data)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(lines)
        if account is not None:
            os.fchown(descriptor, account.uid, account.gid)
    Path(unfinished).rename(folder.data / SETTINGS_FILE)
