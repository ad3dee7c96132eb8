"""`kvit company`: open a company."""

from getpass import getuser

from kvit.base import clock, login
from kvit.base.command import Ctx
from kvit.cli.actions import show
from kvit.ledger import commands as ledger
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind


def open_company(code: str, *, name: str, country: str, currency: str) -> Ctx:
    """Open a company: its tenant, its chart of accounts, itself as a party. Each step may be repeated."""
    ctx = Ctx(tenant_id=login.draw_tenant_id(), actor=f"cli:{getuser()}", now=clock.current().now())
    login.open_tenant(ctx, code=code, name=name, country=country.upper(), currency=currency.upper())
    ledger.open_chart(ctx)
    parties.register_party(ctx, kind=PartyKind.COMPANY, name=name, country=country.upper(), is_own=True)
    show.say(f"{name} is open under the code {code}")
    return ctx
