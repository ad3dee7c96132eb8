"""Statements of account at the desk: of one customer, and of all in a run; as page, PDF, XLSX and CSV."""

from datetime import date, datetime, time, timedelta
from typing import Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from typing_extensions import override

from kvit.desk import answers, roles
from kvit.documents import queries as documents
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.domain.statements import StatementForm
from kvit.invoicing.queries import CustomerRow, RunRow
from kvit.kernel.refusals import DomainError
from kvit.pages import access, letters, rendering
from kvit.pages.forms import DayField
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import queries as parties

SHOWN: Final = 50


def _forms() -> list[tuple[str, str]]:
    return [
        (StatementForm.RUNNING.value, _("Every movement, with the balance after it")),
        (StatementForm.OPEN_ITEMS.value, _("What is open on the last day")),
    ]


class PeriodForm(forms.Form):
    """From which day to which, both included, and in which form."""

    since = DayField(label=lazy_gettext("From"))
    until = DayField(label=lazy_gettext("To"))
    form = forms.ChoiceField(label=lazy_gettext("Form"), choices=_forms)

    @override
    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise forms.ValidationError(_("The period ends before it begins."))


class StatementAsked(PeriodForm):
    """The same, as it was known at the end of a day."""

    known = DayField(label=lazy_gettext("As known on"), required=False)


class RunAsked(PeriodForm):
    """The same for all customers."""

    only_owing = forms.BooleanField(
        label=lazy_gettext("Leave out accounts on which nothing happened and nothing is owed"), required=False
    )


def _last_month(today: date) -> dict[str, date]:
    until = today.replace(day=1) - timedelta(days=1)
    return {"since": until.replace(day=1), "until": until}


@access.staff()
def customer_letters(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """A customer's statements and confirmations so far, and a form for the next one."""
    first = {**_last_month(who.today), "until": who.today, "form": StatementForm.RUNNING.value}
    return _customer_page(request, who, customer_id, StatementAsked(initial=first))


def _customer_page(
    request: HttpRequest, who: Staff, customer_id: int, form: StatementAsked, status: int = 200
) -> HttpResponse:
    with who.reading():
        customer = _customer(customer_id)
        return answers.page(
            request,
            who,
            "customer_letters",
            status=status,
            customer=customer,
            name=parties.names([customer.party_id])[customer.party_id],
            form=form,
            statements=queries.statements_of(customer_id, limit=SHOWN),
            confirmations=queries.confirmations_of(customer_id, limit=SHOWN),
            chip=letters.chip,
        )


def _customer(customer_id: int) -> CustomerRow:
    found = queries.customer(customer_id)
    if found is None:
        raise Http404
    return found


@access.staff("POST", roles=roles.WORKING)
def make_statement(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """State the account; one statement per currency, the first is shown."""
    with who.reading():
        _customer(customer_id)
    form = StatementAsked(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = invoicing.make_statements(
                who.ctx,
                customer_ids=(customer_id,),
                form=StatementForm(given["form"]),
                from_date=given["since"],
                to_date=given["until"],
                known_at=_end_of(who, given["known"]),
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            if len(made.statement_ids) > 1:
                rendering.say(request, _("There is one statement per currency."))
                return redirect("desk_customer_letters", customer_id)
            return redirect("desk_letter", made.statement_ids[0])
    return _customer_page(request, who, customer_id, form, 422)


def _end_of(who: Staff, day: date | None) -> datetime | None:
    """The last instant of a day where the company is; nothing for today and later, which is now."""
    if day is None or day >= who.today:
        return None
    return datetime.combine(day + timedelta(days=1), time(), who.zone) - timedelta(microseconds=1)


@access.staff()
def letter(request: HttpRequest, who: Staff, statement_id: int) -> HttpResponse:
    """A statement as it was made."""
    row, made = queries.statement(statement_id), queries.statement_content(statement_id)
    if row is None or made is None:
        raise Http404
    return answers.page(
        request,
        who,
        "letter",
        row=row,
        made=made,
        said=letters.said,
        pdf=letters.handed_out(statement_id, made, "pdf") is not None,
        drawing=documents.standing_of(letters.STATEMENT, statement_id),
    )


@access.staff()
def letter_file(request: HttpRequest, who: Staff, statement_id: int, kind: str) -> HttpResponseBase:
    """A statement as PDF, XLSX or CSV: the same bytes whenever it is asked for."""
    made = queries.statement_content(statement_id)
    found = letters.handed_out(statement_id, made, kind) if made is not None else None
    if found is None:
        raise Http404
    return found


@access.staff()
def runs(request: HttpRequest, who: Staff) -> HttpResponse:
    """Runs of statements over all customers, the newest first."""
    first = {**_last_month(who.today), "form": StatementForm.OPEN_ITEMS.value, "only_owing": True}
    return _runs(request, who, RunAsked(initial=first))


def _runs(request: HttpRequest, who: Staff, form: RunAsked, status: int = 200) -> HttpResponse:
    with who.reading():
        found = queries.letter_runs(RunKind.STATEMENTS, limit=SHOWN)
        return answers.page(request, who, "letters", status=status, form=form, runs=found)


@access.staff("POST", roles=roles.WORKING)
def open_run(request: HttpRequest, who: Staff) -> HttpResponse:
    """Have statements made for all customers in the background."""
    form = RunAsked(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            opened = invoicing.open_statement_run(
                who.ctx,
                form=StatementForm(given["form"]),
                from_date=given["since"],
                to_date=given["until"],
                only_owing=given["only_owing"],
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            return redirect("desk_letter_run", opened.run_id)
    return _runs(request, who, form, 422)


@access.staff()
def run(request: HttpRequest, who: Staff, run_id: int) -> HttpResponse:
    """How far a run has come, and what it has made; shows by itself when it is done."""
    found = _run(run_id, RunKind.STATEMENTS)
    above = answers.number(request.GET.get("above")) or 0
    rows = queries.statements_of_run(run_id, limit=SHOWN + 1, above_id=above)
    return answers.page(
        request,
        who,
        "_letter_run" if request.htmx else "letter_run",  # type: ignore[attr-defined]
        run=found,
        rows=rows[:SHOWN],
        more=rows[SHOWN - 1].id if len(rows) > SHOWN else None,
        names=parties.names([row.party_id for row in rows]),
    )


def _run(run_id: int, kind: RunKind) -> RunRow:
    found = queries.letter_run(run_id)
    if found is None or found.kind is not kind:
        raise Http404
    return found
