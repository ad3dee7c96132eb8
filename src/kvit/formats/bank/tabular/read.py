"""Reads a bank's CSV by its profile: one statement per account, one line per row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain as chained
from typing import Final

from kvit.formats.bank import balance, rows, sentences
from kvit.formats.bank.fields import Unreadable, unreadable
from kvit.formats.bank.pieces import MAX_PROBLEMS, Stopped
from kvit.formats.bank.statement import Event, Statement, StatementClosed, StatementOpened
from kvit.formats.bank.tabular import cells, line
from kvit.formats.bank.tabular.cells import Row
from kvit.formats.bank.tabular.chain import Chain
from kvit.formats.bank.tabular.profile import Around, Profile, Role, normal
from kvit.kernel import currencies
from kvit.kernel.results import Problem

MAX_PREAMBLE: Final = 40
_MAX_TEXT: Final = 10_000


def fitting(head: str, profiles: Sequence[Profile]) -> Profile | None:
    """The profile whose header line stands among the first lines of a file; of several the one with most columns."""
    found: list[Profile] = []
    lines = list(enumerate(head.split("\n")[:MAX_PREAMBLE], start=1))
    for profile in profiles:
        signature = profile.signature()
        if any(signature <= {normal(cell) for cell in row.cells} for row in cells.rows(lines, profile.delimiter)):
            found.append(profile)
    return max(found, key=lambda profile: len(profile.columns), default=None)


def events(data: Iterable[bytes], profile: Profile) -> Iterator[Event]:
    """The events of a CSV; never raises on what it holds.

    Every row below the header becomes a Line or a Problem with the place "line 12"; what stands above it, and
    rows with a label of the profile, are the statement's own. A new statement begins with the header and where
    the account of a row changes. Where rows state balances, the order of the rows is found from them, and a
    Problem at the statement's place says where they do not follow from the amounts.
    """
    reader = _Reader(profile)
    problem_count = number = 0
    try:
        for row in cells.rows(_texts(data, profile), profile.delimiter):
            number = row.number
            for event in reader.take(row):
                problem_count += isinstance(event, Problem)
                yield event
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield from reader.end()
        yield sentences.problem(f"after line {number}", "stopped", text=str(refusal))
        return
    yield from reader.end()


def _texts(data: Iterable[bytes], profile: Profile) -> Iterator[tuple[int, str]]:
    if profile.encoding:
        return rows.texts(data, candidates=(profile.encoding,))
    return rows.texts(data)


@dataclass(slots=True)
class _Open:
    """A statement while its rows are read."""

    statement: Statement
    chain: Chain = field(default_factory=Chain)
    is_announced: bool = False


class _Reader:
    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._signature = profile.signature()
        self._labels = [(normal(label), meaning) for label, meaning in profile.around]
        self._header: line.Header | None = None
        self._preamble: list[Row] = []
        self._around: dict[Around, str] = {}
        self._texts: list[str] = []
        self._open: _Open | None = None
        self._is_ever_opened = False

    def take(self, row: Row) -> Iterator[Event]:
        """The events of one more row."""
        if not any(row.cells) and not row.damage:
            return
        if row.damage:
            yield row.problem(row.damage)
        elif self._signature <= {normal(cell) for cell in row.cells}:
            yield from self._close()
            self._header = line.header(row, self._profile)
            self._begin(row.place, self._around.get(Around.OWN_ACCOUNT, ""))
        elif self._label(row):
            return
        elif self._header is None:
            self._preamble.append(row)
            self._texts.append(" ".join(filter(None, row.cells)))
            if len(self._preamble) > MAX_PREAMBLE:
                raise Stopped(f"no line among the first {MAX_PREAMBLE} names the columns of {self._profile.name}")
        else:
            yield from self._row(row, self._header)

    def end(self) -> Iterator[Event]:
        """What is left at the end of the file."""
        yield from self._close()
        if not self._is_ever_opened:
            yield sentences.problem("file", "no_header", profile=self._profile.name)

    def _begin(self, place: str, account: str) -> None:
        told = self._around.get(Around.CURRENCY, "")
        self._open = _Open(
            Statement(
                place=place,
                account=account,
                currency=told or self._profile.currency,
                is_currency_assumed=not told,
                profile=self._profile.key,
                text=" ".join(self._texts)[:_MAX_TEXT],
            )
        )
        self._is_ever_opened = True

    def _row(self, row: Row, header: line.Header) -> Iterator[Event]:
        opened = self._open
        if opened is None:  # unreachable while a header is known; keeps the type simple
            return
        account = header.cell(row, Role.OWN_ACCOUNT)
        if account and account != opened.statement.account:
            if opened.is_announced:
                yield from self._close()
                self._begin(row.place, account)
                opened = self._open or opened
            opened.statement = replace(opened.statement, account=account)
        try:
            told = header.currency(row)
            currency = told or opened.statement.currency
            if not currency:
                raise unreadable("no_currency_named")
            found = line.read(row, header, currency)
        except Unreadable as refusal:
            yield refusal.at(row.place)
            return
        if not opened.is_announced:
            opened.is_announced = True
            is_assumed = opened.statement.is_currency_assumed and not told
            opened.statement = replace(opened.statement, currency=currency, is_currency_assumed=is_assumed)
            yield StatementOpened(opened.statement)
        opened.chain.add(found.line.amount_minor, found.balance_minor, row.place)
        yield found.line
        yield from found.remarks

    def _label(self, row: Row) -> bool:
        """Take in a row with a label of the profile; False for any other row."""
        for at, cell in enumerate(row.cells):
            for label, meaning in self._labels:
                rest = _behind(cell, label)
                if rest is not None:
                    value = rest or next(filter(None, row.cells[at + 1 :]), "")
                    self._labelled(meaning, value, " ".join(filter(None, row.cells)))
                    return True
        if self._awaited is not None and self._header is None:
            self._labelled(self._awaited, next(filter(None, row.cells)), "")
            return True
        return False

    _awaited: Around | None = None

    def _labelled(self, meaning: Around, value: str, text: str) -> None:
        self._awaited = None
        if text:
            self._texts.append(text)
        if not value and meaning is not Around.IGNORED and self._header is None:
            self._awaited = meaning  # some banks write the value below its label
        elif meaning is Around.OWN_ACCOUNT:
            self._around[meaning] = value.replace("'", "").replace(" ", "")
        elif meaning is Around.CURRENCY:
            if value[:3].upper() in currencies.known():
                self._around[meaning] = value[:3].upper()
        elif value:
            self._around[meaning] = value

    def _close(self) -> Iterator[Event]:
        opened, self._open = self._open, None
        if opened is None:
            return
        statement = opened.statement
        opening, closing = opened.chain.balances()
        problems = [opened.chain.problem(statement.place)]
        if opening is None and closing is None:
            for role in (Around.OPENING, Around.CLOSING):
                if role in self._around:
                    try:
                        minor = cells.amount_minor(self._around[role], self._profile, statement.currency)
                    except Unreadable as refusal:
                        problems.append(refusal.at(f"{statement.place}, {role}"))
                        continue
                    opening, closing = (minor, closing) if role is Around.OPENING else (opening, minor)
        statement = replace(
            statement, opening_minor=opening, closing_minor=closing, text=" ".join(self._texts)[:_MAX_TEXT]
        )
        if not opened.is_announced:
            yield StatementOpened(statement)
        yield from chained(filter(None, problems), balance.problems(statement, opened.chain.total))
        yield StatementClosed(statement)


def _behind(cell: str, wanted: str) -> str | None:
    """What stands behind the normal label in a cell, "" for nothing; None where the cell does not begin with it."""
    bare = normal(cell)
    if bare != wanted and not bare.startswith((f"{wanted}:", f"{wanted} ")):
        return None
    return cell.lstrip("#").strip()[len(wanted) :].strip(" :")
