"""Forms by which something is said about a claim, at the desk and on the customer's page: from fields to values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, BinaryIO, Final

from django import forms
from typing_extensions import override

from kvit.invoicing.domain import DisputeReason, LineInDispute, NotAReceipt, Receipt, Remittance, recognised
from kvit.invoicing.domain.facts import LONGEST_BANK, LONGEST_WORDS, ClaimRule
from kvit.invoicing.domain.receipts import HEAD_BYTES, LARGEST_BYTES, TAIL_BYTES
from kvit.invoicing.queries import BuyersLine
from kvit.pages import claims, figures, words
from kvit.pages.forms import AmountField, DayField
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

RECEIPT_BYTES: Final = LARGEST_BYTES + 100_000
"""What a form with a receipt may have in all."""
ACCEPTED: Final = "application/pdf,image/jpeg,image/png"


@dataclass(frozen=True, slots=True)
class Subject:
    """The claim that is spoken of, as far as a form must know it; amounts in minor units."""

    currency: str
    open_minor: int
    undisputed_minor: int
    due_date: date
    first_due_date: date
    lines: tuple[BuyersLine, ...]
    today: date
    rule: ClaimRule

    @property
    def latest_due_date(self) -> date:
        """Until when a later due date may be asked for."""
        return self.first_due_date + timedelta(days=self.rule.longest_extension_days)

    @property
    def latest_promise(self) -> date:
        """Until when a payment may be promised."""
        return self.today + timedelta(days=self.rule.longest_promise_days)


class _Words(forms.CharField):
    def __init__(self, *, label: Any, required: bool = False, rows: int = 3) -> None:
        area = forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_WORDS})
        super().__init__(label=label, required=required, max_length=LONGEST_WORDS, widget=area)


class SayingForm(forms.Form):
    """What all of them have in common: they are about a claim, and turn into the arguments of one command."""

    def __init__(self, *given: Any, subject: Subject, **more: Any) -> None:
        super().__init__(*given, **more)
        self.subject = subject
        self.build(subject)

    def build(self, subject: Subject) -> None:
        """Add the fields that depend on the claim."""

    def values(self) -> Mapping[str, Any]:
        """What the command takes, beside the claim and the day."""
        raise NotImplementedError


class PaidForm(SayingForm):
    """ "I have paid": when, how much, from which bank, with the receipt."""

    bank = forms.CharField(label=lazy_gettext("From which bank"), max_length=LONGEST_BANK, required=False)
    receipt = forms.FileField(
        label=lazy_gettext("Receipt"),
        required=False,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=lazy_gettext("PDF, JPEG or PNG, up to 5 MB"),
    )
    words = _Words(label=lazy_gettext("Anything else"), rows=2)
    field_order = ("paid_date", "amount", "bank", "receipt", "words")

    @override
    def build(self, subject: Subject) -> None:
        self.fields["paid_date"] = DayField(label=_("Paid on"), last=subject.today, initial=subject.today)
        self.fields["amount"] = AmountField(
            label=_("Amount"), currency=subject.currency, initial=subject.open_minor or None
        )
        self.order_fields(self.field_order)

    def clean_receipt(self) -> Any:
        """Looked at by its bytes; what it calls itself does not count."""
        given = self.cleaned_data.get("receipt")
        if given is None:
            return None
        if given.size > LARGEST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Take a smaller picture of it."))
        try:
            receipt_kind(given)
        except NotAReceipt:
            raise forms.ValidationError(_("This is no whole PDF, JPEG or PNG. Save it as one of them.")) from None
        return given

    @property
    def upload(self) -> tuple[BinaryIO, str] | None:
        """The receipt and the name under which it is kept, which is ours and not its own; None without one."""
        given = self.cleaned_data.get("receipt")
        return None if given is None else (given.file, f"receipt.{receipt_kind(given).ending}")

    def payment(self, receipt_file_id: int | None) -> Remittance:
        """The payment that is spoken of."""
        given = self.cleaned_data
        return Remittance(given["paid_date"], given["amount"], given["bank"], receipt_file_id)

    @override
    def values(self) -> Mapping[str, Any]:
        return {"words": self.cleaned_data["words"]}


class DisputeForm(SayingForm):
    """What is wrong with which lines; without lines with the whole."""

    reason = forms.ChoiceField(label=lazy_gettext("What is wrong"))
    lines = forms.MultipleChoiceField(
        label=lazy_gettext("Which lines"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = _Words(label=lazy_gettext("Tell what happened"), required=True)
    field_order = ("reason", "lines", "amount", "words")

    @override
    def build(self, subject: Subject) -> None:
        reasons = [(reason.value, _(claims.REASONS[reason])) for reason in DisputeReason]
        self.fields["reason"].choices = [("", "–"), *reasons]  # type: ignore[attr-defined]
        self.fields["lines"].choices = [  # type: ignore[attr-defined]
            (str(position), line.description) for position, line in enumerate(subject.lines, 1)
        ]
        self.fields["amount"] = AmountField(
            label=_("How much of it"),
            currency=subject.currency,
            required=False,
            help_text=_("Leave it empty where all of it is wrong."),
        )
        self.order_fields(self.field_order)

    @override
    def clean(self) -> None:
        """An amount is that of the whole or of one line."""
        given = super().clean() or self.cleaned_data
        if given.get("amount") is not None and len(given.get("lines") or ()) > 1:
            self.add_error("amount", _("Give an amount for one line, or tick lines without an amount."))

    @override
    def values(self) -> Mapping[str, Any]:
        given = self.cleaned_data
        positions, amount = [int(each) for each in given["lines"]], given["amount"]
        return {
            "reason": DisputeReason(given["reason"]),
            "lines": tuple(LineInDispute(position, amount) for position in positions),
            "amount_minor": None if positions else amount,
            "words": given["words"],
        }


class PromiseForm(SayingForm):
    """A payment promised by a day."""

    words = _Words(label=lazy_gettext("Anything else"), rows=2)
    field_order = ("promised_date", "amount", "words")

    @override
    def build(self, subject: Subject) -> None:
        self.fields["promised_date"] = DayField(label=_("I pay by"), first=subject.today, last=subject.latest_promise)
        self.fields["amount"] = AmountField(
            label=_("Amount"), currency=subject.currency, initial=subject.open_minor or None
        )
        self.order_fields(self.field_order)

    @override
    def values(self) -> Mapping[str, Any]:
        given = self.cleaned_data
        return {
            "promised_date": given["promised_date"],
            "amount_minor": given["amount"],
            "words": given["words"],
        }


class TimeForm(SayingForm):
    """A later due date asked for."""

    words = _Words(label=lazy_gettext("Why"), rows=2)
    field_order = ("due_date", "words")

    @override
    def build(self, subject: Subject) -> None:
        latest = figures.day_text(subject.latest_due_date, words.current())
        self.fields["due_date"] = DayField(
            label=_("New due date"),
            first=subject.due_date + timedelta(days=1),
            last=subject.latest_due_date,
            help_text=_("At the latest %(day)s") % {"day": latest},
        )
        self.order_fields(self.field_order)

    @override
    def values(self) -> Mapping[str, Any]:
        return {"due_date": self.cleaned_data["due_date"], "words": self.cleaned_data["words"]}


class MessageForm(SayingForm):
    """Words that both sides see."""

    words = _Words(label=lazy_gettext("Your message"), required=True)

    @override
    def values(self) -> Mapping[str, Any]:
        return {"words": self.cleaned_data["words"]}


FORMS: Final[Mapping[str, type[SayingForm]]] = {
    "paid": PaidForm,
    "dispute": DisputeForm,
    "promise": PromiseForm,
    "time": TimeForm,
    "message": MessageForm,
}
"""What may be said, by the word that stands in the address."""


def blank(subject: Subject) -> dict[str, SayingForm]:
    """Each form as it is offered now: nothing is promised, disputed or put off of which nothing is left."""
    offered = {
        "paid": subject.open_minor > 0,
        "dispute": subject.undisputed_minor > 0,
        "promise": subject.open_minor > 0 and subject.rule.longest_promise_days > 0,
        "time": subject.open_minor > 0 and subject.latest_due_date > subject.due_date,
        "message": True,
    }
    return {what: form(subject=subject, auto_id=f"say-{what}-%s") for what, form in FORMS.items() if offered[what]}


def receipt_kind(given: Any) -> Receipt:
    """What an uploaded file is by its bytes. Refuses `NotAReceipt`."""
    source, size = given.file, given.size or 0
    source.seek(0)
    head = source.read(HEAD_BYTES)
    source.seek(max(size - TAIL_BYTES, 0))
    tail = source.read(TAIL_BYTES)
    source.seek(0)
    return recognised(head, tail, size)
