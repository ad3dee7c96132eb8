"""Anna's company with one of everything, and Cilla's with nothing but its books, both committed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import past
from archived import one_of_each
from bank_files import DAY, IBAN, Pay, Stmt, camt, file
from cast import open_company
from desk import Desk, open_desk
from handed_out import HandedOut, exports_of, letters_of
from kvit.banking import commands as banking
from kvit.banking import jobs
from kvit.banking import queries as banking_queries
from kvit.banking.domain import Header, LineToTake
from kvit.base import login, rows, tenant
from kvit.base.command import Ctx
from kvit.formats.bank.statement import Line
from kvit.formats.bank.tabular.profile import Profile, Role
from kvit.invoicing import commands as invoicing
from kvit.invoicing.domain import Draft, DraftLine
from kvit.ledger import queries as ledger_queries
from kvit.matching import commands as matching
from kvit.matching import queries as matching_queries
from kvit.matching.commands import Seen, Terms
from kvit.matching.domain import Mode, RobotRule
from kvit.pages.buyers.tokens import new_token
from kvit.parties import commands as parties
from kvit.parties.domain import registers
from kvit.parties.domain.consents import ConsentKind, ConsentMeans
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.facts import NewFact
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, PartyKind
from kvit.parties.domain.registers import Answer, Register, Said
from kvit.parties.queries import own_parties
from kvit.work import commands as work
from kvit.work.domain.items import NewItem
from paid_back import refunds
from payment_orders import BO_IBAN, SE_IBAN
from payouts import at_each_place
from receivables import ISSUED, Customer, open_account, open_books
from told import told
from two_sources import Sources, open_sources

PROFILE = Profile(
    key="own",
    name="Our bank",
    country="SE",
    currency="SEK",
    delimiter=";",
    columns=(
        (Role.BOOKING_DATE, "Bokföringsdatum"),
        (Role.AMOUNT, "Belopp"),
        (Role.MARK, "Typ"),
        (Role.NAME, "Namn"),
        (Role.TEXT, "Meddelande"),
    ),
    credit_marks=("Insättning",),
    debit_marks=("Uttag",),
)
ROWS = (
    "Bokföringsdatum;Belopp;Typ;Namn;Meddelande;Saldo\n"
    "2026-03-{0:02};1 250,00;Insättning;Ek & Söner AB;Faktura 70010;11 250,00\n"
    "2026-03-{0:02};89,50;Uttag;Kontorsbutiken;Papper;11 160,50\n"
)
"""A bank's file as its profile reads it, of a day."""
HEAD = Header("Stmt[1]", IBAN, "SEK", "S1", None, None, 0, 0)
NEW_LINE = LineToTake(
    UUID(int=7), Line(place="Stmt[1]/Ntry[9]", booking_date=DAY, value_date=None, amount_minor=1, currency="SEK")
)
GOODS = (DraftLine("Goods", Decimal(1), Decimal(9), Decimal(0)),)


@dataclass(frozen=True)
class Two(HandedOut):
    """Both people, and the ids of what Anna has."""

    anna: Ctx
    cilla: Ctx
    own_party: int
    party: int
    contact: int
    login: int
    identity: int
    verified_identity: int
    customer: int
    customer_number: str
    bo_party: int
    unpaid: int
    link_token: str
    invoice_link: int
    expired_link: int
    unpaid_number: str
    told: int
    dispute: int
    remittance: int
    promise: int
    extension: int
    draft: int
    other_draft: int
    debit_item: int
    credit_item: int
    sale_entry: int
    payment_entry: int
    reversed_entry: int
    allocation: int
    account: int
    file: int
    sha256: str
    intake: int
    held: int
    booked: int
    linked_line: int
    waiting_line: int
    link: int
    payer: int
    refund: int
    dropped_file: int
    paid_refund_line: int
    refund_line: int
    problem: int
    csv_intake: int
    csv_profile: int
    history: int
    asked: int
    returned_line: int
    broken: tuple[int, int]
    paying_account: int
    made_file: int
    made_sha256: str
    made_message: str
    signed_file: int
    sending_file: int
    doubted_file: int
    sent_file: int
    sent_payment: str
    payer_number: int
    inquiry: int
    item: int
    sleeping_item: int
    user: int
    archived: int
    filing: int
    archived_sha256: str
    old_archived: int
    logo_sha256: str
    wanted_rendering: int
    failed_rendering: int
    sources: Sources

    @property
    def seen(self) -> Seen:
        return Desk(self.anna, self.account, Customer(self.customer, self.bo_party)).seen(self.waiting_line)

    @property
    def now(self) -> datetime:
        return self.anna.now

    @property
    def later(self) -> datetime:
        return self.now + timedelta(days=1)


def build() -> Two:
    """Both companies; Anna's things are all alike in that each is of use to the command it is for."""
    anna, cilla = open_company(), open_company("Cillas Konditori AB", actor="cilla")
    open_books(cilla)
    desk = open_desk(anna)
    found = {
        **_person(anna),
        **_numbers(desk),
        **_documents(desk),
        **refunds(desk),
        **_bank(desk),
        **at_each_place(anna, open_account(anna, SE_IBAN, "EUR")),
        **_asked(desk),
        **_work(anna),
    }
    found |= one_of_each(anna, found["unpaid"])
    found |= letters_of(anna, desk.bo.id) | exports_of(anna)
    found |= told(desk, found["unpaid"], found["invoice_link"])
    with tenant.scope(anna.tenant_id):
        (own_party,) = own_parties()
        ((number,),) = rows.select("SELECT number FROM invoicing_customer WHERE id = %s", [desk.bo.id])
    return Two(
        anna=anna,
        cilla=cilla,
        own_party=own_party,
        account=desk.account_id,
        customer=desk.bo.id,
        customer_number=number,
        bo_party=desk.bo.party_id,
        sources=open_sources(anna),
        **found,
    )


def _person(anna: Ctx) -> dict[str, Any]:
    party = parties.register_party(
        anna, kind=PartyKind.PERSON, name="Jan Kowalski", country="PL", language=Language.POLISH
    ).party_id
    contact = parties.add_contact(
        anna, party_id=party, purpose=Purpose.INVOICES, channel=Channel.EMAIL, value="jan@firma.pl"
    ).contact_id
    numbers = [
        parties.add_identity(anna, party_id=party, kind=IdentityKind.CUSTOMER_NUMBER, value=value).identity_id
        for value in ("K-1", "K-2")
    ]
    parties.record_verification(
        anna, identity_id=numbers[1], outcome=parties.Outcome.VERIFIED, source="own books", evidence="-"
    )
    parties.give_consent(
        anna, party_id=party, kind=ConsentKind.SMS, means=ConsentMeans.PHONE, evidence="call of Monday"
    )
    old = NewFact("vat_status", "active", "VIES", learnt_at=anna.now - timedelta(days=9), renew_after_days=1)
    parties.record_fact(anna, party_id=party, fact=old)
    login_id = parties.open_login(
        anna, party_id=party, email=f"jan-{anna.tenant_id}@firma.pl", full_name="Jan Kowalski"
    ).login_id
    return {
        "party": party,
        "contact": contact,
        "login": login_id,
        "identity": numbers[0],
        "verified_identity": numbers[1],
    }


def _numbers(desk: Desk) -> dict[str, Any]:
    """Bo's numbers, about which registers were asked: one of each answer, one on its way, one never asked about."""
    for register in Register:
        parties.switch_register(desk.ctx, register=register, is_on=True)
    parties.look_over_knowledge(replace(desk.ctx, key=registers.key_of_the_day(desk.ctx.now.date())))
    said = {
        "DE136695976": Answer(Said.NO),
        "FR40303265045": Answer(Said.YES, request_id="WAPI000000000007", name="HURTOWNIA KOS", code="VALID"),
        "NL004495445B01": Answer(Said.UNAVAILABLE, code="MS_UNAVAILABLE"),
        "SE556036079301": Answer(Said.YES, request_id="WAPI000000000008"),
    }
    for value, answer in said.items():
        asked = _ask(desk, IdentityKind.VAT, value)[1]
        parties.record_answer(desk.ctx, inquiry_id=asked, attempt=1, answer=answer)
    number, inquiry = _ask(desk, IdentityKind.NIP, "5260250274")
    parties.add_identity(
        desk.ctx, party_id=desk.bo.party_id, kind=IdentityKind.IBAN, value="PL61109010140000071219812874"
    )
    return {"payer_number": number, "inquiry": inquiry}


def _ask(desk: Desk, kind: IdentityKind, value: str) -> tuple[int, int]:
    number = parties.add_identity(desk.ctx, party_id=desk.bo.party_id, kind=kind, value=value).identity_id
    return number, parties.ask_register(desk.ctx, identity_id=number).inquiry_id


def _documents(desk: Desk) -> dict[str, Any]:
    unpaid = desk.invoice(900, reference="70090")
    drafts = invoicing.draft_invoices(
        desk.ctx, drafts=(Draft(desk.bo.id, GOODS), Draft(desk.bo.id, GOODS)), day=ISSUED
    ).invoice_ids
    with tenant.scope(desk.ctx.tenant_id):
        debit = matching_queries.receivables([unpaid.id])[unpaid.id]
    # Ten years, for browsers ask by the machine's clock; the expired one was opened long before the story begins.
    token = new_token()
    opened = invoicing.open_link(desk.ctx, invoice_id=unpaid.id, token=token, valid_days=3650)
    long_ago = replace(desk.ctx, now=desk.ctx.now - timedelta(days=400))
    expired = invoicing.open_link(long_ago, invoice_id=unpaid.id, token=new_token())
    invoicing.record_view(desk.ctx, link_id=opened.link_id)
    return {
        "link_token": token,
        "invoice_link": opened.link_id,
        "expired_link": expired.link_id,
        "unpaid": unpaid.id,
        "unpaid_number": unpaid.number,
        "draft": drafts[0],
        "other_draft": drafts[1],
        "debit_item": debit.id,
        "sale_entry": debit.entry_id,
    }


def _bank(desk: Desk) -> dict[str, Any]:
    paid = desk.invoice(500, reference="70010")
    pays = (Pay(800, name="Bo"), Pay(70, "99999"), Pay(5, bank_id="5"), Pay(33, account=BO_IBAN), Pay(-33, name="Bo"))
    linked, waiting, undone, spare, back = desk.bank(*pays)
    link = desk.link(linked, (paid, 500)).link_id
    ahead = Terms(advance_party_id=desk.bo.party_id, learn=False)
    advance = matching.link_payment(desk.ctx, line_id=spare, targets=(), terms=ahead).link_id
    refund = matching.ask_refund(desk.ctx, link_id=advance, amount_minor=33, reason="too much").refund_id
    payer = matching.learn_payer(desk.ctx, party_id=desk.bo.party_id, account="SE1", name="Bos mor").payer_id
    matching.set_rule(desk.ctx, rule=RobotRule(mode=Mode.SHADOW), reason="only looks")
    desk.invoice(70)
    wrong = desk.link(undone, (desk.invoice(50), 5)).link_id
    desk.undo(wrong)
    desk.match([waiting])
    returned = _returned(desk)
    csv_intake, csv_profile = _columns(desk)
    data = camt(Stmt([Pay(10), Pay(11, status="PDNG")], off_minor=1))
    report = jobs.import_file(desk.ctx, file(data), name="held.xml")
    with tenant.scope(desk.ctx.tenant_id):
        of_link = matching_queries.links([linked])[0]
        credit = ledger_queries.items_of_entries([of_link.entry_id])[0]
        ((booked,),) = rows.select("SELECT statement_id FROM banking_line WHERE id = %s", [linked])
        ((intake, file_id),) = rows.select(
            "SELECT intake_id, i.file_id FROM banking_statement s JOIN banking_intake i ON i.id = s.intake_id "
            "WHERE s.state = 'held'"
        )
        return {
            "credit_item": credit.id,
            "payment_entry": of_link.entry_id,
            "reversed_entry": matching_queries.links([undone])[0].entry_id,
            "allocation": ledger_queries.live_allocations([credit.id])[0],
            "file": file_id,
            "sha256": report.sha256,
            "intake": intake,
            "held": report.statements[0].statement_id,
            "booked": booked,
            "linked_line": linked,
            "waiting_line": waiting,
            "link": link,
            "payer": payer,
            "refund": refund,
            "refund_line": back,
            "problem": banking_queries.problems_of(intake, limit=1)[0].id,
            "csv_intake": csv_intake,
            "csv_profile": csv_profile,
            "returned_line": returned,
            "broken": _broken(desk),
        }


def _broken(desk: Desk) -> tuple[int, int]:
    """The two statements between which the chain of the account is broken."""
    found = banking_queries.breaks(desk.account_id)[0]
    return found.before.id, found.after.id


def _returned(desk: Desk) -> int:
    """A linked payment that the bank took back; its link still stands."""
    (line,) = desk.bank(Pay(33, end_to_end_id="R1"))
    desk.link(line, (desk.invoice(33), 33))
    (back,) = desk.bank(Pay(-33, end_to_end_id="R1", returned="AC04"))
    with tenant.scope(desk.ctx.tenant_id):
        ((statement_id,),) = rows.select("SELECT statement_id FROM banking_line WHERE id = %s", [back])
    banking.link_returns(desk.ctx, statement_id=statement_id)
    return line


def _work(anna: Ctx) -> dict[str, Any]:
    def item(subject: int) -> int:
        return work.open_item(anna, item=NewItem("test.look", "thing", subject, "test.odd", "look at it")).item_id

    waiting, sleeping = item(1), item(2)
    work.snooze(anna, item_id=sleeping, until_at=anna.now + timedelta(days=1))
    user = login.add_member(
        anna, email=f"ola-{anna.tenant_id}@nordvik.se", full_name="Ola", role=login.Role.CLERK
    ).user_id
    return {"item": waiting, "sleeping_item": sleeping, "user": user}


def _columns(desk: Desk) -> tuple[int, int]:
    """A CSV that nothing read, and the profile that was kept for it."""
    jobs.import_file(desk.ctx, file(ROWS.format(2).encode()), name="own.csv")
    with tenant.scope(desk.ctx.tenant_id):
        intake = banking_queries.intakes(limit=1)[0].id
    return intake, banking.keep_profile(
        desk.ctx, profile=PROFILE, intake_id=intake, account_id=desk.account_id
    ).profile_id


def _asked(desk: Desk) -> dict[str, Any]:
    """A statement that its profile reads and of which nobody has said whose it is; a history that was used."""
    report = jobs.import_file(desk.ctx, file(ROWS.format(5).encode()), name="next.csv")
    return {"asked": report.statements[0].statement_id, "history": past.used(desk.ctx)}
