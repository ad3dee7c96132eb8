"""What the companies of the world have written to customers at the month's end: statements, balances to confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind
from kvit.invoicing.domain.statements import Statement, StatementForm
from kvit.world import cast
from kvit.world.founding import Simulated
from kvit.world.talking import HOLDER

STATEMENTS: Final = 12
CONFIRMATIONS: Final = 8
AGREEING: Final = (2, 3, 5)
"""Which of those who are asked agree, in the order in which they are asked; the first has yet to answer."""
DIFFERING: Final = 1
_ANSWER_WITHIN: Final = timedelta(days=21)
_RECENT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class _Words:
    role: str
    missing: str
    explanation: str


_SAID: Final[Mapping[str, _Words]] = {
    "SE": _Words(
        "Ekonomiassistent", "Finns inte i vår reskontra", "Vi har inte fått den här fakturan. Skicka den gärna igen."
    ),
    "PL": _Words(
        "Księgowość", "Brak w naszych księgach", "Nie otrzymaliśmy tej faktury. Prosimy o ponowne przesłanie."
    ),
    "RO": _Words(
        "Contabilitate", "Nu apare în evidența noastră", "Nu am primit această factură. Vă rugăm să o retrimiteți."
    ),
}


def write_letters(ctx: Ctx, simulated: Simulated, *, first_party_id: int) -> int:
    """State the last month to a dozen customers and ask some to confirm their balance, once; how many letters.

    `first_party_id` is whose portal is shown: it gets both, and its balance is still to be confirmed. Of the others
    some agree, one misses an invoice, some have not answered.
    """
    month_end = ctx.now.date().replace(day=1) - timedelta(days=1)
    with tenant.scope(ctx.tenant_id):
        if invoices.confirmation_counts():
            return 0
        customers = _customers(simulated, first_party_id, since=month_end - _RECENT)
    if not customers:
        return 0
    stated = invoicing.make_statements(
        replace(ctx, key="world:statements"),
        customer_ids=customers,
        form=StatementForm.RUNNING,
        from_date=month_end.replace(day=1),
        to_date=month_end,
    )
    asked = invoicing.ask_confirmations(
        replace(ctx, key="world:confirmations"),
        customer_ids=customers[:CONFIRMATIONS],
        as_of_date=month_end,
        reply_by_date=ctx.now.date() + _ANSWER_WITHIN,
        signed_by=cast.CAST[simulated.company.code][0].full_name,
    )
    _answer(ctx, simulated, asked.confirmation_ids)
    return len(stated.statement_ids) + len(asked.confirmation_ids)


def _customers(simulated: Simulated, first_party_id: int, *, since: date) -> tuple[int, ...]:
    """Whose portal is shown, and who was invoiced of late: firms first, for it is firms that confirm balances."""
    known = dict(zip(simulated.customer_ids, simulated.people, strict=True))
    shown = [
        c for c, party_id in zip(simulated.customer_ids, simulated.party_ids, strict=True) if party_id == first_party_id
    ]
    invoiced = dict.fromkeys(row.customer_id for row in invoices.issued_since(since) if row.customer_id in known)
    others = sorted((c for c in invoiced if c not in shown), key=lambda c: not known[c].is_firm)
    return (*shown, *others)[:STATEMENTS]


def _answer(ctx: Ctx, simulated: Simulated, confirmation_ids: Sequence[int]) -> None:
    with tenant.scope(ctx.tenant_id):
        rows = invoices.confirmations_by_id(confirmation_ids)
        letters = invoices.confirmation_contents(confirmation_ids)
    names = dict(zip(simulated.customer_ids, simulated.people, strict=True))
    said = _SAID[simulated.company.country]
    for place, confirmation_id in enumerate(confirmation_ids):
        if place not in (*AGREEING, DIFFERING):
            continue
        row = rows[confirmation_id]
        differences = _missing(letters[confirmation_id], said) if place == DIFFERING else ()
        invoicing.answer_confirmation(
            replace(ctx, actor=HOLDER, key=f"world:answer:{confirmation_id}"),
            confirmation_id=confirmation_id,
            signature=invoicing.Signature(names[row.customer_id].name, said.role, row.sha256),
            reply=invoicing.Reply(differences, said.explanation if differences else ""),
        )


def _missing(letter: Statement, said: _Words) -> tuple[Difference, ...]:
    """Their books lack the first document that is open in ours; with none open there is nothing to miss."""
    return tuple(
        Difference(DifferenceKind.NOT_THEIRS, item.number, item.open_minor, None, item.day, said.missing)
        for item in letter.items[:1]
    )
