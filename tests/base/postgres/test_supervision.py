"""One supervisor: what its death leaves, whom it takes for a server, and how others share."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import patience
from kvit.base import postgres
from kvit.base.postgres import process
from kvit.base.postgres.folder import Folder, Lock
from postgres_supervisors import Supervisors, ask, connect
from processes import called

pytestmark = pytest.mark.database

Stranger = Callable[[Path], "subprocess.Popen[bytes]"]
NO_DEATH_SIGNAL = """
launcher = process.launcher
process.launcher = lambda account, *, death_signal: launcher(account, death_signal=0)
"""
FORK = """
child = os.fork()
if not child:
    import time
    time.sleep(60)
    os._exit(0)
print(child, flush=True)
"""


def ends(pid: int, data: Path) -> bool:
    return patience.until(lambda: not process.works_on(pid, data))


class TestASupervisorThatIsKilled:
    def test_takes_its_server_along(self, made: Path, supervisors: Supervisors) -> None:
        supervisor = supervisors.start(made)
        _, pid = supervisor.said()
        supervisor.kill()

        assert ends(pid, made / "pg")

    def test_would_leave_it_running_without_the_death_signal(self, made: Path, supervisors: Supervisors) -> None:
        """Planted fault; and the next supervisor stops what was left, and has its data."""
        supervisor = supervisors.start(made, prelude=NO_DEATH_SIGNAL)
        _, orphan = supervisor.said()
        supervisor.kill()
        time.sleep(0.5)
        assert process.works_on(orphan, made / "pg")

        with postgres.Embedded(made) as database:
            assert not process.works_on(orphan, made / "pg")
            assert database.pid != orphan
            assert ask(database, "select 1") == 1

    def test_loses_nothing_committed(self, made: Path, supervisors: Supervisors) -> None:
        for number in range(3):
            supervisor = supervisors.start(made)
            supervisor.said()
            shared = postgres.Embedded(made).attach_or_start()
            ask(shared, "create table if not exists kept (number int)")
            with connect(shared.superuser_parameters()) as connection:
                connection.execute("insert into kept values (%s)", (number,))
            supervisor.kill()

        with postgres.Embedded(made) as database:
            assert ask(database, "select array_agg(number order by number) from kept") == [0, 1, 2]

    def test_gives_the_lock_back_though_a_forked_child_of_it_lives(self, made: Path, supervisors: Supervisors) -> None:
        supervisor = supervisors.start(made, then=FORK)
        supervisor.said()
        child = int(supervisor.line())
        try:
            supervisor.kill()
            with postgres.Embedded(made) as database:
                assert ask(database, "select 1") == 1
        finally:
            os.kill(child, 9)

    def test_would_keep_the_lock_if_forks_inherited_it(self, made: Path, supervisors: Supervisors) -> None:
        """Planted fault."""
        supervisor = supervisors.start(made, then="folder._held.clear()\n" + FORK)
        supervisor.said()
        child = int(supervisor.line())
        try:
            supervisor.kill()
            with pytest.raises(postgres.AlreadySupervised):
                postgres.Embedded(made).start()
        finally:
            os.kill(child, 9)


class TestAServer:
    def test_outlives_the_thread_that_started_it(self, made: Path) -> None:
        database = postgres.Embedded(made)
        starter = threading.Thread(target=database.start)
        starter.start()
        starter.join()
        time.sleep(0.3)

        assert ask(database, "select 1") == 1
        database.stop()

    def test_would_end_with_that_thread_if_it_had_no_keeper(self) -> None:
        """Planted fault: the kernel's death signal goes by thread."""
        started: list[subprocess.Popen[bytes]] = []
        # Not SIGINT: a shell may have had it ignored, and whoever is started inherits that.
        command = [*process.launcher(None, death_signal=signal.SIGTERM), "/bin/sleep", "300"]

        def start() -> None:
            started.append(subprocess.Popen(command))
            while started[0].poll() is None and not called(started[0].pid).startswith(b"/bin/sleep"):
                time.sleep(0.05)

        starter = threading.Thread(target=start)
        starter.start()
        starter.join()

        assert started[0].wait(timeout=patience.SECONDS) == -signal.SIGTERM

    def test_is_out_of_reach_of_the_terminals_interrupt(self, running: postgres.Embedded) -> None:
        assert running.pid is not None
        assert os.getsid(running.pid) != os.getsid(0)

    def test_stops_at_once_in_good_order_though_a_connection_is_open(self, made: Path) -> None:
        database = postgres.Embedded(made).start()
        with connect(database.superuser_parameters()) as connection:
            connection.execute("select 1")
            database.stop(timeout_seconds=patience.SECONDS)
            connection.close()
        database.stop()
        assert not database.running
        said = database.folder.log.read_text()
        assert "received fast shutdown request" in said, "it waits for nobody who is connected"
        assert "database system is shut down" in said
        assert "immediate shutdown" not in said

    def test_that_died_under_its_supervisor_is_started_again(self, made: Path) -> None:
        with postgres.Embedded(made) as database:
            ask(database, "create table kept as select 7 as number")
            died = database.pid
            assert died is not None
            os.kill(died, 9)
            assert ends(died, made / "pg")
            while not database.running:
                database.ensure_running()
            assert database.pid != died
            assert ask(database, "select number from kept") == 7

    def test_that_runs_is_left_alone_by_ensure_running(self, running: postgres.Embedded) -> None:
        before = running.pid
        running.ensure_running()
        assert running.pid == before


def pretend_to_run(root: Path, pid: int) -> None:
    """Files as a server with this pid would have left them."""
    data, socket = root / "pg", root / "socket"
    (data / "postmaster.pid").write_text(f"{pid}\n{data}\n1700000000\n5432\n{socket}\n\n  0 0\nready   \n")
    (socket / ".s.PGSQL.5432.lock").write_text(f"{pid}\n{data}\n1700000000\n5432\n{socket}\n")


class TestAPidFile:
    def test_of_a_zombie_counts_for_nothing(self, made: Path, stranger: Stranger) -> None:
        zombie = stranger(made / "pg")
        zombie.kill()
        while Path(f"/proc/{zombie.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
        pretend_to_run(made, zombie.pid)

        assert not postgres.Embedded(made).running
        with postgres.Embedded(made) as database:
            assert ask(database, "select 1") == 1

    def test_whose_pid_another_program_has_counts_for_nothing(self, made: Path, stranger: Stranger) -> None:
        reused = stranger(made / "pg")
        pretend_to_run(made, reused.pid)

        with postgres.Embedded(made) as database:
            assert ask(database, "select 1") == 1
        assert reused.poll() is None

    def test_whose_pid_another_program_has_would_block_postgresql(
        self, made: Path, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the file is not removed."""
        pretend_to_run(made, stranger(made / "pg").pid)
        monkeypatch.setattr(process, "exists", lambda pid: False)

        with pytest.raises(postgres.StartFailed, match="already exists"):
            postgres.Embedded(made).start()

    def test_of_a_killed_server_counts_for_nothing(self, made: Path) -> None:
        gone = subprocess.Popen(["/bin/true"])
        gone.wait()
        pretend_to_run(made, gone.pid)

        with postgres.Embedded(made) as database:
            assert ask(database, "select 1") == 1

    def test_whose_pid_another_postgresql_has_leaves_that_one_alone(self, made: Path, root2: Path) -> None:
        with postgres.Embedded(root2) as other:
            assert other.pid is not None
            pretend_to_run(made, other.pid)
            with postgres.Embedded(made) as database:
                assert ask(database, "select 1") == 1
            assert ask(other, "select 1") == 1

    def test_whose_pid_another_postgresql_has_would_stop_that_one_if_the_name_were_enough(
        self, made: Path, root2: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""

        def named_postgres(pid: int, data: Path) -> bool:
            try:
                return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
            except FileNotFoundError:
                return False

        with postgres.Embedded(root2) as other:
            assert other.pid is not None
            pretend_to_run(made, other.pid)
            monkeypatch.setattr(process, "works_on", named_postgres)
            with postgres.Embedded(made):
                pass
            assert other._child is not None
            assert not other._child.running

    @pytest.mark.parametrize("content", ["", "garbage\n", "12", "-\n\n"])
    def test_that_cannot_be_read_names_no_server(self, root: Path, content: str) -> None:
        (root / "pg").mkdir()
        (root / "pg" / "postmaster.pid").write_text(content)
        assert not postgres.Embedded(root).running


class TestASecondProcess:
    def test_uses_the_server_of_the_first_and_leaves_it_running(self, made: Path, supervisors: Supervisors) -> None:
        supervisor = supervisors.start(made)
        _, pid = supervisor.said()
        with postgres.Embedded(made).attach_or_start() as database:
            assert not database.supervising
            assert database.pid == pid
            assert ask(database, "select 1") == 1

        assert database.running
        supervisor.leave()
        assert not database.running

    def test_takes_over_when_the_first_has_gone(self, made: Path, supervisors: Supervisors) -> None:
        supervisor = supervisors.start(made)
        supervisor.said()
        supervisor.leave()
        with postgres.Embedded(made).attach_or_start() as database:
            assert database.supervising
            assert ask(database, "select 1") == 1

    def test_is_refused_by_start_with_the_firsts_pid(self, made: Path, supervisors: Supervisors) -> None:
        supervisor = supervisors.start(made)
        supervisor.said()

        with pytest.raises(postgres.AlreadySupervised, match=f"pid {supervisor.process.pid}"):
            postgres.Embedded(made).start()

    def test_would_stop_the_firsts_server_without_the_lock(self, made: Path, supervisors: Supervisors) -> None:
        """Planted fault."""
        first = supervisors.start(made)
        _, pid = first.said()
        second = supervisors.start(made, prelude="folder.fcntl.flock = lambda descriptor, how: None")

        supervising, other = second.said()

        assert supervising
        assert other != pid
        assert not process.works_on(pid, made / "pg")

    def test_does_not_wait_for_ever(self, made: Path) -> None:
        held = Lock.take(Folder(made))
        assert held is not None
        try:
            with pytest.raises(postgres.StartFailed, match=f"pid {os.getpid()}.*not ready within 0.2 s"):
                postgres.Embedded(made).attach_or_start(timeout_seconds=0.2)
        finally:
            held.release()

    def test_does_not_use_a_server_that_the_new_supervisor_is_about_to_stop(
        self, made: Path, supervisors: Supervisors
    ) -> None:
        supervisor = supervisors.start(made, prelude=NO_DEATH_SIGNAL)
        supervisor.said()
        supervisor.kill()
        held = Lock.take(Folder(made))
        assert held is not None
        try:
            assert postgres.Embedded(made).running
            with pytest.raises(postgres.StartFailed):
                postgres.Embedded(made).attach_or_start(timeout_seconds=0.2)
        finally:
            held.release()
        with postgres.Embedded(made):
            pass


class TestARace:
    @pytest.mark.parametrize("again", [False, True], ids=["first start", "later start"])
    def test_of_many_gives_one_supervisor_and_one_server(
        self, root: Path, supervisors: Supervisors, again: bool
    ) -> None:
        if again:
            with postgres.Embedded(root):
                pass
        racers = [supervisors.start(root, how="attach_or_start") for _ in range(4)]
        said = [racer.said() for racer in racers]

        assert sorted(supervising for supervising, _ in said) == [False, False, False, True]
        assert len({pid for _, pid in said}) == 1

    def test_of_two_starts_has_one_winner(self, root: Path, supervisors: Supervisors) -> None:
        racers = [supervisors.start(root), supervisors.start(root)]
        outcomes = sorted(racer.line() != "" for racer in racers)
        assert outcomes == [False, True]
        loser = next(racer for racer in racers if racer.process.poll() is not None)
        assert "AlreadySupervised" in loser.complaint()

    def test_goes_on_when_the_winner_is_killed(self, root: Path, supervisors: Supervisors) -> None:
        first = supervisors.start(root, how="attach_or_start")
        first.said()
        first.kill()
        racers = [supervisors.start(root, how="attach_or_start") for _ in range(3)]
        said = [racer.said() for racer in racers]

        assert sorted(supervising for supervising, _ in said) == [False, False, True]
        assert len({pid for _, pid in said}) == 1


class TestAnOrphan:
    def test_that_does_not_stop_is_named(
        self, made: Path, supervisors: Supervisors, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        supervisor = supervisors.start(made, prelude=NO_DEATH_SIGNAL)
        _, orphan = supervisor.said()
        supervisor.kill()
        with monkeypatch.context() as patched:
            patched.setattr(process, "stop_orphan", lambda pid, data, *, timeout_seconds: False)
            with pytest.raises(postgres.StartFailed, match=f"pid {orphan}"):
                postgres.Embedded(made).start()

        assert process.stop_orphan(orphan, made / "pg", timeout_seconds=10)
