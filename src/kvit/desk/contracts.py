"""Contracts: the list, one of them, a new one; notice, index, and the drafts of what is due."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kvit.desk import answers, drafting, line_forms, roles
from kvit.desk.editor import customer_of
from kvit.invoicing import commands as invoicing
from kvit.invoicing.domain import Kind
from kvit.invoicing.domain.contracts import LONGEST_EVERY_MONTHS, LONGEST_NOTICE_DAYS, NewContract
from kvit.kernel.refusals import DomainError
from kvit.pages import access, figures, refusals, rendering, words
from kvit.pages.forms import DayField, NumberField
from kvit.pages.read import contracts as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext, ngettext
from kvit.parties import queries as parties


class ContractForm(forms.Form):
    """From when to when, how often, with which notice."""

    number = forms.CharField(label=lazy_gettext("Contract number"), max_length=60)
    start_date = DayField(label=lazy_gettext("First day"))
    end_date = DayField(label=lazy_gettext("Last day, if it is agreed"), required=False)
    every_months = forms.IntegerField(
        label=lazy_gettext("Invoiced every so many months"), min_value=1, max_value=LONGEST_EVERY_MONTHS
    )
    notice_days = forms.IntegerField(label=lazy_gettext("Days of notice"), min_value=0, max_value=LONGEST_NOTICE_DAYS)
    when = forms.ChoiceField(
        label=lazy_gettext("When"),
        choices=[
            ("first", lazy_gettext("On the first day of a period")),
            ("last", lazy_gettext("On the last day of a period")),
        ],
    )


class NoticeForm(forms.Form):
    """When notice was given, and the last day."""

    given_date = DayField(label=lazy_gettext("Given on"))
    end_date = DayField(label=lazy_gettext("Last day"))


class IndexForm(forms.Form):
    """From when prices change, by how much, by which index."""

    from_date = DayField(label=lazy_gettext("For periods from"))
    percent = NumberField(label=lazy_gettext("Percent"))
    reason = forms.CharField(label=lazy_gettext("By which index, or why"), max_length=200)


@access.staff()
def contracts(request: HttpRequest, who: Staff) -> HttpResponse:
    """Every contract with what it asks for next."""
    rows = reading.listed(today=who.today)
    due = sum(1 for one in rows if one.next is not None and one.next.invoice_date <= who.today)
    return answers.page(request, who, "contracts", rows=rows, due=due)


@access.staff()
def contract(request: HttpRequest, who: Staff, contract_id: int) -> HttpResponse:
    """One contract: lines, prices, what was invoiced, what comes."""
    return _page(request, who, contract_id)


def _page(
    request: HttpRequest,
    who: Staff,
    contract_id: int,
    *,
    notice: NoticeForm | None = None,
    index: IndexForm | None = None,
) -> HttpResponse:
    with who.reading():
        shown = reading.shown(contract_id, today=who.today)
        if shown is None:
            raise Http404
        return answers.page(
            request,
            who,
            "contract",
            status=422 if notice or index else 200,
            shown=shown,
            notice=notice or NoticeForm(auto_id="notice-%s", initial={"given_date": who.today}),
            index=index or IndexForm(auto_id="index-%s"),
            wrong="notice" if notice else "index" if index else "",
        )


def _exists(who: Staff, contract_id: int) -> None:
    with who.reading():
        if reading.shown(contract_id, today=who.today) is None:
            raise Http404


@access.staff("POST", roles=roles.WORKING)
def give_notice(request: HttpRequest, who: Staff, contract_id: int) -> HttpResponse:
    """End a contract."""
    _exists(who, contract_id)
    form = NoticeForm(request.POST, auto_id="notice-%s")
    if form.is_valid():
        try:
            done = invoicing.give_notice(who.ctx, contract_id=contract_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusals.text(refusal))
        else:
            day = figures.day_text(done.end_date, words.current())
            rendering.say(request, _("The contract ends on %(day)s.") % {"day": day})
            return redirect("desk_contract", contract_id)
    return _page(request, who, contract_id, notice=form)


@access.staff("POST", roles=roles.WORKING)
def raise_prices(request: HttpRequest, who: Staff, contract_id: int) -> HttpResponse:
    """Change a contract's prices by an index."""
    _exists(who, contract_id)
    form = IndexForm(request.POST, auto_id="index-%s")
    if form.is_valid():
        try:
            invoicing.index_contract(who.ctx, contract_id=contract_id, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusals.text(refusal))
        else:
            rendering.say(request, _("Periods that begin then or later have the new prices."))
            return redirect("desk_contract", contract_id)
    return _page(request, who, contract_id, index=form)


@access.staff("POST", roles=roles.WORKING)
def draft_due(request: HttpRequest, who: Staff) -> HttpResponse:
    """Draft what is due until today, of every contract or of one."""
    contract_id = answers.number(request.POST.get("contract"))
    if contract_id is not None:
        _exists(who, contract_id)
    done = answers.act(
        request,
        lambda: invoicing.draft_due_contracts(
            who.ctx,
            through=who.today,
            day=who.today,
            contract_ids=(contract_id,) if contract_id is not None else None,
        ),
        lambda done: _drafted(len(done.invoice_ids)),
    )
    if done is not None and done.invoice_ids:
        return redirect(f"{reverse('desk_invoices')}?show=drafts")
    return redirect("desk_contract", contract_id) if contract_id is not None else redirect("desk_contracts")


def _drafted(count: int) -> str:
    if not count:
        return _("Nothing is due today.")
    return ngettext("%(num)s invoice is drafted.", "%(num)s invoices are drafted.", count) % {"num": count}


@access.staff("GET", "POST", roles=roles.WORKING)
def new_contract(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """A contract with a customer: what is invoiced each period, line by line."""
    customer = customer_of(who, customer_id)
    data = drafting.with_rows(request.POST) if request.method == "POST" else None
    with who.reading():
        sheet = drafting.open_sheet(who, Kind.INVOICE, customer=customer, data=data)
    first = {"start_date": who.today, "every_months": 1, "notice_days": 30, "when": "first"}
    form = ContractForm(data, initial=first)
    status = 200
    if data is not None and "more" not in data:
        status = 422
        is_fine = form.is_valid()
        if sheet.lines.is_valid() and is_fine:
            typed = form.cleaned_data
            new = NewContract(
                customer_id,
                typed["number"],
                typed["start_date"],
                tuple(sheet.rows().values()),
                every_months=typed["every_months"],
                end_date=typed["end_date"],
                notice_days=typed["notice_days"],
                is_in_advance=typed["when"] == "first",
                currency=sheet.currency,
            )
            try:
                signed = invoicing.sign_contract(who.ctx, contract=new)
            except DomainError as refusal:
                form.add_error(None, refusals.text(refusal))
            else:
                rendering.say(request, _("The contract is kept; its invoices are drafted when they are due."))
                return redirect("desk_contract", signed.contract_id)
    with who.reading():
        return answers.page(
            request,
            who,
            "new_contract",
            status=status,
            customer=customer,
            name=parties.names([customer.party_id]).get(customer.party_id, ""),
            sheet=sheet,
            form=form,
            totals=drafting.totals(sheet, who.today),
            currency=sheet.currency,
            category_names=line_forms.category_names,
        )
