"""The demo's start page: the simulated companies, and a door into each for every role, by one click."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth import login as start_session
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.base import login, tenant
from kvit.desk import choices
from kvit.invoicing import queries as invoices
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts
from kvit.matching import queries as matching
from kvit.pages import access, rendering, sign_in, visitor
from kvit.pages.visitor import Visitor
from kvit.pages.words import N_
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties
from kvit.world import doors, queries
from kvit.world.commands import Doors
from kvit.world.companies import COMPANIES, Company, Trade
from kvit.world.pages import wiping

TRADES = {
    Trade.TELECOM: N_("Broadband, invoiced monthly; bankgiro and camt files"),
    Trade.CLINIC: N_("A clinic with a small invoice for each visit; bankgiro and camt files"),
    Trade.ENERGY: N_("Electricity, each customer with an account number of their own; camt and MT940 files"),
    Trade.TRACKING: N_("Tracking of vehicles, mostly for firms; camt and MT940 files"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody one can be: the role, and who has it."""

    key: str
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A company as the start page shows it; what customers owe in minor units."""

    company: Company
    trade: str
    day: date | None
    documents: int
    linked: int
    asking: int
    owed_minor: int
    staff: tuple[Seat, ...]
    customer: Seat | None
    invoice: str
    token: str


@access.anyone()
def demo(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Every simulated company with its doors; open to everybody, for nothing here is real."""
    return rendering.page(
        request, who, "world/demo.html", companies=_companies(), losses=wiping.losses(), is_wipeable=wiping.is_offered()
    )


def _companies() -> list[Shown]:
    found = []
    for company in COMPANIES.values():
        try:
            tenant_id = login.tenant_by_code(company.code)
        except login.NoSuchTenant:
            continue
        with tenant.reading(tenant_id):
            shown = _shown(company, tenant_id)
        if shown is not None:
            found.append(shown)
    return found


def _shown(company: Company, tenant_id: int) -> Shown | None:
    """Within the company's scope; None for one that is not of the world, or not opened to its end."""
    founding, open_doors = queries.founding(), queries.doors()
    if founding is None or open_doors is None:
        return None
    names = login.names([*(worker.user_id for worker in open_doors.staff), open_doors.portal_user_id])
    roles = dict(choices.roles())
    (invoice,) = invoices.invoices([open_doors.invoice_id])
    return Shown(
        company=company,
        trade=_(TRADES[company.trade]),
        day=queries.played_through(),
        documents=len(invoices.issued_since(founding.first_day)),
        linked=matching.count_live(),
        asking=len(matching.waiting_lines()),
        owed_minor=ledger.account_balance(Accounts.RECEIVABLE, company.currency).balance_minor,
        staff=tuple(
            Seat(worker.role.value, roles[worker.role.value], names[worker.user_id]) for worker in open_doors.staff
        ),
        customer=_customer(open_doors),
        invoice=invoice.number or "",
        token=doors.token_of(tenant_id, open_doors.invoice_id),
    )


def _customer(open_doors: Doors) -> Seat | None:
    party = parties.party(open_doors.party_id)
    return Seat(doors.PORTAL, _("Customer"), party.name) if party else None


@access.anyone("POST")
def sign_in_as(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Become one of the cast: without a password or a second factor, in a session that ends with test mode."""
    company, wanted = request.POST.get("company", ""), request.POST.get("as", "")
    if company not in COMPANIES:
        raise Http404
    tenant_id = _tenant_of(company)
    with tenant.reading(tenant_id):
        open_doors = queries.doors()
    if open_doors is None:
        raise Http404
    if wanted == doors.PORTAL:
        sit_down(request, open_doors.portal_user_id)
        request.session[visitor.PLACE_IN_SESSION] = [tenant_id, open_doors.party_id]
        return redirect("portal")
    user_id = next((worker.user_id for worker in open_doors.staff if worker.role.value == wanted), None)
    if user_id is None:
        raise Http404
    sit_down(request, user_id)
    request.session[visitor.TENANT_IN_SESSION] = tenant_id
    return redirect("desk")


def _tenant_of(company: str) -> int:
    try:
        return login.tenant_by_code(company)
    except login.NoSuchTenant:
        raise Http404 from None


def sit_down(request: HttpRequest, user_id: int) -> None:
    """Sign one of the cast in, in a session that is marked as one for trying out (`visitor.TEST_SESSION`).

    Nobody else is ever signed in here: the id comes from what the world wrote down when it hired them.
    """
    if not settings.KVIT_TEST_MODE:
        raise Http404
    start_session(request, get_user_model().objects.get(pk=user_id), backend=sign_in.BACKEND)
    request.session[visitor.TEST_SESSION] = True
