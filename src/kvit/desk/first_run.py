"""The first page of an empty installation: who are you, and what is your company?"""

import hashlib
import hmac
import string
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth import login as start_session
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from typing_extensions import override

from kvit.base import login
from kvit.base.command import Ctx
from kvit.desk import answers, opening
from kvit.desk.opening import NewCompany, NewOwner
from kvit.formats.transliteration import transliterate
from kvit.kernel.refusals import DomainError
from kvit.pages import access, entrance, figures, rendering, sign_in, words
from kvit.pages.visitor import KEY_FIELD, LONGEST_KEY, Visitor
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import Language, NewIdentity, PostalAddress

COUNTRIES: Final = {
    "PL": ("PLN", IdentityKind.NIP, "pl"),
    "RO": ("RON", IdentityKind.CUI, "ro"),
    "SE": ("SEK", IdentityKind.ORGNR, "sv"),
}
"""Where companies of Kvit are at home: the currency, the number on every invoice, the language."""

ACTOR: Final = "visitor:first-run"
_NAMES_OF_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FROM_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1"})
_LONGEST_CODE: Final = 40
_LETTERS: Final = frozenset(f"{string.ascii_letters}{string.digits} .-")


def countries() -> list[tuple[str, str]]:
    """The countries by name, in the reader's language."""
    names = figures.locale_of(words.current()).territories
    return sorted(((code, str(names[code])) for code in COUNTRIES), key=lambda pair: pair[1])


def currencies() -> list[tuple[str, str]]:
    """The country's own, or one of those that invoices there are written in as well."""
    return [("", _("The country's own")), *((code, code) for code in ("EUR", "PLN", "RON", "SEK"))]


class FirstRunForm(forms.Form):
    """A company, and the person who owns it."""

    name = forms.CharField(label=lazy_gettext("Name of the company"), max_length=300)
    country = forms.ChoiceField(label=lazy_gettext("Country"), choices=countries)
    currency = forms.ChoiceField(label=lazy_gettext("Currency"), choices=currencies, required=False)
    number = forms.CharField(label=lazy_gettext("Tax number"), max_length=40, required=False)
    street = forms.CharField(label=lazy_gettext("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=lazy_gettext("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=lazy_gettext("Town"), max_length=200, required=False)
    account = forms.CharField(label=lazy_gettext("IBAN, bankgiro or account number"), max_length=40, required=False)
    full_name = forms.CharField(label=lazy_gettext("Your name"), max_length=200)
    email = forms.CharField(label=lazy_gettext("E-mail address"), max_length=254, widget=forms.EmailInput())
    password = forms.CharField(
        label=lazy_gettext("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        """An address that could be one."""
        email = str(self.cleaned_data["email"]).strip()
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(_("An e-mail address looks like name@example.com.")) from None
        return email

    @override
    def clean(self) -> dict[str, Any]:
        """The password is not one that is guessed first, nor the person's own name."""
        given = self.cleaned_data
        if "password" in given:
            who = get_user_model()(email=given.get("email", ""), full_name=given.get("full_name", ""))
            try:
                validate_password(given["password"], who)
            except ValidationError as wrong:
                self.add_error("password", wrong)
        return given


def is_open(request: HttpRequest) -> bool:
    """Whether this visitor may found the company: who sits at the machine itself, and from elsewhere who has the key.

    Behind a proxy everybody seems to come from this machine; there the installation answers to another name than
    this machine's, and the key is asked of all. `kvit up` prints the address with it.
    """
    if is_for_this_machine_only() and request.META.get("REMOTE_ADDR") in _FROM_THIS_MACHINE:
        return True
    return hmac.compare_digest(_given_key(request).encode(), key().encode())


def is_for_this_machine_only() -> bool:
    """Whether the installation answers to no name but this machine's own."""
    return set(settings.ALLOWED_HOSTS) <= _NAMES_OF_THIS_MACHINE


def key() -> str:
    """What opens the first page from elsewhere: drawn from the secret, and of no use once a company is open."""
    return hmac.new(settings.SECRET_KEY.encode(), b"kvit first run", hashlib.sha256).hexdigest()[:32]


def address() -> str:
    """The path of the first page; without the key where this machine is asked only."""
    return reverse("desk_first_run")


def address_with_key() -> str:
    """The path of the first page, as it opens from elsewhere."""
    return f"{address()}?key={key()}"


def _given_key(request: HttpRequest) -> str:
    return str(request.POST.get("key") or request.GET.get("key") or "")


def register() -> None:
    """Whoever comes to an installation without a company comes here."""
    entrance.register(lambda request: None if login.count_tenants() else address())


@access.anyone("GET", "POST")
def first_run(request: HttpRequest, who: Visitor) -> HttpResponse:
    """Open the first company and sign its owner in; where there is one, this leads to the start."""
    if login.count_tenants():
        return redirect("start")
    if not is_open(request):
        return rendering.page(request, who, "desk/first_run_closed.html", status=403)
    if request.method == "GET":
        return _shown(request, who, FirstRunForm(initial={"country": _at_home()}))
    form = FirstRunForm(request.POST)
    if not form.is_valid():
        return _shown(request, who, form, status=422)
    given = form.cleaned_data
    try:
        opened = opening.opening()(
            _ctx(request, who),
            company=_company(given),
            owner=NewOwner(given["email"], given["full_name"]),
            password=given["password"],
        )
    except DomainError as refusal:
        answers.refused(form, refusal)
        return _shown(request, who, form, status=422)
    start_session(request, get_user_model().objects.get(pk=opened.user_id), backend=sign_in.BACKEND)
    rendering.say(request, _("Your company is open. Write the first invoice, or bring in a bank file."))
    return redirect("desk")


def _shown(request: HttpRequest, who: Visitor, form: FirstRunForm, status: int = 200) -> HttpResponse:
    return rendering.page(request, who, "desk/first_run.html", status=status, form=form, key=_given_key(request))


def _at_home() -> str:
    """The country where the reader's language is spoken."""
    return next((code for code, (*_rest, spoken) in COUNTRIES.items() if spoken == words.current()), "SE")


def _ctx(request: HttpRequest, who: Visitor) -> Ctx:
    given = request.POST.get(KEY_FIELD, "")[:LONGEST_KEY]
    return Ctx(tenant_id=login.draw_tenant_id(), actor=ACTOR, now=who.now, key=given or None)


def _company(given: dict[str, Any]) -> NewCompany:
    country = given["country"]
    currency, kind, _spoken = COUNTRIES[country]
    lines = (given["street"], given["postal_code"], given["city"])
    found = NewCompany(
        code=_code(given["name"]),
        name=given["name"],
        country=country,
        currency=given["currency"] or currency,
        language=Language(words.current()),
        account_number=given["account"],
        account_name=_("Bank account"),
    )
    if any(lines):
        found = replace(found, address=PostalAddress(*lines, country))
    if given["number"]:
        found = replace(found, numbers=(NewIdentity(kind, given["number"]),))
    return found


def _code(name: str) -> str:
    """The short name by which the command line knows the company."""
    return slugify(transliterate(name, _LETTERS))[:_LONGEST_CODE].strip("-") or "company"
