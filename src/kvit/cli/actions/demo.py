"""`kvit demo`: a small company, and the main job in the terminal."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic

from kvit.banking import commands as banking
from kvit.base import clock, login, tenant
from kvit.base.command import Ctx
from kvit.base.migrate import migrate
from kvit.cli.actions import bank, companies, match, show, verification
from kvit.cli.boot import Edge
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine
from kvit.kernel.identifiers import iban
from kvit.ledger import queries as ledger
from kvit.matching import queries as matching
from kvit.parties import commands as parties
from kvit.parties import queries as party_queries
from kvit.parties.domain.register import NewParty, PartyKind
from kvit.work import queries as work
from kvit.world import bank_files, small_company

SUBSCRIBERS = 80
MONTHS = 3
SEED = 2026
SHOWN = 6
ASKING_SHOWN = 20


def show_main_job(folder: Path) -> None:
    """Load the company unless it is there, import its bank files, show what matched, what asks, and verify."""
    started = monotonic()
    with show.err.status("preparing the database"):
        migrate()
    edge = _company()
    today = edge.ctx().now.date()
    show.out.rule("Invoices")
    _invoices(edge, today)
    show.out.rule("Bank files")
    files = _files(edge, folder, today)
    bank.import_files(edge, files, as_json=False)
    show.out.rule("What matched, and why")
    _matched(edge)
    show.out.rule("What asks")
    match.waiting(edge, as_json=False, most=ASKING_SHOWN)
    show.out.rule("The books")
    _books(edge)
    verification.verify(edge)
    show.say(f"\nDone in {monotonic() - started:.0f} s. The company stays; next: kvit match waiting, kvit --help")


def _company() -> Edge:
    try:
        tenant_id = login.tenant_by_code(small_company.CODE)
    except login.NoSuchTenant:
        ctx = companies.open_company(small_company.CODE, name=small_company.NAME, country="SE", currency="SEK")
        banking.open_bank_account(ctx, number=small_company.IBAN, currency="SEK", name="Affärskonto")
        banking.open_bank_account(ctx, number=small_company.BANKGIRO, currency="SEK", name="Bankgiro 991-2346")
        tenant_id = ctx.tenant_id
    return Edge(tenant_id)


def _invoices(edge: Edge, today: date) -> None:
    """Three months of invoices; a company that has some already is left as it is."""
    with tenant.scope(edge.tenant_id):
        there = len(invoices.all_invoices())
    if not there:
        customers = _customers(edge.ctx())
        with show.progress("issuing invoices", SUBSCRIBERS * MONTHS) as bar:
            for month in range(MONTHS, 0, -1):
                issued = today - timedelta(days=30 * month)
                drafts = tuple(_draft(c, s, issued) for c, s in customers)
                drafted = invoicing.draft_invoices(edge.ctx(), drafts=drafts, day=issued)
                invoicing.issue_invoices(edge.ctx(), invoice_ids=drafted.invoice_ids, issue_date=issued)
                bar.advance(len(drafts))
        there = SUBSCRIBERS * MONTHS
    with tenant.scope(edge.tenant_id):
        last = invoices.all_invoices()[-1]
    shown = show.money(last.gross_minor, last.currency)
    show.say(f"{there} invoices issued; the last is {last.number} over {shown}, reference {last.payment_reference}")


def _customers(ctx: Ctx) -> list[tuple[int, small_company.Subscriber]]:
    people = small_company.subscribers(SUBSCRIBERS, seed=SEED)
    party_ids = parties.register_parties(
        ctx,
        parties=[
            NewParty(kind=PartyKind.COMPANY if s.name.endswith(" AB") else PartyKind.PERSON, name=s.name, country="SE")
            for s in people
        ],
    ).party_ids
    registered = invoicing.register_customers(
        ctx,
        customers=tuple(
            invoicing.NewCustomer(party_id, s.number, "SEK") for party_id, s in zip(party_ids, people, strict=True)
        ),
    )
    return list(zip(registered.customer_ids, people, strict=True))


def _draft(customer_id: int, subscriber: small_company.Subscriber, issued: date) -> Draft:
    line = DraftLine(f"{subscriber.plan}, {issued:%Y-%m}", Decimal(1), subscriber.price, Decimal(25), "month")
    return Draft(customer_id=customer_id, lines=(line,))


def _files(edge: Edge, folder: Path, today: date) -> Sequence[Path]:
    """The bank's files; written once, so that showing the demo again imports the same ones."""
    folder.mkdir(parents=True, exist_ok=True)
    files = (folder / "camt053.xml", folder / "bgmax.txt")
    if not all(file.exists() for file in files):
        now = clock.current().now()
        movements = small_company.payments(_owed(edge), until=today, seed=SEED)
        by_bankgiro = [m for n, m in enumerate(movements) if m.amount_minor > 0 and n % 3 == 0]
        on_account = [m for m in movements if m not in by_bankgiro]
        files[0].write_bytes(
            bank_files.camt053(
                on_account, account=small_company.IBAN, currency="SEK", opening_minor=25_000_000, written_at=now
            )
        )
        files[1].write_bytes(
            bank_files.bgmax(
                by_bankgiro, bankgiro=small_company.BANKGIRO, deposit_account="58398257466", written_at=now
            )
        )
    return files


def _owed(edge: Edge) -> list[small_company.Owed]:
    with tenant.scope(edge.tenant_id):
        documents = invoices.all_invoices()
        known = party_queries.parties([d.party_id for d in documents])
    return [
        small_company.Owed(
            reference=d.payment_reference or "",
            amount_minor=d.gross_minor,
            payer=known[d.party_id].name,
            payer_account=_account(d.party_id),
            issued=d.issue_date,
        )
        for d in documents
        if d.issue_date is not None
    ]


def _account(party_id: int) -> str:
    body = f"5000000{party_id:013d}"
    return iban.make("SE", body)


def _matched(edge: Edge) -> None:
    with tenant.scope(edge.tenant_id):
        line_ids = matching.latest_linked(limit=SHOWN)
        total, waiting = matching.count_live(), len(work.live_subjects("matching.decide", "bank_line"))
        found = [link for link in matching.links(line_ids) if link.state == "live"]
    show.table(
        f"{total} payments linked by themselves, {waiting} ask; the latest links:",
        (">line", ">amount", "why"),
        ((str(link.line_id), show.money(link.amount_minor, link.currency), link.evidence) for link in found),
    )


def _books(edge: Edge) -> None:
    with tenant.scope(edge.tenant_id):
        balances = [
            ledger.account_balance(code, "SEK")
            for code in ("bank:1", "bank:2", "receivable", "unallocated", "sales", "output_vat")
        ]
    show.table(
        "", ("account", ">debit minus credit"), ((b.account, show.money(b.balance_minor, "SEK")) for b in balances)
    )
