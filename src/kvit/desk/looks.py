"""How documents look: the company's colour and logo, looked at on an example before they hold."""

from typing import Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.desk import answers, roles
from kvit.documents import commands, queries
from kvit.documents.domain import colours, files
from kvit.documents.domain.files import Subject
from kvit.documents.domain.refusals import LogoTooLarge, NotRenderable, UnreadableLogo
from kvit.documents.domain.retention import RetentionClass
from kvit.documents.domain.sheet import Look
from kvit.kernel.refusals import DomainError
from kvit.pages import access, refusals, rendering
from kvit.pages.read import looks
from kvit.pages.read.looks import Owner
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

LARGEST_BYTES: Final = 1_000_000
INK, OWN = "", "own"
LOGO: Final = "logo"
_MEDIA_TYPES: Final = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
PROPOSED: Final = ("#1d4fa3", "#0e5a3c", "#0b5563", "#5b3a8c", "#b3261e", "#8a4b00")


class LookForm(forms.Form):
    """A colour, and a logo brought, kept (`logo_sha256`) or taken away."""

    swatch = forms.CharField(required=False, max_length=7)
    colour = forms.CharField(label=lazy_gettext("Another colour"), required=False, max_length=7)
    logo = forms.FileField(label=lazy_gettext("Logo"), required=False, max_length=255)
    logo_sha256 = forms.CharField(required=False, max_length=64)
    without_logo = forms.BooleanField(label=lazy_gettext("Without a logo"), required=False)

    def wanted(self) -> str:
        """The colour that is meant: of the swatch, or the one beside "another"."""
        typed = self.cleaned_data["colour" if self.cleaned_data["swatch"] == OWN else "swatch"]
        return str(typed).strip().lower()


@access.staff()
def look(request: HttpRequest, who: Staff) -> HttpResponse:
    """The colour and logo that hold, on an example."""
    return _page(request, who, queries.look())


@access.staff()
def example(request: HttpRequest, who: Staff) -> HttpResponse:
    """The example as it looks now, a picture; not within the page, which stays light."""
    owner, holds = looks.owner(currency=who.place.currency, day=who.today), queries.look()
    if owner is None:
        raise Http404
    try:
        drawn = looks.drawn(owner.company, holds, logo=looks.logo(holds), day=who.today)
    except NotRenderable:
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/png")


def _page(
    request: HttpRequest,
    who: Staff,
    shown: Look,
    *,
    form: LookForm | None = None,
    is_tried: bool = False,
) -> HttpResponse:
    picture = ""
    with who.reading():
        owner = looks.owner(currency=who.place.currency, day=who.today)
        logo = looks.logo(shown)
    form = form or LookForm()
    if owner is not None and is_tried:
        try:
            picture = looks.picture(owner.company, shown, logo=logo, day=who.today)
        except NotRenderable as refusal:
            _refused(form, refusal, shown.colour)
    return answers.page(
        request,
        who,
        "settings_look",
        status=422 if form.errors and request.method == "POST" else 200,
        form=form,
        owner=owner,
        look=shown,
        picture=picture,
        proposed=PROPOSED,
        names=_names(),
    )


def _names() -> dict[str, str]:
    said = (_("Blue"), _("Green"), _("Teal"), _("Violet"), _("Red"), _("Brown"))
    return dict(zip(PROPOSED, said, strict=True))


@access.staff("POST", roles=roles.RUNNING)
def choose(request: HttpRequest, who: Staff) -> HttpResponse:
    """Show the example with what was chosen, or have it hold from now on."""
    form = LookForm(request.POST, request.FILES)
    with who.reading():
        holds, owner = queries.look(), looks.owner(currency=who.place.currency, day=who.today)
    if not form.is_valid() or owner is None:
        return _page(request, who, holds, form=form)
    colour = form.wanted()
    try:
        if colour and colours.COLOUR.fullmatch(colour) and not colours.is_readable(colour):
            raise colours.FaintColour(colour)
        sha256 = _logo(request, who, form, owner, Look(colour if colours.COLOUR.fullmatch(colour) else ""))
        if "save" in request.POST:
            commands.choose_look(who.ctx, colour=colour, logo_sha256=sha256)
            rendering.say(request, _("Saved; documents look so from now on. Those that were issued stay as they are."))
            return redirect("desk_look")
    except DomainError as refusal:
        _refused(form, refusal, colour)
        return _page(request, who, holds, form=form)
    return _page(request, who, Look(colour, sha256), form=form, is_tried=True)


def _refused(form: LookForm, refusal: DomainError, colour: str) -> None:
    if isinstance(refusal, NotRenderable):
        form.add_error("logo", refusals.text(refusal if isinstance(refusal, UnreadableLogo) else UnreadableLogo("")))
    elif isinstance(refusal, colours.FaintColour):
        near = _("The nearest that can be read is %(colour)s.") % {"colour": colours.readable(colour)}
        form.add_error("colour", f"{refusals.text(refusal)} {near}")
    else:
        answers.refused(form, refusal)


def _logo(request: HttpRequest, who: Staff, form: LookForm, owner: Owner, tried: Look) -> str:
    """The hash of the logo that is meant; one that is brought is drawn first, then filed. Refuses `NotRenderable`."""
    given = form.cleaned_data["logo"]
    if form.cleaned_data["without_logo"]:
        return ""
    if given is None:
        return str(form.cleaned_data["logo_sha256"])
    if given.size > LARGEST_BYTES:
        raise LogoTooLarge(f"the logo has {given.size} bytes; at most {LARGEST_BYTES} are drawn")
    content = given.read()
    looks.picture(owner.company, tried, logo=content, day=who.today)
    media_type = next((kind for start, kind in _MEDIA_TYPES if content.startswith(start)), "image/svg+xml")
    new = files.new_file(
        content,
        name=files.file_name(LOGO, owner.company.seller.name, suffix=media_type.partition("/")[2].partition("+")[0]),
        media_type=media_type,
        retention=RetentionClass.USE,
        keep_until=who.today,
        subject=Subject("party", owner.party_id, LOGO, "", "", who.today, party_id=owner.party_id),
    )
    commands.archive(who.ctx, new_files=(new,))
    return new.sha256
