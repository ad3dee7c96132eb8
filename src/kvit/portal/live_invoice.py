"""The page of one invoice, opened by whoever holds a link to it: no sign-in, nothing written by looking."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from markupsafe import Markup

from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import LinkState
from kvit.pages import access, downloads, rendering, visitor
from kvit.pages.buyers.invoice import InvoicePage, invoice_pages
from kvit.pages.saying import FORMS, RECEIPT_BYTES
from kvit.pages.visitor import Visitor
from kvit.portal import language, saying
from kvit.portal.saying import WITHDRAW, Saying, Speaker

ONE_VISIT: Final = timedelta(minutes=30)
OK: Final = 200
SAID: Final = frozenset({*FORMS, WITHDRAW})


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens at an instant; `page` is None where it opens nothing any more."""

    tenant_id: int
    link_id: int
    seller: str
    page: InvoicePage | None
    seen_at: datetime | None
    has_pdf: bool
    saying: Saying | None = None


def opened(token: str, now: datetime) -> Opened | None:
    """What stands behind a token, read in a transaction that cannot write; None for what was never one."""
    found = invoices.find_link(token)
    if found is None:
        return None
    with tenant.reading(found.tenant_id):
        link = invoices.link(found.link_id, now=now)
        if link is None or link.state is LinkState.REVOKED:
            return None
        page = invoice_pages([link.invoice_id], now=now)[link.invoice_id]
        seen_at = invoices.last_view(link.id, before=now - ONE_VISIT)
        has_pdf = downloads.pdf_of(link.invoice_id) is not None
        panel = saying.panel(page, address=_address(token), protection=Markup(""))
    is_open = link.state is LinkState.OPEN
    return Opened(
        tenant_id=found.tenant_id,
        link_id=link.id,
        seller=page.seller.name,
        page=page if is_open else None,
        seen_at=seen_at if is_open else None,
        has_pdf=is_open and has_pdf,
        saying=panel if is_open else None,
    )


def _address(token: str) -> str:
    return reverse("live_invoice", kwargs={"token": token})


def _as_holder(who: Visitor, there: Opened, key: str) -> Ctx:
    """The context of whoever holds the link: the only place where it is made."""
    return Ctx(tenant_id=there.tenant_id, actor=f"link:{there.link_id}", now=who.now, key=key)


@access.anyone()
def live_invoice(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """The invoice; where the link opens nothing, what to do next, and nothing about any invoice."""
    response = language.as_wished(request, lambda: _shown(request, who, token))
    _kept_secret(response)
    return response


def _kept_secret(response: HttpResponseBase) -> None:
    """The address is the key: it goes to nobody as a referrer, and into no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"


def _shown(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    there = opened(token, who.now)
    if there is None:
        return rendering.page(request, who, "portal/link_unknown.html", status=404, token=token)
    if there.page is None:
        asked = request.GET.get("asked") == "1"
        return rendering.page(
            request, who, "portal/link_expired.html", status=410, seller=there.seller, token=token, asked=asked
        )
    return _page(request, who, token, there)


def _page(request: HttpRequest, who: Visitor, token: str, there: Opened, *, status: int = OK) -> HttpResponse:
    said = request.GET.get("said", "")
    return rendering.page(
        request,
        who,
        "portal/live_invoice.html",
        status=status,
        page=there.page,
        seen_at=there.seen_at,
        has_pdf=there.has_pdf,
        saying=there.saying,
        said=said if said in SAID else "",
        base="" if status == OK else _address(token),
        token=token,
    )


@access.anyone()
def pdf(request: HttpRequest, who: Visitor, token: str) -> HttpResponseBase:
    """The invoice as a file, for whoever holds a link that opens it now."""
    there = opened(token, who.now)
    if there is None or there.page is None or not there.has_pdf:
        raise Http404
    with tenant.reading(there.tenant_id):
        found = downloads.pdf_of(there.page.copy.id)
        if found is None:
            raise Http404
        response = downloads.handed_out(found)
    _kept_secret(response)
    return response


# Who knows the token needs no further proof of where the form stood; a page without cookies has none to give.
@csrf_exempt
@access.anyone("POST")
def seen(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """The page says that somebody looks at it; once per visit."""
    there = opened(token, who.now)
    if there is None or there.page is None:
        return HttpResponse(status=404)
    with tenant.reading(there.tenant_id):
        link = invoices.link(there.link_id, now=who.now)
    last = link.last_viewed_at if link else None
    if last is None or who.now - last >= ONE_VISIT:
        slot = int(who.now.timestamp() // ONE_VISIT.total_seconds())
        invoicing.record_view(_as_holder(who, there, f"{there.link_id}:{slot}"), link_id=there.link_id)
    return HttpResponse(status=204)


@csrf_exempt
@access.anyone("POST")
def ask_for_link(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """Who holds a link that has expired asks for a new one; a person sends it."""
    there = opened(token, who.now)
    if there is not None and there.page is None:
        key = f"{there.link_id}:{who.now:%Y-%m-%d}"
        invoicing.ask_for_link(_as_holder(who, there, key), link_id=there.link_id)
        return redirect(f"{request.path.removesuffix('ask/')}?asked=1")
    return redirect("live_invoice", token=token)


# Who knows the token needs no further proof of where the form stood; a page without cookies has none to give.
@csrf_exempt
@access.anyone("POST", takes_bytes=RECEIPT_BYTES)
def say(request: HttpRequest, who: Visitor, token: str, what: str) -> HttpResponse:
    """Whoever holds a link that opens the invoice says something about it: paid, disputed, promised, asked, written.

    What the body holds is looked at only once the link is known to open it.
    """
    there = opened(token, who.now)
    if there is None or there.page is None or there.saying is None:
        raise Http404
    given = request.POST.get(visitor.KEY_FIELD, "")[: visitor.LONGEST_KEY]
    key = f"{there.link_id}:{given}" if given else None
    speaker = Speaker(replace(_as_holder(who, there, ""), key=key), there.page)
    wrong = saying.hear(request, speaker, what)
    if wrong is not None:
        panel = saying.come_back(there.saying, what, wrong)
        response = _page(request, who, token, replace(there, saying=panel), status=422)
    else:
        response = redirect(f"{_address(token)}?said={what}")
    _kept_secret(response)
    return response


@access.anyone()
def receipt(request: HttpRequest, who: Visitor, token: str, fact_id: int) -> HttpResponse:
    """A receipt that was brought with what was said about the invoice, for whoever holds a link that opens it."""
    there = opened(token, who.now)
    if there is None or there.page is None:
        raise Http404
    with tenant.reading(there.tenant_id):
        response = saying.receipt(fact_id, invoice_id=there.page.copy.id)
    _kept_secret(response)
    return response
