"""Cash application: the queue of payments that wait, one of them with what it may pay, and the keys to decide it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.urls import reverse

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.desk import answers, choices, splitting
from kvit.desk.splitting import Typed
from kvit.kernel.currencies import minor_units
from kvit.kernel.money import NotRepresentable
from kvit.matching import queries as matching
from kvit.pages import access, figures, words
from kvit.pages.read import cash as reading
from kvit.pages.read import payment
from kvit.pages.read.cash import Choice, Filter, Options, Order
from kvit.pages.visitor import Staff

LONGEST_TEXT = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for beside the line: the filter, a search, a candidate, what was done just before.

    `query` is the filter alone as it stands in an address, to be carried on.
    """

    filter: Filter
    query: str
    text: str
    pick: int
    done: int | None
    raw: dict[str, str]

    def address(self, line_id: int | None, **more: int | str) -> str:
        """A line of the queue, or the first that waits, under the same filter."""
        name, given = ("desk_cash_line", {"line_id": line_id}) if line_id is not None else ("desk_cash", None)
        query = "&".join(part for part in (self.query, urlencode(more)) if part)
        return reverse(name, kwargs=given) + (f"?{query}" if query else "")


def asked(request: HttpRequest, currency: str) -> Asked:
    """What stands in the address; what is no filter is passed over."""
    given = request.GET
    raw = {
        name: value
        for name in ("account", "days", "least", "most", "reason", "order")
        if (value := answers.typed(given.get(name), 40))
    }
    order = raw.get("order", "")
    wanted = Filter(
        account_id=answers.number(raw.get("account")),
        least_days=answers.number(raw.get("days")),
        least_minor=_amount(raw.get("least"), currency),
        most_minor=_amount(raw.get("most"), currency),
        reason=raw.get("reason", ""),
        order=Order(order) if order in {each.value for each in Order} else Order.SUREST,
    )
    return Asked(
        filter=wanted,
        query=urlencode(raw),
        text=answers.typed(given.get("q"), LONGEST_TEXT),
        pick=answers.number(given.get("pick")) or 0,
        done=answers.number(given.get("done")),
        raw=raw,
    )


def _amount(text: str | None, currency: str) -> int | None:
    try:
        return abs(figures.read_amount(text, currency, words.current())) if text else None
    except (figures.NotAnAmount, NotRepresentable):
        return None


@access.staff()
def cash(request: HttpRequest, who: Staff) -> HttpResponse:
    """The first payment that waits, or that nothing does."""
    wanted = asked(request, who.place.currency)
    queue = reading.queue(wanted.filter, now=who.now, today=who.today)
    return shown(request, who, next(iter(queue.ids), None))


@access.staff()
def line(request: HttpRequest, who: Staff, line_id: int) -> HttpResponse:
    """One payment of the queue."""
    return shown(request, who, line_id)


def shown(
    request: HttpRequest,
    who: Staff,
    line_id: int | None,
    *,
    typed: Typed | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page: the queue, and a line of it unless nothing waits. `typed` is what stands in the split already."""
    wanted = asked(request, who.place.currency)
    with who.reading():
        found = reading.queue(wanted.filter, now=who.now, today=who.today)
        before, after = found.beside(line_id) if line_id is not None else (None, None)
        return answers.page(
            request,
            who,
            "cash",
            status=status,
            queue=found,
            asked=wanted,
            before=before,
            after=after,
            done=payment.happened(wanted.done) if wanted.done is not None else None,
            accounts=banking.accounts(),
            account_names=choices.accounts_by_code(),
            problem=problem,
            straight=_straight(found.credits),
            marks=figures.marks(words.current()),
            **(_line(who, line_id, wanted, typed) if line_id is not None else {"shown": None}),
        )


def _straight(waiting: int) -> int | None:
    """How many of a hundred payments nobody had to look at; those that wait count as looked at."""
    by_robot, linked = matching.shares()
    return 100 * by_robot // (linked + waiting) if linked + waiting else None


def _line(who: Staff, line_id: int, wanted: Asked, typed: Typed | None) -> dict[str, Any]:
    """What the pane of one line needs."""
    found = payment.shown(line_id)
    if found is None:
        raise Http404
    is_free = found.live is None and found.returned is None
    options = (
        reading.options(found.line, today=who.today, text=wanted.text, asked=tuple(typed.amounts) if typed else ())
        if is_free
        else Options((), (), (), (), 0)
    )
    split = typed or _first(options, wanted.pick, found.line)
    return {
        "shown": found,
        "is_free": is_free,
        "options": options,
        "suggested": reading.suggested([line_id]).get(line_id, ""),
        "pick": min(wanted.pick, max(0, len(options.choices) - 1)),
        "typed": split,
        "left": split.left(found.line),
        "is_split": typed is not None or bool(wanted.text) or not options.choices,
        "why": payment.reasoned(line_id, found.line.currency),
        "shorts": choices.shorts(),
        "adjustments": choices.adjustments(),
        "aside": choices.aside_accounts(),
        "cash_parties": _parties(options),
        "places": minor_units(found.line.currency),
        "sign": figures.currency_sign(found.line.currency, words.current()),
        "signs": splitting.SIGNS,
        "write_off_minor": matching.rule().write_off_up_to_minor,
    }


def _parties(options: Options) -> list[tuple[int, str]]:
    """Whose the rest of a payment may be: everybody who stands on the page."""
    found = {one.party_id: one.customer for one in options.choices}
    found |= {document.party_id: document.customer for document in options.documents}
    found |= {row.customer.party_id: row.name for row in options.customers}
    return list(found.items())


def _first(options: Options, pick: int, line: BankLine) -> Typed:
    """The chosen candidate as the split would have it; nothing where there is none, or where it nets credit notes."""
    chosen = options.choices[pick : pick + 1] or options.choices[:1]
    if not chosen or any(part.amount_minor <= 0 for part in chosen[0].parts):
        return Typed()
    return splitting.suggested(_within(chosen[0], line), line.currency)


def _within(choice: Choice, line: BankLine) -> dict[int, int]:
    """What each document gets, no more in all than came."""
    left, given = line.amount_minor, {}
    for part in choice.parts:
        given[part.document.id] = min(part.amount_minor, left)
        left -= given[part.document.id]
    return {document_id: minor for document_id, minor in given.items() if minor > 0}


def on(request: HttpRequest, who: Staff, **more: int | str) -> HttpResponseRedirect:
    """After a decision: the next line, under the same filter, with what was done."""
    wanted = asked(request, who.place.currency)
    return HttpResponseRedirect(wanted.address(answers.number(request.POST.get("next_line")), **more))


def known(who: Staff, line_id: int) -> BankLine:
    """The line, or a page that says that there is none."""
    with who.reading():
        found = next(iter(banking.lines([line_id])), None)
    if found is None:
        raise Http404
    return found
