"""Addresses, secrets and roles of the database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import conninfo

import kvit
import patience
from architecture.rights import mighty_roles
from kvit.base import database
from kvit.base.database import DatabaseNotReady
from owner import parameters


class TestARoleName:
    @pytest.mark.parametrize("name", ["kvit_app", "_x", "a" * 63])
    def test_is_taken(self, name: str) -> None:
        assert database.role_name(name) == name

    @pytest.mark.parametrize("name", ["", "Kvit", "1st", "kvit-app", 'x"; DROP ROLE y', "a" * 64, "kvit\n"])
    def test_is_refused(self, name: str) -> None:
        with pytest.raises(DatabaseNotReady):
            database.role_name(name)


class TestTheSecret:
    def test_is_made_once_and_read_by_its_user_alone(self, tmp_path: Path) -> None:
        home = tmp_path / "home"
        secret = database.kept_secret(home)
        assert len(secret) >= 64
        assert database.kept_secret(home) == secret
        assert (home / "secret.key").stat().st_mode & 0o777 == 0o600
        assert [path.name for path in home.iterdir()] == ["secret.key"]

    def test_is_one_for_several_that_start_at_once(self, tmp_path: Path) -> None:
        program = (
            "import sys, pathlib as p; from kvit.base import database as d; print(d.kept_secret(p.Path(sys.argv[1])))"
        )
        environment = {**os.environ, "PYTHONPATH": str(Path(kvit.__file__).parents[1])}
        words = [sys.executable, "-c", program, str(tmp_path / "home")]
        started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(4)]
        assert len({process.communicate(timeout=patience.SECONDS)[0] for process in started}) == 1
        assert [process.returncode for process in started] == [0] * 4

    def test_is_made_though_a_crash_left_something_behind(self, tmp_path: Path) -> None:
        (tmp_path / f"secret.key.{os.getpid()}").write_text("half")
        assert len(database.kept_secret(tmp_path)) >= 64

    def test_differs_from_home_to_home(self, tmp_path: Path) -> None:
        assert database.kept_secret(tmp_path / "a") != database.kept_secret(tmp_path / "b")

    def test_lets_others_pass_through_its_home_and_no_more(self, tmp_path: Path) -> None:
        database.kept_secret(tmp_path / "home")
        assert (tmp_path / "home").stat().st_mode & 0o066 == 0


class TestAPassword:
    def test_follows_from_the_secret_and_the_role(self) -> None:
        one = database.derived_password("secret", "kvit_app")
        assert one == database.derived_password("secret", "kvit_app")
        assert one != database.derived_password("secret", "kvit_owner")
        assert one != database.derived_password("another", "kvit_app")


class TestAnAddress:
    URL = "postgresql://boss:pw@db.example:5433/books?sslmode=require"

    def test_of_the_owner_gives_the_application_a_role_beside_it(self) -> None:
        found = database.aliases({"KVIT_DATABASE_URL": self.URL}, app_role="kvit_app", secret="s")
        assert set(found) == {"default", "owner"}
        assert (found["owner"]["USER"], found["owner"]["PASSWORD"]) == ("boss", "pw")
        assert found["default"]["USER"] == "kvit_app"
        assert found["default"]["PASSWORD"] == database.derived_password("s", "kvit_app")
        for alias in found.values():
            assert (alias["HOST"], alias["PORT"], alias["NAME"]) == ("db.example", "5433", "books")
            assert alias["OPTIONS"]["sslmode"] == "require"
            assert "-c timezone=UTC" in alias["OPTIONS"]["options"]
        assert "lock_timeout" in found["owner"]["OPTIONS"]["options"]
        assert "lock_timeout" not in found["default"]["OPTIONS"]["options"]

    def test_of_the_application_alone_leaves_no_owner(self) -> None:
        found = database.aliases({"KVIT_DATABASE_APP_URL": self.URL}, app_role="kvit_app", secret="s")
        assert set(found) == {"default"}
        assert found["default"]["USER"] == "boss"

    def test_that_is_missing_reaches_no_server_by_accident(self) -> None:
        found = database.aliases({}, app_role="kvit_app", secret="s")
        assert set(found) == {"default"}
        assert found["default"]["HOST"] not in ("", "localhost")


class TestTheRoles:
    @pytest.fixture
    def given(self, live: None) -> Iterator[dict[str, Any]]:
        """The owner's parameters; the roles a test makes are dropped."""
        found = parameters("owner")
        yield found
        with psycopg.connect(**found, autocommit=True) as owner:
            for role in ("kvit_test_resolver", "kvit_test_app"):
                if owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    owner.execute(f"REVOKE ALL ON SCHEMA public FROM {role}")
                    owner.execute(f"DROP ROLE {role}")

    @staticmethod
    def make(given: dict[str, Any], word: str) -> None:
        database.make_roles(given, app_role="kvit_test_app", resolver_role="kvit_test_resolver", app_password=word)

    @staticmethod
    def signs_in(given: dict[str, Any], role: str, word: str) -> bool:
        try:
            psycopg.connect(conninfo.make_conninfo("", **{**given, "user": role, "password": word})).close()
        except psycopg.OperationalError:
            return False
        return True

    def test_are_an_application_that_signs_in_and_a_resolver_that_does_not(self, given: dict[str, Any]) -> None:
        self.make(given, "one")
        self.make(given, "one")
        assert self.signs_in(given, "kvit_test_app", "one")
        assert not self.signs_in(given, "kvit_test_app", "two")
        assert not self.signs_in(given, "kvit_test_resolver", "one")
        with psycopg.connect(**given) as owner:
            assert mighty_roles(owner, app_role="kvit_test_app", resolver_role="kvit_test_resolver") == []

    def test_get_a_new_password_with_a_new_secret(self, given: dict[str, Any]) -> None:
        self.make(given, "one")
        self.make(given, "two")
        assert self.signs_in(given, "kvit_test_app", "two")
        assert not self.signs_in(given, "kvit_test_app", "one")

    def test_that_the_owner_may_not_make_are_asked_of_an_administrator(self, given: dict[str, Any]) -> None:
        self.make(given, "one")
        powerless = {**given, "user": "kvit_test_app", "password": "one"}
        with pytest.raises(DatabaseNotReady, match="ask an administrator to run: CREATE ROLE other_app"):
            database.make_roles(powerless, app_role="other_app", resolver_role="other_resolver", app_password="x")
