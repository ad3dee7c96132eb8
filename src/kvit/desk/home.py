"""The first page of the desk: what needs a person, and what the robot did."""

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse

from kvit.banking import queries as banking
from kvit.base import login
from kvit.desk import answers, roles
from kvit.matching import queries as matching
from kvit.pages import access
from kvit.pages.read import inbox, owing, payment
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.work import commands as work
from kvit.work import queries as waiting

SHOWN = 25
LINKED_SHOWN = 8
NIGHT_ENDS_AT = 7


@access.staff()
def home(request: HttpRequest, who: Staff) -> HttpResponse:
    """What needs a person, ranked, each with its reason; what is owed; what was linked without anybody."""
    mine = request.GET.get("whose") == "mine"
    counts = waiting.counts(now=who.now)
    return answers.page(
        request,
        who,
        "home",
        owed=owing.owed_in_all(who.tenant_id, today=who.today),
        waiting=inbox.waiting(
            now=who.now, limit=SHOWN, currency=who.place.currency, assigned_to_id=who.user_id if mine else None
        ),
        mine=mine,
        total=sum(counts.values()),
        total_mine=sum(waiting.counts(now=who.now, assigned_to_id=who.user_id).values()),
        linked=payment.of_links(matching.latest_by_robot(limit=LINKED_SHOWN)),
        accounts=banking.known_accounts(),
    )


@access.staff("POST", roles=roles.WORKING)
def put_off(request: HttpRequest, who: Staff, item_id: int) -> HttpResponse:
    """Let an item sleep until the morning after so many days."""
    days = min(max(answers.number(request.POST.get("days")) or 1, 1), 366)
    morning = datetime.combine(who.today + timedelta(days=days), time(NIGHT_ENDS_AT), who.zone)
    answers.act(
        request,
        lambda: work.snooze(who.ctx, item_id=item_id, until_at=morning),
        lambda _done: _("Put off; it comes back by itself."),
    )
    return answers.back(request, "desk")


@access.staff("POST", roles=roles.WORKING)
def assign(request: HttpRequest, who: Staff, item_id: int) -> HttpResponse:
    """Take an item, give it to a colleague, or back to everybody."""
    user_id = answers.number(request.POST.get("user"))
    with who.reading():
        name = login.names([user_id]).get(user_id, "") if user_id is not None else ""
    answers.act(
        request,
        lambda: work.assign(who.ctx, item_id=item_id, user_id=user_id),
        lambda _done: (
            _("Given to %(name)s.") % {"name": name} if user_id is not None else _("Given back to everybody.")
        ),
    )
    return answers.back(request, "desk")


@access.staff("POST", roles=roles.WORKING)
def drop(request: HttpRequest, who: Staff, item_id: int) -> HttpResponse:
    """Decide that an item need not be done, with the reason."""
    answers.act(
        request,
        lambda: work.drop(who.ctx, item_id=item_id, reason=request.POST.get("reason", "")[:300]),
        lambda _done: _("Set aside with your reason; nothing was booked."),
    )
    return answers.back(request, "desk")
