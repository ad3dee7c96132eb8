"""A buyer's account with the company: what is due and overdue, documents, payments with what they paid, statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import side_of
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Movement, Owed
from kvit.pages.buyers import history
from kvit.pages.buyers.invoice import Standing, how_found, standing

MOST_MOVEMENTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A document in a list; `open_minor` is what is left of it."""

    document: InvoiceRow
    open_minor: int
    standing: Standing
    days_left: int


@dataclass(frozen=True, slots=True)
class Paid:
    """So much of a payment settled this document."""

    document_id: int
    number: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that was booked to the buyer; `advance_minor` of it has not been used yet.

    `found` says how it was found, where its reference was not as asked for.
    """

    id: int
    day: date
    amount_minor: int
    advance_minor: int
    currency: str
    paid: tuple[Paid, ...]
    found: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The account on a day: sums per currency, and what is open, the oldest due first."""

    sums: tuple[Owed, ...]
    open: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A movement with the balance after it."""

    movement: Movement
    document: str | None
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A period in one currency: what was owed before, each movement, what is owed after. Minor units."""

    currency: str
    from_date: date
    to_date: date
    opening_minor: int
    lines: tuple[StatementLine, ...]
    closing_minor: int


def overview(party_id: int, *, today: date) -> Overview:
    """The account of a party. Needs the tenant's scope."""
    open_items = [item for item in ledger.open_items(party_id) if item.subject_kind == history.DOCUMENT]
    documents = {row.id: row for row in invoicing.invoices([item.subject_id for item in open_items])}
    rows = [
        _row(documents[item.subject_id], item.open_minor, today)
        for item in open_items
        if item.account == Accounts.RECEIVABLE and item.side == "debit" and item.subject_id in documents
    ]
    return Overview(ledger.owed([party_id], today=today), tuple(rows))


def documents(party_id: int, *, today: date, limit: int, below: tuple[date, int] | None = None) -> tuple[Row, ...]:
    """Issued documents of a party, the newest first. Needs the tenant's scope."""
    found = invoicing.issued_to(party_id, limit=limit, below=below)
    left: dict[tuple[int, str], int] = {}
    for item in ledger.items_of_subjects(history.DOCUMENT, [row.id for row in found]):
        left.setdefault((item.subject_id, item.side), item.open_minor)
    return tuple(_row(row, left.get((row.id, side_of(row.kind, row.gross_minor)), 0), today) for row in found)


def payments(party_id: int, *, from_date: date, to_date: date) -> tuple[Payment, ...]:
    """Payments booked to a party and not taken back, the newest first. Needs the tenant's scope."""
    found = ledger.movements(party_id, from_date=from_date, to_date=to_date, limit=MOST_MOVEMENTS)
    reversed_ids = {each.reverses_id for each in found}
    live = [each for each in found if _is_payment(each) and each.entry_id not in reversed_ids]
    gone = ledger.reversed_entries([each.entry_id for each in live])
    live = [each for each in live if each.entry_id not in gone]
    items = {item.entry_id: item for item in ledger.items_of_entries([each.entry_id for each in live])}
    found_by = how_found([each.subject_id for each in live])
    used = _used([item.id for item in items.values()])
    return tuple(
        Payment(
            each.entry_id,
            each.entry_date,
            -each.amount_minor,
            items[each.entry_id].open_minor,
            each.currency,
            used.get(items[each.entry_id].id, ()),
            found_by.get(each.subject_id, ""),
        )
        for each in reversed(live)
    )


def statements(party_id: int, *, from_date: date, to_date: date) -> tuple[Statement, ...]:
    """The account over a period, one statement per currency that has anything in it. Needs the tenant's scope."""
    opening = ledger.opening_balances(party_id, before=from_date)
    found = ledger.movements(party_id, from_date=from_date, to_date=to_date, limit=MOST_MOVEMENTS)
    numbers = _numbers([each.subject_id for each in found if each.subject_kind == history.DOCUMENT])
    made = []
    for currency in sorted({*opening, *(each.currency for each in found)}):
        balance = start = opening.get(currency, 0)
        lines = []
        for each in found:
            if each.currency == currency:
                balance += each.amount_minor
                is_document = each.subject_kind == history.DOCUMENT
                lines.append(StatementLine(each, numbers.get(each.subject_id) if is_document else None, balance))
        made.append(Statement(currency, from_date, to_date, start, tuple(lines), balance))
    return tuple(made)


def years_back(today: date, *, years: int) -> date:
    """The same day so many years ago; 28 February for what would be the 29th."""
    day = today - timedelta(days=1) if (today.month, today.day) == (2, 29) else today
    return day.replace(year=day.year - years)


def _is_payment(each: Movement) -> bool:
    return each.subject_kind == history.BANK_LINE and each.reverses_id is None and each.amount_minor < 0


def _used(item_ids: Sequence[int]) -> dict[int, tuple[Paid, ...]]:
    """What each credit item pays just now, by document."""
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for each in ledger.allocations_of(item_ids):
        if each.debit_subject[0] == history.DOCUMENT:
            sums[each.credit_item_id, each.debit_subject[1]] += each.amount_minor
    numbers = _numbers([document_id for _, document_id in sums])
    found: dict[int, list[Paid]] = defaultdict(list)
    for (item_id, document_id), amount in sums.items():
        if amount and document_id in numbers:
            found[item_id].append(Paid(document_id, numbers[document_id], amount))
    return {item_id: tuple(paid) for item_id, paid in found.items()}


def _numbers(document_ids: Sequence[int]) -> dict[int, str]:
    return {row.id: row.number or "" for row in invoicing.invoices(document_ids)}


def _row(document: InvoiceRow, open_minor: int, today: date) -> Row:
    due = document.due_date or today
    stands = standing(document, open_minor, due, today)
    return Row(document, open_minor, stands, (due - today).days)
