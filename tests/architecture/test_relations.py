"""No arrow between tables points up, neither in the models nor in the database."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from architecture.filling import fill_every_table, references_not_checked, references_of
from architecture.layers import LAYERS, parse
from architecture.relations import (
    tables_of_nobody,
    targets_that_may_vanish,
    upward_foreign_keys,
    upward_relations,
)
from kvit.base.models import TenantKey
from ledger.hostile_sql import REFERENCES
from owner import Owner

TENANTS = {2_000_000_001: 1_900_000_007, 2_000_000_002: 1_900_000_008}
COPIES = {
    "ledger_openitem": "copied by a trigger from a line, whose references are checked",
    "ledger_balance": "summed by a trigger over lines, whose references are checked",
}
"""Tables whose references need no check, because the application cannot write them; may only shrink."""


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("kvit.")]


class TestTheLayerList:
    def test_is_read_from_pyproject(self) -> None:
        assert LAYERS.rows[0] == ("settings", "urls", "asgi", "worker", "cli")
        assert LAYERS.rows[-1] == ("kernel",)
        assert LAYERS.may_see("matching", "ledger")
        assert not LAYERS.may_see("ledger", "matching")
        assert not LAYERS.may_see("invoicing", "banking")

    def test_refuses_a_name_that_is_not_on_it(self) -> None:
        with pytest.raises(ValueError, match="reporting"):
            LAYERS.depth("reporting")

    def test_can_be_another_one(self) -> None:
        assert parse(["(a) | (b)", "(c)"]).rows == (("a", "b"), ("c",))


class TestRelationsOfModels:
    def test_point_down(self) -> None:
        assert len(ours()) >= 10
        assert upward_relations(ours()) == []

    @isolate_apps("kvit.parties", "kvit.matching", "kvit.banking", "kvit.invoicing", "kvit.base")
    def test_that_point_up_are_reported_also_by_string(self) -> None:
        class Match(models.Model):
            class Meta:
                app_label = "matching"

        class Account(models.Model):
            class Meta:
                app_label = "banking"

        class Party(models.Model):
            match = models.ForeignKey(Match, on_delete=models.DO_NOTHING)
            later = models.ForeignKey("invoicing.Invoice", on_delete=models.DO_NOTHING)
            keyed = TenantKey("matching.Match")
            many = models.ManyToManyField(Match)
            down = models.ForeignKey("base.User", on_delete=models.DO_NOTHING)
            own = models.ForeignKey("self", on_delete=models.DO_NOTHING)

            class Meta:
                app_label = "parties"

        class Invoice(models.Model):
            stranger = models.OneToOneField(Account, on_delete=models.DO_NOTHING)

            class Meta:
                app_label = "invoicing"

        assert [found.split(" points")[0] for found in upward_relations([Party, Invoice, Match, Account])] == [
            "parties.Party.match",
            "parties.Party.later",
            "parties.Party.keyed",
            "parties.Party.many",
            "invoicing.Invoice.stranger",
        ]

    def test_within_a_tenant_take_no_row_of_another_tenant_nor_of_nobody(self, owner: Owner) -> None:
        references = references_of(ours())
        fill_every_table(owner, references, tenants=TENANTS)
        unchecked = references_not_checked(owner, references, tenants=TENANTS)
        assert {one for one in unchecked if one[0] not in COPIES} == REFERENCES.keys()
        assert {table for table, _ in unchecked} - {table for table, _ in REFERENCES} == COPIES.keys()

    def test_that_nothing_checks_cannot_be_written_by_the_application(self, owner: Owner) -> None:
        for table, column in ((t, c) for t, columns in references_of(ours()).items() if t in COPIES for c in columns):
            may = "SELECT has_any_column_privilege(%s, %s, 'INSERT') OR has_column_privilege(%s, %s, %s, 'UPDATE')"
            role = settings.KVIT_APP_ROLE
            assert owner.execute(may, [role, table, role, table, column]).fetchone() == (False,)

    def test_checked_once_per_statement_point_to_rows_that_stay(self, owner: Owner) -> None:
        assert targets_that_may_vanish(owner, references_of(ours()), role=settings.KVIT_APP_ROLE) == []

    def test_checked_once_per_statement_are_reported_if_their_row_may_go(self, owner: Owner) -> None:
        owner.execute("GRANT DELETE ON ledger_entry TO kvit_app")
        (found,) = targets_that_may_vanish(owner, references_of(ours()), role=settings.KVIT_APP_ROLE)
        assert found.startswith("ledger_entry may lose rows")

    @pytest.mark.parametrize(
        ("statements", "table", "column"),
        [
            (("ALTER TABLE base_event DROP CONSTRAINT base_event_command_id_fk",), "base_event", "command_id"),
            (
                (
                    "ALTER TABLE base_event DROP CONSTRAINT base_event_command_id_fk",
                    "CREATE UNIQUE INDEX planted ON base_command (id)",
                    "ALTER TABLE base_event ADD CONSTRAINT base_event_command_id_fk FOREIGN KEY (command_id) "
                    "REFERENCES base_command (id) DEFERRABLE",
                ),
                "base_event",
                "command_id",
            ),
            (("DROP TRIGGER references_insert ON matching_link",), "matching_link", "entry_id"),
        ],
        ids=["no key", "a key without the tenant", "no trigger"],
    )
    def test_without_what_checks_them_are_reported(
        self, statements: tuple[str, ...], table: str, column: str, owner: Owner
    ) -> None:
        references = references_of(ours())
        for statement in statements:
            owner.execute(statement)
        fill_every_table(owner, references, tenants=TENANTS)
        assert (table, column) in references_not_checked(owner, references, tenants=TENANTS)


class TestForeignKeysOfTheDatabase:
    def test_point_down(self, owner: Owner) -> None:
        assert upward_foreign_keys(owner) == []

    def test_belong_to_tables_of_known_contexts(self, owner: Owner) -> None:
        assert tables_of_nobody(owner) == []

    def test_that_point_up_are_reported(self, owner: Owner) -> None:
        owner.execute("CREATE TABLE matching_planted (id int PRIMARY KEY)")
        owner.execute("CREATE TABLE parties_planted (id int CONSTRAINT upward REFERENCES matching_planted)")
        owner.execute("CREATE TABLE paying_planted (id int CONSTRAINT stranger REFERENCES matching_planted)")
        owner.execute("CREATE TABLE work_planted (id bigint CONSTRAINT foreign_land REFERENCES procrastinate_jobs)")
        assert [found.split(":")[0] for found in upward_foreign_keys(owner)] == ["foreign_land", "stranger", "upward"]

    def test_of_an_unknown_context_are_reported(self, owner: Owner) -> None:
        owner.execute("CREATE TABLE planted_table (id int)")
        assert tables_of_nobody(owner) == ["planted_table belongs to no context"]
