"""A firm's own history of confirmed links: every row a payment or problems with line and column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.books import link_history
from kvit.formats.books.link_history import ConfirmedPayment, PaidInvoice

HEAD = "payment_date,amount,payer_account,payer_name,text,customer_number,invoice_numbers,invoice_amounts"

TWICE = "line 2, invoice_numbers: an invoice is named twice, or a number is empty"


def read(*rows: str, head: str = HEAD) -> tuple[tuple[ConfirmedPayment, ...], list[str]]:
    found = link_history.read("\n".join((head, *rows)).encode(), currency="SEK")
    return found.records, [f"{p.place}: {p.reason}" for p in found.problems]


class TestAHistory:
    def test_gives_each_payment_with_its_invoices(self) -> None:
        (one, two), problems = read(
            '2025-03-31,"1 100,50",SE12 34,Bo,Faktura F1 F2,K1,F1 | F2,1000.50|100', "2025-04-01,7,,,,,,"
        )
        assert problems == []
        assert (one.line, one.payment_date, one.amount_minor, one.currency) == (2, date(2025, 3, 31), 110_050, "SEK")
        assert (one.payer_account, one.payer_name, one.customer_number) == ("SE1234", "Bo", "K1")
        assert one.invoices == (
            PaidInvoice("F1", 100_050, "", None, None, None),
            PaidInvoice("F2", 10_000, "", None, None, None),
        )
        assert two.invoices == ()

    def test_knows_what_invoices_were_when_it_is_told(self) -> None:
        head = f"{HEAD},invoice_references,invoice_totals,invoice_dates,due_dates,currency"
        row = "2025-03-31,100,,,,K1,F1|K9,120|-20,7001|,120|-20,2025-03-01|2025-03-02,2025-03-31|2025-03-31,eur"
        (one,), problems = read(row, head=head)
        assert problems == []
        assert one.currency == "EUR"
        assert one.invoices[0] == PaidInvoice("F1", 12_000, "7001", 12_000, date(2025, 3, 1), date(2025, 3, 31))
        assert one.invoices[1].amount_minor == -2_000

    @pytest.mark.parametrize(
        ("row", "problem"),
        [
            ("31.03.2025,1,,,,K1,F1,1", "line 2, payment_date: '31.03.2025' is no day; write 2026-03-31"),
            ("2025-03-31,ten,,,,K1,F1,1", "line 2, amount: 'ten' is no amount in SEK"),
            ("2025-03-31,1.005,,,,K1,F1,1", "line 2, amount: '1.005' is no amount in SEK"),
            ("2025-03-31,-1,,,,K1,,", "line 2, amount: a payment that came in is above zero"),
            ("2025-03-31,1,,,,K1,F1,", "line 2, invoice_amounts: 0 for 1 invoices"),
            ("2025-03-31,3,,,,K1,F1|F2,1", "line 2, invoice_amounts: 1 for 2 invoices"),
            (
                "2025-03-31,3,,,,K1,F1|F1,1|1",
                "line 2, invoice_numbers: an invoice is named twice, or a number is empty",
            ),
            ("2025-03-31,1,,,,K1,F1,2", "line 2, invoice_amounts: more is given to invoices than was paid"),
            ("2025-03-31,1,,,,K1", "line 2: has more or fewer columns than the first line"),
            ("2025-03-31,1,,,,K1,F1,1,9", "line 2: has more or fewer columns than the first line"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, row: str, problem: str) -> None:
        records, problems = read(row)
        assert records == ()
        assert problems == [problem]

    def test_names_missing_columns_and_strange_encodings(self) -> None:
        missing = link_history.read(b"payment_date,amount\n", currency="SEK").problems[0]
        assert "invoice_numbers" in missing.reason
        assert missing.told[0].code == "history.missing"
        assert link_history.read(b"\xff\xfe", currency="SEK").problems[0].reason == "the file is not UTF-8"

    def test_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(link_history, "MAX_BYTES", 10)
        assert "more than 10 bytes" in link_history.read(HEAD.encode(), currency="SEK").problems[0].reason

    @given(st.binary(max_size=400))
    def test_never_raises(self, noise: bytes) -> None:
        found = link_history.read(HEAD.encode() + b"\n" + noise, currency="SEK")
        assert all(payment.amount_minor > 0 for payment in found.records)
        assert all(problem.place and problem.reason and problem.told for problem in found.problems)

    @given(st.lists(st.sampled_from(("2025-03-31,5,,,,K1,F1,5", "2025-03-31,x,,,,K1,F1,5", "1,2")), max_size=30))
    def test_puts_every_row_into_one_of_the_two_lists(self, rows: list[str]) -> None:
        found = link_history.read("\n".join((HEAD, *rows)).encode(), currency="SEK")
        lines = {payment.line for payment in found.records} | {
            int(p.place.split(",")[0].removeprefix("line ")) for p in found.problems
        }
        assert lines == set(range(2, len(rows) + 2))
