"""Books out at the desk: what was handed to the accountant, a new export with its preview, the company's chart."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from typing_extensions import override

from kvit.base import files, tenant
from kvit.desk import answers, books, roles
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger import queries
from kvit.ledger.commands import AccountNumber
from kvit.ledger.domain.exports import USUAL, USUAL_ELSEWHERE, ExportFormat, ExportState
from kvit.ledger.queries import ExportRow
from kvit.pages import access, refusals, rendering
from kvit.pages.forms import DayField
from kvit.pages.visitor import Staff, person_of
from kvit.pages.words import N_, gettext, lazy_gettext
from kvit.pages.words import gettext as _

SHOWN: Final = 50
_STATES: Final = {
    ExportState.PREPARING: (N_("Being made"), "info"),
    ExportState.MADE: (N_("Made"), "due"),
    ExportState.DELIVERED: (N_("Handed over"), "due"),
    ExportState.ACKNOWLEDGED: (N_("Acknowledged"), "settled"),
    ExportState.REFUSED: (N_("Refused"), "overdue"),
}
_MEDIA: Final = {
    ExportFormat.SIE: "application/x-sie",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def format_names() -> dict[ExportFormat, str]:
    """What each format is for, in the reader's language."""
    return {
        ExportFormat.SIE: _("SIE 4, for Swedish programs"),
        ExportFormat.CSV: _("CSV, a journal for any program"),
        ExportFormat.XLSX: _("XLSX, a journal to look at"),
        ExportFormat.JPK_KR: _("Journal with the columns of JPK_KR (CSV)"),
        ExportFormat.JPK_V7: _("Sales register with the columns of JPK_V7 (CSV)"),
    }


def _choices() -> list[tuple[str, str]]:
    return [(each.value, text) for each, text in format_names().items()]


class PeriodForm(forms.Form):
    """Which days, both included."""

    since = DayField(label=lazy_gettext("From"))
    until = DayField(label=lazy_gettext("To"))

    @override
    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            raise forms.ValidationError(_("The period ends before it begins."))


class ExportForm(PeriodForm):
    """The same, in which formats."""

    formats = forms.MultipleChoiceField(
        label=lazy_gettext("Formats"), choices=_choices, widget=forms.CheckboxSelectMultiple
    )


def _last_month(today: date) -> dict[str, date]:
    until = today.replace(day=1) - timedelta(days=1)
    return {"since": until.replace(day=1), "until": until}


def _chip(state: ExportState) -> tuple[str, str]:
    text, kind = _STATES[state]
    return gettext(text), kind


@access.staff()
def exports(request: HttpRequest, who: Staff) -> HttpResponse:
    """What was handed out, the newest first, and whether it was acknowledged."""
    form = PeriodForm(initial=_last_month(who.today))
    found = queries.exports(limit=SHOWN)
    return answers.page(request, who, "exports", exports=found, form=form, chip=_chip, names=format_names())


@access.staff("GET", "POST", roles=roles.WORKING)
def new_export(request: HttpRequest, who: Staff) -> HttpResponse:
    """What an export of a period would hold; then take it."""
    if request.method == "POST":
        form: PeriodForm = ExportForm(request.POST)
        if form.is_valid():
            try:
                opened = ledger.open_export(
                    who.ctx,
                    from_date=form.cleaned_data["since"],
                    to_date=form.cleaned_data["until"],
                    formats=tuple(ExportFormat(each) for each in form.cleaned_data["formats"]),
                )
            except DomainError as refusal:
                answers.refused(form, refusal)
            else:
                return redirect("desk_export", opened.export_id)
        return _preview(request, who, form, 422)
    usual = [each.value for each in USUAL.get(who.place.country, USUAL_ELSEWHERE)]
    asked = PeriodForm(
        request.GET if "since" in request.GET else {k: str(v) for k, v in _last_month(who.today).items()}
    )
    if not asked.is_valid():
        return _preview(request, who, asked, 422)
    return _preview(request, who, ExportForm(initial={**asked.cleaned_data, "formats": usual}))


def _preview(request: HttpRequest, who: Staff, form: PeriodForm, status: int = 200) -> HttpResponse:
    given: dict[str, Any] = {**form.initial, **getattr(form, "cleaned_data", {})}
    since, until = given.get("since"), given.get("until")
    with who.reading():
        found = None
        if isinstance(since, date) and isinstance(until, date) and since <= until:
            found = queries.preview_export(from_date=since, to_date=until)
        return answers.page(
            request,
            who,
            "new_export",
            status=status,
            form=form if isinstance(form, ExportForm) else ExportForm(initial=given),
            problems=form,
            preview=found,
            since=since,
            until=until,
            account_name=books.account_name,
            mapped={each.code: each.mapped for each in queries.mapped_accounts()},
        )


@access.staff()
def export(request: HttpRequest, who: Staff, export_id: int) -> HttpResponse:
    """One export: its files, its sums, and the accountant's answer; shows by itself when it is made."""
    row = _export(export_id)
    return answers.page(
        request,
        who,
        "_export" if request.htmx else "export",  # type: ignore[attr-defined]
        row=row,
        files=queries.export_files(export_id),
        troubles=queries.export_troubles(export_id, row.version),
        sums=queries.export_sums(export_id),
        account_name=books.account_name,
        chip=_chip(row.state),
        names=format_names(),
        accountant=person_of(who).name,
        refusal_texts=refusals.TEXTS,
    )


def _export(export_id: int) -> ExportRow:
    found = queries.export(export_id)
    if found is None:
        raise Http404
    return found


@access.staff()
def export_file(request: HttpRequest, who: Staff, export_id: int, file_id: int) -> HttpResponseBase:
    """A file as it was made: the same bytes whenever it is asked for."""
    row = next((each for each in queries.export_files(export_id) if each.id == file_id), None)
    if row is None:
        raise Http404
    response = StreamingHttpResponse(
        _parts(who.tenant_id, row.sha256), content_type=_MEDIA.get(row.format, "text/csv; charset=utf-8")
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name) or ""
    response["Content-Length"] = str(row.size)
    return response


def _parts(tenant_id: int, sha256: str) -> Any:
    """Streamed once the view's own scope is closed."""
    with tenant.reading(tenant_id):
        yield from files.read_parts(sha256)


@access.staff("POST", roles=roles.WORKING)
def deliver(request: HttpRequest, who: Staff, export_id: int) -> HttpResponse:
    """The accountant has the files."""
    _exists(who, export_id)
    answers.act(
        request, lambda: ledger.deliver_export(who.ctx, export_id=export_id), lambda _done: _("It is handed over.")
    )
    return redirect("desk_export", export_id)


@access.staff("POST", roles=roles.WORKING)
def answer(request: HttpRequest, who: Staff, export_id: int) -> HttpResponse:
    """What the accountant said: taken into the books, or refused and why."""
    _exists(who, export_id)
    given = {"answered_by": request.POST.get("by", ""), "answer": request.POST.get("answer", "")}
    if request.POST.get("outcome") == "refused":
        answers.act(
            request,
            lambda: ledger.refuse_export(who.ctx, export_id=export_id, **given),
            lambda _done: _("It is refused. Mend the cause, then make its files anew."),
        )
    else:
        answers.act(
            request,
            lambda: ledger.acknowledge_export(who.ctx, export_id=export_id, **given),
            lambda _done: _("It is acknowledged."),
        )
    return redirect("desk_export", export_id)


@access.staff("POST", roles=roles.WORKING)
def remake(request: HttpRequest, who: Staff, export_id: int) -> HttpResponse:
    """Make the files of a refused export anew, of the same entries."""
    row = _exists(who, export_id)
    answers.act(
        request,
        lambda: ledger.remake_export(who.ctx, export_id=export_id, formats=row.formats),
        lambda _done: _("The files are being made anew, of the same entries."),
    )
    return redirect("desk_export", export_id)


def _exists(who: Staff, export_id: int) -> ExportRow:
    with who.reading():
        return _export(export_id)


@access.staff()
def chart(request: HttpRequest, who: Staff) -> HttpResponse:
    """What our accounts are called in the company's own chart."""
    return _chart(request, who)


def _chart(request: HttpRequest, who: Staff, *, wrong: str = "", status: int = 200) -> HttpResponse:
    with who.reading():
        found = queries.mapped_accounts()
    return answers.page(
        request,
        who,
        "settings_chart",
        status=status,
        accounts=found,
        account_name=books.account_name,
        wrong=wrong,
        typed=request.POST,
    )


@access.staff("POST", roles=roles.RUNNING)
def change_chart(request: HttpRequest, who: Staff) -> HttpResponse:
    """Say what they are called, from the next file on; what stays as is usual is not written down."""
    with who.reading():
        known = queries.mapped_accounts()
    numbers = []
    for each in known:
        number = request.POST.get(f"number-{each.account_id}", "").strip()
        name = request.POST.get(f"name-{each.account_id}", "").strip()
        stands = each.mapped is not None and (number, name) == (each.mapped.number, each.mapped.name)
        if (number or name) and not stands:
            numbers.append(AccountNumber(each.code, number, name))
    if numbers:
        try:
            ledger.map_accounts(who.ctx, numbers=tuple(numbers))
        except DomainError as refusal:
            return _chart(request, who, wrong=refusals.text(refusal), status=422)
    rendering.say(request, _("Saved; it holds for files from now on."))
    return redirect("desk_chart")
