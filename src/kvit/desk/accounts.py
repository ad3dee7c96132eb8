"""One account: the chain of its statements, where it is broken, and how far behind it is."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands, queries
from kvit.desk import answers, roles
from kvit.kernel.refusals import DomainError
from kvit.pages import access, rendering
from kvit.pages.read import people
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _

SHOWN: Final = 60


@access.staff()
def account(request: HttpRequest, who: Staff, account_id: int) -> HttpResponse:
    """The account's statements, the latest first, with what is missing between them."""
    found = queries.accounts().get(account_id)
    if found is None:
        raise Http404
    broken = queries.breaks(account_id)
    accepted = queries.accepted_breaks(account_id)
    known = _known(who, account_id)
    return answers.page(
        request,
        who,
        "account",
        account_id=account_id,
        number=found[0],
        currency=found[1],
        name=found[2],
        known=known,
        broken=broken,
        breaks={b.after.id: b for b in broken},
        accepted={b.after_id: b for b in accepted},
        names=people.names_of(b.actor for b in accepted),
        statements=queries.statements_on(account_id, limit=SHOWN),
    )


def _known(who: Staff, account_id: int) -> queries.AccountFreshness | None:
    """How current it is; None where the calendar does not reach."""
    try:
        return queries.account_freshness(today=who.today, country=who.place.country).get(account_id)
    except DomainError:
        return None


@access.staff("POST", roles=roles.WORKING)
def accept_break(request: HttpRequest, who: Staff, account_id: int) -> HttpResponse:
    """Leave a break between two statements as it is, with the reason."""
    with who.reading():
        if account_id not in queries.accounts():
            raise Http404
    before, after = (answers.number(request.POST.get(name)) or 0 for name in ("before", "after"))
    reason = answers.typed(request.POST.get("reason"), 300)
    answers.act(
        request,
        lambda: commands.accept_break(who.ctx, before_id=before, after_id=after, reason=reason),
        lambda _done: _("It is left as it is; the reason is kept."),
    )
    return redirect("desk_account", account_id)


@access.staff("POST", roles=roles.WORKING)
def set_aside(request: HttpRequest, who: Staff, intake_id: int) -> HttpResponse:
    """Set problems of a file aside, with the reason."""
    with who.reading():
        if queries.intake(intake_id) is None:
            raise Http404
    given = (answers.number(value) for value in request.POST.getlist("problem"))
    chosen = tuple(value for value in given if value is not None)
    if not chosen:
        rendering.complain(request, _("Choose at least one problem."))
        return redirect("desk_import", intake_id)
    reason = answers.typed(request.POST.get("reason"), 300)
    answers.act(
        request,
        lambda: commands.set_problems_aside(who.ctx, intake_id=intake_id, problem_ids=chosen, reason=reason),
        lambda _done: _("Set aside; what the file says stays as it is."),
    )
    return redirect("desk_import", intake_id)
