"""Puts the lines of a SIE file together: what each label means, which voucher a transaction belongs to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kvit.formats.bank.fields import Unreadable, shown
from kvit.formats.books.sie.line import SieLine, decimal_text
from kvit.formats.books.sie.records import (
    Account,
    AccountType,
    Balance,
    Dimension,
    FiscalYear,
    Object,
    SieFile,
    Transaction,
    Voucher,
)
from kvit.kernel.results import Problem

MAX_LINES: Final = 5_000_000
_TRANSACTIONS: Final = frozenset({"TRANS", "RTRANS", "BTRANS"})
_MAX_NOTE: Final = 10_000


@dataclass(slots=True)
class _OpenVoucher:
    """A voucher while its lines are read; `voucher` is None where its head could not be."""

    place: str
    voucher: Voucher | None
    transactions: list[Transaction] = field(default_factory=list)
    unread: int = 0
    is_inside: bool = False


class Builder:
    """Takes labelled lines and braces in their order; `file` is what they make."""

    def __init__(self) -> None:
        self.label_count = 0
        self.head: dict[str, Any] = {}
        self.accounts: dict[str, Account] = {}
        self.years: list[FiscalYear] = []
        self.dimensions: list[Dimension] = []
        self.objects: list[Object] = []
        self.balances: list[Balance] = []
        self.vouchers: list[Voucher] = []
        self._open: _OpenVoucher | None = None

    def file(self, encoding: str) -> SieFile:
        """The whole file."""
        return SieFile(
            encoding=encoding,
            accounts=tuple(self.accounts.values()),
            years=tuple(self.years),
            dimensions=tuple(self.dimensions),
            objects=tuple(self.objects),
            balances=tuple(self.balances),
            vouchers=tuple(self.vouchers),
            **self.head,
        )

    def brace(self, text: str, place: str) -> Iterator[Problem]:
        """A line that is "{" or "}"."""
        if text == "{" and self._open is not None and not self._open.is_inside:
            self._open.is_inside = True
        elif text == "}" and self._open is not None:
            yield from self.close()
        else:
            yield Problem(place, f"a brace that belongs to no voucher: {shown(text)}")

    def take(self, line: SieLine) -> Iterator[Problem]:
        """One more labelled line."""
        self.label_count += 1
        if line.damage:
            yield Problem(line.place, line.damage)
            self._missed(line)
            return
        try:
            if line.label == "VER":
                yield from self.close()
                self._open = _OpenVoucher(line.place, None)
                self._open.voucher = _voucher(line)
            elif line.label in _TRANSACTIONS:
                self._transaction(line)
            elif line.label in _TAKE:
                yield from self.close()
                _TAKE[line.label](self, line)
            else:
                yield Problem(line.place, f"the label #{line.label[:20]} is not known; not read")
        except Unreadable as refusal:
            yield Problem(line.place, f"#{line.label}: {refusal}")
            self._missed(line)

    def close(self) -> Iterator[Problem]:
        """The end of a voucher."""
        opened, self._open = self._open, None
        if opened is None:
            return
        if opened.voucher is None:
            count = len(opened.transactions) + opened.unread
            yield Problem(f"{opened.place}, transactions", f"the voucher is not read, nor its {count} transactions")
            return
        voucher = replace(opened.voucher, transactions=tuple(opened.transactions))
        self.vouchers.append(voucher)
        if voucher.sum_minor:
            name = " ".join(filter(None, [voucher.series, voucher.number])) or "without a number"
            made = decimal_text(voucher.sum_minor)
            yield Problem(opened.place, f"voucher {name} does not balance: its transactions make {made}")

    def _missed(self, line: SieLine) -> None:
        if line.label in _TRANSACTIONS and self._open is not None:
            self._open.unread += 1

    def _transaction(self, line: SieLine) -> None:
        if self._open is None or not self._open.is_inside:
            raise Unreadable("stands in no voucher")
        objects_at = 1 if len(line.fields) > 1 and isinstance(line.fields[1], tuple) else 0
        self._open.transactions.append(
            Transaction(
                place=line.place,
                label=line.label,
                account=line.needed(0, "account"),
                objects=line.objects(1) if objects_at else (),
                amount_minor=line.amount_minor(1 + objects_at),
                date=line.day(2 + objects_at),
                text=line.text(3 + objects_at),
                quantity=line.quantity(4 + objects_at),
                sign=line.text(5 + objects_at),
            )
        )

    def take_account(self, line: SieLine) -> None:
        """#KONTO, #KTYP, #SRU, #ENHET."""
        number = line.needed(0, "account")
        if not number.isalnum():
            raise Unreadable(f"{shown(number)} is not an account number")
        account = self.accounts.get(number, Account(number=number, name=""))
        if line.label == "KONTO":
            account = replace(account, name=line.text(1))
        elif line.label == "ENHET":
            account = replace(account, unit=line.text(1))
        elif line.label == "SRU":
            account = replace(account, sru_codes=(*account.sru_codes, line.needed(1, "SRU code")))
        else:
            told = line.needed(1, "account type").upper()
            if told not in set(AccountType):
                raise Unreadable(f"{shown(told)} is not an account type")
            account = replace(account, account_type=AccountType(told))
        self.accounts[number] = account

    def take_balance(self, line: SieLine) -> None:
        """#IB, #UB, #RES: year, account, amount, quantity."""
        self._balance(line, at=2)

    def take_object_balance(self, line: SieLine) -> None:
        """#OIB, #OUB: year, account, objects, amount, quantity."""
        self._balance(line, at=3)

    def take_period_balance(self, line: SieLine) -> None:
        """#PSALDO, #PBUDGET: year, period, account, objects, amount, quantity."""
        has_objects = len(line.fields) > 3 and isinstance(line.fields[3], tuple)
        self._balance(line, at=4 if has_objects else 3, period=line.needed(1, "period"))

    def _balance(self, line: SieLine, *, at: int, period: str = "") -> None:
        self.balances.append(
            Balance(
                place=line.place,
                label=line.label,
                year=_year(line),
                period=period,
                account=line.needed(2 if period else 1, "account"),
                objects=line.objects(at - 1) if _is_list(line, at - 1) else (),
                amount_minor=line.amount_minor(at),
                quantity=line.quantity(at + 1),
            )
        )

    def take_year(self, line: SieLine) -> None:
        """#RAR."""
        first, last = line.day(1), line.day(2)
        if first is None or last is None:
            raise Unreadable("the first or last day of the year is missing")
        self.years.append(FiscalYear(index=_year(line), from_date=first, to_date=last))

    def take_dimension(self, line: SieLine) -> None:
        """#DIM, #UNDERDIM, #OBJEKT."""
        number = line.needed(0, "dimension")
        if line.label == "OBJEKT":
            self.objects.append(Object(dimension=number, number=line.text(1), name=line.text(2)))
        else:
            parent = line.text(2) if line.label == "UNDERDIM" else ""
            self.dimensions.append(Dimension(number=number, name=line.text(1), parent=parent))

    def take_head(self, line: SieLine) -> None:
        """The labels that stand once and describe the file."""
        head = self.head
        for at, name in enumerate(_TEXTS[line.label]):
            if name:
                head[name] = line.text(at)
        if line.label == "GEN":
            head["generated_date"] = line.day(0)
        elif line.label == "OMFATTN":
            head["scope_date"] = line.day(0)
        elif line.label == "ADRESS":
            head["address"] = tuple(text for text in line.fields if isinstance(text, str))
        elif line.label == "PROSA":
            told = " ".join(text for text in line.fields if isinstance(text, str))
            head["note"] = " ".join(filter(None, [head.get("note", ""), told]))[:_MAX_NOTE]
        elif line.label == "SIETYP" and head["sie_type"] not in ("1", "2", "3", "4"):
            raise Unreadable(f"{shown(head.pop('sie_type'))} is not a type of SIE file")


_TEXTS: Final[dict[str, tuple[str, ...]]] = {
    "FLAGGA": ("flag",),
    "PROGRAM": ("program", "program_version"),
    "FORMAT": (),
    "GEN": ("", "generated_by"),
    "SIETYP": ("sie_type",),
    "PROSA": (),
    "FTYP": ("company_type",),
    "FNR": ("company_id",),
    "ORGNR": ("company_number",),
    "BKOD": (),
    "ADRESS": (),
    "FNAMN": ("company_name",),
    "TAXAR": ("tax_year",),
    "OMFATTN": (),
    "KPTYP": ("chart",),
    "VALUTA": ("currency",),
}
_TAKE: Final[dict[str, Callable[[Builder, SieLine], None]]] = {
    **dict.fromkeys(_TEXTS, Builder.take_head),
    **dict.fromkeys(("KONTO", "KTYP", "SRU", "ENHET"), Builder.take_account),
    **dict.fromkeys(("DIM", "UNDERDIM", "OBJEKT"), Builder.take_dimension),
    **dict.fromkeys(("IB", "UB", "RES"), Builder.take_balance),
    **dict.fromkeys(("OIB", "OUB"), Builder.take_object_balance),
    **dict.fromkeys(("PSALDO", "PBUDGET"), Builder.take_period_balance),
    "RAR": Builder.take_year,
}


def _voucher(line: SieLine) -> Voucher:
    date = line.day(2)
    if date is None:
        raise Unreadable("the voucher's date is missing")
    return Voucher(
        place=line.place,
        series=line.text(0),
        number=line.text(1),
        date=date,
        text=line.text(3),
        registered_date=line.day(4),
        sign=line.text(5),
    )


def _year(line: SieLine) -> int:
    text = line.needed(0, "year")
    if text not in ("0", "-0") and not (text.startswith("-") and text[1:].isdecimal() and len(text) <= 3):
        raise Unreadable(f"{shown(text)} is not a year (0, -1 ...)")
    return int(text)


def _is_list(line: SieLine, at: int) -> bool:
    return at < len(line.fields) and isinstance(line.fields[at], tuple)
