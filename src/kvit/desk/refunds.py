"""Refunds: what is to go back to whom, and the payment file that two persons sign for it."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking.domain.payments import PaymentFormat
from kvit.desk import answers, roles
from kvit.desk.paying import file_chip
from kvit.formats.writing import Unwritable
from kvit.kernel.refusals import DomainError
from kvit.matching import commands as matching
from kvit.matching.commands import PayFrom
from kvit.pages import access, refusals, rendering
from kvit.pages.forms import DayField
from kvit.pages.read import refunds as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

_MOST_AT_ONCE = 200
_LONGEST_DAYS = 90


class PayForm(forms.Form):
    """From which account, when, and in which kind of file refunds are paid."""

    account = forms.IntegerField(min_value=1)
    format = forms.ChoiceField(choices=[(each.value, each.value) for each in PaymentFormat])

    def __init__(self, *args: object, who: Staff, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]
        last = who.today + timedelta(days=_LONGEST_DAYS)
        self.fields["day"] = DayField(label=lazy_gettext("To be paid on"), first=who.today, last=last)

    def pay_from(self) -> PayFrom:
        """As typed."""
        typed = self.cleaned_data
        return PayFrom(typed["account"], typed["day"], PaymentFormat(typed["format"]))


@access.staff()
def refunds(request: HttpRequest, who: Staff) -> HttpResponse:
    """What is to be paid back, by currency; where a file can pay it, it is one form."""
    return _shown(request, who, "", 200)


def _shown(request: HttpRequest, who: Staff, problem: str, status: int) -> HttpResponse:
    with who.reading():
        groups = reading.asked()
        chips = {one.file.id: file_chip(one.file) for group in groups for one in group.refunds if one.file}
    return answers.page(
        request,
        who,
        "refunds",
        status=status,
        groups=groups,
        chips=chips,
        problem=problem,
        may_pay=roles.may_pay(who),
    )


@access.staff("POST", roles=roles.PAYING)
def pay(request: HttpRequest, who: Staff) -> HttpResponse:
    """Put the ticked refunds into a payment file, which then waits for two signatures."""
    form = PayForm(request.POST, who=who)
    ticked = [answers.number(text) for text in request.POST.getlist("refund")[:_MOST_AT_ONCE]]
    wanted = tuple(refund_id for refund_id in ticked if refund_id is not None)
    if not wanted:
        return _shown(request, who, _("Tick what is to be paid back."), 422)
    if not form.is_valid():
        said = " ".join(str(text) for texts in form.errors.values() for text in texts)
        return _shown(request, who, said, 422)
    try:
        made = matching.pay_refunds(who.ctx, refund_ids=wanted, pay_from=form.pay_from())
    except Unwritable as refusal:
        said = "; ".join(f"{problem.place}: {problem.reason}" for problem in refusal.problems[:5])
        return _shown(request, who, f"{refusals.text(refusal)} ({said})", 422)
    except DomainError as refusal:
        return _shown(request, who, refusals.text(refusal), 422)
    rendering.say(request, _("The payment file is made. Two persons look at it and sign; then it goes to the bank."))
    return redirect("desk_payment_file", made.payment_file_id)
