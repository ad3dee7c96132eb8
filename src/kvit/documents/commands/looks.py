"""Choose how the company's documents look."""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.documents.domain import colours
from kvit.documents.domain.colours import FaintColour
from kvit.kernel.refusals import DomainError

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}|")
_SHA256: Final = re.compile(r"[0-9a-f]{64}|")


class BadLook(DomainError):
    """A colour that is none, or a logo that was not filed."""

    code: ClassVar[str] = "documents.bad_look"


@dataclass(frozen=True)
class LookChosen:
    """The row that says so."""

    look_id: int


@command
def choose_look(ctx: Ctx, *, colour: str, logo_sha256: str) -> LookChosen:
    """Have documents from now on in this colour (`#rrggbb`, "" for ink) and with this logo ("" for none).

    The logo lies in the archive; documents that were frozen before keep theirs. Refuses `BadLook`, `FaintColour`.
    """
    colour = colour.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise BadLook(f"{colour!r} is no colour; write it as #0e5a3c")
    if colour and not colours.is_readable(colour):
        raise FaintColour(f"{colour} is too light to be read on white; {colours.readable(colour)} can be")
    kept = "SELECT 1 FROM documents_file WHERE sha256 = %s AND erased_date IS NULL FOR SHARE"
    if not _SHA256.fullmatch(logo_sha256) or (logo_sha256 and not rows.select(kept, [logo_sha256])):
        raise BadLook("the logo does not lie in the archive")
    ((look_id,),) = rows.select(
        """
        INSERT INTO documents_look (tenant_id, colour, logo_sha256, at, command_id) VALUES (%s, %s, %s, %s, %s)
        RETURNING id
        """,
        [ctx.tenant_id, colour, logo_sha256, ctx.now, ctx.command_id],
    )
    return LookChosen(int(look_id))
