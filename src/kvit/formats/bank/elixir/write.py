"""Writes Elixir-0: one line per Polish transfer, fifteen fields, texts in lines of 35 characters behind bars.

Sources: descriptions of the import format that Polish banks publish (message 110); VAT act
art. 108a for split payments (type 53).
"""

from collections.abc import Sequence
from typing import Final

from kvit.formats.bank.elixir.transfer import CodePage, ElixirTransfer, Kind
from kvit.formats.writing import ELIXIR, Checks, Written, assert_totals, totals
from kvit.kernel.identifiers import pl_nrb

LINE: Final = 35
LINES: Final = 4
_MESSAGE: Final = "110"
_ZLOTY: Final = frozenset({"PLN"})
_MOST_MINOR: Final = 10**15 - 1
_SPLIT: Final = ("/VAT/", "/IDC/", "/INV/")


def write(transfers: Sequence[ElixirTransfer], *, code_page: CodePage) -> Written:
    """The file, and a note for each text that was changed or cut.

    Refuses `Unwritable` with every problem and its place ("transfers[2]/payee_account").
    """
    checks = Checks(ELIXIR)
    checks.require(bool(transfers), "transfers", "there is nothing to pay")
    lines = [_line(checks, f"transfers[{number}]", one) for number, one in enumerate(transfers)]
    checks.refuse_problems()
    content = "".join(f"{line}\r\n" for line in lines).encode(code_page.value)
    found = [int(line.split(",", 3)[2]) for line in content.decode(code_page.value).split("\r\n") if line]
    amounts = [transfer.amount for transfer in transfers]
    assert_totals(written=(len(found), sum(found)), given=(len(amounts), sum(amount.minor for amount in amounts)))
    return Written(content, tuple(checks.notes), len(amounts), totals(amounts))


def _line(checks: Checks, place: str, transfer: ElixirTransfer) -> str:
    payer = checks.identifier(f"{place}/payer_account", pl_nrb.validate, transfer.payer_account)
    payee = checks.identifier(f"{place}/payee_account", pl_nrb.validate, transfer.payee_account)
    checks.amount(f"{place}/amount", transfer.amount, currencies=_ZLOTY, most_minor=_MOST_MINOR)
    fields = [
        _MESSAGE,
        transfer.execution_date.strftime("%Y%m%d"),
        str(transfer.amount.minor),
        payer[2:10],
        "0",
        _quoted(payer),
        _quoted(payee),
        _quoted(_block(checks, f"{place}/payer", transfer.payer)),
        _quoted(_block(checks, f"{place}/payee", transfer.payee)),
        "0",
        payee[2:10],
        _quoted(_title(checks, f"{place}/title", transfer)),
        _quoted(""),
        _quoted(""),
        _quoted(transfer.kind.value),
    ]
    return ",".join(fields)


def _title(checks: Checks, place: str, transfer: ElixirTransfer) -> str:
    if transfer.kind is Kind.ORDINARY:
        return _block(checks, place, transfer.title)
    text = checks.text(place, " ".join(transfer.title), limit=10_000, required=True)
    marks = [text.find(mark) for mark in _SPLIT]
    checks.require(
        marks[0] == 0 and marks == sorted(marks) and len(transfer.title) == 1,
        place,
        "a split payment is titled /VAT/amount/IDC/NIP/INV/number, in one line",
    )
    checks.require(len(text) <= LINE * LINES, place, f"has {len(text)} characters; the bank takes {LINE * LINES}")
    return "|".join(text[begin : begin + LINE] for begin in range(0, LINE * LINES, LINE))


def _block(checks: Checks, place: str, lines: Sequence[str]) -> str:
    """Four lines between bars; a fifth is not written, with a problem, since nothing is dropped silently."""
    checks.require(any(line.strip() for line in lines), place, "is missing")
    checks.require(len(lines) <= LINES, place, f"has {len(lines)} lines; the bank takes {LINES}")
    fitted = [checks.text(f"{place}[{number}]", line, limit=LINE) for number, line in enumerate(lines[:LINES])]
    return "|".join([*fitted, *[""] * (LINES - len(fitted))])


def _quoted(text: str) -> str:
    return f'"{text}"'
