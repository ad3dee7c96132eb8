"""Which database, as which role: addresses from the environment, roles made ready, migrations run by the owner."""

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg import conninfo, sql

from kvit.kernel.refusals import DomainError

LOCK_TIMEOUT = "2s"
_UNSET = "kvit-has-no-database-yet"


class DatabaseNotReady(DomainError):
    """The database cannot be reached, or lacks what Kvit needs; the text says which and what to do."""

    code: ClassVar[str] = "base.database_not_ready"


def role_name(name: str) -> str:
    """A role's name that is safe to stand in a statement. Refuses anything but lower-case letters, digits, `_`."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise DatabaseNotReady(f"{name!r} cannot be a role's name: lower-case letters, digits and _ only")
    return name


def home(environ: Mapping[str, str]) -> Path:
    """Where an installation keeps its secret and its embedded server: `KVIT_HOME`, else the user's data folder.

    For root it is /var/lib/kvit: the server runs as another user, who must not need a way through /root.
    """
    if environ.get("KVIT_HOME"):
        return Path(environ["KVIT_HOME"]).resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/kvit")
    return Path.home() / ".local" / "share" / "kvit"


def kept_secret(home: Path) -> str:
    """The installation's secret, made once and kept in its folder, readable by its user alone."""
    path = home / "secret.key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text()
    home.mkdir(parents=True, exist_ok=True, mode=0o711)
    number, name = tempfile.mkstemp(prefix="secret.key.", dir=home)  # 0600; never the name a crash left behind
    made = Path(name)
    with open(number, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(made, path)  # atomic: two first starts agree on one secret
    made.unlink()
    return path.read_text()


def derived_password(secret: str, role: str) -> str:
    """The password of a role Kvit makes itself; nobody needs to keep it."""
    return hmac.new(secret.encode(), b"database role " + role.encode(), hashlib.sha256).hexdigest()


def aliases(environ: Mapping[str, str], *, app_role: str, secret: str) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` signs in as the application's role, `owner` as the owner of the tables.

    `KVIT_DATABASE_URL` names the server and the owner; the application's role lives beside it, unless
    `KVIT_DATABASE_APP_URL` names it. A web or worker machine needs only the latter.
    """
    owner_url, app_url = environ.get("KVIT_DATABASE_URL"), environ.get("KVIT_DATABASE_APP_URL")
    owner = conninfo.conninfo_to_dict(owner_url) if owner_url else {}
    if app_url:
        app = conninfo.conninfo_to_dict(app_url)
    else:
        app = {**owner, "user": app_role, "password": derived_password(secret, app_role)}
    found = {"default": _alias(app)}
    if owner_url:
        found["owner"] = _alias(owner, options=f"-c lock_timeout={LOCK_TIMEOUT}")
    return found


def _alias(parameters: Mapping[str, Any], *, options: str = "") -> dict[str, Any]:
    known = {"host", "port", "user", "password", "dbname"}
    rest = {k: v for k, v in parameters.items() if k not in known}
    rest["options"] = f"{rest.get('options', '')} -c timezone=UTC -c random_page_cost=1.1 {options}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": parameters.get("host", _UNSET),
        "PORT": str(parameters.get("port", "")),
        "USER": parameters.get("user", ""),
        "PASSWORD": parameters.get("password", ""),
        "NAME": parameters.get("dbname", "kvit"),
        "OPTIONS": {**rest, "server_side_binding": True, "prepare_threshold": 2},
        "TEST": {"MIRROR": None},
        "CONN_HEALTH_CHECKS": False,
    }


def make_owner(superuser: Mapping[str, Any], *, dbname: str, secret: str, fresh: bool = False) -> str:
    """Give an embedded server its owner role and database; the owner's connection string.

    The owner may create roles and owns its database, and nothing more. `fresh` drops what stood there.
    """
    owner, password = "kvit_owner", derived_password(secret, "kvit_owner")
    with psycopg.connect(**superuser, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE").format(sql.Identifier(owner)))
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(owner), sql.Literal(password)))
        if fresh:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(dbname)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(dbname), sql.Identifier(owner))
            )
    return conninfo.make_conninfo("", **{**superuser, "user": owner, "password": password, "dbname": dbname})


def make_roles(owner: Mapping[str, Any], *, app_role: str, resolver_role: str, app_password: str) -> None:
    """Make the application's role (signs in, owns nothing) and the resolver's (cannot sign in, no bypass).

    Refuses `DatabaseNotReady` where the owner may not create roles, saying what an administrator has to run.
    """
    with psycopg.connect(**owner, autocommit=True) as connection:
        try:
            _make_role(connection, app_role, "LOGIN NOBYPASSRLS NOCREATEROLE NOCREATEDB", app_password)
            _make_role(connection, resolver_role, "NOLOGIN NOBYPASSRLS", None)
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(resolver_role)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise DatabaseNotReady(
                f"the owner may not create roles; ask an administrator to run: CREATE ROLE {app_role} LOGIN PASSWORD "
                f"'…'; CREATE ROLE {resolver_role} NOLOGIN; GRANT {resolver_role} TO the owner; then set "
                "KVIT_DATABASE_APP_URL"
            ) from error
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        # A temporary table hides the real one of its name for as long as the connection lives.
        connection.execute(
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(connection.info.dbname))
        )
        for role in (app_role, resolver_role):
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(resolver_role)))


def _make_role(connection: psycopg.Connection[Any], name: str, rights: str, password: str | None) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if not known:
        with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(name)))
    if password is not None and not _signs_in(connection, name, password):
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(password)))


def _signs_in(connection: psycopg.Connection[Any], name: str, password: str) -> bool:
    try:
        psycopg.connect(conninfo.make_conninfo(connection.info.dsn, user=name, password=password)).close()
    except psycopg.OperationalError:
        return False
    return True
