"""Known payers: whose accounts and names pay for whom, learnt from people, and forgotten by them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, roles
from kvit.invoicing import queries as invoicing
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.pages import access
from kvit.pages.read import payers as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _

SHOWN = 50


@access.staff()
def payers(request: HttpRequest, who: Staff) -> HttpResponse:
    """All known payers, the last learnt first, fifty at a time."""
    text = answers.typed(request.GET.get("q"))
    page = answers.number(request.GET.get("page")) or 0
    found = reading.listed(text, limit=SHOWN + 1, offset=page * SHOWN)
    return answers.page(
        request,
        who,
        "payers",
        rows=found[:SHOWN],
        text=text,
        previous=page - 1 if page else None,
        next=page + 1 if len(found) > SHOWN else None,
    )


@access.staff("POST", roles=roles.WORKING)
def forget(request: HttpRequest, who: Staff, payer_id: int) -> HttpResponse:
    """Let what was learnt of a payer count no more."""
    with who.reading():
        found = queries.payer(payer_id)
    if found is None:
        raise Http404
    reason = request.POST.get("reason", "")[:300]
    answers.act(
        request,
        lambda: matching.forget_payer(who.ctx, payer_id=payer_id, reason=reason),
        lambda _done: _("Forgotten. What was linked stays; the next payment of it is looked at anew."),
    )
    return answers.back(request, "desk_payers")


@access.staff("POST", roles=roles.WORKING)
def learn(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """Write down that an account or a name pays for a customer."""
    with who.reading():
        customer = invoicing.customer(customer_id)
    if customer is None:
        raise Http404
    account, name = answers.typed(request.POST.get("account"), 60), answers.typed(request.POST.get("name"), 200)
    answers.act(
        request,
        lambda: matching.learn_payer(who.ctx, party_id=customer.party_id, account=account, name=name),
        lambda _done: _("Noted: the next payment from there is looked for among this customer's invoices."),
    )
    return redirect("desk_customer", customer_id)
