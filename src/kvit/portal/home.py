"""The first page of the portal."""

from django.http import HttpRequest, HttpResponse

from kvit.pages import access, rendering
from kvit.pages.visitor import Customer


@access.customer()
def home(request: HttpRequest, who: Customer) -> HttpResponse:
    """What the customer owes."""
    return rendering.page(request, who, "portal/home.html")
