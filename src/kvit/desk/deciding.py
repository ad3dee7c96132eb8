"""Decisions about a payment in cash application: confirm, split, set aside, pay back; then the next one is at hand."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse

from kvit.desk import answers, cash, roles, splitting
from kvit.kernel.refusals import DomainError
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.commands import Seen, Terms
from kvit.matching.domain import UndoneAs
from kvit.pages import access, figures, refusals, rendering, words
from kvit.pages.read import cash as reading
from kvit.pages.read import payment
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import ngettext

_MOST_AT_ONCE = 200


@access.staff("POST", roles=roles.WORKING)
def confirm(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Link a payment as the robot suggests, if it still suggests what was looked at."""
    cash.known(who, line_id)
    rank = answers.number(request.POST.get("rank")) or 1
    seen = reading.read_seen(request.POST.get("seen", ""))
    try:
        linked = matching.confirm_suggestion(who.ctx, line_id=line_id, expected=seen, rank=rank)
    except DomainError as refusal:
        return _refused(request, who, line_id, refusal)
    return cash.on(request, who, done=linked.link_id)


@access.staff("POST", roles=roles.WORKING)
def split(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Link a payment as a person has split it; or only work out what would be left."""
    line = cash.known(who, line_id)
    typed = splitting.typed(request.POST)
    if "work_out" in request.POST:
        return cash.shown(request, who, line_id, typed=typed)
    try:
        targets, terms = typed.targets(line.currency), typed.terms(line.currency)
        linked = matching.link_payment(who.ctx, line_id=line_id, targets=targets, terms=terms)
    except DomainError as refusal:
        return cash.shown(request, who, line_id, typed=typed, problem=refusals.text(refusal), status=422)
    return cash.on(request, who, done=linked.link_id)


@access.staff("POST", roles=roles.WORKING)
def set_aside(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Say that a movement is no customer's, and what it is."""
    cash.known(who, line_id)
    account = request.POST.get("account", "")
    try:
        done = matching.set_aside(who.ctx, line_id=line_id, account=account, reason=request.POST.get("reason", ""))
    except DomainError as refusal:
        return _refused(request, who, line_id, refusal)
    return cash.on(request, who, done=done.link_id)


@access.staff("POST", roles=roles.WORKING)
def pay_back(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Keep a payment as a customer's advance and ask that it goes back to who sent it."""
    line = cash.known(who, line_id)
    party_id = answers.number(request.POST.get("party"))
    terms = Terms(advance_party_id=party_id, learn=False)
    try:
        linked = matching.link_payment(who.ctx, line_id=line_id, targets=(), terms=terms)
        again = replace(who.ctx, key=f"{who.ctx.key}:refund" if who.ctx.key else None)
        reason = request.POST.get("reason", "")
        matching.ask_refund(again, link_id=linked.link_id, amount_minor=line.amount_minor, reason=reason)
    except DomainError as refusal:
        return _refused(request, who, line_id, refusal)
    return cash.on(request, who, done=linked.link_id)


@access.staff("POST", roles=roles.WORKING)
def paid_back(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Say that money that went out paid a refund that was asked for."""
    cash.known(who, line_id)
    refund_id = answers.number(request.POST.get("refund")) or 0
    try:
        done = matching.link_refund(who.ctx, line_id=line_id, refund_id=refund_id)
    except DomainError as refusal:
        return _refused(request, who, line_id, refusal)
    return cash.on(request, who, done=done.link_id)


@access.staff()
def alike(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """What would be confirmed together: payments whose suggestions rest on the same kinds of evidence."""
    cash.known(who, line_id)
    rows = reading.alike(line_id)
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.line.currency] = totals.get(row.line.currency, 0) + row.line.amount_minor
    wanted = cash.asked(request, who.place.currency)
    return answers.page(request, who, "cash_alike", rows=rows, totals=totals, line_id=line_id, asked=wanted)


@access.staff("POST", roles=roles.WORKING)
def confirm_alike(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """Confirm those of the preview that were ticked and are still what was looked at."""
    cash.known(who, line_id)
    wanted = _ticked(request.POST.getlist("line")[:_MOST_AT_ONCE])
    confirmed = matching.confirm_many(who.ctx, expected=wanted) if wanted else None
    count = len(confirmed.link_ids) if confirmed else 0
    said = ngettext("%(num)s payment is linked.", "%(num)s payments are linked.", count)
    rendering.say(request, said % {"num": figures.decimal_text(count, words.current())})
    if left := len(wanted) - count:
        kept = ngettext(
            "%(num)s payment has changed since you looked and still waits.",
            "%(num)s payments have changed since you looked and still wait.",
            left,
        )
        rendering.complain(request, kept % {"num": figures.decimal_text(left, words.current())})
    return cash.on(request, who)


def _ticked(values: list[str]) -> tuple[Seen, ...]:
    """`17:204=9000` as the line and what was seen of it."""
    pairs = (value.partition(":") for value in values)
    return tuple(
        Seen(number, reading.read_seen(text)) for head, _colon, text in pairs if (number := answers.number(head))
    )


@access.staff("POST", roles=roles.WORKING)
def undo(request: HttpRequest, who: Staff, link_id: int) -> HttpResponse:
    """Take a link back, whoever made it and whenever; the movement waits again, and is shown."""
    with who.reading():
        made = queries.made_link(link_id)
    if made is None:
        raise Http404
    reason = request.POST.get("reason", "").strip()[:300]
    as_what = UndoneAs.CHANGED if request.POST.get("undone_as") == UndoneAs.CHANGED.value else UndoneAs.WRONG
    answers.act(
        request,
        lambda: matching.undo_link(who.ctx, link_id=link_id, reason=reason, on_date=who.today, undone_as=as_what),
        lambda _done: _("The link is undone; the payment waits again."),
    )
    return answers.back(request, "desk_line", line_id=made.line_id)


@access.staff("POST", roles=roles.WORKING)
def refund(request: HttpRequest, who: Staff, link_id: int) -> HttpResponse:
    """Ask that what a linked payment left to its customer goes back, all of it or a part."""
    with who.reading():
        made = queries.made_link(link_id)
        found = payment.happened(link_id)
    if made is None:
        raise Http404
    left = found[1].advance_minor if found else 0
    typed = request.POST.get("amount", "").strip()[:40]

    def ask() -> matching.Asked:
        minor = figures.read_amount(typed, made.currency, words.current()) if typed else left
        return matching.ask_refund(who.ctx, link_id=link_id, amount_minor=minor, reason=request.POST.get("reason", ""))

    answers.act(request, ask, lambda _done: _("Asked for; it waits until somebody pays it back."))
    return answers.back(request, "desk_line", line_id=made.line_id)


@access.staff("POST", roles=roles.WORKING)
def withdraw(request: HttpRequest, who: Staff, refund_id: int) -> HttpResponse:
    """The money does not go back after all."""
    with who.reading():
        found = queries.refund(refund_id)
    if found is None:
        raise Http404
    answers.act(
        request,
        lambda: matching.withdraw_refund(who.ctx, refund_id=refund_id, reason=request.POST.get("reason", "")),
        lambda _done: _("The money stays the customer's advance."),
    )
    return answers.back(request, "desk_line", line_id=found.line_id)


def _refused(request: HttpRequest, who: Staff, line_id: int, refusal: DomainError) -> HttpResponse:
    """The page as it is now, with why: who came second sees what the other did."""
    return cash.shown(request, who, line_id, problem=refusals.text(refusal), status=422)
