"""Agreements on self-billing: the list, a new one with a supplier, one of them, and its end."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from typing_extensions import override

from kvit.desk import answers, choices, roles
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import self_billing, taxes
from kvit.kernel.refusals import DomainError
from kvit.pages import access, figures, refusals, rendering, words
from kvit.pages.forms import DayField
from kvit.pages.read import agreements as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import commands as register
from kvit.parties import queries as parties
from kvit.parties.domain import identities
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, NewIdentity, NewParty, PartyKind, PostalAddress
from kvit.parties.queries import Party

SILENCE, LONGEST_SILENCE = 7, 90


class SupplierForm(forms.Form):
    """Who bills us, with what must stand about a seller on an invoice."""

    name = forms.CharField(label=lazy_gettext("Name"), max_length=300)
    kind = forms.ChoiceField(label=lazy_gettext("Kind"), choices=choices.party_kinds)
    country = forms.ChoiceField(label=lazy_gettext("Country"), choices=choices.countries)
    language = forms.ChoiceField(label=lazy_gettext("Language"), choices=choices.LANGUAGES)
    number_kind = forms.ChoiceField(label=lazy_gettext("Kind of number"), choices=choices.numbers_of_sellers)
    number = forms.CharField(label=lazy_gettext("Number"), max_length=60)
    vat_number = forms.CharField(label=lazy_gettext("VAT number, if it is another"), max_length=60, required=False)
    street = forms.CharField(label=lazy_gettext("Street"), max_length=200)
    postal_code = forms.CharField(label=lazy_gettext("Postal code"), max_length=20)
    city = forms.CharField(label=lazy_gettext("Town"), max_length=200)

    @override
    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        is_person = typed.get("kind") == PartyKind.PERSON.value
        for field, kind in (("number", typed.get("number_kind")), ("vat_number", IdentityKind.VAT.value)):
            value = typed.get(field)
            if not kind or not value:
                continue
            try:
                identities.validated(IdentityKind(kind), value, is_person=is_person)
            except DomainError as refusal:
                self.add_error(field, refusals.text(refusal))
        return typed

    @property
    def party(self) -> NewParty:
        """What was typed, as a party."""
        typed = self.cleaned_data
        return NewParty(
            kind=PartyKind(typed["kind"]),
            name=typed["name"],
            country=typed["country"],
            language=Language(typed["language"]),
            address=PostalAddress(typed["street"], typed["postal_code"], typed["city"], typed["country"]),
            identities=tuple(
                NewIdentity(IdentityKind(kind), value)
                for kind, value in ((typed["number_kind"], typed["number"]), (IdentityKind.VAT, typed["vat_number"]))
                if value
            ),
        )


class AgreementForm(forms.Form):
    """From when, in which series, and how the supplier accepts each invoice."""

    from_date = DayField(label=lazy_gettext("First day"))
    series = forms.CharField(label=lazy_gettext("Series"), max_length=self_billing.LONGEST_PREFIX)
    how = forms.ChoiceField(
        label=lazy_gettext("How the supplier accepts each invoice"),
        choices=[
            ("silent", lazy_gettext("By silence for some days")),
            ("expressly", lazy_gettext("Expressly, each one")),
        ],
    )
    days = forms.IntegerField(
        label=lazy_gettext("Days of silence"), min_value=1, max_value=LONGEST_SILENCE, required=False
    )

    @override
    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("how") == "silent" and not typed.get("days") and "days" not in self.errors:
            self.add_error("days", _("Say after how many days silence is acceptance."))
        return typed

    def acceptance(self, country: str) -> str:
        """The clause, in the words of the supplier's country."""
        typed = self.cleaned_data
        return self_billing.acceptance(country, typed["days"] if typed["how"] == "silent" else None)


class EndForm(forms.Form):
    """The last day."""

    to_date = DayField(label=lazy_gettext("Last day"))


@access.staff()
def agreements(request: HttpRequest, who: Staff) -> HttpResponse:
    """Every agreement on self-billing."""
    return answers.page(request, who, "agreements", rows=reading.listed(today=who.today))


@access.staff()
def agreement(request: HttpRequest, who: Staff, agreement_id: int) -> HttpResponse:
    """One agreement: what it says, and what was made out by it."""
    return _page(request, who, agreement_id)


def _page(request: HttpRequest, who: Staff, agreement_id: int, *, end: EndForm | None = None) -> HttpResponse:
    with who.reading():
        shown = reading.shown(agreement_id, today=who.today)
        if shown is None:
            raise Http404
        return answers.page(
            request,
            who,
            "agreement",
            status=422 if end else 200,
            shown=shown,
            end=end or EndForm(initial={"to_date": max(who.today, shown.row.from_date)}),
            wrong=end is not None,
            clause=self_billing.clause_of(shown.supplier.country),
            number_name=choices.number_name,
        )


@access.staff("POST", roles=roles.WORKING)
def end(request: HttpRequest, who: Staff, agreement_id: int) -> HttpResponse:
    """Say which day is the last on which anything is made out in the supplier's name."""
    with who.reading():
        shown = reading.shown(agreement_id, today=who.today)
    if shown is None:
        raise Http404
    form = EndForm(request.POST)
    if form.is_valid() and form.cleaned_data["to_date"] < shown.row.from_date:
        form.add_error("to_date", _("The agreement begins later than that."))
    if form.is_valid():
        try:
            done = invoicing.end_agreement(who.ctx, agreement_id=agreement_id, to_date=form.cleaned_data["to_date"])
        except DomainError:
            form.add_error(None, _("The agreement was ended before. Reload the page."))
        else:
            day = figures.day_text(done.to_date, words.current())
            rendering.say(request, _("The agreement ends on %(day)s.") % {"day": day})
            return redirect("desk_agreement", agreement_id)
    return _page(request, who, agreement_id, end=form)


@access.staff("GET", "POST", roles=roles.WORKING)
def new_agreement(request: HttpRequest, who: Staff) -> HttpResponse:
    """With which supplier, then from when, in which series, and how each invoice is accepted."""
    supplier = _supplier(who, answers.number(request.GET.get("supplier")))
    if supplier is None:
        return _choose(request, who)
    with who.reading():
        count = len(invoices.agreements())
    first = {"from_date": who.today, "series": f"SB{count + 1}-", "how": "silent", "days": SILENCE}
    form = AgreementForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            agreed = invoicing.agree_on_self_billing(
                who.ctx,
                supplier_id=supplier.id,
                prefix=typed["series"],
                from_date=typed["from_date"],
                acceptance=form.acceptance(supplier.country),
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("The agreement is kept; invoices can be made out by it."))
            return redirect("desk_agreement", agreed.agreement_id)
    return answers.page(
        request,
        who,
        "new_agreement",
        status=422 if form.is_bound else 200,
        supplier=supplier,
        form=form,
        clause=self_billing.clause_of(supplier.country),
        samples=[
            (label, self_billing.acceptance(supplier.country, days))
            for (_how, label), days in zip(form.fields["how"].choices, (SILENCE, None), strict=True)  # type: ignore[attr-defined]
        ],
        law=taxes.law_text("self_billing", supplier.country, who.today),
    )


def _supplier(who: Staff, party_id: int | None) -> Party | None:
    """Somebody known, but not the company itself."""
    if party_id is None:
        return None
    with who.reading():
        found = parties.party(party_id)
        is_own = party_id in set(parties.own_parties())
    if found is None or is_own:
        raise Http404
    return found


def _choose(request: HttpRequest, who: Staff) -> HttpResponse:
    text = answers.typed(request.GET.get("q"))
    with who.reading():
        own = set(parties.own_parties())
        hits = [hit for hit in parties.search(text, limit=20) if hit.party_id not in own] if text else []
        agreed = {one.supplier_id: one.id for one in invoices.agreements() if one.to_date is None}
    return answers.page(request, who, "new_agreement_with", text=text, hits=hits, agreed=agreed)


@access.staff("GET", "POST", roles=roles.WORKING)
def new_supplier(request: HttpRequest, who: Staff) -> HttpResponse:
    """Write down a supplier, then agree with it."""
    first = {
        "kind": PartyKind.COMPANY.value,
        "country": who.place.country,
        "language": {"SE": "sv", "PL": "pl", "RO": "ro"}.get(who.place.country, "en"),
        "number_kind": choices.number_of_country(who.place.country),
    }
    form = SupplierForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        try:
            (party_id,) = register.register_parties(who.ctx, parties=(form.party,)).party_ids
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            return redirect(f"{reverse('desk_new_agreement')}?supplier={party_id}")
    return answers.page(request, who, "new_supplier", status=422 if form.is_bound else 200, form=form)
