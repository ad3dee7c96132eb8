"""The editor: a document of any kind that begins as a draft, with live totals, a preview, and its issue."""

from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, correcting, drafting, head_forms, line_forms, roles
from kvit.desk.drafting import DRAFTED, EDITED, Sheet
from kvit.documents import queries as drawn
from kvit.documents.domain.refusals import NotRenderable
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.commands import SelfBilledDraft
from kvit.invoicing.domain import REFERRING, InvoiceState, Kind
from kvit.invoicing.queries import CustomerRow, KeptDraft
from kvit.kernel.refusals import DomainError
from kvit.pages import access, kinds, previews, refusals, rendering
from kvit.pages.read import agreements, finding, looks
from kvit.pages.read import customer as customers
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties
from kvit.parties.queries import Party

SOURCES: Final = {"order": "desk_new_order", "contract": "desk_new_contract"}
"""What is no document and begins with a customer too."""


@access.staff("GET", "POST", roles=roles.WORKING)
def new_invoice(request: HttpRequest, who: Staff) -> HttpResponse:
    """Which kind and for whom, then the lines; saved as a draft."""
    wanted = request.GET.get("kind", "")
    kind = _kind(wanted)
    if kind is Kind.SELF_BILLED:
        return _new_self_billed(request, who)
    customer_id = answers.number(request.GET.get("customer"))
    if customer_id is None:
        with who.reading():
            text = answers.typed(request.GET.get("q"))
            shown = finding.find(text, today=who.today).customers if text else ()
            latest = () if text else customers.rows(invoices.customers(limit=12), today=who.today)
            source = SOURCES.get(wanted)
            return answers.page(
                request,
                who,
                "new_invoice",
                text=text,
                rows=shown or latest,
                kind=(source and wanted) or kind.value,
                kinds=_kinds(),
                source=source,
            )
    return _edit(request, who, kind, customer=customer_of(who, customer_id))


def _kind(text: str | None) -> Kind:
    return Kind(text) if text in set(DRAFTED) else Kind.INVOICE


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, kinds.name(kind)) for kind in DRAFTED]


def _new_self_billed(request: HttpRequest, who: Staff) -> HttpResponse:
    """In the name of which supplier, of those with whom it is agreed."""
    with who.reading():
        agreed = {
            one.supplier_id: one.prefix for one in invoices.agreements() if agreements.is_in_force(one, who.today)
        }
        people = parties.parties(list(agreed))
    supplier = people.get(answers.number(request.GET.get("supplier")) or 0)
    if supplier is not None:
        return _edit(request, who, Kind.SELF_BILLED, supplier=supplier)
    rows = sorted(((people[party_id].name, party_id, prefix) for party_id, prefix in agreed.items()))
    return answers.page(request, who, "new_self_billed", rows=rows, kind=Kind.SELF_BILLED.value, kinds=_kinds())


@access.staff("GET", "POST", roles=roles.WORKING)
def edit_invoice(request: HttpRequest, who: Staff, invoice_id: int) -> HttpResponse:
    """Change a draft; the changed one is a new draft, the old one is kept aside."""
    with who.reading():
        kept = invoices.kept_draft(invoice_id)
        document = invoices.document(invoice_id)
    if document is None or document.row.kind not in EDITED:
        raise Http404
    if kept is None or kept.state == InvoiceState.ISSUED:
        rendering.complain(request, _("An issued invoice is final; credit it instead."))
        return redirect("desk_invoice", invoice_id)
    is_sent_again = request.method == "POST" and document.row.kind not in REFERRING  # answered as it was at first
    if kept.state == InvoiceState.DISCARDED and not is_sent_again:
        rendering.complain(request, _("This draft was changed or discarded in the meantime."))
        return redirect("desk_invoices")
    if document.row.kind in REFERRING:
        return correcting.edit_change(request, who, invoice_id)
    return _edit(request, who, kept.draft.kind, kept=kept, **_sides(who, kept))


def _sides(who: Staff, kept: KeptDraft) -> dict[str, Any]:
    """For whom a kept draft is, and in whose name."""
    customer = customer_of(who, kept.draft.customer_id)
    if kept.draft.kind is not Kind.SELF_BILLED:
        return {"customer": customer}
    with who.reading():
        return {"customer": customer, "supplier": parties.party(kept.supplier_id)}


def customer_of(who: Staff, customer_id: int) -> CustomerRow:
    """The customer, of this company; anything else is not found."""
    with who.reading():
        found = invoices.customer(customer_id)
    if found is None:
        raise Http404
    return found


def _edit(
    request: HttpRequest,
    who: Staff,
    kind: Kind,
    *,
    customer: CustomerRow | None = None,
    supplier: Party | None = None,
    kept: KeptDraft | None = None,
) -> HttpResponse:
    data = drafting.with_rows(request.POST) if request.method == "POST" else None
    with who.reading():
        sheet = drafting.open_sheet(who, kind, customer=customer, supplier=supplier, kept=kept, data=data)
    if data is None or "more" in data or "more_adjustments" in data:
        return _editor(request, who, sheet)
    if "preview" in data:
        return _preview(request, who, sheet)
    saved = _save(who, sheet)
    if saved is None:
        return _editor(request, who, sheet, status=422)
    if "issue" not in data:
        rendering.say(request, _("The draft is saved."))
        return redirect("desk_invoice", saved)
    answers.act(
        request,
        lambda: invoicing.issue_invoices(
            replace(who.ctx, key=f"{who.ctx.key}:issue" if who.ctx.key else None),
            invoice_ids=(saved,),
            issue_date=who.today,
        ),
        lambda done: _("%(number)s is issued.") % {"number": done.numbers[0]},
    )
    return redirect("desk_invoice", saved)


def _save(who: Staff, sheet: Sheet) -> int | None:
    """The draft's id; None where something is wrong, which the forms then say."""
    if not sheet.is_valid():
        return None
    draft = sheet.draft()
    try:
        if sheet.kind is Kind.SELF_BILLED:
            return _save_self_billed(who, sheet)
        if sheet.kept is None:
            return invoicing.draft_invoices(who.ctx, drafts=(draft,), day=who.today).invoice_ids[0]
        changed = invoicing.redraft(who.ctx, invoice_id=sheet.kept.id, draft=draft, day=who.today)
        return changed.invoice_ids[0]
    except DomainError as refusal:
        drafting.refused(sheet, refusal)
        return None


def _save_self_billed(who: Staff, sheet: Sheet) -> int:
    draft = sheet.draft()
    billed = SelfBilledDraft(
        sheet.supplier_id or 0,
        draft.lines,
        sheet.currency,
        terms_days=draft.terms_days or 0,
        tax_point_date=draft.tax_point_date,
        references=draft.references,
        period=draft.period,
        content=draft.content,
    )
    if sheet.kept is None:
        return invoicing.draft_self_billed(who.ctx, drafts=(billed,), day=who.today).invoice_ids[0]
    changed = invoicing.redraft_self_billed(who.ctx, invoice_id=sheet.kept.id, draft=billed, day=who.today)
    return changed.invoice_ids[0]


def _preview(request: HttpRequest, who: Staff, sheet: Sheet) -> HttpResponse:
    """The document as it would be if it were issued today."""
    if not sheet.is_valid():
        return _editor(request, who, sheet, status=422)
    try:
        with who.reading():
            found = invoices.reckoned(sheet.draft(), day=who.today, supplier_id=sheet.supplier_id)
            drawn_as = previews.sheet(found, day=who.today) if found is not None else None
            logo = looks.logo(drawn.look())
    except DomainError as refusal:
        drafting.refused(sheet, refusal)
        return _editor(request, who, sheet, status=422)
    if drawn_as is None:
        sheet.head.add_error(None, _("There is nothing to be seen before the first one of this kind is saved."))
        return _editor(request, who, sheet, status=422)
    try:
        picture = previews.picture(drawn_as, logo=logo)
    except NotRenderable as refusal:
        sheet.head.add_error(None, refusals.text(refusal))
        return _editor(request, who, sheet, status=422)
    return _editor(request, who, sheet, picture=picture)


def _editor(request: HttpRequest, who: Staff, sheet: Sheet, *, status: int = 200, picture: str = "") -> HttpResponse:
    with who.reading():
        party_id = sheet.customer.party_id if sheet.customer else None
        name = sheet.supplier.name if sheet.supplier else parties.names([party_id or 0]).get(party_id or 0, "")
        totals = drafting.totals(sheet, who.today)
    return answers.page(
        request,
        who,
        "editor",
        status=status,
        sheet=sheet,
        name=name,
        totals=totals,
        currency=sheet.currency,
        picture=picture,
        category_names=line_forms.category_names,
        groups=_groups(sheet),
    )


def _groups(sheet: Sheet) -> list[tuple[str, list[Any], bool]]:
    """What is folded away until it is wanted: name, fields, whether something stands there."""
    names = (
        (_("Currency and VAT"), head_forms.TAX),
        (_("Delivery"), head_forms.DELIVERY),
        (_("References and period"), (*head_forms.REFERENCES, *head_forms.PERIOD)),
    )
    plain = {"currency"}
    return [
        (name, sheet.head.group(fields), sheet.head.is_used(tuple(f for f in fields if f not in plain)))
        for name, fields in names
    ]


@access.staff("POST", roles=roles.WORKING)
def totals(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """The totals of what is typed so far, as a fragment; without a customer those of a self-billed document."""
    kind = _kind(request.POST.get("kind"))
    customer = customer_of(who, customer_id) if customer_id else None
    with who.reading():
        supplier = None
        if kind is Kind.SELF_BILLED:
            supplier = parties.parties([answers.number(request.POST.get("supplier")) or 0]).get(
                answers.number(request.POST.get("supplier")) or 0
            )
        if customer is None and supplier is None:
            raise Http404
        kept = invoices.kept_draft(answers.number(request.POST.get("draft")) or 0)
        sheet = drafting.open_sheet(
            who, kind, customer=customer, supplier=supplier, kept=kept, data=request.POST.copy()
        )
        found = drafting.totals(sheet, who.today)
        return answers.page(
            request,
            who,
            "_totals",
            totals=found,
            currency=sheet.currency,
            category_names=line_forms.category_names,
            is_fragment=True,
        )
