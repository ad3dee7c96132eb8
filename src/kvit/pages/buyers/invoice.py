"""Documents as the page of one shows them: whole, with what is open, how to pay, and what happened."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kvit.banking import queries as banking
from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import FactKind, Kind, side_of
from kvit.invoicing.queries import BuyersCopy, InvoiceRow, Issued
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Allocated, Item
from kvit.matching import queries as matching
from kvit.pages import claims, evidence, figures, words
from kvit.pages.buyers import history, paying
from kvit.pages.buyers.history import Happening
from kvit.pages.buyers.paying import Wanted, Way, is_asking
from kvit.pages.buyers.sheets import Around, sheet_of
from kvit.pages.buyers.shown import Shown, shown
from kvit.pages.claims import Talk
from kvit.parties import queries as parties
from kvit.parties.queries import Party


class Standing(StrEnum):
    """Where a document stands for who looks at it."""

    SETTLED = "settled"
    DUE = "due"
    OVERDUE = "overdue"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """A document at an instant; `open_minor` of an invoice is still to be paid, of a credit note still to be used.

    `disputed_minor` of what is open is disputed; `talk` is what was said about it.
    """

    copy: BuyersCopy
    issued: Issued
    seller: Party
    buyer: Party
    open_minor: int
    standing: Standing
    days_left: int
    ways: tuple[Way, ...]
    history: tuple[Happening, ...]
    credited: str | None
    talk: Talk
    disputed_minor: int
    today: date

    @property
    def settled_minor(self) -> int:
        """What was paid or credited so far of what it asks for."""
        return self.copy.payable_minor - self.open_minor

    @property
    def is_asking(self) -> bool:
        """Whether it asks its reader for money."""
        return is_asking(self.copy.kind, self.copy.gross_minor)

    @property
    def shown(self) -> Shown:
        """What stands on it, in the language of who reads; the same as in its PDF."""
        return shown(sheet_of(self.issued, Around(self.seller, self.buyer, self.ways, language=words.current())))

    def since(self, at: datetime | None) -> tuple[Happening, ...]:
        """What happened after an instant, the newest first; nothing where there is none."""
        return tuple(each for each in self.history if at and each.at and each.at > at)


def invoice_pages(document_ids: Collection[int], *, now: datetime) -> dict[int, InvoicePage]:
    """Issued documents by id; the statements are as many for a thousand as for one. Needs the tenant's scope."""
    copies = invoicing.buyers_copies(list(document_ids))
    whole = invoicing.issued_documents(list(document_ids))
    items = _items(copies)
    allocations = _by_item(ledger.allocations_of([item.id for item in items.values()]), items.values())
    people = parties.parties([p for copy in copies.values() for p in (copy.supplier_id, copy.party_id)])
    payees = {currency: banking.payees(currency) for currency in {copy.currency for copy in copies.values()}}
    talks = claims.talks(list(copies))
    told = history.Told(_numbers(copies, allocations), _found(allocations), talks)
    disputed = {i: each.disputed_minor for i, each in invoicing.undisputed(_disputed(talks)).items()}
    estimated = _estimated(copies)
    pages = {}
    for copy in copies.values():
        item = items.get(copy.id)
        open_minor = item.open_minor if item else estimated.get(copy.id, 0)
        seller = people[copy.supplier_id]
        zone = figures.zone_of(seller.country)
        today = now.astimezone(zone).date()
        wanted = Wanted(
            amount_minor=open_minor if is_asking(copy.kind, copy.gross_minor) else 0,
            currency=copy.currency,
            reference=copy.payment_reference or copy.number,
            due_date=copy.due_date,
        )
        pages[copy.id] = InvoicePage(
            copy=copy,
            issued=whole[copy.id],
            seller=seller,
            buyer=people[copy.party_id],
            open_minor=open_minor,
            standing=standing(copy, open_minor, copy.due_date, today),
            days_left=(copy.due_date - today).days,
            ways=paying.ways(wanted, payees[copy.currency], seller),
            history=history.of_document(copy, allocations[item.id] if item else (), told, zone),
            credited=told.numbers.get(copy.credits_id) if copy.credits_id else None,
            talk=talks.get(copy.id, Talk()),
            disputed_minor=disputed.get(copy.id, 0),
            today=today,
        )
    return pages


def touched_by_links(link_ids: Sequence[int]) -> tuple[int, ...]:
    """The documents that these links settled, or settle no longer. Needs the tenant's scope."""
    items = ledger.items_of_entries([entry_id for _line_id, entry_id in matching.entries_of_links(link_ids)])
    found = ledger.allocations_of([item.id for item in items])
    return tuple({each.debit_subject[1] for each in found if each.debit_subject[0] == history.DOCUMENT})


def _estimated(copies: dict[int, BuyersCopy]) -> dict[int, int]:
    """What estimates still wait for, which are no claims and have no item in the ledger."""
    numbers = [copy.number for copy in copies.values() if copy.kind == Kind.ESTIMATE]
    found = invoicing.open_estimates(quoted=numbers) if numbers else ()
    return {one.id: one.payable_minor - one.paid_minor for one in found}


def standing(of: BuyersCopy | InvoiceRow, open_minor: int, due_date: date, today: date) -> Standing:
    """Where a document stands on a day with so much of it open."""
    if not is_asking(of.kind, of.gross_minor):
        return Standing.CREDIT
    if open_minor == 0:
        return Standing.SETTLED
    return Standing.OVERDUE if due_date < today else Standing.DUE


def _disputed(talks: dict[int, Talk]) -> list[int]:
    """The claims about which there ever was a dispute: of the others nothing has to be counted."""
    return [i for i, talk in talks.items() if any(each.fact.kind is FactKind.DISPUTE for each in talk.facts)]


def _items(copies: dict[int, BuyersCopy]) -> dict[int, Item]:
    """The open item that each document made when it was issued; what comes later about it is not it."""
    found: dict[int, Item] = {}
    for item in ledger.items_of_subjects(history.DOCUMENT, list(copies)):
        of = copies[item.subject_id]
        if item.side == side_of(of.kind, of.gross_minor):
            found.setdefault(item.subject_id, item)
    return found


def _by_item(allocations: Iterable[Allocated], items: Collection[Item]) -> dict[int, list[Allocated]]:
    wanted = {item.id for item in items}
    found: dict[int, list[Allocated]] = defaultdict(list)
    for each in allocations:
        for item_id in wanted & {each.debit_item_id, each.credit_item_id}:
            found[item_id].append(each)
    return found


def _found(allocations: dict[int, list[Allocated]]) -> dict[int, str]:
    """How the movements that pay these documents were found, in words for who paid."""
    subjects = {each.credit_subject for group in allocations.values() for each in group}
    return how_found([subject_id for kind, subject_id in subjects if kind == history.BANK_LINE])


def how_found(line_ids: Sequence[int]) -> dict[int, str]:
    """How movements whose links hold were found, in words for who paid. Needs the tenant's scope."""
    links = matching.made_links(line_ids) if line_ids else ()
    return {link.line_id: evidence.for_customer(link.reasons) for link in links if link.state == "live"}


def _numbers(copies: dict[int, BuyersCopy], allocations: dict[int, list[Allocated]]) -> dict[int, str]:
    """What the other documents are called that these pages name."""
    wanted = {copy.credits_id for copy in copies.values() if copy.credits_id is not None}
    for each in (each for group in allocations.values() for each in group):
        wanted |= {i for kind, i in (each.debit_subject, each.credit_subject) if kind == history.DOCUMENT}
    known = {copy.id: copy.number for copy in copies.values()}
    missing = [i for i in wanted if i not in known]
    return known | {row.id: row.number or "" for row in invoicing.invoices(missing)}
