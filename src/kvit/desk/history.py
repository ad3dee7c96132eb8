"""A firm's own history at the desk: what the robot would have done with it, and calibrating it on that."""

from typing import Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.base import files
from kvit.desk import answers, choices, roles
from kvit.formats.books import link_history
from kvit.kernel.refusals import DomainError
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.domain import Mode
from kvit.pages import access, evidence, rendering
from kvit.pages import histories as words
from kvit.pages.read import people
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

SHOWN: Final = 50


class HistoryForm(forms.Form):
    """Payments and what they paid, as the company has confirmed them."""

    file = forms.FileField(label=lazy_gettext("File with your history (CSV)"), max_length=255, allow_empty_file=False)


@access.staff()
def histories(request: HttpRequest, who: Staff) -> HttpResponse:
    """The files that were tried, the newest first, and what such a file holds."""
    return _list(request, who, HistoryForm())


def _list(request: HttpRequest, who: Staff, form: HistoryForm, status: int = 200) -> HttpResponse:
    with who.reading():
        found = queries.histories(limit=SHOWN)
        names = people.names_of(row.given_by for row in found)
    return answers.page(
        request,
        who,
        "histories",
        status=status,
        form=form,
        histories=found,
        names=names,
        percent=evidence.percent,
        columns=words.columns(),
        needed=link_history.REQUIRED,
    )


@access.staff("POST", roles=roles.RUNNING)
def bring(request: HttpRequest, who: Staff) -> HttpResponse:
    """Keep the file and try it in the background; the same file twice is tried once."""
    form = HistoryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, who, form, 422)
    given = form.cleaned_data["file"]
    if given.size > link_history.MAX_BYTES:
        form.add_error("file", _("The file is too large: bring in one year after the other."))
        return _list(request, who, form, 422)
    try:
        kept = files.keep(who.ctx, given.file, name=given.name)
        brought = matching.give_history(who.ctx, file_id=kept.file_id, currency=who.place.currency)
    except DomainError as refusal:
        answers.refused(form, refusal)
        return _list(request, who, form, 422)
    rendering.say(request, _("The file is kept as it came and is being tried. Nothing of it is booked."))
    return redirect("desk_history", brought.history_id)


@access.staff()
def report(request: HttpRequest, who: Staff, history_id: int) -> HttpResponse:
    """What the robot would have done with one history, and why it would have been wrong; shows by itself when done."""
    found = queries.history(history_id)
    if found is None:
        raise Http404
    mode = queries.rule().mode
    return answers.page(
        request,
        who,
        "_history" if request.htmx else "history",  # type: ignore[attr-defined]
        history=found,
        report=found.report,
        names=people.names_of([found.given_by]),
        percent=evidence.percent,
        chips=evidence.chips,
        because=words.because,
        fault=words.fault,
        modes={code: (name, meaning) for code, name, meaning in choices.modes()},
        mode=mode.value,
        is_live=mode is Mode.LIVE,
    )


@access.staff("POST", roles=roles.RUNNING)
def use(request: HttpRequest, who: Staff, history_id: int) -> HttpResponse:
    """Calibrate the robot on a history, and learn its payers in the background."""
    answers.act(
        request,
        lambda: matching.calibrate(who.ctx, history_id=history_id),
        lambda _done: _("The robot is calibrated on this history; its payers are being learnt."),
    )
    return redirect("desk_history", history_id)


@access.staff("POST", roles=roles.RUNNING)
def drop(request: HttpRequest, who: Staff) -> HttpResponse:
    """Have the robot ask as much as it is shipped to."""
    answers.act(
        request,
        lambda: matching.drop_calibration(who.ctx, reason=request.POST.get("reason", "")),
        lambda _done: _("The robot asks as much as it was shipped to; the payers it has learnt stay."),
    )
    return redirect("desk_robot")
