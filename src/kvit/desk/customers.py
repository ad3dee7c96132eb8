"""Customers: the list with what they owe, one at a glance, a new one, how they are reached."""

from dataclasses import dataclass
from functools import cache

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from markupsafe import Markup

from kvit.banking import queries as banking
from kvit.desk import answers, choices, roles, verification
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import LONGEST_TERMS
from kvit.kernel.refusals import DomainError
from kvit.pages import access, rendering, words
from kvit.pages.read import customer as reading
from kvit.pages.read import payers
from kvit.pages.read.customer import Row
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import commands as parties
from kvit.parties import queries as known
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.register import Language, NewContact, NewParty, PartyKind, PostalAddress

SHOWN = 50


@dataclass(frozen=True)
class Listed:
    """A page of customers; `older` and `newer` are the query strings of the pages beside it."""

    rows: tuple[Row, ...]
    older: str | None
    newer: str | None


class CustomerForm(forms.Form):
    """A new customer."""

    name = forms.CharField(label=lazy_gettext("Name"), max_length=300)
    kind = forms.ChoiceField(label=lazy_gettext("Kind"), choices=choices.party_kinds)
    number = forms.CharField(label=lazy_gettext("Customer number"), max_length=40)
    country = forms.ChoiceField(label=lazy_gettext("Country"), choices=choices.countries)
    language = forms.ChoiceField(label=lazy_gettext("Language"), choices=choices.LANGUAGES)
    currency = forms.ChoiceField(label=lazy_gettext("Currency"), choices=choices.CURRENCIES)
    terms_days = forms.IntegerField(label=lazy_gettext("Days to pay"), min_value=0, max_value=LONGEST_TERMS)
    email = forms.CharField(label=lazy_gettext("E-mail for invoices"), max_length=254, required=False)
    street = forms.CharField(label=lazy_gettext("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=lazy_gettext("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=lazy_gettext("Town"), max_length=200, required=False)

    @property
    def party(self) -> NewParty:
        """What was typed, as a party."""
        typed = self.cleaned_data
        address = PostalAddress(typed["street"], typed["postal_code"], typed["city"], typed["country"])
        has_address = address.street or address.postal_code or address.city
        return NewParty(
            kind=PartyKind(typed["kind"]),
            name=typed["name"],
            country=typed["country"],
            language=Language(typed["language"]),
            address=address if has_address else None,
            contacts=(NewContact(Purpose.INVOICES, Channel.EMAIL, typed["email"]),) if typed["email"] else (),
        )


class ContactForm(forms.Form):
    """A way to reach a customer."""

    purpose = forms.ChoiceField(label=lazy_gettext("For"), choices=choices.purposes)
    channel = forms.ChoiceField(label=lazy_gettext("By"), choices=choices.channels)
    value = forms.CharField(label=lazy_gettext("Address or number"), max_length=500)


@access.staff()
def customers(request: HttpRequest, who: Staff) -> HttpResponse:
    """Who owes most first, or everybody by number."""
    shown = "all" if request.GET.get("show") == "all" else "owing"
    listed = _by_number(request, who) if shown == "all" else _owing(request, who)
    return answers.page(request, who, "customers", shown=shown, listed=listed)


def _by_number(request: HttpRequest, who: Staff) -> Listed:
    after = answers.typed(request.GET.get("after"), 40)
    found = invoices.customers(limit=SHOWN + 1, after=after)
    rows = reading.rows(found[:SHOWN], today=who.today)
    return Listed(rows, found[SHOWN - 1].number if len(found) > SHOWN else None, "" if after else None)


def _owing(request: HttpRequest, who: Staff) -> Listed:
    page = answers.number(request.GET.get("page")) or 0
    found = reading.debtors(today=who.today, limit=SHOWN + 1, offset=page * SHOWN)
    older = str(page + 1) if len(found) > SHOWN else None
    return Listed(found[:SHOWN], older, str(page - 1) if page else None)


@access.staff()
def customer(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """One customer: open items, timeline, and at the side who it is."""
    return _page(request, who, customer_id)


@cache
def _no_contact(language: str) -> Markup:
    """The fields of a contact to come; the same for every customer, and a tenth of the page to draw."""
    with words.reading(language):
        return Markup(rendering.text(None, "desk/contact_fields.html", contact=ContactForm()))  # noqa: S704


@cache
def _number_fields(language: str) -> Markup:
    """The fields of a number to come; the same for every customer as well."""
    with words.reading(language):
        form = verification.PayerNumberForm(auto_id="number_%s")
        return Markup(rendering.text(None, "desk/contact_fields.html", contact=form))  # noqa: S704


def _page(
    request: HttpRequest, who: Staff, customer_id: int, contact: ContactForm | None = None, status: int = 200
) -> HttpResponse:
    with who.reading():
        found = reading.shown(customer_id, today=who.today, now=who.now)
        if found is None:
            raise Http404
        return answers.page(
            request,
            who,
            "customer",
            status=status,
            shown=found,
            payers=payers.of_customer(found.party.id),
            contact=contact,
            no_contact=_no_contact(words.current()),
            number_name=choices.number_name,
            number_fields=_number_fields(words.current()),
            register_name=verification.register_name,
            source_name=verification.source_name,
            fact_text=verification.fact_text,
            switches=known.register_switches(),
            purpose_names=dict(choices.purposes()),
            channel_names=dict(choices.channels()),
            accounts=banking.known_accounts(),
        )


@access.staff("GET", "POST", roles=roles.WORKING)
def new_customer(request: HttpRequest, who: Staff) -> HttpResponse:
    """A form, then the customer's page."""
    if request.method == "GET":
        first = {
            "country": who.place.country,
            "currency": who.place.currency,
            "terms_days": 30,
            "number": invoices.next_customer_number(),
            "kind": PartyKind.COMPANY.value,
            "language": _language(who),
        }
        return answers.page(request, who, "new_customer", form=CustomerForm(initial=first))
    form = CustomerForm(request.POST)
    if form.is_valid():
        try:
            added = invoicing.add_customer(
                who.ctx,
                party=form.party,
                number=form.cleaned_data["number"],
                currency=form.cleaned_data["currency"],
                terms_days=form.cleaned_data["terms_days"],
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("%(name)s is a customer now.") % {"name": form.cleaned_data["name"]})
            return redirect("desk_customer", added.customer_id)
    return answers.page(request, who, "new_customer", status=422, form=form)


def _language(who: Staff) -> str:
    return {"SE": "sv", "PL": "pl", "RO": "ro"}.get(who.place.country, "en")


@access.staff("POST", roles=roles.WORKING)
def add_contact(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """Write down how a customer is reached."""
    with who.reading():
        found = invoices.customer(customer_id)
    if found is None:
        raise Http404
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            parties.add_contact(
                who.ctx,
                party_id=found.party_id,
                purpose=Purpose(form.cleaned_data["purpose"]),
                channel=Channel(form.cleaned_data["channel"]),
                value=form.cleaned_data["value"],
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("Noted."))
            return redirect("desk_customer", customer_id)
    return _page(request, who, customer_id, form, 422)


@access.staff("POST", roles=roles.WORKING)
def close_contact(request: HttpRequest, who: Staff, customer_id: int, contact_id: int) -> HttpResponse:
    """Use an address no longer; it stays in the history."""
    with who.reading():
        found = invoices.customer(customer_id)
        theirs = {c.id for c in known.contacts_of(found.party_id)} if found else set()
    if contact_id not in theirs:
        raise Http404
    answers.act(
        request, lambda: parties.close_contact(who.ctx, contact_id=contact_id), lambda _done: _("It is used no longer.")
    )
    return redirect("desk_customer", customer_id)
