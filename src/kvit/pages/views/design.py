"""The design page of test mode: every component in every state, for who builds pages and for the tests that look."""

from datetime import date
from decimal import Decimal

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from kvit.pages import access, rendering
from kvit.pages.forms import AmountField, DayField, NumberField
from kvit.pages.visitor import Visitor


class _Sample(forms.Form):
    """One field of each kind."""

    payer = forms.CharField(label="Who pays", max_length=100)
    amount = AmountField(label="Amount", currency="SEK")
    rate = NumberField(label="VAT rate")
    due_date = DayField(label="Due", first=date(2026, 3, 2))
    terms = forms.ChoiceField(label="Terms", choices=[("10", "10 days"), ("30", "30 days")])
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.BooleanField(label="The customer agreed to this", required=False)


@access.anyone()
def design(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Open to everybody, in test mode only; nothing on it is anybody's."""
    if not settings.KVIT_TEST_MODE:
        raise Http404
    filled = _Sample(
        initial={"payer": "Bo Ek", "amount": 144875, "rate": Decimal(25), "due_date": date(2026, 4, 1), "terms": "30"}
    )
    wrong = _Sample(
        {"payer": "", "amount": "12,3,4", "rate": "x", "due_date": "2026-01-01", "terms": "30"}, auto_id="wrong_%s"
    )
    return rendering.page(
        request,
        who,
        "pages/design.html",
        filled=filled,
        wrong=wrong,
        day_shown=date(2026, 3, 2),
        number=Decimal("12.5"),
    )
