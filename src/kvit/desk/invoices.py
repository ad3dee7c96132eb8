"""Documents: the list, one of them, and what is done to it."""

from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kvit.desk import answers, drafting, roles
from kvit.documents import commands as drawing
from kvit.documents import queries as documents
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import Kind
from kvit.kernel.refusals import DomainError
from kvit.pages import access, downloads, figures, kinds, refusals, rendering, saying, words
from kvit.pages.buyers import tokens
from kvit.pages.forms import DayField
from kvit.pages.read import claims, estimates, inbox
from kvit.pages.read import document as reading
from kvit.pages.read import invoices as listing
from kvit.pages.read.invoices import Cursor, Shown
from kvit.pages.saying import SayingForm
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import queries as parties


class DueDateForm(forms.Form):
    """Another due date, and why."""

    due_date = DayField(label=lazy_gettext("New due date"))
    reason = forms.CharField(label=lazy_gettext("Reason"), max_length=300)


class FilterForm(forms.Form):
    """What the list is narrowed to; every part of it may be left empty."""

    q = forms.CharField(max_length=100, required=False)
    kind = forms.ChoiceField(choices=lambda: [(kind.value, kinds.name(kind)) for kind in Kind], required=False)
    since = DayField(required=False)
    until = DayField(required=False)
    customer = forms.IntegerField(min_value=1, max_value=2**62, required=False)


@access.staff()
def invoices(request: HttpRequest, who: Staff) -> HttpResponse:
    """Documents, the newest first, fifty at a time, narrowed to what is asked for."""
    asked = request.GET.get("show", "")
    shown = Shown(asked) if asked in {each.value for each in Shown} else Shown.ALL
    cursor = Cursor(answers.number(request.GET.get("below")), answers.number(request.GET.get("above")))
    form = FilterForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data
    wanted = listing.wanted_of(
        kind=Kind(typed["kind"]) if typed.get("kind") else None,
        customer_id=typed.get("customer"),
        days=(typed.get("since"), typed.get("until")),
        text=answers.typed(typed.get("q")),
    )
    kept = {name: request.GET.get(name, "") for name in form.fields}
    asked_for = {name: value for name, value in kept.items() if value}
    customer = queries.customer(typed["customer"]) if typed.get("customer") else None
    return answers.page(
        request,
        who,
        "invoices",
        shown=shown.value,
        page=listing.page(shown, today=who.today, cursor=cursor, wanted=wanted),
        filters=form,
        kept=kept,
        is_narrowed=bool(asked_for),
        query=f"&{urlencode(asked_for)}" if asked_for else "",
        kinds=[(kind.value, kinds.name(kind)) for kind in Kind],
        of_customer=parties.names([customer.party_id]).get(customer.party_id, "") if customer else "",
        without_customer=urlencode({name: value for name, value in asked_for.items() if name != "customer"}),
    )


@access.staff()
def invoice(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """One document: what it says, what is open, what happened."""
    return _page(request, who, invoice_id)


def _page(
    request: HttpRequest,
    who: Staff,
    invoice_id: int,
    *,
    moving: DueDateForm | None = None,
    wrong: tuple[str, SayingForm] | None = None,
    opened: str = "",
) -> HttpResponse:
    with who.reading():
        found = reading.shown(invoice_id, today=who.today)
        if found is None:
            raise Http404
        claim = claims.subject(invoice_id, today=who.today)
        return answers.page(
            request,
            who,
            "invoice",
            status=200 if moving is None and wrong is None else 422,
            shown=found,
            written=reading.written(invoice_id, today=who.today),
            moving=moving or DueDateForm(initial={"due_date": found.document.row.due_date}),
            wrong=moving is not None,
            saying=(saying.blank(claim) if claim else {}) | (dict([wrong]) if wrong else {}),
            said_wrong=wrong[0] if wrong else "",
            links=queries.links_of(invoice_id, now=who.now),
            opened=opened,
            pdf=downloads.pdf_of(invoice_id),
            drawing=documents.standing_of(downloads.INVOICE, invoice_id),
            billing=estimates.billing(invoice_id, today=who.today)
            if found.document.row.kind == Kind.ESTIMATE
            else None,
            drafted=drafting.EDITED,
            waiting=inbox.about("invoice", invoice_id, currency=found.document.row.currency),
        )


def with_wrong(request: HttpRequest, who: Staff, invoice_id: int, what: str, form: SayingForm) -> HttpResponse:
    """The page with a form about the claim that comes back, open, with what is wrong."""
    return _page(request, who, invoice_id, wrong=(what, form))


@access.staff()
def pdf(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponseBase:
    """The document as a file, as the customer has it."""
    found = downloads.pdf_of(invoice_id)
    if found is None:
        raise Http404
    return downloads.handed_out(found)


@access.staff("POST", roles=roles.WORKING)
def draw_again(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Have a PDF made again that failed, once its cause is mended."""
    exists(who, invoice_id)
    with who.reading():
        standing = documents.standing_of(downloads.INVOICE, invoice_id)
    if standing is None:
        raise Http404
    answers.act(
        request,
        lambda: drawing.draw_again(who.ctx, rendering_ids=(standing.rendering_id,)),
        lambda _done: _("The PDF is being made again."),
    )
    return redirect("desk_invoice", invoice_id)


def exists(who: Staff, invoice_id: int) -> reading.Shown:
    """The document, of this company; anything else is not found."""
    with who.reading():
        found = reading.shown(invoice_id, today=who.today)
    if found is None:
        raise Http404
    return found


@access.staff("POST", roles=roles.WORKING)
def issue(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Number a draft, post it, make it final; dated today."""
    exists(who, invoice_id)
    answers.act(
        request,
        lambda: invoicing.issue_invoices(who.ctx, invoice_ids=(invoice_id,), issue_date=who.today),
        lambda done: _("%(number)s is issued.") % {"number": done.numbers[0]},
    )
    return redirect("desk_invoice", invoice_id)


@access.staff("POST", roles=roles.WORKING)
def discard(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Say that a draft is never issued."""
    exists(who, invoice_id)
    done = answers.act(
        request,
        lambda: invoicing.discard(who.ctx, invoice_ids=(invoice_id,)),
        lambda _done: _("The draft is discarded; no number was used."),
    )
    return redirect("desk_invoices") if done else redirect("desk_invoice", invoice_id)


@access.staff("POST", roles=roles.WORKING)
def move_due_date(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Make an invoice due on another day, with the reason; the customer sees it on the live page."""
    exists(who, invoice_id)
    form = DueDateForm(request.POST)
    if form.is_valid():
        try:
            moved = invoicing.move_due_date(
                who.ctx,
                invoice_id=invoice_id,
                due_date=form.cleaned_data["due_date"],
                reason=form.cleaned_data["reason"],
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            day = figures.day_text(moved.to_date, words.current())
            rendering.say(request, _("Due on %(day)s now.") % {"day": day})
            return redirect("desk_invoice", invoice_id)
    return _page(request, who, invoice_id, moving=form)


@access.staff("POST", roles=roles.WORKING)
def open_link(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Open a link to the invoice's own page. It is shown on this answer and kept nowhere: only its hash is."""
    exists(who, invoice_id)
    token = tokens.new_token()
    try:
        invoicing.open_link(who.ctx, invoice_id=invoice_id, token=token)
    except DomainError as refusal:
        rendering.complain(request, refusals.text(refusal))
        return redirect("desk_invoice", invoice_id)
    address = request.build_absolute_uri(reverse("live_invoice", kwargs={"token": token}))
    return _page(request, who, invoice_id, opened=address)


@access.staff("POST", roles=roles.WORKING)
def revoke_link(request: HttpRequest, who: Staff, invoice_id: int, link_id: int) -> HttpResponse:
    """Let a link open nothing any more."""
    with who.reading():
        theirs = {link.id for link in queries.links_of(invoice_id, now=who.now)}
    if link_id not in theirs:
        raise Http404
    answers.act(
        request,
        lambda: invoicing.revoke_link(who.ctx, link_id=link_id),
        lambda _done: _("The link opens nothing any more."),
    )
    return redirect("desk_invoice", invoice_id)
