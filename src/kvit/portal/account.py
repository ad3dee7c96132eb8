"""Where customers who sign in see their account: balance, invoices, payments, statements."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from typing_extensions import override

from kvit.invoicing import queries as invoicing
from kvit.pages import access, downloads, rendering
from kvit.pages.buyers import account
from kvit.pages.buyers.invoice import InvoicePage, invoice_pages
from kvit.pages.forms import DayField
from kvit.pages.saying import SayingForm
from kvit.pages.visitor import Customer
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.portal import saying
from kvit.portal.saying import Speaker

PAGE = 50
SHOWN_AT_HOME = 5
LONGEST_ID = 18


class Period(forms.Form):
    """From which day to which, both included."""

    since = DayField(label=lazy_gettext("From"))
    until = DayField(label=lazy_gettext("To"))

    @override
    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise forms.ValidationError(_("The period ends before it begins."))


@access.customer()
def home(request: HttpRequest, who: Customer) -> HttpResponse:
    """What the customer owes, and what they paid last."""
    overview = account.overview(who.party_id, today=who.today)
    paid = account.payments(who.party_id, from_date=account.years_back(who.today, years=1), to_date=who.today)
    return rendering.page(request, who, "portal/home.html", overview=overview, payments=paid[:SHOWN_AT_HOME])


@access.customer()
def invoices(request: HttpRequest, who: Customer) -> HttpResponse:
    """All invoices and credit notes, the newest first."""
    rows = account.documents(who.party_id, today=who.today, limit=PAGE + 1, below=_below(request))
    more = rows[PAGE - 1].document if len(rows) > PAGE else None
    following = f"?below={more.issue_date}.{more.id}" if more else None
    return rendering.page(request, who, "portal/invoices.html", rows=rows[:PAGE], following=following)


@access.customer()
def invoice(request: HttpRequest, who: Customer, invoice_id: int) -> HttpResponse:
    """One invoice, as its live page shows it."""
    return _invoice(request, who, invoice_id)


def _invoice(
    request: HttpRequest, who: Customer, invoice_id: int, *, wrong: tuple[str, SayingForm] | None = None
) -> HttpResponse:
    """The page; `wrong` is the form that comes back, by what it says. Needs the tenant's scope."""
    page = _theirs(who, invoice_id)
    address = reverse("portal_invoice", kwargs={"invoice_id": invoice_id})
    panel = saying.panel(page, address=address, protection=rendering.once_per_page(request).__html__())
    if wrong is not None and panel is not None:
        panel = saying.come_back(panel, *wrong)
    return rendering.page(
        request,
        who,
        "portal/invoice.html",
        status=200 if wrong is None else 422,
        page=page,
        seen_at=None,
        has_pdf=downloads.pdf_of(invoice_id) is not None,
        saying=panel,
        base="" if wrong is None else address,
    )


def _theirs(who: Customer, invoice_id: int) -> InvoicePage:
    page = invoice_pages([invoice_id], now=who.now).get(invoice_id)
    if page is None or page.buyer.id != who.party_id:
        raise Http404
    return page


@access.customer("POST")
def say(request: HttpRequest, who: Customer, invoice_id: int, what: str) -> HttpResponse:
    """Say something about one of their invoices: paid, disputed, promised, asked, written."""
    with who.reading():
        page = _theirs(who, invoice_id)
    wrong = saying.hear(request, Speaker(who.ctx, page), what)
    if wrong is not None:
        with who.reading():
            return _invoice(request, who, invoice_id, wrong=(what, wrong))
    rendering.say(request, _("%(seller)s knows it now.") % {"seller": page.seller.name})
    return redirect("portal_invoice", invoice_id)


@access.customer()
def receipt(request: HttpRequest, who: Customer, invoice_id: int, fact_id: int) -> HttpResponse:
    """A receipt that was brought with what was said about one of their invoices."""
    return saying.receipt(fact_id, invoice_id=_theirs(who, invoice_id).copy.id)


@access.customer()
def pdf(request: HttpRequest, who: Customer, invoice_id: int) -> HttpResponseBase:
    """One of their documents as a file."""
    theirs = any(row.party_id == who.party_id for row in invoicing.invoices([invoice_id]))
    found = downloads.pdf_of(invoice_id) if theirs else None
    if found is None:
        raise Http404
    return downloads.handed_out(found)


@access.customer()
def payments(request: HttpRequest, who: Customer) -> HttpResponse:
    """Payments of the last two years, with what each of them paid."""
    rows = account.payments(who.party_id, from_date=account.years_back(who.today, years=2), to_date=who.today)
    return rendering.page(request, who, "portal/payments.html", rows=rows)


@access.customer()
def statement(request: HttpRequest, who: Customer) -> HttpResponse:
    """The account over a period: the last three months unless another one is asked for."""
    until, since = who.today, _three_months_before(who.today)
    form = Period(request.GET if "since" in request.GET else None, initial={"since": since, "until": until})
    status = 200
    if form.is_bound:
        if form.is_valid():
            since, until = form.cleaned_data["since"], form.cleaned_data["until"]
        else:
            status = 422
    found = account.statements(who.party_id, from_date=since, to_date=until) if status == 200 else ()
    customer = invoicing.customers_of([who.party_id]).get(who.party_id)
    return rendering.page(
        request,
        who,
        "portal/statement.html",
        status=status,
        form=form,
        statements=found,
        since=since,
        until=until,
        kept=invoicing.statements_of(customer.id, limit=SHOWN_AT_HOME) if customer is not None else (),
    )


def _three_months_before(day: date) -> date:
    month, year = (day.month - 3, day.year) if day.month > 3 else (day.month + 9, day.year - 1)
    return date(year, month, 1)


def _below(request: HttpRequest) -> tuple[date, int] | None:
    """Where the page before ended: `2026-03-02.17`; anything else begins at the newest."""
    day, _, last = request.GET.get("below", "").partition(".")
    if not (last.isascii() and last.isdecimal() and len(last) <= LONGEST_ID):
        return None
    try:
        return date.fromisoformat(day), int(last)
    except ValueError:
        return None
