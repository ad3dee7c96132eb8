"""Statements as files and as rows of a page, for staff and customers alike: in the statement's own language."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from kvit.base import texts
from kvit.documents.domain import files
from kvit.invoicing.domain import statement_files
from kvit.invoicing.domain.confirmations import ConfirmationState
from kvit.invoicing.domain.statements import Happened, Statement
from kvit.pages import downloads
from kvit.pages.words import N_, gettext

STATEMENT: Final = "statement"
LETTER: Final = "confirmation"
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES: Final[Mapping[ConfirmationState, tuple[str, str]]] = {
    ConfirmationState.OPEN: (N_("Not answered"), "due"),
    ConfirmationState.CONFIRMED: (N_("Confirmed"), "settled"),
    ConfirmationState.DIFFERS: (N_("Differs"), "overdue"),
    ConfirmationState.SETTLED: (N_("Difference explained"), "settled"),
    ConfirmationState.EXPIRED: (N_("Not answered in time"), "overdue"),
}


def said(what: Happened) -> str:
    """What a line is about, in the reader's language."""
    return gettext(statement_files.WORDS[what])


def chip(state: ConfirmationState) -> tuple[str, str]:
    """A state as a word and the kind of its chip."""
    text, kind = STATES[state]
    return gettext(text), kind


def handed_out(statement_id: int, made: Statement, kind: str) -> HttpResponseBase | None:
    """A statement as `pdf`, `xlsx` or `csv`, to be saved; the same bytes whenever it is asked for.

    None where there is no such kind, or no PDF yet. Needs the tenant's scope.
    """
    if kind == "pdf":
        found = downloads.pdf_of(statement_id, kind=STATEMENT)
        return downloads.handed_out(found) if found is not None else None
    say = texts.catalogue(made.language).gettext
    if kind == "csv":
        return _attached(statement_files.as_csv(made, say), CSV, _name(made, kind))
    if kind == "xlsx":
        return _attached(statement_files.as_xlsx(made, say), XLSX, _name(made, kind))
    return None


def _name(made: Statement, kind: str) -> str:
    title = texts.catalogue(made.language).gettext("Account statement")
    return files.file_name(title, made.number, made.currency, made.seller.name, suffix=kind)


def _attached(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
