"""Fields of forms: amounts and days as people write them, read into minor units and dates."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from typing_extensions import override

from kvit.kernel.money import NotRepresentable
from kvit.pages import figures, words
from kvit.pages.words import gettext as _


class AmountField(forms.CharField):
    """An amount of one currency; cleaned to whole minor units (int). `may_be_negative` for corrections."""

    def __init__(self, *, currency: str, may_be_negative: bool = False, **given: Any) -> None:
        self.currency = currency
        self._may_be_negative = may_be_negative
        given.setdefault("max_length", 40)
        given.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        )
        super().__init__(**given)

    @override
    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return figures.money_text(value, self.currency, words.current(), bare=True)
        return value

    @override
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            minor = figures.read_amount(text, self.currency, words.current())
        except figures.NotAnAmount:
            example = figures.money_text(123450, self.currency, words.current(), bare=True)
            raise ValidationError(_("Write an amount like %(example)s.") % {"example": example}) from None
        except NotRepresentable:
            raise ValidationError(_("This amount has too many decimals or is too large.")) from None
        if minor < 0 and not self._may_be_negative:
            raise ValidationError(_("The amount must not be below zero."))
        return minor


class NumberField(forms.CharField):
    """A quantity or a rate; cleaned to a Decimal."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("max_length", 40)
        given.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        )
        super().__init__(**given)

    @override
    def prepare_value(self, value: Any) -> Any:
        return figures.decimal_text(value, words.current()) if isinstance(value, Decimal | int) else value

    @override
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return figures.read_number(text, words.current())
        except figures.NotAnAmount:
            example = figures.decimal_text(Decimal("12.5"), words.current())
            raise ValidationError(_("Write a number like %(example)s.") % {"example": example}) from None


class DayField(forms.DateField):
    """A day, by the browser's own calendar; cleaned to a date, not before `first` and not after `last`."""

    def __init__(self, *, first: date | None = None, last: date | None = None, **given: Any) -> None:
        self._first, self._last = first, last
        limits = {"min": first, "max": last}
        attributes = {name: day.isoformat() for name, day in limits.items() if day is not None}
        given.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes}))
        super().__init__(input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"], **given)

    @override
    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and self._first is not None and day < self._first:
            earliest = figures.day_text(self._first, words.current())
            raise ValidationError(_("The earliest day is %(day)s.") % {"day": earliest})
        if day is not None and self._last is not None and day > self._last:
            latest = figures.day_text(self._last, words.current())
            raise ValidationError(_("The latest day is %(day)s.") % {"day": latest})
        return day
