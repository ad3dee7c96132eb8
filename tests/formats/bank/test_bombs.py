"""Hostile files: each is answered by problems, in half a second of work and little memory."""

import codecs
import random
import tracemalloc
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest

from effort import seconds_of_work
from kvit.formats import bank
from kvit.formats.bank import recognition
from kvit.formats.bank.camt import walk
from kvit.formats.bank.statement import Line, StatementClosed, StatementOpened
from kvit.kernel.results import Problem

SIZE = 10_000_000
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
OPEN = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
STATEMENT = DECLARATION + OPEN + b"<Stmt><Acct><Id><IBAN>X</IBAN></Id><Ccy>EUR</Ccy></Acct>"
AMOUNT = b'<Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2020-01-01</Dt></BookgDt>'
ENTRY = b"<Ntry>" + AMOUNT
CLOSE = b"</Stmt></BkToCstmrStmt></Document>"
WHOLE = STATEMENT + ENTRY + b"</Ntry>"
BGMAX = b"01BGMAX               0120040525173035010331P\n"
SECTION = BGMAX + b"050009912346          SEK\n"


def _with_dtd(dtd: bytes, body: bytes) -> bytes:
    return DECLARATION + b"<!DOCTYPE d [" + dtd + b"]>" + OPEN + b"<Stmt><Id>" + body + b"</Id></Stmt>"


def _laughs() -> bytes:
    levels = [b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10)]
    return _with_dtd(b'<!ENTITY l0 "lol">' + b"".join(levels), b"&l9;")


def _noise() -> bytes:
    return random.Random(1).randbytes(SIZE)


def _attributes() -> bytes:
    return b" ".join(b'a%d="1"' % i for i in range(SIZE // 12))


BOMBS: dict[str, Callable[[], bytes]] = {
    "a billion laughs": _laughs,
    "an external entity": lambda: _with_dtd(b'<!ENTITY x SYSTEM "file:///etc/passwd">', b"&x;"),
    "an external parameter entity": lambda: _with_dtd(b'<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;', b""),
    "a quadratic blow-up": lambda: _with_dtd(b'<!ENTITY x "' + b"a" * 50_000 + b'">', b"&x;" * 50_000),
    "an external DTD": lambda: DECLARATION + b'<!DOCTYPE d SYSTEM "http://127.0.0.1/d.dtd">' + OPEN,
    "a DTD in UTF-16": lambda: (
        _with_dtd(b'<!ENTITY x "y">', b"&x;").replace(b"UTF-8", b"UTF-16").decode().encode("utf-16")
    ),
    "an undeclared entity": lambda: STATEMENT + ENTRY + b"<AddtlNtryInf>&x;</AddtlNtryInf>",
    "deep nesting in a statement": lambda: STATEMENT + b"<a>" * (SIZE // 3),
    "deep nesting in an entry": lambda: STATEMENT + ENTRY + b"<a>" * (SIZE // 3),
    "deep nesting around a message": lambda: b"<a>" * 20_000 + b"<Document>" * (SIZE // 10) + OPEN,
    "a huge attribute": lambda: STATEMENT + b'<Ntry x="' + b"a" * SIZE + b'">',
    "many attributes": lambda: STATEMENT + b"<Ntry " + _attributes() + b">",
    "a huge text": lambda: STATEMENT + ENTRY + b"<AddtlNtryInf>" + b"a" * SIZE,
    "a huge text nobody reads": lambda: STATEMENT + ENTRY + b"<Purp>" + b"a" * SIZE,
    "a huge comment": lambda: STATEMENT + b"<!--" + b"a" * SIZE,
    "a huge CDATA section": lambda: STATEMENT + ENTRY + b"<AddtlNtryInf><![CDATA[" + b"a" * SIZE,
    "a huge name": lambda: STATEMENT + b"<" + b"a" * SIZE,
    "a huge prefix": lambda: DECLARATION + b"<" + b"a" * 1_000_000 + b":BkToCstmrStmt><Stmt/>",
    "noise": _noise,
    "noise in a statement": lambda: STATEMENT + _noise(),
    "noise after a tag": lambda: b"<" + _noise(),
    "nothing": lambda: b"",
    "only blanks": lambda: b" \r\n" * (SIZE // 3),
    "NUL bytes": lambda: b"\0" * SIZE,
    "NUL bytes in a statement": lambda: STATEMENT + b"\0" * SIZE,
    "an unknown encoding": lambda: STATEMENT.replace(b"UTF-8", b"no-such") + CLOSE,
    "an encoding of several bytes": lambda: STATEMENT.replace(b"UTF-8", b"UTF-7") + CLOSE,
    "an encoding that is none": lambda: STATEMENT.replace(b"UTF-8", b"zlib") + CLOSE,
    "a wrong encoding": lambda: STATEMENT + ENTRY + "<AddtlNtryInf>Åkeri</AddtlNtryInf>".encode("latin-1"),
    "UTF-32": lambda: STATEMENT.decode().encode("utf-32"),
    "half a UTF-16 character": lambda: codecs.BOM_UTF16_LE + STATEMENT.decode().encode("utf-16-le")[:-1],
    "many unknown elements": lambda: STATEMENT + ENTRY + b"<a/>" * (SIZE // 4),
    "many unknown elements in a statement": lambda: STATEMENT + b"<a/>" * (SIZE // 4),
    "many statements": lambda: DECLARATION + OPEN + b"<Stmt/>" * (SIZE // 7),
    "many empty entries": lambda: STATEMENT + b"<Ntry/>" * (SIZE // 7),
    "many balances": lambda: STATEMENT + b"<Bal/>" * (SIZE // 6),
    "a second document": lambda: WHOLE + CLOSE + WHOLE + CLOSE,
    "a BgMax line without an end": lambda: BGMAX.rstrip() + b" " * SIZE,
    "BgMax records outside a section": lambda: BGMAX + b"20\n" * 100_000,
    "a BgMax section of broken payments": lambda: SECTION + b"20\n" * 100_000 + b"15\n",
    "a BgMax payment of many references": lambda: SECTION + b"20\n" + b"22\n" * 100_000 + b"15\n",
    "BgMax in UTF-16": lambda: SECTION.decode().encode("utf-16"),
    "BgMax with NUL bytes": lambda: SECTION + b"\0" * 900 + b"\n" + b"20" + b"\0" * 78 + b"\n",
    "BgMax and noise": lambda: BGMAX + _noise(),
}


def _problems(data: bytes) -> list[Problem]:
    """Only the problems of a file, so that nothing but the reader itself holds memory."""
    events = bank.stream(BytesIO(data))
    return [event for event in events if isinstance(event, Problem)]


class TestABomb:
    @pytest.mark.parametrize("name", BOMBS)
    def test_is_answered_by_problems_within_half_a_second_of_work(self, name: str) -> None:
        data = BOMBS[name]()
        assert _problems(data)
        assert seconds_of_work(lambda: _problems(data), enough=0.5) < 0.5

    @pytest.mark.parametrize("name", BOMBS)
    def test_takes_little_memory(self, name: str) -> None:
        data = BOMBS[name]()
        if len(data) > 1_000_000:
            data = data[:2_000_000]  # tracing is slow; bounds far below this size still show
        tracemalloc.start()
        _problems(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 16_000_000

    def test_is_one_of_at_least_twelve(self) -> None:
        assert len(BOMBS) >= 12


class TestADoctype:
    @pytest.mark.parametrize(
        "name",
        [
            "a billion laughs",
            "an external entity",
            "an external parameter entity",
            "a quadratic blow-up",
            "an external DTD",
            "a DTD in UTF-16",
        ],
    )
    def test_is_refused_by_name(self, name: str) -> None:
        reasons = [problem.reason for problem in _problems(BOMBS[name]())]
        assert "DTD" in reasons[0]

    def test_would_be_read_without_the_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = _with_dtd(b'<!ENTITY x "expanded">', b"&x;") + b"</BkToCstmrStmt></Document>"
        assert "DTD" in bank.read(data).read.problems[0].reason
        monkeypatch.setattr(walk.Walk, "_doctype", lambda *_: None)
        assert bank.read(data).read.records[0].statement_id == "expanded"


class TestAGuard:
    """Each guard off, the same file gets through: so it is the guard that stops it."""

    @pytest.mark.parametrize(
        ("limit", "data"),
        [
            ("MAX_DEPTH", STATEMENT + b"<a>" * 100 + b"</a>" * 100 + CLOSE),
            ("MAX_OUTSIDE", b"<a>" * 10_001 + OPEN + b"</BkToCstmrStmt></Document>" + b"</a>" * 10_001),
            ("MAX_UNKNOWN", STATEMENT + ENTRY + b"<a/>" * 100_001 + b"</Ntry>" + CLOSE),
            ("MAX_TEXT", STATEMENT + ENTRY + b"<AddtlNtryInf>" + b"a" * 200_000 + b"</AddtlNtryInf></Ntry>" + CLOSE),
            ("MAX_TOKEN", STATEMENT + b"<!--" + b"a" * 2_000_000 + b"-->" + CLOSE),
            ("MAX_BALANCES", STATEMENT + b"<Bal/>" * 1_001 + CLOSE),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_of_the_walk_is_what_stops_the_bomb(self, limit: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recognition, "HEAD", 1 << 20)
        assert any("reading stopped" in problem.reason for problem in _problems(data))
        monkeypatch.setattr(walk, limit, 10**9)
        assert not any("reading stopped" in problem.reason for problem in _problems(data))


class TestABigEntry:
    def test_is_kept_as_one_line_and_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        payment = b'<TxDtls><Amt Ccy="EUR">0.01</Amt><RmtInf><Ustrd>x</Ustrd></RmtInf></TxDtls>'
        data = STATEMENT + ENTRY + b"<NtryDtls>" + payment * 100 + b"</NtryDtls></Ntry>" + CLOSE
        (statement,) = bank.read(data).read.records
        assert len(statement.lines) == 100
        monkeypatch.setattr(walk, "MAX_ENTRY_COST", 10_000)
        read = bank.read(data).read
        assert [line.amount_minor for line in read.records[0].lines] == [100]
        assert [problem.place for problem in read.problems] == ["Stmt[1]/Ntry[1]/NtryDtls"]


def _endless(limit: int) -> Iterator[bytes]:
    yield STATEMENT
    for _ in range(limit):
        yield (ENTRY + b"</Ntry>") * 100


class TestALongFile:
    def test_is_read_in_bounded_memory(self) -> None:
        from kvit.formats.bank.camt import reader

        tracemalloc.start()
        lines = sum(isinstance(event, Line) for event in reader.events(_endless(100)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert lines == 10_000
        assert peak < 4_000_000

    def test_closes_every_statement_it_opens_wherever_it_is_cut(self) -> None:
        data = STATEMENT + ENTRY + b"</Ntry></Stmt><Stmt>" + ENTRY + b"</Ntry>" + CLOSE
        for cut in range(len(data)):
            depth = 0
            for event in bank.stream(BytesIO(data[:cut])):
                depth += isinstance(event, StatementOpened) - isinstance(event, StatementClosed)
                assert depth in (0, 1)
                assert depth or not isinstance(event, Line)
            assert depth == 0
