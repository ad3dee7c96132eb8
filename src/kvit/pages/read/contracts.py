"""Contracts with what they ask for next: the list, and one of them whole."""

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import Calculated, DraftLine, calculate
from kvit.invoicing.domain.contracts import ContractTerm, IndexStep, lines_for, terms
from kvit.invoicing.queries import ContractRow, ContractTerms
from kvit.kernel.dates import add_months
from kvit.parties import queries as parties

AHEAD: Final = 6
_LONGEST_MONTHS: Final = 12 * 12


@dataclass(frozen=True, slots=True)
class Coming:
    """A period that is not invoiced yet: the day on which it is, its lines and what they add up to."""

    term: ContractTerm
    invoice_date: date
    lines: tuple[DraftLine, ...]
    calculated: Calculated


@dataclass(frozen=True, slots=True)
class Listed:
    """A contract with its customer and what comes next; None after its end."""

    row: ContractRow
    customer: str
    next: Coming | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A contract whole; `now` are its lines at today's prices."""

    row: ContractRow
    customer: str
    terms: ContractTerms
    coming: tuple[Coming, ...]
    now: tuple[DraftLine, ...]
    is_over: bool


def listed(*, today: date) -> tuple[Listed, ...]:
    """Every contract in the order of numbers, those that last first. Needs the tenant's scope."""
    rows = invoicing.contracts()
    told = invoicing.contract_terms([row.id for row in rows])
    names = _names(rows)
    found = [
        Listed(
            row,
            names.get(row.customer_id, ""),
            next(iter(_coming(row, told[row.id], today=today, limit=1)), None),
            _is_over(row, today),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.is_over))


def shown(contract_id: int, *, today: date) -> Shown | None:
    """A contract, or None where there is no such one. Needs the tenant's scope."""
    row = next((one for one in invoicing.contracts() if one.id == contract_id), None)
    if row is None:
        return None
    told = invoicing.contract_terms([row.id])[row.id]
    now = ContractTerm(max(today, row.start_date), max(today, row.start_date))
    return Shown(
        row=row,
        customer=_names([row]).get(row.customer_id, ""),
        terms=told,
        coming=_coming(row, told, today=today, limit=AHEAD),
        now=lines_for(told.lines, now, _steps(told), row.currency),
        is_over=_is_over(row, today),
    )


def _is_over(row: ContractRow, today: date) -> bool:
    return row.end_date is not None and row.end_date < today


def _names(rows: "tuple[ContractRow, ...] | list[ContractRow]") -> dict[int, str]:
    customers = invoicing.customers_by_id([row.customer_id for row in rows])
    names = parties.names([one.party_id for one in customers.values()])
    return {one.id: names.get(one.party_id, "") for one in customers.values()}


def _steps(told: ContractTerms) -> tuple[IndexStep, ...]:
    return tuple(IndexStep(step.from_date, step.percent) for step in told.steps)


def _coming(row: ContractRow, told: ContractTerms, *, today: date, limit: int) -> tuple[Coming, ...]:
    done = {period.start_date for period in told.periods}
    through = add_months(max(today, row.start_date), _LONGEST_MONTHS)
    open_terms = (
        term
        for term in terms(
            row.start_date,
            row.end_date,
            every_months=row.every_months,
            is_in_advance=row.is_in_advance,
            through=through,
        )
        if term.start_date not in done
    )
    found = []
    for term in islice(open_terms, limit):
        lines = lines_for(told.lines, term, _steps(told), row.currency)
        day = term.start_date if row.is_in_advance else term.end_date
        found.append(Coming(term, day, lines, calculate(lines, row.currency)))
    return tuple(found)
