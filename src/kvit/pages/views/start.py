"""Where a person goes first, and what they choose for themselves: company, language, appearance."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from kvit.base import login
from kvit.pages import access, rendering, visitor, words
from kvit.pages.visitor import Visitor
from kvit.parties import queries as parties

A_YEAR = 365 * 24 * 3600


@access.person()
def start(request: HttpRequest, who: Visitor) -> HttpResponse:
    """To the desk, or to the portal; who works for no company and is nobody's customer is told so."""
    user_id = visitor.person_of(who).id
    if login.places(user_id):
        return redirect("desk")
    return redirect("portal" if parties.portal_places(user_id) else "nowhere")


@access.person()
def nowhere(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Signed in, and nowhere to go."""
    return rendering.page(request, who, "pages/nowhere.html")


@access.person("POST")
def choose_company(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Act for another of one's companies from now on; a company that is not theirs changes nothing."""
    wanted = request.POST.get("tenant", "")
    mine = {str(place.tenant_id): place.tenant_id for place in login.places(visitor.person_of(who).id)}
    if wanted in mine:
        request.session[visitor.TENANT_IN_SESSION] = mine[wanted]
    return redirect("start")


@access.person("POST")
def choose_place(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Look for another of the parties one signs in for; `place` is `tenant:party`."""
    wanted = request.POST.get("place", "")
    for place in parties.portal_places(visitor.person_of(who).id):
        if f"{place.tenant_id}:{place.party_id}" == wanted:
            request.session[visitor.PLACE_IN_SESSION] = [place.tenant_id, place.party_id]
    return redirect("portal")


@access.anyone("POST")
def choose_language(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Read in this language from now on, here and, if signed in, everywhere."""
    answer = _back(request)
    language = request.POST.get("language", "")
    if language in words.NAMES:
        answer.set_cookie(visitor.LANGUAGE_COOKIE, language, max_age=A_YEAR, samesite="Lax", httponly=True)
        if who.person is not None:
            login.choose_language(who.person.id, language)
    return answer


@access.anyone("POST")
def choose_theme(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Light, dark, or as the system is set."""
    answer = _back(request)
    theme = request.POST.get("theme", "")
    if theme in visitor.THEMES:
        answer.set_cookie(visitor.THEME_COOKIE, theme, max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form stood on; to nowhere else."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return HttpResponseRedirect(wanted if safe else "/")
