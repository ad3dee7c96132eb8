"""Whether this process can do its work, for whoever watches over it."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from kvit.base import rows
from kvit.pages import access
from kvit.pages.access import Access


def _health(request: HttpRequest) -> HttpResponse:
    """200 if the database answers, else 503; says nothing else to strangers."""
    try:
        rows.select("SELECT 1")
    except OperationalError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok"})


health = access.carried_by(_health, Access("anyone", ("GET",)))
