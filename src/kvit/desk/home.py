"""The first page of the desk."""

from django.http import HttpRequest, HttpResponse

from kvit.pages import access, rendering
from kvit.pages.visitor import Staff


@access.staff()
def home(request: HttpRequest, who: Staff) -> HttpResponse:
    """What needs a person."""
    return rendering.page(request, who, "desk/home.html")
