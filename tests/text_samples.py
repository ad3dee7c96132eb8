"""The foreign text files (MT940, Autogiro, LB, SIE) counted a second time by looking at their lines only."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from bank_samples import CONFORMANCE
from kvit.formats.bank.autogiro.records import AutogiroFile, Kind
from kvit.formats.bank.lb.records import LbFile
from kvit.formats.bank.statement import Statement
from kvit.formats.books.sie.records import SieFile
from kvit.kernel.results import Problem, Read
from shared_folder import SHARED


def _files(folder: str) -> list[Path]:
    if SHARED is None:
        return []
    return sorted(path for path in (CONFORMANCE / folder).rglob("*") if path.is_file())


MT940 = _files("mt940/samples")
AUTOGIRO = [
    path
    for path in _files("bankgirot/autogiro") + _files("bankgirot/hmac-seal")
    if b"01BGMAX" not in path.read_bytes() and "expected" not in path.name
]
LB = _files("bankgirot/leverantorsbetalningar")
SIE = _files("sie/samples")
JPK = _files("jpk/samples")
RATES = _files("fx-rates")


def second_opinion() -> dict[str, dict[str, str | int]]:
    """Counts and sums of MT940 by another library."""
    text = (CONFORMANCE / "mt940_second_opinion.json").read_text("utf-8")
    found: dict[str, dict[str, str | int]] = json.loads(text)
    return found


def rows(data: bytes) -> list[bytes]:
    """The lines of a file, for every kind of line end."""
    return re.split(rb"\r\r\n|\r\n|\r|\n", data)


def _at(numbers: Iterable[int], lines: Counter[str], problems: tuple[Problem, ...], *, stopped: int) -> list[str]:
    told = Counter(problem.place for problem in problems)
    found = []
    for number in numbers:
        place = f"line {number}"
        if number <= stopped and lines[place] + bool(told[place]) < 1:
            found.append(f"{place}: neither a record nor a problem")
        if lines[place] > 1:
            found.append(f"{place}: {lines[place]} records")
    return found


def _stopped(problems: tuple[Problem, ...]) -> int:
    """The line reading stopped at, or far beyond any file."""
    for problem in problems:
        if "reading stopped" in problem.reason:
            digits = re.search(r"\d+", problem.place)
            return int(digits[0]) if digits else 0
    return 10**9


def _numbers(data: bytes, is_one: Callable[[bytes], bool]) -> list[int]:
    return [number for number, row in enumerate(rows(data), start=1) if is_one(row)]


def mt940_losses(data: bytes, read: Read[Statement]) -> list[str]:
    """Statement lines that are neither a line nor a problem, and amounts that do not stand in the file."""
    lines = Counter(line.place for statement in read.records for line in statement.lines)
    numbers = _numbers(data, lambda row: row.startswith(b":61:"))
    found = _at(numbers, lines, read.problems, stopped=_stopped(read.problems))
    amounts = {
        whole.lstrip(b"0") + fraction.ljust(2, b"0") if whole.lstrip(b"0") else fraction.lstrip(b"0")
        for whole, fraction in re.findall(rb"(?<![\d.,])(\d*)[,.](\d{0,2})0*(?![\d.,])", b"\n".join(rows(data)))
    }
    digits = re.sub(rb"[^\d]", b"", data)
    for statement in read.records:
        for line in statement.lines:
            minor = str(abs(line.amount_minor)).encode()
            if minor.rstrip(b"0") not in digits and minor not in amounts:
                found.append(f"{line.place}: {line.amount_minor} stands nowhere in the file")
    return found


def autogiro_losses(data: bytes, read: Read[AutogiroFile]) -> list[str]:
    """Records that are neither an entry nor a problem, and amounts that do not stand where amounts stand."""
    lines: Counter[str] = Counter(entry.place for file in read.records for entry in file.entries)
    frame = {b"01", b"09", b"51", b"59", b"53", b"54", b"55", b"56", b"00", b"99"}
    is_register = any(file.kind is Kind.MANDATE_REGISTER for file in read.records)
    numbers = _numbers(
        data,
        lambda row: (
            bool(row.strip(b" \t\x1a\0"))
            and (row[:2] not in frame or (is_register and row[:2] == b"00" and row[8:12] != b"HMAC"))
        ),
    )
    found = _at(numbers, lines, read.problems, stopped=_stopped(read.problems))
    amounts = _digit_runs(data)
    for file in read.records:
        for entry in file.entries:
            minor = getattr(entry, "amount_minor", None)
            if minor and str(minor).zfill(12).encode() not in amounts:
                found.append(f"{entry.place}: {minor} stands nowhere in the file")
    return found


def lb_losses(data: bytes, read: Read[LbFile]) -> list[str]:
    """Payments that are neither a record nor a problem, and amounts that do not stand in the file."""
    lines = Counter(one.place for file in read.records for one in (*file.payments, *file.watched))
    numbers = _numbers(data, lambda row: row[:2] in (b"14", b"15", b"16", b"17", b"54"))
    found = _at(numbers, lines, read.problems, stopped=_stopped(read.problems))
    amounts = _digit_runs(data)
    for file in read.records:
        for payment in file.payments:
            if payment.amount_minor and str(payment.amount_minor).zfill(12).encode() not in amounts:
                found.append(f"{payment.place}: {payment.amount_minor} stands nowhere in the file")
    return found


def _digit_runs(data: bytes) -> bytes:
    """Every line with its tabs expanded, to look for the digits of an amount in."""
    return b"\n".join(row.expandtabs(8) for row in rows(data))


def sie_losses(data: bytes, read: Read[SieFile]) -> list[str]:
    """Vouchers and transactions that are neither a record nor a problem."""
    if not read.records:
        return [] if read.problems else ["nothing was read and nobody says so"]
    (file,) = read.records
    told = {problem.place for problem in read.problems}
    known = {voucher.place for voucher in file.vouchers}
    known |= {one.place for voucher in file.vouchers for one in voucher.transactions}
    stopped = _stopped(read.problems)
    refused = [int(place.split(",")[0].removeprefix("line ")) for place in told if place.endswith(", transactions")]
    found = []
    voucher = 0
    for number, row in enumerate(rows(data), start=1):
        label = row.strip().upper()
        if label.startswith(b"#VER"):
            voucher = number
        is_one = re.match(rb"#(?:VER|TRANS|RTRANS|BTRANS)[ \t]", label)
        place = f"line {number}"
        if is_one and number <= stopped and place not in known | told and voucher not in refused:
            found.append(f"{place}: neither a record nor a problem")
    return found
