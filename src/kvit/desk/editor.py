"""The editor: a draft line by line with its totals, a changed draft, a credit note."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, roles
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import LONGEST_TERMS, Calculated, Draft, DraftLine, InvoiceState, Kind, calculate
from kvit.invoicing.queries import CustomerRow, Document
from kvit.kernel import vat
from kvit.kernel.refusals import DomainError
from kvit.pages import access, figures, rendering, words
from kvit.pages.forms import NumberField
from kvit.pages.read import customer as customers
from kvit.pages.read import document as documents
from kvit.pages.read import finding
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import queries as parties

BLANK: Final = 3
MOST_LINES: Final = 200


class LineForm(forms.Form):
    """A line; one without a description and a price is no line."""

    description = forms.CharField(label=lazy_gettext("Description"), max_length=500, required=False)
    quantity = NumberField(label=lazy_gettext("Quantity"), required=False)
    unit = forms.CharField(label=lazy_gettext("Unit"), max_length=20, required=False)
    unit_price = NumberField(label=lazy_gettext("Price"), required=False)
    vat_rate = forms.ChoiceField(label=lazy_gettext("VAT"), required=False)

    def __init__(self, *given: Any, rates: Iterable[Decimal], **more: Any) -> None:
        super().__init__(*given, **more)
        language = words.current()
        self.fields["vat_rate"].choices = [  # type: ignore[attr-defined]
            (f"{rate.normalize():f}", figures.percent_text(rate, language)) for rate in rates
        ]

    @property
    def line(self) -> DraftLine | None:
        """What was typed; None for an empty line."""
        typed = self.cleaned_data
        if not typed.get("description") and typed.get("unit_price") is None:
            return None
        quantity = typed.get("quantity")
        return DraftLine(
            description=typed.get("description", ""),
            quantity=Decimal(1) if quantity is None else quantity,
            unit_price=typed.get("unit_price") or Decimal(0),
            vat_rate=Decimal(typed.get("vat_rate") or 0),
            unit=typed.get("unit", ""),
        )


class HeadForm(forms.Form):
    """What holds for the whole invoice."""

    terms_days = forms.IntegerField(label=lazy_gettext("Days to pay"), min_value=0, max_value=LONGEST_TERMS)
    payment_reference = forms.CharField(label=lazy_gettext("Payment reference"), max_length=35, required=False)


class CreditForm(forms.Form):
    """Why an invoice is credited."""

    reason = forms.CharField(label=lazy_gettext("Reason"), max_length=200)


Lines: TypeAlias = "BaseFormSet[LineForm]"


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines add up to, each line's net by its row; `problem` says why they do not."""

    calculated: Calculated | None
    nets: Mapping[int, int]
    problem: str = ""


def _lines(rates: tuple[Decimal, ...], data: Any = None, initial: list[dict[str, Any]] | None = None) -> Lines:
    made = formset_factory(
        LineForm, extra=0 if data is not None else BLANK, max_num=MOST_LINES, absolute_max=MOST_LINES
    )
    return made(data, initial=initial, prefix="lines", form_kwargs={"rates": rates})


def _totals(lines: Lines, currency: str) -> Totals:
    """What is typed so far; rows that cannot be read are left out."""
    kept: dict[int, DraftLine] = {}
    for row, form in enumerate(lines.forms):
        if form.is_valid() and (line := form.line) is not None:
            kept[row] = line
    try:
        calculated = calculate(tuple(kept.values()), currency)
    except DomainError as refusal:
        return Totals(None, {}, str(refusal))
    return Totals(calculated, dict(zip(kept, calculated.line_nets, strict=True)))


@access.staff("GET", "POST", roles=roles.WORKING)
def new_invoice(request: HttpRequest, who: Staff) -> HttpResponse:
    """For whom, then the lines; saved as a draft."""
    customer_id = answers.number(request.GET.get("customer"))
    if customer_id is None:
        with who.reading():
            text = answers.typed(request.GET.get("q"))
            shown = finding.find(text, today=who.today).customers if text else ()
            latest = () if text else customers.rows(invoices.customers(limit=12), today=who.today)
            return answers.page(request, who, "new_invoice", text=text, rows=shown or latest)
    return _edit(request, who, _customer(who, customer_id), None)


@access.staff("GET", "POST", roles=roles.WORKING)
def edit_invoice(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Change a draft; the changed one is a new draft, the old one is kept aside."""
    with who.reading():
        document = invoices.document(invoice_id)
    if document is None or document.row.kind != Kind.INVOICE:
        raise Http404
    if document.row.state != InvoiceState.DRAFT:
        rendering.complain(request, _("An issued invoice is final; credit it instead."))
        return redirect("desk_invoice", invoice_id)
    return _edit(request, who, _customer(who, document.row.customer_id), document)


def _customer(who: Staff, customer_id: int) -> CustomerRow:
    with who.reading():
        found = invoices.customer(customer_id)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is being edited: for whom, the draft it began as, and the forms."""

    customer: CustomerRow
    document: Document | None
    head: HeadForm
    lines: Lines


def _edit(request: HttpRequest, who: Staff, customer: CustomerRow, document: Document | None) -> HttpResponse:
    rates = vat.rates_on(who.place.country, who.today)
    if request.method == "GET":
        head = HeadForm(initial=_head_of(customer, document))
        return _editor(request, who, _Sheet(customer, document, head, _lines(rates, initial=_lines_of(document))))
    sheet = _Sheet(customer, document, HeadForm(request.POST), _lines(rates, data=_with_rows(request)))
    if "more" in request.POST:
        return _editor(request, who, sheet)
    saved = _save(who, sheet)
    if saved is None:
        return _editor(request, who, sheet, 422)
    rendering.say(request, _("The draft is saved."))
    return redirect("desk_invoice", saved)


def _with_rows(request: HttpRequest) -> Any:
    """The form as sent; with three more rows where the button for more was pressed."""
    data = request.POST.copy()
    count = answers.number(data.get("lines-TOTAL_FORMS")) or 0
    if "more" in data:
        data["lines-TOTAL_FORMS"] = str(min(count + BLANK, MOST_LINES))
    return data


def _save(who: Staff, sheet: _Sheet) -> int | None:
    """The draft's id; None where something is wrong, which the forms then say."""
    if not (sheet.head.is_valid() and sheet.lines.is_valid()):
        return None
    draft = Draft(
        customer_id=sheet.customer.id,
        lines=tuple(line for form in sheet.lines.forms if (line := form.line) is not None),
        terms_days=sheet.head.cleaned_data["terms_days"],
        payment_reference=sheet.head.cleaned_data["payment_reference"],
    )
    try:
        if sheet.document is None:
            return invoicing.draft_invoices(who.ctx, drafts=(draft,), day=who.today).invoice_ids[0]
        changed = invoicing.redraft(who.ctx, invoice_id=sheet.document.row.id, draft=draft, day=who.today)
        return changed.invoice_ids[0]
    except DomainError as refusal:
        answers.refused(sheet.head, refusal)
        return None


def _editor(request: HttpRequest, who: Staff, sheet: _Sheet, status: int = 200) -> HttpResponse:
    customer = sheet.customer
    totals = _totals(sheet.lines, customer.currency) if sheet.lines.is_bound else _totals_of(sheet.document)
    with who.reading():
        name = parties.names([customer.party_id]).get(customer.party_id, "")
    return answers.page(
        request,
        who,
        "editor",
        status=status,
        customer=customer,
        name=name,
        document=sheet.document,
        head=sheet.head,
        lines=sheet.lines,
        totals=totals,
        currency=customer.currency,
    )


def _head_of(customer: CustomerRow, document: Document | None) -> dict[str, Any]:
    if document is None:
        return {"terms_days": customer.terms_days}
    return {"terms_days": document.terms_days, "payment_reference": document.given_reference}


def _lines_of(document: Document | None) -> list[dict[str, Any]]:
    if document is None:
        return []
    return [
        {
            "description": line.description,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.unit_price,
            "vat_rate": f"{line.vat_rate.normalize():f}",
        }
        for line in document.lines
    ]


def _totals_of(document: Document | None) -> Totals:
    if document is None:
        return Totals(None, {})
    drafts = tuple(DraftLine(x.description, x.quantity, x.unit_price, x.vat_rate, x.unit) for x in document.lines)
    calculated = calculate(drafts, document.row.currency)
    return Totals(calculated, dict(enumerate(calculated.line_nets)))


@access.staff("POST", roles=roles.WORKING)
def totals(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """The totals of what is typed so far, as a fragment."""
    customer = _customer(who, customer_id)
    lines = _lines(vat.rates_on(who.place.country, who.today), data=request.POST)
    return answers.page(
        request, who, "_totals", totals=_totals(lines, customer.currency), currency=customer.currency, is_fragment=True
    )


@access.staff("GET", "POST", roles=roles.WORKING)
def credit(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Credit an issued invoice, whole or by quantities; the credit note is a draft until it is issued."""
    with who.reading():
        shown = documents.shown(invoice_id, today=who.today)
    if shown is None or shown.document.row.kind != Kind.INVOICE or shown.document.row.number is None:
        raise Http404
    form = CreditForm(request.POST or None)
    quantities = {line.position: request.POST.get(f"quantity-{line.position}") for line in shown.document.lines}
    if request.method == "POST" and form.is_valid():
        try:
            drafted = invoicing.draft_credit_note(
                who.ctx,
                invoice_id=invoice_id,
                reason=form.cleaned_data["reason"],
                lines=_credited(shown.document, quantities),
            )
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("The credit note is drafted; look at it and issue it."))
            return redirect("desk_invoice", drafted.invoice_id)
    status = 422 if request.method == "POST" else 200
    return answers.page(request, who, "credit", status=status, shown=shown, form=form, quantities=quantities)


def _credited(document: Document, quantities: Mapping[int, str | None]) -> tuple[DraftLine, ...] | None:
    """The lines to credit; None for the whole invoice. Refuses `NotAnAmount`."""
    typed = {position: figures.read_number(text or "0", words.current()) for position, text in quantities.items()}
    if all(typed[line.position] == line.quantity for line in document.lines):
        return None
    return tuple(
        DraftLine(line.description, typed[line.position], line.unit_price, line.vat_rate, line.unit)
        for line in document.lines
        if typed[line.position]
    )
