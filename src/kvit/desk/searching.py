"""Search from anywhere."""

from django.http import HttpRequest, HttpResponse

from kvit.desk import answers
from kvit.pages import access
from kvit.pages.read import finding
from kvit.pages.visitor import Staff


@access.staff()
def search(request: HttpRequest, who: Staff) -> HttpResponse:
    """Customers and documents that fit what was typed."""
    text = answers.typed(request.GET.get("q"))
    return answers.page(request, who, "search", text=text, found=finding.find(text, today=who.today))
