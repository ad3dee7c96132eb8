"""What a fuzzer feeds to the readers of foreign files: every target takes any bytes, and raising is the only failure.

As a program it fuzzes one target for a while with atheris: `python tests/fuzzing.py mt940 -max_total_time=600`.
"""

import contextlib
import gc
import io
import sys
from collections.abc import Callable
from types import FunctionType
from typing import Any

from kvit.formats import bank, einvoice
from kvit.formats.bank.autogiro import read as autogiro
from kvit.formats.bank.bgmax import reader as bgmax
from kvit.formats.bank.camt import reader as camt
from kvit.formats.bank.lb import read as lb
from kvit.formats.bank.mt940 import reader as mt940
from kvit.formats.bank.pain import status as pain
from kvit.formats.bank.tabular import guide
from kvit.formats.books.jpk import read as jpk
from kvit.formats.books.rates import read as rates
from kvit.formats.books.sie import read as sie
from kvit.kernel.refusals import DomainError


def _any(data: bytes) -> None:
    file = bank.read(data)
    bank.plain(file.format, file.read, file.records)
    for _ in bank.stream(io.BytesIO(data), max_bytes=50_000):
        pass


def _guide(data: bytes) -> None:
    found = guide.propose(data, key="own", name="Own", country="PL", currency="PLN")
    if found.profile is not None:
        guide.preview(data, found.profile)


def _einvoice(data: bytes) -> None:
    opened = einvoice.read(data)
    found = opened.reading
    if found.invoice is None and not found.problems:
        raise AssertionError("neither an invoice nor problems")
    einvoice.check(opened)
    einvoice.plain(found.invoice)
    for syntax in einvoice.Syntax if found.invoice is not None else ():
        with contextlib.suppress(DomainError):
            einvoice.write(found.invoice, syntax)


def _of(read: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        found = read(data)
        if not (found.records or found.problems):
            raise AssertionError("neither records nor problems")

    return target


TARGETS: dict[str, Callable[[bytes], None]] = {
    "any": _any,
    "csv": _guide,
    "camt": _of(camt.read),
    "bgmax": _of(bgmax.read),
    "mt940": _of(mt940.read),
    "autogiro": _of(autogiro.read),
    "lb": _of(lb.read),
    "pain.002": _of(pain.read),
    "sie": _of(sie.read),
    "jpk": _of(jpk.read),
    "rates": _of(rates.read),
    "ubl": _einvoice,
    "cii": _einvoice,
    "fa3": _einvoice,
}


def main(arguments: list[str]) -> None:
    """Fuzz the target named first until atheris is done; it prints what fails and ends with its code.

    Only our own functions lead it: those of the libraries would take minutes to be made ready, and slow the rest down.
    """
    import atheris  # installed by `make soak` alone

    for function in gc.get_objects():
        if isinstance(function, FunctionType) and str(function.__module__).startswith("kvit."):
            atheris.instrument_func(function)
    atheris.Setup([arguments[0], *arguments[2:]], TARGETS[arguments[1]])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
