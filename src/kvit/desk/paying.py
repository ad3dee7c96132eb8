"""Payment files: looked at, signed by two persons, handed over once, and what the bank answered."""

from collections.abc import Mapping
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands, queries
from kvit.banking.domain.payments import SIGNATURES, PaymentFileState, PaymentState, SendingOutcome
from kvit.banking.queries import PaymentFileRow
from kvit.base import files
from kvit.desk import answers, roles
from kvit.pages import access, rendering
from kvit.pages.read import people
from kvit.pages.visitor import Staff
from kvit.pages.words import N_
from kvit.pages.words import gettext as _

_SHOWN: Final = 100
_STATES: Final[Mapping[PaymentFileState, tuple[str, str]]] = {
    PaymentFileState.MADE: (N_("Waits for signatures"), "due"),
    PaymentFileState.SIGNED: (N_("Signed by two"), "info"),
    PaymentFileState.SENDING: (N_("Being handed over"), "info"),
    PaymentFileState.SENT: (N_("At the bank"), "info"),
    PaymentFileState.UNKNOWN: (N_("In doubt"), "overdue"),
    PaymentFileState.ACKNOWLEDGED: (N_("Taken on by the bank"), "settled"),
    PaymentFileState.PARTLY_REJECTED: (N_("Partly rejected"), "overdue"),
    PaymentFileState.REJECTED: (N_("Rejected"), "overdue"),
    PaymentFileState.DISCARDED: (N_("Discarded"), ""),
}
_PAYMENTS: Final[Mapping[PaymentState, tuple[str, str]]] = {
    PaymentState.OPEN: (N_("Open"), ""),
    PaymentState.ACCEPTED: (N_("Taken on"), "settled"),
    PaymentState.REJECTED: (N_("Rejected"), "overdue"),
    PaymentState.DISCARDED: (N_("Discarded"), ""),
}


def file_chip(file: PaymentFileRow) -> tuple[str, str]:
    """Where a payment file stands, in words, and the kind of chip that says so."""
    text, kind = _STATES[file.state]
    return _(text), kind


@access.staff()
def payment_files(request: HttpRequest, who: Staff) -> HttpResponse:
    """Every payment file, the newest first."""
    return answers.page(
        request,
        who,
        "payment_files",
        files=queries.payment_files()[:_SHOWN],
        chips={state: (_(text), kind) for state, (text, kind) in _STATES.items()},
        accounts=queries.accounts(),
        needed=SIGNATURES,
    )


@access.staff()
def payment_file(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """One file: whom it pays, who signed it, what became of it."""
    found = queries.payment_file(file_id)
    if found is None:
        raise Http404
    me = f"user:{who.user_id}"
    is_waiting = found.state is PaymentFileState.MADE
    return answers.page(
        request,
        who,
        "payment_file",
        file=found,
        state=found.state.value,
        chip=_STATES[found.state],
        payments=queries.payments_of(file_id),
        payment_chips={state: (_(text), kind) for state, (text, kind) in _PAYMENTS.items()},
        account=queries.accounts()[found.account_id],
        names=people.names_of([found.made_by, *found.signed_by]),
        needed=SIGNATURES,
        may_pay=roles.may_pay(who),
        may_sign=roles.may_pay(who) and is_waiting and me not in found.signed_by,
        has_signed=me in found.signed_by,
    )


@access.staff(roles=roles.PAYING)
def content(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """The file as it was made, byte for byte."""
    found = queries.payment_file(file_id)
    if found is None:
        raise Http404
    data = b"".join(files.read_parts(found.sha256))
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return answer


def _file(who: Staff, file_id: int) -> PaymentFileRow:
    with who.reading():
        found = queries.payment_file(file_id)
    if found is None:
        raise Http404
    return found


@access.staff("POST", roles=roles.PAYING)
def sign(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """Sign the content that was looked at."""
    _file(who, file_id)
    sha256 = answers.typed(request.POST.get("sha256"))
    answers.act(
        request,
        lambda: commands.sign_payment_file(who.ctx, payment_file_id=file_id, sha256=sha256),
        lambda done: (
            _("Signed by two: the file may be handed to the bank, once.")
            if done.state is PaymentFileState.SIGNED
            else _("Signed; a second person signs next.")
        ),
    )
    return redirect("desk_payment_file", file_id)


@access.staff("POST", roles=roles.PAYING)
def discard(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """Never send a file, with the reason."""
    _file(who, file_id)
    if reason := _reason(request):
        answers.act(
            request,
            lambda: commands.discard_payment_file(who.ctx, payment_file_id=file_id, reason=reason),
            lambda _done: _("Discarded; what it would have paid may go into another file."),
        )
    return redirect("desk_payment_file", file_id)


@access.staff("POST", roles=roles.PAYING)
def take_out(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """Begin to hand a file over by hand: whoever is second is refused, so that nobody uploads it twice."""
    _file(who, file_id)
    answers.act(
        request,
        lambda: commands.begin_sending(who.ctx, payment_file_id=file_id),
        lambda _done: _("Now take the file to the bank, then say what came of it."),
    )
    return redirect("desk_payment_file", file_id)


@access.staff("POST", roles=roles.PAYING)
def handed_over(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """Say what came of the hand-over: the bank has it, it certainly does not, or nobody knows."""
    _file(who, file_id)
    try:
        outcome = SendingOutcome(request.POST.get("outcome", ""))
    except ValueError:
        rendering.complain(request, _("Say what came of it."))
        return redirect("desk_payment_file", file_id)
    evidence = "a person says so"
    answers.act(
        request,
        lambda: commands.record_sending(who.ctx, payment_file_id=file_id, outcome=outcome, evidence=evidence),
        lambda _done: _("Noted."),
    )
    return redirect("desk_payment_file", file_id)


@access.staff("POST", roles=roles.PAYING)
def resolve(request: HttpRequest, who: Staff, file_id: int) -> HttpResponse:
    """Say whether the bank has a file in doubt, and how that is known."""
    _file(who, file_id)
    if reason := _reason(request):
        has_arrived = request.POST.get("arrived") == "yes"
        answers.act(
            request,
            lambda: commands.resolve_payment_file(
                who.ctx, payment_file_id=file_id, has_arrived=has_arrived, evidence=reason
            ),
            lambda _done: _("Noted."),
        )
    return redirect("desk_payment_file", file_id)


def _reason(request: HttpRequest) -> str:
    reason = answers.typed(request.POST.get("reason"), 300)
    if not reason:
        rendering.complain(request, _("Give a reason."))
    return reason
