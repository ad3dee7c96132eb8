"""A bank file in columns of its own: what each column means, shown on the file's first rows, and kept as a profile."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands, queries
from kvit.base import files
from kvit.desk import answers, column_choices, roles
from kvit.desk.column_choices import ColumnsForm
from kvit.desk.imports import UploadForm
from kvit.formats.bank.tabular import guide
from kvit.formats.bank.tabular.profile import Profile, UnusableProfile
from kvit.formats.bank.tabular.shipped import SHIPPED
from kvit.kernel.refusals import DomainError
from kvit.pages import access, readings, refusals, rendering
from kvit.pages.read import people
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _

UNREAD_SHOWN: Final = 20


@access.staff()
def profiles(request: HttpRequest, who: Staff) -> HttpResponse:
    """Files in columns of their own: bring one in, go on with one that nothing could read, what is kept."""
    kept = queries.kept_profiles()
    return answers.page(
        request,
        who,
        "profiles",
        form=UploadForm(),
        profiles=kept,
        unread=queries.unread(limit=UNREAD_SHOWN),
        names=people.names_of(one.actor for one in kept),
        shipped=sorted(profile.name for profile in SHIPPED),
    )


class _File:
    """The file of an intake, with what its columns seem to be; as much of it as a person looks at."""

    def __init__(self, who: Staff, intake_id: int) -> None:
        with who.reading():
            found = queries.intake(intake_id)
            if found is None:
                raise Http404
            self.intake = found
            self.accounts = queries.accounts()
            self.data = guide.head(files.read_parts(found.sha256))
        self.place = who.place
        self.proposal = guide.propose(self.data, key="own", name=found.file_name, country=who.place.country)

    @property
    def is_cut(self) -> bool:
        """Whether the file goes on behind what is looked at."""
        return len(self.data) < self.intake.file_bytes

    def form(self, data: Any = None) -> ColumnsForm:
        """The form, filled with the proposal or with what was chosen."""
        name = self.intake.file_name
        first = {"profile_name": name.rpartition(".")[0][:120] or name[:120]}
        if self.intake.account_id is not None:
            first["of_account"] = str(self.intake.account_id)
        elif len(self.accounts) == 1:
            first["of_account"] = str(next(iter(self.accounts)))
        return ColumnsForm(data, proposal=self.proposal, accounts=self.accounts, first=first)

    def profile(self, form: ColumnsForm) -> Profile:
        """The profile that was chosen. Refuses UnusableProfile."""
        return form.profile(country=self.place.country, currency=self.place.currency)


@access.staff("GET", "POST", roles=roles.WORKING)
def columns(request: HttpRequest, who: Staff, intake_id: int) -> HttpResponse:
    """Choose what the columns hold and look at what comes of it; "keep" keeps the profile and takes the file in."""
    file = _File(who, intake_id)
    form = file.form(request.POST if request.method == "POST" else None)
    profile, preview = _seen(file, form)
    status = 200 if preview is not None or request.method != "POST" else 422
    if request.POST.get("do") == "keep" and profile is not None and preview is not None:
        if _keep(who, form, profile=profile, preview=preview, intake_id=intake_id):
            rendering.say(request, _("The profile is kept: this file and later ones with these columns are read."))
            return redirect("desk_import", intake_id)
        status = 422
    return answers.page(
        request,
        who,
        "_columns" if request.htmx else "columns",  # type: ignore[attr-defined]
        status=status,
        file=file,
        intake=file.intake,
        form=form,
        preview=preview,
        proposal=file.proposal,
        readings=readings,
        groups=column_choices,
    )


def _keep(who: Staff, form: ColumnsForm, *, profile: Profile, preview: guide.Preview, intake_id: int) -> bool:
    """Keep a profile that reads what is looked at; else the form says why not."""
    if not preview.is_usable:
        form.add_error(None, _("Nothing is kept yet: look at the columns that do not fit."))
        return False
    if form.account_id() is None and not form.cleaned_data["own_account"]:
        form.add_error("of_account", _("Say which account this file is of."))
        return False
    try:
        commands.keep_profile(who.ctx, profile=profile, intake_id=intake_id, account_id=form.account_id())
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
        form.add_error(None, readings.sentences(refusal.told) or refusals.text(refusal))
        return None, None
    preview = guide.preview(file.data, profile)
    for check in preview.columns:
        if check.unreadable and check.problem is not None:
            where = readings.place(check.problem.place)
            form.add_error(check.role.value, f"{check.name}, {where}: {readings.reason(check.problem)}")
    return profile, preview


@access.staff("POST", roles=roles.WORKING)
def retire(request: HttpRequest, who: Staff, profile_id: int) -> HttpResponse:
    """Read no more files by a profile."""
    answers.act(
        request,
        lambda: commands.retire_profile(who.ctx, profile_id=profile_id),
        lambda _done: _("The profile is retired; what it took in stays."),
    )
    return redirect("desk_profiles")
