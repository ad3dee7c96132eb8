"""Files that mean harm, and files that are only damaged: nothing raises, memory and time stay within bounds."""

import random
import time
import tracemalloc
from pathlib import Path

import pytest
from lxml import etree

from effort import seconds_of_work
from einvoice_cases import cases
from einvoice_samples import CII, FA3, UBL
from fuzzing import TARGETS
from kvit.formats import einvoice
from kvit.formats.einvoice import nodes, ubl
from shared_folder import needs_shared

TEXTS = (
    "",
    " ",
    "NaN",
    "1e999",
    "-0",
    "+.5",
    "0." + "9" * 40,
    "9" * 24,
    "0.00000000000000000000001",
    "٣",
    "2026-02-30",
    "20260101",
    "true",
    "PL",
    "XXX",
    "{}",
    "{0.__class__}",
    "<b>",
    "'\"&",
    "\u202e\U0001f4a9",
    "x" * 5000,
)
WELL_FORMED = [path for path in FA3 if path.parent.name != "error-cases"]
BOMBS = {
    "billion laughs": b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 10 + b'"><!ENTITY d "' + b"&b;" * 10 + b'">]><a>&d;</a>',
    "outside entity": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "outside DTD": b'<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>',
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://192.0.2.1/b"> %b;]><a/>',
    "in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
    "deep": b"<a>" * 200_000,
    "wide": b"<a>" + b"<b/>" * 2_000_000 + b"</a>",
    "attributes": b"<a" + b"".join(b' a%d=""' % n for n in range(1_200_000)) + b"/>",
    "a long name": b"<" + b"a" * 20_000_000 + b"/>",
    "a long text": b"<a>" + b"x" * 29_000_000 + b"</a>",
    "too large": b"<a>" + b"x" * 31_000_000 + b"</a>",
    "another alphabet": b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>',
    "an endless comment": b"<!--" + b"-" * 1_000_000,
    "nothing but blanks": b" " * 1_000_000,
}


class TestABomb:
    @pytest.mark.parametrize("name", BOMBS)
    def test_is_refused_at_once_and_in_little_memory(self, name: str) -> None:
        tracemalloc.start()
        opened = einvoice.read(BOMBS[name])
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert opened.reading.invoice is None
        assert opened.reading.problems
        assert seconds_of_work(lambda: einvoice.read(BOMBS[name]), enough=0.5) < 0.5
        assert peak < 256 * 2**20

    def test_would_go_off_without_the_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: without the look for a document type, entities are parsed."""
        data = BOMBS["billion laughs"]
        monkeypatch.setattr(nodes, "_DOCTYPES", ())
        assert "document type" not in einvoice.read(data).reading.problems[0].words

    def test_of_a_million_elements_would_be_read_without_the_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: without the count of elements the whole tree is made."""
        data = b"<a>" + b"<b/>" * 1_100_000 + b"</a>"
        assert "elements" in einvoice.read(data).reading.problems[0].words
        monkeypatch.setattr(nodes, "MAX_MARKS", 10**9)
        assert "elements" not in einvoice.read(data).reading.problems[0].words


@needs_shared
class TestASample:
    @pytest.mark.parametrize("path", [*UBL[::8], *CII[::6], *WELL_FORMED[::5]], ids=lambda path: path.name)
    def test_with_any_text_in_any_place_raises_nothing(self, path: Path) -> None:
        """One text after the other is replaced by something hostile."""
        chance = random.Random(path.name)
        tree = etree.fromstring(path.read_bytes(), etree.XMLParser(remove_comments=True))
        places = [one for one in tree.iter() if (one.text or "").strip()]
        for one in chance.sample(places, min(25, len(places))):
            kept = one.text
            one.text = chance.choice(TEXTS)
            TARGETS["ubl"](etree.tostring(tree))
            one.text = kept

    @pytest.mark.parametrize("path", [UBL[0], CII[0], WELL_FORMED[0]] if UBL else [], ids=lambda path: path.name)
    def test_without_any_of_its_elements_raises_nothing(self, path: Path) -> None:
        tree = etree.fromstring(path.read_bytes(), etree.XMLParser(remove_comments=True))
        for one in list(tree.iter())[1:]:
            parent = one.getparent()
            if parent is None:
                continue
            at = parent.index(one)
            parent.remove(one)
            TARGETS["ubl"](etree.tostring(tree))
            parent.insert(at, one)

    @pytest.mark.parametrize("damage", [b"", b"x", b"<Unknown/>"])
    def test_takes_time_by_its_length(self, damage: bytes) -> None:
        """Eight times the lines cost about eight times the time, be they right, wrong or strange."""
        data = ubl.write(next(cases("RO")).invoice)
        start, end = data.index(b"<cac:InvoiceLine>"), data.index(b"</Invoice>")
        line = data[start:end].replace(b'currencyID="RON">', b'currencyID="RON">' + damage)

        def spent(times: int) -> float:
            told = data[:end] + line * times + data[end:]
            began = time.process_time()
            assert (einvoice.read(told).reading.invoice is None) == bool(damage)
            return time.process_time() - began

        spent(100)
        assert min(spent(4000) for _ in range(2)) < 20 * max(min(spent(500) for _ in range(3)), 0.01)
