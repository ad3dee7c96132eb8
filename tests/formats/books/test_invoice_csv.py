"""The list of invoices: every row an invoice line or a problem with its place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.books import invoice_csv

HEAD = "invoice,customer_number,customer_name,country,currency,description,unit_price,quantity,vat_rate,terms_days"


def read(*rows: str) -> tuple[tuple[invoice_csv.ListedInvoice, ...], list[str]]:
    found = invoice_csv.read("\n".join((HEAD, *rows)).encode())
    return found.records, [f"{p.place}: {p.reason}" for p in found.problems]


class TestAListOfInvoices:
    def test_gathers_the_lines_of_an_invoice(self) -> None:
        (invoice,), problems = read("a,1,Bo AB,se,sek,Net,100.50,2,25,10", "a,1,Bo AB,SE,SEK,Help,1,,,10")
        assert problems == []
        assert [line.unit_price for line in invoice.lines] == [Decimal("100.50"), Decimal(1)]
        assert (invoice.country, invoice.currency, invoice.terms_days) == ("SE", "SEK", 10)
        assert invoice.lines[1].quantity == 1

    def test_takes_semicolons_and_decimal_commas(self) -> None:
        found = invoice_csv.read((HEAD.replace(",", ";") + '\na;1;Bo AB;SE;SEK;Net;"1 100,50";;;').encode())
        assert found.records[0].lines[0].unit_price == Decimal("1100.50")

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("a,1,Bo AB,SE,SEK,Net,,1,25,10", "line 2, unit_price: is empty"),
            ("a,1,Bo AB,SE,SEK,Net,ten,1,25,10", "line 2, unit_price: 'ten' is not a number"),
            ("a,1,Bo AB,SE,SEK,Net,1.000.00,1,25,10", "line 2, unit_price: '1.000.00' is not a number"),
            ("a,1,Bo AB,SE,SEK,Net,NaN,1,25,10", "line 2, unit_price: 'NaN' is not a number"),
            ("a,1,Bo AB,SE,SEK,Net,1,1,25,soon", "line 2, terms_days: 'soon' is not a number of days"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, row: str, problem: str) -> None:
        records, problems = read(row)
        assert records == ()
        assert problems == [problem]

    def test_refuses_two_heads_for_one_invoice(self) -> None:
        _, problems = read("a,1,Bo AB,SE,SEK,Net,1,1,25,10", "a,2,Eva AB,SE,SEK,Net,1,1,25,10")
        assert problems == ["line 3: invoice a has another head above"]

    def test_names_missing_columns_and_strange_encodings(self) -> None:
        assert "currency" in invoice_csv.read(b"invoice,customer_number\n").problems[0].reason
        assert invoice_csv.read(b"\xff\xfe").problems[0].reason == "the file is not UTF-8"

    @given(st.binary(max_size=400))
    def test_never_raises(self, noise: bytes) -> None:
        found = invoice_csv.read(HEAD.encode() + b"\n" + noise)
        assert all(invoice.lines for invoice in found.records)
        assert all(problem.place and problem.reason for problem in found.problems)
