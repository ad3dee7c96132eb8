"""What is said about claims, at the desk: noted for customers, answered, decided; lists of what stands; the rule."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.base import files
from kvit.base.command import Ctx
from kvit.desk import answers, invoices, roles
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import ClaimRule, FactKind
from kvit.invoicing.domain.facts import LONGEST_RULE_DAYS, LONGEST_WORDS
from kvit.kernel.refusals import DomainError
from kvit.pages import access, downloads, rendering, saying
from kvit.pages.read import claims as reading
from kvit.pages.read.claims import Shown
from kvit.pages.saying import PaidForm, SayingForm
from kvit.pages.visitor import Staff
from kvit.pages.words import N_, lazy_gettext
from kvit.pages.words import gettext as _

DECISIONS: Final[Mapping[tuple[FactKind, str], Callable[..., object]]] = {
    (FactKind.DISPUTE, "answer"): invoicing.answer_dispute,
    (FactKind.DISPUTE, "accept"): invoicing.accept_dispute,
    (FactKind.DISPUTE, "reject"): invoicing.reject_dispute,
    (FactKind.EXTENSION, "accept"): invoicing.accept_extension,
    (FactKind.EXTENSION, "reject"): invoicing.reject_extension,
}
DONE: Final = {
    "answer": N_("Answered; the customer sees it at once."),
    "accept": N_("Accepted; the customer sees it at once."),
    "reject": N_("Not accepted; the customer sees why."),
}


class RuleForm(forms.Form):
    """What customers may say and get by themselves, in days."""

    stale_after_days = forms.IntegerField(
        label=lazy_gettext("Working days until a reported payment must have arrived"),
        min_value=1,
        max_value=LONGEST_RULE_DAYS,
    )
    longest_promise_days = forms.IntegerField(
        label=lazy_gettext("Days ahead that a payment may be promised"), min_value=0, max_value=LONGEST_RULE_DAYS
    )
    longest_extension_days = forms.IntegerField(
        label=lazy_gettext("Days after the first due date that may be asked for"),
        min_value=0,
        max_value=LONGEST_RULE_DAYS,
    )
    free_extension_days = forms.IntegerField(
        label=lazy_gettext("Days of these that are given at once, without a clerk"),
        min_value=0,
        max_value=LONGEST_RULE_DAYS,
    )


@access.staff()
def claims(request: HttpRequest, who: Staff) -> HttpResponse:
    """What stands: disputes and requests to answer, promises, announced payments."""
    wanted = request.GET.get("show", "")
    shown = Shown(wanted) if wanted in {each.value for each in Shown} else Shown.TO_ANSWER
    return answers.page(request, who, "claims", page=reading.page(shown, today=who.today))


@access.staff("POST", roles=roles.WORKING)
def say(request: HttpRequest, who: Staff, invoice_id: int, what: str) -> HttpResponse:
    """Note what a customer has said by telephone or letter, or write to them on the invoice."""
    if what not in saying.FORMS:
        raise Http404
    with who.reading():
        subject = reading.subject(invoice_id, today=who.today)
    if subject is None:
        raise Http404
    form = saying.FORMS[what](request.POST, request.FILES, subject=subject, auto_id=f"say-{what}-%s")
    if form.is_valid():
        try:
            _say(who.ctx, invoice_id, what, form, who, answers.number(request.POST.get("fact")))
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            said = _("Sent; it stands on the customer's page.") if what == "message" else _("Noted.")
            rendering.say(request, said)
            return redirect("desk_invoice", invoice_id)
    return invoices.with_wrong(request, who, invoice_id, what, form)


def _say(ctx: Ctx, invoice_id: int, what: str, form: SayingForm, who: Staff, fact_id: int | None) -> None:
    given: dict[str, Any] = {"invoice_id": invoice_id, **form.values()}
    if isinstance(form, PaidForm):
        upload = form.upload
        file_id = files.keep(ctx, upload[0], name=upload[1]).file_id if upload else None
        invoicing.say_paid(ctx, payment=form.payment(file_id), today=who.today, **given)
    elif what == "dispute":
        invoicing.open_dispute(ctx, **given)
    elif what == "promise":
        invoicing.promise_payment(ctx, today=who.today, **given)
    elif what == "time":
        invoicing.ask_for_time(ctx, **given)
    else:
        invoicing.remark(ctx, fact_id=fact_id, **given)


@access.staff("POST", roles=roles.WORKING)
def decide(request: HttpRequest, who: Staff, invoice_id: int, fact_id: int, act: str) -> HttpResponse:
    """Answer, accept or reject what was said; take back what was noted here."""
    with who.reading():
        fact = queries.fact(fact_id)
    command = DECISIONS.get((fact.kind, act)) if fact is not None else None
    if fact is None or fact.invoice_id != invoice_id or (command is None and act != "withdraw"):
        raise Http404
    words = request.POST.get("words", "").strip()[:LONGEST_WORDS]
    if command is None:
        answers.act(
            request,
            lambda: invoicing.withdraw_fact(who.ctx, invoice_id=invoice_id, fact_id=fact_id, words=words),
            lambda _done: _("Taken back."),
        )
    else:
        answers.act(request, lambda: command(who.ctx, fact_id=fact_id, words=words), lambda _done: _(DONE[act]))
    return redirect("desk_invoice", invoice_id)


@access.staff()
def receipt(request: HttpRequest, who: Staff, invoice_id: int, fact_id: int) -> HttpResponse:
    """The receipt that came with "I have paid", to be saved."""
    fact = queries.fact(fact_id)
    found = queries.receipt(fact_id) if fact is not None and fact.invoice_id == invoice_id else None
    if found is None:
        raise Http404
    return downloads.receipt(found)


@access.staff()
def rule(request: HttpRequest, who: Staff) -> HttpResponse:
    """What customers may say and get by themselves."""
    return _rule(request, who)


@access.staff("POST", roles=roles.RUNNING)
def change_rule(request: HttpRequest, who: Staff) -> HttpResponse:
    """Change it from now on."""
    form = RuleForm(request.POST)
    if form.is_valid():
        try:
            invoicing.set_claim_rule(who.ctx, rule=ClaimRule(**form.cleaned_data))
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("This holds from now on."))
            return redirect("desk_claim_rule")
    return _rule(request, who, form, 422)


def _rule(request: HttpRequest, who: Staff, form: RuleForm | None = None, status: int = 200) -> HttpResponse:
    with who.reading():
        now = queries.claim_rule()
        initial = {name: getattr(now, name) for name in RuleForm.base_fields}
        return answers.page(request, who, "settings_claims", status=status, form=form or RuleForm(initial=initial))
