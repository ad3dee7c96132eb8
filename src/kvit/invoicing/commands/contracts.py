"""Sign, index and end contracts, and draft what is due under them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import IntegrityError

from kvit.base import codec, rows
from kvit.base.command import Ctx, command
from kvit.invoicing.commands.drafting import draft_invoices, own_party
from kvit.invoicing.domain import Draft, DraftLine, References, check_lines, plain_lines
from kvit.invoicing.domain.contracts import ContractTerm, IndexStep, NewContract, check, lines_for, terms
from kvit.invoicing.queries import customers_by_id
from kvit.kernel import currencies, vat
from kvit.kernel.refusals import DomainError


class ContractRefused(DomainError):
    """A number that is taken, a customer that is not there, or a contract that cannot be changed so."""

    code: ClassVar[str] = "invoicing.contract_refused"


@dataclass(frozen=True)
class Signed:
    """The contract's id."""

    contract_id: int


@dataclass(frozen=True)
class NoticeGiven:
    """The last day of the contract."""

    end_date: date


@dataclass(frozen=True)
class Indexed:
    """By how much (percent) and from when prices change."""

    from_date: date
    percent: Decimal


@dataclass(frozen=True)
class ContractsDrafted:
    """The drafts of what was due, in the order of contracts and periods."""

    invoice_ids: tuple[int, ...]


@command
def sign_contract(ctx: Ctx, *, contract: NewContract) -> Signed:
    """Keep a contract. Refuses `BadContract`, `BadLine`, `ContractRefused`, `UnknownCurrency`."""
    check(contract)
    customer = customers_by_id([contract.customer_id]).get(contract.customer_id)
    if customer is None:
        raise ContractRefused(f"there is no customer {contract.customer_id}")
    own = own_party()
    lines = plain_lines(contract.lines)
    check_lines(lines, rates=vat.rates_on(own.country, contract.start_date), of=own.country)
    currency = contract.currency or customer.currency
    currencies.minor_units(currency)
    contract_id = rows.next_ids("invoicing_contract", 1)[0]
    try:
        rows.run(
            """
            INSERT INTO invoicing_contract (id, tenant_id, customer_id, number, currency, start_date, end_date,
                                            every_months, notice_days, is_in_advance, terms, command_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)
            """,
            [
                *(contract_id, ctx.tenant_id, contract.customer_id, contract.number.strip()[:60], currency),
                *(contract.start_date, contract.end_date, contract.every_months, contract.notice_days),
                *(contract.is_in_advance, codec.canonical(lines).decode(), ctx.command_id),
            ],
        )
    except IntegrityError as error:
        if rows.violated(error) == "invoicing_contract_number":
            raise ContractRefused(f"contract {contract.number} is there already") from error
        raise
    return Signed(contract_id)


@command
def give_notice(ctx: Ctx, *, contract_id: int, given_date: date, end_date: date) -> NoticeGiven:
    """End a contract on a day that leaves the time of notice, and that lies after all that was invoiced.

    Refuses `ContractRefused`.
    """
    ((notice_days, start_date, ends, invoiced),) = rows.select(
        """
        SELECT c.notice_days, c.start_date, c.end_date, (
            SELECT max(p.end_date) FROM invoicing_contractperiod p JOIN invoicing_invoice i ON i.id = p.invoice_id
            WHERE p.contract_id = c.id AND i.state <> 'discarded')
        FROM invoicing_contract c WHERE c.id = %s FOR NO KEY UPDATE
        """,
        [contract_id],
    ) or [(None, None, None, None)]
    if notice_days is None:
        raise ContractRefused("there is no such contract")
    earliest = max(given_date + timedelta(days=notice_days), start_date)
    if end_date < earliest or (ends is not None and end_date > ends):
        raise ContractRefused(f"notice given on {given_date} ends the contract on {earliest} at the earliest")
    if invoiced is not None and end_date < invoiced:
        raise ContractRefused(f"the contract is invoiced until {invoiced}; credit that first")
    rows.run(
        "UPDATE invoicing_contract SET end_date = %s WHERE tenant_id = %s AND id = %s",
        [end_date, ctx.tenant_id, contract_id],
    )
    return NoticeGiven(end_date)


@command
def index_contract(ctx: Ctx, *, contract_id: int, from_date: date, percent: Decimal, reason: str) -> Indexed:
    """Change the prices of a contract from a day on, by percent of those before; for periods that begin then or later.

    Refuses `ContractRefused`.
    """
    if not reason.strip() or not percent.is_finite() or not -100 < percent < 1000:
        raise ContractRefused("say why prices change, and by how many percent above -100")
    try:
        rows.run(
            """
            INSERT INTO invoicing_contractindex (tenant_id, contract_id, from_date, percent, reason, command_id)
            VALUES (%s, %s, %s, %s, %s, %s)
            """,
            [ctx.tenant_id, contract_id, from_date, percent, reason.strip()[:200], ctx.command_id],
        )
    except IntegrityError as error:
        if rows.violated(error) in ("invoicing_contractindex_one", "invoicing_contractindex_contract_id_fk"):
            raise ContractRefused("there is no such contract, or its prices change on that day already") from error
        raise
    return Indexed(from_date, percent)


@command
def draft_due_contracts(
    ctx: Ctx, *, through: date, day: date, contract_ids: tuple[int, ...] | None = None
) -> ContractsDrafted:
    """Draft every period that is to be invoiced until a day and has no document yet, each once however often this runs.

    A discarded draft gives its period free again. `day` is the day whose VAT rates the drafts keep. Refuses what
    `draft_invoices` refuses.
    """
    contracts = rows.select(
        """
        SELECT id, customer_id, number, currency, start_date, end_date, every_months, is_in_advance, terms::text
        FROM invoicing_contract WHERE start_date <= %s AND id = ANY(coalesce(%s::bigint[], ARRAY[id]))
        ORDER BY id FOR NO KEY UPDATE
        """,
        [through, list(contract_ids) if contract_ids is not None else None],
    )
    ids = [row[0] for row in contracts]
    done, steps = _done(ids), _steps(ids)
    wanted = [(row, term) for row in contracts for term in _open(row, through) if (row[0], term.start_date) not in done]
    if not wanted:
        return ContractsDrafted(())
    drafts = tuple(_draft(row, term, steps[row[0]]) for row, term in wanted)
    drafted = draft_invoices(ctx, drafts=drafts, day=day).invoice_ids
    _keep(ctx, wanted, drafted)
    return ContractsDrafted(drafted)


def _open(row: Sequence[Any], through: date) -> list[ContractTerm]:
    return list(terms(row[4], row[5], every_months=row[6], is_in_advance=row[7], through=through))


def _draft(row: Sequence[Any], term: ContractTerm, steps: Sequence[IndexStep]) -> Draft:
    lines = codec.restore(row[8], tuple[DraftLine, ...])
    return Draft(
        row[1],
        lines_for(lines, term, steps, row[3]),
        row[3],
        references=References(contract=row[2]),
        period=(term.start_date, term.end_date),
    )


def _done(contract_ids: list[int]) -> set[tuple[int, date]]:
    found = rows.select(
        """
        SELECT p.contract_id, p.start_date FROM invoicing_contractperiod p
        JOIN invoicing_invoice i ON i.id = p.invoice_id AND i.state <> 'discarded'
        WHERE p.contract_id IN (SELECT unnest(%s::bigint[]))
        """,
        [contract_ids],
    )
    return {(contract_id, start) for contract_id, start in found}


def _steps(contract_ids: list[int]) -> dict[int, list[IndexStep]]:
    found: dict[int, list[IndexStep]] = defaultdict(list)
    for contract_id, from_date, percent in rows.select(
        """
        SELECT contract_id, from_date, percent FROM invoicing_contractindex
        WHERE contract_id IN (SELECT unnest(%s::bigint[])) ORDER BY from_date
        """,
        [contract_ids],
    ):
        found[contract_id].append(IndexStep(from_date, percent))
    return found


def _keep(ctx: Ctx, wanted: Sequence[tuple[Any, ContractTerm]], drafted: Sequence[int]) -> None:
    count = len(wanted)
    rows.insert(
        "invoicing_contractperiod",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "contract_id": ("bigint", [row[0] for row, _ in wanted]),
            "start_date": ("date", [term.start_date for _, term in wanted]),
            "end_date": ("date", [term.end_date for _, term in wanted]),
            "invoice_id": ("bigint", list(drafted)),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
    )
