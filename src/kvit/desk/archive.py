"""The archive: every document that was made, looked for and handed out, and until when the law has it kept."""

from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kvit.desk import answers
from kvit.documents import queries
from kvit.pages import access, downloads
from kvit.pages.forms import AmountField, DayField
from kvit.pages.read import archive as reading
from kvit.pages.read.archive import Wanted
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext


class SearchForm(forms.Form):
    """What is looked for; nothing has to be said."""

    number = forms.CharField(label=lazy_gettext("Number begins with"), required=False, max_length=60)
    customer = forms.CharField(label=lazy_gettext("Customer"), required=False, max_length=100)
    kind = forms.ChoiceField(label=lazy_gettext("Kind"), required=False)
    since = DayField(label=lazy_gettext("From"), required=False)
    until = DayField(label=lazy_gettext("To"), required=False)

    def __init__(self, *args: object, currency: str, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind"), required=False, choices=[("", _("All")), *reading.kinds().items()]
        )
        self.fields["amount"] = AmountField(currency=currency, label=_("Amount"), required=False, may_be_negative=True)


@access.staff()
def archive(request: HttpRequest, who: Staff) -> HttpResponse:
    """What lies in the archive, the latest day first, fifty at a time."""
    asked = {name: answers.typed(value) for name, value in request.GET.dict().items() if name != "below"}
    form = SearchForm(asked, currency=who.place.currency)
    wanted = Wanted()
    if form.is_valid():
        typed = form.cleaned_data
        wanted = Wanted(
            number=typed["number"],
            kind=typed["kind"],
            customer=typed["customer"],
            since=typed["since"],
            until=typed["until"],
            amount_minor=typed["amount"],
            below=reading.below(request.GET.get("below")),
        )
    return answers.page(
        request,
        who,
        "archive",
        status=422 if form.errors else 200,
        form=form,
        found=reading.page(wanted),
        is_first=wanted.below is None,
        is_asked=any(asked.values()),
        query=urlencode({name: value for name, value in asked.items() if value and name in form.fields}),
    )


@access.staff()
def content(request: HttpRequest, who: Staff, filing_id: int) -> HttpResponseBase:
    """The file as it was made, byte for byte, to be saved."""
    found = queries.filing(filing_id)
    if found is None or found.file.erased_date is not None:
        raise Http404
    return downloads.handed_out(found)
