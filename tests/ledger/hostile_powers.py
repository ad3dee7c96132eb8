"""SQL by which somebody might take powers that the application's role has not; see `hostile_sql`."""

from typing import Final, NamedTuple

NO_RIGHT: Final = "^42501 "  # insufficient privilege; the words differ between versions of the server


class Hostile(NamedTuple):
    """Statements and the pattern of `<sqlstate> <constraint> <message>` with which one of them is refused."""

    statements: tuple[str, ...]
    says: str


POWERS: Final = {
    "the triggers off": Hostile(("ALTER TABLE ledger_line DISABLE TRIGGER ALL",), "must be owner"),
    "a trigger gone": Hostile(("DROP TRIGGER balanced ON ledger_entry",), "must be owner"),
    "a constraint gone": Hostile(
        ("ALTER TABLE ledger_openitem DROP CONSTRAINT ledger_openitem_capacity",), "must be owner"
    ),
    "a table gone": Hostile(("DROP TABLE ledger_checkpoint",), "must be owner"),
    "a function gone": Hostile(("DROP FUNCTION ledger_entry_balanced() CASCADE",), "must be owner"),
    "a function in place of a guard": Hostile(
        (
            "CREATE OR REPLACE FUNCTION ledger_entry_balanced() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RETURN NULL; END $$",
        ),
        "permission denied for schema public|must be owner",
    ),
    "a trigger of one's own": Hostile(
        ("CREATE TRIGGER t BEFORE INSERT ON ledger_line EXECUTE FUNCTION base_append_only()",), "permission denied"
    ),
    "a rule of one's own": Hostile(("CREATE RULE r AS ON INSERT TO ledger_line DO INSTEAD NOTHING",), "must be owner"),
    "the guards as a replica": Hostile(("SET session_replication_role = replica",), "permission denied to set"),
    "a guard called by hand": Hostile(("SELECT ledger_lines_inserted()",), "permission denied for function|0A000"),
    "the guard of deletions called by hand": Hostile(("SELECT base_append_only()",), "called as triggers"),
    "the owner's role": Hostile(("SET ROLE {owner}",), "permission denied to set role"),
    "the resolver's role": Hostile(("SET ROLE {resolver}",), "permission denied to set role"),
    "the superuser's role": Hostile(("SET ROLE {superuser}",), "permission denied to set role"),
    "the superuser's session": Hostile(("SET SESSION AUTHORIZATION {superuser}",), "permission denied to set session"),
    "the owner's password": Hostile(("ALTER ROLE {owner} PASSWORD 'x'",), NO_RIGHT),
    "superpowers": Hostile(("ALTER ROLE {app} SUPERUSER",), NO_RIGHT),
    "a way round the policies": Hostile(("ALTER ROLE {app} BYPASSRLS",), NO_RIGHT),
    "the owner's powers": Hostile(("GRANT {owner} TO {app}",), NO_RIGHT),
    "rights given to oneself": Hostile(
        ("GRANT ALL ON ledger_line TO {app}", "DELETE FROM ledger_line"), "permission denied for table ledger_line"
    ),
    "a role of one's own": Hostile(("CREATE ROLE eve LOGIN",), "permission denied to create role"),
    "a table of one's own": Hostile(("CREATE TABLE public.mine (id int)",), "permission denied for schema"),
    "a schema of one's own": Hostile(("CREATE SCHEMA mine",), "permission denied for database"),
    "a temporary table that hides one": Hostile(
        ("CREATE TEMPORARY TABLE ledger_entry (id int)",), "permission denied to create temporary"
    ),
    "a function of one's own": Hostile(
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",), "permission denied for schema"
    ),
    "an extension": Hostile(("CREATE EXTENSION dblink",), "permission denied to create extension|0A000|58P01"),
    "a setting of the server": Hostile(("ALTER SYSTEM SET fsync = off",), "permission denied to set|25001"),
    "the passwords": Hostile(("SELECT rolpassword FROM pg_authid",), "permission denied for table pg_authid"),
    "the catalogue": Hostile(("UPDATE pg_class SET relrowsecurity = false",), "permission denied for table pg_class"),
    "a program": Hostile(("COPY ledger_line TO PROGRAM 'cat > /dev/null'",), NO_RIGHT),
    "a file written": Hostile(("COPY ledger_line TO '/tmp/lines'",), NO_RIGHT),
    "a file read": Hostile(("SELECT pg_read_file('/etc/passwd')",), "permission denied for function pg_read_file"),
    "a folder read": Hostile(("SELECT pg_ls_dir('/')",), "permission denied for function pg_ls_dir"),
    "a file imported": Hostile(("SELECT lo_import('/etc/passwd')",), "permission denied for function lo_import"),
}
