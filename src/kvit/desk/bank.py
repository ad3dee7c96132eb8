"""The bank: what waits, what came, and what became of each movement."""

from django.http import Http404, HttpRequest, HttpResponse

from kvit.banking import queries as banking
from kvit.base import login
from kvit.desk import answers, choices, roles
from kvit.matching import commands as matching
from kvit.pages import access
from kvit.pages.read import inbox, payment, refunds
from kvit.pages.visitor import Staff

SHOWN = 50


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
    """One movement whole: what the bank said, what became of it, and why."""
    shown = payment.shown(line_id)
    if shown is None:
        raise Http404
    return answers.page(
        request,
        who,
        "bank_line",
        shown=shown,
        refund_file=refunds.file_of(shown.live.refund.id) if shown.live and shown.live.refund else None,
        why=payment.reasoned(line_id, shown.line.currency),
        account_names=choices.accounts_by_code(),
        may_pay=roles.may_pay(who),
        colleagues=login.members() if shown.waiting else (),
    )
