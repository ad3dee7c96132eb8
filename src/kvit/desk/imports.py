"""Bank files: brought in, what became of each, statements that are held."""

from typing import BinaryIO, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands, queries
from kvit.banking.queries import StatementRow
from kvit.base import files
from kvit.desk import answers, naming, roles
from kvit.formats import bank as formats
from kvit.formats.bank.pieces import MAX_BYTES, PIECE
from kvit.formats.bank.tabular import guide
from kvit.kernel.refusals import DomainError
from kvit.pages import access, reasons, rendering
from kvit.pages.read import inbox, payment, people
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

SHOWN: Final = 50
STATEMENTS_SHOWN: Final = 200
PROBLEMS_SHOWN: Final = 200


class UploadForm(forms.Form):
    """A file of the bank's."""

    file = forms.FileField(label=lazy_gettext("Bank file"), max_length=255, allow_empty_file=False)


@access.staff()
def imports(request: HttpRequest, who: Staff) -> HttpResponse:
    """Every file that was brought in, the newest first."""
    return _list(request, who, UploadForm())


def _list(request: HttpRequest, who: Staff, form: UploadForm, status: int = 200) -> HttpResponse:
    with who.reading():
        below = answers.number(request.GET.get("below"))
        of_account = answers.number(request.POST.get("account") or request.GET.get("account"))
        found = queries.intakes(limit=SHOWN + 1, below_id=below)
        return answers.page(
            request,
            who,
            "imports",
            status=status,
            form=form,
            intakes=found[:SHOWN],
            names=people.names_of(row.actor for row in found),
            older=found[SHOWN - 1].id if len(found) > SHOWN else None,
            is_first=below is None,
            of_account=of_account,
            account=queries.accounts().get(of_account or 0),
        )


@access.staff("POST", roles=roles.WORKING)
def upload(request: HttpRequest, who: Staff) -> HttpResponse:
    """Keep the file as it came and take it in in the background; the same file twice changes nothing.

    From the page of an account it is of that account where it names none itself.
    """
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, who, form, 422)
    given = form.cleaned_data["file"]
    if given.size > MAX_BYTES:
        form.add_error("file", _("The file is larger than a bank file may be."))
        return _list(request, who, form, 422)
    source = given.file
    try:
        kept = files.keep(who.ctx, source, name=given.name)
        with who.reading():
            profiles = queries.csv_profiles()
        format_name = formats.recognise_stream(source, profiles=profiles) or "unknown"
        begun = commands.receive_file(
            who.ctx,
            file_id=kept.file_id,
            format=format_name,
            account_id=answers.number(request.POST.get("account")),
        )
    except DomainError as refusal:
        answers.refused(form, refusal)
        return _list(request, who, form, 422)
    if begun.done:
        rendering.say(request, _("This file was taken in before; nothing changed."))
    else:
        rendering.say(request, _("The file is kept as it came and is being read."))
    if format_name == "unknown" and not begun.done and _has_columns(source):
        return redirect("desk_columns", begun.intake_id)
    return redirect("desk_import", begun.intake_id)


def _has_columns(source: BinaryIO) -> bool:
    """Whether a file that nothing recognises is a table whose columns a person can name."""
    source.seek(0)
    head = guide.head(iter(lambda: source.read(PIECE), b""))
    return bool(guide.propose(head, key="own", name="", country="").columns)


@access.staff()
def intake(request: HttpRequest, who: Staff, intake_id: int) -> HttpResponse:
    """What became of one file: its statements, what could not be read and where."""
    found = queries.intake(intake_id)
    if found is None:
        raise Http404
    problems = queries.problems_of(intake_id, limit=PROBLEMS_SHOWN)
    statements = queries.statements_of(intake_id, limit=STATEMENTS_SHOWN)
    is_busy = found.state == "open" and not found.held_count and not problems
    template = "_import" if request.htmx else "import"  # type: ignore[attr-defined]
    return answers.page(
        request,
        who,
        template,
        intake=found,
        names=people.names_of([found.actor, *(problem.actor for problem in problems if problem.actor)]),
        statements=statements,
        waiting=inbox.about("bank_intake", intake_id, currency=who.place.currency),
        problems=problems,
        problem_count=found.problem_count,
        is_busy=is_busy or any(s.state == "received" for s in statements),
    )


@access.staff()
def statement(request: HttpRequest, who: Staff, statement_id: int) -> HttpResponse:
    """One statement: its balances and lines; a held one asks for a decision."""
    found = queries.statement(statement_id)
    if found is None:
        raise Http404
    below = answers.number(request.GET.get("below"))
    lines = queries.latest_lines(limit=SHOWN + 1, statement_id=statement_id, below_id=below)
    candidates = _candidates(found)
    return answers.page(
        request,
        who,
        "statement",
        statement=found,
        waiting=inbox.about("bank_statement", statement_id, currency=found.currency or who.place.currency),
        held=reasons.text(f"banking.{found.hold_code}", {}, currency=found.currency, english=found.hold_reason),
        candidates=candidates,
        first_lines=naming.first_lines(found) if candidates else (),
        movements=payment.movements(lines[:SHOWN]),
        older=lines[SHOWN - 1].id if len(lines) > SHOWN else None,
        is_first=below is None,
    )


def _candidates(found: StatementRow) -> dict[int, tuple[str, str, str]]:
    """The accounts that a statement may be of which waits for one."""
    if found.state != "held" or found.account_id is not None:
        return {}
    fitting = queries.candidates(found.id)
    return {key: account for key, account in queries.accounts().items() if key in fitting}


@access.staff("POST", roles=roles.WORKING)
def release(request: HttpRequest, who: Staff, statement_id: int) -> HttpResponse:
    """Book a held statement although it does not add up."""
    _statement(who, statement_id)
    if reason := _reason(request):
        answers.act(
            request,
            lambda: commands.release_statement(who.ctx, statement_id=statement_id, reason=reason),
            lambda _done: _("The statement is booked; its payments are being matched."),
        )
    return redirect("desk_statement", statement_id)


@access.staff("POST", roles=roles.WORKING)
def reject(request: HttpRequest, who: Staff, statement_id: int) -> HttpResponse:
    """Never book a held statement; file and lines are kept."""
    _statement(who, statement_id)
    if reason := _reason(request):
        answers.act(
            request,
            lambda: commands.reject_statement(who.ctx, statement_id=statement_id, reason=reason),
            lambda _done: _("The statement is rejected; its file and lines are kept."),
        )
    return redirect("desk_statement", statement_id)


def _statement(who: Staff, statement_id: int) -> StatementRow:
    with who.reading():
        found = queries.statement(statement_id)
    if found is None:
        raise Http404
    return found


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        rendering.complain(request, _("Give a reason."))
    return reason
