"""The page on which a customer answers a balance confirmation, opened by whoever holds a link to it: no sign-in."""

import io
from dataclasses import dataclass, replace
from typing import Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from kvit.base import files, tenant
from kvit.base.command import Ctx
from kvit.formats.books import partner_ledger
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain import LinkState, confirmations
from kvit.invoicing.domain.comparing import Compared, compared
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind
from kvit.invoicing.domain.statements import Statement
from kvit.invoicing.queries import AnswerRow, ConfirmationRow
from kvit.kernel.money import NotRepresentable
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem
from kvit.pages import access, downloads, figures, letters, refusals, rendering, words
from kvit.pages.visitor import Visitor
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.portal import language

EXTRA_ROWS: Final = 5
MOST_LEDGERS: Final = 20
"""So many files of one link are kept: a link is no place to put things."""
MOST_PROBLEMS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens at an instant."""

    tenant_id: int
    link_id: int
    row: ConfirmationRow
    letter: Statement
    answers: tuple[AnswerRow, ...]
    has_pdf: bool

    @property
    def may_answer(self) -> bool:
        """Whether an answer is still taken."""
        return self.row.state in confirmations.ANSWERABLE


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """An item that the customer has and we lack, as it was typed."""

    number: str = ""
    amount: str = ""
    note: str = ""


class SignatureForm(forms.Form):
    """Who answers, and what is to be said."""

    name = forms.CharField(label=lazy_gettext("Your name"), max_length=200)
    role = forms.CharField(label=lazy_gettext("Your role in the company"), max_length=200, required=False)
    explanation = forms.CharField(
        label=lazy_gettext("Explanation"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


def opened(token: str, who: Visitor) -> Opened | None:
    """What stands behind a token, read in a transaction that cannot write; None where it opens nothing (any more)."""
    found = queries.find_link(token)
    if found is None:
        return None
    with tenant.reading(found.tenant_id):
        link = queries.letter_link(found.link_id, now=who.now)
        row = queries.confirmation(link.confirmation_id) if link and link.state is LinkState.OPEN else None
        if row is None:
            return None
        return Opened(
            found.tenant_id,
            found.link_id,
            row,
            queries.confirmation_contents([row.id])[row.id],
            queries.answers_of(row.id),
            downloads.pdf_of(row.id, kind=letters.LETTER) is not None,
        )


def _kept_secret(response: HttpResponseBase) -> None:
    """The address is the key: it goes to nobody as a referrer, and into no index."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"


def _as_holder(who: Visitor, there: Opened, key: str | None) -> Ctx:
    return Ctx(tenant_id=there.tenant_id, actor=f"link:{there.link_id}", now=who.now, key=key)


@access.anyone()
def confirmation(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """The letter, and the ways to answer it."""
    there = opened(token, who)

    def shown() -> HttpResponse:
        if there is None:
            return rendering.page(request, who, "portal/link_unknown.html", status=404, token=token)
        return _page(request, who, there, token)

    response = language.as_wished(request, shown)
    _kept_secret(response)
    return response


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed or brought in comes back as it was, with what was found."""

    form: SignatureForm | None = None
    typed: QueryDict | None = None
    found: Compared | None = None
    problems: tuple[Problem, ...] = ()
    file_id: int | None = None
    status: int = 200


_NOTHING: Final = Given()


def _page(request: HttpRequest, who: Visitor, there: Opened, token: str, given: Given = _NOTHING) -> HttpResponse:
    extras, amounts = _filled(there, given.typed, given.found)
    typed = given.typed
    response = rendering.page(
        request,
        who,
        "portal/confirmation.html",
        status=given.status,
        there=there,
        made=there.letter,
        zone=figures.zone_of(there.letter.country),
        token=token,
        said=letters.said,
        chip=letters.chip(there.row.state),
        form=given.form or SignatureForm(),
        extras=extras,
        amounts=amounts,
        compared=given.found,
        problems=given.problems[:MOST_PROBLEMS_SHOWN],
        problem_count=len(given.problems),
        file_id=given.file_id if given.file_id is not None else typed.get("file", "") if typed is not None else "",
        wants_difference=typed is not None or given.found is not None,
    )
    _kept_secret(response)
    return response


def _filled(
    there: Opened, typed: QueryDict | None, found: Compared | None
) -> tuple[tuple[ExtraRow, ...], dict[int, str]]:
    """What stands in the fields of the form: what was typed, else what the customer's ledger says, else our figures."""
    currency, reader = there.letter.currency, words.current()

    def shown(minor: int) -> str:
        return figures.money_text(minor, currency, reader, bare=True)

    if typed is not None:
        rows = zip(*(typed.getlist(name) for name in ("extra_number", "extra_amount", "extra_note")), strict=False)
        amounts = {n: typed.get(f"item-{n}", "") for n in range(len(there.letter.items))}
        return tuple(ExtraRow(*row) for row in rows), amounts
    ours = {n: shown(item.open_minor) for n, item in enumerate(there.letter.items)}
    if found is None:
        return (ExtraRow(),) * EXTRA_ROWS, ours
    paired = {id(pair.item): pair.their_minor for pair in found.pairs}
    amounts = {n: shown(paired.get(id(item), 0)) for n, item in enumerate(there.letter.items)}
    lacking = [each for each in found.differences if each.kind is DifferenceKind.NOT_OURS]
    rows_ = [ExtraRow(each.number, shown(each.their_minor or 0)) for each in lacking]
    return (*rows_, *(ExtraRow(),) * EXTRA_ROWS), amounts


@access.anyone()
def pdf(request: HttpRequest, who: Visitor, token: str) -> HttpResponseBase:
    """The letter as a file, for whoever holds a link that opens it now."""
    there = opened(token, who)
    if there is None or not there.has_pdf:
        raise Http404
    with tenant.reading(there.tenant_id):
        found = downloads.pdf_of(there.row.id, kind=letters.LETTER)
        if found is None:
            raise Http404
        response = downloads.handed_out(found)
    _kept_secret(response)
    return response


# Who knows the token needs no further proof of where the form stood; a page without cookies has none to give.
@csrf_exempt
@access.anyone("POST")
def compare(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """Lay the customer's ledger beside ours; nothing is answered by it, the form is filled with what was found."""
    there = opened(token, who)
    given = request.FILES.get("ledger")
    if there is None or not there.may_answer:
        raise Http404
    if given is None or (given.size or 0) > partner_ledger.MAX_BYTES:
        reason = _("Choose a CSV or XLSX file of at most 5 MB.")
        return _page(request, who, there, token, Given(problems=(Problem("", reason),), status=422))
    data = given.read()
    read = partner_ledger.read(data, currency=there.letter.currency)
    if not read.records:
        problems = read.problems or (Problem("", _("There is no row in it.")),)
        return _page(request, who, there, token, Given(problems=problems, status=422))
    found = compared(there.letter, read.records)
    file_id = _kept(who, there, data, given.name or "ledger")
    return _page(request, who, there, token, Given(found=found, problems=read.problems, file_id=file_id))


def _kept(who: Visitor, there: Opened, data: bytes, name: str) -> int | None:
    """The file, kept as it came; of a link that has brought in many already it is compared and not kept."""
    holder = _as_holder(who, there, None)
    with tenant.reading(there.tenant_id):
        if queries.brought_count(holder.actor) >= MOST_LEDGERS:
            return None
    return files.keep(holder, io.BytesIO(data), name=name).file_id


@csrf_exempt
@access.anyone("POST")
def answer(request: HttpRequest, who: Visitor, token: str) -> HttpResponse:
    """Sign: the balance agrees, or it differs in what was typed."""
    there = opened(token, who)
    if there is None:
        raise Http404
    form = SignatureForm(request.POST)
    is_agreed = request.POST.get("answer") == "agrees"
    differences: tuple[Difference, ...] = ()
    if not is_agreed:
        try:
            differences = _differences(there, request.POST)
        except (figures.NotAnAmount, NotRepresentable):
            form.add_error(None, _("Write every amount in figures, with the decimals behind a comma or a point."))
        if form.is_valid() and not differences:
            form.add_error(None, _("Nothing differs yet: change an amount, or add what we lack."))
    if form.is_valid():
        key = request.POST.get("idempotency_key", "")[:64]
        try:
            invoicing.answer_confirmation(
                _as_holder(who, there, f"{there.link_id}:{key}" if key else None),
                confirmation_id=there.row.id,
                signature=invoicing.Signature(
                    form.cleaned_data["name"],
                    form.cleaned_data["role"],
                    request.POST.get("seen", ""),
                    there.link_id,
                ),
                reply=invoicing.Reply(
                    differences, form.cleaned_data["explanation"], _file(there, request.POST.get("file", ""))
                ),
            )
        except DomainError as refusal:
            form.add_error(None, refusals.text(refusal))
        else:
            return redirect("confirmation", token=token)
    return _page(request, who, there, token, Given(form, None if is_agreed else request.POST, status=422))


def _file(there: Opened, digits: str) -> int | None:
    """The ledger that was laid beside, where this link brought it in; a number out of the air is none."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        return None
    with tenant.reading(there.tenant_id):
        return int(digits) if queries.brought_by(int(digits), actor=f"link:{there.link_id}") else None


def _differences(there: Opened, typed: QueryDict) -> tuple[Difference, ...]:
    """What was typed, beside the letter. Raises `NotAnAmount`, `NotRepresentable`."""
    currency, reader = there.letter.currency, words.current()

    def minor(text: str) -> int:
        return figures.read_amount(text, currency, reader)

    found: list[Difference] = []
    for n, item in enumerate(there.letter.items):
        text = typed.get(f"item-{n}", "").strip()
        note = typed.get(f"note-{n}", "").strip()[:300]
        theirs = minor(text) if text else 0
        if theirs == item.open_minor:
            continue
        gone = Difference(DifferenceKind.NOT_THEIRS, item.number, item.open_minor, None, item.day, note)
        found.append(gone if theirs == 0 else replace(gone, kind=DifferenceKind.AMOUNT, their_minor=theirs))
    rows = zip(*(typed.getlist(name) for name in ("extra_number", "extra_amount", "extra_note")), strict=False)
    for number, amount, note in rows:
        if number.strip() or amount.strip():
            lacking = Difference(DifferenceKind.NOT_OURS, number.strip()[:100], None, minor(amount or "0"))
            found += [replace(lacking, note=note.strip()[:300])] if lacking.their_minor else []
    return tuple(found)
