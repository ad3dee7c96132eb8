"""Documents: the list, one of them, and what is done to it."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kvit.desk import answers, roles
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.kernel.refusals import DomainError
from kvit.pages import access, figures, refusals, rendering, words
from kvit.pages.buyers import tokens
from kvit.pages.forms import DayField
from kvit.pages.read import document as reading
from kvit.pages.read import inbox
from kvit.pages.read import invoices as listing
from kvit.pages.read.invoices import Cursor, Shown
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext


class DueDateForm(forms.Form):
    """Another due date, and why."""

    due_date = DayField(label=lazy_gettext("New due date"))
    reason = forms.CharField(label=lazy_gettext("Reason"), max_length=300)


@access.staff()
def invoices(request: HttpRequest, who: Staff) -> HttpResponse:
    """Documents, the newest first, fifty at a time."""
    wanted = request.GET.get("show", "")
    shown = Shown(wanted) if wanted in {each.value for each in Shown} else Shown.ALL
    cursor = Cursor(answers.number(request.GET.get("below")), answers.number(request.GET.get("above")))
    return answers.page(
        request, who, "invoices", shown=shown.value, page=listing.page(shown, today=who.today, cursor=cursor)
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
    opened: str = "",
    status: int = 200,
) -> HttpResponse:
    with who.reading():
        found = reading.shown(invoice_id, today=who.today)
        if found is None:
            raise Http404
        return answers.page(
            request,
            who,
            "invoice",
            status=status,
            shown=found,
            moving=moving or DueDateForm(initial={"due_date": found.document.row.due_date}),
            wrong=moving is not None,
            links=queries.links_of(invoice_id, now=who.now),
            opened=opened,
            waiting=inbox.about("invoice", invoice_id, currency=found.document.row.currency),
        )


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
    return _page(request, who, invoice_id, moving=form, status=422)


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
