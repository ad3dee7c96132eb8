"""Reading big bank files: camt.053 against a bare expat pass and lxml's iterparse; MT940 and BgMax by lines."""

import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from benchmarks.camt_file import write
from benchmarks.figures import Figure
from kvit.formats.bank.bgmax import reader as bgmax
from kvit.formats.bank.camt import reader as camt
from kvit.formats.bank.mt940 import reader as mt940
from kvit.formats.bank.statement import Event, Line

ENTRIES = 100_000
PAYMENTS = 40_000
PIECE = 1 << 16
_TRANSACTION = """:61:2611201120C{amount},00NTRFREF{number:09d}//B{number:012d}
:86:020^00PRZELEW PRZYCHODZĄCY^10{short:04d}^20Zapłata za fakturę
^21FV/2026/{number:08d}^3010901014^311090101400000712{number:08d}
^32Zakład Usług Łąkowych^33ul. Źródlana {short}, Łódź
^38PL611090101400000712{number:08d}
"""


def measure() -> Iterator[Figure]:
    """Each reading is done three times and the best processor time taken."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "camt053.xml"
        write(file, references=(f"{number:011d}" for number in range(ENTRIES)))
        yield from _camt(file)
    yield from _lines("MT940", _mt940(), mt940.events)
    yield from _lines("BgMax", _bgmax(), bgmax.events)


def _camt(file: Path) -> Iterator[Figure]:
    own = _best(lambda: _counted(camt.events(_pieces(file)), ENTRIES))
    bare = _best(lambda: _expat(file))
    iterated = _best(lambda: _iterparse(file))
    yield Figure("camt.053 read", ENTRIES / own, "entries/s")
    yield Figure(
        "camt.053 read against a bare expat pass", bare / own, "ratio", goal=0.2, stretch=0.3, ratio_to="bare expat"
    )
    yield Figure("camt.053 read against lxml's iterparse, nothing taken out", iterated / own, "ratio")
    tracemalloc.start()
    _counted(camt.events(_pieces(file)), ENTRIES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Figure("memory in the camt reader", peak / (1 << 20), "MiB", goal=50, at_least=False)


def _lines(name: str, data: bytes, events: Callable[[Iterable[bytes]], Iterator[Event]]) -> Iterator[Figure]:
    cut = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    spent = _best(lambda: _counted(events(cut), PAYMENTS))
    yield Figure(f"{name} read", data.count(b"\n") / spent, "lines/s", goal=100_000)


def _best(work: Callable[[], None]) -> float:
    spent = []
    for _ in range(3):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent)


def _counted(events: Iterable[Event], expected: int) -> None:
    found = sum(isinstance(event, Line) for event in events)
    if found != expected:
        raise RuntimeError(f"{found} lines instead of {expected}")


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def _expat(file: Path) -> None:
    parser = expat.ParserCreate()
    for piece in _pieces(file):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _iterparse(file: Path) -> None:
    with file.open("rb") as source:
        for _, element in etree.iterparse(source, tag="{*}Ntry", resolve_entities=False, no_network=True):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _mt940() -> bytes:
    amounts = [100 + number % 900 for number in range(PAYMENTS)]
    body = "".join(_TRANSACTION.format(amount=a, number=n, short=n % 9973) for n, a in enumerate(amounts))
    head = ":20:ST261120\n:25:PL61109010140000071219812874\n:28C:231/1\n:60F:C261119PLN1000,00\n"
    return f"{head}{body}:62F:C261120PLN{1000 + sum(amounts)},00\n-\n".replace("\n", "\r\n").encode("cp1250")


def _bgmax() -> bytes:
    rows = ["01BGMAX               0120261120173035010331P", f"05{'9912346':0>10}{'':10}SEK"]
    for number in range(PAYMENTS):
        rows += [
            f"20{'3783511':0>10}{number:>25}{10_000:018d}23{number:012d}0",
            "25Betalning med extra text om vad den gäller",
            f"26{'Kalles Plåt AB':<35}",
            f"27{'Storgatan 2':<35}12345",
            f"28{'Storåker':<35}",
            "29005500001234",
        ]
    rows.append(f"15{'58410000010098232':0>35}2026112000001{10_000 * PAYMENTS:018d}SEK{PAYMENTS:08d} ")
    rows.append(f"70{PAYMENTS:08d}{0:08d}{0:08d}{1:08d}")
    return "".join(f"{row:<80}\r\n" for row in rows).encode("iso-8859-1")
