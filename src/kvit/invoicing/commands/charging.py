"""Draft a note of interest and of the flat sum on a late invoice, computed from the dated tables of the law."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.base import texts
from kvit.base.command import Ctx, command
from kvit.formats.einvoice.model import Note, PrecedingInvoice
from kvit.invoicing.commands.crediting import locked
from kvit.invoicing.commands.drafting import draft_invoices
from kvit.invoicing.domain import Content, Draft, DraftLine, Kind, charging
from kvit.invoicing.domain.charging import NoInterestRule, NoRateForCompensation, NotLate
from kvit.invoicing.domain.kinds import CHARGED
from kvit.invoicing.queries.charging import InterestCharge, interest_charge

__all__ = ["InterestDrafted", "NoInterestRule", "NoRateForCompensation", "NotLate", "draft_interest_note"]

_TEXTS: Final = (charging.INTEREST, charging.FLAT_SUM, charging.AT_RATE, charging.UNVERIFIED)


@dataclass(frozen=True)
class InterestDrafted:
    """The draft of the note, and what it asks for; minor units of the invoice's currency."""

    invoice_id: int
    interest_minor: int
    compensation_minor: int


@command
def draft_interest_note(
    ctx: Ctx, *, invoice_id: int, through: date, regime: str = "", has_compensation: bool = True
) -> InterestDrafted:
    """Draft a note of interest on an invoice up to a day, which is included, and of the flat sum between businesses.

    What an earlier note asked for is not asked again. `regime` is one of `Regime` where it is not the usual one of the
    country (a public medical entity); `has_compensation` leaves the flat sum out.
    Refuses `NotLate`, `NoInterestRule`, `NoInterestRate`, `NoRateForCompensation`.
    """
    # Locked first: of two who ask for the same days one sees the other's note.
    is_there = locked(invoice_id, CHARGED) is not None
    found = (
        interest_charge(invoice_id, through=through, regime=regime, has_compensation=has_compensation)
        if is_there
        else None
    )
    if found is None:
        raise NotLate("only an issued invoice bears interest")
    if found.missing is not None:
        told = found.missing.told
        raise NoRateForCompensation(
            f"the flat sum of {told.to_decimal()} {told.currency} is asked in {found.missing.currency} by the rate of "
            f"{found.missing.rate_date}, which is not known: record it, or draft the note without the flat sum"
        )
    (made,) = draft_invoices(ctx, drafts=(_draft(found),), day=through).invoice_ids
    return InterestDrafted(made, found.interest_minor, found.compensation_minor)


def _draft(found: InterestCharge) -> Draft:
    """The note in the debtor's language."""
    late, language = found.late, found.late.language
    words = {text: texts.catalogue(language).gettext(text) for text in _TEXTS}
    lines: tuple[DraftLine, ...] = charging.interest_lines(
        found.segments, late.number, late.gross.currency, words=words, language=language
    )
    if found.flat is not None:
        lines = (*lines, charging.flat_line(found.flat, late.number, words=words, language=language))
    return Draft(
        late.customer_id,
        lines,
        late.gross.currency,
        kind=Kind.FEE_NOTE,
        period=(late.first, found.through),
        content=Content(
            preceding=(PrecedingInvoice(number=late.number, issue_date=late.issue_date),),
            notes=() if found.is_verified else (Note(text=words[charging.UNVERIFIED]),),
        ),
    )
