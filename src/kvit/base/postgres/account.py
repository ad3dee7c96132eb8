"""The operating system's user that the server runs as: ours, or an unprivileged one when we are root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kvit.base.postgres.refusals import FolderUnusable

PREFERRED = ("kvit", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged user to whom a process of root steps down; PostgreSQL refuses to run as root."""

    name: str
    uid: int
    gid: int

    def can_run(self, command: Sequence[str]) -> bool:
        """Whether this user may run a short harmless command.

        It is tried out, since mode bits alone say nothing of access lists, name spaces and mounts.
        """
        try:
            done = subprocess.run(  # noqa: S603  # commands of this package only
                command,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                user=self.uid,
                group=self.gid,
                extra_groups=[],
                timeout=30,
                check=False,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may pass through `folder` and everything above it."""
        return self.can_run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])


def server_account(root: Path, *, data: Path, wanted: str | None) -> Account | None:
    """Whom the server runs as: None is ourselves (we are not root). Refuses FolderUnusable.

    For root: the owner of the data if there are any, for PostgreSQL refuses data of another; the owner of
    the folder, so that an installation of Alice's started once as root still works for Alice; then
    `wanted`, then KVIT_PG_USER, then the first of kvit, postgres, nobody.
    """
    if os.geteuid() != 0:
        return None
    for owned in (data, root):
        if (account := _owner(owned)) is not None:
            return account
    for name in filter(None, (wanted, os.environ.get("KVIT_PG_USER"), *PREFERRED)):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            if name not in PREFERRED:
                raise FolderUnusable(f"There is no user {name} on this machine to run PostgreSQL as") from None
            continue
        if found.pw_uid != 0:
            return Account(name=name, uid=found.pw_uid, gid=found.pw_gid)
    raise FolderUnusable(
        "PostgreSQL does not run as root, and none of the users kvit, postgres, nobody exists; "
        "create the user kvit (useradd --system kvit) or set KVIT_PG_USER"
    )


def _owner(path: Path) -> Account | None:
    try:
        found = pwd.getpwuid(path.stat().st_uid)
    except (FileNotFoundError, KeyError):
        return None
    return Account(name=found.pw_name, uid=found.pw_uid, gid=found.pw_gid) if found.pw_uid != 0 else None
