"""Interest on a late invoice at the desk: what would be charged, and the note that charges it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, roles
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.commands import NewRate
from kvit.invoicing.domain.exchange import LONGEST_GAP_DAYS
from kvit.invoicing.domain.kinds import CHARGED
from kvit.invoicing.queries import MissingRate
from kvit.kernel.late_interest import Regime
from kvit.kernel.refusals import DomainError
from kvit.pages import access, refusals, rendering
from kvit.pages.forms import DayField, NumberField
from kvit.pages.read import document as documents
from kvit.pages.read import interest as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

_PUBLISHERS = {"PLN": "NBP", "SEK": "Riksbanken", "RON": "BNR"}


class InterestForm(forms.Form):
    """Until when, by which rule, and whether the flat sum is asked for as well."""

    through = DayField(label=lazy_gettext("Until and including"))
    regime = forms.ChoiceField(label=lazy_gettext("By which rule"), required=False)
    flat = forms.BooleanField(label=lazy_gettext("With the flat sum"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        # Which of them there are for this invoice is known by the law's table, which refuses the others.
        self.fields["regime"].choices = [("", ""), *((one.value, reading.regime_name(one)) for one in Regime)]  # type: ignore[attr-defined]

    def offer(self, regimes: tuple[Regime, ...], chosen: Regime) -> None:
        """Leave the rules that there are; a single one is no choice."""
        self.fields["regime"].choices = [(one.value, reading.regime_name(one)) for one in regimes]  # type: ignore[attr-defined]
        self.initial["regime"] = chosen.value


class RateForm(forms.Form):
    """The exchange rate by which the flat sum is turned into the currency of the invoice."""

    rate = NumberField(label=lazy_gettext("Exchange rate"))
    rate_date = DayField(label=lazy_gettext("Rate of"))
    source = forms.CharField(label=lazy_gettext("Who published it"), max_length=60)


@access.staff("GET", "POST", roles=roles.WORKING)
def interest(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """What a late invoice costs until a day; as a draft of a note when that is wanted."""
    with who.reading():
        shown = documents.shown(invoice_id, today=who.today)
    if shown is None or not shown.is_issued or shown.document.row.kind not in CHARGED:
        raise Http404
    if request.method == "GET":
        return _page(request, who, shown, form=InterestForm(initial={"through": who.today, "flat": True}))
    form = InterestForm(request.POST)
    if not form.is_valid():
        return _page(request, who, shown, form=form)
    if "keep_rate" in request.POST:
        return _keep_rate(request, who, shown, form)
    if "draft" not in request.POST:
        return _page(request, who, shown, form=form)
    typed = form.cleaned_data
    try:
        drafted = invoicing.draft_interest_note(
            who.ctx,
            invoice_id=invoice_id,
            through=typed["through"],
            regime=typed["regime"],
            has_compensation=typed["flat"],
        )
    except DomainError as refusal:
        return _page(request, who, shown, form=form, refused=refusals.text(refusal))
    rendering.say(request, _("The note of interest is drafted; look at it and issue it."))
    return redirect("desk_invoice", drafted.invoice_id)


def _keep_rate(request: HttpRequest, who: Staff, shown: documents.Shown, form: InterestForm) -> HttpResponse:
    """Keep the rate that is missing, as its bank published it."""
    rate = RateForm(request.POST, auto_id="rate-%s")
    with who.reading():
        missing = _missing(shown, form)
    if missing is not None and rate.is_valid():
        typed = rate.cleaned_data
        if not timedelta(0) <= missing.rate_date - typed["rate_date"] <= timedelta(days=LONGEST_GAP_DAYS):
            rate.add_error("rate_date", _("The law names another day's rate, or the last one before it."))
            return _page(request, who, shown, form=form, rate=rate)
        new = NewRate(missing.told.currency, missing.currency, typed["rate_date"], typed["rate"], typed["source"])
        try:
            invoicing.keep_exchange_rates(who.ctx, rates=(new,))
        except DomainError as refusal:
            rate.add_error("rate", refusals.text(refusal))
        else:
            return _page(request, who, shown, form=form)
    return _page(request, who, shown, form=form, rate=rate)


def _missing(shown: documents.Shown, form: InterestForm) -> MissingRate | None:
    try:
        found = _charge(shown, form)
    except DomainError:
        return None
    return found.charge.missing if found else None


def _charge(shown: documents.Shown, form: InterestForm) -> reading.Shown | None:
    if form.is_bound:
        typed = form.cleaned_data if form.is_valid() else {}
        through: date | None = typed.get("through")
        regime, flat = typed.get("regime", ""), typed.get("flat", True)
    else:
        through, regime, flat = form.initial["through"], "", True
    if through is None:
        return None
    return reading.shown(shown.document.row.id, through=through, regime=regime, has_compensation=flat)


def _page(
    request: HttpRequest,
    who: Staff,
    shown: documents.Shown,
    *,
    form: InterestForm,
    rate: RateForm | None = None,
    refused: str = "",
) -> HttpResponse:
    is_wrong = refused or rate is not None or (form.is_bound and not form.is_valid())
    with who.reading():
        notes = invoices.interest_notes(shown.document.row.id)
        try:
            found = _charge(shown, form)
        except DomainError as refusal:
            found, refused = None, refusals.text(refusal)
    missing = found.charge.missing if found else None
    if found is not None:
        form.offer(found.charge.regimes, found.charge.regime)
    if rate is None and missing is not None:
        first = {"rate_date": missing.rate_date, "source": _PUBLISHERS.get(missing.currency, "")}
        rate = RateForm(initial=first, auto_id="rate-%s")
    return answers.page(
        request,
        who,
        "interest",
        status=422 if is_wrong else 200,
        shown=shown,
        form=form,
        found=found,
        missing=missing,
        rate=rate,
        refused=refused,
        notes=notes,
        regime_name=reading.regime_name,
    )
