"""Bank files as the simulated banks write them, each in the dialect of its country's banks."""

from collections.abc import Callable, Mapping
from typing import Final

from kvit.world.bank_files import bgmax, camt, mt940
from kvit.world.bank_files.page import Page
from kvit.world.companies import Dialect

__all__ = ["Page", "ending", "write"]

_WRITERS: Final[Mapping[Dialect, tuple[Callable[[Page], bytes], str]]] = {
    Dialect.BGMAX: (bgmax.write, "txt"),
    Dialect.CAMT_SE: (camt.write, "xml"),
    Dialect.CAMT_PL: (camt.write, "xml"),
    Dialect.CAMT_RO: (camt.write, "xml"),
    Dialect.MT940_PL: (mt940.write, "sta"),
    Dialect.MT940_RO: (mt940.write, "sta"),
}


def write(page: Page) -> bytes:
    """The file of an account for its days, the same bytes for the same page."""
    return _WRITERS[page.account.dialect][0](page)


def ending(page: Page) -> str:
    """The ending of such a file's name, without the point."""
    return _WRITERS[page.account.dialect][1]
