"""What lies on the desk of a simulated company beside its daily invoices: orders, estimates, contracts, self-billing.

It is between the company and partners of its own, whom the world's payers are not: the banks know nothing of it. Every
step is a command under a key, so that what was begun is finished and nothing is there twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine, InvoiceState, Kind, self_billing
from kvit.invoicing.domain.contracts import NewContract
from kvit.kernel import vat
from kvit.kernel.dates import add_months
from kvit.ledger import commands as ledger
from kvit.ledger import queries as books
from kvit.ledger.domain import Accounts, Posting, PostingLine
from kvit.parties import commands as parties
from kvit.parties import queries as party_queries
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import NewIdentity, NewParty, PartyKind, PostalAddress
from kvit.world import names, people
from kvit.world.chance import lots
from kvit.world.companies import Company, Trade
from kvit.world.founding import LANGUAGES, Simulated
from kvit.world.partners import BUSINESS, OPENING_NUMBER, Business, Ware
from kvit.world.playing import OFFICE_HOUR

OPENING: Final = "opening"
"""The ledger's account against which what was there before Kvit stands."""
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Office:
    """A company on the day on which it opened, its partners as customers, and its supplier's party."""

    ctx: Ctx
    company: Company
    business: Business
    day: date
    rate: Decimal
    customer_ids: tuple[int, ...] = ()
    party_ids: tuple[int, ...] = ()

    def at(self, key: str, *, days_ago: int = 0) -> Ctx:
        """The office's hour of a day, for one step."""
        then = datetime.combine(self.day - timedelta(days=days_ago), OFFICE_HOUR)
        return replace(self.ctx, key=f"world:dealings:{key}", now=min(self.ctx.now, then))

    def line(self, ware: Ware, quantity: int) -> DraftLine:
        """So much of something at its price."""
        what, unit, price = ware
        return DraftLine(what, Decimal(quantity), Decimal(price), self.rate, unit)

    def issue(self, key: str, *invoice_ids: int, days_ago: int = 0) -> None:
        """Issue drafts on a day."""
        issue_date = self.day - timedelta(days=days_ago)
        invoicing.issue_invoices(self.at(key, days_ago=days_ago), invoice_ids=invoice_ids, issue_date=issue_date)


def deal(ctx: Ctx, simulated: Simulated) -> bool:
    """Put it all there once; False where it was there already."""
    ctx = replace(ctx, tenant_id=simulated.tenant_id, key=None)
    with tenant.scope(ctx.tenant_id):
        if invoices.listed(limit=1, kind=Kind.SELF_BILLED_CREDIT, state=InvoiceState.ISSUED):  # the last of it
            return False
        (own,) = party_queries.own_parties()
    company, day = simulated.company, simulated.founding.opened_on
    rate = Decimal(0) if company.trade is Trade.CLINIC else vat.period_on(company.country, day).standard
    office = _known(_Office(ctx, company, BUSINESS[company.code], day, rate), own)
    ordered = _order(office)
    _estimate(office, ordered)
    collective = _bill_orders(office)
    _sign(office)
    if company.country == "PL":
        _correct(office, collective)
    _bill_oneself(office)
    return True


def _known(office: _Office, own: int) -> _Office:
    """The company with its number and address, its partners as customers, its supplier."""
    company, (*partners, supplier) = office.company, (*office.business.partners, office.business.supplier)
    for number in _numbers(company, 0):
        parties.add_identity(office.at(f"own:{number.kind.value}"), party_id=own, kind=number.kind, value=number.value)
    parties.set_address(office.at("own:address"), party_id=own, address=_address(company, 0))
    party_ids = parties.register_parties(
        office.at("parties"),
        parties=[_party(company, name, place) for place, name in enumerate((*partners, supplier), 1)],
    ).party_ids
    new = tuple(
        invoicing.NewCustomer(party_id, f"P-{place}", company.currency, company.terms_firms)
        for place, party_id in enumerate(party_ids[: len(partners)], 1)
    )
    customer_ids = invoicing.register_customers(office.at("customers"), customers=new).customer_ids
    return replace(office, customer_ids=customer_ids, party_ids=party_ids)


def _party(company: Company, name: str, place: int) -> NewParty:
    return NewParty(
        kind=PartyKind.COMPANY,
        name=name,
        country=company.country,
        language=LANGUAGES[company.country],
        address=_address(company, place),
        identities=_numbers(company, place),
    )


def _address(company: Company, place: int) -> PostalAddress:
    street, postal_code, city = names.address(names.NAMES[company.country], lots(0, company.code, "partner at", place))
    return PostalAddress(street, postal_code, city, company.country)


def _numbers(company: Company, place: int) -> tuple[NewIdentity, ...]:
    """A firm's tax number; in Sweden the VAT number made of it too."""
    kind, number = people.tax_number(company.country, lots(0, company.code, "partner", place))
    found = (NewIdentity(kind, number),)
    return (*found, NewIdentity(IdentityKind.VAT, f"SE{number}01")) if company.country == "SE" else found


def _order(office: _Office) -> int:
    """Deliveries of the last month and the one before it, of two partners, and the order of a third; the order's id."""
    first, second, third = office.customer_ids
    much, little = office.business.goods
    big, small = office.business.project
    month = add_months(office.day.replace(day=1), -1)
    wanted = (
        (first, month + 4 * _ONE_DAY, ((much, 6), (little, 2))),
        (first, month + 18 * _ONE_DAY, ((much, 3),)),
        (second, office.day - 2 * _ONE_DAY, ((much, 4), (little, 4))),
        (second, office.day - _ONE_DAY, ((little, 7),)),
        (third, office.day - 3 * _ONE_DAY, ((small, 2),)),
        (third, office.day - 5 * _ONE_DAY, ((big, 1), (small, 3))),
    )
    orders = tuple(
        invoicing.NewOrder(customer_id, f"O-{100 + place}", on, tuple(office.line(*each) for each in wares))
        for place, (customer_id, on, wares) in enumerate(wanted, 1)
    )
    return invoicing.take_orders(office.at("orders"), orders=orders).order_ids[-1]


def _estimate(office: _Office, order_id: int) -> None:
    """Estimates at every stage: a draft, sent, past its day, paid in part, and invoiced with what was paid before."""
    first, second, third = office.customer_ids
    big, small = office.business.project
    sent = invoicing.estimate_order(office.at("estimate"), order_id=order_id, day=office.day).invoice_id
    drafts = tuple(
        Draft(customer_id, tuple(office.line(*each) for each in wares), terms_days=20, kind=Kind.ESTIMATE)
        for customer_id, wares in (
            (first, ((small, 5),)),
            (second, ((big, 2), (small, 1))),
            (third, ((big, 1), (small, 4))),
            (first, ((big, 3),)),
        )
    )
    past, in_part, whole, _draft = invoicing.draft_invoices(
        office.at("estimates"), drafts=drafts, day=office.day
    ).invoice_ids
    office.issue("whole", whole, days_ago=40)
    office.issue("past", past, days_ago=35)
    office.issue("in part", in_part, days_ago=12)
    office.issue("sent", sent, days_ago=4)
    _deposit(office, ((whole, office.party_ids[2], 30), (in_part, office.party_ids[1], 6)))
    issue_date = office.day - 2 * _ONE_DAY
    invoicing.invoice_estimate(office.at("final", days_ago=2), estimate_id=whole, issue_date=issue_date)


def _deposit(office: _Office, wanted: Sequence[tuple[int, int, int]]) -> None:
    """Two fifths of each of these (estimate, party, days ago) were paid before Kvit came: an advance, invoiced then."""
    _open_account(office)
    with tenant.scope(office.ctx.tenant_id):
        gross = {row.id: row.gross_minor for row in invoices.invoices([one[0] for one in wanted])}
    currency = office.company.currency
    postings = tuple(
        Posting(
            entry_date=office.day - timedelta(days=days_ago),
            kind="payment",
            subject_kind=OPENING,
            subject_id=place,
            lines=(
                PostingLine(Accounts.RECEIVABLE, -(gross[estimate_id] * 2 // 5), currency, party_id=party_id),
                PostingLine(OPENING, gross[estimate_id] * 2 // 5, currency),
            ),
        )
        for place, (estimate_id, party_id, days_ago) in enumerate(wanted, 1)
    )
    entry_ids = ledger.post(office.at("deposits"), postings=postings).entry_ids
    with tenant.scope(office.ctx.tenant_id):
        items = books.items_of_entries(entry_ids)
    for (estimate_id, _party_id, days_ago), item in zip(wanted, items, strict=True):
        invoicing.take_advance(
            office.at(f"advance:{estimate_id}", days_ago=days_ago),
            estimate_id=estimate_id,
            item_id=item.id,
            received_date=office.day - timedelta(days=days_ago),
        )


def _open_account(office: _Office) -> None:
    name, number = office.business.deposits, OPENING_NUMBER[office.company.country]
    ledger.open_account(office.at("opening"), code=OPENING, name=name)
    ledger.map_accounts(office.at("opening number"), numbers=(ledger.AccountNumber(OPENING, number, name),))


def _bill_orders(office: _Office) -> int:
    """One invoice of all that a partner got in the last month."""
    month = add_months(office.day.replace(day=1), -1)
    drafted = invoicing.draft_collective(
        office.at("collective"),
        customer_id=office.customer_ids[0],
        from_date=month,
        to_date=office.day.replace(day=1) - _ONE_DAY,
        day=office.day,
    )
    office.issue("collected", drafted.invoice_id)
    return drafted.invoice_id


def _sign(office: _Office) -> None:
    """Three contracts: one invoiced for this month, one with an index, one to which notice was given."""
    this_month, service = office.day.replace(day=1), office.business.service
    terms = (
        NewContract(office.customer_ids[0], "K-1", this_month, (office.line(service, 1),)),
        NewContract(office.customer_ids[1], "K-2", add_months(this_month, -1), (office.line(service, 3),), 3),
        NewContract(office.customer_ids[2], "K-3", add_months(this_month, -1), (office.line(service, 2),)),
    )
    signed = [
        invoicing.sign_contract(office.at(f"contract:{each.number}", days_ago=60), contract=each).contract_id
        for each in terms
    ]
    invoicing.index_contract(
        office.at("index"),
        contract_id=signed[1],
        from_date=add_months(this_month, 2),
        percent=Decimal("3.2"),
        reason=office.business.indexed,
    )
    invoicing.give_notice(
        office.at("notice"),
        contract_id=signed[2],
        given_date=office.day,
        end_date=add_months(this_month, 3) - _ONE_DAY,
    )
    # The first month of the third stays a draft: there is something to issue.
    drafted = invoicing.draft_due_contracts(
        office.at("due"), through=this_month, day=office.day, contract_ids=tuple(signed)
    ).invoice_ids
    office.issue("contracts", *drafted[:-1])


def _correct(office: _Office, invoice_id: int) -> None:
    """A corrective invoice downwards, and one upwards after it."""
    with tenant.scope(office.ctx.tenant_id):
        found = invoices.document(invoice_id)
    lines = found.lines if found is not None else ()
    first, *rest = (
        DraftLine(x.description, x.quantity, x.unit_price, x.vat_rate, x.unit, x.vat_category, x.content) for x in lines
    )
    for key, quantity in (("down", first.quantity - 2), ("up", first.quantity + 1)):
        drafted = invoicing.draft_correction(
            office.at(f"correct:{key}"),
            invoice_id=invoice_id,
            reason=office.business.corrected,
            lines=(replace(first, quantity=quantity), *rest),
        )
        office.issue(f"corrected:{key}", drafted.invoice_id)


def _bill_oneself(office: _Office) -> None:
    """The supplier's invoices, which the company makes out: one with a credit note in part, one still a draft."""
    *_partners, supplier = office.party_ids
    invoicing.agree_on_self_billing(
        office.at("agreement", days_ago=60),
        supplier_id=supplier,
        prefix="SB-1-",
        from_date=office.day - timedelta(days=60),
        acceptance=self_billing.acceptance(office.company.country, 7),
    )
    drafts = tuple(
        invoicing.SelfBilledDraft(supplier, (office.line(office.business.bought, hours),), office.company.currency)
        for hours in (46, 31)
    )
    issued, _draft = invoicing.draft_self_billed(office.at("bought"), drafts=drafts, day=office.day).invoice_ids
    office.issue("billed", issued)
    note = invoicing.draft_credit_note(
        office.at("less"),
        invoice_id=issued,
        reason=office.business.less_bought,
        lines=(office.line(office.business.bought, 2),),
    )
    office.issue("credited", note.invoice_id)
