"""Credit or correct an issued document; what comes of it is a draft until it is issued."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, drafting, line_forms, roles
from kvit.desk.line_forms import Lines, Setting
from kvit.formats.einvoice.model import CorrectionEffect
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.commands import CorrectionDrafted, CreditDrafted
from kvit.invoicing.domain import DraftLine, Kind
from kvit.invoicing.queries import Document, KeptChange
from kvit.kernel import vat
from kvit.kernel.refusals import DomainError
from kvit.pages import access, figures, rendering, words
from kvit.pages.read import document as documents
from kvit.pages.read.document import Shown
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import queries as parties


class CreditForm(forms.Form):
    """Why an invoice is credited."""

    reason = forms.CharField(label=lazy_gettext("Reason"), max_length=200)


class CorrectionForm(forms.Form):
    """Why an invoice is corrected, and in whose period the books take it."""

    reason = forms.CharField(label=lazy_gettext("Reason"), max_length=200)
    effect = forms.ChoiceField(label=lazy_gettext("Counts in the period of"), required=False)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["effect"].choices = [  # type: ignore[attr-defined]
            (CorrectionEffect.AS_CORRECTION.value, _("the correction")),
            (CorrectionEffect.AS_ORIGINAL.value, _("the corrected document")),
            (CorrectionEffect.OTHERWISE.value, _("another day")),
        ]


@access.staff("GET", "POST", roles=roles.WORKING)
def credit(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Credit an issued invoice, whole or by quantities; the credit note is a draft until it is issued."""
    return _credit(request, who, invoice_id)


def edit_change(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """The form that a draft of a credit note or of a correction was made by, with what it says."""
    with who.reading():
        kept = invoices.kept_change(invoice_id)
    if kept is None:
        raise Http404
    if kept.kind is Kind.CORRECTION:
        return _correct(request, who, kept.of_id, kept)
    return _credit(request, who, kept.of_id, kept)


def _credit(request: HttpRequest, who: Staff, invoice_id: int, kept: KeptChange | None = None) -> HttpResponse:
    with who.reading():
        shown = documents.shown(invoice_id, today=who.today)
    if shown is None or not shown.can_credit:
        raise Http404
    kept_quantities = _quantities(shown.document, kept) if kept else {}
    if kept_quantities is None:
        rendering.complain(request, _("This draft says what the form cannot show. Discard it and make it again."))
        return redirect("desk_invoice", kept.id if kept else invoice_id)
    form = CreditForm(request.POST or None, initial={"reason": kept.reason} if kept else None)
    quantities = {
        line.position: request.POST.get(f"quantity-{line.position}") or kept_quantities.get(line.position)
        for line in shown.document.lines
    }
    if request.method == "POST" and form.is_valid():
        try:
            drafted = _draft_credit(who, shown.document, kept, form.cleaned_data["reason"], quantities)
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _saved(_("The credit note is drafted; look at it and issue it."), kept))
            return redirect("desk_invoice", drafted.invoice_id)
    status = 422 if request.method == "POST" else 200
    return answers.page(request, who, "credit", status=status, shown=shown, form=form, quantities=quantities, kept=kept)


def _draft_credit(
    who: Staff, document: Document, kept: KeptChange | None, reason: str, quantities: Mapping[int, str | None]
) -> CreditDrafted:
    lines = _credited(document, quantities)
    if kept is None:
        return invoicing.draft_credit_note(who.ctx, invoice_id=document.row.id, reason=reason, lines=lines)
    return invoicing.redraft_credit_note(who.ctx, invoice_id=kept.id, reason=reason, lines=lines)


def _saved(first: str, kept: KeptChange | None) -> str:
    return _("The draft is saved.") if kept else first


def _quantities(document: Document, kept: KeptChange) -> dict[int, str | None] | None:
    """How much a draft credits of each line, as text; None where it says something else than quantities."""
    left = list(kept.lines)
    found: dict[int, str | None] = {}
    for line in document.lines:
        is_next = bool(left) and (
            left[0].description,
            left[0].unit_price,
            left[0].vat_rate,
            left[0].unit,
            left[0].category,
        ) == (line.description, line.unit_price, line.vat_rate, line.unit, line.vat_category)
        quantity = left.pop(0).quantity if is_next else Decimal(0)
        found[line.position] = figures.decimal_text(quantity, words.current())
    return None if left else found


def _credited(document: Document, quantities: Mapping[int, str | None]) -> tuple[DraftLine, ...] | None:
    """The lines to credit; None for the whole invoice. Refuses `NotAnAmount`."""
    typed = {position: figures.read_number(text or "0", words.current()) for position, text in quantities.items()}
    if all(typed[line.position] == line.quantity for line in document.lines):
        return None
    return tuple(
        DraftLine(
            line.description,
            typed[line.position],
            line.unit_price,
            line.vat_rate,
            line.unit,
            vat_category=line.vat_category,
        )
        for line in document.lines
        if typed[line.position]
    )


@access.staff("GET", "POST", roles=roles.WORKING)
def correct(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Say what an issued document becomes, line by line; what changes is drafted as a correction."""
    return _correct(request, who, invoice_id)


@dataclass(frozen=True, slots=True)
class _Opened:
    """An issued document with what it is to become, and the draft that said so before."""

    shown: Shown
    lines: Lines
    kept: KeptChange | None


def _correct(request: HttpRequest, who: Staff, invoice_id: int, kept: KeptChange | None = None) -> HttpResponse:
    opened = _opened(request, who, invoice_id, kept)
    initial = {"reason": kept.reason, "effect": kept.effect} if kept else {}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "GET" or "more" in request.POST:
        return _page(request, who, opened, form)
    is_fine = form.is_valid()
    if opened.lines.is_valid() and is_fine:
        try:
            drafted = _draft_correction(who, opened, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, drafting.said(refusal))
        else:
            rendering.say(request, _saved(_("The correction is drafted; look at it and issue it."), kept))
            return redirect("desk_invoice", drafted.invoice_id)
    return _page(request, who, opened, form, status=422)


def _draft_correction(who: Staff, opened: _Opened, typed: Mapping[str, str]) -> CorrectionDrafted:
    lines, effect = _typed(opened.lines), typed["effect"] or CorrectionEffect.AS_CORRECTION.value
    if opened.kept is None:
        of_id = opened.shown.document.row.id
        return invoicing.draft_correction(who.ctx, invoice_id=of_id, reason=typed["reason"], lines=lines, effect=effect)
    return invoicing.redraft_correction(
        who.ctx, invoice_id=opened.kept.id, reason=typed["reason"], lines=lines, effect=effect
    )


def _opened(request: HttpRequest, who: Staff, invoice_id: int, kept: KeptChange | None) -> _Opened:
    with who.reading():
        shown = documents.shown(invoice_id, today=who.today)
        if shown is None or not shown.can_correct:
            raise Http404
        data = drafting.with_rows(request.POST) if request.method == "POST" else None
        supplier = parties.party(shown.document.supplier_id)
        buyer = parties.party(shown.document.row.party_id)
        country = supplier.country if supplier else who.place.country
        day = shown.document.row.issue_date or who.today
        setting = Setting(
            currency=shown.document.row.currency,
            rates=vat.rates_on(country, day),
            country=country,
            language=buyer.language.value if buyer else "en",
        )
        lines = kept.lines if kept else invoices.lines_as_corrected(invoice_id)
        return _Opened(shown, line_forms.lines(setting, data, kept=lines), kept)


def _typed(lines: Lines) -> tuple[DraftLine, ...]:
    return tuple(line for form in lines.forms if form.is_valid() and (line := form.line) is not None)


def _page(
    request: HttpRequest, who: Staff, opened: _Opened, form: CorrectionForm, *, status: int = 200
) -> HttpResponse:
    shown, lines, kept = opened.shown, opened.lines, opened.kept
    becomes = _typed(lines) if lines.is_bound else kept.lines if kept else None
    with who.reading():
        change = invoices.reckoned_correction(shown.document.row.id, becomes) if becomes is not None else None
    return answers.page(
        request,
        who,
        "correct",
        status=status,
        shown=shown,
        lines=lines,
        form=form,
        change=change,
        kept=kept,
        currency=shown.document.row.currency,
    )


@access.staff("POST", roles=roles.WORKING)
def change(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Before, after and the difference of what is typed so far, as a fragment."""
    with who.reading():
        kept = invoices.kept_change(answers.number(request.POST.get("draft")) or 0)
    if kept is not None and (kept.of_id, kept.kind) != (invoice_id, Kind.CORRECTION):
        raise Http404
    opened = _opened(request, who, invoice_id, kept)
    with who.reading():
        found = invoices.reckoned_correction(invoice_id, _typed(opened.lines))
    currency = opened.shown.document.row.currency
    return answers.page(request, who, "_change", change=found, currency=currency, is_fragment=True)
