"""Issue many drafts of which some may be refused: the others are issued, and each refusal is told; or only tried."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kvit.base.command import Ctx, command
from kvit.invoicing.commands.issuing import issue_invoices
from kvit.invoicing.queries import invoices
from kvit.kernel.refusals import DomainError


@dataclass(frozen=True)
class EachIssued:
    """What was issued with its numbers, and what was refused with the code of why, each in the order it was given."""

    issued_ids: tuple[int, ...]
    numbers: tuple[str, ...]
    refused_ids: tuple[int, ...]
    codes: tuple[str, ...]


class _OnlyTried(Exception):
    """Takes everything back that a rehearsal did."""


@command
def issue_each(ctx: Ctx, *, invoice_ids: tuple[int, ...], issue_date: date, is_rehearsal: bool = False) -> EachIssued:
    """Issue each draft that can be issued, in the order given; what `issue_invoices` refuses stays as it is.

    Ids that are nobody's here are left out.

    A rehearsal does the same and takes it back: the numbers that it tells are those of now, and are nobody's.
    """
    known = {row.id for row in invoices(invoice_ids)}
    wanted = tuple(one for one in dict.fromkeys(invoice_ids) if one in known)
    found: dict[int, str] = {}
    refused: dict[int, str] = {}
    try:
        with transaction.atomic():
            _issue(ctx, wanted, issue_date, found, refused)
            if is_rehearsal:
                raise _OnlyTried
    except _OnlyTried:
        pass
    return EachIssued(tuple(found), tuple(found.values()), tuple(refused), tuple(refused.values()))


def _issue(ctx: Ctx, ids: tuple[int, ...], day: date, found: dict[int, str], refused: dict[int, str]) -> None:
    """All at once; where that is refused, each half by itself, so that few refusals cost little."""
    if not ids:
        return
    try:
        with transaction.atomic():
            numbers = issue_invoices(ctx, invoice_ids=ids, issue_date=day).numbers
    except DomainError as refusal:
        if len(ids) == 1:
            refused[ids[0]] = refusal.code
            return
        middle = len(ids) // 2
        _issue(ctx, ids[:middle], day, found, refused)
        _issue(ctx, ids[middle:], day, found, refused)
    else:
        found.update(zip(ids, numbers, strict=True))
