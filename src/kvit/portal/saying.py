"""What a customer says about an invoice, on its live page or signed in: forms, the commands behind them, receipts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from markupsafe import Markup

from kvit.base import files, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Side, line_gross
from kvit.invoicing.domain.facts import MOST_A_DAY
from kvit.kernel.refusals import DomainError
from kvit.pages import downloads, refusals, saying
from kvit.pages.buyers.invoice import InvoicePage
from kvit.pages.claims import Said
from kvit.pages.saying import PaidForm, SayingForm, Subject

WITHDRAW: Final = "withdraw"
LONGEST_ID: Final = 18


@dataclass(frozen=True, slots=True)
class Saying:
    """What the panel of forms needs: `opened` stands open, `own` may be taken back, `gross` is what each line costs."""

    address: str
    protection: Markup
    forms: Mapping[str, SayingForm]
    open: tuple[Said, ...]
    own: tuple[Said, ...]
    gross: tuple[int, ...]
    opened: str = ""
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something, about which invoice as they see it."""

    ctx: Ctx
    page: InvoicePage

    @property
    def invoice_id(self) -> int:
        """The invoice that they may speak of: the one of their link, or one of their own."""
        return self.page.copy.id


def panel(
    page: InvoicePage, *, address: str, protection: Markup, opened: str = "", **forms: SayingForm
) -> Saying | None:
    """The forms as they are offered now, but for those that come back with what is wrong. Needs the tenant's scope."""
    if not page.copy.is_claim:
        return None
    return Saying(
        address=address,
        protection=protection,
        forms=saying.blank(subject_of(page)),
        open=page.talk.open,
        own=tuple(each for each in page.talk.open if each.fact.side is Side.CUSTOMER),
        gross=tuple(line_gross(line.net_minor, line.vat_rate) for line in page.copy.lines),
    )


def come_back(panel: Saying, what: str, wrong: SayingForm) -> Saying:
    """The panel with a form that says what is wrong, open."""
    place = what if what in panel.forms else "message"
    return replace(panel, forms={**panel.forms, place: wrong}, opened=place)


def subject_of(page: InvoicePage) -> Subject:
    """The claim as the forms know it. Needs the tenant's scope."""
    copy = page.copy
    return Subject(
        currency=copy.currency,
        open_minor=page.open_minor,
        undisputed_minor=page.open_minor - page.disputed_minor,
        due_date=copy.due_date,
        first_due_date=copy.moves[0].from_date if copy.moves else copy.due_date,
        lines=copy.lines,
        today=page.today,
        rule=invoices.claim_rule(),
    )


def hear(request: HttpRequest, speaker: Speaker, what: str) -> SayingForm | None:
    """Do what the form asks for; the form with what is wrong, or None where it is done.

    What cannot be said raises `Http404`; nothing of the body is read before who speaks is known.
    """
    if what == WITHDRAW:
        return _withdrawn(request, speaker)
    if what not in saying.FORMS:
        raise Http404
    with tenant.reading(speaker.ctx.tenant_id):
        subject = subject_of(speaker.page)
        has_room = invoices.said_by_customer(speaker.invoice_id, now=speaker.ctx.now) < MOST_A_DAY
    form = saying.FORMS[what](request.POST, request.FILES, subject=subject, auto_id=f"say-{what}-%s")
    if not form.is_valid():
        return form
    try:
        if not has_room:
            raise invoicing.TooMuchSaid("as much as is taken in was said about this invoice today")
        _SAY[what](request, speaker, form)
    except DomainError as refusal:
        form.add_error(None, refusals.text(refusal))
        return form
    return None


def receipt(fact_id: int, *, invoice_id: int) -> HttpResponse:
    """The receipt of what was said about this invoice, to be saved. Needs the tenant's scope."""
    fact = invoices.fact(fact_id)
    found = invoices.receipt(fact_id) if fact is not None and fact.invoice_id == invoice_id else None
    if found is None:
        raise Http404
    return downloads.receipt(found)


def _withdrawn(request: HttpRequest, speaker: Speaker) -> SayingForm | None:
    fact_id = _number(request.POST.get("fact", ""))
    try:
        if fact_id is not None:
            invoicing.withdraw_fact(speaker.ctx, invoice_id=speaker.invoice_id, fact_id=fact_id)
    except DomainError as refusal:
        with tenant.reading(speaker.ctx.tenant_id):
            form = saying.FORMS["message"]({}, subject=subject_of(speaker.page), auto_id="say-message-%s")
        form.errors.clear()
        form.add_error(None, refusals.text(refusal))
        return form
    return None


def _paid(request: HttpRequest, speaker: Speaker, form: SayingForm) -> None:
    if not isinstance(form, PaidForm):
        raise TypeError("the form of a payment")
    upload = form.upload
    file_id = files.keep(speaker.ctx, upload[0], name=upload[1]).file_id if upload else None
    invoicing.say_paid(
        speaker.ctx,
        invoice_id=speaker.invoice_id,
        payment=form.payment(file_id),
        today=speaker.page.today,
        **form.values(),
    )


def _disputed(request: HttpRequest, speaker: Speaker, form: SayingForm) -> None:
    invoicing.open_dispute(speaker.ctx, invoice_id=speaker.invoice_id, **form.values())


def _promised(request: HttpRequest, speaker: Speaker, form: SayingForm) -> None:
    invoicing.promise_payment(speaker.ctx, invoice_id=speaker.invoice_id, today=speaker.page.today, **form.values())


def _asked(request: HttpRequest, speaker: Speaker, form: SayingForm) -> None:
    invoicing.ask_for_time(speaker.ctx, invoice_id=speaker.invoice_id, **form.values())


def _written(request: HttpRequest, speaker: Speaker, form: SayingForm) -> None:
    fact_id = _number(request.POST.get("fact", ""))
    invoicing.remark(speaker.ctx, invoice_id=speaker.invoice_id, fact_id=fact_id, **form.values())


_SAY: Final[Mapping[str, Callable[[HttpRequest, Speaker, Any], None]]] = {
    "paid": _paid,
    "dispute": _disputed,
    "promise": _promised,
    "time": _asked,
    "message": _written,
}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID else None
