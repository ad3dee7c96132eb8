"""Payers' numbers at the desk: write one down, ask a register, decide by hand; which registers are asked at all."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, choices, roles
from kvit.invoicing import queries as invoices
from kvit.pages import access, rendering
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext
from kvit.parties import commands as parties
from kvit.parties import queries as known
from kvit.parties.commands import Outcome
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.registers import Register

LONGEST_EVIDENCE = 300


class PayerNumberForm(forms.Form):
    """A number of a customer, or an account of theirs."""

    kind = forms.ChoiceField(label=lazy_gettext("Kind"), choices=choices.numbers_of_payers)
    value = forms.CharField(label=lazy_gettext("Number"), max_length=60)


def register_name(register: Register) -> str:
    """What a register is called in a sentence."""
    return {Register.VIES: "VIES", Register.WHITE_LIST: _("the Polish white list")}[register]


def source_name(source: str) -> str:
    """Who said something about a number, in the reader's words; a source of another kind has its own name."""
    if source in {register.value for register in Register}:
        return register_name(Register(source))
    return _("a colleague") if source == "clerk" else source


def fact_text(name: str, value: str) -> tuple[str, str] | None:
    """What a fact is about and says, in the reader's words; None for one that nobody has words for."""
    if name == "registered_name":
        return _("Registered as"), value
    if name == "vat_status":
        words = {"active": _("active"), "exempt": _("exempt"), "not_registered": _("not registered")}
        return _("Taxpayer for VAT"), words.get(value, value)
    return None


def _party_of(who: Staff, customer_id: int) -> int:
    with who.reading():
        found = invoices.customer(customer_id)
    if found is None:
        raise Http404
    return found.party_id


def _require_theirs(who: Staff, customer_id: int, identity_id: int) -> None:
    party_id = _party_of(who, customer_id)
    with who.reading():
        party = known.party(party_id)
    if party is None or identity_id not in {number.id for number in party.identities}:
        raise Http404


@access.staff("POST", roles=roles.WORKING)
def add_payer_number(request: HttpRequest, who: Staff, customer_id: int) -> HttpResponse:
    """Write down a number of a customer; it is not verified before somebody or a register says so."""
    party_id = _party_of(who, customer_id)
    form = PayerNumberForm(request.POST)
    if not form.is_valid():
        rendering.complain(request, _("Choose what kind of number it is, and write it down."))
        return redirect("desk_customer", customer_id)
    kind, value = IdentityKind(form.cleaned_data["kind"]), form.cleaned_data["value"]
    answers.act(
        request,
        lambda: parties.add_identity(who.ctx, party_id=party_id, kind=kind, value=value),
        lambda _done: _("Noted."),
    )
    return redirect("desk_customer", customer_id)


@access.staff("POST", roles=roles.WORKING)
def ask_register(request: HttpRequest, who: Staff, customer_id: int, identity_id: int) -> HttpResponse:
    """Ask the register that knows a number, now."""
    _require_theirs(who, customer_id, identity_id)
    answers.act(
        request,
        lambda: parties.ask_register(who.ctx, identity_id=identity_id),
        lambda _done: _("The register is asked. Its answer stands here in a moment; reload the page."),
    )
    return redirect("desk_customer", customer_id)


@access.staff("POST", roles=roles.WORKING)
def decide_number(request: HttpRequest, who: Staff, customer_id: int, identity_id: int) -> HttpResponse:
    """Say by hand whether a number is the customer's, and by what one knows."""
    _require_theirs(who, customer_id, identity_id)
    outcome = Outcome.REFUTED if request.POST.get("outcome") == Outcome.REFUTED.value else Outcome.VERIFIED
    evidence = answers.typed(request.POST.get("evidence"), LONGEST_EVIDENCE)
    if not evidence:
        rendering.complain(request, _("Say by what you know it."))
        return redirect("desk_customer", customer_id)
    answers.act(
        request,
        lambda: parties.decide_number(who.ctx, identity_id=identity_id, outcome=outcome, evidence=evidence),
        lambda done: _("Noted: the number is verified.") if done.state == "verified" else _("Noted: it is not theirs."),
    )
    return redirect("desk_customer", customer_id)


@access.staff("POST", roles=roles.RUNNING)
def switch_register(request: HttpRequest, who: Staff) -> HttpResponse:
    """Let a register be asked about customers' numbers, or stop it."""
    wanted = request.POST.get("register", "")
    if wanted not in {register.value for register in Register}:
        raise Http404
    register, is_on = Register(wanted), request.POST.get("on") == "1"
    answers.act(
        request,
        lambda: parties.switch_register(who.ctx, register=register, is_on=is_on),
        lambda _done: (
            (_("From now on %(register)s is asked.") if is_on else _("Not asked any more: %(register)s."))
            % {"register": register_name(register)}
        ),
    )
    return redirect("desk_settings")
