"""Settings of the company: its particulars, its bank accounts, who works here."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands as banking
from kvit.banking import queries as accounts
from kvit.base import login
from kvit.base.login import Role
from kvit.desk import answers, choices, roles, verification
from kvit.kernel.refusals import DomainError
from kvit.pages import access, rendering, sign_in
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import commands as parties
from kvit.parties import queries as known
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.register import PartyKind, PostalAddress
from kvit.parties.queries import Party


class CompanyForm(forms.Form):
    """The company as it stands on invoices."""

    name = forms.CharField(label=lazy_gettext("Name"), max_length=300)
    street = forms.CharField(label=lazy_gettext("Street"), max_length=200, required=False)
    postal_code = forms.CharField(label=lazy_gettext("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=lazy_gettext("Town"), max_length=200, required=False)


class NumberForm(forms.Form):
    """A registration number of the company."""

    kind = forms.ChoiceField(label=lazy_gettext("Kind"), choices=choices.numbers_of_companies)
    value = forms.CharField(label=lazy_gettext("Number"), max_length=100)


class AccountForm(forms.Form):
    """An account at a bank."""

    number = forms.CharField(label=lazy_gettext("IBAN, bankgiro or account number"), max_length=40)
    currency = forms.ChoiceField(label=lazy_gettext("Currency"), choices=choices.CURRENCIES)
    name = forms.CharField(label=lazy_gettext("What you call it"), max_length=120)


class MemberForm(forms.Form):
    """Somebody who is to work here."""

    full_name = forms.CharField(label=lazy_gettext("Name"), max_length=200)
    email = forms.CharField(label=lazy_gettext("E-mail"), max_length=254, widget=forms.EmailInput())
    role = forms.ChoiceField(label=lazy_gettext("Role"), choices=choices.roles, initial=Role.CLERK.value)

    def clean_email(self) -> str:
        """An address that could be one."""
        email = str(self.cleaned_data["email"]).strip()
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(_("An e-mail address looks like name@example.com.")) from None
        return email


def _own() -> Party | None:
    return next((known.party(party_id) for party_id in known.own_parties()), None)


@access.staff()
def company(request: HttpRequest, who: Staff) -> HttpResponse:
    """Name, address and numbers, as they stand on invoices."""
    return _company(request, who)


def _company(
    request: HttpRequest,
    who: Staff,
    *,
    form: CompanyForm | None = None,
    number: NumberForm | None = None,
    status: int = 200,
) -> HttpResponse:
    with who.reading():
        own, switches = _own(), known.register_switches()
    first = {"name": own.name if own else who.place.name}
    if own and own.address:
        first |= {"street": own.address.street, "postal_code": own.address.postal_code, "city": own.address.city}
    return answers.page(
        request,
        who,
        "settings_company",
        status=status,
        own=own,
        form=form or CompanyForm(initial=first),
        number=number or NumberForm(initial={"kind": choices.number_of_country(who.place.country)}),
        number_name=choices.number_name,
        switches=switches,
        now=who.now,
        register_name=verification.register_name,
    )


@access.staff("POST", roles=roles.RUNNING)
def change_company(request: HttpRequest, who: Staff) -> HttpResponse:
    """Register the company, or change its name and address."""
    form = CompanyForm(request.POST)
    if not form.is_valid():
        return _company(request, who, form=form, status=422)
    with who.reading():
        own = _own()
    typed = form.cleaned_data
    lines = (typed["street"], typed["postal_code"], typed["city"])
    try:
        if own is None:
            party_id = parties.register_party(
                who.ctx, kind=PartyKind.COMPANY, name=typed["name"], country=who.place.country, is_own=True
            ).party_id
        else:
            party_id = parties.rename_party(who.ctx, party_id=own.id, name=typed["name"]).party_id
        if any(lines):
            parties.set_address(who.ctx, party_id=party_id, address=PostalAddress(*lines, who.place.country))
    except DomainError as refusal:
        answers.refused(form, refusal)
        return _company(request, who, form=form, status=422)
    rendering.say(request, _("Saved; it holds for invoices from now on."))
    return redirect("desk_settings")


@access.staff("POST", roles=roles.RUNNING)
def add_number(request: HttpRequest, who: Staff) -> HttpResponse:
    """Write down a registration number of the company."""
    form = NumberForm(request.POST)
    with who.reading():
        own = _own()
    if form.is_valid() and own is not None:
        try:
            parties.add_identity(
                who.ctx, party_id=own.id, kind=IdentityKind(form.cleaned_data["kind"]), value=form.cleaned_data["value"]
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("Noted."))
            return redirect("desk_settings")
    return _company(request, who, number=form, status=422)


@access.staff()
def bank_accounts(request: HttpRequest, who: Staff) -> HttpResponse:
    """The company's own accounts, and until when each is known."""
    return _accounts(request, who, AccountForm(initial={"currency": who.place.currency}))


def _accounts(request: HttpRequest, who: Staff, form: AccountForm, status: int = 200) -> HttpResponse:
    with who.reading():
        return answers.page(
            request,
            who,
            "settings_accounts",
            status=status,
            form=form,
            accounts=accounts.known_accounts(),
        )


@access.staff("POST", roles=roles.RUNNING)
def open_account(request: HttpRequest, who: Staff) -> HttpResponse:
    """Make an account known as the company's own."""
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            banking.open_bank_account(who.ctx, **form.cleaned_data)
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("The account is open: bank files of it are taken in from now on."))
            return redirect("desk_accounts")
    return _accounts(request, who, form, 422)


@access.staff()
def people(request: HttpRequest, who: Staff) -> HttpResponse:
    """Who works here, and as what."""
    return _people(request, who, MemberForm())


def _people(
    request: HttpRequest, who: Staff, form: MemberForm, *, status: int = 200, invited: tuple[str, str] | None = None
) -> HttpResponse:
    with who.reading():
        return answers.page(
            request,
            who,
            "settings_people",
            status=status,
            form=form,
            members=login.members(),
            roles=choices.roles(),
            invited=invited,
        )


@access.staff("POST", roles=roles.OWNING)
def add_member(request: HttpRequest, who: Staff) -> HttpResponse:
    """Let somebody work here; who had no login is invited by a link that is shown on this answer only."""
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _people(request, who, form, status=422)
    name = form.cleaned_data["full_name"]
    try:
        added = login.add_member(
            who.ctx, email=form.cleaned_data["email"], full_name=name, role=Role(form.cleaned_data["role"])
        )
    except DomainError as refusal:
        answers.refused(form, refusal)
        return _people(request, who, form, status=422)
    if not added.is_new_login:
        rendering.say(request, _("%(name)s signs in as before.") % {"name": name})
        return redirect("desk_people")
    return _people(request, who, MemberForm(), invited=(name, _invitation(request, added.user_id)))


@access.staff("POST", roles=roles.OWNING)
def invite(request: HttpRequest, who: Staff, user_id: int) -> HttpResponse:
    """Invite a member anew who has not chosen a password yet and works nowhere else: the login is this company's."""
    with who.reading():
        member = next((each for each in login.members() if each.user_id == user_id), None)
    if member is None:
        raise Http404
    is_ours = [place.tenant_id for place in login.places(user_id)] == [who.tenant_id]
    if member.has_password or not is_ours or known.portal_places(user_id):
        rendering.complain(request, _("%(name)s signs in as before.") % {"name": member.full_name or member.email})
        return redirect("desk_people")
    name = member.full_name or member.email
    return _people(request, who, MemberForm(), invited=(name, _invitation(request, user_id)))


def _invitation(request: HttpRequest, user_id: int) -> str:
    return request.build_absolute_uri(sign_in.invitation(user_id))


@access.staff("POST", roles=roles.OWNING)
def change_role(request: HttpRequest, who: Staff, user_id: int) -> HttpResponse:
    """Let somebody do more or less."""
    wanted = request.POST.get("role", "")
    if wanted in {role.value for role in Role}:
        answers.act(
            request,
            lambda: login.change_role(who.ctx, user_id=user_id, role=Role(wanted)),
            lambda _done: _("The role is changed, from the next click on."),
        )
    return redirect("desk_people")


@access.staff("POST", roles=roles.OWNING)
def remove_member(request: HttpRequest, who: Staff, user_id: int) -> HttpResponse:
    """End somebody's work here."""
    answers.act(
        request,
        lambda: login.remove_member(who.ctx, user_id=user_id),
        lambda _done: _("The person does not work here any more."),
    )
    return redirect("desk_people")
