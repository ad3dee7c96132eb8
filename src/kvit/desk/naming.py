"""Of which account a bank file is that does not tell: its first movements, and the accounts to choose from."""

import io
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from kvit.banking import commands, queries
from kvit.banking.queries import StatementRow
from kvit.base import files
from kvit.desk import answers, roles
from kvit.formats import bank as formats
from kvit.formats.bank.statement import Line, StatementOpened
from kvit.formats.bank.tabular import guide
from kvit.pages import access
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _

SHOWN: Final = 10
_MOST_BYTES: Final = 2_000_000


@access.staff("POST", roles=roles.WORKING)
def name_account(request: HttpRequest, who: Staff, statement_id: int) -> HttpResponse:
    """Say of which account the statement is; its file is then taken in like any other."""
    with who.reading():
        if queries.statement(statement_id) is None:
            raise Http404
    account_id = answers.number(request.POST.get("account")) or 0
    answers.act(
        request,
        lambda: commands.name_account(who.ctx, statement_id=statement_id, account_id=account_id),
        lambda _done: _("The account is known now; the file is being taken in."),
    )
    return redirect("desk_statement", statement_id)


def first_lines(statement: StatementRow) -> tuple[Line, ...]:
    """The first movements of a statement whose lines were not taken in yet. Needs the tenant's scope."""
    intake = queries.intake(statement.intake_id)
    if intake is None or (intake.format != "csv" and intake.file_bytes > _MOST_BYTES):
        return ()
    parts = files.read_parts(intake.sha256)
    data = guide.head(parts) if intake.format == "csv" else b"".join(parts)
    found: list[Line] = []
    is_here = False
    for item in formats.open_file(io.BytesIO(data), profiles=queries.csv_profiles()).items:
        if isinstance(item, StatementOpened):
            if is_here:
                break
            is_here = item.statement.place == statement.place
        elif is_here and isinstance(item, Line):
            found.append(item)
            if len(found) == SHOWN:
                break
    return tuple(found)
