"""What a draft says beside its lines, as a form: terms, currency, VAT, delivery, references, period, note."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from typing_extensions import override

from kvit.desk import choices
from kvit.formats.einvoice.model import Address, Delivery, Note, PolishTerms, VatCategory
from kvit.invoicing.domain import LONGEST_TERMS, Content, Draft, Exchange, Exemption, Kind, References
from kvit.pages.forms import AmountField, DayField, NumberField
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

PAYMENT: Final = ("terms_days", "payment_reference", "payment_terms", "prepaid", "rounds_cash")
TAX: Final = (
    *("currency", "tax_point_date", "exchange_rate", "exchange_date", "exchange_source"),
    *("exemption_reason", "split_payment", "cash_method"),
)
DELIVERY: Final = (
    *("delivery_date", "delivery_name", "delivery_street", "delivery_postal_code", "delivery_city", "delivery_country"),
)
REFERENCES: Final = ("buyer_reference", "order_reference", "contract_reference", "project_reference")
PERIOD: Final = ("period_start", "period_end")
_LONGEST: Final = 200


def _text(label: Any, longest: int = _LONGEST) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False)


class HeadForm(forms.Form):
    """What holds for the whole document."""

    terms_days = forms.IntegerField(label=lazy_gettext("Days to pay"), min_value=0, max_value=LONGEST_TERMS)
    payment_reference = _text(lazy_gettext("Payment reference"), 35)
    payment_terms = _text(lazy_gettext("Terms in words"), 500)
    rounds_cash = forms.BooleanField(label=lazy_gettext("Round to whole kronor"), required=False)
    currency = forms.ChoiceField(label=lazy_gettext("Currency"), choices=choices.CURRENCIES, required=False)
    tax_point_date = DayField(label=lazy_gettext("Day of sale, if not the day of issue"), required=False)
    exchange_rate = NumberField(label=lazy_gettext("Exchange rate for VAT"), required=False)
    exchange_date = DayField(label=lazy_gettext("Rate of"), required=False)
    exchange_source = _text(lazy_gettext("Who published it"), 60)
    exemption_reason = _text(lazy_gettext("Why it is exempt from VAT"), 300)
    split_payment = forms.BooleanField(label=lazy_gettext("Split payment (MPP)"), required=False)
    cash_method = forms.BooleanField(label=lazy_gettext("VAT falls due when it is paid"), required=False)
    delivery_date = DayField(label=lazy_gettext("Delivered on"), required=False)
    delivery_name = _text(lazy_gettext("Delivered to"))
    delivery_street = _text(lazy_gettext("Street"))
    delivery_postal_code = _text(lazy_gettext("Postal code"), 20)
    delivery_city = _text(lazy_gettext("Town"))
    delivery_country = forms.ChoiceField(
        label=lazy_gettext("Country"), choices=lambda: [("", "–"), *choices.countries()], required=False
    )
    buyer_reference = _text(lazy_gettext("Customer's reference"))
    order_reference = _text(lazy_gettext("Order"))
    contract_reference = _text(lazy_gettext("Contract"))
    project_reference = _text(lazy_gettext("Project"))
    period_start = DayField(label=lazy_gettext("From"), required=False)
    period_end = DayField(label=lazy_gettext("To"), required=False)
    note = forms.CharField(
        label=lazy_gettext("Note on the document"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *given: Any, kind: Kind, currency: str, country: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.kept_currency = currency
        self.fields["prepaid"] = AmountField(
            label=_("Paid before, settled with the customer's advances"), currency=self.chosen_currency, required=False
        )
        gone = []
        if country != "PL":
            gone.append("split_payment")
        if country not in ("PL", "RO"):
            gone.append("cash_method")
        if self.chosen_currency != "SEK":
            gone.append("rounds_cash")
        if kind is Kind.SELF_BILLED:
            gone += ["payment_reference", "prepaid", "rounds_cash", "exchange_rate", "exchange_date", "exchange_source"]
        if kind in (Kind.ESTIMATE, Kind.FEE_NOTE):
            gone.append("prepaid")
        for name in gone:
            self.fields.pop(name, None)

    @property
    def chosen_currency(self) -> str:
        """The currency that was chosen, or the one that is kept."""
        wanted = str(self.data.get("currency") or "") if self.is_bound else ""
        return wanted if (wanted, wanted) in choices.CURRENCIES else self.kept_currency

    def group(self, names: tuple[str, ...]) -> list[Any]:
        """The fields of a group that this document has."""
        return [self[name] for name in names if name in self.fields]

    def is_used(self, names: tuple[str, ...]) -> bool:
        """Whether anything stands in a group, or is wrong there."""
        return any(bound.errors or bound.value() for bound in self.group(names))

    @override
    def clean(self) -> dict[str, Any]:
        """What belongs together is whole."""
        typed = self.cleaned_data
        start, end = typed.get("period_start"), typed.get("period_end")
        if bool(start) != bool(end) and not {"period_start", "period_end"} & set(self.errors):
            self.add_error("period_end" if start else "period_start", _("A period has a first and a last day."))
        if start and end and start > end:
            self.add_error("period_end", _("The period ends before it begins."))
        rate = [typed.get(name) for name in ("exchange_rate", "exchange_date", "exchange_source")]
        if any(rate) and not all(rate) and "exchange_rate" in self.fields:
            self.add_error("exchange_rate", _("A rate has its day and says who published it."))
        return typed

    def filled(self, draft: Draft) -> Draft:
        """The draft with what was typed; what the form does not show stays."""
        typed = self.cleaned_data
        period = (typed["period_start"], typed["period_end"]) if typed.get("period_start") else None
        references = References(
            *(typed[name].strip() for name in ("buyer_reference", "order_reference")),
            *(typed[name].strip() for name in ("contract_reference", "project_reference")),
        )
        rate = typed.get("exchange_rate")
        return replace(
            draft,
            currency=self.chosen_currency,
            terms_days=typed["terms_days"],
            payment_reference=typed.get("payment_reference", ""),
            tax_point_date=typed.get("tax_point_date"),
            exchange=Exchange(rate, typed["exchange_date"], typed["exchange_source"]) if rate else None,
            prepaid_minor=typed.get("prepaid") or 0,
            rounds_cash=bool(typed.get("rounds_cash")),
            references=references if references != References() else None,
            period=period,
            content=self._content(draft.more),
        )

    def _content(self, kept: Content) -> Content:
        typed = self.cleaned_data
        exempt = [one for one in kept.exemptions if one.category == VatCategory.EXEMPT]
        others = tuple(one for one in kept.exemptions if one.category != VatCategory.EXEMPT)
        reason = typed["exemption_reason"].strip()
        if reason and not (exempt and exempt[0].reason == reason):
            exempt = [Exemption(category=VatCategory.EXEMPT.value, reason=reason)]
        return replace(
            kept,
            exemptions=(*others, *(exempt if reason else ())),
            notes=kept.notes if _joined(kept) == typed["note"].strip() else _notes(typed["note"]),
            delivery=self._delivery(kept.delivery or Delivery()),
            payment_terms=typed["payment_terms"].strip(),
            polish=self._polish(kept.polish or PolishTerms()),
        )

    def _delivery(self, kept: Delivery) -> Delivery | None:
        typed = self.cleaned_data
        address = replace(
            kept.address or Address(),
            line1=typed["delivery_street"].strip(),
            postcode=typed["delivery_postal_code"].strip(),
            city=typed["delivery_city"].strip(),
            country=typed["delivery_country"],
        )
        found = replace(
            kept,
            name=typed["delivery_name"].strip(),
            date=typed["delivery_date"],
            address=address if address != Address() else None,
        )
        return found if found != Delivery() else None

    def _polish(self, kept: PolishTerms) -> PolishTerms | None:
        typed = self.cleaned_data
        found = replace(
            kept,
            split_payment=bool(typed.get("split_payment", kept.split_payment)),
            cash_method=bool(typed.get("cash_method", kept.cash_method)),
        )
        return found if found != PolishTerms() else None


def _joined(content: Content) -> str:
    return "\n\n".join(note.text for note in content.notes).strip()


def _notes(text: str) -> tuple[Note, ...]:
    parts = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(Note(text=part) for part in parts if part)


def initial_of(draft: Draft, *, is_published: bool) -> Mapping[str, Any]:
    """What the form shows of a draft; a rate that `is_published` is not typed by hand and found anew each day."""
    content, told = draft.more, draft.references or References()
    delivery = content.delivery or Delivery()
    address = delivery.address or Address()
    polish = content.polish or PolishTerms()
    rate = None if is_published else draft.exchange
    exempt = [one.reason for one in content.exemptions if one.category == VatCategory.EXEMPT]
    return {
        "terms_days": draft.terms_days,
        "payment_reference": draft.payment_reference,
        "payment_terms": content.payment_terms,
        "prepaid": draft.prepaid_minor or None,
        "rounds_cash": draft.rounds_cash,
        "currency": draft.currency,
        "tax_point_date": draft.tax_point_date,
        "exchange_rate": rate.rate.normalize() if rate else None,
        "exchange_date": rate.rate_date if rate else None,
        "exchange_source": rate.source if rate else "",
        "exemption_reason": exempt[0] if exempt else "",
        "split_payment": polish.split_payment,
        "cash_method": polish.cash_method,
        "delivery_date": delivery.date,
        "delivery_name": delivery.name,
        "delivery_street": address.line1,
        "delivery_postal_code": address.postcode,
        "delivery_city": address.city,
        "delivery_country": address.country,
        "buyer_reference": told.buyer,
        "order_reference": told.order,
        "contract_reference": told.contract,
        "project_reference": told.project,
        "period_start": draft.period[0] if draft.period else None,
        "period_end": draft.period[1] if draft.period else None,
        "note": _joined(content),
    }
