"""A draft on the desk: the forms of one document, the draft that they make, what it adds up to, what is wrong where."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from kvit.desk import answers, head_forms, line_forms
from kvit.desk.head_forms import HeadForm
from kvit.desk.line_forms import Adjustments, Lines, Setting
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import REFERRING, BadDraft, BadLine, Calculated, Draft, DraftLine, Kind, Reckoning, calculate
from kvit.invoicing.queries import CustomerRow, KeptDraft, Reckoned
from kvit.kernel import vat
from kvit.kernel.refusals import DomainError
from kvit.pages import refusals
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties
from kvit.parties.queries import Party

DRAFTED: Final = (Kind.INVOICE, Kind.ESTIMATE, Kind.FEE_NOTE, Kind.SELF_BILLED)
"""Kinds that begin as an empty draft; the others come from a document that is there."""
EDITED: Final = frozenset(DRAFTED) | REFERRING
"""Kinds whose drafts have a form that shows what they say."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What is typed adds up to this, each line's net by its row; `problem` says why it could not be issued so."""

    calculated: Calculated | None
    nets: Mapping[int, int]
    reckoned: Reckoned | None = None
    problem: str = ""

    @property
    def payable_minor(self) -> int:
        """What is asked for."""
        if self.calculated is None:
            return 0
        prepaid = self.reckoned.paper.prepaid_minor if self.reckoned else 0
        return self.calculated.gross_minor + self.calculated.rounding_minor - prepaid


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is being written: its kind, for whom, in whose name, the draft it began as, and the forms."""

    kind: Kind
    customer: CustomerRow | None
    supplier: Party | None
    kept: KeptDraft | None
    setting: Setting
    head: HeadForm
    lines: Lines
    adjustments: Adjustments

    @property
    def currency(self) -> str:
        """The currency of every amount on it."""
        return self.setting.currency

    @property
    def supplier_id(self) -> int | None:
        """Who bills, where it is not the company itself."""
        return self.supplier.id if self.supplier else None

    def is_valid(self) -> bool:
        """Whether everything typed can be read."""
        found = [self.head.is_valid(), self.lines.is_valid(), self.adjustments.is_valid()]
        return all(found)

    def rows(self) -> dict[int, DraftLine]:
        """The lines that can be read, by their row."""
        found = {row: form.line for row, form in enumerate(self.lines.forms) if form.is_valid()}
        return {row: line for row, line in found.items() if line is not None}

    def draft(self) -> Draft:
        """What is typed; where the head cannot be read it is left as it was."""
        plain = Draft(self.customer.id if self.customer else 0, (), self.currency, kind=self.kind)
        base = self.kept.draft if self.kept else plain
        found = replace(base, lines=tuple(self.rows().values()), currency=self.currency)
        if self.head.is_valid():
            found = self.head.filled(found)
        return replace(found, content=self._adjusted(found))

    def _adjusted(self, draft: Draft) -> Any:
        typed = [
            (form.cleaned_data.get("what"), one)
            for form in self.adjustments.forms
            if form.is_valid() and (one := form.adjustment) is not None
        ]
        content = replace(
            draft.more,
            allowances=tuple(one for what, one in typed if what == "allowance"),
            charges=tuple(one for what, one in typed if what == "charge"),
        )
        return content if content != type(content)() else None


def open_sheet(
    who: Staff,
    kind: Kind,
    *,
    customer: CustomerRow | None = None,
    supplier: Party | None = None,
    kept: KeptDraft | None = None,
    data: Any = None,
) -> Sheet:
    """The forms of a document, as typed or as kept. Needs the tenant's scope."""
    country = supplier.country if supplier else who.place.country
    currency = customer.currency if customer else who.place.currency
    currency = kept.draft.currency or currency if kept else currency
    initial: Mapping[str, Any] = {"terms_days": customer.terms_days if customer else 14, "currency": currency}
    if kept is not None:
        initial = head_forms.initial_of(kept.draft, is_published=_is_published(kept.draft))
    head = HeadForm(data, initial=dict(initial), kind=kind, currency=currency, country=country)
    setting = Setting(
        currency=head.chosen_currency,
        rates=vat.rates_on(country, _tax_point(head, who.today)),
        country=country,
        language=_language(customer),
        is_outside=kind is Kind.FEE_NOTE,
    )
    lines = kept.draft.lines if kept else ()
    content = kept.draft.more if kept else None
    adjusted = (
        [*(("allowance", one) for one in content.allowances), *(("charge", one) for one in content.charges)]
        if content
        else []
    )
    return Sheet(
        *(kind, customer, supplier, kept, setting, head),
        line_forms.lines(setting, data, kept=lines),
        line_forms.adjustments(setting, _with_form_count(data), kept=adjusted),
    )


def _with_form_count(data: Any) -> Any:
    """A form without this part has none of it."""
    if data is None or "adjust-TOTAL_FORMS" in data:
        return data
    found = data.copy()
    found.update({"adjust-TOTAL_FORMS": "0", "adjust-INITIAL_FORMS": "0"})
    return found


def _tax_point(head: HeadForm, today: date) -> date:
    if head.is_bound:
        head.is_valid()
        return head.cleaned_data.get("tax_point_date") or today
    return head.initial.get("tax_point_date") or today


def _language(customer: CustomerRow | None) -> str:
    party = parties.party(customer.party_id) if customer else None
    return party.language.value if party else "en"


def _is_published(draft: Draft) -> bool:
    """Whether the rate of a draft is one that is kept, not one that somebody typed."""
    rate = draft.exchange
    if rate is None:
        return True
    kept = invoices.exchange_rates(draft.currency or "", limit=400)
    return any((one.rate, one.rate_date, one.source) == (rate.rate, rate.rate_date, rate.source) for one in kept)


def totals(sheet: Sheet, day: date) -> Totals:
    """What is typed so far adds up to; rows that cannot be read are left out. Needs the tenant's scope."""
    if not sheet.lines.is_bound:
        if sheet.kept is None:
            return Totals(None, {})
        draft, rows = sheet.kept.draft, list(range(len(sheet.kept.draft.lines)))
    else:
        draft, rows = sheet.draft(), list(sheet.rows())
    if not draft.lines:
        return Totals(None, {})
    problem = ""
    try:
        found = invoices.reckoned(draft, day=day, supplier_id=sheet.supplier_id)
    except DomainError as refusal:
        found, problem = None, said(refusal)
    if found is not None:
        calculated = found.prepared.calculated
    else:
        try:
            calculated = calculate(
                draft.lines,
                sheet.currency,
                Reckoning(content=draft.more, prepaid_minor=draft.prepaid_minor, rounds_cash=draft.rounds_cash),
            )
        except DomainError as refusal:
            return Totals(None, {}, None, said(refusal))
    return Totals(calculated, dict(zip(rows, calculated.line_nets, strict=True)), found, problem)


def refused(sheet: Sheet, refusal: DomainError) -> None:
    """Say a refusal where it belongs: at the line, at the field, else on top."""
    if isinstance(refusal, BadLine) and refusal.position:
        row = list(sheet.rows())[refusal.position - 1]
        sheet.lines.forms[row].add_error("description", said(refusal))
        return
    field = None
    if isinstance(refusal, BadDraft):
        field = _FIELDS.get(refusal.rule) or _PLACES.get(refusal.place)
    sheet.head.add_error(field if field in sheet.head.fields else None, said(refusal))


def said(refusal: DomainError) -> str:
    """A refusal in the reader's words, with the rule's number where it has one."""
    if isinstance(refusal, BadDraft) and (refusal.rule or refusal.place):
        return _rule(refusal)
    return refusals.text(refusal)


_PLACES: Final = {"exchange rate": "exchange_rate", "exchange day": "exchange_date"}
_FIELDS: Final = {
    "BR-E-10": "exemption_reason",
    "BR-IC-11": "delivery_date",
    "BR-IC-12": "delivery_country",
    "BR-CO-19": "period_start",
    "BR-29": "period_end",
}
_NUMBERS_OF_BOTH: Final = tuple(f"BR-{category}-0{rule}" for category in ("AE", "IC") for rule in (2, 3, 4))


def _rule(refusal: BadDraft) -> str:
    if refusal.place == "exchange day":
        return _("By law another day's rate holds: that of the day on which the tax falls due, or the one before it.")
    if refusal.place == "exchange rate":
        return _("VAT is stated in the national currency too, and no rate of that day is kept: give one here.")
    told = {
        "BR-E-10": _("Say why it is exempt; it stands on the document."),
        "BR-IC-11": _("A supply within the EU says when it was delivered, or in which period."),
        "BR-IC-12": _("A supply within the EU says to which country it was delivered."),
        **dict.fromkeys(
            _NUMBERS_OF_BOTH,
            _("Both sides need a VAT number here: add it on the customer's page, and in the settings of the company."),
        ),
        **dict.fromkeys(
            ("BR-G-02", "BR-G-03", "BR-G-04"), _("An export needs the company's VAT number: add it in the settings.")
        ),
        **dict.fromkeys(
            ("BR-O-11", "BR-O-12", "BR-O-13", "BR-O-14"),
            _("What is outside the scope of VAT stands alone on its document."),
        ),
    }
    words = told.get(refusal.rule)
    if words is not None:
        return words
    return _("This cannot stand on the document. Rule %(rule)s of EN 16931 says: %(words)s") % {
        "rule": refusal.rule,
        "words": str(refusal).partition(": ")[2],
    }


def with_rows(data: Any) -> Any:
    """The form as sent; with three more rows where the button for more was pressed."""
    found = data.copy()
    for name, prefix, most in (
        ("more", "lines", line_forms.MOST_LINES),
        ("more_adjustments", "adjust", line_forms.MOST_ADJUSTMENTS),
    ):
        if name in found:
            count = answers.number(found.get(f"{prefix}-TOTAL_FORMS")) or 0
            found[f"{prefix}-TOTAL_FORMS"] = str(min(count + line_forms.BLANK, most))
    return found
