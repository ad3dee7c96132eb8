"""Issue many drafts: first what would happen and what is refused, then what can be."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kvit.desk import answers, roles
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.commands import EachIssued
from kvit.invoicing.domain import InvoiceState
from kvit.pages import access, refusals, rendering
from kvit.pages.forms import DayField
from kvit.pages.read import invoices as listing
from kvit.pages.read.invoices import Listed
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import ngettext

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft that would be issued, due on a day, or that is refused for a reason."""

    row: Listed
    due_date: date | None
    why: str


class DateForm(forms.Form):
    """On which day they are issued."""

    def __init__(self, *given: object, today: date, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        self.fields["issue_date"] = DayField(label=_("Day of issue"), last=today, initial=today)


@access.staff("POST", roles=roles.WORKING)
def issue_many(request: HttpRequest, who: Staff) -> HttpResponse:
    """Try the drafts that were ticked and show what would happen; with `confirm`, issue those that can be."""
    typed = map(answers.number, request.POST.getlist("id"))
    ids = tuple(sorted({one for one in typed if one is not None}))  # numbered in the order in which they were drafted
    form = DateForm(request.POST if "issue_date" in request.POST else None, today=who.today)
    if form.is_bound and not form.is_valid():
        return answers.page(request, who, "issue_many", status=422, form=form, tried=(), ids=ids, sums={}, count=0)
    day = form.cleaned_data["issue_date"] if form.is_bound else who.today
    if "confirm" in request.POST:
        return _issued(request, who, ids[:MOST], day)
    with who.reading():
        drafts = {row.id: row for row in queries.invoices(ids[:MOST]) if row.state == InvoiceState.DRAFT}
        rows = {row.id: row for row in listing.described(tuple(drafts.values()), today=who.today)}
        kept = [queries.kept_draft(one) for one in drafts]
        terms = {one.id: one.draft.terms_days or 0 for one in kept if one is not None}
    if not rows:
        rendering.complain(request, _("Tick the drafts that are to be issued."))
        return redirect(_drafts())
    wanted = tuple(one for one in ids if one in rows)
    ctx = replace(who.ctx, key=None)  # only tried: to look again is to try again
    found = invoicing.issue_each(ctx, invoice_ids=wanted, issue_date=day, is_rehearsal=True)
    tried = _tried(found, rows, {i: day + timedelta(days=days) for i, days in terms.items()})
    sums: dict[str, int] = defaultdict(int)
    for one in tried:
        if not one.why:
            sums[one.row.currency] += one.row.sign * one.row.gross_minor
    return answers.page(
        request, who, "issue_many", form=form, tried=tried, ids=found.issued_ids, sums=sums, count=len(found.issued_ids)
    )


def _tried(found: EachIssued, rows: dict[int, Listed], due: dict[int, date]) -> Sequence[Tried]:
    refused = [
        Tried(rows[i], None, refusals.of_code(code)) for i, code in zip(found.refused_ids, found.codes, strict=True)
    ]
    return [*refused, *(Tried(rows[i], due.get(i), "") for i in found.issued_ids)]


def _issued(request: HttpRequest, who: Staff, ids: tuple[int, ...], day: date) -> HttpResponse:
    done = invoicing.issue_each(who.ctx, invoice_ids=ids, issue_date=day)
    count = len(done.issued_ids)
    if count:
        numbers = done.numbers[0] if count == 1 else f"{done.numbers[0]} – {done.numbers[-1]}"
        said = ngettext("%(num)s document is issued: %(numbers)s.", "%(num)s documents are issued: %(numbers)s.", count)
        rendering.say(request, said % {"num": count, "numbers": numbers})
    if not count and not done.refused_ids:
        rendering.complain(request, _("Tick the drafts that are to be issued."))
    if done.refused_ids:
        left = len(done.refused_ids)
        rendering.complain(
            request,
            ngettext("%(num)s draft was refused: %(why)s", "%(num)s drafts were refused, the first: %(why)s", left)
            % {"num": left, "why": refusals.of_code(done.codes[0])},
        )
    return redirect(_drafts() if done.refused_ids or not count else reverse("desk_invoices"))


def _drafts() -> str:
    return f"{reverse('desk_invoices')}?show=drafts"
