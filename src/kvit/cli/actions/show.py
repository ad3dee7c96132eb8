"""How the command line shows money, tables and progress."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from kvit.kernel.money import Money

WIDTH = 120  # of what is piped somewhere; a terminal has its own
out = Console(width=None if sys.stdout.isatty() else WIDTH)
err = Console(stderr=True)


def money(minor: int, currency: str) -> str:
    """`1 234.50 SEK`."""
    return f"{Money(minor, currency).to_decimal():,f}".replace(",", "\u00a0") + f" {currency}"


def say(text: str, *, style: str = "") -> None:
    """Print a line on standard output, as it is: what looks like markup in a name is not taken for it."""
    out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def warn(text: str) -> None:
    """Print a line on standard error, in yellow where there are colours."""
    err.print(text, style="yellow", markup=False, highlight=False, soft_wrap=True)


def as_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; columns named with a leading `>` are set to the right."""
    shown = Table(title=Text(title), title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        shown.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    out.print(shown)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator["Bar"]:
    """A progress bar on standard error while something long runs."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=err
    ) as shown:
        yield Bar(shown, shown.add_task(what, total=total))


class Bar:
    """A running progress bar."""

    def __init__(self, shown: Progress, task: Any) -> None:
        self._shown, self._task = shown, task

    def advance(self, by: int) -> None:
        """So much more is done."""
        self._shown.advance(self._task, by)

    def say(self, what: str) -> None:
        """What is being done now."""
        self._shown.update(self._task, description=what)
