"""Every table keeps tenants apart (RELIABILITY 11, scorecard 7), and each fault planted as the owner is reported."""

import io
from collections.abc import Callable

import psycopg
import pytest
from django.apps import apps
from django.conf import settings

from architecture import catalogue, rights
from architecture.filling import fill_every_table, references_of, seen
from kvit.base import files, isolation, login
from kvit.base.command import Ctx
from owner import Owner, parameters

Check = Callable[[Owner], list[str]]

TENANT, OTHER = 2_000_000_001, 2_000_000_002


def strange_policies(owner: Owner) -> list[str]:
    return catalogue.strange_policies(owner, of_tenant=isolation.OF_TENANT, resolver_role=settings.KVIT_RESOLVER_ROLE)


def mighty_roles(owner: Owner) -> list[str]:
    return rights.mighty_roles(owner, app_role=settings.KVIT_APP_ROLE, resolver_role=settings.KVIT_RESOLVER_ROLE)


def belongings_of_the_application(owner: Owner) -> list[str]:
    return rights.belongings(owner, role=settings.KVIT_APP_ROLE)


def belongings_of_the_resolver(owner: Owner) -> list[str]:
    return rights.belongings(owner, role=settings.KVIT_RESOLVER_ROLE, functions_too=False)


def excessive_rights(owner: Owner) -> list[str]:
    return rights.excessive_rights(owner, app_role=settings.KVIT_APP_ROLE)


CHECKS: tuple[Check, ...] = (
    catalogue.tables_without_tenant,
    catalogue.tables_not_isolated,
    strange_policies,
    catalogue.keys_without_tenant,
    catalogue.references_across_tenants,
    catalogue.states_without_check,
    mighty_roles,
    belongings_of_the_application,
    belongings_of_the_resolver,
    excessive_rights,
    rights.loose_functions,
    rights.loose_views,
)
OF_TENANT = isolation.OF_TENANT
PLAIN = "CREATE TABLE work_planted (tenant_id integer NOT NULL, id bigint, state text, PRIMARY KEY (tenant_id, id))"
DEFINER = "CREATE FUNCTION planted() RETURNS int LANGUAGE sql SECURITY DEFINER {} AS 'SELECT 1'"
SAFE_PATH = "SET search_path = pg_catalog, pg_temp"

FAULTS: tuple[tuple[Check, tuple[str, ...], str], ...] = (
    (catalogue.tables_without_tenant, ("CREATE TABLE work_planted (id bigint PRIMARY KEY)",), "work_planted has no"),
    (
        catalogue.tables_without_tenant,
        ("CREATE TABLE work_planted (tenant_id bigint NOT NULL)",),
        "work_planted has no",
    ),
    (catalogue.tables_without_tenant, ("CREATE TABLE work_planted (tenant_id integer)",), "work_planted has no"),
    (catalogue.tables_without_tenant, ("ALTER TABLE base_clockoffset RENAME TO work_x",), "base_clockoffset is on"),
    (catalogue.tables_not_isolated, (PLAIN,), "work_planted: row-level security is not enabled"),
    (
        catalogue.tables_not_isolated,
        ("ALTER TABLE base_event NO FORCE ROW LEVEL SECURITY",),
        "base_event: row-level security is not forced",
    ),
    (
        catalogue.tables_not_isolated,
        ("ALTER TABLE base_tenant DISABLE ROW LEVEL SECURITY",),
        "base_tenant: row-level security is not enabled",
    ),
    (strange_policies, ("DROP POLICY of_tenant ON base_event",), "base_event: the policy ('of_tenant'"),
    (strange_policies, ("CREATE POLICY more ON base_event USING (true)",), "base_event: the policy ('more'"),
    (strange_policies, ("ALTER POLICY of_tenant ON base_event WITH CHECK (true)",), "base_event: the policy"),
    (strange_policies, ("ALTER POLICY of_tenant ON base_event TO CURRENT_USER",), "base_event: the policy"),
    (
        strange_policies,
        ("ALTER POLICY of_tenant ON base_event USING (tenant_id = current_setting('app.tenant')::int)",),
        "base_event: the policy",
    ),
    (strange_policies, ("ALTER POLICY resolver ON base_tenant TO PUBLIC",), "base_tenant: the policy ('resolver'"),
    (
        strange_policies,
        ("CREATE POLICY resolver ON base_event FOR SELECT TO kvit_resolver USING (true)",),
        "base_event: the policy ('resolver'",
    ),
    (catalogue.keys_without_tenant, ("CREATE TABLE work_planted (tenant_id integer)",), "work_planted has no primary"),
    (catalogue.keys_without_tenant, ("CREATE UNIQUE INDEX planted ON base_event (id)",), "base_event: planted begins"),
    (catalogue.keys_without_tenant, ("CREATE INDEX planted ON base_event (type)",), "base_event: planted begins"),
    (catalogue.keys_without_tenant, ("CREATE INDEX planted ON base_event ((1))",), "base_event: planted begins"),
    (
        catalogue.references_across_tenants,
        (
            "CREATE UNIQUE INDEX planted ON base_command (id)",
            "ALTER TABLE base_event ADD CONSTRAINT single FOREIGN KEY (command_id) REFERENCES base_command (id)",
        ),
        "single: base_event → base_command",
    ),
    (
        catalogue.references_across_tenants,
        (
            "CREATE UNIQUE INDEX planted ON base_command (id, tenant_id)",
            "ALTER TABLE base_event ADD CONSTRAINT crossed FOREIGN KEY (tenant_id, command_id) "
            "REFERENCES base_command (id, tenant_id) NOT VALID",
        ),
        "crossed: base_event → base_command",
    ),
    (catalogue.states_without_check, (PLAIN,), "work_planted: no check constraint"),
    (mighty_roles, ("ALTER ROLE kvit_app CREATEROLE",), "kvit_app has rolcreaterole"),
    (mighty_roles, ("GRANT kvit_resolver TO kvit_app",), "kvit_app is a member of kvit_resolver"),
    (mighty_roles, ("ALTER ROLE kvit_resolver LOGIN",), "kvit_resolver may sign in"),
    (
        belongings_of_the_application,
        (
            PLAIN,
            "GRANT CREATE ON SCHEMA public TO kvit_app",
            "GRANT kvit_app TO CURRENT_USER",
            "ALTER TABLE work_planted OWNER TO kvit_app",
        ),
        "kvit_app owns table work_planted",
    ),
    (
        belongings_of_the_resolver,
        (PLAIN, "ALTER TABLE work_planted OWNER TO kvit_resolver"),
        "kvit_resolver owns table work_planted",
    ),
    (excessive_rights, ("GRANT TRUNCATE ON base_event TO kvit_app",), "kvit_app may TRUNCATE base_event"),
    (excessive_rights, ("GRANT REFERENCES (id) ON base_event TO PUBLIC",), "kvit_app may REFERENCES base_event"),
    (excessive_rights, ("GRANT TRIGGER ON base_user TO kvit_app",), "kvit_app may TRIGGER base_user"),
    (excessive_rights, ("GRANT UPDATE ON base_event TO kvit_app",), "kvit_app may change tenant_id of base_event"),
    (excessive_rights, ("GRANT UPDATE (id) ON base_tenant TO kvit_app",), "kvit_app may change id of base_tenant"),
    (excessive_rights, ("GRANT CREATE ON SCHEMA public TO kvit_app",), "kvit_app may create in the schema public"),
    (rights.loose_functions, (DEFINER.format(SAFE_PATH),), "planted(): everybody may call it"),
    (
        rights.loose_functions,
        (DEFINER.format(""), "REVOKE ALL ON FUNCTION planted() FROM PUBLIC"),
        "planted(): no fixed",
    ),
    (
        rights.loose_functions,
        (DEFINER.format("SET search_path = public"), "REVOKE ALL ON FUNCTION planted() FROM PUBLIC"),
        "planted(): no fixed",
    ),
    (rights.loose_views, ("CREATE VIEW work_planted AS SELECT * FROM base_event",), "work_planted is no"),
    (rights.loose_views, ("CREATE MATERIALIZED VIEW work_planted AS SELECT * FROM base_event",), "work_planted is no"),
)


class TestTheDatabase:
    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_has_no(self, check: Check, owner: Owner) -> None:
        assert check(owner) == []

    def test_has_tables_to_check(self, owner: Owner) -> None:
        assert {"base_tenant", "base_command", "base_event"} <= {name for _, name in catalogue.tenant_tables(owner)}

    @pytest.mark.parametrize(
        ("check", "statements", "report"), FAULTS, ids=[statements[-1] for _, statements, _ in FAULTS]
    )
    def test_with_a_planted_fault_is_reported(
        self, check: Check, statements: tuple[str, ...], report: str, owner: Owner
    ) -> None:
        for statement in statements:
            owner.execute(statement)
        assert [found for found in check(owner) if found.startswith(report)] != []

    def test_with_harmless_things_is_not_reported(self, owner: Owner) -> None:
        owner.execute("CREATE VIEW work_view WITH (security_invoker = on) AS SELECT * FROM base_event")
        owner.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        owner.execute(
            f"CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER {SAFE_PATH} "
            "AS 'BEGIN RETURN NEW; END'"
        )
        owner.execute(PLAIN.replace("state text", "state text CHECK (state IN ('a', 'b'))"))
        owner.execute("ALTER TABLE work_planted ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        owner.execute(f"CREATE POLICY of_tenant ON work_planted USING ({OF_TENANT}) WITH CHECK ({OF_TENANT})")
        assert [found for check in CHECKS for found in check(owner)] == []


class TestARow:
    def test_is_seen_in_no_table_while_no_tenant_or_another_one_is_set(self, owner: Owner) -> None:
        role = _become_application(owner)
        fill_every_table(owner, references_of(apps.get_models()), tenants={TENANT: 1_900_000_007})
        for tenant in ("", str(OTHER)):
            assert [table for table, count in seen(owner, role=role, tenant=tenant).items() if count] == []
        counted = seen(owner, role=role, tenant=str(TENANT))
        assert set(counted) == {name for _, name in catalogue.tenant_tables(owner)}
        assert set(counted.values()) == {1}

    @pytest.mark.parametrize(
        ("statement", "table"),
        [
            ("ALTER TABLE base_event DISABLE ROW LEVEL SECURITY", "base_event"),
            ("CREATE POLICY everyone ON base_file FOR SELECT USING (true)", "base_file"),
            (
                "ALTER POLICY of_tenant ON base_command USING "
                "(tenant_id = coalesce(nullif(current_setting('app.tenant', true), '')::int, tenant_id))",
                "base_command",
            ),
        ],
    )
    def test_is_seen_without_a_tenant_when_the_policy_is_broken(self, statement: str, table: str, owner: Owner) -> None:
        role = _become_application(owner)
        owner.execute(statement)
        fill_every_table(owner, references_of(apps.get_models()), tenants={TENANT: 1_900_000_007})
        assert [name for name, count in seen(owner, role=role, tenant="").items() if count] == [table]

    def test_written_by_a_command_is_seen_with_its_tenant_only(self, anna_live: Ctx) -> None:
        login.add_member(anna_live, email="anna@nordvik.example", full_name="Anna", role=login.Role.CLERK)
        files.keep(anna_live, io.BytesIO(b"a file"), name="a.txt")
        written = {"base_tenant", "base_command", "base_personalvalue", "base_membership", "base_file", "base_filepart"}
        with psycopg.connect(**parameters("default")) as application:
            role = settings.KVIT_APP_ROLE
            assert set(seen(application, role=role, tenant=None).values()) == {0}
            counted = seen(application, role=role, tenant=str(anna_live.tenant_id))
            assert {table for table, count in counted.items() if count} >= written
            assert set(seen(application, role=role, tenant=str(OTHER)).values()) == {0}


def _become_application(owner: Owner) -> str:
    """Let the owner take the application's role for the rest of its transaction."""
    owner.execute(f"GRANT {settings.KVIT_APP_ROLE} TO CURRENT_USER")
    return str(settings.KVIT_APP_ROLE)
