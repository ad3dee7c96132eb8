"""Hostile text, CSV, ZIP and XML files for the readers beside camt and BgMax: problems within half a second of work."""

import io
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from effort import seconds_of_work
from kvit.formats import bank
from kvit.formats.bank.autogiro import read as autogiro
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.mt940 import reader as mt940
from kvit.formats.bank.pain import status as pain
from kvit.formats.books.jpk import read as jpk
from kvit.formats.books.rates import read as rates
from kvit.formats.books.sie import read as sie

SIZE = 5_000_000
MT940 = b":20:X\n:25:1\n:60F:C260301PLN1,00\n"
ENTRY = b":61:2603020302C1,00NTRFX\n"
AUTOGIRO = b"0120260302AUTOGIRO" + b" " * 44 + b"4711170009912346\n"
LB = "110009912346260302LEVERANTÖRSBETALNINGAR\n".encode("latin-1")
CSV = "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n".encode()
SIE = b"#FLAGGA 0\n#SIETYP 4\n"
STATUS = b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr>'


def _bank(data: bytes) -> Any:
    return bank.read(data).read


def _zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", b"\0" * 20_000_000)
    return target.getvalue()


def _laughs() -> bytes:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE d [<!ENTITY l0 "lol">' + levels + b"]><JPK><Naglowek>&l9;</Naglowek></JPK>"


Reader = Callable[[bytes], Any]
BOMBS: dict[str, tuple[Reader, Callable[[], bytes]]] = {
    "an MT940 line without an end": (mt940.read, lambda: MT940 + ENTRY + b":86:" + b"x" * SIZE),
    "an MT940 text of many lines": (mt940.read, lambda: MT940 + ENTRY + b":86:" + b"x\n" * 100_000),
    "an MT940 text of many subfields": (mt940.read, lambda: MT940 + ENTRY + b":86:020" + b"?20" * 3_000 + b"\n-\nx\n"),
    "MT940 entries that are none": (mt940.read, lambda: MT940 + b":61:x\n" * 30_000),
    "many MT940 texts": (mt940.read, lambda: MT940 + ENTRY + b":86:x\n" * 100_000),
    "MT940 and noise": (mt940.read, lambda: MT940 + random.Random(1).randbytes(SIZE)),
    "MT940 and NUL bytes": (mt940.read, lambda: MT940 + b"\0" * SIZE),
    "Autogiro records that are none": (autogiro.read, lambda: AUTOGIRO + b"82\n" * 30_000),
    "an Autogiro line without an end": (autogiro.read, lambda: AUTOGIRO + b"8" * SIZE),
    "LB remarks on nothing": (lb.read, lambda: LB + b"25\n" * 30_000),
    "a CSV cell that nothing closes": (_bank, lambda: CSV + b'"' + b"x\n" * 30_000),
    "a CSV of quotes": (_bank, lambda: CSV + b'"\n' * 30_001),
    "a CSV row of many columns": (_bank, lambda: CSV + b";" * 9_000 + b"\n" + b";" * SIZE),
    "a ZIP that unfolds": (_bank, _zip),
    "a SIE text without an end": (sie.read, lambda: SIE + b'#KONTO 1 "' + b"\\" * SIZE),
    "SIE braces inside braces": (sie.read, lambda: SIE + b"#KONTO " + b"{" * 9_000 + b"\n"),
    "SIE vouchers that are none": (sie.read, lambda: SIE + b"#VER\n" * 20_000),
    "a SIE line of quotes": (sie.read, lambda: SIE + b"#KONTO " + b'"\\' * 4_900 + b"\n"),
    "a billion laughs in a JPK": (jpk.read, _laughs),
    "deep nesting in a JPK": (jpk.read, lambda: b"<JPK>" + b"<Faktura>" * 100_000),
    "a million attributes in a JPK": (
        jpk.read,
        lambda: b"<JPK><Faktura " + b" ".join(b'a%d="1"' % n for n in range(400_000)),
    ),
    "a huge text in a JPK": (jpk.read, lambda: b"<JPK><Faktura><P_2A>" + b"x" * SIZE),
    "many elements in a JPK": (jpk.read, lambda: b"<JPK><Faktura>" + b"<a/>" * 1_000_000),
    "deep nesting in JSON rates": (rates.read, lambda: b"[" * SIZE),
    "a huge number in JSON rates": (rates.read, lambda: b'[{"rates":[{"mid":' + b"9" * 1_000_000 + b"}]}]"),
    "a huge text in a status report": (pain.read, lambda: STATUS + b"<MsgId>" + b"x" * SIZE),
    "a status report of noise": (pain.read, lambda: STATUS + random.Random(2).randbytes(SIZE)),
}


class TestABomb:
    @pytest.mark.parametrize("name", BOMBS)
    def test_is_answered_by_problems_within_half_a_second_of_work(self, name: str) -> None:
        read, made = BOMBS[name]
        data = made()
        assert read(data).problems
        assert seconds_of_work(lambda: read(data), enough=0.5) < 0.5

    @pytest.mark.parametrize("name", BOMBS)
    def test_takes_little_memory(self, name: str) -> None:
        read, made = BOMBS[name]
        data = made()[:1_000_000]  # tracing is slow; bounds far below this size still show
        tracemalloc.start()
        read(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 40_000_000

    def test_is_one_of_at_least_twelve(self) -> None:
        assert len(BOMBS) >= 12
