"""Statements put together from the books: as of a day, as known at an instant, for a chunk of customers at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from kvit.base import rows
from kvit.invoicing.domain.statements import (
    Happened,
    Settles,
    Statement,
    StatementForm,
    StatementItem,
    StatementLine,
    require_explained,
)
from kvit.invoicing.queries.customers import CustomerRow
from kvit.invoicing.queries.sides import side_of
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Movement, OpenThen
from kvit.parties import queries as parties
from kvit.parties.queries import Party

_DOCUMENT: Final = "invoice"
_KINDS: Final = {"payment": Happened.PAYMENT, "write_off": Happened.WRITE_OFF}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a statement is to say: its form, its period with both days included, and the instant it is known at."""

    form: StatementForm
    from_date: date
    to_date: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Composed:
    """A statement and the customer it is about."""

    customer_id: int
    statement: Statement

    @property
    def says_something(self) -> bool:
        """Whether anything happened or is owed."""
        made = self.statement
        return bool(made.lines or made.items or made.opening_minor or made.closing_minor)


@dataclass(frozen=True, slots=True)
class _Document:
    number: str
    due_date: date | None


@dataclass(frozen=True, slots=True)
class _Account:
    """What the books say of one customer, all currencies together."""

    customer: CustomerRow
    opening: dict[str, int]
    movements: tuple[Movement, ...]
    open_items: tuple[OpenThen, ...]

    @property
    def currencies(self) -> tuple[str, ...]:
        found = {*self.opening, *(each.currency for each in self.movements), *(i.currency for i in self.open_items)}
        return tuple(sorted(found)) or (self.customer.currency,)


def compose(customers: Sequence[CustomerRow], asked: Asked) -> tuple[Composed, ...]:
    """One statement per customer and currency that has anything in it; at least one per customer, in its own currency.

    Lines of the running form are read customer by customer. Needs the tenant's scope.
    """
    party_ids = [customer.party_id for customer in customers]
    people = parties.parties([*party_ids, *parties.own_parties()[:1]])
    seller = next((people[own] for own in parties.own_parties()[:1]), None)
    if seller is None:
        raise LookupError("the company itself is no party yet")
    opened = {}
    if asked.form is StatementForm.OPEN_ITEMS:
        opened = ledger.open_then(party_ids, as_of=asked.to_date, known_at=asked.known_at)
    accounts = [_account(customer, asked, opened.get(customer.party_id, ())) for customer in customers]
    settles = _settles(accounts, asked)
    documents = _documents(accounts, settles, asked.known_at)
    found = []
    for account in accounts:
        buyer = people[account.customer.party_id]
        for currency in account.currencies:
            made = _statement(account, currency, asked, sides=(seller, buyer), documents=documents, settles=settles)
            require_explained(made)
            found.append(Composed(account.customer.id, made))
    return tuple(found)


def _account(customer: CustomerRow, asked: Asked, open_items: tuple[OpenThen, ...]) -> _Account:
    if asked.form is StatementForm.OPEN_ITEMS:
        return _Account(customer, {}, (), open_items)
    return _Account(
        customer,
        ledger.opening_balances(customer.party_id, before=asked.from_date, known_at=asked.known_at),
        ledger.movements(
            customer.party_id, from_date=asked.from_date, to_date=asked.to_date, limit=None, known_at=asked.known_at
        ),
        (),
    )


Settled = dict[int, tuple[tuple[str, int, int], ...]]


def _settles(accounts: Iterable[_Account], asked: Asked) -> Settled:
    credits = [each.entry_id for account in accounts for each in account.movements if each.amount_minor < 0]
    return ledger.settled_by(credits, as_of=asked.to_date, known_at=asked.known_at) if credits else {}


def _documents(accounts: Iterable[_Account], settles: Settled, known_at: datetime) -> dict[int, _Document]:
    wanted = {each.subject_id for a in accounts for each in a.movements if each.subject_kind == _DOCUMENT}
    wanted |= {each.subject_id for a in accounts for each in a.open_items if each.subject_kind == _DOCUMENT}
    wanted |= {subject for parts in settles.values() for kind, subject, _ in parts if kind == _DOCUMENT}
    if not wanted:
        return {}
    return {
        row[0]: _Document(row[1], row[2])
        for row in rows.select(
            # A due date that was moved later was another one then.
            """
            SELECT i.id, i.number, coalesce(
                (SELECT m.from_date FROM invoicing_duedatemove m WHERE m.invoice_id = i.id AND m.at > %(known_at)s
                 ORDER BY m.id LIMIT 1), i.due_date)
            """
            + rows.looked_up("invoicing_invoice", "id = wanted.value")
            + "WHERE i.state = 'issued'",
            {"wanted": sorted(wanted), "known_at": known_at},
        )
    }


def _statement(
    account: _Account,
    currency: str,
    asked: Asked,
    *,
    sides: tuple[Party, Party],
    documents: dict[int, _Document],
    settles: Settled,
) -> Statement:
    seller, buyer = sides
    language, abroad = buyer.language.value, buyer.country != seller.country
    opening = account.opening.get(currency, 0)
    moved = [each for each in account.movements if each.currency == currency]
    lines = _lines(moved, opening, documents, settles)
    items = tuple(_item(each, asked.to_date, documents) for each in account.open_items if each.currency == currency)
    is_running = asked.form is StatementForm.RUNNING
    closing = opening + sum(each.amount_minor for each in moved) if is_running else sum(i.open_minor for i in items)
    return Statement(
        form=asked.form,
        language=language,
        country=seller.country,
        currency=currency,
        customer_number=account.customer.number,
        seller=side_of(seller, abroad=abroad, language=language),
        buyer=side_of(buyer, abroad=abroad, language=language),
        from_date=asked.from_date,
        to_date=asked.to_date,
        known_at=asked.known_at,
        opening_minor=opening if is_running else closing,
        closing_minor=closing,
        lines=lines,
        items=items,
    )


def _lines(
    moved: Iterable[Movement], opening: int, documents: dict[int, _Document], settles: Settled
) -> tuple[StatementLine, ...]:
    balance, found = opening, []
    for each in moved:
        balance += each.amount_minor
        document = _document(each.subject_kind, each.subject_id, documents)
        parts = [
            Settles(documents[subject].number, amount)
            for kind, subject, amount in settles.get(each.entry_id, ())
            if kind == _DOCUMENT and subject in documents
        ]
        found.append(
            StatementLine(
                day=each.entry_date,
                what=Happened.TAKEN_BACK
                if each.reverses_id
                else _what(each.kind, each.subject_kind, each.amount_minor),
                number=document.number if document else "",
                amount_minor=each.amount_minor,
                balance_minor=balance,
                due_date=document.due_date if document and each.kind == "sale" else None,
                settles=tuple(parts),
                document_id=each.subject_id if document else None,
            )
        )
    return tuple(found)


def _item(each: OpenThen, to_date: date, documents: dict[int, _Document]) -> StatementItem:
    document = _document(each.subject_kind, each.subject_id, documents)
    due = document.due_date if document and each.amount_minor > 0 else None
    return StatementItem(
        what=_what(each.kind, each.subject_kind, each.amount_minor),
        number=document.number if document else "",
        day=each.item_date,
        amount_minor=each.amount_minor,
        open_minor=each.open_minor,
        due_date=due,
        days_overdue=max(0, (to_date - due).days) if due else 0,
        document_id=each.subject_id if document else None,
    )


def _document(kind: str, subject_id: int, documents: dict[int, _Document]) -> _Document | None:
    return documents.get(subject_id) if kind == _DOCUMENT else None


def _what(kind: str, subject_kind: str, amount_minor: int) -> Happened:
    known = _KINDS.get(kind)
    if known is Happened.PAYMENT and amount_minor > 0:
        return Happened.REFUND
    if known is None and subject_kind == _DOCUMENT:
        return Happened.INVOICE if amount_minor > 0 else Happened.CREDIT_NOTE
    return known or Happened.OTHER
