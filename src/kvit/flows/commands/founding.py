"""Open the first company of an installation: its place, books, particulars, bank account and owner, all or nothing."""

from typing import ClassVar, Final

from kvit.banking import commands as banking
from kvit.base import login, rows
from kvit.base.codec import Personal, Secret
from kvit.base.command import Ctx, command
from kvit.desk.opening import NewCompany, NewOwner, Opened
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind

_LOCK: Final = 0x4B7A  # advisory: the first company is founded once


class AlreadyFounded(DomainError):
    """There is a company here; further ones are opened by who runs the installation."""

    code: ClassVar[str] = "flows.already_founded"


@command
def found_first_company(ctx: Ctx, *, company: NewCompany, owner: Personal[NewOwner], password: Secret[str]) -> Opened:
    """Open a company under `ctx.tenant_id` (from `login.draw_tenant_id`), with its first owner, where there is none.

    Refuses `AlreadyFounded`, and what the commands of its parts refuse: `BadName`, `BadAddress`,
    `InvalidIdentifier`, `AccountNumberTaken`.
    """
    rows.select("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if login.count_tenants():
        raise AlreadyFounded("there is a company in this installation already; sign in")
    login.open_tenant(ctx, code=company.code, name=company.name, country=company.country, currency=company.currency)
    ledger.open_chart(ctx)
    party_id = parties.register_party(
        ctx,
        kind=PartyKind.COMPANY,
        name=company.name,
        country=company.country,
        language=company.language,
        is_own=True,
    ).party_id
    if company.address is not None:
        parties.set_address(ctx, party_id=party_id, address=company.address)
    for number in company.numbers:
        parties.add_identity(ctx, party_id=party_id, kind=number.kind, value=number.value)
    if company.account_number:
        banking.open_bank_account(
            ctx, number=company.account_number, currency=company.currency, name=company.account_name
        )
    added = login.add_member(
        ctx, email=owner.email, full_name=owner.full_name, role=login.Role.OWNER, password=password
    )
    return Opened(ctx.tenant_id, added.user_id)
