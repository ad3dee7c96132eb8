"""The sales register of a Polish company, from its frozen documents through the books to the file."""

import csv
import io
from dataclasses import replace
from decimal import Decimal
from typing import Final

from invoicing.company import DAY, days, line, open_shop
from invoicing.test_books_out import export, made
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.formats.books.jpk.positions import AMOUNTS
from kvit.formats.einvoice.model import Address, Delivery, PolishLine
from kvit.invoicing import commands as invoicing
from kvit.invoicing.domain import DraftLine, Kind
from kvit.invoicing.domain.content import Content, Exemption, LineContent
from kvit.ledger import queries
from kvit.ledger.domain.exports import ExportFormat
from kvit.parties import commands as parties
from kvit.parties.domain.identities import IdentityKind

DELIVERED: Final = Content(delivery=Delivery(date=DAY, address=Address(city="Malmö", country="SE")))
EXEMPT: Final = Content(exemptions=(Exemption(category="E", reason="art. 43 ust. 1"),))


def untaxed(category: str, price: str) -> DraftLine:
    """A line in a category without VAT."""
    return replace(line(price, vat="0"), vat_category=category)


def register(content: bytes) -> list[dict[str, str]]:
    """The rows of the file by the names of their columns."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


class TestTheSalesRegister:
    def test_of_a_polish_company_has_its_positions(self, anna: Ctx) -> None:
        shop = open_shop(anna, country="PL", currency="PLN")
        shop.invoice(line("100", vat="23"), line("50", vat="8"), line("10", vat="0"))
        credited = shop.invoice(line("40", vat="23"))
        shop.issue(shop.credit(credited))
        content = made(shop, export(shop, ExportFormat.JPK_V7).export_id)[ExportFormat.JPK_V7, ""]
        table = register(content)
        first, second, third = table
        assert [first[name] for name in ("K_17", "K_18", "K_19", "K_20")] == ["50,00", "4,00", "100,00", "23,00"]
        # Bo's country is Sweden: whose zero it is, a person decides.
        assert first["DoSprawdzenia"] == "Z 0%: podstawa 10,00, VAT 0,00"
        assert (second["Korekta"], third["Korekta"]) == ("", "1")
        assert (second["K_19"], third["K_19"], third["K_20"]) == ("40,00", "-40,00", "-9,20")
        due = sum(Decimal(row[name].replace(",", ".") or 0) for row in table for name in ("K_16", "K_18", "K_20"))
        with tenant.scope(shop.ctx.tenant_id):
            vat = queries.account_balance("output_vat", "PLN").balance_minor
        assert due * 100 == -vat

    def test_splits_each_document_by_the_categories_it_was_frozen_with(self, anna: Ctx) -> None:
        """By hand: 300 EUR of services and 100 EUR of goods to Sweden at 4.321; 80 + 18.40 at home; 50 exempt."""
        shop = open_shop(anna, country="PL", currency="EUR")
        own, buyer = ((shop.own, IdentityKind.NIP, "5260250274"), (shop.books.bo, IdentityKind.VAT, "SE556016068001"))
        for party_id, kind, value in (own, buyer):
            parties.add_identity(anna, party_id=party_id, kind=kind, value=value)
        rate = invoicing.NewRate("EUR", "PLN", days(-3), Decimal("4.321"), "NBP")
        invoicing.keep_exchange_rates(anna, rates=(rate,))
        shop.invoice(untaxed("AE", "300"), untaxed("K", "100"), content=DELIVERED)
        advice = replace(line("80", vat="23"), content=LineContent(polish=PolishLine(gtu="GTU_12")))
        shop.invoice(advice, untaxed("E", "50"), content=EXEMPT, currency="PLN")
        parties.rename_party(anna, party_id=shop.books.bo, name="Quite Another")
        content = made(shop, export(shop, ExportFormat.JPK_V7).export_id)[ExportFormat.JPK_V7, ""]
        first, second = register(content)
        amounts = [{name: row[name] for name in AMOUNTS if row[name]} for row in (first, second)]
        assert amounts == [
            {"K_11": "1296,30", "K_12": "1296,30", "K_21": "432,10"},
            {"K_19": "80,00", "K_20": "18,40"},
        ]
        assert {first["NazwaKontrahenta"], second["NazwaKontrahenta"]} == {"Bo"}
        assert (first["KodKrajuNadaniaTIN"], first["NrKontrahenta"]) == ("SE", "556016068001")
        assert (first["WalutaDokumentu"], first["KursWaluty"], first["KodWaluty"]) == ("EUR", "4,321", "PLN")
        assert (second["GTU_12"], second["DoSprawdzenia"]) == ("1", "E 0%: podstawa 50,00, VAT 0,00")

    def test_takes_a_reversed_sale_back(self) -> None:
        from kvit.ledger.domain import export_files
        from kvit.ledger.domain.exports import ExportLine
        from kvit.ledger.domain.ports import CategorySum, SalesDocument

        document = SalesDocument(
            number="F1", issue_date=DAY, sale_date=None, currency="PLN", document_currency="PLN", exchange_rate=None,
            buyer_name="Bo", buyer_country="PL", buyer_vat_country="PL", buyer_vat_number="5260250274",
            is_correction=False, goods=(), sums=(CategorySum("S", Decimal(23), 100, 23),),
        )  # fmt: skip
        sale = ExportLine(
            2026, 1, DAY, DAY, "sale", ("invoice", 7), "201", "", "PLN", 123, "F1", "Bo", is_reversal=False
        )
        rows_ = export_files.sales_rows([sale, replace(sale, number=2, is_reversal=True)], {("invoice", 7): document})
        assert [(row.sums[0].base_minor, row.sums[0].vat_minor) for row in rows_] == [(100, 23), (-100, -23)]

    def test_converts_what_bears_vat_at_the_rate_that_stands_on_it(self, anna: Ctx) -> None:
        """10.01 EUR and 23 %, 2.30 EUR, at 4.321: 43.25 and 9.94, each rounded by itself."""
        shop = open_shop(anna, country="PL", currency="EUR")
        rate = invoicing.NewRate("EUR", "PLN", days(-3), Decimal("4.321"), "NBP")
        invoicing.keep_exchange_rates(anna, rates=(rate,))
        shop.invoice(line("10.01", vat="23"))
        content = made(shop, export(shop, ExportFormat.JPK_V7).export_id)[ExportFormat.JPK_V7, ""]
        (row,) = register(content)
        assert (row["K_19"], row["K_20"]) == ("43,25", "9,94")

    def test_says_where_the_rate_of_the_day_was_not_kept(self, anna: Ctx) -> None:
        shop = open_shop(anna, country="PL", currency="USD")
        shop.invoice(untaxed("Z", "10"))
        content = made(shop, export(shop, ExportFormat.JPK_V7).export_id)[ExportFormat.JPK_V7, ""]
        (row,) = register(content)
        assert row["DoSprawdzenia"].startswith("kwoty w USD, brak kursu")

    def test_leaves_out_what_is_no_sale(self, anna: Ctx) -> None:
        shop = open_shop(anna, country="PL", currency="PLN")
        shop.invoice(line("100", vat="23"))
        shop.invoice(line("70", vat="0"), kind=Kind.FEE_NOTE)
        content = made(shop, export(shop, ExportFormat.JPK_V7).export_id)[ExportFormat.JPK_V7, ""]
        assert [row["DowodSprzedazy"] for row in register(content)] == ["F2026-000001"]
