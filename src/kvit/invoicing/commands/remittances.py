"""Say that a claim has been paid, with the receipt where there is one; the ledger confirms it when the money comes."""

from datetime import date, timedelta
from typing import Final

from kvit.base import rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.stating import Claim, NewFact, Stated, hold_claim, state_fact
from kvit.invoicing.domain import FactKind, FactState
from kvit.invoicing.domain.facts import LONGEST_BANK, BadFact, Remittance
from kvit.invoicing.queries.facts import claim_rule
from kvit.kernel import dates
from kvit.kernel.calendars import Calendar
from kvit.parties import queries as parties

_LONGEST_AGO: Final = timedelta(days=3650)


@command
def say_paid(ctx: Ctx, *, invoice_id: int, payment: Remittance, today: date, words: Personal[str] = "") -> Stated:
    """Say that so much of a claim was paid on a day, from which bank, with its receipt where there is one.

    Confirmed by itself when payments are linked; stale when none was so many working days after `today`, which is
    the day where the company is. Refuses `NoSuchClaim`, `BadFact`, `TooMuchSaid`.
    """
    claim = hold_claim(invoice_id)
    if not 0 < payment.amount_minor <= claim.ledger.open_minor:
        raise BadFact(f"{payment.amount_minor} minor units are said to be paid, {claim.ledger.open_minor} are open")
    if not today - _LONGEST_AGO <= payment.paid_date <= today:
        raise BadFact(f"a payment of {payment.paid_date} cannot have been made by {today}")
    if len(payment.bank.strip()) > LONGEST_BANK:
        raise BadFact(f"the name of a bank has at most {LONGEST_BANK} characters")
    country = parties.parties([claim.supplier_id])[claim.supplier_id].country
    new = NewFact(
        FactKind.REMITTANCE,
        amount_minor=payment.amount_minor,
        target_minor=_said_before(claim) + payment.amount_minor,
        on_date=payment.paid_date,
        last_date=dates.add_working_days(today, claim_rule().stale_after_days, _calendar(country)),
        bank=payment.bank.strip(),
        file_id=payment.receipt_file_id,
    )
    return Stated(state_fact(ctx, claim, new, words), FactState.OPEN)


def _said_before(claim: Claim) -> int:
    """What has been paid, or will have been once what was said before has come: no payment confirms two."""
    ((target,),) = rows.select(
        """
        SELECT max(target_minor) FROM invoicing_claimfact
        WHERE invoice_id = %s AND kind = 'remittance' AND state IN ('open', 'stale')
        """,
        [claim.invoice_id],
    )
    return max(claim.ledger.paid_minor, target or 0)


def _calendar(country: str) -> str:
    """The company's calendar; where none is known that of the banks of the euro."""
    return country if country in {calendar.value for calendar in Calendar} else Calendar.EU.value
