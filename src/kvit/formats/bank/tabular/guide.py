"""Making a profile by looking at a file: a proposal from its content, and a preview that checks every column."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kvit.formats import encoding
from kvit.formats.bank import sentences
from kvit.formats.bank.fields import Unreadable, shown, unreadable
from kvit.formats.bank.statement import Line, Statement, collected
from kvit.formats.bank.tabular import cells, read
from kvit.formats.bank.tabular import marks as signs
from kvit.formats.bank.tabular.cells import Row
from kvit.formats.bank.tabular.profile import DATE_FORMATS, DELIMITERS, Profile, Role, UnusableProfile, normal
from kvit.kernel import currencies
from kvit.kernel.results import Problem, Read

SAMPLE: Final = 200_000
_ROWS: Final = 200
_SHOWN: Final = 20
_MOST_LINES_BACK: Final = 40

# Words in a column's name, in Polish, Swedish, Romanian and English, the most telling role first.
_WORDS: Final = (
    (Role.BALANCE, ("saldo", "sold", "balance")),
    (Role.VALUE_DATE, ("waluty", "valutadag", "valutadatum", "data valuta", "value date", "transaktionsdag")),
    (Role.BOOKING_DATE, ("data", "datum", "dag", "date")),
    (
        Role.MARK,
        (
            "znak",
            "strona",
            "wn/ma",
            "typ",
            "tip",
            "sens",
            "mark",
            "indicator",
            "tecken",
            "kod",
            "c/d",
            "d/c",
            "k/d",
            "d/k",
        ),
    ),
    (Role.MARK, ("debit", "debet", "credit", "kredit", "cdtdbt", "obciążeni", "uznani", "dc", "cd")),
    (Role.DEBIT, ("debit", "obciążenia", "uttag", "suma iesire", "utgift")),
    (Role.CREDIT, ("credit", "uznania", "insättning", "suma intrare", "inkomst")),
    (Role.AMOUNT, ("kwota", "belopp", "suma", "amount", "valoare")),
    (Role.CURRENCY, ("waluta", "valuta", "moneda", "currency")),
    (Role.ACCOUNT, ("rachunek", "nr konta", "numer konta", "nr rachunku", "mottagarkonto", "cont", "iban", "account")),
    (Role.NAME, ("nadawca", "odbiorca", "kontrahent", "namn", "avsändare", "nume", "beneficiar", "ordonator", "name")),
    (Role.BANK_ID, ("numer transakcji", "nr transakcji", "verifikation", "id")),
    (Role.REFERENCE, ("ocr", "referens", "referinta", "reference")),
    (
        Role.TEXT,
        ("tytuł", "opis", "text", "rubrik", "meddelande", "descriere", "detalii", "beskrivning", "description"),
    ),
)
_JOINED: Final = (Role.TEXT, Role.NAME)
_DIGITS: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its name, cells from it, and the role proposed for it (None: not needed).

    `marks` are all its different values, as far as they can be marks of credit and debit by their number.
    """

    name: str
    samples: tuple[str, ...]
    role: Role | None
    marks: signs.Marks


@dataclass(frozen=True, slots=True)
class _Names:
    key: str
    name: str
    country: str
    currency: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file seems to be: the profile, or why there is none yet and what to choose."""

    profile: Profile | None
    columns: tuple[Column, ...]
    delimiter: str
    encoding: str
    header_line: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """One column of a profile against the file: how many cells can be read, how many cannot, the first that cannot."""

    role: Role
    name: str
    readable: int
    unreadable: int
    samples: tuple[str, ...]
    problem: Problem | None = None

    @property
    def first_problem(self) -> str:
        """The first cell that cannot be read, "" where all can."""
        if self.problem is None:
            return ""
        return f"{self.problem.place}: {self.problem.reason}" if self.problem.place else self.problem.reason


@dataclass(frozen=True, slots=True)
class Preview:
    """What a profile makes of a file: the check of each column, the first lines, all problems.

    `is_usable`: every row gives a line and every column can be read.
    """

    columns: tuple[ColumnCheck, ...]
    statements: tuple[Statement, ...]
    lines: tuple[Line, ...]
    line_count: int
    problems: tuple[Problem, ...]

    @property
    def is_usable(self) -> bool:
        """Whether nothing in the file contradicts the profile."""
        return bool(self.line_count) and not self.problems and not any(one.unreadable for one in self.columns)


def head(source: Iterable[bytes]) -> bytes:
    """The beginning of a file, whole rows of it, as much as a proposal and a preview look at; all of a small file.

    A row is whole where its line ends and no quote is open.
    """
    taken = b""
    for piece in source:
        taken += piece
        if len(taken) > SAMPLE:
            break
    else:
        return taken
    taken = taken[:SAMPLE]
    at = len(taken)
    for _ in range(_MOST_LINES_BACK):
        at = max(taken.rfind(b"\n", 0, at), taken.rfind(b"\r", 0, at))
        if at < 0:
            return taken
        if taken.count(b'"', 0, at) % 2 == 0:
            return taken[: at + 1]
    return taken[: max(taken.rfind(b"\n"), taken.rfind(b"\r")) + 1]


def propose(data: bytes, *, key: str, name: str, country: str, currency: str = "") -> Proposal:
    """A profile for the file, from its separators, the words in its header line and what its columns hold."""
    sample = data[:SAMPLE]
    code_page = encoding.guess(sample)
    lines = list(enumerate(sample.decode(code_page, errors="replace").splitlines(), start=1))
    delimiter = _delimiter([line for _, line in lines[:_ROWS]])
    table = [row for row in cells.rows(lines, delimiter) if any(row.cells)]
    at = _header_at(table[:_ROWS])
    if at is None:
        return Proposal(None, (), delimiter, code_page, 0, "no line is followed by rows with a day and an amount")
    columns = _columns(table[at], table[at + 1 :])
    try:
        profile = _profile(columns, delimiter, _Names(key, name, country, currency))
    except UnusableProfile as refusal:
        return Proposal(None, columns, delimiter, code_page, table[at].number, str(refusal))
    return Proposal(profile, columns, delimiter, code_page, table[at].number)


def preview(data: bytes, profile: Profile) -> Preview:
    """What the profile makes of the file, with a check of each of its columns."""
    found: Read[Statement] = collected(read.events([data], profile))
    lines = [line for statement in found.records for line in statement.lines]
    return Preview(tuple(_checks(data, profile)), found.records, tuple(lines[:_SHOWN]), len(lines), found.problems)


def _checks(data: bytes, profile: Profile) -> list[ColumnCheck]:
    text = data.decode(profile.encoding or encoding.guess(data), errors="replace")
    table = [row for row in cells.rows(enumerate(text.splitlines(), start=1), profile.delimiter) if any(row.cells)]
    at = next((n for n, row in enumerate(table) if profile.signature() <= {normal(c) for c in row.cells}), None)
    if at is None:
        missing = sentences.problem("", "no_such_column")
        return [ColumnCheck(role, name, 0, 0, (), missing) for role, name in profile.columns]
    names = [normal(cell) for cell in table[at].cells]
    body = [row for row in table[at + 1 :] if len(row.cells) >= len(names) // 2]
    return [_check(role, name, names.index(normal(name)), body, profile) for role, name in profile.columns]


def _check(role: Role, name: str, at: int, body: Sequence[Row], profile: Profile) -> ColumnCheck:
    good, bad = 0, 0
    first: Problem | None = None
    texts = [(row, row.cells[at]) for row in body if at < len(row.cells) and row.cells[at]]
    for row, text in texts:
        try:
            _read_cell(text, role, profile)
            good += 1
        except Unreadable as refusal:
            bad += 1
            first = first or refusal.at(row.place)
    if not good and not bad:
        first = sentences.problem("", "empty_column")
    return ColumnCheck(role, name, good, bad, tuple(text for _, text in texts[:3]), first)


def _read_cell(text: str, role: Role, profile: Profile) -> None:
    if role in (Role.BOOKING_DATE, Role.VALUE_DATE):
        if text not in profile.not_booked:
            cells.day(text, profile.date_format)
    elif role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE):
        cells.amount_minor(text, profile, profile.currency or "EUR")
    elif role is Role.CURRENCY and text.upper() not in currencies.known():
        raise unreadable("not_a_currency", text=shown(text))
    elif role is Role.MARK and text not in (*profile.credit_marks, *profile.debit_marks):
        raise unreadable("no_mark", text=shown(text))


def _delimiter(lines: Sequence[str]) -> str:
    """The separator that most lines have, in equal number."""
    best, best_count = ";", 0
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        width, times = counts.most_common(1)[0] if counts else (0, 0)
        if width and times * (width > 1) > best_count:
            best, best_count = delimiter, times
    return best


def _header_at(table: Sequence[Row]) -> int | None:
    """The row of names: no digits in it, and a row with a day and an amount below it."""
    for at, row in enumerate(table[:-1]):
        names = [cell for cell in row.cells if cell]
        if len(names) < 3 or any(_DIGITS.search(name) for name in names):
            continue
        below = table[at + 1].cells
        if any(_date_formats([cell]) for cell in below) and any(_amount_like(cell) for cell in below):
            return at
    return None


def _columns(header: Row, body: Sequence[Row]) -> tuple[Column, ...]:
    columns: list[Column] = []
    taken: set[Role] = set()
    for at, name in enumerate(header.cells):
        texts = [row.cells[at] for row in body if at < len(row.cells) and row.cells[at]]
        role = _role(name, texts[:_ROWS], taken) if name else None
        if role is not None:
            taken.add(role)
        columns.append(Column(name, tuple(texts[:_ROWS]), role, signs.marks(texts)))
    return tuple(columns)


def _role(name: str, texts: Sequence[str], taken: set[Role]) -> Role | None:
    """The first role whose word is in the name, that the cells do not contradict and no column has.

    A column of nothing but words for credit and debit holds the marks, whatever it is called.
    """
    if Role.MARK not in taken and signs.marks(texts).are_telling:
        return Role.MARK
    for role, words in _WORDS:
        if role in taken and role not in _JOINED:
            continue
        if any(word in normal(name) for word in words) and _can_be(role, texts):
            return role
    return None


def _can_be(role: Role, texts: Sequence[str]) -> bool:
    if role in (Role.BOOKING_DATE, Role.VALUE_DATE):
        return bool(texts) and bool(_date_formats(texts[:1]))
    if role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT, Role.BALANCE):
        return all(_amount_like(text) for text in texts)
    if role is Role.MARK:
        return signs.marks(texts).are_known
    if role is Role.CURRENCY:
        return bool(texts) and all(text.upper() in currencies.known() for text in texts)
    return True


def _profile(columns: Sequence[Column], delimiter: str, names: _Names) -> Profile:
    by_role = {column.role: column for column in columns if column.role is not None}
    if Role.AMOUNT in by_role:
        by_role = {role: one for role, one in by_role.items() if role not in (Role.DEBIT, Role.CREDIT)}
    else:
        by_role.pop(Role.MARK, None)
    chosen = tuple((one.role, one.name) for one in columns if one.role in by_role and one.role is not None)
    dates = by_role.get(Role.BOOKING_DATE) or by_role.get(Role.VALUE_DATE)
    amounts = [
        text for role in (Role.AMOUNT, Role.DEBIT, Role.CREDIT) if role in by_role for text in by_role[role].samples
    ]
    decimal, thousands = _decimal(amounts)
    formats = _date_formats(dates.samples) if dates else []
    marks = by_role[Role.MARK].marks if Role.MARK in by_role else signs.Marks((), (), ())
    credit, debit = signs.both_sides(marks.credit, marks.debit)
    return Profile(
        key=names.key,
        name=names.name,
        country=names.country,
        currency=names.currency,
        delimiter=delimiter,
        columns=chosen,
        date_format=formats[0] if formats else DATE_FORMATS[0],
        decimal=decimal,
        thousands=thousands,
        credit_marks=credit,
        debit_marks=debit,
    )


def _date_formats(texts: Sequence[str]) -> list[str]:
    """The formats in which all these texts are days, the usual one first."""
    return [one for one in DATE_FORMATS if texts and all(_is_day(text, one) for text in texts)]


def _is_day(text: str, date_format: str) -> bool:
    try:
        cells.day(text, date_format)
    except Unreadable:
        return False
    return True


def _amount_like(text: str) -> bool:
    return bool(re.fullmatch(r"[+\-\u2212]?[\d\s.,'\u00a0\u202f]*\d(?:[\s\u00a0]?[A-Za-z]{2,3}\.?)?", text))


def _decimal(texts: Sequence[str]) -> tuple[str, str]:
    """Decimal sign and what stands between thousands: the last sign with one or two digits behind it is decimal."""
    signs = Counter(found[1] for text in texts if (found := re.search(r"([.,])\d{1,2}(?:\D*)$", text)))
    decimal = signs.most_common(1)[0][0] if signs else ","
    other = "." if decimal == "," else ","
    return decimal, other if any(other in text for text in texts) else ""
