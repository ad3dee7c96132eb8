"""One warm compiler per process: a sheet goes in as data, a PDF/A-3a and PDF/UA-1 comes out."""

import os
import re
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import font_source_sans_pro
import msgspec

from kvit.base import codec, texts
from kvit.documents.adapters.typst import codes, facturx, logos, signs
from kvit.documents.domain.face import faced
from kvit.documents.domain.ports import Attached
from kvit.documents.domain.refusals import NotRenderable
from kvit.documents.domain.sheet import Sheet

if TYPE_CHECKING:
    import typst

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
_SHORT: Final = 12
"""So many rows are likely to stand on one page, which is drawn faster; where they do not, it is drawn anew."""
_SCREEN_PPI: Final = 110
_PDF: Final[Mapping[str, Any]] = {"format": "pdf", "pdf_standards": ["a-3a", "ua-1"]}
_ONE_PAGE: Final = re.compile(rb"\d+ 0 obj\n<</Type/Pages/Count 1/")
# The data stand in the source: handed over as inputs of the system they would have every template read anew.
_SOURCE: Final = """#import "/parts.typ": sheet
#import "/kinds/{template}.typ": draw
#let face = json(bytes({face}))
#show: sheet.with(face, {xml})
#draw(face)
"""
_one_at_a_time = threading.Lock()


@cache
def _compiler() -> "typst.Compiler":
    """Made when the first document is drawn: fonts and templates are read once for the process.

    Typst asks how many threads it may use when it draws first. A page is too small to be shared: handing its parts to
    other threads costs more than they save, and a worker beside this one has the other core.
    """
    import typst  # by whoever draws: it weighs seven megabytes

    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_source_sans_pro.font_directory]
    )
    return typst.Compiler(str(TEMPLATES / "parts.typ"), root=str(TEMPLATES), font_paths=fonts)


class TypstRenderer:
    """Draws sheets; see `domain.ports.Renderer`."""

    def pdf(self, sheet: Sheet, *, logo: bytes | None = None, attached: Attached | None = None) -> bytes:
        """The sheet as PDF. Refuses `NotRenderable`, `UnreadableLogo`."""
        face = placed(sheet, logo=logo, attached=attached)
        xml = _text(attached) if attached is not None else None
        try:
            drawn = _drawn(face, xml)
        except NotRenderable:
            spelled = signs.replaced(face)
            if spelled == face:
                raise
            drawn = _drawn(spelled, xml)
        return facturx.announced(drawn, name=attached.name, profile=attached.profile) if attached else drawn

    def picture(self, sheet: Sheet, *, logo: bytes | None = None) -> bytes:
        """The first page as PNG. Refuses `NotRenderable`, `UnreadableLogo`."""
        return _compiled(signs.replaced(placed(sheet, logo=logo)), None, format="png", ppi=_SCREEN_PPI)[0]


def _drawn(face: Mapping[str, Any], xml: str | None) -> bytes:
    is_short = sum(len(table["rows"]) for table in face["tables"]) <= _SHORT
    (drawn,) = _compiled(_on_one_page(face) if is_short else face, xml, **_PDF)
    if is_short and not _ONE_PAGE.search(drawn):
        (drawn,) = _compiled(face, xml, **_PDF)
    return drawn


def _on_one_page(face: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what stands on several pages only."""
    return {**face, "is_short": True, "tables": [{**table, "sums": []} for table in face["tables"]]}


def _compiled(face: Mapping[str, Any], xml: str | None, **how: Any) -> Sequence[bytes]:
    """What the compiler draws, as one file or as one for each page."""
    import typst

    try:
        with _one_at_a_time:
            drawn = _compiler().compile(input=_source(face, xml), **how)
    except typst.TypstError as error:
        raise NotRenderable(f"{face['title']} cannot be drawn: {error.message}") from error
    if not drawn:
        raise NotRenderable(f"{face['title']}: nothing was drawn")
    return (drawn,) if isinstance(drawn, bytes) else [page for page in drawn if page]


def _source(face: Mapping[str, Any], xml: str | None) -> bytes:
    return _SOURCE.format(
        template=face["template"],
        face=_quoted(msgspec.json.encode(face).decode()),
        xml="none" if xml is None else _quoted(xml),
    ).encode()


def _quoted(text: str) -> str:
    """A text as Typst's source has it between quotes: nothing of it is read as anything else."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r") + '"'


def placed(sheet: Sheet, *, logo: bytes | None = None, attached: Attached | None = None) -> dict[str, Any]:
    """What the templates place: the written out document, with its codes and its logo as pictures."""
    face = faced(sheet, words=texts.catalogue(sheet.language))
    fields: dict[str, Any] = codec.plain(face)
    for each in (*fields["ways"], *fields["links"]):
        each["code"] = codes.svg(each["code"]) if each["code"] else ""
    fields["logo"] = logos.svg(logo) if logo else ""
    fields["is_short"] = False
    fields["xml_name"] = attached.name if attached else ""
    return fields


def _text(attached: Attached) -> str:
    """Typst takes texts; what comes out of the PDF again is the same bytes."""
    try:
        return attached.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotRenderable(f"{attached.name} is not UTF-8 and cannot go into the PDF") from error
