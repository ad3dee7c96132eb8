"""The first start: what is made, that a killed one blocks nothing, and what is refused in words."""

import stat
import time
from pathlib import Path

import psycopg
import pytest

import patience
from kvit.base import postgres
from kvit.base.postgres import cluster
from kvit.base.postgres.binaries import Binaries
from postgres_supervisors import Supervisors, ask, connect

pytestmark = pytest.mark.database


class TestANewDatabase:
    def test_is_durable_checked_and_in_utf8(self, running: postgres.Embedded) -> None:
        names = ("synchronous_commit", "fsync", "data_checksums", "server_encoding", "timezone")

        assert [ask(running, f"show {name}") for name in names] == ["on", "on", "on", "UTF8", "UTC"]

    def test_sorts_by_code_point(self, running: postgres.Embedded) -> None:
        in_order = "select string_agg(letter, '' order by letter) from unnest('{ż,a,Z}'::text[]) letter"

        assert ask(running, in_order) == "Zaż"

    def test_lowers_national_letters(self, running: postgres.Embedded) -> None:
        assert ask(running, "select lower('ŻÓŁĆ ÅÄÖ ȘȚ')") == "żółć åäö șț"

    def test_has_only_a_unix_socket_whatever_the_settings_say(self, made: Path) -> None:
        with postgres.Embedded(made, conf={"listen_addresses": "127.0.0.1", "port": 5999}) as database:
            assert ask(database, "show listen_addresses") == ""
            assert ask(database, "show port") == "5432"

    def test_takes_settings_of_the_caller_at_each_start(self, made: Path) -> None:
        with postgres.Embedded(made, conf={"max_connections": 17, "application_name": r"o'\clock"}) as database:
            assert ask(database, "show max_connections") == "17"
            assert ask(database, "select reset_val from pg_settings where name = 'application_name'") == r"o'\clock"
        with postgres.Embedded(made) as database:
            assert ask(database, "show max_connections") == "100"

    @pytest.mark.parametrize("conf", [{"a b": 1}, {"jit": "on\nfsync = off"}, {"": 1}, {"x = 1 #": "y"}])
    def test_takes_no_setting_that_smuggles_another(self, made: Path, conf: dict[str, str | int]) -> None:
        with pytest.raises(ValueError, match="not a setting"):
            postgres.Embedded(made, conf=conf).start()

    def test_leaves_the_operators_own_settings_in_force(self, made: Path) -> None:
        with (
            postgres.Embedded(made) as database,
            connect(database.superuser_parameters(), autocommit=True) as connection,
        ):
            connection.execute("alter system set max_connections = 23")
        with postgres.Embedded(made) as database:
            assert ask(database, "show max_connections") == "23"

    def test_is_found_whatever_the_environment_says_of_postgresql(
        self, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hostile = {"PGPORT": "6543", "PGHOST": "elsewhere.invalid", "PGDATA": "/nowhere", "TZ": "Asia/Tokyo"}
        for name, value in hostile.items():
            monkeypatch.setenv(name, value)
        with postgres.Embedded(made) as database:
            assert ask(database, "show timezone") == "UTC"
            with psycopg.connect(database.dsn("template1")) as connection:
                assert connection.info.dbname == "template1"


class TestThePassword:
    def test_lies_in_a_file_for_the_owner_alone(self, made: Path) -> None:
        file = made / "pg.password"

        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert len(file.read_text()) >= 40
        assert stat.S_IMODE(made.stat().st_mode) & 0o007 == 0

    @pytest.mark.parametrize("password", ["wrong", ""])
    def test_is_asked_for(self, running: postgres.Embedded, password: str) -> None:
        parameters = running.parameters(dbname="postgres", user="kvit", password=password)

        with pytest.raises(psycopg.OperationalError, match="password"):
            connect(parameters)

    def test_would_not_be_asked_for_under_trust(self, made: Path) -> None:
        """Planted fault: with the authentication that the wheels' own managers choose, anything passes."""
        (made / "pg" / "pg_hba.conf").write_text("local all all trust\n")
        with postgres.Embedded(made) as database:
            connect(database.parameters(dbname="postgres", user="kvit", password="wrong")).close()

    def test_that_is_lost_is_refused_and_not_made_anew(self, made: Path) -> None:
        (made / "pg.password").unlink()

        with pytest.raises(postgres.FolderUnusable, match=r"pg\.password is missing"):
            postgres.Embedded(made).start()
        assert not (made / "pg.password").exists()

    def test_that_is_empty_is_refused(self, root: Path) -> None:
        (root / "pg.password").touch()

        with pytest.raises(postgres.FolderUnusable, match="is empty"):
            postgres.Embedded(root).start()


def half_built(root: Path) -> list[Path]:
    return list(root.glob("pg.init-*/pg/PG_VERSION"))


class TestAFirstStartThatIsKilled:
    def kill_half_way(self, root: Path, supervisors: Supervisors) -> None:
        supervisor = supervisors.start(root)
        patience.until(lambda: half_built(root), every_seconds=0.002)
        supervisor.kill()
        assert half_built(root)

    def test_blocks_nothing(self, root: Path, supervisors: Supervisors) -> None:
        for _ in range(2):
            self.kill_half_way(root, supervisors)
            assert not (root / "pg").exists()

        with postgres.Embedded(root) as database:
            assert ask(database, "select 1") == 1
        assert not list(root.glob("pg.init-*"))

    @pytest.mark.parametrize("seconds", [0.2, 0.4, 0.7])
    def test_blocks_nothing_at_any_moment(self, root: Path, supervisors: Supervisors, seconds: float) -> None:
        supervisor = supervisors.start(root)
        time.sleep(seconds)
        supervisor.kill()

        with postgres.Embedded(root) as database:
            assert ask(database, "select 1") == 1

    def test_would_block_for_good_if_it_were_built_in_place(self, root: Path, supervisors: Supervisors) -> None:
        """Planted fault: what the kill left, at the place of the finished database."""
        self.kill_half_way(root, supervisors)
        half_built(root)[0].parent.rename(root / "pg")

        with pytest.raises(postgres.StartFailed):
            postgres.Embedded(root).start(timeout_seconds=20)


class TestASetUp:
    def test_that_fails_quotes_what_initdb_said(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cluster, "SUPERUSER", "pg_forbidden")

        with pytest.raises(postgres.SetupFailed, match="pg_"):
            postgres.Embedded(root).start()
        assert [path.name for path in root.glob("pg*")] == ["pg.password"]

    def test_refuses_a_folder_of_something_else(self, root: Path) -> None:
        (root / "pg").mkdir()
        (root / "pg" / "thesis.txt").write_text("irreplaceable")

        with pytest.raises(postgres.FolderUnusable, match="move it away"):
            postgres.Embedded(root).start()
        assert (root / "pg" / "thesis.txt").read_text() == "irreplaceable"

    def test_refuses_data_of_another_major_version(self, made: Path) -> None:
        found = postgres.find()
        other = Binaries(folder=found.folder, source="a test", version=f"{found.major + 1}.0")

        with pytest.raises(postgres.OtherVersion) as refusal:
            postgres.Embedded(made, programs=other).start()
        assert f"made by PostgreSQL {found.major}" in str(refusal.value)
        assert f"set KVIT_PG_BIN={found.folder}" in str(refusal.value)
        assert "pg_restore" in str(refusal.value)

    def test_would_fail_without_a_word_of_advice_if_versions_were_not_compared(
        self, made: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: PostgreSQL alone says only that the files are incompatible."""
        (made / "pg" / "PG_VERSION").write_text("16\n")
        with pytest.raises(postgres.OtherVersion, match="install PostgreSQL 16 and set KVIT_PG_BIN"):
            postgres.Embedded(made).start()

        monkeypatch.setattr(cluster, "check_version", lambda folder, programs, made_by: None)
        with pytest.raises(postgres.StartFailed, match="incompatible"):
            postgres.Embedded(made).start()


class TestAServerThatDoesNotComeUp:
    def test_is_reported_with_the_end_of_its_log(self, made: Path) -> None:
        with pytest.raises(postgres.StartFailed, match=r'exited with 1(.|\n)*parameter "shared_buffers"'):
            postgres.Embedded(made, conf={"shared_buffers": "plenty"}).start()

    def test_can_be_started_once_the_cause_is_gone(self, made: Path) -> None:
        database = postgres.Embedded(made, conf={"shared_buffers": "plenty"})
        with pytest.raises(postgres.StartFailed):
            database.start()

        assert not database.supervising
        with postgres.Embedded(made) as database:
            assert ask(database, "select 1") == 1

    def test_gives_no_parameters(self, made: Path) -> None:
        with pytest.raises(postgres.StartFailed, match="not started"):
            postgres.Embedded(made).superuser_parameters()
