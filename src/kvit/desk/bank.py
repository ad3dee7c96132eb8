"""The bank: what waits, what came, files taken in, and which invoices a payment pays."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base import login
from kvit.desk import answers, roles
from kvit.invoicing import queries as invoices
from kvit.kernel.refusals import DomainError
from kvit.matching import commands as matching
from kvit.matching.commands import Linked, Target
from kvit.pages import access, figures, refusals, rendering, words
from kvit.pages.read import finding, inbox, payment
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _

SHOWN = 50


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(max_length=300, required=False)


@access.staff()
def bank(request: HttpRequest, who: Staff) -> HttpResponse:
    """Payments that wait for a person, the most urgent first, and how current the accounts are."""
    return answers.page(
        request,
        who,
        "bank",
        waiting=inbox.waiting(now=who.now, limit=SHOWN, currency=who.place.currency, kinds=[matching.WAITS]),
        accounts=banking.known_accounts(),
        shares=payment.shares(),
    )


@access.staff()
def lines(request: HttpRequest, who: Staff) -> HttpResponse:
    """Every booked movement, the newest first, and what became of it."""
    below = answers.number(request.GET.get("below"))
    found = banking.latest_lines(limit=SHOWN + 1, below_id=below)
    return answers.page(
        request,
        who,
        "bank_lines",
        movements=payment.movements(found[:SHOWN]),
        older=found[SHOWN - 1].id if len(found) > SHOWN else None,
        is_first=below is None,
    )


@access.staff()
def line(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """One payment: what the bank said, why it waits or is linked, and what it may pay."""
    return _page(request, who, line_id)


def _page(
    request: HttpRequest,
    who: Staff,
    line_id: int,
    *,
    typed: dict[int, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    text = answers.typed(request.GET.get("q"))
    with who.reading():
        shown = payment.shown(line_id)
        if shown is None:
            raise Http404
        asked = [d.id for d in finding.find(text, today=who.today).documents] if text else []
        asked += list(typed or ())
        may_pay = shown.live is None and shown.returned is None and shown.line.amount_minor > 0
        found = payment.candidates(shown.line, today=who.today, asked=asked) if may_pay else ()
        return answers.page(
            request,
            who,
            "bank_line",
            status=status,
            shown=shown,
            candidates=found,
            typed=_suggested(shown.line, found) if typed is None else typed,
            text=text,
            problem=problem,
            colleagues=login.members() if shown.waiting else (),
        )


def _suggested(line: BankLine, candidates: tuple[payment.Candidate, ...]) -> dict[int, str]:
    """The best candidate takes what it can, if anything but the amount speaks for it."""
    if not candidates or not candidates[0].evidence:
        return {}
    best = candidates[0].invoice
    amount = min(best.open_minor, line.amount_minor)
    return {best.id: figures.money_text(amount, line.currency, words.current(), bare=True)}


@access.staff("POST", roles=roles.WORKING)
def link(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Say which invoices a payment pays, with how much of it each."""
    found = _line(who, line_id)
    typed = {
        invoice_id: text.strip()
        for name, text in request.POST.items()
        if name.startswith("amount-")
        and isinstance(text, str)
        and text.strip()
        and (invoice_id := answers.number(name.removeprefix("amount-"))) is not None
    }
    try:
        targets = _targets(who, found, typed, answers.typed(request.POST.get("number")))
        linked = matching.link_payment(who.ctx, line_id=line_id, targets=targets)
    except DomainError as refusal:
        return _page(request, who, line_id, typed=typed, problem=refusals.text(refusal), status=422)
    rendering.say(request, _linked(linked, found.currency))
    return answers.back(request, "desk_line", line_id=line_id)


def _targets(who: Staff, line: BankLine, typed: dict[int, str], number: str) -> tuple[Target, ...]:
    """What was typed as minor units; an invoice named by its number takes the rest. Refuses what is no amount."""
    targets = [
        Target(invoice_id, figures.read_amount(text, line.currency, words.current()))
        for invoice_id, text in typed.items()
    ]
    if number:
        with who.reading():
            row = invoices.numbered(number.upper())
            item = payment.receivable(row.id) if row else None
        if row is None or item is None:
            raise matching.NotLinkable(f"there is no invoice {number}")
        left = line.amount_minor - sum(target.amount_minor for target in targets)
        targets.append(Target(row.id, min(left, item.open_minor)))
    return tuple(target for target in targets if target.amount_minor)


def _linked(linked: Linked, currency: str) -> str:
    if not linked.advance_minor:
        return _("The payment is linked.")
    left = figures.money_text(linked.advance_minor, currency, words.current())
    return _("The payment is linked; %(left)s stays with the customer as an advance.") % {"left": left}


def _line(who: Staff, line_id: int) -> BankLine:
    with who.reading():
        found = next(iter(banking.lines([line_id])), None)
    if found is None:
        raise Http404
    return found


@access.staff("POST", roles=roles.WORKING)
def undo(request: HttpRequest, who: Staff, link_id: int) -> HttpResponse:
    """Take a link back, whoever made it; the payment waits again."""
    with who.reading():
        made = payment.made(link_id)
    if made is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()[:300]
    answers.act(
        request,
        lambda: matching.undo_link(who.ctx, link_id=link_id, reason=reason, on_date=who.today),
        lambda _done: _("The link is undone; the payment waits again."),
    )
    return redirect("desk_line", made.line_id)
