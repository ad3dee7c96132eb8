"""What another tenant gets from each public command and query when it names Anna's things; one row for each."""

import importlib
import inspect
from dataclasses import replace
from datetime import timedelta

from access_kinds import Asks, Matrix, Reads
from access_of_claims import CLAIMS
from access_of_sources import SOURCES
from access_of_the_archive import DOCUMENTS
from access_of_the_bank import BANKING, MATCHING
from access_of_the_books import EXPORTS, LETTERS
from bank_files import DAY
from kvit.base.lifecycle import NotMovable
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoicing_q
from kvit.invoicing.domain import Draft
from kvit.ledger import commands as ledger
from kvit.ledger import queries as ledger_q
from kvit.ledger.domain import Accounts, Pairing, Posting, PostingLine, bank_account
from kvit.parties import commands as parties
from kvit.parties import queries as parties_q
from kvit.parties.domain.consents import ConsentKind, ConsentMeans
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.facts import NewFact
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, NewParty, PartyKind, PostalAddress
from kvit.parties.domain.registers import Answer, Register, Said
from kvit.work import commands as work
from kvit.work import queries as work_q
from kvit.work.domain.items import NewItem
from receivables import ISSUED
from two_companies import GOODS

CONTEXTS = ("parties", "ledger", "documents", "invoicing", "banking", "matching", "work")


def public_names(contexts: tuple[str, ...] = CONTEXTS) -> set[str]:
    """`context.commands.name` and `context.queries.name` of every function others may call."""
    found = set()
    for context in contexts:
        for kind in ("commands", "queries"):
            package = f"kvit.{context}.{kind}"
            for name, value in vars(importlib.import_module(package)).items():
                is_own = inspect.isfunction(value) and value.__module__.startswith(package)
                if is_own and not name.startswith("_") and (kind == "queries" or hasattr(value, "__kvit_command__")):
                    found.add(f"{context}.{kind}.{name}")
    return found


PARTIES: Matrix = {
    "parties.commands.add_contact": Asks(
        lambda ctx, w: parties.add_contact(
            ctx, party_id=w.party, purpose=Purpose.GENERAL, channel=Channel.EMAIL, value="new@firma.pl"
        ),
        parties.NoSuchParty,
    ),
    "parties.commands.add_identity": Asks(
        lambda ctx, w: parties.add_identity(ctx, party_id=w.party, kind=IdentityKind.CUSTOMER_NUMBER, value="K-9"),
        parties.NoSuchParty,
    ),
    "parties.commands.ask_due": Asks(lambda ctx, w: parties.ask_due(replace(ctx, now=w.later)), parties.DueAsked(0)),
    "parties.commands.ask_register": Asks(
        lambda ctx, w: parties.ask_register(ctx, identity_id=w.payer_number), parties.NoSuchIdentity
    ),
    "parties.commands.decide_number": Asks(
        lambda ctx, w: parties.decide_number(
            ctx, identity_id=w.payer_number, outcome=parties.Outcome.VERIFIED, evidence="paper"
        ),
        parties.NoSuchIdentity,
    ),
    "parties.commands.look_over_knowledge": Asks(lambda ctx, w: parties.look_over_knowledge(ctx), own=True),
    "parties.commands.record_answer": Asks(
        lambda ctx, w: parties.record_answer(ctx, inquiry_id=w.inquiry, attempt=1, answer=Answer(Said.NO)),
        parties.NoSuchInquiry,
    ),
    "parties.commands.switch_register": Asks(
        lambda ctx, w: parties.switch_register(ctx, register=Register.VIES, is_on=False), own=True
    ),
    "parties.commands.change_language": Asks(
        lambda ctx, w: parties.change_language(ctx, party_id=w.party, language=Language.SWEDISH), parties.NoSuchParty
    ),
    "parties.commands.close_contact": Asks(
        lambda ctx, w: parties.close_contact(ctx, contact_id=w.contact), parties.NoSuchContact
    ),
    "parties.commands.erase_person": Asks(
        lambda ctx, w: parties.erase_person(ctx, party_id=w.party, reason="asked"), parties.NoSuchParty
    ),
    "parties.commands.expire_verifications": Asks(
        lambda ctx, w: parties.expire_verifications(ctx, checked_before_date=w.later.date()),
        parties.VerificationsExpired(0, is_done=True),
    ),
    "parties.commands.give_consent": Asks(
        lambda ctx, w: parties.give_consent(
            ctx, party_id=w.party, kind=ConsentKind.MARKETING, means=ConsentMeans.EMAIL, evidence="mail"
        ),
        parties.NoSuchParty,
    ),
    "parties.commands.close_login": Asks(
        lambda ctx, w: parties.close_login(ctx, login_id=w.login), parties.NoSuchLogin
    ),
    "parties.commands.open_login": Asks(
        lambda ctx, w: parties.open_login(ctx, party_id=w.party, email="cilla@firma.pl", full_name="Cilla"),
        parties.NoSuchParty,
    ),
    "parties.commands.record_fact": Asks(
        lambda ctx, w: parties.record_fact(ctx, party_id=w.party, fact=NewFact("vat_status", "active", "VIES")),
        parties.NoSuchParty,
    ),
    "parties.commands.record_verification": Asks(
        lambda ctx, w: parties.record_verification(
            ctx, identity_id=w.identity, outcome=parties.Outcome.VERIFIED, source="own books", evidence="-"
        ),
        parties.NoSuchIdentity,
    ),
    "parties.commands.register_parties": Asks(
        lambda ctx, w: parties.register_parties(ctx, parties=[NewParty(PartyKind.COMPANY, "New AB", "SE")]), own=True
    ),
    "parties.commands.register_party": Asks(
        lambda ctx, w: parties.register_party(ctx, kind=PartyKind.COMPANY, name="New AB", country="SE"), own=True
    ),
    "parties.commands.rename_party": Asks(
        lambda ctx, w: parties.rename_party(ctx, party_id=w.party, name="Jan Nowak"), parties.NoSuchParty
    ),
    "parties.commands.set_address": Asks(
        lambda ctx, w: parties.set_address(ctx, party_id=w.party, address=PostalAddress("ul. 1", "1", "Łódź", "PL")),
        parties.NoSuchParty,
    ),
    "parties.commands.withdraw_consent": Asks(
        lambda ctx, w: parties.withdraw_consent(
            ctx, party_id=w.party, kind=ConsentKind.SMS, means=ConsentMeans.EMAIL, evidence="mail"
        ),
        parties.NoSuchParty,
    ),
    "parties.queries.can_get_old": Reads(lambda w: parties_q.can_get_old(), False),
    "parties.queries.checked_numbers": Reads(lambda w: parties_q.checked_numbers(w.party, today=w.now.date()), ()),
    "parties.queries.inquiries_due": Reads(lambda w: parties_q.inquiries_due(now=w.later, limit=9), ()),
    "parties.queries.inquiries_to_ask": Reads(
        lambda w: parties_q.inquiries_to_ask([w.inquiry], today=w.now.date()), ()
    ),
    "parties.queries.is_looked_over": Reads(lambda w: parties_q.is_looked_over(w.now.date()), False),
    "parties.queries.numbers_to_check": Reads(
        lambda w: parties_q.numbers_to_check(Register.WHITE_LIST, today=w.now.date(), limit=9), ()
    ),
    "parties.queries.out_of_date": Reads(lambda w: parties_q.out_of_date(today=w.now.date(), limit=9), ()),
    "parties.queries.question_about": Reads(lambda w: parties_q.question_about(w.payer_number), None),
    "parties.queries.questions_about": Reads(lambda w: parties_q.questions_about([w.payer_number]), {}),
    "parties.queries.register_switches": Reads(
        lambda w: [register for register, switch in parties_q.register_switches().items() if switch.is_on], []
    ),
    "parties.queries.consents": Reads(lambda w: parties_q.consents(w.party, at=w.now), ()),
    "parties.queries.contacts_for": Reads(lambda w: parties_q.contacts_for(w.party, Purpose.INVOICES, at=w.now), ()),
    "parties.queries.contacts_of": Reads(lambda w: parties_q.contacts_of(w.party), ()),
    "parties.queries.facts": Reads(lambda w: parties_q.facts(w.party, today=w.now.date()), ()),
    "parties.queries.has_consent": Reads(lambda w: parties_q.has_consent(w.party, ConsentKind.SMS, at=w.now), False),
    "parties.queries.holders": Reads(lambda w: parties_q.holders(IdentityKind.CUSTOMER_NUMBER, "K-1"), ()),
    "parties.queries.holders_of": Reads(lambda w: parties_q.holders_of(IdentityKind.CUSTOMER_NUMBER, ["K-1"]), ()),
    "parties.queries.account_columns": Reads(
        lambda w: parties_q.account_columns()["party_id"].tolist(), [], alike=True
    ),
    "parties.queries.holders_of_names": Reads(lambda w: parties_q.holders_of_names(["Bo Ek"]), {}),
    "parties.queries.name_columns": Reads(lambda w: parties_q.name_columns([w.bo_party])["name"], b""),
    "parties.queries.names": Reads(lambda w: parties_q.names([w.party]), {}),
    "parties.queries.own_parties": Reads(lambda w: set(parties_q.own_parties()) & {w.own_party}, set()),
    "parties.queries.parties": Reads(lambda w: parties_q.parties([w.party]), {}),
    "parties.queries.party": Reads(lambda w: parties_q.party(w.party), None),
    "parties.queries.portal_logins": Reads(lambda w: parties_q.portal_logins(w.party), ()),
    "parties.queries.portal_places": Reads(lambda w: parties_q.portal_places(w.user), (), alike=True),
    "parties.queries.search": Reads(lambda w: parties_q.search("kowalski"), ()),
    "parties.queries.stale_facts": Reads(lambda w: parties_q.stale_facts(today=w.now.date(), limit=9), ()),
}


LEDGER: Matrix = {
    "ledger.commands.allocate": Asks(
        lambda ctx, w: ledger.allocate(ctx, pairings=(Pairing(w.debit_item, w.credit_item, 100, DAY),)),
        ledger.AllocationRefused,
    ),
    "ledger.commands.checkpoint": Asks(lambda ctx, w: ledger.checkpoint(ctx), own=True),
    "ledger.commands.move_due_dates": Asks(
        lambda ctx, w: ledger.move_due_dates(ctx, subject_kind="invoice", subject_id=w.unpaid, due_date=DAY),
        ledger.DueDatesMoved(0),
    ),
    "ledger.commands.open_account": Asks(lambda ctx, w: ledger.open_account(ctx, code="x", name="X"), own=True),
    "ledger.commands.open_chart": Asks(lambda ctx, w: ledger.open_chart(ctx), own=True),
    "ledger.commands.post": Asks(
        lambda ctx, w: ledger.post(
            ctx,
            postings=(
                Posting(
                    DAY,
                    "sale",
                    "invoice",
                    w.unpaid,
                    (PostingLine(Accounts.RECEIVABLE, 5, "SEK", w.party), PostingLine(Accounts.SALES, -5, "SEK")),
                ),
            ),
        ),
        ledger.UnknownParty,
    ),
    "ledger.commands.reverse": Asks(
        lambda ctx, w: ledger.reverse(ctx, entry_ids=(w.sale_entry,), on_date=DAY), ledger.UnknownEntry
    ),
    "ledger.commands.settle": Asks(
        lambda ctx, w: ledger.settle(ctx, pairs=((w.debit_item, w.credit_item),), on_date=DAY),
        ledger.AllocationRefused,
    ),
    "ledger.commands.take_back": Asks(
        lambda ctx, w: ledger.take_back(ctx, allocation_ids=(w.allocation,), on_date=DAY), ledger.NotAllocated
    ),
    "ledger.commands.write_off": Asks(
        lambda ctx, w: ledger.write_off(ctx, item_id=w.debit_item, amount_minor=1, reason="lost", on_date=DAY),
        ledger.NothingOpen,
    ),
    "ledger.queries.account_balance": Reads(
        lambda w: ledger_q.account_balance(bank_account(w.account), "SEK").balance_minor, 0
    ),
    "ledger.queries.allocations_of": Reads(lambda w: ledger_q.allocations_of([w.debit_item, w.credit_item]), ()),
    "ledger.queries.entries_about": Reads(lambda w: ledger_q.entries_about("invoice", w.unpaid), ()),
    "ledger.queries.habit": Reads(lambda w: ledger_q.habit(w.bo_party), None),
    "ledger.queries.largest_debtors": Reads(lambda w: ledger_q.largest_debtors(limit=9), ()),
    "ledger.queries.latest_items": Reads(lambda w: ledger_q.latest_items(w.bo_party, side="debit", limit=9), ()),
    "ledger.queries.open_of_amount": Reads(lambda w: ledger_q.open_of_amount(900, "SEK", limit=9), ()),
    "ledger.queries.owed": Reads(lambda w: ledger_q.owed([w.bo_party], today=w.now.date()), ()),
    "ledger.queries.owed_in_all": Reads(lambda w: ledger_q.owed_in_all(today=w.now.date()), ()),
    "ledger.queries.receivables_of": Reads(lambda w: ledger_q.receivables_of("invoice", limit=9, is_open=True), ()),
    "ledger.queries.holders_of_amounts": Reads(lambda w: ledger_q.holders_of_amounts([(900, "SEK")]), ()),
    "ledger.queries.items_by_id": Reads(lambda w: ledger_q.items_by_id([w.debit_item]), ()),
    "ledger.queries.marks": Reads(lambda w: ledger_q.marks().allocation_id, 0),
    "ledger.queries.open_documents": Reads(lambda w: ledger_q.open_documents(), (0, 0)),
    "ledger.queries.receivable_columns": Reads(
        lambda w: ledger_q.receivable_columns(closed_since=ISSUED)["item_id"].tolist(), []
    ),
    "ledger.queries.receivable_columns_since": Reads(
        lambda w: ledger_q.receivable_columns_since(ledger_q.Marks(0, 0))["item_id"].tolist(), []
    ),
    "ledger.queries.receivable_columns_written_since": Reads(
        lambda w: ledger_q.receivable_columns_written_since(3)["item_id"].tolist(), []
    ),
    "ledger.queries.still_live": Reads(lambda w: ledger_q.still_live([w.allocation]), ()),
    "ledger.queries.items_of_entries": Reads(lambda w: ledger_q.items_of_entries([w.sale_entry]), ()),
    "ledger.queries.items_of_subjects": Reads(lambda w: ledger_q.items_of_subjects("invoice", [w.unpaid]), ()),
    "ledger.queries.live_allocations": Reads(lambda w: ledger_q.live_allocations([w.credit_item]), ()),
    "ledger.queries.movements": Reads(
        lambda w: ledger_q.movements(w.bo_party, from_date=ISSUED, to_date=DAY, limit=9), ()
    ),
    "ledger.queries.opening_balances": Reads(
        lambda w: ledger_q.opening_balances(w.bo_party, before=w.later.date()), {}
    ),
    "ledger.queries.open_items": Reads(lambda w: ledger_q.open_items(), ()),
    "ledger.queries.party_balances": Reads(lambda w: ledger_q.party_balances(w.bo_party), ()),
    "ledger.queries.posted_by_subject": Reads(lambda w: ledger_q.posted_by_subject("invoice", kinds=["sale"]), {}),
    "ledger.queries.reversed_entries": Reads(lambda w: ledger_q.reversed_entries([w.reversed_entry]), frozenset()),
    "ledger.queries.settled_by": Reads(lambda w: ledger_q.settled_by([w.payment_entry]), {}),
    "ledger.queries.verify": Reads(lambda w: ledger_q.verify(), (), alike=True),
}

INVOICING: Matrix = {
    "invoicing.commands.add_customer": Asks(
        lambda ctx, w: invoicing.add_customer(
            ctx, party=NewParty(PartyKind.COMPANY, "New AB", "SE"), number="K-hers", currency="SEK", terms_days=30
        ),
        own=True,
    ),
    "invoicing.commands.redraft": Asks(
        lambda ctx, w: invoicing.redraft(ctx, invoice_id=w.draft, draft=Draft(w.customer, GOODS), day=ISSUED),
        NotMovable,
    ),
    "invoicing.commands.discard": Asks(lambda ctx, w: invoicing.discard(ctx, invoice_ids=(w.draft,)), NotMovable),
    "invoicing.commands.draft_credit_note": Asks(
        lambda ctx, w: invoicing.draft_credit_note(ctx, invoice_id=w.unpaid, reason="returned"),
        invoicing.NotCreditable,
    ),
    "invoicing.commands.draft_invoices": Asks(
        lambda ctx, w: invoicing.draft_invoices(ctx, drafts=(Draft(w.customer, GOODS),), day=ISSUED),
        invoicing.UnknownCustomer,
    ),
    "invoicing.commands.issue_invoices": Asks(
        lambda ctx, w: invoicing.issue_invoices(ctx, invoice_ids=(w.other_draft,), issue_date=ISSUED), NotMovable
    ),
    "invoicing.commands.move_due_date": Asks(
        lambda ctx, w: invoicing.move_due_date(ctx, invoice_id=w.unpaid, due_date=DAY, reason="asked"),
        invoicing.DueDateRefused,
    ),
    "invoicing.commands.ask_for_link": Asks(
        lambda ctx, w: invoicing.ask_for_link(ctx, link_id=w.expired_link), invoicing.NoSuchLink
    ),
    "invoicing.commands.open_link": Asks(
        lambda ctx, w: invoicing.open_link(ctx, invoice_id=w.unpaid, token="n" * 32), invoicing.LinkRefused
    ),
    "invoicing.commands.record_view": Asks(
        lambda ctx, w: invoicing.record_view(ctx, link_id=w.invoice_link), invoicing.NoSuchLink
    ),
    "invoicing.commands.revoke_link": Asks(
        lambda ctx, w: invoicing.revoke_link(ctx, link_id=w.invoice_link), invoicing.NoSuchLink
    ),
    "invoicing.commands.register_customers": Asks(
        lambda ctx, w: invoicing.register_customers(ctx, customers=(invoicing.NewCustomer(w.party, "K-new", "SEK"),)),
        invoicing.UnknownParty,
    ),
    "invoicing.queries.buyers_copies": Reads(lambda w: invoicing_q.buyers_copies([w.unpaid]), {}),
    "invoicing.queries.find_link": Reads(lambda w: invoicing_q.find_link("n" * 32), None, alike=True),
    "invoicing.queries.invoices_credited_by": Reads(
        lambda w: invoicing_q.invoices_credited_by([w.unpaid]), (), alike=True
    ),
    "invoicing.queries.issued_to": Reads(lambda w: invoicing_q.issued_to(w.bo_party, limit=9), ()),
    "invoicing.queries.last_view": Reads(lambda w: invoicing_q.last_view(w.invoice_link, before=w.later), None),
    "invoicing.queries.link": Reads(lambda w: invoicing_q.link(w.invoice_link, now=w.now), None),
    "invoicing.queries.links_of": Reads(lambda w: invoicing_q.links_of(w.unpaid, now=w.now), ()),
    "invoicing.queries.all_invoices": Reads(lambda w: invoicing_q.all_invoices(), ()),
    "invoicing.queries.by_numbers": Reads(lambda w: invoicing_q.by_numbers([w.unpaid_number]), ()),
    "invoicing.queries.customer_columns": Reads(
        lambda w: set(invoicing_q.customer_columns()["party_id"].tolist()) & {w.bo_party}, set()
    ),
    "invoicing.queries.document_columns_between": Reads(
        lambda w: invoicing_q.document_columns_between(w.unpaid, w.unpaid)["number"], b""
    ),
    "invoicing.queries.document_columns": Reads(lambda w: invoicing_q.document_columns([w.unpaid])["number"], b""),
    "invoicing.queries.by_references": Reads(lambda w: invoicing_q.by_references(["70090"]), ()),
    "invoicing.queries.by_sequence": Reads(lambda w: invoicing_q.by_sequence(1), ()),
    "invoicing.queries.credit_notes_of": Reads(
        lambda w: invoicing_q.credit_notes_of(w.unpaid, party_id=w.bo_party), (), alike=True
    ),
    "invoicing.queries.customer": Reads(lambda w: invoicing_q.customer(w.customer), None),
    "invoicing.queries.customers": Reads(
        lambda w: {c.id for c in invoicing_q.customers(limit=99)} & {w.customer}, set()
    ),
    "invoicing.queries.customers_by_id": Reads(lambda w: invoicing_q.customers_by_id([w.customer]), {}),
    "invoicing.queries.customers_of": Reads(lambda w: invoicing_q.customers_of([w.bo_party]), {}),
    "invoicing.queries.document": Reads(lambda w: invoicing_q.document(w.unpaid), None),
    "invoicing.queries.due_date_moves": Reads(lambda w: invoicing_q.due_date_moves([w.unpaid]), (), alike=True),
    "invoicing.queries.issuing_commands": Reads(lambda w: invoicing_q.issuing_commands([w.unpaid]), {}),
    "invoicing.queries.listed": Reads(lambda w: invoicing_q.listed(limit=9), ()),
    "invoicing.queries.next_customer_number": Reads(lambda w: invoicing_q.next_customer_number(), "1001", alike=True),
    "invoicing.queries.draft_ids": Reads(lambda w: invoicing_q.draft_ids(), []),
    "invoicing.queries.find_customer": Reads(lambda w: invoicing_q.find_customer(w.customer_number), None),
    "invoicing.queries.find_customers": Reads(lambda w: invoicing_q.find_customers([w.customer_number]), {}),
    "invoicing.queries.invoices": Reads(lambda w: invoicing_q.invoices([w.unpaid, w.draft]), ()),
    "invoicing.queries.issued_since": Reads(lambda w: invoicing_q.issued_since(ISSUED), ()),
    "invoicing.queries.numbered": Reads(lambda w: invoicing_q.numbered(w.unpaid_number), None),
    "invoicing.queries.verify": Reads(lambda w: invoicing_q.verify(), (), alike=True),
}

WORK: Matrix = {
    "work.commands.assign": Asks(lambda ctx, w: work.assign(ctx, item_id=w.item, user_id=w.user), work.NoSuchItem),
    "work.commands.close_items": Asks(
        lambda ctx, w: work.close_items(ctx, kind="test.look", subject_kind="thing", subject_ids=[1], outcome="looked"),
        work.ItemsClosed(0),
    ),
    "work.commands.drop": Asks(lambda ctx, w: work.drop(ctx, item_id=w.item, reason="no need"), work.NoSuchItem),
    "work.commands.open_item": Asks(
        lambda ctx, w: work.open_item(ctx, item=NewItem("test.look", "thing", 9, "test.odd", "hers")), own=True
    ),
    "work.commands.open_items": Asks(
        lambda ctx, w: work.open_items(ctx, items=[NewItem("test.look", "thing", 9, "test.odd", "hers")]), own=True
    ),
    "work.commands.snooze": Asks(
        lambda ctx, w: work.snooze(ctx, item_id=w.item, until_at=ctx.now + timedelta(days=1)), work.NoSuchItem
    ),
    "work.commands.wake": Asks(lambda ctx, w: work.wake(ctx, item_id=w.sleeping_item), work.NoSuchItem),
    "work.queries.counts": Reads(lambda w: work_q.counts(now=w.now, kinds=["matching.decide"]), {}),
    "work.queries.item": Reads(lambda w: work_q.item(w.item), None),
    "work.queries.items_about": Reads(lambda w: work_q.items_about("bank_line", w.waiting_line), ()),
    "work.queries.live_about": Reads(lambda w: work_q.live_about("matching.decide", "bank_line", [w.waiting_line]), ()),
    "work.queries.reasons_of": Reads(lambda w: work_q.reasons_of("matching.decide", "bank_line", now=w.now), ()),
    "work.queries.live_subjects": Reads(lambda w: work_q.live_subjects("matching.decide", "bank_line"), ()),
    "work.queries.waiting": Reads(lambda w: work_q.waiting(now=w.now, limit=9, kinds=["matching.decide"]), ()),
}

MATRIX: Matrix = {
    **PARTIES,
    **LEDGER,
    **EXPORTS,
    **DOCUMENTS,
    **INVOICING,
    **LETTERS,
    **SOURCES,
    **CLAIMS,
    **BANKING,
    **MATCHING,
    **WORK,
}
