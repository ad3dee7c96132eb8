"""`kvit bank read`: what a bank file holds, without a database."""

import json
from pathlib import Path

from kvit.cli.actions import show
from kvit.formats import bank
from kvit.kernel.results import Read


def read(file: Path, *, as_json: bool) -> int:
    """Print statements and problems; 0, or 2 when nothing could be read."""
    with file.open("rb") as source:
        found = bank.read_file(source)
    if as_json:
        show.as_json(bank.plain(found.format, found.read, found.records))
    else:
        _print(file, found)
    return 0 if found.read.records or found.records else 2


def _print(file: Path, found: bank.FileRead) -> None:
    show.say(f"{file.name}: {found.format or 'unknown format'}")
    for statement in found.read.records:
        balances = [
            f"{name} {show.money(minor, statement.currency)}"
            for name, minor in (("opening", statement.opening_minor), ("closing", statement.closing_minor))
            if minor is not None
        ]
        show.table(
            f"\n{statement.place}  {statement.account} {statement.currency}  {'  '.join(balances)}",
            ("booked", ">amount", "counterparty", "reference", "text"),
            (
                (
                    line.booking_date.isoformat(),
                    show.money(line.amount_minor, line.currency),
                    line.counterparty_name,
                    line.reference,
                    line.text[:60],
                )
                for line in statement.lines
            ),
        )
    for record in found.records:
        show.say(f"\n{_told(record)}")
    for problem in found.read.problems:
        show.warn(f"{problem.place}: {problem.reason}")


def _told(record: bank.Report) -> str:
    """One report in a line or more."""
    plain = bank.plain(None, Read((), ()), (record,))["records"]
    return json.dumps(plain, ensure_ascii=False, indent=1)
