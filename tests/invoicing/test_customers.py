"""Making parties customers."""

from dataclasses import replace

import pytest

from cast import keyed
from invoicing.company import Company
from kvit.base import tenant
from kvit.base.command import KeyReused
from kvit.invoicing import commands, queries
from kvit.invoicing.commands import NewCustomer
from kvit.kernel.currencies import UnknownCurrency
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind
from tables import contents, run_twice


def party(shop: Company, name: str = "Ola") -> int:
    return parties.register_party(shop.ctx, kind=PartyKind.PERSON, name=name, country="SE").party_id


class TestRegisteringCustomers:
    def test_makes_them_known_by_number_in_order(self, shop: Company) -> None:
        customers = tuple(NewCustomer(party(shop, f"P{n}"), f"20{n}", "SEK") for n in range(3))
        registered = run_twice(commands.register_customers, shop.ctx, customers=customers)
        with tenant.scope(shop.ctx.tenant_id):
            assert [queries.find_customer(c.number) for c in customers] == list(registered.customer_ids)
            assert queries.find_customer("nobody") is None

    def test_of_nobody_does_nothing(self, shop: Company) -> None:
        assert run_twice(commands.register_customers, shop.ctx, customers=()).customer_ids == ()

    def test_under_the_same_number_with_another_company_is_fine(self, shop: Company, her_shop: Company) -> None:
        with tenant.scope(her_shop.ctx.tenant_id):
            assert queries.find_customer("1001") == her_shop.bo != shop.bo

    def test_under_a_used_key_with_other_terms_is_refused(self, shop: Company) -> None:
        new = NewCustomer(party(shop), "3001", "SEK")
        commands.register_customers(keyed(shop.ctx, "k"), customers=(new,))
        with pytest.raises(KeyReused):
            commands.register_customers(keyed(shop.ctx, "k"), customers=(replace(new, terms_days=1),))


class TestCustomersRefused:
    @pytest.mark.parametrize(
        ("case", "refusal"),
        [
            ("a number that is taken", commands.CustomerNumberTaken),
            ("a customer already", commands.CustomerNumberTaken),
            ("one number twice", commands.CustomerNumberTaken),
            ("no such party", commands.UnknownParty),
            ("another tenant's party", commands.UnknownParty),
            ("no currency", UnknownCurrency),
            ("terms below zero", commands.BadCustomer),
        ],
    )
    def test_leave_nothing_of_the_whole_set(self, shop_live: Company, case: str, refusal: type[Exception]) -> None:
        shop = shop_live
        her_party = party(shop)
        good, bad = NewCustomer(party(shop), "3001", "SEK"), NewCustomer(her_party, "3002", "SEK")
        worse = {
            "a number that is taken": replace(bad, number="1001"),
            "a customer already": replace(bad, party_id=shop.books.bo),
            "one number twice": replace(bad, number="3001"),
            "no such party": replace(bad, party_id=10**9),
            "another tenant's party": replace(bad, party_id=another_tenant_s_party()),
            "no currency": replace(bad, currency="SEX"),
            "terms below zero": replace(bad, terms_days=-1),
        }[case]
        before = contents(shop.ctx)
        with pytest.raises(refusal):
            commands.register_customers(shop.ctx, customers=(good, worse))
        assert contents(shop.ctx) == before


def another_tenant_s_party() -> int:
    from cast import open_company

    cilla = open_company("Cillas Konditori AB", actor="cilla")
    return parties.register_party(cilla, kind=PartyKind.PERSON, name="Cilla", country="SE").party_id
