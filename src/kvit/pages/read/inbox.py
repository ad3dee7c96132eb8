"""What waits for a person, each with what it is about and why it waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kvit.banking import queries as banking
from kvit.base import login
from kvit.invoicing import queries as invoicing
from kvit.matching import queries as matching
from kvit.pages import reasons
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties
from kvit.work import queries as work
from kvit.work.queries import Item


@dataclass(frozen=True, slots=True)
class Waiting:
    """A work item: what it is about, and the reason in the reader's language; amounts in minor units."""

    item_id: int
    kind: str
    subject_kind: str
    subject_id: int
    title: str
    detail: str
    amount_minor: int | None
    currency: str
    day: date | None
    reason: str
    since_at: datetime
    assigned_to_id: int | None
    assigned_to: str


@dataclass(frozen=True, slots=True)
class _About:
    title: str
    detail: str = ""
    amount_minor: int | None = None
    currency: str = ""
    day: date | None = None


def waiting(
    *, now: datetime, limit: int, currency: str, kinds: Sequence[str] | None = None, assigned_to_id: int | None = None
) -> tuple[Waiting, ...]:
    """What waits at an instant, the most urgent first; `currency` is the company's. Needs the tenant's scope."""
    return _shown(work.waiting(now=now, limit=limit, kinds=kinds, assigned_to_id=assigned_to_id), currency)


def about(subject_kind: str, subject_id: int, *, currency: str) -> Waiting | None:
    """What waits about one subject, put off or not; None where nothing does. Needs the tenant's scope."""
    live = [item for item in work.items_about(subject_kind, subject_id) if item.closed_at is None]
    return next(iter(_shown(live[:1], currency)), None)


def reason_of(item: Item, currency: str) -> str:
    """Why an item waits, in the reader's language."""
    return reasons.text(item.reason_code, item.reason_params, currency=currency, english=item.reason)


def _shown(items: Sequence[Item], currency: str) -> tuple[Waiting, ...]:
    subjects = _lines(items) | _statements(items) | _intakes(items) | _documents(items)
    subjects |= _accounts(items) | _payment_files(items) | _customers(items) | _refunds(items) | _letters(items)
    people = login.names([item.assigned_to_id for item in items if item.assigned_to_id is not None])
    found = []
    for item in items:
        subject = subjects.get((item.subject_kind, item.subject_id), _About(item.kind))
        found.append(
            Waiting(
                item_id=item.id,
                kind=item.kind,
                subject_kind=item.subject_kind,
                subject_id=item.subject_id,
                title=subject.title,
                detail=subject.detail,
                amount_minor=subject.amount_minor,
                currency=subject.currency or currency,
                day=subject.day,
                reason=reason_of(item, subject.currency or currency),
                since_at=item.opened_at,
                assigned_to_id=item.assigned_to_id,
                assigned_to=people.get(item.assigned_to_id or 0, ""),
            )
        )
    return tuple(found)


def _ids(items: Sequence[Item], kind: str) -> list[int]:
    return [item.subject_id for item in items if item.subject_kind == kind]


def _lines(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    return {
        ("bank_line", line.id): _About(
            line.counterparty_name or (_("Payer unknown") if line.amount_minor > 0 else _("Payee unknown")),
            line.reference or line.text,
            line.amount_minor,
            line.currency,
            line.booking_date,
        )
        for line in banking.lines(_ids(items, "bank_line"))
    }


def _statements(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    found = {}
    for statement_id in _ids(items, "bank_statement"):
        if (row := banking.statement(statement_id)) is not None:
            title = _("Statement of %(account)s") % {"account": row.account_number or _("an account without a number")}
            found["bank_statement", statement_id] = _About(title, row.place, None, row.currency, row.to_date)
    return found


def _letters(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    rows = invoicing.confirmations_by_id(_ids(items, "confirmation"))
    names = parties.names([row.party_id for row in rows.values()])
    return {
        ("confirmation", i): _About(
            names.get(row.party_id, ""), row.number, row.balance_minor, row.currency, row.reply_by_date
        )
        for i, row in rows.items()
    }


def _intakes(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    found = {}
    for intake_id in _ids(items, "bank_intake"):
        if (row := banking.intake(intake_id)) is not None:
            found["bank_intake", intake_id] = _About(_("Bank file %(name)s") % {"name": row.file_name}, row.format)
    return found


def _accounts(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    wanted = _ids(items, "bank_account")
    known = banking.accounts() if wanted else {}
    return {
        ("bank_account", one): _About(known[one][2], known[one][0], None, known[one][1])
        for one in wanted
        if one in known
    }


def _payment_files(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    found = {}
    for file_id in _ids(items, "bank_payment_file"):
        if (row := banking.payment_file(file_id)) is not None:
            title = _("Payment file %(name)s") % {"name": row.message_id}
            found["bank_payment_file", file_id] = _About(
                title, row.format.value, row.total_minor, row.currency, row.execution_date
            )
    return found


def _refunds(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    found = [one for one in map(matching.refund, _ids(items, "refund")) if one is not None]
    lines = {line.id: line for line in banking.lines([one.line_id for one in found])}
    return {
        ("refund", one.id): _About(
            _("Pay back to %(name)s") % {"name": lines[one.line_id].counterparty_name or _("Payer unknown")},
            one.reason,
            -one.amount_minor,
            one.currency,
            lines[one.line_id].booking_date,
        )
        for one in found
    }


def _documents(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    documents = invoicing.invoices(_ids(items, "invoice"))
    names = parties.names([document.party_id for document in documents])
    return {
        ("invoice", d.id): _About(d.number or _("Draft"), names.get(d.party_id, ""), None, d.currency, d.due_date)
        for d in documents
    }


def _customers(items: Sequence[Item]) -> dict[tuple[str, int], _About]:
    if not (wanted := _ids(items, "customer")):
        return {}
    found = invoicing.customers_by_id(wanted)
    names = parties.names([row.party_id for row in found.values()])
    return {("customer", one): _About(names.get(row.party_id, ""), row.number) for one, row in found.items()}
