"""A bank file in columns of its own: what each column means, shown on the file's first rows, and kept as a profile."""

from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands, queries
from kvit.base import files
from kvit.desk import answers, roles
from kvit.formats.bank.tabular import guide
from kvit.formats.bank.tabular.profile import DATE_FORMATS, Profile, Role, UnusableProfile
from kvit.kernel.refusals import DomainError
from kvit.pages import access, refusals, rendering
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

_MOST_BYTES: Final = 2_000_000
FIELDS: Final = {
    Role.BOOKING_DATE: lazy_gettext("Booking date"),
    Role.VALUE_DATE: lazy_gettext("Value date"),
    Role.AMOUNT: lazy_gettext("Amount, with a minus for money out"),
    Role.DEBIT: lazy_gettext("Money out (debit)"),
    Role.CREDIT: lazy_gettext("Money in (credit)"),
    Role.BALANCE: lazy_gettext("Balance"),
    Role.CURRENCY: lazy_gettext("Currency"),
    Role.NAME: lazy_gettext("Name of the other side"),
    Role.ACCOUNT: lazy_gettext("Account of the other side"),
    Role.REFERENCE: lazy_gettext("Reference"),
    Role.TEXT: lazy_gettext("Text"),
    Role.BANK_ID: lazy_gettext("The bank's number of the movement"),
}


class ColumnsForm(forms.Form):
    """Which column holds what, and how days and amounts are written."""

    profile_name = forms.CharField(label=lazy_gettext("What you call it"), max_length=120)
    date_format = forms.ChoiceField(label=lazy_gettext("How days are written"), choices=[(f, f) for f in DATE_FORMATS])
    decimal = forms.ChoiceField(label=lazy_gettext("Decimal sign"), choices=[(",", "0,00"), (".", "0.00")])

    def __init__(
        self, data: Any = None, *, proposal: guide.Proposal, accounts: dict[int, tuple[str, str, str]], name: str
    ) -> None:
        first: dict[str, object] = {"profile_name": name.rpartition(".")[0][:120] or name[:120]}
        if proposal.profile is not None:
            first |= {"date_format": proposal.profile.date_format, "decimal": proposal.profile.decimal}
        super().__init__(data, initial=first)
        self.fields["of_account"] = forms.ChoiceField(
            label=lazy_gettext("Account"),
            choices=[(str(key), f"{a[2]} · {a[0]} · {a[1]}") for key, a in accounts.items()],
        )
        names = [(c.name, c.name) for c in proposal.columns if c.name]
        chosen = {c.role: c.name for c in reversed(proposal.columns) if c.role is not None}
        for role, label in FIELDS.items():
            self.fields[role.value] = forms.ChoiceField(
                label=label, required=False, choices=[("", "–"), *names], initial=chosen.get(role, "")
            )


class _File:
    """The file of an intake, with what its columns seem to be."""

    def __init__(self, who: Staff, intake_id: int) -> None:
        with who.reading():
            found = queries.intake(intake_id)
            if found is None:
                raise Http404
            self.intake = found
            self.accounts = queries.accounts()
            self.data = b""
            if found.file_bytes <= _MOST_BYTES:
                self.data = b"".join(files.read_parts(found.sha256))
        self.country = who.place.country
        self.proposal = guide.propose(self.data, key="own", name=found.file_name, country=self.country)

    def form(self, data: Any = None) -> ColumnsForm:
        """The form, filled with the proposal or with what was chosen."""
        return ColumnsForm(data, proposal=self.proposal, accounts=self.accounts, name=self.intake.file_name)

    def profile(self, form: ColumnsForm) -> Profile:
        """The profile that was chosen. Refuses UnusableProfile."""
        given = form.cleaned_data
        number, currency, _name = self.accounts[int(given["of_account"])]
        proposed = self.proposal.profile
        thousands = proposed.thousands if proposed and proposed.thousands != given["decimal"] else ""
        return Profile(
            key="own",
            name=given["profile_name"],
            country=self.country,
            currency=currency,
            account=number,
            delimiter=self.proposal.delimiter,
            date_format=given["date_format"],
            decimal=given["decimal"],
            thousands=thousands,
            columns=tuple((role, given[role.value]) for role in FIELDS if given[role.value]),
        )


@access.staff("GET", "POST", roles=roles.RUNNING)
def columns(request: HttpRequest, who: Staff, intake_id: int) -> HttpResponse:
    """Choose what the columns hold and look at what comes of it; "keep" keeps the profile and takes the file in."""
    file = _File(who, intake_id)
    first = file.form()
    data = request.POST if request.method == "POST" else {name: first[name].value() for name in first.fields}
    if request.method != "POST" and file.accounts:
        data["of_account"] = str(next(iter(file.accounts)))
    form = file.form(data)
    profile, preview = _seen(file, form)
    status = 200 if preview is not None or request.method != "POST" else 422
    if request.POST.get("do") == "keep" and profile is not None and preview is not None:
        if _keep(who, form, profile=profile, preview=preview, intake_id=intake_id):
            rendering.say(request, _("The profile is kept: this file and later ones with these columns are read."))
            return redirect("desk_import", intake_id)
        status = 422
    template = "_columns" if request.htmx else "columns"  # type: ignore[attr-defined]
    return answers.page(
        request,
        who,
        template,
        status=status,
        intake=file.intake,
        form=form,
        preview=preview,
        proposal=file.proposal,
        fields=[role.value for role in FIELDS],
        labels=FIELDS,
    )


def _keep(who: Staff, form: ColumnsForm, *, profile: Profile, preview: guide.Preview, intake_id: int) -> bool:
    """Keep a profile that reads the whole file; else the form says why not."""
    if not preview.is_usable:
        form.add_error(None, _("Nothing is kept yet: look at the columns that do not fit."))
        return False
    try:
        commands.keep_profile(who.ctx, profile=profile, intake_id=intake_id)
    except DomainError as refusal:
        answers.refused(form, refusal)
        return False
    return True


def _seen(file: _File, form: ColumnsForm) -> tuple[Profile | None, guide.Preview | None]:
    """What comes of the choices; what is wrong with a column stands at its field, with the row."""
    if not file.proposal.columns or not form.is_valid():
        return None, None
    try:
        profile = file.profile(form)
    except UnusableProfile as refusal:
        form.add_error(None, refusals.text(refusal))
        return None, None
    preview = guide.preview(file.data, profile)
    for check in preview.columns:
        if check.unreadable:
            form.add_error(check.role.value, f"{check.name}, {check.first_problem}")
    return profile, preview


@access.staff("POST", roles=roles.RUNNING)
def retire(request: HttpRequest, who: Staff, profile_id: int) -> HttpResponse:
    """Read no more files by a profile."""
    with who.reading():
        if profile_id not in {kept.id for kept in queries.kept_profiles()}:
            raise Http404
    answers.act(
        request,
        lambda: commands.retire_profile(who.ctx, profile_id=profile_id),
        lambda _done: _("The profile is retired; what it took in stays."),
    )
    return redirect("desk_accounts")
