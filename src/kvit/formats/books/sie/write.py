"""Writes SIE 4: company, years, accounts, balances and vouchers in CP437, after checking that they fit together.

Source: SIE-Gruppen, SIE filformat, edition 4B, 2008, chapters 5 (syntax), 7 (checks) and 11 (records).
"""

import datetime
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import BinaryIO, Final

from kvit.formats.books.sie.records import (
    Balance,
    FiscalYear,
    ObjectRef,
    SieFile,
    Transaction,
    Voucher,
)
from kvit.formats.writing import CharacterSet, Checks, Note, Written

_PC8: Final = bytes([*range(0x20, 0x7F), *range(0x80, 0xFF)]).decode("cp437")
CHARACTERS: Final = CharacterSet("PC8 (CP437)", frozenset(_PC8))
_TEXT: Final = 1_000
_TYPE: Final = "4"
_BY_PERIOD: Final = frozenset({"PSALDO", "PBUDGET"})
_WITH_OBJECT: Final = frozenset({"OIB", "OUB", *_BY_PERIOD})
_BALANCES: Final = frozenset({"IB", "UB", "RES", *_WITH_OBJECT})
_TRANSACTIONS: Final = frozenset({"TRANS", "RTRANS", "BTRANS"})
_NO_OBJECT: Final = "{}"
_PIECE: Final = 1_000
_MOST_NOTES: Final = 100


def write(given: SieFile) -> Written:
    """The file, with a note for each text that CP437 cannot carry; `count` is how many vouchers are in it.

    Refuses `Unwritable`, naming each voucher that does not balance or lies outside of the year, each account that is
    used and not in the chart, and each closing balance that opening balance and vouchers do not explain.
    """
    checks = Checks(CHARACTERS)
    _check(checks, given)
    lines = [*_head(checks, given), *_chart(checks, given)]
    for number, balance in enumerate(given.balances):
        lines.append(_balance(checks, f"balances[{number}]", balance))
    for number, voucher in enumerate(given.vouchers):
        lines += _voucher(checks, f"vouchers[{number}]", voucher)
    checks.refuse_problems()
    return Written(_spelled(lines), tuple(checks.notes), len(given.vouchers), ())


def write_to(out: BinaryIO, given: SieFile, vouchers: Iterable[Voucher]) -> tuple[int, tuple[Note, ...]]:
    """The same with vouchers as they come, in bounded memory: how many, and the first notes.

    For a file to be imported (type 4I): `given` has no vouchers and no balances. Refuses as `write` does, naming the
    first that is wrong; what was written by then is no file.
    """
    checks = Checks(CHARACTERS)
    lines = [*_head(checks, given), *_chart(checks, given)]
    known = {account.number for account in given.accounts}
    year = _year_of(given)
    notes: list[Note] = []
    count = 0
    for count, voucher in enumerate(vouchers, 1):
        place = f"vouchers[{count - 1}]"
        _check_voucher(checks, place, voucher, known=known, year=year)
        lines += _voucher(checks, place, voucher)
        if count % _PIECE == 0:
            checks.refuse_problems()
            out.write(_spelled(lines))
            lines.clear()
            notes += checks.notes[: _MOST_NOTES - len(notes)]
            checks.notes.clear()
    checks.refuse_problems()
    out.write(_spelled(lines))
    return count, (*notes, *checks.notes[: _MOST_NOTES - len(notes)])


def _spelled(lines: Sequence[str]) -> bytes:
    return "".join([f"{line}\r\n" for line in lines]).encode("cp437")


def _head(checks: Checks, given: SieFile) -> Iterator[str]:
    quoted = _Quoted(checks)
    checks.require(given.sie_type == _TYPE, "sie_type", f"is {given.sie_type!r}; type 4 is written")
    checks.require(given.flag in ("0", "1"), "flag", "is 0, or 1 for a file that was taken in")
    checks.require(given.generated_date is not None, "generated_date", "is missing")
    yield f"#FLAGGA {given.flag}"
    program = quoted("program", given.program, required=True)
    yield f"#PROGRAM {program} {quoted('program_version', given.program_version)}"
    yield "#FORMAT PC8"
    yield _line("#GEN", _day(given.generated_date), quoted("generated_by", given.generated_by, bare=True))
    yield f"#SIETYP {_TYPE}"
    yield from _optional("#PROSA", quoted("note", given.note, bare=True))
    yield from _optional("#FTYP", quoted("company_type", given.company_type, bare=True))
    yield from _optional("#FNR", quoted("company_id", given.company_id, bare=True))
    yield from _optional("#ORGNR", quoted("company_number", given.company_number, bare=True))
    if any(given.address):
        yield _line("#ADRESS", *(quoted(f"address[{number}]", line) for number, line in enumerate(given.address)))
    yield f"#FNAMN {quoted('company_name', given.company_name, required=True)}"
    for year in given.years:
        yield f"#RAR {year.index} {_day(year.from_date)} {_day(year.to_date)}"
    yield from _optional("#TAXAR", quoted("tax_year", given.tax_year, bare=True))
    yield from _optional("#OMFATTN", _day(given.scope_date))
    yield from _optional("#KPTYP", quoted("chart", given.chart, bare=True))
    yield f"#VALUTA {checks.code('currency', given.currency, limit=3)}"


def _chart(checks: Checks, given: SieFile) -> Iterator[str]:
    quoted = _Quoted(checks)
    for number, account in enumerate(given.accounts):
        place = f"accounts[{number}]"
        checks.require(_is_word(account.number), f"{place}/number", f"{account.number!r} is no account number")
        yield f"#KONTO {account.number} {quoted(f'{place}/name', account.name)}"
        if account.account_type is not None:
            yield f"#KTYP {account.number} {account.account_type.value}"
        if account.unit:
            yield f"#ENHET {account.number} {quoted(f'{place}/unit', account.unit)}"
        for code in account.sru_codes:
            yield f"#SRU {account.number} {quoted(f'{place}/sru_codes', code)}"
    for number, dimension in enumerate(given.dimensions):
        name = quoted(f"dimensions[{number}]/name", dimension.name)
        parent = f" {dimension.parent}" if dimension.parent else ""
        label = "#UNDERDIM" if dimension.parent else "#DIM"
        checks.require(_is_word(dimension.number), f"dimensions[{number}]/number", "is no number of a dimension")
        yield f"{label} {dimension.number} {name}{parent}"
    for number, one in enumerate(given.objects):
        place = f"objects[{number}]"
        checks.require(_is_word(one.dimension), f"{place}/dimension", "is no number of a dimension")
        identity = quoted(f"{place}/number", one.number, required=True)
        yield f"#OBJEKT {one.dimension} {identity} {quoted(f'{place}/name', one.name)}"


def _balance(checks: Checks, place: str, balance: Balance) -> str:
    checks.require(balance.label in _BALANCES, f"{place}/label", f"{balance.label!r} is no balance of SIE")
    checks.require(
        bool(balance.period) == (balance.label in _BY_PERIOD), f"{place}/period", "goes with PSALDO and PBUDGET only"
    )
    objects = [_objects(checks, place, balance.objects)] if balance.label in _WITH_OBJECT else []
    checks.require(not balance.objects or bool(objects), f"{place}/objects", f"do not go with {balance.label}")
    return _line(
        f"#{balance.label}",
        str(balance.year),
        *([balance.period] if balance.period else []),
        balance.account,
        *objects,
        _amount(balance.amount_minor),
        _quantity(balance.quantity),
    )


def _voucher(checks: Checks, place: str, voucher: Voucher) -> Iterator[str]:
    quoted = _Quoted(checks)
    yield _line(
        "#VER",
        quoted(f"{place}/series", voucher.series),
        quoted(f"{place}/number", voucher.number),
        _day(voucher.date),
        quoted(f"{place}/text", voucher.text),
        _day(voucher.registered_date) or '""',
        quoted(f"{place}/sign", voucher.sign),
    )
    yield "{"
    for number, one in enumerate(voucher.transactions):
        yield f"   {_transaction(checks, f'{place}/transactions[{number}]', one)}"
    yield "}"


def _transaction(checks: Checks, place: str, one: Transaction) -> str:
    quoted = _Quoted(checks)
    checks.require(one.label in _TRANSACTIONS, f"{place}/label", f"{one.label!r} is no transaction of SIE")
    return _line(
        f"#{one.label}",
        one.account,
        _objects(checks, place, one.objects),
        _amount(one.amount_minor),
        _day(one.date) or '""',
        quoted(f"{place}/text", one.text),
        _quantity(one.quantity) or '""',
        quoted(f"{place}/sign", one.sign),
    )


def _objects(checks: Checks, place: str, objects: Sequence[ObjectRef]) -> str:
    quoted = _Quoted(checks)
    pairs = [
        f"{quoted(f'{place}/objects', one.dimension, required=True)} {quoted(f'{place}/objects', one.number)}"
        for one in objects
    ]
    return "{" + " ".join(pairs) + "}" if pairs else _NO_OBJECT


class _Quoted:
    """Texts between quotes, quotes inside behind a backslash; `bare` gives "" for a text that is not there."""

    def __init__(self, checks: Checks) -> None:
        self.checks = checks

    def __call__(self, place: str, text: str, *, required: bool = False, bare: bool = False) -> str:
        fitted = self.checks.text(place, text, limit=_TEXT, required=required)
        if bare and not fitted:
            return ""
        escaped = fitted.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


def _line(*fields: str) -> str:
    """The fields between blanks, without empty ones at the end."""
    kept = list(fields)
    while kept[-1] in ("", '""'):
        kept.pop()
    return " ".join(kept)


def _optional(label: str, field: str) -> Iterator[str]:
    if field:
        yield f"{label} {field}"


def _day(day: datetime.date | None) -> str:
    return day.strftime("%Y%m%d") if day is not None else ""


def _amount(minor: int) -> str:
    return f"{Decimal(minor).scaleb(-2):.2f}"


def _quantity(quantity: Decimal | None) -> str:
    return f"{quantity:f}" if quantity is not None else ""


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _check(checks: Checks, given: SieFile) -> None:
    known = {account.number for account in given.accounts}
    year = _year_of(given)
    for number, voucher in enumerate(given.vouchers):
        _check_voucher(checks, f"vouchers[{number}]", voucher, known=known, year=year)
    for balance in given.balances:
        checks.require(balance.account in known, "balances", f"account {balance.account} is not in the chart")
    if given.vouchers:
        _check_balances(checks, given)


def _year_of(given: SieFile) -> FiscalYear | None:
    return next((one for one in given.years if one.index == 0), None)


def _check_voucher(
    checks: Checks, place: str, voucher: Voucher, *, known: Container[str], year: FiscalYear | None
) -> None:
    name = f"voucher {voucher.series}{voucher.number}"
    checks.require(
        voucher.sum_minor == 0, place, f"{name} does not balance: {_amount(voucher.sum_minor)} too much in debit"
    )
    checks.require(_lies_in(year, voucher.date), f"{place}/date", f"{name} lies outside of the fiscal year")
    for account in sorted({one.account for one in voucher.transactions if one.account not in known}):
        checks.problem(place, f"{name} uses account {account}, which is not in the chart")


def _lies_in(year: FiscalYear | None, day: datetime.date) -> bool:
    return year is None or year.from_date <= day <= year.to_date


def _check_balances(checks: Checks, given: SieFile) -> None:
    """UB = IB and the year's vouchers; RES = the year's vouchers (SIE 4B, chapter 7), for year 0."""
    moved: Mapping[str, int] = _moved(given.vouchers)
    opening = {one.account: one.amount_minor for one in given.balances if (one.label, one.year) == ("IB", 0)}
    for number, balance in enumerate(given.balances):
        if balance.year != 0 or balance.label not in ("UB", "RES"):
            continue
        explained = moved[balance.account] + (opening.get(balance.account, 0) if balance.label == "UB" else 0)
        checks.require(
            balance.amount_minor == explained,
            f"balances[{number}]",
            f"{balance.label} of account {balance.account} is {_amount(balance.amount_minor)}; "
            f"opening balance and vouchers make {_amount(explained)}",
        )


def _moved(vouchers: Sequence[Voucher]) -> Mapping[str, int]:
    moved: dict[str, int] = defaultdict(int)
    for voucher in vouchers:
        for one in voucher.transactions:
            if one.label == "TRANS":
                moved[one.account] += one.amount_minor
    return moved
