"""What every test stands on: a real PostgreSQL of its own, the cast, a clock that stands still."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_server: Any = None
_folder: Path | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start the server before Django reads its settings; the distributing process itself needs none."""
    if not hasattr(config, "workerinput"):
        _share_a_folder(config)
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    _prepare_environment()
    import django

    django.setup()


def _share_a_folder(config: pytest.Config) -> None:
    """For what is made once for all processes that share in the tests; they inherit its name."""
    shared = Path(tempfile.mkdtemp(prefix="kvit-shared-", dir="/tmp"))
    shared.chmod(0o755)
    os.environ["KVIT_TEST_SHARED_FOLDER"] = str(shared)
    config.add_cleanup(lambda: shutil.rmtree(shared, ignore_errors=True))


def _prepare_environment() -> None:
    global _server, _folder
    _folder = Path(tempfile.mkdtemp(prefix="kvit-test-", dir="/tmp"))
    _folder.chmod(0o755)
    (_folder / "home" / "static").mkdir(parents=True)
    os.environ["KVIT_HOME"] = str(_folder / "home")
    os.environ["KVIT_SECRET_KEY"] = "only for tests"
    os.environ["DJANGO_SETTINGS_MODULE"] = "kvit.settings"
    os.environ.pop("KVIT_TEST_MODE", None)
    os.environ["KVIT_VIES_URL"] = os.environ["KVIT_WHITE_LIST_URL"] = ""  # no test asks a register of the real world

    from psycopg import conninfo

    from kvit.base import database, postgres

    if given := os.environ.get("KVIT_TEST_SERVER_URL"):
        superuser = {k: str(v) for k, v in conninfo.conninfo_to_dict(given).items() if v is not None}
    else:
        speed = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
        _server = postgres.Embedded(_folder / "server", conf=speed).start()
        superuser = _server.superuser_parameters("postgres")
    os.environ["KVIT_DATABASE_URL"] = database.make_owner(
        superuser, dbname=f"kvit_test_{WORKER}", secret="only for tests", fresh=True
    )
    os.environ.pop("KVIT_DATABASE_APP_URL", None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        _server.stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: an archive made at collection holds the time, and differs between workers."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever touches a database is marked so, to be run again on another version."""
    needs = {"db", "django_db_setup", "live"}
    for item in items:
        if needs & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Migrate once, as the owner; tests run as the application's role."""
    from kvit.base.migrate import migrate

    with django_db_blocker.unblock():
        migrate()
        from django.db import connections

        connections.close_all()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def live(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Real commits, for races and crashes; a test takes a tenant of its own, so nothing need be cleaned up."""
    from django.db import connections

    with django_db_blocker.unblock():
        yield
        connections.close_all()


@pytest.fixture
def own_queue(live: None) -> None:
    """A queue that holds the test's own jobs only."""
    import leftovers

    leftovers.drop_jobs()


pytest_plugins = ["cast", "surfaces"]
