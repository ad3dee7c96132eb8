"""A draft as the document that it would be, drawn; how its sheet is made is said by `flows` at start."""

import base64
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from kvit.documents.domain import renderers
from kvit.documents.domain.sheet import Sheet
from kvit.invoicing.queries import Reckoned

Sheets: TypeAlias = Callable[[Reckoned, date], Sheet]
"""The sheet of a draft that would be issued on a day. Asked in the tenant's scope."""
_answers: list[Sheets] = []


def register(answer: Sheets) -> None:
    """Say who makes sheets; the last one counts."""
    _answers.append(answer)


def sheet(found: Reckoned, *, day: date) -> Sheet:
    """What would be issued on a day. Needs the tenant's scope."""
    return _answers[-1](found, day)


def picture(of: Sheet, *, logo: bytes | None) -> str:
    """Its first page, as an address that holds the picture. Refuses `NotRenderable`."""
    png = renderers.current().picture(of, logo=logo)
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
