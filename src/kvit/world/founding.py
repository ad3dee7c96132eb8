"""Open a company of the world: its tenant, chart, accounts and customers; each step may be repeated after a crash."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Final, TypeVar

from kvit.banking import commands as banking
from kvit.base import login, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.parties import commands as parties
from kvit.parties import queries as party_queries
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.register import Language, NewContact, NewIdentity, NewParty, PartyKind, PostalAddress
from kvit.world import commands, queries
from kvit.world.commands import Founding
from kvit.world.companies import COMPANIES, Company
from kvit.world.people import Person, population

T = TypeVar("T")
CHUNK: Final = 1000
LANGUAGES: Final = {"SE": Language.SWEDISH, "PL": Language.POLISH, "RO": Language.ROMANIAN}
Progress = Callable[[int], None]
"""Called with how many customers were just registered."""


class NotOfTheWorld(DomainError):
    """There is a real company under the code of one of the world; the world keeps its hands off it."""

    code: ClassVar[str] = "world.not_of_the_world"


class NoWorld(DomainError):
    """There is no simulated company here that could be played."""

    code: ClassVar[str] = "world.no_world"


@dataclass(frozen=True)
class Simulated:
    """A company that stands open: who its customers are, and their parties' ids in the books by customer's id."""

    tenant_id: int
    company: Company
    founding: Founding
    people: tuple[Person, ...]
    customer_ids: tuple[int, ...]
    party_ids: tuple[int, ...]


def open_company(wanted: Founding, *, actor: str, now: datetime, progress: Progress = lambda _: None) -> Simulated:
    """Open a company as wanted, or finish opening it; one that was founded before stays as it was founded.

    Refuses `NotOfTheWorld`.
    """
    company = COMPANIES[wanted.company]
    ctx = Ctx(tenant_id=_tenant(company, actor, now), actor=actor, now=now)
    with tenant.scope(ctx.tenant_id):
        founding, is_empty = queries.founding(), not party_queries.own_parties()
    if founding is None and not is_empty:
        raise NotOfTheWorld(
            f"the company {company.code} here is of no world that this version knows: this home holds a demo of an "
            "older Kvit. Wipe it with kvit wipe-demo, which says what is lost and asks; or keep it, and give the new "
            "demo a home of its own: KVIT_HOME=~/kvit-demo make demo"
        )
    if founding is None:
        founding = commands.found_company(
            replace(ctx, key=queries.FOUNDED),
            company=wanted.company,
            seed=wanted.seed,
            customers=wanted.customers,
            first_day=wanted.first_day,
            opened_on=wanted.opened_on,
        )
    _open_books(ctx, company)
    people = population(company, seed=founding.seed, count=founding.customers)
    _register(ctx, company, people, progress)
    return _load(ctx.tenant_id, founding)


def load(code: str) -> Simulated:
    """The company of the world with this code. Refuses `NoWorld` where it is not there, or not opened to its end."""
    try:
        tenant_id = login.tenant_by_code(code)
    except login.NoSuchTenant as error:
        raise NoWorld(f"there is no simulated company {code!r} here; kvit demo opens those there are") from error
    with tenant.scope(tenant_id):
        founding = queries.founding()
    if founding is None:
        raise NoWorld(f"the company {code} is not simulated: it is never played")
    return _load(tenant_id, founding)


def _load(tenant_id: int, founding: Founding) -> Simulated:
    company = COMPANIES[founding.company]
    people = population(company, seed=founding.seed, count=founding.customers)
    with tenant.scope(tenant_id):
        known = invoices.find_customers([person.number for person in people])
    if len(known) < len(people):
        raise NoWorld(f"{company.code} was not opened to its end; run kvit demo again")
    keys = [known[person.number] for person in people]
    return Simulated(
        tenant_id,
        company,
        founding,
        people,
        customer_ids=tuple(key.customer_id for key in keys),
        party_ids=tuple(key.party_id for key in keys),
    )


def _tenant(company: Company, actor: str, now: datetime) -> int:
    try:
        return login.tenant_by_code(company.code)
    except login.NoSuchTenant:
        ctx = Ctx(tenant_id=login.draw_tenant_id(), actor=actor, now=now)
        login.open_tenant(ctx, code=company.code, name=company.name, country=company.country, currency=company.currency)
        return ctx.tenant_id


def _open_books(ctx: Ctx, company: Company) -> None:
    ledger.open_chart(ctx)
    parties.register_party(
        replace(ctx, key="world:own"),
        kind=PartyKind.COMPANY,
        name=company.name,
        country=company.country,
        language=LANGUAGES[company.country],
        is_own=True,
    )
    for account in company.accounts:
        banking.open_bank_account(
            replace(ctx, key=f"world:account:{account.code}"),
            number=account.number,
            currency=company.currency,
            name=account.name,
        )


def _register(ctx: Ctx, company: Company, people: Sequence[Person], progress: Progress) -> None:
    """Parties and customers, chunk by chunk; a chunk that is there already gives its stored answer."""
    for number, chunk in enumerate(_chunks(people)):
        party_ids = parties.register_parties(
            replace(ctx, key=f"world:parties:{number}"), parties=[_party(company, person) for person in chunk]
        ).party_ids
        invoicing.register_customers(
            replace(ctx, key=f"world:customers:{number}"),
            customers=tuple(
                invoicing.NewCustomer(
                    party_id,
                    person.number,
                    company.currency,
                    company.terms_firms if person.is_firm else company.terms_persons,
                )
                for party_id, person in zip(party_ids, chunk, strict=True)
            ),
        )
        progress(len(chunk))


def _party(company: Company, person: Person) -> NewParty:
    street, postal_code, city = person.address
    return NewParty(
        kind=PartyKind.COMPANY if person.is_firm else PartyKind.PERSON,
        name=person.name,
        country=company.country,
        language=LANGUAGES[company.country],
        address=PostalAddress(street, postal_code, city, company.country),
        identities=(NewIdentity(*person.tax_number),) if person.tax_number else (),
        contacts=(NewContact(Purpose.INVOICES, Channel.EMAIL, person.email),),
    )


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
