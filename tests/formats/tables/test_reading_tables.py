"""Tables of other systems: every row ends in the table or among the problems, each with its place and the reason."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvit.formats import tables
from kvit.formats.tables import cells, pieces, reader

HEAD = "invoice_id,customer_id,invoice_no,ref_kind,reference,amount,currency,issue_date,due_date"
GOOD = "7,1,2025-7,ocr,310000091,12500,SEK,2025-10-01,2025-10-31"
DAY = dt.date(2025, 10, 1)
TYPED: dict[str, list[Any]] = {
    "invoice_id": [7, 8],
    "customer_id": [1, 1],
    "invoice_no": ["2025-7", "2025-8"],
    "ref_kind": ["ocr", "free"],
    "reference": ["310000091", ""],
    "amount": [12500, -300],
    "currency": ["SEK", "SEK"],
    "issue_date": [DAY, DAY],
    "due_date": [DAY, DAY],
}


def _csv(*lines: str, shape: tables.Shape = tables.INVOICES, head: str = HEAD) -> tables.TableRead:
    return tables.read(io.BytesIO("\n".join((head, *lines)).encode()), shape, name=f"{shape.name}.csv")


def _parquet(**changed: Any) -> tables.TableRead:
    held = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({**TYPED, **changed}), held)
    held.seek(0)
    return tables.read(held, tables.INVOICES, name="invoices.parquet")


def _problems(found: tables.TableRead) -> list[tuple[str, str]]:
    return [(problem.place, problem.reason) for problem in found.problems]


class TestATable:
    def test_of_csv_has_typed_columns(self) -> None:
        found = _csv(GOOD)
        assert not found.problems
        assert found.table.to_pylist() == [
            {
                "invoice_id": 7,
                "customer_id": 1,
                "invoice_no": "2025-7",
                "ref_kind": "ocr",
                "reference": "310000091",
                "amount": 12500,
                "currency": "SEK",
                "issue_date": DAY,
                "due_date": dt.date(2025, 10, 31),
            }
        ]

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_of_csv_may_have_any_usual_separator(self, delimiter: str, newline: str) -> None:
        text = newline.join((HEAD, GOOD, "")).replace(",", delimiter)
        found = tables.read(io.BytesIO(b"\xef\xbb\xbf" + text.encode()), tables.INVOICES, name="i.csv")
        assert (found.table.num_rows, found.problems) == (1, ())

    def test_of_parquet_is_the_same_as_of_csv(self) -> None:
        found = _csv(GOOD.replace("2025-10-31", "2025-10-01"), "8,1,2025-8,free,,-300,SEK,2025-10-01,2025-10-01")
        assert _parquet().table.equals(found.table)

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount": pa.array([12500, -300], pa.int32())},
            {"invoice_id": pa.array([7, 8], pa.uint64())},
            {"amount": ["12500", "-300"]},
            {"issue_date": pa.array([DAY, DAY], pa.date64())},
            {"issue_date": pa.array([dt.datetime(2025, 10, 1, 8, tzinfo=dt.UTC)] * 2)},
            {"issue_date": ["2025-10-01", "2025-10-01"]},
            {"currency": pa.array(["SEK", "SEK"]).dictionary_encode()},
            {"reference": ["310000091", None]},
            {"reference": pa.array(["310000091", ""], pa.string())},
        ],
    )
    def test_of_parquet_may_hold_its_values_in_other_types(self, changed: dict[str, Any]) -> None:
        found = _parquet(**changed)
        assert not found.problems
        assert found.table.equals(_parquet().table)

    def test_keeps_numbers_and_texts_of_other_columns_out(self) -> None:
        found = _csv(GOOD + ",what,ever", head=HEAD + ",more,still")
        assert found.table.num_rows == 1
        assert "more" not in found.table.column_names

    def test_without_a_column_that_is_not_needed_has_it_empty(self) -> None:
        found = _csv("1,10,Anna", shape=tables.CUSTOMERS, head="customer_id,customer_no,name")
        assert found.table["virtual_account"].to_pylist() == [""]

    def test_may_be_read_in_many_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pieces, "ROWS", 3)
        lines = [GOOD.replace("7,", f"{number},", 1) for number in range(10)]
        assert _csv(*lines).table["invoice_id"].to_pylist() == list(range(10))

    def test_may_be_empty(self) -> None:
        assert (_csv().table.num_rows, _csv().problems) == (0, ())
        assert tables.empty(tables.INVOICES, "none").table.schema == _csv(GOOD).table.schema


class TestABadRow:
    @pytest.mark.parametrize(
        ("good", "bad", "column", "reason"),
        [
            ("12500", "125.00", "amount", "'125.00' is not a whole number"),
            ("12500", "12 500", "amount", "'12 500' is not a whole number"),
            ("12500", "", "amount", "is empty, it should be a whole number"),
            ("12500", "0x1F", "amount", "'0x1F' is not a whole number"),
            ("12500", "9" * 19, "amount", f"'{'9' * 19}' is not a whole number"),
            ("2025-10-31", "2025-02-30", "due_date", "'2025-02-30' is not a day as 2026-03-31"),
            ("2025-10-31", "31.10.2025", "due_date", "'31.10.2025' is not a day as 2026-03-31"),
            ("SEK", "kronor", "currency", "'kronor' is not a currency of ISO 4217 as EUR"),
            ("SEK", "XQX", "currency", "'XQX' is not a currency of ISO 4217 as EUR"),
            ("ocr", "kid", "ref_kind", "'kid' is not one of ocr, rf, free"),
            ("2025-7", " ", "invoice_no", "is empty, it should be a text"),
        ],
    )
    def test_is_told_with_line_column_and_reason(self, good: str, bad: str, column: str, reason: str) -> None:
        found = _csv(GOOD.replace("7,", "1,", 1), GOOD.replace(good, bad), GOOD.replace("7,", "9,", 1))
        assert _problems(found) == [(f"invoices.csv line 3, {column}", reason)]
        assert found.table["invoice_id"].to_pylist() == [1, 9]

    def test_with_two_faults_is_told_twice(self) -> None:
        found = _csv("x,1,2025-7,ocr,310000091,y,SEK,2025-10-01,2025-10-31")
        assert [place for place, _ in _problems(found)] == [
            "invoices.csv line 2, invoice_id",
            "invoices.csv line 2, amount",
        ]

    def test_with_too_few_or_many_cells_is_told(self) -> None:
        found = _csv(GOOD, "8,1", GOOD + ",more")
        assert _problems(found) == [
            ("invoices.csv line 3", "2 columns, the first line has 9"),
            ("invoices.csv line 4", "10 columns, the first line has 9"),
        ]

    def test_behind_cells_of_many_lines_keeps_its_line(self) -> None:
        found = _csv('1,1,"two\nlines",ocr,1,1,SEK,2025-10-01,2025-10-01', GOOD.replace("12500", "x"))
        assert _problems(found)[0][0] == "invoices.csv line 4, amount"

    def test_of_parquet_is_told_with_its_row(self) -> None:
        found = _parquet(amount=pa.array([1, None], pa.int64()))
        assert _problems(found) == [("invoices.parquet row 2, amount", "is empty, it should be a whole number")]

    def test_with_a_key_that_stands_above_is_told(self) -> None:
        found = _csv(GOOD, GOOD.replace("2025-7", "2025-8"))
        assert _problems(found) == [("invoices.csv line 3, invoice_id", "7 stands above already")]
        assert found.table["invoice_no"].to_pylist() == ["2025-7"]

    @pytest.mark.parametrize("amount", ["0", "-5"])
    def test_of_payments_has_no_amount_above_zero(self, amount: str) -> None:
        head = "payment_id,booking_date,amount,currency,payer_name,payer_iban,ref_struct,ref_text"
        found = _csv(f"1,2025-10-01,{amount},SEK,Bo,,,", shape=tables.PAYMENTS, head=head)
        assert _problems(found)[0][1] == f"'{amount}' is not a whole number of minor units (cents) above zero"

    def test_of_a_customer_who_is_not_there_is_told(self) -> None:
        customers = _csv("1,10,Anna", shape=tables.CUSTOMERS, head="customer_id,customer_no,name")
        history = _csv(shape=tables.PAYER_HISTORY, head="customer_id,iban,payer_name,times")
        invoices = _csv(GOOD, GOOD.replace("7,1,", "8,2,"))
        found = tables.foreign_keys({"customers": customers, "payer_history": history, "invoices": invoices})
        assert [(p.place, p.reason) for p in found] == [
            ("invoices.csv line 3, customer_id", "no customer has the id 2")
        ]


class TestAFileWrongAsAWhole:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "these columns are missing: invoice_id"),
            (b"a,b\n1,2\n", "the columns are: 'a', 'b'"),
            (b"PAR1 and then nothing of the kind", "the Parquet file cannot be read"),
            (b"\xff\xfe\x00 no text", "not UTF-8"),
            (f"{HEAD},amount\n".encode(), "stand there twice: amount"),
            (f'{HEAD}\n"open'.encode(), "not a CSV file"),
        ],
    )
    def test_gives_one_problem_and_no_row(self, data: bytes, reason: str) -> None:
        found = tables.read(io.BytesIO(data), tables.INVOICES, name="invoices.csv")
        assert found.table.num_rows == 0
        assert reason in found.problems[0].reason
        assert found.problems[0].place.startswith("invoices.csv")

    def test_that_turns_strange_keeps_what_stood_before(self) -> None:
        found = tables.read(
            io.BytesIO(f"{HEAD}\n{GOOD}\n".encode() + b"8,\xff\n" * 9000), tables.INVOICES, name="i.csv"
        )
        assert "nothing was read from there on" in found.problems[-1].reason

    @pytest.mark.parametrize(
        ("column", "values"),
        [
            ("amount", [125.0, 3.0]),
            ("amount", [Decimal("1.25"), Decimal("3.00")]),
            ("issue_date", [1, 2]),
            ("currency", [1, 2]),
        ],
    )
    def test_because_of_a_column_of_another_type_says_so_once(self, column: str, values: list[Any]) -> None:
        found = _parquet(**{column: values})
        assert [place for place, _ in _problems(found)] == [f"invoices.parquet, {column}"]
        assert found.table.num_rows == 0


class TestAnyRows:
    CELL = st.sampled_from(["", "1", "-7", "x", "2025-10-01", "SEK", "ocr", "1.5", " 3 ", "é"])

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.lists(CELL, min_size=1, max_size=10), max_size=12))
    def test_end_in_the_table_or_among_the_problems(self, rows: list[list[str]]) -> None:
        lines = [",".join(row) for row in rows]
        found = _csv(*lines)
        told = {int(p.place.split("line ")[1].split(",")[0]) for p in found.problems}
        told |= set(found.numbers.tolist())
        assert told == {number for number, line in enumerate(lines, 2) if line}
        assert found.table.num_rows == found.numbers.size

    @settings(max_examples=100, deadline=None)
    @given(st.binary(max_size=300), st.booleans())
    def test_of_any_bytes_never_raise(self, data: bytes, with_head: bool) -> None:
        whole = (HEAD.encode() + b"\n" if with_head else b"") + data
        found = tables.read(io.BytesIO(whole), tables.INVOICES, name="f")
        assert all(p.place and p.reason for p in found.problems)


class TestTheGuard:
    def test_on_whole_numbers_is_what_keeps_hexadecimal_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: any text passes as a whole number, and Arrow reads 0x1F as 31."""
        monkeypatch.setattr(cells, "WHOLE_NUMBER", r"^.+$")
        assert _csv(GOOD.replace("12500", "0x1F")).table["amount"].to_pylist() == [31]

    def test_on_keys_is_what_keeps_repeats_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: nobody looks for repeated keys."""
        monkeypatch.setattr(reader, "_without_repeats", lambda found, shape: found)
        assert _csv(GOOD, GOOD).table.num_rows == 2
