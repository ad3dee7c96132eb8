"""No arrow between tables points up, neither in the models nor in the database."""

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from architecture.catalogue import tenant_tables
from architecture.layers import LAYERS, parse
from architecture.relations import (
    references_without_key,
    tables_of_nobody,
    upward_foreign_keys,
    upward_relations,
)
from kvit.base.models import TenantKey
from owner import Owner

WITHOUT_KEY = {
    ("ledger_openitem", "account_id"): "made by a trigger from a line, which has the key",
    ("ledger_openitem", "party_id"): "made by a trigger from a line, which has the key",
    ("ledger_balance", "account_id"): "made by a trigger from a line, which has the key",
    ("ledger_balance", "party_id"): "made by a trigger from a line, which has the key",
}


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

    def test_within_a_tenant_are_keys_of_the_database(self, owner: Owner) -> None:
        missing = set(references_without_key(owner, ours()))
        tables = {name for _, name in tenant_tables(owner)}
        assert missing - WITHOUT_KEY.keys() == set()
        assert {(table, column) for table, column in WITHOUT_KEY if table in tables} - missing == set()

    def test_without_their_key_are_reported(self, owner: Owner) -> None:
        owner.execute("ALTER TABLE base_event DROP CONSTRAINT base_event_command_id_fk")
        assert ("base_event", "command_id") in references_without_key(owner, ours())


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
