"""What the books say about anything: entries with lines, open items, allocations, and the commands behind them."""

from collections.abc import Mapping
from dataclasses import dataclass

from kvit.banking import queries as banking
from kvit.base import audit
from kvit.base.audit import Recorded
from kvit.invoicing import queries as invoicing
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Allocated, Entry, Exported, Item
from kvit.pages.read import people
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties

Subject = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Books:
    """Everything the ledger holds about one subject; `titles` names every subject that is spoken of."""

    subject: Subject
    entries: tuple[Entry, ...]
    items: tuple[Item, ...]
    allocations: tuple[Allocated, ...]
    commands: tuple[Recorded, ...]
    titles: Mapping[Subject, str]
    parties: Mapping[int, str]
    who: Mapping[str, str]
    exported: Mapping[int, Exported]


def books(subject_kind: str, subject_id: int) -> Books | None:
    """The books about a subject; None where there are none and no such subject. Needs the tenant's scope."""
    entries = ledger.entries_about(subject_kind, subject_id)
    subject = (subject_kind, subject_id)
    if not entries and subject not in titles_of([subject]):
        return None
    items = ledger.items_of_subjects(subject_kind, [subject_id])
    allocations = ledger.allocations_of([item.id for item in items])
    named = {subject, *(a.debit_subject for a in allocations), *(a.credit_subject for a in allocations)}
    commands = audit.lineage([*(e.command_id for e in entries), *(a.command_id for a in allocations)])
    return Books(
        subject=subject,
        entries=entries,
        items=items,
        allocations=allocations,
        commands=commands,
        titles=titles_of(list(named)),
        parties=parties.names([line.party_id for entry in entries for line in entry.lines if line.party_id]),
        who=people.names_of(command.actor for command in commands),
        exported=ledger.exported_entries([entry.id for entry in entries]),
    )


def titles_of(subjects: list[Subject]) -> dict[Subject, str]:
    """What readers call these subjects; those that do not exist are left out. Needs the tenant's scope."""
    found: dict[Subject, str] = {}
    for row in invoicing.invoices([i for kind, i in subjects if kind == "invoice"]):
        found["invoice", row.id] = row.number or _("Draft %(id)s") % {"id": row.id}
    for line in banking.lines([i for kind, i in subjects if kind == "bank_line"]):
        if line.amount_minor > 0:
            title = _("Payment of %(payer)s") % {"payer": line.counterparty_name or _("Payer unknown")}
        else:
            title = _("Payment to %(payee)s") % {"payee": line.counterparty_name or _("Payee unknown")}
        found["bank_line", line.id] = title
    for kind, subject_id in subjects:
        if kind == "bank_statement" and (statement := banking.statement(subject_id)) is not None:
            found[kind, subject_id] = _("Statement of %(account)s") % {"account": statement.account_number}
    return found
