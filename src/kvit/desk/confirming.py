"""Balance confirmations at the desk: asked one by one or of all customers, who has answered what, and who has not."""

import csv
import io
from datetime import date, timedelta
from typing import Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from kvit.desk import answers, roles
from kvit.formats.books.journal.rows import quoted
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import confirmations
from kvit.invoicing.domain.confirmations import ConfirmationState
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.queries import ConfirmationRow
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError
from kvit.pages import access, downloads, letters, refusals, rendering
from kvit.pages.buyers import tokens
from kvit.pages.forms import DayField
from kvit.pages.read import inbox
from kvit.pages.visitor import Staff, person_of
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import queries as parties
from kvit.parties.domain.contacts import Purpose

SHOWN: Final = 50
MOST_LINKS: Final = 5000


class ConfirmationAsked(forms.Form):
    """The balance of which day, and until when an answer is asked for."""

    as_of = DayField(label=lazy_gettext("Balance on"))
    reply_by = DayField(label=lazy_gettext("Reply by"))
    signed_by = forms.CharField(label=lazy_gettext("Signed by"), max_length=300)


class RunAsked(ConfirmationAsked):
    """The same for all customers."""

    only_owing = forms.BooleanField(label=lazy_gettext("Only customers with something open"), required=False)


def _first(who: Staff) -> dict[str, object]:
    as_of = date(who.today.year - 1, 12, 31) if who.today.month <= 3 else who.today.replace(day=1) - timedelta(days=1)
    reply = confirmations.reply_by(who.place.country, as_of=as_of, today=who.today)
    return {"as_of": as_of, "reply_by": reply, "signed_by": person_of(who).name, "only_owing": True}


def _warning(who: Staff, as_of: date) -> bool:
    return bool(confirmations.year_end_warning(who.place.country, as_of=as_of, today=who.today))


@access.staff()
def listed(request: HttpRequest, who: Staff) -> HttpResponse:
    """Runs, and a form for the next one."""
    return _list(request, who, RunAsked(initial=_first(who)))


def _list(request: HttpRequest, who: Staff, form: RunAsked, status: int = 200) -> HttpResponse:
    with who.reading():
        found = queries.letter_runs(RunKind.CONFIRMATIONS, limit=SHOWN)
        return answers.page(
            request,
            who,
            "confirmations",
            status=status,
            form=form,
            runs=found,
            counts={run.id: queries.confirmation_counts(run.id) for run in found},
            outside=_warning(who, _first(who)["as_of"]),  # type: ignore[arg-type]
            States=ConfirmationState,
        )


@access.staff("POST", roles=roles.WORKING)
def open_run(request: HttpRequest, who: Staff) -> HttpResponse:
    """Ask all customers in the background."""
    form = RunAsked(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = invoicing.open_confirmation_run(
                who.ctx,
                as_of_date=given["as_of"],
                reply_by_date=given["reply_by"],
                signed_by=given["signed_by"],
                only_owing=given["only_owing"],
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            return redirect("desk_confirmation_run", opened.run_id)
    return _list(request, who, form, 422)


@access.staff()
def run(request: HttpRequest, who: Staff, run_id: int) -> HttpResponse:
    """How far a run has come, how many have answered what, and who has not; by state."""
    found = queries.letter_run(run_id)
    if found is None or found.kind is not RunKind.CONFIRMATIONS:
        raise Http404
    state = next((each for each in ConfirmationState if each.value == request.GET.get("state")), None)
    above = answers.number(request.GET.get("above")) or 0
    rows = queries.confirmations_listed(run_id=run_id, state=state, limit=SHOWN + 1, above_id=above)
    return answers.page(
        request,
        who,
        "_confirmation_run" if request.htmx else "confirmation_run",  # type: ignore[attr-defined]
        run=found,
        state=state,
        rows=rows[:SHOWN],
        more=rows[SHOWN - 1].id if len(rows) > SHOWN else None,
        counts=queries.confirmation_counts(run_id),
        names=parties.names([row.party_id for row in rows]),
        chip=letters.chip,
        States=ConfirmationState,
    )


@access.staff("GET", "POST", roles=roles.WORKING)
def ask(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """Ask one customer; one letter per currency."""
    with who.reading():
        customer = queries.customer(customer_id)
        name = parties.names([customer.party_id])[customer.party_id] if customer else ""
    if customer is None:
        raise Http404
    form = ConfirmationAsked(request.POST if request.method == "POST" else None, initial=_first(who))
    if form.is_valid():
        given = form.cleaned_data
        try:
            asked = invoicing.ask_confirmations(
                who.ctx,
                customer_ids=(customer_id,),
                as_of_date=given["as_of"],
                reply_by_date=given["reply_by"],
                signed_by=given["signed_by"],
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            if len(asked.confirmation_ids) > 1:
                return redirect("desk_customer_letters", customer_id)
            return redirect("desk_confirmation", asked.confirmation_ids[0])
    status = 422 if form.is_bound else 200
    return answers.page(request, who, "ask_confirmation", status=status, form=form, customer=customer, name=name)


@access.staff()
def confirmation(request: HttpRequest, who: Staff, confirmation_id: int) -> HttpResponse:
    """A letter, both signatures, and what was answered."""
    return _page(request, who, confirmation_id)


def _page(
    request: HttpRequest, who: Staff, confirmation_id: int, *, opened: str | None = None, status: int = 200
) -> HttpResponse:
    with who.reading():
        row = _row(confirmation_id)
        text, kind = letters.chip(row.state)
        return answers.page(
            request,
            who,
            "confirmation",
            status=status,
            row=row,
            made=queries.confirmation_contents([confirmation_id])[confirmation_id],
            answers=queries.answers_of(confirmation_id),
            pdf=downloads.pdf_of(confirmation_id, kind=letters.LETTER),
            said=letters.said,
            chip=(text, kind),
            opened=opened,
            may_answer=row.state in confirmations.ANSWERABLE,
            waiting=inbox.about(letters.LETTER, confirmation_id, currency=row.currency),
        )


def _row(confirmation_id: int) -> ConfirmationRow:
    found = queries.confirmation(confirmation_id)
    if found is None:
        raise Http404
    return found


@access.staff()
def letter_pdf(request: HttpRequest, who: Staff, confirmation_id: int) -> HttpResponseBase:
    """The letter as a file."""
    found = downloads.pdf_of(confirmation_id, kind=letters.LETTER)
    if found is None:
        raise Http404
    return downloads.handed_out(found)


@access.staff("POST", roles=roles.WORKING)
def open_link(request: HttpRequest, who: Staff, confirmation_id: int) -> HttpResponse:
    """Open a link on which the customer answers. It is shown on this answer and kept nowhere: only its hash is."""
    with who.reading():
        _row(confirmation_id)
    token = tokens.new_token()
    try:
        invoicing.open_confirmation_links(who.ctx, confirmation_ids=(confirmation_id,), tokens=(token,))
    except DomainError as refusal:
        rendering.complain(request, refusals.text(refusal))
        return redirect("desk_confirmation", confirmation_id)
    return _page(request, who, confirmation_id, opened=_address(request, token))


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("confirmation", kwargs={"token": token}))


@access.staff("POST", roles=roles.WORKING)
def chase(request: HttpRequest, who: Staff, run_id: int) -> HttpResponse:
    """Remind everybody of a run who has not answered: a work item each, as long as nothing is sent by itself."""
    with who.reading():
        if queries.letter_run(run_id) is None:
            raise Http404
        ids = tuple(row.id for row in _unanswered(run_id))
    answers.act(
        request,
        lambda: invoicing.chase_confirmations(who.ctx, confirmation_ids=ids),
        lambda done: _("%(count)s customers are to be reminded.") % {"count": done.count},
    )
    return redirect("desk_confirmation_run", run_id)


def _unanswered(run_id: int) -> list[ConfirmationRow]:
    states = (ConfirmationState.OPEN, ConfirmationState.EXPIRED)
    return [
        row for state in states for row in queries.confirmations_listed(run_id=run_id, state=state, limit=MOST_LINKS)
    ]


@access.staff("POST", roles=roles.WORKING)
def links(request: HttpRequest, who: Staff, run_id: int) -> HttpResponse:
    """A list for mailing: everybody of a run who has not answered, with a fresh link each; it is handed out once."""
    with who.reading():
        if queries.letter_run(run_id) is None:
            raise Http404
        rows = _unanswered(run_id)
        customers = queries.customers_by_id([row.customer_id for row in rows])
        names = parties.names([row.party_id for row in rows])
        addresses = {
            row.party_id: parties.contacts_for(row.party_id, Purpose.CONFIRMATIONS, at=who.now) for row in rows
        }
    drawn = tuple(tokens.new_token() for _row in rows)
    if rows:
        invoicing.open_confirmation_links(who.ctx, confirmation_ids=tuple(row.id for row in rows), tokens=drawn)
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([_("Customer"), _("Name"), _("Address or number"), _("Balance"), _("Currency"), _("Link")])
    for row, token in zip(rows, drawn, strict=True):
        reached = next((each.value for each in addresses[row.party_id]), "")
        cells = (customers[row.customer_id].number, names[row.party_id], reached)
        balance = f"{Money(row.balance_minor, row.currency).to_decimal():f}"
        table.writerow([*(quoted(each) for each in cells), balance, row.currency, _address(request, token)])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=letters.CSV)
    response["Content-Disposition"] = f'attachment; filename="confirmations-{run_id}.csv"'
    return response


@access.staff("POST", roles=roles.WORKING)
def settle(request: HttpRequest, who: Staff, confirmation_id: int) -> HttpResponse:
    """A difference is explained, and how."""
    with who.reading():
        _row(confirmation_id)
    answers.act(
        request,
        lambda: invoicing.settle_confirmation(
            who.ctx, confirmation_id=confirmation_id, reason=request.POST.get("reason", "")
        ),
        lambda _done: _("The difference is explained."),
    )
    return redirect("desk_confirmation", confirmation_id)
