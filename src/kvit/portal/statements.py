"""A customer's own statements: made for good from the page of the account, downloaded as PDF, XLSX and CSV."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain.statements import Statement, StatementForm
from kvit.kernel.refusals import DomainError
from kvit.pages import access, letters, refusals, rendering
from kvit.pages.visitor import Customer
from kvit.portal.account import Period

SHOWN: Final = 20


@access.customer("POST")
def make(request: HttpRequest, who: Customer) -> HttpResponse:
    """Make the statement of a period, to be kept as it is known now."""
    form = Period(request.POST)
    with who.reading():
        customer = queries.customers_of([who.party_id]).get(who.party_id)
    if not form.is_valid() or customer is None:
        return redirect("portal_statement")
    is_open = request.POST.get("form") == StatementForm.OPEN_ITEMS.value
    try:
        made = invoicing.make_statements(
            who.ctx,
            customer_ids=(customer.id,),
            form=StatementForm.OPEN_ITEMS if is_open else StatementForm.RUNNING,
            from_date=form.cleaned_data["since"],
            to_date=form.cleaned_data["until"],
        )
    except DomainError as refusal:
        rendering.complain(request, refusals.text(refusal))
        return redirect("portal_statement")
    return redirect("portal_kept_statement", made.statement_ids[0])


def _theirs(who: Customer, statement_id: int) -> Statement:
    """The statement, of this customer; anything else is not found."""
    row = queries.statement(statement_id)
    made = queries.statement_content(statement_id) if row is not None and row.party_id == who.party_id else None
    if made is None:
        raise Http404
    return made


@access.customer()
def kept(request: HttpRequest, who: Customer, statement_id: int) -> HttpResponse:
    """One of their statements as it was made."""
    made = _theirs(who, statement_id)
    has_pdf = letters.handed_out(statement_id, made, "pdf") is not None
    return rendering.page(
        request, who, "portal/kept_statement.html", made=made, id=statement_id, has_pdf=has_pdf, said=letters.said
    )


@access.customer()
def file(request: HttpRequest, who: Customer, statement_id: int, kind: str) -> HttpResponseBase:
    """One of their statements as PDF, XLSX or CSV."""
    found = letters.handed_out(statement_id, _theirs(who, statement_id), kind)
    if found is None:
        raise Http404
    return found
