"""The guided tour over the real pages: from a draft to a matched payment, each step read from the books."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from time import sleep
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kvit.banking import commands as bank
from kvit.banking import queries as banking
from kvit.base import clock, files, login, tenant
from kvit.base.command import Ctx
from kvit.base.login import Role
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine
from kvit.invoicing.queries import InvoiceRow
from kvit.kernel import zones
from kvit.matching import queries as matching
from kvit.pages import access, rendering, visitor
from kvit.pages.visitor import Visitor
from kvit.pages.words import gettext as _
from kvit.parties import commands as parties
from kvit.parties.domain.register import Language, PartyKind
from kvit.world import bank_files, queries
from kvit.world.bank_days import Movement, Sort
from kvit.world.chance import digits
from kvit.world.companies import COMPANIES
from kvit.world.pages import start
from kvit.world.people import Payer

COMPANY: Final = COMPANIES["nordljus"]
ACCOUNT: Final = COMPANY.account("giro")
CUSTOMER: Final = "Lovisa Ekman"
NUMBER: Final = "T-1"
GOODS: Final = (
    DraftLine("Bredband 1000", Decimal(1), Decimal("479.20"), Decimal(25)),
    DraftLine("Installation", Decimal("1.5"), Decimal(640), Decimal(25), unit="h"),
)
FORMAT: Final = "bgmax"
LOOKS: Final = 30
LOOKS_A_SECOND: Final = 20
IN_SESSION: Final = "kvit_tour"
TOTAL: Final = 5
_WRONG_DIGIT: Final = -3
_TOO_MUCH_MINOR: Final = 25_000
"""The robot sees through a mistyped digit by itself; with a wrong amount as well it asks."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next and why; `address` leads to the page where it is done, `pays` is the customer's button."""

    number: int
    title: str
    why: str
    address: str
    link: str
    pays: bool = False

    @property
    def total(self) -> int:
        """How many steps there are."""
        return TOTAL


@access.anyone("POST")
def begin(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Sit down as the clerk, with a draft for a customer of the tour's own, and go to it."""
    try:
        tenant_id = login.tenant_by_code(COMPANY.code)
    except login.NoSuchTenant:
        raise Http404 from None
    with tenant.reading(tenant_id):
        open_doors = queries.doors()
    if open_doors is None:
        raise Http404
    clerk = next(worker.user_id for worker in open_doors.staff if worker.role is Role.CLERK)
    ctx = Ctx(tenant_id=tenant_id, actor=f"user:{clerk}", now=who.now)
    drafted = invoicing.draft_invoices(ctx, drafts=(Draft(_customer(ctx), GOODS),), day=_today(who))
    start.sit_down(request, clerk)
    request.session[visitor.TENANT_IN_SESSION] = tenant_id
    request.session[IN_SESSION] = {"tenant": tenant_id, "invoice": drafted.invoice_ids[0]}
    return redirect("desk_invoice", drafted.invoice_ids[0])


def _customer(ctx: Ctx) -> int:
    """The tour's customer, who is not of the world: nobody else ever pays for them."""
    party_id = parties.register_party(
        replace(ctx, key="world:tour:party"),
        kind=PartyKind.PERSON,
        name=CUSTOMER,
        country=COMPANY.country,
        language=Language.SWEDISH,
    ).party_id
    return invoicing.register_customers(
        replace(ctx, key="world:tour:customer"),
        customers=(invoicing.NewCustomer(party_id, NUMBER, COMPANY.currency, COMPANY.terms_persons),),
    ).customer_ids[0]


@access.anyone("POST")
def leave(request: HttpRequest, who: Visitor) -> HttpResponse:
    """End the tour; what was done in it stays in the books."""
    request.session.pop(IN_SESSION, None)
    return redirect("demo")


@access.anyone("POST")
def pay(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Let the customer pay too much under a mistyped reference: the bank's file comes in by the normal way."""
    where = request.session.get(IN_SESSION)
    if where is None:
        return redirect("demo")
    with tenant.reading(where["tenant"]):
        (invoice,) = invoices.invoices([where["invoice"]])
    if invoice.state != "issued":
        return redirect("desk_invoice", invoice.id)
    ctx = Ctx(tenant_id=where["tenant"], actor="world:tour", now=who.now)
    name, content = _file(invoice, _today(who))
    kept = files.keep(ctx, BytesIO(content), name=name)
    received = bank.receive_file(ctx, file_id=kept.file_id, format=FORMAT)
    request.session[IN_SESSION] = where | {"intake": received.intake_id}
    _wait_for(where["tenant"], received.intake_id)
    rendering.say(request, _("The bank's file is in: %(name)s.") % {"name": name})
    return redirect("desk_invoice", invoice.id)


def _today(who: Visitor) -> date:
    """The day where the company is, as its bank and its desk count it."""
    return zones.day_in(COMPANY.country, who.now)


def _wait_for(tenant_id: int, intake_id: int) -> None:
    """Give the worker a moment, so that the next page already knows the payment; without it, the step says so."""
    for _look in range(LOOKS):
        with tenant.reading(tenant_id):
            if _line_of(intake_id) is not None:
                return
        sleep(1 / LOOKS_A_SECOND)


def _file(invoice: InvoiceRow, today: date) -> tuple[str, bytes]:
    """The clearing house's file with the one payment."""
    movement = Movement(
        account=ACCOUNT.code,
        day=today,
        amount_minor=invoice.gross_minor + _TOO_MUCH_MINOR,
        other=Payer(CUSTOMER, ""),
        bank_id=digits(12, COMPANY.code, "tour", invoice.id),
        sort=Sort.PAYMENT,
        reference=mistyped(invoice.payment_reference or ""),
    )
    page = bank_files.Page(COMPANY, ACCOUNT, today, today, 0, (movement,))
    return f"{COMPANY.code}-tour-{invoice.id}.{bank_files.ending(page)}", bank_files.write(page)


def mistyped(reference: str) -> str:
    """The reference with one digit changed, so that its check digit no longer fits."""
    digit = (int(reference[_WRONG_DIGIT]) + 1) % 10
    return f"{reference[:_WRONG_DIGIT]}{digit}{reference[_WRONG_DIGIT + 1 :]}"


def step_of(request: HttpRequest) -> Step | None:
    """The step that is next for this session, by what the books say; None where nobody is on the tour."""
    session = getattr(request, "session", None)
    where = session.get(IN_SESSION) if session is not None else None
    if (
        session is None
        or where is None
        or (request.method != "GET" and session.get(visitor.TENANT_IN_SESSION) != where["tenant"])
    ):
        return None  # a page that answers to a change stands in its own company's scope
    with tenant.reading(where["tenant"]):
        found = invoices.invoices([where["invoice"]])
        if not found or found[0].state == "discarded":
            return None
        return _step(found[0], where.get("intake"))


def _line_of(intake_id: int) -> int | None:
    """The payment that the file held; None until the worker has taken it in."""
    lines = [
        line_id
        for statement in banking.statements_of(intake_id, limit=1)
        for line_id in banking.line_ids_of(statement.id)
    ]
    return lines[0] if lines else None


def _step(invoice: InvoiceRow, intake_id: int | None) -> Step:
    page = reverse("desk_invoice", kwargs={"invoice_id": invoice.id})
    if invoice.state == "draft":
        return Step(
            1,
            _("Issue the invoice"),
            _("Press Issue. Only now it gets its number, without gaps, and goes into the books for good."),
            page,
            _("To the draft"),
        )
    if intake_id is None and not _has_link(invoice.id):
        return Step(
            2,
            _("Give the customer a page"),
            _("Press Make a link, and open it in a second window: what is booked shows there at once."),
            page,
            _("To the invoice"),
        )
    if intake_id is None:
        return Step(
            3,
            _("Let the customer pay"),
            _("Keep the customer's page in sight. %(name)s pays too much, with one digit of the reference mistyped.")
            % {"name": CUSTOMER},
            page,
            _("To the invoice"),
            pays=True,
        )
    return _decision(intake_id)


def _decision(intake_id: int) -> Step:
    """The last two steps: the payment that asks, and the payment that is matched."""
    line_id = _line_of(intake_id)
    if line_id is None:
        return Step(
            4,
            _("Decide about the payment"),
            _("The bank's file is being read: a moment."),
            reverse("desk_import", kwargs={"intake_id": intake_id}),
            _("To the file"),
        )
    line = reverse("desk_line", kwargs={"line_id": line_id})
    if line_id not in matching.linked([line_id]):
        return Step(
            4,
            _("Decide about the payment"),
            _("Reference and amount are both wrong, so the money asks and is not guessed. Confirm what it may pay."),
            reverse("desk_cash_line", kwargs={"line_id": line_id}),
            _("To the payment"),
        )
    return Step(
        5,
        _("The payment is matched"),
        _("The customer's page says so already. Look why it is linked; undo it, and everything changes back."),
        line,
        _("Why it is linked"),
    )


def _has_link(invoice_id: int) -> bool:
    return bool(invoices.links_of(invoice_id, now=clock.current().now()))
