"""Estimates: the board from order to invoice, new orders, what is invoiced of an estimate."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, drafting, line_forms, roles
from kvit.desk.editor import customer_of
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.commands import NewOrder
from kvit.invoicing.domain import Kind
from kvit.kernel.refusals import DomainError
from kvit.pages import access, refusals, rendering
from kvit.pages.forms import DayField
from kvit.pages.read import estimates as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import queries as parties


class OrderForm(forms.Form):
    """Under which number, and of which day."""

    number = forms.CharField(label=lazy_gettext("Order number"), max_length=60)
    order_date = DayField(label=lazy_gettext("Ordered on"))


class CollectiveForm(forms.Form):
    """Whose orders of which days go on one invoice."""

    customer = forms.ChoiceField(label=lazy_gettext("Customer"))
    from_date = DayField(label=lazy_gettext("From"))
    to_date = DayField(label=lazy_gettext("To"))

    def __init__(self, *given: Any, waiting: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["customer"].choices = list(waiting.items())  # type: ignore[attr-defined]


@access.staff()
def board(request: HttpRequest, who: Staff) -> HttpResponse:
    """Every estimate by where it stands."""
    return _board(request, who)


def _board(request: HttpRequest, who: Staff, form: CollectiveForm | None = None, status: int = 200) -> HttpResponse:
    with who.reading():
        found = reading.board(today=who.today)
        first = {"from_date": who.today.replace(day=1), "to_date": who.today}
        return answers.page(
            request,
            who,
            "estimates",
            status=status,
            board=found,
            form=form or CollectiveForm(waiting=found.waiting, initial=first),
        )


@access.staff("POST", roles=roles.WORKING)
def collective(request: HttpRequest, who: Staff) -> HttpResponse:
    """All of a customer's orders of a period that wait, on one invoice."""
    with who.reading():
        waiting = reading.board(today=who.today).waiting
    form = CollectiveForm(request.POST, waiting=waiting)
    if form.is_valid():
        try:
            drafted = invoicing.draft_collective(
                who.ctx,
                customer_id=int(form.cleaned_data["customer"]),
                from_date=form.cleaned_data["from_date"],
                to_date=form.cleaned_data["to_date"],
                day=who.today,
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("Drafted; look at it and issue it."))
            return redirect("desk_invoice", drafted.invoice_id)
    return _board(request, who, form, 422)


@access.staff("GET", "POST", roles=roles.WORKING)
def new_order(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """What a customer ordered, line by line; an estimate or an invoice is made of it."""
    customer = customer_of(who, customer_id)
    data = drafting.with_rows(request.POST) if request.method == "POST" else None
    with who.reading():
        sheet = drafting.open_sheet(who, Kind.ESTIMATE, customer=customer, data=data)
    form = OrderForm(data, initial={"order_date": who.today})
    status = 200
    if data is not None and "more" not in data:
        status = 422
        is_fine = form.is_valid()
        if sheet.lines.is_valid() and is_fine:
            try:
                return _taken(request, who, customer_id, sheet, form)
            except DomainError as refusal:
                form.add_error(None, refusals.text(refusal))
    with who.reading():
        return answers.page(
            request,
            who,
            "new_order",
            status=status,
            customer=customer,
            name=parties.names([customer.party_id]).get(customer.party_id, ""),
            sheet=sheet,
            form=form,
            totals=drafting.totals(sheet, who.today),
            currency=sheet.currency,
            category_names=line_forms.category_names,
        )


def _taken(request: HttpRequest, who: Staff, customer_id: int, sheet: drafting.Sheet, form: OrderForm) -> HttpResponse:
    lines = tuple(sheet.rows().values())
    order = NewOrder(customer_id, form.cleaned_data["number"], form.cleaned_data["order_date"], lines)
    invoicing.take_orders(who.ctx, orders=(order,))
    rendering.say(request, _("The order is kept; make an estimate of it, or invoice it."))
    return redirect("desk_estimates")


@access.staff("POST", roles=roles.WORKING)
def estimate_order(request: HttpRequest, who: Staff, order_id: int) -> HttpResponse:
    """Draft the estimate of an order."""
    with who.reading():
        if not any(one.id == order_id for one in invoices.orders()):
            raise Http404
    done = answers.act(
        request,
        lambda: invoicing.estimate_order(who.ctx, order_id=order_id, day=who.today),
        lambda _done: _("Drafted; look at it and issue it."),
    )
    return redirect("desk_invoice", done.invoice_id) if done else redirect("desk_estimates")


def _estimate(who: Staff, invoice_id: int) -> None:
    with who.reading():
        if invoices.estimate(invoice_id) is None:
            raise Http404


@access.staff("POST", roles=roles.WORKING)
def invoice_it(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """The supply was made: invoice an estimate, or what its advances leave of it."""
    _estimate(who, invoice_id)
    done = answers.act(
        request,
        lambda: invoicing.invoice_estimate(who.ctx, estimate_id=invoice_id, issue_date=who.today),
        lambda done: _("%(number)s is issued.") % {"number": done.number},
    )
    return redirect("desk_invoice", done.invoice_id if done else invoice_id)


@access.staff("POST", roles=roles.WORKING)
def take_advance(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Money of the customer that waits was for this estimate: an advance invoice, or the last one, is issued."""
    _estimate(who, invoice_id)
    item_id = answers.number(request.POST.get("item"))
    with who.reading():
        billing = reading.billing(invoice_id, today=who.today)
    item = next((one for one in billing.credits if one.id == item_id), None) if billing else None
    if item is None:
        rendering.complain(request, _("This money has been used already. Reload the page."))
        return redirect("desk_invoice", invoice_id)
    done = answers.act(
        request,
        lambda: invoicing.take_advance(who.ctx, estimate_id=invoice_id, item_id=item.id, received_date=item.item_date),
        lambda done: _("%(number)s is issued.") % {"number": done.number},
    )
    return redirect("desk_invoice", done.invoice_id if done else invoice_id)
