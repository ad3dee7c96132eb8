"""Which format a file has, known from its content alone, and the plain values it becomes."""

import io
import json
from typing import Any

import pytest
from typing_extensions import override

from bank_samples import BGMAX, CAMT, name, sample
from kvit.formats import bank
from kvit.formats.bank import Format
from kvit.formats.bank.statement import StatementClosed, StatementOpened
from shared_folder import needs_shared

MULTI = "iso20022/samples/genkgo/camt053.v2.multi.statement.xml"


class _Unseekable(io.BytesIO):
    """A source like a pipe, which gives what it has in small pieces."""

    @override
    def seekable(self) -> bool:
        return False

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(100)


@needs_shared
class TestAFormat:
    def test_is_known_for_every_sample(self) -> None:
        for path in CAMT:
            digits = path.read_text("utf-8").partition("tech:xsd:camt.")[2][:3]
            assert bank.recognise(path.read_bytes()) == f"camt.{digits}", name(path)
        assert {bank.recognise(path.read_bytes()) for path in BGMAX} == {Format.BGMAX}

    def test_is_known_from_the_first_bytes(self) -> None:
        assert bank.recognise(sample(MULTI)[:300]) is Format.CAMT_053

    def test_is_asked_of_a_stream_without_moving_it(self) -> None:
        source = io.BytesIO(b"xx" + sample(MULTI))
        source.seek(2)
        assert bank.recognise_stream(source) is Format.CAMT_053
        assert source.tell() == 2
        assert bank.collected(bank.stream(source)) == bank.read(sample(MULTI)).read

    @pytest.mark.parametrize(
        "head", [b"", b"\0" * 100, b"<html><body>", b"<BkToCstmrStmtX/>", b"BkToCstmrStmt", b"01AUTOPAY", b"\xff\xfe<"]
    )
    def test_is_none_for_anything_else(self, head: bytes) -> None:
        assert bank.recognise(head) is None


@needs_shared
class TestAReader:
    def test_reads_what_cannot_be_rewound(self) -> None:
        opened = bank.open_reader(_Unseekable(sample(MULTI)))
        assert opened.format is Format.CAMT_053
        assert bank.collected(opened.events) == bank.read(sample(MULTI)).read

    def test_gives_its_events_in_order(self) -> None:
        events = list(bank.stream(io.BytesIO(sample(MULTI))))
        kinds = [type(event).__name__ for event in events]
        assert kinds == ["StatementOpened", "Line", "StatementClosed"] * 2
        opened, closed = events[0], events[2]
        assert isinstance(opened, StatementOpened)
        assert isinstance(closed, StatementClosed)
        assert opened.statement == closed.statement

    def test_answers_a_file_of_no_known_format_with_one_problem(self) -> None:
        file = bank.read(b"Hello")
        assert (file.format, file.read.records, len(file.read.problems)) == (None, (), 1)

    @pytest.mark.parametrize("kind", [io.BytesIO, _Unseekable])
    def test_refuses_a_file_above_the_cap(self, kind: type[io.BytesIO]) -> None:
        opened = bank.open_reader(kind(sample(MULTI)), max_bytes=1000)
        problems = bank.collected(opened.events).problems
        assert "the file is larger than 1000 bytes" in problems[0].reason

    def test_stops_at_the_cap_where_the_size_cannot_be_known(self) -> None:
        data = sample(MULTI) + b" " * 100_000
        read = bank.collected(bank.stream(_Unseekable(data), max_bytes=90_000))
        assert len(read.records) == 2
        assert "larger than 90000 bytes" in read.problems[0].reason


@needs_shared
class TestThePlainForm:
    def test_is_what_the_command_line_prints(self) -> None:
        file = bank.read(sample(MULTI))
        plain: dict[str, Any] = json.loads(json.dumps(bank.plain(file.format, file.read)))
        assert list(plain) == ["format", "statements", "problems"]
        assert plain["format"] == "camt.053"
        assert plain["statements"][1] == {
            "account": "NL26VAYB8060476890",
            "currency": "EUR",
            "opening_minor": 2700,
            "closing_minor": 2000,
            "lines": [
                {
                    "booking_date": "2014-12-31",
                    "value_date": "2015-01-02",
                    "amount_minor": -700,
                    "currency": "EUR",
                    "counterparty_name": "Company Name 2",
                    "counterparty_account": "NL56AGDH9619008421",
                    "reference": "",
                    "text": "Transaction Description 2",
                    "bank_id": "",
                }
            ],
        }

    def test_has_none_for_what_is_not_stated(self) -> None:
        file = bank.read(sample("bankgirot/bgmax/minimal.txt"))
        (statement,) = json.loads(json.dumps(bank.plain(file.format, file.read)))["statements"]
        assert (statement["opening_minor"], statement["lines"][0]["value_date"]) == (None, None)

    def test_has_problems_as_place_and_reason(self) -> None:
        file = bank.read(b"")
        assert bank.plain(file.format, file.read) == {
            "format": None,
            "statements": [],
            "problems": [{"place": "file", "reason": "the file is empty"}],
        }
