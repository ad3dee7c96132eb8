"""One document whole: what it says, what is open, and everything that happened to it, with who and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kvit.base import audit
from kvit.documents.domain.kinds import FactName
from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import CREDITED_BY, SELF_BILLED, Kind
from kvit.invoicing.domain.kinds import CHARGED, CORRECTABLE
from kvit.invoicing.queries import CustomerRow, Document, InvoiceRow
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Allocated, Item
from kvit.matching import queries as matching
from kvit.matching.queries import MadeLink
from kvit.pages import claims, evidence, figures, reasons, words
from kvit.pages.buyers.sheets import Around, sheet_of
from kvit.pages.buyers.shown import Shown as Face
from kvit.pages.buyers.shown import shown as face
from kvit.pages.claims import Talk
from kvit.pages.read import people, standing
from kvit.pages.read.standing import Chip, Standing
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened: what, when, who, why. `line_id` and `document_id` lead to its page.

    `kind` is settled, due, overdue or nothing, as the timeline shows it; `link_id` is there while it can be undone.
    """

    at: datetime
    title: str
    who: str
    by_robot: bool = False
    why: str = ""
    kind: str = ""
    amount_minor: int | None = None
    line_id: int | None = None
    document_id: int | None = None
    link_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as its page shows it; the latest thing that happened comes first.

    `name` is the customer's, or the supplier's where we bill ourselves.
    """

    document: Document
    customer: CustomerRow
    name: str
    credits_number: str
    item: Item | None
    standing: Standing
    chip: Chip
    credit_notes: tuple[InvoiceRow, ...]
    history: tuple[Happened, ...]
    talk: Talk
    disputed_minor: int
    was_late: bool

    @property
    def is_issued(self) -> bool:
        """Whether it is final."""
        return self.document.row.number is not None

    @property
    def is_self_billed(self) -> bool:
        """Whether we have made it out in a supplier's name."""
        return self.document.row.kind in SELF_BILLED

    @property
    def can_credit(self) -> bool:
        """Whether a credit note may take it back."""
        return self.is_issued and self.document.row.kind in CREDITED_BY

    @property
    def can_correct(self) -> bool:
        """Whether a correction may change it."""
        return self.is_issued and self.document.row.kind in CORRECTABLE

    @property
    def can_charge(self) -> bool:
        """Whether interest may be asked for: it is, or was, open after its due date."""
        return self.was_late and self.document.row.kind in CHARGED

    @property
    def open_minor(self) -> int:
        """What is not settled."""
        return self.item.open_minor if self.item else 0


def shown(invoice_id: int, *, today: date) -> Shown | None:
    """A document, or None where there is no such one. Needs the tenant's scope."""
    document = invoicing.document(invoice_id)
    customer = invoicing.customer(document.row.customer_id) if document else None
    if document is None or customer is None:
        return None
    row = document.row
    other = document.supplier_id if row.kind in SELF_BILLED else row.party_id
    item = standing.items_of([row]).get(row.id)
    stands = standing.standing(row, item, today=today)
    credited = invoicing.invoices([document.credits_id]) if document.credits_id else ()
    owed = invoicing.undisputed([row.id]).get(row.id)
    return Shown(
        document=document,
        customer=customer,
        name=parties.names([other]).get(other, ""),
        credits_number=(credited[0].number or "") if credited else "",
        item=item,
        standing=stands,
        chip=standing.chip(stands, row.due_date, today=today),
        credit_notes=invoicing.credit_notes_of(row.id, party_id=row.party_id)
        if row.is_claim or row.kind == Kind.SELF_BILLED
        else (),
        history=history([row], {row.id: document.command_id}, {row.id: item} if item else {}),
        talk=claims.talks([row.id]).get(row.id, Talk()),
        disputed_minor=owed.disputed_minor if owed else 0,
        was_late=stands is Standing.OVERDUE or _settled_late(item),
    )


def _settled_late(item: Item | None) -> bool:
    """Whether a part of a claim was settled after its due date."""
    if item is None or item.due_date is None or item.side != "debit":
        return False
    due = item.due_date
    return any(one.is_live and one.allocation_date > due for one in ledger.allocations_of([item.id]))


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on a document, in the reader's language, and what it asks for in minor units."""

    shown: Face
    payable_minor: int


def written(invoice_id: int, *, today: date) -> Written | None:
    """What stands on a document: what was frozen when it was issued, of a draft what it says so far; None without one.

    It is the sheet of its PDF and of the customer's page. Needs the tenant's scope.
    """
    found = invoicing.as_written(invoice_id, day=today)
    if found is None:
        return None
    people = parties.parties([found.supplier_id, found.party_id])
    around = Around(people[found.supplier_id], people[found.party_id], (), language=words.current())
    sheet = sheet_of(found, around)
    if not found.paper.number:
        sheet = replace(sheet, facts=tuple(fact for fact in sheet.facts if fact.name is not FactName.ISSUE_DATE))
    return Written(face(sheet), found.paper.payable_minor)


def history(
    documents: Sequence[InvoiceRow], drafted: Mapping[int, int], items: Mapping[int, Item], *, named: bool = False
) -> tuple[Happened, ...]:
    """What happened to documents, the latest first: drafted (by these commands), issued, moved, settled, taken back.

    `named`: each title says which document. Needs the tenant's scope.
    """
    numbers = {document.id: document.number or "" for document in documents}
    issued = invoicing.issuing_commands(list(numbers))
    moves = invoicing.due_date_moves(list(numbers))
    allocations = ledger.allocations_of([item.id for item in items.values()])
    links = _links(allocations)
    turns = [(i, turn) for i, talk in claims.talks(list(numbers)).items() for turn in talk.turns]
    commands = [*drafted.values(), *issued.values(), *(turn.command_id for _of, turn in turns)]
    by = audit.actors([*commands, *(m.command_id for m in moves), *(a.command_id for a in allocations)])
    who = people.names_of(actor for actor, _at in by.values())

    def happened(command_id: int, title: str, document_id: int, **given: object) -> Happened:
        actor, at = by[command_id]
        full = f"{numbers[document_id]}: {title}" if named and numbers.get(document_id) else title
        return Happened(
            at=at,
            title=full,
            who=who[actor],
            by_robot=people.is_robot(actor),
            document_id=document_id,
            **given,  # type: ignore[arg-type]
        )

    found = [happened(command, _("Drafted"), i) for i, command in drafted.items()]
    found += [happened(command, _("Issued"), i) for i, command in issued.items()]
    found += [happened(m.command_id, _moved(m), m.invoice_id, why=m.reason, kind="due") for m in moves]
    found += [
        happened(
            a.command_id,
            _title(a),
            a.debit_subject[1] if a.debit_subject[1] in numbers else a.credit_subject[1],
            **_settled(a, links),
        )
        for a in allocations
    ]
    found += [
        happened(turn.command_id, turn.title, i, why=turn.words, kind=turn.kind, amount_minor=turn.amount_minor)
        for i, turn in turns
    ]
    # Of what happened in one instant the last comes first too: an invoice is issued after it was drafted.
    return tuple(sorted(found, key=lambda h: h.at)[::-1])


def _moved(move: invoicing.DueDateMoved) -> str:
    days = {
        name: figures.day_text(day, words.current()) for name, day in (("from", move.from_date), ("to", move.to_date))
    }
    return _("Due date moved from %(from)s to %(to)s") % days


def _title(allocated: Allocated) -> str:
    kind = allocated.credit_subject[0]
    if allocated.reverses_id is not None:
        return _("Payment taken back") if kind == "bank_line" else _("Settlement taken back")
    if kind == "bank_line":
        return _("Payment received")
    if allocated.credit_subject == allocated.debit_subject:
        return _("Written off")
    return _("Credited") if kind == "invoice" else _("Settled")


def _links(allocations: Sequence[Allocated]) -> Mapping[int, Sequence[MadeLink]]:
    lines = {a.credit_subject[1] for a in allocations if a.credit_subject[0] == "bank_line"}
    found: dict[int, list[MadeLink]] = {}
    for link in matching.made_links(list(lines)):
        found.setdefault(link.line_id, []).append(link)
    return found


def _settled(allocated: Allocated, links: Mapping[int, Sequence[MadeLink]]) -> dict[str, object]:
    kind, subject_id = allocated.credit_subject
    given: dict[str, object] = {"amount_minor": allocated.amount_minor}
    if allocated.is_live:
        given["kind"] = "settled"
    if kind == "bank_line":
        made = links.get(subject_id, ())
        given["line_id"] = subject_id
        live = next((link for link in made if link.state == "live"), None)
        if allocated.reverses_id is None and made:
            given["why"] = why(live or made[-1])
        if allocated.is_live and live is not None:
            given["link_id"] = live.id
    return given


def why(link: MadeLink) -> str:
    """Why a payment was linked, in the reader's language."""
    said = evidence.sentence(link.evidence_code, link.reasons, link.currency)
    if link.evidence_code == "set_aside":
        return link.evidence
    return said or reasons.text(
        f"matching.{link.evidence_code}", link.evidence_params, currency=link.currency, english=link.evidence
    )
