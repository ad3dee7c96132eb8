"""The page of one invoice, opened by whoever holds a link to it: no sign-in, nothing written by looking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import LinkState
from kvit.pages import access, rendering, visitor, words
from kvit.pages.buyers.invoice import InvoicePage, invoice_pages
from kvit.pages.visitor import Visitor

ONE_VISIT: Final = timedelta(minutes=30)
YEAR_SECONDS: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens at an instant; `page` is None where it opens nothing any more."""

    tenant_id: int
    link_id: int
    seller: str
    page: InvoicePage | None
    seen_at: datetime | None


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
    is_open = link.state is LinkState.OPEN
    return Opened(found.tenant_id, link.id, page.seller.name, page if is_open else None, seen_at if is_open else None)


def _as_holder(who: Visitor, there: Opened, key: str) -> Ctx:
    """The context of whoever holds the link: the only place where it is made."""
    return Ctx(tenant_id=there.tenant_id, actor=f"link:{there.link_id}", now=who.now, key=key)


@access.anyone()
def live_invoice(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """The invoice; where the link opens nothing, what to do next, and nothing about any invoice."""
    wish = request.GET.get("language")
    if wish in words.NAMES:
        with words.reading(wish):
            response = _shown(request, who, token)
        response.headers["Content-Language"] = wish
        response.set_cookie(visitor.LANGUAGE_COOKIE, wish, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    else:
        response = _shown(request, who, token)
    # The address is the key: it goes to nobody as a referrer, and into no index.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _shown(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    there = opened(token, who.now)
    if there is None:
        return rendering.page(request, who, "portal/link_unknown.html", status=404, token=token)
    if there.page is None:
        asked = request.GET.get("asked") == "1"
        return rendering.page(
            request, who, "portal/link_expired.html", status=410, seller=there.seller, token=token, asked=asked
        )
    return rendering.page(request, who, "portal/live_invoice.html", page=there.page, seen_at=there.seen_at, token=token)


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
