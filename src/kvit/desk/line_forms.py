"""Lines of a draft as forms, with what is taken off and added, on a line and on the whole document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeAlias

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from typing_extensions import override

from kvit.formats.einvoice.model import Adjustment, PolishLine, VatCategory
from kvit.invoicing.domain import DraftLine, LineContent
from kvit.invoicing.domain.draft import DECIMALS, LARGEST
from kvit.kernel import units
from kvit.kernel.money import NotRepresentable, round_half_up
from kvit.pages import figures, refusals, words
from kvit.pages.forms import NumberField
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

BLANK: Final = 3
MOST_LINES: Final = 200
MOST_ADJUSTMENTS: Final = 20
DISCOUNT: Final = "95"
OTHER_CHARGE: Final = "ABK"
"""A discount (UNTDID 5189) and a miscellaneous charge (UNTDID 7161), where no other reason is given."""
_BY_CATEGORY: Final = (
    VatCategory.EXEMPT,
    VatCategory.REVERSE_CHARGE,
    VatCategory.INTRA_COMMUNITY,
    VatCategory.EXPORT,
    VatCategory.OUTSIDE_SCOPE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a draft is written: currency, the rates of the law and categories beside them, the customer's language."""

    currency: str
    rates: tuple[Decimal, ...]
    country: str
    language: str
    is_outside: bool = False

    @property
    def vat(self) -> list[tuple[str, str]]:
        """What can be chosen as VAT."""
        names = category_names()
        if self.is_outside:
            return [(VatCategory.OUTSIDE_SCOPE.value, names[VatCategory.OUTSIDE_SCOPE])]
        language = words.current()
        found = [(f"{rate.normalize():f}", figures.percent_text(rate, language)) for rate in self.rates]
        return [*found, *((category.value, names[category]) for category in _BY_CATEGORY)]

    def vat_of(self, chosen: str) -> tuple[str, Decimal]:
        """Category ("" where the rate tells it) and rate of what was chosen."""
        if chosen in {category.value for category in _BY_CATEGORY}:
            return chosen, Decimal(0)
        return "", Decimal(chosen or 0)

    def chosen_of(self, category: str, rate: Decimal | None) -> str:
        """The other way round."""
        return category if category in _BY_CATEGORY else f"{(rate or Decimal(0)).normalize():f}"

    def said(self, message: str) -> str:
        """A word in the customer's language."""
        with words.reading(self.language):
            return _(message)


def category_names() -> dict[str, str]:
    """What the VAT categories without a rate are called."""
    return {
        VatCategory.EXEMPT: _("Exempt"),
        VatCategory.REVERSE_CHARGE: _("Reverse charge"),
        VatCategory.INTRA_COMMUNITY: _("Supply within the EU"),
        VatCategory.EXPORT: _("Export"),
        VatCategory.OUTSIDE_SCOPE: _("Outside the scope of VAT"),
    }


class PartField(forms.CharField):
    """An amount, or so many percent with the sign: cleaned to an `Adjustment` without a reason."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", 40)
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        super().__init__(widget=widget, required=False, **given)
        self.currency = ""

    @override
    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        language = words.current()
        try:
            if text.endswith("%"):
                percent = figures.read_number(text[:-1], language)
                found = Adjustment(percent=percent)
                is_fine = 0 < percent <= 100
            else:
                found = Adjustment(amount_minor=figures.read_amount(text, self.currency, language))
                is_fine = (found.amount_minor or 0) > 0
        except (figures.NotAnAmount, NotRepresentable):
            is_fine = False
        if not is_fine:
            raise ValidationError(_("Write an amount, or a part of 100 like 10 %."))
        return found

    @override
    def prepare_value(self, value: Any) -> Any:
        return part_text(value, self.currency) if isinstance(value, Adjustment) else value


def part_text(one: Adjustment, currency: str) -> str:
    """An allowance or a charge as it was typed."""
    language = words.current()
    if one.percent is not None:
        return f"{figures.decimal_text(one.percent, language)} %"
    return figures.money_text(one.amount_minor or 0, currency, language, bare=True)


class LineForm(forms.Form):
    """A line; one without a description and a price is no line."""

    description = forms.CharField(label=lazy_gettext("Description"), max_length=500, required=False)
    quantity = NumberField(label=lazy_gettext("Quantity"), required=False)
    unit = forms.CharField(label=lazy_gettext("Unit"), max_length=20, required=False)
    unit_price = NumberField(label=lazy_gettext("Price"), required=False)
    vat_rate = forms.ChoiceField(label=lazy_gettext("VAT"), required=False)
    origin = forms.IntegerField(required=False, widget=forms.HiddenInput())
    discount = PartField(label=lazy_gettext("Discount"))
    discount_reason = forms.CharField(label=lazy_gettext("Why a discount"), max_length=200, required=False)
    charge = PartField(label=lazy_gettext("Charge on top"))
    charge_reason = forms.CharField(label=lazy_gettext("What the charge is for"), max_length=200, required=False)
    details = forms.CharField(label=lazy_gettext("More about it"), max_length=1000, required=False)
    item = forms.CharField(label=lazy_gettext("Item number"), max_length=60, required=False)
    annex_15 = forms.BooleanField(label=lazy_gettext("Goods or services of annex 15"), required=False)

    def __init__(self, *given: Any, setting: Setting, kept: Mapping[int, DraftLine], **more: Any) -> None:
        super().__init__(*given, **more)
        self._setting, self._kept = setting, kept
        self.fields["vat_rate"].choices = setting.vat  # type: ignore[attr-defined]
        for name in ("discount", "charge"):
            self.fields[name].currency = setting.currency  # type: ignore[attr-defined]
        if setting.country != "PL":
            del self.fields["annex_15"]

    MORE: Final = ("discount", "discount_reason", "charge", "charge_reason", "details", "item", "annex_15")

    @property
    def has_more(self) -> bool:
        """Whether something stands in what is folded away."""
        return any(self[name].errors or self[name].value() for name in self.MORE if name in self.fields)

    def more(self) -> list[Any]:
        """The fields that are folded away."""
        return [self[name] for name in self.MORE if name in self.fields]

    @override
    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if self.is_blank:
            return typed
        if "description" in typed and not typed["description"].strip():
            self.add_error("description", _("Say what is invoiced."))
        for name in ("quantity", "unit_price"):
            number = typed.get(name)
            if number is not None and (round_half_up(number, DECIMALS) != number or abs(number) >= LARGEST):
                self.add_error(name, _("At most 6 decimals and 12 digits before them."))
        try:
            units.code_of(typed.get("unit", ""))
        except units.UnknownUnit as refusal:
            self.add_error("unit", refusals.text(refusal))
        return typed

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed that makes a line."""
        typed = self.cleaned_data
        wrong = {"description", "quantity", "unit_price"} & set(self.errors)
        return not wrong and not typed.get("description") and typed.get("unit_price") is None

    @property
    def line(self) -> DraftLine | None:
        """What was typed; None for an empty line."""
        if self.is_blank:
            return None
        typed = self.cleaned_data
        quantity = typed.get("quantity")
        category, rate = self._setting.vat_of(typed.get("vat_rate") or "")
        return DraftLine(
            description=typed.get("description", ""),
            quantity=Decimal(1) if quantity is None else quantity,
            unit_price=typed.get("unit_price") or Decimal(0),
            vat_rate=rate,
            unit=self._unit(),
            vat_category=category,
            content=self._content(),
        )

    @property
    def _before(self) -> DraftLine | None:
        """The line that is being changed."""
        return self._kept.get(self.cleaned_data.get("origin") or 0)

    def _unit(self) -> str:
        """What was typed; a unit that was left as it is stays, for two may have one word."""
        typed, before = str(self.cleaned_data.get("unit", "")), self._before
        is_left = before is not None and units.word(before.unit, words.current()) == typed
        return before.unit if before is not None and is_left else typed

    def _content(self) -> LineContent | None:
        """What the line said before, with what was changed; what the form does not show stays."""
        typed = self.cleaned_data
        before = self._before.content if self._before else None
        kept = before or LineContent()
        setting = self._setting
        polish = kept.polish
        if "annex_15" in typed:
            polish = replace(polish or PolishLine(), annex_15=typed["annex_15"])
            polish = None if polish == PolishLine() else polish
        found = replace(
            kept,
            details=typed.get("details", ""),
            seller_item=typed.get("item", ""),
            allowances=_first(
                kept.allowances,
                typed.get("discount"),
                typed.get("discount_reason"),
                (DISCOUNT, setting.said("Discount")),
            ),
            charges=_first(
                kept.charges,
                typed.get("charge"),
                typed.get("charge_reason"),
                (OTHER_CHARGE, setting.said("Charge on top")),
            ),
            polish=polish,
        )
        return found if before is not None or found != LineContent() else None


def _first(
    kept: tuple[Adjustment, ...], new: Adjustment | None, reason: str | None, default: tuple[str, str]
) -> tuple[Adjustment, ...]:
    """Allowances or charges with the first one as it was typed; the others are not shown and stay."""
    if new is None:
        return kept[1:]
    if kept and not reason and not kept[0].reason:
        return (replace(new, reason_code=kept[0].reason_code), *kept[1:])
    code = kept[0].reason_code if kept else default[0]
    return (replace(new, reason=reason or default[1], reason_code=code), *kept[1:])


class AdjustmentForm(forms.Form):
    """What is taken off the whole document, or comes on top of it; without a value it is nothing."""

    what = forms.ChoiceField(
        label=lazy_gettext("What"),
        choices=[("allowance", lazy_gettext("Discount")), ("charge", lazy_gettext("Charge on top"))],
    )
    value = PartField(label=lazy_gettext("Amount or percent"))
    reason = forms.CharField(label=lazy_gettext("Reason"), max_length=200, required=False)
    vat_rate = forms.ChoiceField(label=lazy_gettext("VAT"), required=False)

    def __init__(self, *given: Any, setting: Setting, **more: Any) -> None:
        super().__init__(*given, **more)
        self._setting = setting
        self.fields["vat_rate"].choices = setting.vat  # type: ignore[attr-defined]
        self.fields["value"].currency = setting.currency  # type: ignore[attr-defined]

    @property
    def is_used(self) -> bool:
        """Whether anything stands in it, or is wrong."""
        return bool(self["value"].value() or self.errors)

    @property
    def adjustment(self) -> Adjustment | None:
        """What was typed; None for nothing."""
        typed = self.cleaned_data
        value = typed.get("value")
        if value is None:
            return None
        code, text = (DISCOUNT, "Discount") if typed.get("what") == "allowance" else (OTHER_CHARGE, "Charge on top")
        category, rate = self._setting.vat_of(typed.get("vat_rate") or "")
        reason = typed.get("reason") or self._setting.said(text)
        return replace(value, reason=reason, reason_code=code, vat_category=category, vat_rate=rate)  # type: ignore[no-any-return]


Lines: TypeAlias = "BaseFormSet[LineForm]"
Adjustments: TypeAlias = "BaseFormSet[AdjustmentForm]"


def lines(setting: Setting, data: Any = None, *, kept: Sequence[DraftLine] = ()) -> Lines:
    """The lines as forms: as typed, or as they are kept."""
    made = formset_factory(
        LineForm, extra=0 if data is not None else BLANK, max_num=MOST_LINES, absolute_max=MOST_LINES
    )
    initial = [_initial(setting, one, position) for position, one in enumerate(kept, 1)]
    given = {"setting": setting, "kept": dict(enumerate(kept, 1))}
    return made(data, initial=initial, prefix="lines", form_kwargs=given)


def _initial(setting: Setting, line: DraftLine, position: int) -> dict[str, Any]:
    more = line.more
    return {
        "description": line.description,
        "quantity": line.quantity,
        "unit": units.word(line.unit, words.current()),
        "unit_price": line.unit_price,
        "vat_rate": setting.chosen_of(line.vat_category, line.vat_rate),
        "origin": position,
        "details": more.details,
        "item": more.seller_item,
        "annex_15": more.polish is not None and more.polish.annex_15,
        **_parts("discount", more.allowances),
        **_parts("charge", more.charges),
    }


def _parts(name: str, kept: Sequence[Adjustment]) -> dict[str, Any]:
    return {name: kept[0], f"{name}_reason": kept[0].reason} if kept else {}


def adjustments(setting: Setting, data: Any = None, *, kept: Iterable[tuple[str, Adjustment]] = ()) -> Adjustments:
    """Allowances and charges of the whole document as forms."""
    initial = [
        {
            "what": what,
            "value": one,
            "reason": one.reason,
            "vat_rate": setting.chosen_of(one.vat_category, one.vat_rate),
        }
        for what, one in kept
    ]
    made = formset_factory(
        AdjustmentForm, extra=0 if data is not None else 2, max_num=MOST_ADJUSTMENTS, absolute_max=MOST_ADJUSTMENTS
    )
    return made(data, initial=initial, prefix="adjust", form_kwargs={"setting": setting})
