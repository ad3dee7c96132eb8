"""A new installation is made with few classes, and is what Django alone would have made."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = """
import os, subprocess, sys
from contextlib import nullcontext
from pathlib import Path
from kvit.base import database, postgres
from kvit.base.postgres import binaries
folder, how = Path(sys.argv[1]), sys.argv[2]
os.environ |= {"KVIT_HOME": str(folder), "KVIT_SECRET_KEY": "compared", "DJANGO_SETTINGS_MODULE": "kvit.settings"}
with postgres.Embedded(folder / "postgres") as server:
    reached = server.superuser_parameters("postgres")
    os.environ["KVIT_DATABASE_URL"] = database.make_owner(reached, dbname="kvit", secret="compared")
    import django
    django.setup()
    from kvit.base import migrate
    if how == "usual":
        migrate._each_model_alone = nullcontext
    migrate.migrate()
    named = {"host": "-h", "port": "-p", "user": "-U"}
    words = [word for key, flag in named.items() if reached.get(key) for word in (flag, str(reached[key]))]
    def dump():
        subprocess.run(
            [binaries.find().folder / "pg_dump", "--schema-only", *words, "kvit"],
            env={**os.environ, "PGPASSWORD": str(reached.get("password") or "")}, check=True,
        )
    dump()
    if how == "here":
        import psycopg
        with psycopg.connect(**server.superuser_parameters("kvit"), autocommit=True) as connection:
            connection.execute("DROP INDEX invoicing_invoice_estimate")
        print("PLANTED", flush=True)
        dump()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kvit-migrated-", dir="/tmp", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def schemas(folder: Path, how: str) -> list[list[str]]:
    """The statements that make the database, and for a database made `here` those of one that lacks an index."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KVIT_", "DJANGO_")) or k == "KVIT_PG_BIN"}
    path = os.pathsep.join(one for one in sys.path if one)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, str(folder / how), how],
        env={**kept, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        [line for line in part.splitlines() if line and not line.startswith(("\\restrict", "\\unrestrict"))]
        for part in done.stdout.split("PLANTED\n")
    ]


class TestANewDatabase:
    def test_is_what_django_alone_would_have_made(self, folder: Path) -> None:
        made, planted = schemas(folder, "here")
        (usual,) = schemas(folder, "usual")
        assert any("CREATE TABLE public.invoicing_invoice " in line for line in made)
        assert made == usual
        assert planted != usual
